"""The values that everything else speaks in. All frozen; every `*_at` is an aware UTC instant."""

from __future__ import annotations

import enum
import hashlib
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from reminder.core.dates.local_time import QuietHours
from reminder.core.dates.when import UNKNOWN, When
from reminder.core.model.digest import Digest
from reminder.core.model.drop import Drop
from reminder.core.model.lead import Ladder
from reminder.core.model.names import as_written, name_of
from reminder.core.model.secret import Secret, Unquoted
from reminder.core.model.source_options import NO_SOURCE, SourceOptions


class Kind(enum.StrEnum):
    """The kind of a message. The words of `only:` are these and the roles below."""

    REMINDER = "reminder"
    WINDOW = "window"
    ANNOUNCED = "announced"
    MOVED = "moved"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    DIGEST = "digest"
    MISSED = "missed"
    TROUBLE = "trouble"
    TEST = "test"
    CODE = "code"


ASKED_FOR: Final = frozenset({Kind.TEST, Kind.CODE})
"""What goes by itself and before all else: somebody sits and waits for it."""

NOTICES = frozenset({Kind.ANNOUNCED, Kind.MOVED, Kind.WITHDRAWN, Kind.CANCELLED})


class Role(enum.StrEnum):
    """The place of a release in its season; it decides which ladder counts."""

    PREMIERE = "premiere"
    EPISODE = "episode"
    FINALE = "finale"


class Follow(enum.StrEnum):
    """The releases of a season that someone wants to hear of."""

    EPISODES = "episodes"
    PREMIERE = "premiere"
    FINALE = "finale"


class TitleKind(enum.StrEnum):
    """The sort of work that a title is; it only changes the words."""

    SERIES = "series"
    FILM = "film"
    SPECIAL = "special"
    GAME = "game"
    OTHER = "other"


ENGLISH: Final = "en"
"""The language of who has chosen none."""


class HourStyle(enum.StrEnum):
    """The way in which a reader likes a time of day written: 7:00 PM or 19:00."""

    H12 = "12h"
    H24 = "24h"


@dataclass(frozen=True, kw_only=True)
class Release:
    """One dated coming-out of a title: known in the ledger by season and first episode, never by its label.

    `first` is 1 for a premiere; `last` is None when the number of episodes is not known (or it has none).
    `total` is how many episodes the whole season has, None when unknown. An episode without a number has its day in
    the place of one, `20261210` for December 10, 2026.
    """

    season: int | None = None
    first: int = 1
    when: When = UNKNOWN
    last: int | None = None
    total: int | None = None
    role: Role = Role.PREMIERE
    label: str = "premiere"

    @property
    def ref(self) -> tuple[int | None, int]:
        """Return the part of the key that tells this release from the others of its title."""
        return (self.season, self.first)

    @property
    def day(self) -> date | None:
        """The day by which an episode without a number is known, None for one that has a number."""
        return self.day_of(self.first)

    @staticmethod
    def number_of(day: date) -> int:
        """Return what stands in the place of a number for an episode that is known by its day."""
        return (day.year * 100 + day.month) * 100 + day.day

    @staticmethod
    def day_of(number: int) -> date | None:
        """Return the day that stands in the place of a number, None for a number of an episode."""
        if number < 1000_01_01:
            return None
        return date(number // 10_000, number // 100 % 100, number % 100)


@dataclass(frozen=True, kw_only=True)
class Sourced:
    """The releases that a source states of a title, and the name of that source."""

    source: str
    platform: str | None = None
    link: str | None = None
    releases: tuple[Release, ...]


@dataclass(frozen=True, kw_only=True)
class Title:
    """The work someone follows, as the config or a command describes it.

    `key` is what it is known by: its `id`, else `title_key(name, season)`. `source_options` is set when a source is
    to be asked for its dates, `sourced` once one has answered. `was` is what it was called before, if somebody says so.
    """

    key: str
    name: str
    season: int | None = None
    kind: TitleKind | None = None
    premiere: When = UNKNOWN
    cancelled: bool = False
    platform: str | None = None
    episodes: int | None = None
    drop: Drop | None = None
    follow: Follow = Follow.EPISODES
    remind: Ladder | None = None
    link: str | None = None
    note: str | None = None
    source_options: SourceOptions | None = None
    sourced: Sourced | None = None
    was: str | None = field(default=None, compare=False)

    @property
    def is_followed(self) -> bool:
        """Whether a source is asked for its dates."""
        return self.source_options is not None and self.source_options.source != NO_SOURCE

    @property
    def where(self) -> str | None:
        """Return where it comes out: as someone wrote it, else as the source says."""
        return self.platform or (self.sourced.platform if self.sourced else None)

    @property
    def page(self) -> str | None:
        """The web address for the message, as someone wrote it, else the source's own page."""
        return self.link or (self.sourced.link if self.sourced else None)


def title_key(name: str, season: int | None) -> str:
    """Return the key of a title without an `id`: its text in NFC, case-folded, spaces joined, and its season."""
    text = as_written(name)
    return text if season is None else f"{text} #{season}"


ADDRESS: Final = "{address}"
"""What stands in a shared channel's URL for the address that each of its subscribers has there."""


@dataclass(frozen=True, kw_only=True)
class Channel:
    """A configured address. `url` is None when a secret is missing; `problem` then says which.

    `fingerprint` tells one URL from another without telling the URL. `only` names the roles and kinds that may
    come over it; empty means all of them. The URL of one that `is_shared` holds `{address}`, and is filled for each
    subscriber. `unquoted` are its secrets that may be taken for more than a word. `sign_in` tells whether codes to sign
    in may come over it, None where the config leaves that open; `join` whether people may add an address of their own,
    and `bot` whether what they write to it on Telegram is read and answered.
    `scheme` is the first word of its URL, by which its service is known. `host` is a public server that people name to
    themselves in their program, empty where they need not.
    """

    name: str
    url: Secret | None
    only: frozenset[str] = frozenset()
    fingerprint: str = ""
    problem: str | None = None
    is_shared: bool = False
    unquoted: tuple[Unquoted, ...] = ()
    sign_in: bool | None = None
    join: bool = False
    bot: bool = False
    scheme: str = ""
    host: str = ""

    def to(self, address: str | None) -> Channel:
        """Return the channel as it leads to one subscriber's address; a channel that is not shared is its own."""
        if not self.is_shared or address is None:
            return self
        url = Secret(self.url.reveal().replace(ADDRESS, quote(address, safe=""))) if self.url else None
        mark = hashlib.sha256(f"{self.fingerprint} {address}".encode()).hexdigest()[:16]
        return replace(self, url=url, fingerprint=mark)


@dataclass(frozen=True, kw_only=True)
class ChannelUse:
    """A subscriber's use of a channel, and since when (None: for as long as the subscriber is known).

    `address` is theirs on a channel that is shared. `mark` is the fingerprint of the channel's URL, empty when that is
    not known: two uses with one mark and one address lead to the same place.
    """

    name: str
    only: frozenset[str] = frozenset()
    since_at: datetime | None = None
    address: str | None = None
    mark: str = ""

    @property
    def place(self) -> tuple[str, str | None] | None:
        """Return what tells where it leads, None when that is not known."""
        return (self.mark, self.address) if self.mark else None

    def takes(self, kind: Kind, role: Role | None) -> bool:
        """Tell whether `only:` lets a message of this kind, about a release of this role, come over the channel."""
        if not self.only:
            return True
        word = role if kind is Kind.REMINDER else kind
        return word is not None and str(word) in self.only


@dataclass(frozen=True, kw_only=True)
class FormerUse:
    """A channel that a subscriber used, and until when: what was owed over it goes to those used now."""

    use: ChannelUse
    until_at: datetime

    def was_there(self, at: datetime) -> bool:
        """Tell whether it was in use at an instant."""
        return (self.use.since_at is None or self.use.since_at <= at) and at <= self.until_at


@dataclass(frozen=True, kw_only=True)
class FormerHours:
    """The sending hour and the zone that a subscriber had, and until when."""

    at: time
    zone: ZoneInfo
    until_at: datetime


@dataclass(frozen=True, kw_only=True)
class Subscriber:
    """A person who is told, with their hours, zone, channels and leads.

    `paused_until` is when a pause of theirs ends, or ended. `muted` are keys of titles; `muted_names` are names that no
    listed title has, and mute what is added under them. `former` are the hours that were theirs before, oldest first:
    what was owed then is owed still. `former_uses` are the channels that they used before. `was` is the name that they
    had before, where somebody says so. `language` is the one of their words (SPEC 13). `is_owner` is set for whom an
    owner has made one, too; the config's operator always is.
    """

    name: str
    zone: ZoneInfo
    at: time = time(9)
    quiet: QuietHours | None = None
    remind: Ladder = field(default_factory=Ladder)
    notices: frozenset[Kind] = NOTICES
    digest: Digest | None = None
    burst: int = 8
    hour_style: HourStyle = HourStyle.H12
    muted: frozenset[str] = frozenset()
    muted_names: frozenset[str] = frozenset()
    paused_until: datetime | None = None
    channels: tuple[ChannelUse, ...] = ()
    former: tuple[FormerHours, ...] = ()
    former_uses: tuple[FormerUse, ...] = ()
    language: str = ENGLISH
    is_owner: bool = False
    was: str | None = field(default=None, compare=False)

    def address_on(self, channel: str) -> str | None:
        """Return this person's address on a shared channel, None where there is none."""
        return next((use.address for use in self.channels if use.name == channel), None)

    def mutes(self, title: Title) -> bool:
        """Tell whether this person's settings are silent about a title."""
        if title.key in self.muted or not self.muted_names:
            return title.key in self.muted
        name = name_of(title.name)
        return any(name.means(name_of(muted)) for muted in self.muted_names)

    def local(self, at: datetime) -> datetime:
        """Return the instant `at` as this person's clock shows it."""
        return at.astimezone(self.zone)

    def today(self, now: datetime) -> date:
        """Return this person's date at the instant `now`."""
        return self.local(now).date()
