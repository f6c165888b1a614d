"""The config as the program works with it: frozen, whole, with everything looked up."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from reminder.core.lead import Ladder
from reminder.core.model import Channel, Kind, Subscriber, Title
from reminder.core.secret import Secret
from reminder.core.source import ReleaseKind
from reminder.core.wish import DEFAULT_KINDS
from reminder.errors import Problem


class LogLevel(enum.StrEnum):
    """What is worth a line in the log."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogFormat(enum.StrEnum):
    """How a line of the log is written."""

    PLAIN = "plain"
    JSON = "json"


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """How many messages may be on their way at once, how long a service may take to answer, and how often it is sent to.

    `rates` are the user's own, by service, in messages a second; 0 for no limit.
    """

    concurrency: int = 16
    timeout: timedelta = timedelta(seconds=30)
    rates: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Log:
    """What the log says, and how."""

    level: LogLevel = LogLevel.INFO
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
    """How much of a calendar is followed."""

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
    """Which sources of dates may be asked, and how. Without a key TMDB is not asked; `problem` says what is missing."""

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
class Config:
    """Everything the config says.

    `file` is its name as it was given, `path` the absolute one. `database` is None when the config does not name one,
    or when a secret in it is missing: `database_problem` then says which. `templates` holds (subject, body) by kind.
    `lines` tells where a channel, a subscriber, a rate or `allow_schemas` stands: `channels.phone` → (line, column),
    both from 1.
    `warnings` are about what is valid but will never send. `anyone` is a subscriber who says nothing for themselves:
    what people who are imported take where their row is empty. `heartbeat` is a weekday, Monday being 0; `metrics` a
    host and a port; a `keep` of nothing means for ever.
    """

    file: str
    path: Path
    name: str
    zone: ZoneInfo
    subscribers: tuple[Subscriber, ...]
    operator: str
    channels: Mapping[str, Channel]
    watch: tuple[Entry, ...]
    anyone: Subscriber
    grace: timedelta = timedelta(days=2)
    keep: timedelta = timedelta(days=400)
    heartbeat: int | None = None
    metrics: tuple[str, int] | None = None
    delivery: Delivery = Delivery()
    log: Log = Log()
    database: Secret | None = None
    database_problem: str | None = None
    templates: Mapping[Kind, tuple[str | None, str | None]] = field(default_factory=dict)
    allow_schemas: frozenset[str] = frozenset()
    sources: Sources = Sources()
    country: str | None = None
    kinds: tuple[ReleaseKind, ...] = DEFAULT_KINDS
    credit: bool = False
    lines: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    warnings: tuple[Problem, ...] = ()
