"""From what was written to what the program works with: every default filled in, every secret looked up."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import time
from functools import cached_property
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from reminder.config.draft import Draft, DraftPart
from reminder.config.parsers import SCHEME, Off, is_shared
from reminder.config.report import Report
from reminder.config.schema.people import ChannelSpec, Settings, SubscriberSpec, Use
from reminder.config.schema.spec import told
from reminder.config.schema.titles import EntrySpec
from reminder.config.schema.whole import TopSpec
from reminder.config.secrets import Expanded, Secrets
from reminder.config.sourcing import country_of, source_options_of, with_defaults
from reminder.config.values import Delivery, Entry, Log
from reminder.config.yaml.nodes import show
from reminder.core.dates.local_time import QuietHours
from reminder.core.model.channels import Channels
from reminder.core.model.digest import Digest
from reminder.core.model.entities import (
    ENGLISH,
    NOTICES,
    Channel,
    ChannelUse,
    HourStyle,
    Subscriber,
    Title,
    title_key,
)
from reminder.core.model.lead import DEFAULT_LADDER, Ladder
from reminder.core.model.names import Index
from reminder.core.model.secret import Secret
from reminder.core.model.source_options import DEFAULT_KINDS
from reminder.texts.languages.known import KNOWN
from reminder.texts.templates.engine import Templates

T = TypeVar("T")

SHOWN_HOSTS: Final = frozenset({"ntfy", "ntfys"})
"""Services that people name a server to: their program asks for it."""


@dataclass(frozen=True, kw_only=True)
class Defaults:
    """The value of each setting that the config leaves out: from the system and its locale."""

    zone: ZoneInfo
    hour_style: HourStyle


def title_of(spec: EntrySpec) -> Title:
    """Return the title that an entry describes."""
    return Title(
        key=spec.id or title_key(spec.title, spec.season),
        name=spec.title,
        source_options=source_options_of(spec),
        **told(spec, Title),
    )


def entries(made: Draft, report: Report, zone: ZoneInfo) -> tuple[Entry, ...]:
    """Return the listed titles; everyone follows one that does not say who."""
    everyone: dict[str, Ladder | None] = dict.fromkeys(made.people())
    here = country(made, zone)
    return tuple(_entry(part, everyone, made.top.spec, here, report) for part in made.watch)


def country(made: Draft, zone: ZoneInfo) -> str | None:
    """Return whose dates count for films, as two letters: what the config says, else the country of its zone."""
    return made.top.spec.country or country_of(zone)


def _entry(
    part: DraftPart[EntrySpec], everyone: Mapping[str, Ladder | None], top: TopSpec, country: str | None, report: Report
) -> Entry:
    followers = everyone if part.spec.for_ is None else part.spec.for_
    line, column = report.place(part.loc)
    title = with_defaults(
        title_of(part.spec),
        country=country,
        kinds=top.kinds or DEFAULT_KINDS,
        credit=bool(top.credit),
        own_kinds=part.spec.kinds is not None,
    )
    return Entry(title=title, followers=followers, line=line, column=column, path=show(part.loc))


def channels(made: Draft, secrets: Secrets, report: Report) -> Channels:
    """Return the channels by name; one whose secret is missing has no URL, and a warning says so."""
    return Channels({name: _channel(name, part, secrets, report) for name, part in made.channels.items()})


def _channel(name: str, part: DraftPart[ChannelSpec], secrets: Secrets, report: Report) -> Channel:
    found = _whole_url(secrets.expand(part.spec.url))
    bare = Channel(
        name=name,
        url=None,
        only=frozenset(part.spec.only or ()),
        is_shared=is_shared(part.spec.url),
        sign_in=part.spec.sign_in,
        join=bool(part.spec.join),
        bot=bool(part.spec.bot),
    )
    if found.text is None:
        report.warning((*part.loc, "url"), f"{found.problem}; until then its messages wait")
        return replace(bare, problem=found.problem)
    scheme, _, rest = found.text.reveal().partition("://")
    return replace(
        bare,
        url=found.text,
        fingerprint=fingerprint(found.text),
        unquoted=found.unquoted,
        scheme=scheme.lower(),
        host=_host(rest) if scheme.lower() in SHOWN_HOSTS else "",
    )


def _host(rest: str) -> str:
    """Return host and port of what stands behind a URL's scheme."""
    return rest.partition("/")[0].partition("?")[0].rpartition("@")[2].lower()


def _whole_url(found: Expanded) -> Expanded:
    if found.text is None or SCHEME.match(found.text.reveal()):
        return found
    return Expanded(text=None, problem=f"{found.names[0]} is not a channel's URL: it has no scheme://")


def fingerprint(url: Secret) -> str:
    """Return 16 hex digits that tell one URL from another, and tell nobody the URL."""
    return hashlib.sha256(url.reveal().encode()).hexdigest()[:16]


def subscribers(made: Draft, ready: Mapping[str, Channel], defaults: Defaults) -> tuple[Subscriber, ...]:
    """Return the subscribers in the order of the file, each with what the top says where they do not."""
    listed = listed_titles(made)
    return tuple(
        _subscriber(name, spec, made.top.spec, ready, defaults, listed) for name, spec in made.people().items()
    )


def anyone(made: Draft, defaults: Defaults) -> Subscriber:
    """Return a subscriber who says nothing: what the top says, and no channel."""
    nobody = SubscriberSpec(channels=())
    return _subscriber("", nobody, made.top.spec, {}, defaults, listed_titles(made))


def uses_of(spec: SubscriberSpec, channels: Mapping[str, bool]) -> tuple[Use, ...]:
    """Return the channels that someone uses: those named, else all that are not shared (`channels` tells which are)."""
    if spec.channels is not None:
        return tuple({use.name: use for use in spec.channels}.values())
    return tuple(Use(name=name) for name, shared in channels.items() if not shared)


def _subscriber(
    name: str,
    spec: SubscriberSpec,
    top: TopSpec,
    ready: Mapping[str, Channel],
    defaults: Defaults,
    listed: ListedNames,
) -> Subscriber:
    silent = {title: listed.find(title) for title in muted_titles(spec, top)}
    unlisted = frozenset(title for title, keys in silent.items() if not keys)
    uses = uses_of(spec, {channel.name: channel.is_shared for channel in ready.values()})
    return Subscriber(
        name=name,
        zone=spec.timezone or top.timezone or defaults.zone,
        at=at_of(spec, top),
        quiet=quiet_of(spec, top),
        remind=_over(spec.remind, _over(top.remind, DEFAULT_LADDER)),
        notices=frozenset(_first(spec.notices, top.notices, NOTICES)),
        digest=digest_of(spec, top),
        burst=_first(spec.burst, top.burst, Subscriber.burst),
        language=language_of(spec, top),
        hour_style=spec.clock or top.clock or hours_of(language_of(spec, top), defaults.hour_style),
        muted=frozenset[str]().union(*silent.values(), (title_key(title, None) for title in unlisted)),
        muted_names=unlisted,
        channels=tuple(_use_of(ready[use.name], use.address) for use in uses),
        was=spec.was,
    )


def _use_of(channel: Channel, address: str | None) -> ChannelUse:
    return ChannelUse(name=channel.name, only=channel.only, address=address, mark=channel.fingerprint)


def language_of(spec: Settings, top: Settings) -> str:
    """Return the code of the language, the nearest that is said."""
    return spec.language or top.language or ENGLISH


def hours_of(language: str, by_locale: HourStyle) -> HourStyle:
    """Return how a language writes hours; English writes them as the country of the locale does."""
    known = KNOWN.get(language)
    return by_locale if known is None or language == ENGLISH else known.hour_style


def at_of(spec: Settings, top: Settings) -> time:
    """Return the sending hour, the nearest that is said."""
    return _first(spec.at, top.at, Subscriber.at)


def quiet_of(spec: Settings, top: Settings) -> QuietHours | None:
    """Return the quiet hours, the nearest that are said."""
    said = spec.quiet_hours or top.quiet_hours
    return None if isinstance(said, Off) else said


def digest_of(spec: Settings, top: Settings) -> Digest | None:
    """Return how messages are collected, the nearest that is said."""
    said = spec.digest or top.digest
    return None if isinstance(said, Off) else said


def muted_titles(spec: Settings, top: Settings) -> tuple[str, ...]:
    """Return the titles as written that someone is silent about: the person's own, and everyone's."""
    return (*(top.mute or ()), *(spec.mute or ()))


@dataclass(frozen=True, kw_only=True)
class ListedNames:
    """The keys of the listed titles by the names they go by: their text (every season), or their `id`."""

    words: Mapping[str, frozenset[str]]

    def find(self, written: str) -> frozenset[str]:
        """Return the keys of the titles of this name; none where no title listed here has it."""
        found = self.words.get(title_key(written, None)) or self.words.get(written)
        return found or frozenset(key for keys in self._spelt.find(written) for key in keys)

    @cached_property
    def _spelt(self) -> Index[frozenset[str]]:
        return Index.of(self.words.items())


def listed_titles(made: Draft) -> ListedNames:
    """Return the titles that the config lists, by name."""
    found: dict[str, set[str]] = {}
    for part in made.watch:
        title = title_of(part.spec)
        for word in {title_key(title.name, None), title_key(title.name, title.season), title.key}:
            found.setdefault(word, set()).add(title.key)
    return ListedNames(words={word: frozenset(keys) for word, keys in found.items()})


def templates(made: Draft) -> Templates:
    """Return the words that the config has for kinds of messages."""
    return Templates({kind: (spec.subject, spec.body) for kind, spec in (made.top.spec.templates or {}).items()})


def delivery(made: Draft) -> Delivery:
    """Return how messages are sent."""
    spec = made.top.spec.delivery
    return Delivery() if spec is None else Delivery(**spec.model_dump(exclude_none=True))


def log(made: Draft) -> Log:
    """Return what is logged, and how."""
    spec = made.top.spec.log
    said = {} if spec is None else spec.model_dump(exclude_none=True)
    return Log(**said, is_level_written="level" in said)


def _over(near: Ladder | None, wider: Ladder) -> Ladder:
    return wider if near is None else near.over(wider)


def _first(near: T | None, wider: T | None, default: T) -> T:
    return near if near is not None else wider if wider is not None else default
