"""Defines `When`: the date of a release, which knows how exact it is.

Nothing is ever made more exact than what was said: no invented clock time, no first of the month. Source: SPEC 1.
"""

from __future__ import annotations

import enum
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from reminder.core.dates.local_time import MIDNIGHT, local_at
from reminder.core.dates.spelling import quoted
from reminder.core.dates.zones import is_abbreviation
from reminder.core.wording import Wording

FIRST_YEAR: Final = 1970
LAST_YEAR: Final = 2200
SEASON_STARTS: Final = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9}


class WhenError(ValueError):
    """A date that cannot be taken; the text is what the user reads, and says what to write instead."""


class Precision(enum.StrEnum):
    """The exactness of a date."""

    EXACT = "exact"
    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    SEASON = "season"
    YEAR = "year"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"


_MONTHS_IN: Final = {Precision.MONTH: 1, Precision.QUARTER: 3, Precision.SEASON: 3, Precision.YEAR: 12}
_EXACTNESS: Final = {
    Precision.EXACT: 5,
    Precision.DAY: 4,
    Precision.MONTH: 3,
    Precision.QUARTER: 2,
    Precision.SEASON: 2,
    Precision.YEAR: 1,
}


@dataclass(frozen=True, kw_only=True)
class When:
    """A date at its precision. Make one with `exact`, `day`, `month`, `quarter`, `season`, `year` or `parse_when`.

    Two are equal when they say the same: one instant in two zones, `fall` and `autumn`. `at` (UTC) is set for an
    exact one, `on` for a day, `first_on` (the first day of the span, never shown) for what is coarse.
    `zone` is the one it was written in; `wall` the local date and time that was written where a clock change
    skips it, so that the steps from it keep the hour that was meant.
    """

    precision: Precision
    at: datetime | None = None
    on: date | None = None
    first_on: date | None = None
    zone: tzinfo | None = field(default=None, compare=False)
    wall: tuple[date, time] | None = field(default=None, compare=False, repr=False)
    word: str | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.at is not None and self.at.tzinfo is not UTC:
            raise ValueError(f"not in UTC: {self.at!r}")

    @classmethod
    def exact(cls, at: datetime, zone: tzinfo | None = None) -> When:
        """Given an aware instant, return it as written in `zone` (else in its own). Raises WhenError."""
        if at.tzinfo is None:
            raise WhenError(Wording("a time needs a zone: %(at)s has none", at=at.isoformat(" ", "minutes")))
        check_year(at.year)
        instant = at.astimezone(UTC).replace(microsecond=0)
        kept = _nameable(zone or at.tzinfo, instant)
        check_year(instant.year)
        check_year(instant.astimezone(kept).year)
        return cls(precision=Precision.EXACT, at=instant, zone=kept)

    @classmethod
    def local(cls, on: date, at: time, zone: tzinfo) -> When:
        """Given a date and clock time as written in `zone`, return the instant. Raises WhenError for the year."""
        check_year(on.year)
        found = cls.exact(local_at(on, at, zone), zone)
        clock = at.replace(microsecond=0, fold=0, tzinfo=None)
        if found._clock() == (on, clock):
            return found
        return cls(precision=Precision.EXACT, at=found.at, zone=found.zone, wall=(on, clock))

    @classmethod
    def day(cls, on: date) -> When:
        """Return a calendar day, wherever the person is. Raises WhenError for a year outside 1970-2200."""
        check_year(on.year)
        return cls(precision=Precision.DAY, on=on)

    @classmethod
    def month(cls, year: int, month: int) -> When:
        """Return sometime in a month (1-12). Raises WhenError."""
        return cls(precision=Precision.MONTH, first_on=_first(year, month))

    @classmethod
    def quarter(cls, year: int, quarter: int) -> When:
        """Return sometime in a quarter (1-4). Raises WhenError."""
        return cls(precision=Precision.QUARTER, first_on=_first(year, 3 * quarter - 2))

    @classmethod
    def season(cls, year: int, name: str) -> When:
        """Return sometime in `spring`, `summer`, `autumn` or `fall` (kept as said). Raises WhenError."""
        word = name.lower()
        if word not in SEASON_STARTS:
            raise WhenError(
                Wording("%(text)s is not a season: write spring, summer, autumn or fall", text=quoted(name))
            )
        return cls(precision=Precision.SEASON, first_on=_first(year, SEASON_STARTS[word]), word=word)

    @classmethod
    def year(cls, year: int) -> When:
        """Return sometime in a year. Raises WhenError for one outside 1970-2200."""
        return cls(precision=Precision.YEAR, first_on=_first(year, 1))

    def __str__(self) -> str:
        return self.show()

    @property
    def is_dated(self) -> bool:
        """Whether the day is known: an exact instant or a day."""
        return self.precision in {Precision.EXACT, Precision.DAY}

    @property
    def is_coarse(self) -> bool:
        """Whether only a month, quarter, season or year is known."""
        return self.precision in _MONTHS_IN

    @property
    def exactness(self) -> int:
        """Return how exact it is: 5 an instant, 4 a day, 3 a month, 2 a quarter or season, 1 a year, 0 no date."""
        return _EXACTNESS.get(self.precision, 0)

    def show(self) -> str:
        """Return the spelling for a config, with the zone it was written in: `parse_when(when.show()) == when`."""
        if self.precision is Precision.EXACT:
            return self._show_exact()
        if self.precision is Precision.CANCELLED:
            return "cancelled"
        return self.json() or "TBA"

    def json(self) -> str | None:
        """Return the spelling of SPEC 7's `when`, instants in UTC; None when there is no date."""
        if self.at:
            return self.at.strftime("%Y-%m-%dT%H:%M:%SZ")
        if self.on:
            return self.on.isoformat()
        if not self.first_on:
            return None
        year, month = self.first_on.year, self.first_on.month
        spellings = {
            Precision.MONTH: f"{year}-{month:02}",
            Precision.QUARTER: f"{year}-Q{month // 3 + 1}",
            Precision.SEASON: f"{self.word} {year}",
        }
        return spellings.get(self.precision, str(year))

    def day_in(self, zone: tzinfo) -> date | None:
        """Return the local date in `zone` for an instant, the day for a day, else None."""
        return self.at.astimezone(zone).date() if self.at else self.on

    def own_day(self) -> date | None:
        """Return the day of an instant in the zone it was written in, else in UTC; the day for a day, else None."""
        return self.day_in(self.zone or UTC)

    def days(self) -> tuple[date, date] | None:
        """Return the first and last day that it may mean, an instant's in its own zone; None when nothing is known."""
        on = self.own_day()
        return (on, on) if on else self.span()

    def span(self) -> tuple[date, date] | None:
        """Return the first and last day of a day, month, quarter, season or year; None for the others."""
        if self.on:
            return self.on, self.on
        if not self.first_on:
            return None
        last = self.first_on.month + _MONTHS_IN[self.precision] - 1
        return self.first_on, date(self.first_on.year, last, monthrange(self.first_on.year, last)[1])

    def starts_at(self, zone: tzinfo) -> datetime | None:
        """Return the instant, or the local midnight (UTC) with which the span begins in `zone`; None when undated."""
        span = self.span()
        return local_at(span[0], MIDNIGHT, zone) if span else self.at

    def ends_at(self, zone: tzinfo) -> datetime | None:
        """Return the instant, or the local midnight (UTC) after the span's last day in `zone`; None when undated."""
        span = self.span()
        return local_at(span[1] + timedelta(days=1), MIDNIGHT, zone) if span else self.at

    def speaks_on(self) -> date | None:
        """Return the day of the window message: the first of a month, quarter or season (SPEC 2); else None."""
        return None if self.precision is Precision.YEAR else self.first_on

    def overlaps(self, other: When) -> bool:
        """Tell whether the two spans share a day; what has no span overlaps nothing."""
        span, others = self.span(), other.span()
        return bool(span and others and span[0] <= others[1] and others[0] <= span[1])

    def step(self, days: int) -> When:
        """Return the date `days` calendar days later, at the same hour in the zone it was written in.

        UNKNOWN from what has no day, and where the step leaves the years 1970-2200.
        """
        if days == 0 and self.is_dated:
            return self
        try:
            if self.on:
                return When.day(self.on + timedelta(days=days))
            if self.at and self.zone:
                on, clock = self._clock()
                return When.local(on + timedelta(days=days), clock, self.zone)
        except (OverflowError, WhenError):
            return UNKNOWN
        return UNKNOWN

    def _clock(self) -> tuple[date, time]:
        """Return the local date and time as they were written."""
        if self.wall:
            return self.wall
        if not self.at or not self.zone:
            raise ValueError(f"no clock time: {self!r}")
        local = self.at.astimezone(self.zone)
        return local.date(), local.time()

    def _show_exact(self) -> str:
        on, clock = self._clock()
        hour = clock.isoformat("seconds" if clock.second else "minutes")
        zone = self.zone
        if not isinstance(zone, ZoneInfo):
            return f"{on}T{hour}{_show_offset(self._offset())}"
        if local_at(on, clock, zone) == self.at:
            return f"{on} {hour} {zone.key}"
        # The second pass of a repeated hour: only the offset tells it from the first (RFC 9557).
        return f"{on}T{hour}{_show_offset(self._offset())}[{zone.key}]"

    def _offset(self) -> timedelta:
        local = self.at.astimezone(self.zone) if self.at else None
        return (local.utcoffset() if local else None) or timedelta(0)


UNKNOWN: Final = When(precision=Precision.UNKNOWN)
CANCELLED: Final = When(precision=Precision.CANCELLED)


def _first(year: int, month: int) -> date:
    check_year(year)
    if not 1 <= month <= 12:
        raise WhenError(
            Wording("there is no such part of %(year)s: months go from 1 to 12, quarters from 1 to 4", year=year)
        )
    return date(year, month, 1)


def check_year(year: int) -> None:
    """Raise WhenError for a year that no date may have."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise WhenError(
            Wording(
                "the year %(year)s is out of range: write one from %(first_year)s to %(last_year)s",
                year=year,
                first_year=FIRST_YEAR,
                last_year=LAST_YEAR,
            )
        )


def _nameable(zone: tzinfo, at: datetime) -> tzinfo:
    """Return `zone` if it can be written down, else the offset that it has at that instant."""
    if isinstance(zone, ZoneInfo) and zone.key and not is_abbreviation(zone.key):
        return zone
    offset = at.astimezone(zone).utcoffset() or timedelta(0)
    return UTC if offset % timedelta(minutes=1) or not offset else timezone(offset)


def _show_offset(offset: timedelta) -> str:
    if not offset:
        return "Z"
    minutes = abs(offset) // timedelta(minutes=1)
    return f"{'-' if offset < timedelta(0) else '+'}{minutes // 60:02}:{minutes % 60:02}"
