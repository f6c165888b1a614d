"""Values to JSON and back: how titles, releases, subscribers and ladders stand in their columns."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final
from zoneinfo import ZoneInfo

from reminder.core.dates.local_time import QuietHours, parse_time
from reminder.core.dates.parse import load_when
from reminder.core.model.entities import (
    ChannelUse,
    Digest,
    Every,
    Follow,
    FormerHours,
    FormerUse,
    HourStyle,
    Kind,
    Release,
    Role,
    Sourced,
    Subscriber,
    Title,
    TitleKind,
)
from reminder.core.model.lead import Ladder
from reminder.core.model.ledger import Ref
from reminder.core.model.source_options import DEFAULT_KINDS, SourceOptions, parse_offset, show_offset
from reminder.core.schedule.listing import ListedEntry
from reminder.core.schedule.season import dump_drop, parse_drop
from reminder.core.sourcing.answers import ReleaseKind

Json = dict[str, Any]

NO_SEASON: Final = -1
"""Stands for `no season` in columns that are part of a unique key."""


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
    return load_listing(key, json.loads(spec)).title


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
    title = listing.title
    spec = {
        "name": title.name,
        "season": title.season,
        "premiere": title.premiere.show(),
        "cancelled": title.cancelled or None,
        "kind": title.kind,
        "platform": title.platform,
        "link": title.link,
        "note": title.note,
        "episodes": title.episodes,
        "drop": dump_drop(title.drop) if title.drop else None,
        "follow": title.follow if title.follow is not Follow.EPISODES else None,
        "remind": title.remind.dump() if title.remind else None,
        "wish": dump_wish(title.wish) if title.wish else None,
        "sourced": dump_sourced(title.sourced) if title.sourced else None,
        "followers": _dump_followers(listing.followers),
    }
    return {key: value for key, value in spec.items() if value is not None}


def load_listing(key: str, spec: Json) -> ListedEntry:
    """Return the title and followers that `dump_listing` wrote."""
    title = Title(
        key=key,
        name=spec["name"],
        season=spec.get("season"),
        premiere=load_when(spec["premiere"]),
        cancelled=spec.get("cancelled", False),
        kind=TitleKind(spec["kind"]) if "kind" in spec else None,
        platform=spec.get("platform"),
        link=spec.get("link"),
        note=spec.get("note"),
        episodes=spec.get("episodes"),
        drop=parse_drop(spec["drop"]) if "drop" in spec else None,
        follow=Follow(spec.get("follow", Follow.EPISODES)),
        remind=Ladder.load(spec["remind"]) if "remind" in spec else None,
        wish=load_wish(spec["wish"]) if "wish" in spec else None,
        sourced=load_sourced(spec["sourced"]) if "sourced" in spec else None,
    )
    return ListedEntry(title=title, followers=_load_followers(spec.get("followers")))


def _dump_followers(followers: Mapping[str, Ladder | None] | None) -> Json | None:
    if followers is None:
        return None
    return {name: ladder.dump() if ladder else None for name, ladder in followers.items()}


def _load_followers(spec: Json | None) -> dict[str, Ladder | None] | None:
    if spec is None:
        return None
    return {name: Ladder.load(ladder) if ladder is not None else None for name, ladder in spec.items()}


def dump_wish(wish: SourceOptions) -> Json:
    """Return what is asked of a source about a title, as JSON."""
    spec = {
        "source": wish.source,
        "country": wish.country,
        "kinds": list(wish.kinds) if wish.kinds != DEFAULT_KINDS else None,
        "service": wish.service,
        "when": wish.when.show() if wish.when else None,
        "offset": show_offset(wish.offset) if wish.offset else None,
        "credit": wish.credit or None,
    }
    return {key: value for key, value in spec.items() if value is not None}


def load_wish(spec: Json) -> SourceOptions:
    """Return what `dump_wish` wrote."""
    return SourceOptions(
        source=spec.get("source"),
        country=spec.get("country"),
        kinds=tuple(ReleaseKind(kind) for kind in spec["kinds"]) if "kinds" in spec else DEFAULT_KINDS,
        service=spec.get("service"),
        when=load_when(spec["when"]) if "when" in spec else None,
        offset=parse_offset(spec["offset"]) if "offset" in spec else None,
        credit=spec.get("credit", False),
    )


def dump_sourced(sourced: Sourced) -> Json:
    """Return what a source says of a title, as JSON."""
    releases = [
        {"season": item.season, "first": item.first, "when": item.when.show(), **dump_release(item)}
        for item in sourced.releases
    ]
    return {"source": sourced.source, "platform": sourced.platform, "link": sourced.link, "releases": releases}


def load_sourced(spec: Json) -> Sourced:
    """Return what `dump_sourced` wrote."""
    releases = tuple(
        load_release(season_column(item["season"]), item["first"], item, item["when"]) for item in spec["releases"]
    )
    return Sourced(source=spec["source"], platform=spec["platform"], link=spec["link"], releases=releases)


def dump_release(release: Release) -> Json:
    """Return a release without its date and key, which have columns of their own."""
    return {"last": release.last, "total": release.total, "role": release.role, "label": release.label}


def load_release(season: int, first: int, spec: Json, when_text: str) -> Release:
    """Return the release of one row."""
    return Release(
        season=None if season == NO_SEASON else season,
        first=first,
        last=spec["last"],
        total=spec["total"],
        role=Role(spec["role"]),
        label=spec["label"],
        when=load_when(when_text),
    )


def dump_subscriber(person: Subscriber) -> Json:
    """Return a subscriber's settings as JSON. No channel's URL is among them: only names."""
    former = [_dump_hours(hours) for hours in person.former]
    return {
        **({"former": former} if former else {}),
        **({"former_uses": [_dump_former(use) for use in person.former_uses]} if person.former_uses else {}),
        "zone": person.zone.key,
        "at": person.at.isoformat("minutes"),
        "quiet": str(person.quiet) if person.quiet else None,
        "remind": person.remind.dump(),
        "notices": sorted(person.notices),
        "digest": {"every": person.digest.every, "weekday": person.digest.weekday} if person.digest else None,
        "burst": person.burst,
        "clock": person.hour_style,
        "muted": sorted(person.muted),
        **({"muted_names": sorted(person.muted_names)} if person.muted_names else {}),
        "channels": [dump_use(use) for use in person.channels],
    }


def load_subscriber(name: str, spec: Json) -> Subscriber:
    """Return the subscriber that `dump_subscriber` wrote."""
    digest = spec["digest"]
    return Subscriber(
        name=name,
        zone=ZoneInfo(spec["zone"]),
        at=parse_time(spec["at"]),
        quiet=QuietHours.parse(spec["quiet"]) if spec["quiet"] else None,
        remind=Ladder.load(spec["remind"]),
        notices=frozenset(Kind(word) for word in spec["notices"]),
        digest=Digest(every=Every(digest["every"]), weekday=digest["weekday"]) if digest else None,
        burst=spec["burst"],
        hour_style=HourStyle(spec["clock"]),
        muted=frozenset(spec["muted"]),
        muted_names=frozenset(spec.get("muted_names", ())),
        channels=tuple(_load_use(use) for use in spec["channels"]),
        former=tuple(_load_hours(hours) for hours in spec.get("former", ())),
        former_uses=tuple(_load_former(use) for use in spec.get("former_uses", ())),
    )


def _dump_hours(hours: FormerHours) -> Json:
    return {"at": hours.at.isoformat("minutes"), "zone": hours.zone.key, "until": hours.until_at.isoformat()}


def _load_hours(spec: Json) -> FormerHours:
    until_at = datetime.fromisoformat(spec["until"])
    return FormerHours(at=parse_time(spec["at"]), zone=ZoneInfo(spec["zone"]), until_at=until_at)


def dump_use(use: ChannelUse) -> Json:
    """Return a subscriber's use of a channel as JSON."""
    spec = {"name": use.name, "only": sorted(use.only), "since": use.since_at.isoformat() if use.since_at else None}
    more = {"address": use.address, "mark": use.mark or None}
    return {**spec, **{key: value for key, value in more.items() if value is not None}}


def _load_use(spec: Json) -> ChannelUse:
    since_at = datetime.fromisoformat(spec["since"]) if spec["since"] else None
    return ChannelUse(
        name=spec["name"],
        only=frozenset(spec["only"]),
        since_at=since_at,
        address=spec.get("address"),
        mark=spec.get("mark", ""),
    )


def _dump_former(former: FormerUse) -> Json:
    return {"use": dump_use(former.use), "until": former.until_at.isoformat()}


def _load_former(spec: Json) -> FormerUse:
    return FormerUse(use=_load_use(spec["use"]), until_at=datetime.fromisoformat(spec["until"]))


def dump_since(since: Mapping[tuple[Role, str], datetime]) -> Json:
    """Return which leads came later than their subscription, as JSON."""
    return {f"{role}:{lead}": at.isoformat() for (role, lead), at in since.items()}


def load_since(spec: Json) -> dict[tuple[Role, str], datetime]:
    """Return what `dump_since` wrote."""
    return {_since_key(key): datetime.fromisoformat(at) for key, at in spec.items()}


def _since_key(key: str) -> tuple[Role, str]:
    role, _, lead = key.partition(":")
    return Role(role), lead
