"""The config as the program works with it: frozen, whole, with everything looked up."""

from __future__ import annotations

import enum
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from zoneinfo import ZoneInfo

from reminder.core.errors import Problem
from reminder.core.model.channels import Channels
from reminder.core.model.entities import Channel, HourStyle, Subscriber, Title
from reminder.core.model.lead import Ladder
from reminder.core.model.secret import Secret
from reminder.core.model.source_options import DEFAULT_KINDS
from reminder.core.sourcing.answers import ReleaseKind
from reminder.texts.templates.engine import Templates


class LogLevel(enum.StrEnum):
    """The least grave event that gets a line in the log."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogFormat(enum.StrEnum):
    """The form of a line of the log."""

    PLAIN = "plain"
    JSON = "json"


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """The limits of sending: how many messages at once, how long a service may take, how often it is sent to.

    `rates` are the user's own, by service, in messages a second; 0 for no limit.
    """

    concurrency: int = 16
    timeout: timedelta = timedelta(seconds=30)
    rates: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Log:
    """The level and form of the log; `is_level_written` tells whether the config names the level."""

    level: LogLevel = LogLevel.INFO
    is_level_written: bool = field(default=False, compare=False)
    format: LogFormat = LogFormat.PLAIN


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A listed title, who follows it with which leads of their own (None: none), and where it stands (1-based)."""

    title: Title
    followers: Mapping[str, Ladder | None]
    line: int
    column: int
    path: str


class Premieres(enum.StrEnum):
    """The part of a calendar that is followed."""

    EVERYTHING = "everything"
    PREMIERES = "premieres"


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """A calendar of which everything is followed. `url` is None when a secret is missing; `problem` says which."""

    name: str
    url: Secret | None
    only: Premieres = Premieres.EVERYTHING
    problem: str | None = None


@dataclass(frozen=True, kw_only=True)
class Sources:
    """The sources of dates that may be asked. Without a key TMDB is not; `problem` says what is missing."""

    tvmaze: bool = True
    tvmaze_url: str | None = None
    tmdb_key: Secret | None = None
    tmdb_url: str | None = None
    problem: str | None = None
    calendars: tuple[Calendar, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Return what they are called where people see them; one whose secret is missing is among them."""
        named = {"tvmaze": self.tvmaze, "tmdb": self.tmdb_key is not None or self.problem is not None}
        return (
            *(name for name, is_there in named.items() if is_there),
            *(f"calendar {each.name}" for each in self.calendars),
        )


@dataclass(frozen=True, kw_only=True)
class ReadingSettings:
    """A second reader of announcements. `url` is None when it cannot be asked; `problem` says why."""

    url: Secret | None
    model: str
    key: Secret | None = None
    problem: str | None = None


class ServingProcess(enum.StrEnum):
    """The process that serves the page: the daemon's, or only one of its own."""

    DAEMON = "daemon"
    OWN = "own"


@dataclass(frozen=True, kw_only=True)
class ProxyHeader:
    """A reverse proxy that says who is there: where it comes from, in which header, and what shows that it is it."""

    peers: tuple[IPv4Network | IPv6Network, ...]
    header: str = "Remote-User"
    secret: Secret | None = None


@dataclass(frozen=True, kw_only=True)
class Web:
    """The page: where it listens (host and port), where people reach it, and what serves it.

    Without an `address` only this machine reaches it, and messages lead nowhere. `contact` is how push services reach
    whoever runs it, `push_hosts` are such services besides those that are known.
    """

    listen: tuple[str, int] = ("127.0.0.1", 8484)
    address: str | None = None
    process: ServingProcess = ServingProcess.DAEMON
    proxy: ProxyHeader | None = None
    posters: bool = False
    contact: str | None = None
    push_hosts: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class LookSettings(ABC):
    """The settings that a look needs.

    `zone_is_written` tells whether the zone stands in the config, or is the system's.
    `file` is its name as it was given, `path` the absolute one.
    """

    file: str
    path: Path
    name: str
    zone: ZoneInfo
    zone_is_written: bool = True
    grace: timedelta = timedelta(days=2)
    templates: Templates = field(default_factory=Templates)

    @property
    @abstractmethod
    def zones(self) -> Mapping[str, ZoneInfo]:
        """Return the zones of the subscribers whom the config lists, by name."""

    @property
    @abstractmethod
    def channel_names(self) -> tuple[str, ...]:
        """Return the names of the channels, as they follow each other in the config."""

    @property
    @abstractmethod
    def source_names(self) -> tuple[str, ...]:
        """Return the names of the sources that are asked, as `health` shows them."""

    @property
    @abstractmethod
    def title_lines(self) -> Mapping[str, int]:
        """Return on which line each title stands, by key."""

    def place_of(self, key: str) -> str | None:
        """Return where a title is listed, `config.yaml:12`; None when it is not."""
        line = self.title_lines.get(key)
        return None if line is None else f"{self.file}:{line}"


@dataclass(frozen=True, kw_only=True)
class ChannelsAlone:
    """The channels of a config that has errors; `problems` are what else is missing in it, such as a secret."""

    file: str
    channels: Mapping[str, Channel] = field(default_factory=dict)
    lines: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    allow_schemas: frozenset[str] = frozenset()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Config(LookSettings):
    """Everything the config says.

    `database` is None when the config does not name one,
    or when a secret in it is missing: `database_problem` then says which.
    `lines` tells where a channel, a subscriber, a rate or `allow_schemas` stands: `channels.phone` → (line, column),
    both from 1. `written_out` names what stands in the file without a variable and may hold a secret: its readers can
    see it.
    `warnings` are about what is valid but will never send. `anyone` is a subscriber who says nothing for themselves:
    what people who are imported take where their row is empty. `heartbeat` is a weekday, Monday being 0; `metrics` a
    host and a port; a `keep` of nothing means for ever. `is_clock_written` tells that the top says how hours are
    written; where it does not, English writes them as `hours_by_locale` says. `digest` is that of the file it was read
    from.
    """

    subscribers: tuple[Subscriber, ...]
    operator: str
    channels: Channels
    watch: tuple[Entry, ...]
    anyone: Subscriber
    is_clock_written: bool = False
    hours_by_locale: HourStyle = HourStyle.H12
    keep: timedelta = timedelta(days=400)
    heartbeat: int | None = None
    metrics: tuple[str, int] | None = None
    web: Web | None = None
    delivery: Delivery = Delivery()
    log: Log = Log()
    database: Secret | None = None
    database_problem: str | None = None
    written_out: frozenset[str] = frozenset()
    allow_schemas: frozenset[str] = frozenset()
    sources: Sources = Sources()
    country: str | None = None
    kinds: tuple[ReleaseKind, ...] = DEFAULT_KINDS
    credit: bool = False
    reading: ReadingSettings | None = None
    lines: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    warnings: tuple[Problem, ...] = ()
    digest: str | None = field(default=None, compare=False)

    @property
    def zones(self) -> Mapping[str, ZoneInfo]:
        """Return the zones of the subscribers, by name."""
        return {person.name: person.zone for person in self.subscribers}

    @property
    def channel_names(self) -> tuple[str, ...]:
        """Return the names of the channels, as they follow each other in the config."""
        return tuple(self.channels)

    @property
    def source_names(self) -> tuple[str, ...]:
        """Return the names of the sources that are asked, as `health` shows them."""
        return tuple(self.sources.names)

    @cached_property
    def title_lines(self) -> Mapping[str, int]:
        """Return on which line each title stands, by key."""
        return {entry.title.key: entry.line for entry in self.watch}
