"""The stored form of titles, releases, subscribers and ladders: what stands in their JSON columns."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from reminder.core.dates.parse import load_when
from reminder.core.model.digest import Digest
from reminder.core.model.entities import ChannelUse, FormerHours, FormerUse, Release, Role, Sourced, Subscriber, Title
from reminder.core.model.lead import Ladder
from reminder.core.model.ledger import Ref
from reminder.core.model.own import Own
from reminder.core.model.source_options import SourceOptions
from reminder.core.schedule.listing import ListedEntry, ReadDate
from reminder.store.sql.records import Json, Record

NO_SEASON: Final = -1
"""Stands for `no season` in columns that are part of a unique key."""

SOURCE_OPTIONS: Final = Record(SourceOptions)
SOURCED: Final = Record(
    Sourced,
    always=("platform", "link"),
    parts=[Record(Release, always=("season", "first", "when", "last", "total", "role", "label"))],
)
TITLE: Final = Record(
    Title,
    always=("premiere",),
    without=("key", "was"),
    renamed={"source_options": "wish"},  # what it was called when the first rows were written
    parts=[SOURCE_OPTIONS, SOURCED],
)
_FOLLOWERS: Final = Record(ListedEntry, without=("title",), parts=[Record(ReadDate)])
#: a release in a row of its own, where its key and its date have columns
_RELEASE: Final = Record(Release, always=("last", "total", "role", "label"), without=("season", "first", "when"))
_USE: Final = Record(ChannelUse, always=("only", "since_at"))
_FORMER: Final = (Record(FormerHours), Record(FormerUse, parts=[_USE]))
PERSON: Final = Record(
    Subscriber,
    always=("at", "quiet", "remind", "notices", "digest", "burst", "hour_style", "muted", "channels"),
    without=("name", "paused_until", "was", "is_owner"),
    renamed={"hour_style": "clock"},
    parts=[Record(Digest, always=("weekday",)), _USE, *_FORMER],
)
_CHOSEN: Final = Record(
    Subscriber,
    without=("paused_until", "was", "is_owner"),
    renamed={"hour_style": "clock"},
    parts=[Record(Digest, always=("weekday",)), _USE, *_FORMER],
)
OWN: Final = Record(Own, parts=[_USE, *_FORMER, _CHOSEN])


def season_column(season: int | None) -> int:
    """Return how a season stands in its column."""
    return NO_SEASON if season is None else season


def ref_of(season: int, first: int) -> Ref:
    """Return the release that two columns name."""
    return (None if season == NO_SEASON else season, first)


# What the sweep reads again and again it reads as text, and keeps what it found there: to parse a row costs more than
# to read it, and very many rows say the same. Nobody changes what comes back.


@lru_cache(maxsize=2048)
def read_title(key: str, spec: str) -> Title:
    """Return the title of a row whose JSON was read as text."""
    return TITLE.load(json.loads(spec), key=key)


@lru_cache(maxsize=4096)
def read_release(season: int, first: int, spec: str, when_text: str) -> Release:
    """Return the release of a row whose JSON was read as text."""
    return load_release(season, first, json.loads(spec), when_text)


@lru_cache(maxsize=1024)
def read_ladder(text: str) -> Ladder:
    """Return the ladder of a column that was read as text."""
    return Ladder.load(json.loads(text))


@lru_cache(maxsize=1024)
def read_since(text: str) -> Mapping[tuple[Role, str], datetime]:
    """Return what `load_since` does, of a column that was read as text."""
    return MappingProxyType(load_since(json.loads(text)))


def dump_listing(listing: ListedEntry) -> Json:
    """Return a title and its followers as JSON, without what stands at its default."""
    return TITLE.dump(listing.title) | _FOLLOWERS.dump(listing)


def load_listing(key: str, spec: Json) -> ListedEntry:
    """Return the title and followers that `dump_listing` wrote."""
    return _FOLLOWERS.load(spec, title=TITLE.load(spec, key=key))


dump_source_options = SOURCE_OPTIONS.dump
load_sourced = SOURCED.load
dump_release = _RELEASE.dump
dump_subscriber, dump_use = PERSON.dump, _USE.dump


def load_release(season: int, first: int, spec: Json, when_text: str) -> Release:
    """Return the release of one row."""
    own_season, number = ref_of(season, first)
    return _RELEASE.load(spec, season=own_season, first=number, when=load_when(when_text))


def load_subscriber(name: str, spec: Json) -> Subscriber:
    """Return the subscriber that `dump_subscriber` wrote. No channel's URL is in there: only names."""
    return PERSON.load(spec, name=name)


dump_own, load_own = OWN.dump, OWN.load


@lru_cache(maxsize=4096)  # who is decided about is soon sent to, and read again for it
def read_person(name: str, profile: str, own: str | None) -> Subscriber:
    """Return somebody as they are, given what is listed of them and what they have chosen, both read as text."""
    person = load_subscriber(name, json.loads(profile))
    return person if own is None else load_own(json.loads(own)).over(person)


def dump_since(since: Mapping[tuple[Role, str], datetime]) -> Json:
    """Return which leads came later than their subscription, as JSON."""
    return {f"{role}:{lead}": at.isoformat() for (role, lead), at in since.items()}


def load_since(spec: Json) -> dict[tuple[Role, str], datetime]:
    """Return what `dump_since` wrote."""
    keys = ((key.partition(":"), datetime.fromisoformat(at)) for key, at in spec.items())
    return {(Role(role), lead): at for (role, _, lead), at in keys}
