"""Defines what a source of dates answers: matches, stated releases, and the ways in which it can fail."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import ClassVar

from reminder.core.dates.when import UNKNOWN, When
from reminder.core.model.source_options import ReleaseKind as ReleaseKind


class WorkStatus(enum.StrEnum):
    """The state of a work as a source says it."""

    PLANNED = "in development"
    RUNNING = "running"
    ENDED = "ended"
    CANCELLED = "cancelled"
    RELEASED = "released"
    UNSURE = "not said"


class WorkForm(enum.StrEnum):
    """The sort of work that a source holds an entry for."""

    SERIES = "series"
    FILM = "film"


@dataclass(frozen=True, kw_only=True)
class Stated:
    """One release as a source states it.

    `raw` is its own wording, `when` what may be believed of it, `rule` the rule that decided (core/fillers.py).
    `on` is the day by which the source files it, which for an after-midnight slot is the evening before.
    `number` is the episode, None for a film or a season as a whole; `count` how many episodes the whole season has.
    `by_day` says that the day stands in the place of a number. `id` is the source's own for this episode or event, by
    which it is known again under another number. `note` is what else a reader of the date should know. `until` is the
    day up to which the answer has all days of the event that this is one of; None where that is not known.
    """

    raw: str = ""
    when: When = UNKNOWN
    rule: str = ""
    kind: ReleaseKind = ReleaseKind.EPISODE
    season: int | None = None
    number: int | None = None
    count: int | None = None
    on: date | None = None
    country: str | None = None
    service: str | None = None
    limited: bool = False
    special: bool = False
    finale: bool = False
    provisional: bool = False
    name: str | None = None
    id: str | None = None
    by_day: bool = False
    note: str | None = None
    until: date | None = None


def day_of(item: Stated) -> date:
    """Return the last day that a date may mean: what is exactly known comes before what is not."""
    span = item.when.span()
    if span:
        return span[1]
    return item.on or item.when.own_day() or date.max


@dataclass(frozen=True, kw_only=True)
class SourceTitle:
    """A work with everything that one source says about its dates; `ids` are its names in other catalogues.

    `also` is a second service that has it, whose hours the source does not know. `is_whole` tells that it lists every
    episode of its seasons, but for those of the seasons in `unread`: what is missing there is missing. `skipped` counts
    what could not be read in it. `image` is the address of its picture.
    """

    source: str
    ref: str
    name: str
    form: WorkForm
    year: int | None = None
    country: str | None = None
    service: str | None = None
    also: str | None = None
    standing: WorkStatus = WorkStatus.UNSURE
    link: str | None = None
    ids: Mapping[str, str] = field(default_factory=dict)
    releases: tuple[Stated, ...] = ()
    updated: str | None = None
    is_whole: bool = False
    unread: frozenset[int] = frozenset()
    skipped: int = 0
    image: str | None = None

    @property
    def id(self) -> str:
        """Return how a config pins this work: `tvmaze:44933`."""
        return f"{self.source}:{self.ref}"


@dataclass(frozen=True, kw_only=True)
class Match:
    """One answer to a search: what a person needs to tell it from the others."""

    source: str
    ref: str
    name: str
    form: WorkForm
    year: int | None = None
    country: str | None = None
    service: str | None = None
    standing: WorkStatus = WorkStatus.UNSURE
    link: str | None = None
    ids: Mapping[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Return how a config pins this work."""
        return f"{self.source}:{self.ref}"

    def __str__(self) -> str:
        """Return one line: name, year, sort, where it is shown, and the id."""
        year = f" ({self.year})" if self.year else ""
        where = ", ".join(part for part in (str(self.form), self.service, self.country) if part)
        return f"{self.name}{year}, {where}: {self.id}"


@dataclass(frozen=True, kw_only=True)
class NoAnswer:
    """A source gave no answer that can be used: nothing changes. `reason` says why, and holds no secret.

    `source` is its name, where several were asked.
    """

    reason: str
    wait: timedelta | None = None
    source: str | None = None

    word: ClassVar[str] = "silence"
    """What sort of failure it is, in one word; it is stored and shown."""


@dataclass(frozen=True, kw_only=True)
class Unavailable(NoAnswer):
    """It cannot be reached, or says that it cannot answer (5xx, 429)."""

    word = "down"


@dataclass(frozen=True, kw_only=True)
class TooSlow(NoAnswer):
    """It did not answer in the time it was given."""

    word = "slow"


@dataclass(frozen=True, kw_only=True)
class InvalidAnswer(NoAnswer):
    """It answered with something that is not what it answers with."""

    word = "nonsense"


@dataclass(frozen=True, kw_only=True)
class AccessRefused(NoAnswer):
    """It does not let us in: the key is wrong or missing, or the address is one that may not be asked."""

    word = "refused"


@dataclass(frozen=True, kw_only=True)
class EmptyAnswer(NoAnswer):
    """It answered well, and with nothing in it where there was something before."""

    word = "empty"


@dataclass(frozen=True, kw_only=True)
class NotFound(NoAnswer):
    """It does not know this work (any more). That is no cancellation.

    `ref` is the entry to which the one that was asked for leads now, where it leads to another.
    """

    word = "notfound"

    ref: str | None = None


def split_id(text: str) -> tuple[str, str]:
    """Given `tvmaze:44933`, return the source's name and its number for the work. Raises ValueError."""
    source, colon, ref = text.strip().partition(":")
    if not colon or not source or not ref or any(mark.isspace() for mark in ref):
        raise ValueError(f'"{text}" does not name an entry of a source: write it like tvmaze:44933')
    return source.lower(), ref
