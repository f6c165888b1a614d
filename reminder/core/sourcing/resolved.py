"""Defines the dates that a title is followed by: with the reason for each, and what is kept for the next time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from reminder.core.dates.when import When
from reminder.core.model.entities import Release, Sourced
from reminder.core.model.ledger import Ref


@dataclass(frozen=True, kw_only=True)
class Clash:
    """Two sources give a release dates more than a day apart."""

    label: str
    ours: When
    theirs: When
    other: str

    def __str__(self) -> str:
        return f"{self.label}: {self.ours.show()}, but {self.other} says {self.theirs.show()}"


@dataclass(frozen=True, kw_only=True)
class Origin:
    """The episodes of a source that a followed release is made of, the one it is known by first."""

    ref: Ref
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """A release that is missing: since when, and when it was withdrawn."""

    ref: Ref
    since: datetime
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class DateReason:
    """Why a release has its date: the source's own words, the rule, and what another source or a hand said instead."""

    season: int | None
    first: int
    said: str
    why: str
    raw: str
    provisional: bool = False


@dataclass(frozen=True, kw_only=True)
class ResolvedDates:
    """The dates of a title, with the reason for each, the rule that chose the source, and where two sources differ.

    `relabelled` says which releases of before go on under another season or number, `origins` of which episodes of the
    source each is made, `doubts` what is missing from the answer.
    """

    sourced: Sourced
    reasons: tuple[DateReason, ...]
    rule: str
    clashes: tuple[Clash, ...] = ()
    corrected: Ref | None = None
    relabelled: Mapping[Ref, Ref] = field(default_factory=dict)
    origins: tuple[Origin, ...] = ()
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PreviousDates:
    """The dates that a title had until now, and the release that the same correction was made for.

    `source` is the one that counted, `since` the day on which the title came to be followed.
    """

    releases: tuple[Release, ...] = ()
    corrected: Ref | None = None
    source: str | None = None
    since: date | None = None
    origins: Mapping[Ref, Origin] = field(default_factory=dict)
    doubts: tuple[Doubt, ...] = ()
