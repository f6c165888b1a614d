"""Computes hours of the day where a person lives: clock changes, quiet hours, sending hours (SPEC 1 and 2)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from itertools import count
from typing import Final

from reminder.core.dates.spelling import quoted
from reminder.core.wording import Wording

MIDNIGHT: Final = time(0)
_DAY: Final = timedelta(days=1)
_CLOCK: Final = re.compile(r"(\d{1,2}):(\d{2})", re.ASCII)
_LOOSE: Final = re.compile(
    r"(?P<hour>\d{1,2})(?:[:.h]?(?P<minute>[0-5]\d))?(?:h|:00:00|:00)?\s?(?P<half>[ap])?(?:\.?m\.?)?(?:\s?(?:uhr|o'clock|h))?",
    re.ASCII | re.IGNORECASE,
)
_WORDS: Final = {"noon": time(12), "midday": time(12), "midnight": time(0)}
_BETWEEN: Final = re.compile(r"\s*(?:[-\u2010-\u2015~,]|\bto\b|\buntil\b|\btill\b|\band\b|\bbis\b)\s*", re.IGNORECASE)


class HoursError(ValueError):
    """An hour or a span of hours that cannot be read; the text says what to write instead."""


@lru_cache(maxsize=4096)  # a plan asks for the same few midnights and hours again and again
def local_at(on: date, at: time, zone: tzinfo) -> datetime:
    """Given a local date and clock time in `zone`, return the instant (UTC).

    A time that a clock change skips is the first instant after the gap; one that occurs twice is the first (SPEC 1).
    """
    first = datetime.combine(on, at.replace(fold=0, tzinfo=None), tzinfo=zone)
    second = first.replace(fold=1)
    before, after = _offset(first), _offset(second)
    if before >= after:
        return first.astimezone(UTC)
    return _change_between(second.astimezone(UTC), first.astimezone(UTC), zone)


def parse_time(text: str) -> time:
    """Given `20:00` or `9:00`, return the clock time. Raises HoursError."""
    found = _CLOCK.fullmatch(text.strip())
    if not found:
        raise HoursError(
            Wording(
                "%(text)s is not a time of day: write %(meant)s",
                text=quoted(text),
                meant=_as_written(meant_times(text)),
            )
        )
    hour, minute = int(found[1]), int(found[2])
    if hour == 24 and minute == 0:
        raise HoursError(Wording("%(text)s is not a time of day: write 00:00 for midnight", text=quoted(text)))
    if hour > 23 or minute > 59:
        raise HoursError(Wording("%(text)s is not a time of day: it goes from 00:00 to 23:59", text=quoted(text)))
    return time(hour, minute)


def meant_times(text: str) -> tuple[time, ...]:
    """Return the clock times that a loosely written one may mean: `8pm` is 20:00, `9` is 09:00 or 21:00; or none."""
    plain = text.strip().casefold()
    found = _LOOSE.fullmatch(plain)
    if plain in _WORDS or not found:
        return (_WORDS[plain],) if plain in _WORDS else ()
    hour, minute, half = int(found["hour"]), int(found["minute"] or 0), found["half"]
    if half:
        return (time(hour % 12 + 12 * (half == "p"), minute),) if 1 <= hour <= 12 else ()
    if hour > 23:
        return ()
    bare = plain.isdecimal() and 1 <= hour <= 11 and not plain.startswith("0")
    return (time(hour, minute), time(hour + 12, minute)) if bare else (time(hour, minute),)


def _as_written(times: tuple[time, ...]) -> str:
    if len(times) == 2:
        morning, evening = map(show_time, times)
        return Wording("%(morning)s (in the morning) or %(evening)s (in the evening)", morning=morning, evening=evening)
    return show_time(times[0]) if times else Wording("hours and minutes, as in 09:00 or 20:30")


def meant_span(parts: Sequence[str]) -> str | None:
    """Return the quiet hours that two loosely written times mean: `22:00-08:00`; None if unclear."""
    times = [meant_times(part) for part in parts]
    if len(times) != 2 or not all(times):
        return None
    # Of `10-8` each half may be morning or evening; in `22-8` the first shows that a day has 24 hours.
    if any(len(each) != 1 for each in times) and not any(each[0].hour > 12 for each in times):
        return None
    return f"{show_time(times[0][0])}-{show_time(times[1][0])}"


def show_time(at: time) -> str:
    """Return a clock time as it is written in a config: `09:00`."""
    return at.strftime("%H:%M")


@dataclass(frozen=True, kw_only=True)
class QuietHours:
    """A part of each day, by the person's clock, in which nothing is sent: from `start`, up to but not at `end`."""

    start: time
    end: time

    @classmethod
    def parse(cls, text: str) -> QuietHours:
        """Given `22:00-08:00`, return the quiet hours; they may span midnight. Raises HoursError."""
        parts = re.split(r"\s*[-\u2013]\s*", text.strip())
        if len(parts) != 2 or not all(_CLOCK.fullmatch(part) for part in parts):
            said = text.strip().removeprefix("from ").removeprefix("between ")
            meant = meant_span(_BETWEEN.split(said)) or Wording("its start and its end, as in 22:00-08:00")
            raise HoursError(
                Wording("%(text)s is not a span of hours: write %(meant)s", text=quoted(text), meant=meant)
            )
        start, end = (parse_time(part) for part in parts)
        if start == end:
            raise HoursError(
                Wording(
                    "%(text)s starts and ends at once: leave it out for none, or write as in 22:00-08:00",
                    text=quoted(text),
                )
            )
        return cls(start=start, end=end)

    def __str__(self) -> str:
        return f"{show_time(self.start)}-{show_time(self.end)}"

    def contains(self, at: time) -> bool:
        """Tell whether the clock time `at` is quiet."""
        at = at.replace(tzinfo=None, fold=0)
        if self.start < self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end

    def defer(self, moment: datetime, zone: tzinfo) -> datetime:
        """Return `moment` itself outside the quiet hours, else their end (UTC), by the clock of `zone`."""
        while self.contains(moment.astimezone(zone).time()):
            moment = self._next_end(moment, zone)
        return moment

    def _next_end(self, moment: datetime, zone: tzinfo) -> datetime:
        """Return the first instant after `moment` at which the clock shows the end."""
        local = moment.astimezone(zone)
        on = local.date() if local.time() < self.end else local.date() + _DAY
        end = local_at(on, self.end, zone)
        if end > moment:
            return end
        # In the hour that a clock change repeats, the first end has passed and the second is still to come.
        return datetime.combine(on, self.end.replace(fold=1), tzinfo=zone).astimezone(UTC)


def next_at(after: datetime, at: time, zone: tzinfo, weekday: int | None = None) -> datetime:
    """Return the first sending hour (UTC) at or after the instant `after`; with `weekday` (Monday is 0), on that day.

    A date that the zone leaves out altogether (Apia, 2011-12-30) has no sending hour.
    """
    today = after.astimezone(zone).date()
    return next(
        moment
        for on in (today + timedelta(days=ahead) for ahead in count(-1))
        if weekday in {None, on.weekday()} and (moment := local_at(on, at, zone)) >= after and _exists(on, moment, zone)
    )


def weekly_at_or_before(moment: datetime, weekday: int, at: time, zone: tzinfo) -> datetime:
    """Return the last sending hour (UTC) on `weekday` (Monday is 0) that is not later than `moment`."""
    today = moment.astimezone(zone).date()
    return next(
        found
        for on in (today - timedelta(days=back) for back in count(-1))
        if on.weekday() == weekday and (found := local_at(on, at, zone)) <= moment and _exists(on, found, zone)
    )


def _offset(local: datetime) -> timedelta:
    offset = local.utcoffset()
    if offset is None:
        raise ValueError(f"a zone without an offset: {local!r}")
    return offset


def _change_between(early: datetime, late: datetime, zone: tzinfo) -> datetime:
    """Return the instant of the clock change after `early` and not after `late`, by halving, to the second."""
    new = _offset(late.astimezone(zone))
    while late - early > timedelta(seconds=1):
        middle = early + timedelta(seconds=(late - early) // timedelta(seconds=2))
        if _offset(middle.astimezone(zone)) == new:
            late = middle
        else:
            early = middle
    return late.replace(microsecond=0)


def _exists(on: date, moment: datetime, zone: tzinfo) -> bool:
    """Tell whether the date `on` occurs in `zone`, given an instant that `local_at` gave for it."""
    return moment.astimezone(zone).date() == on or local_at(on, MIDNIGHT, zone) < local_at(on + _DAY, MIDNIGHT, zone)


def utc(at: datetime) -> datetime:
    """Return the instant `at` in UTC. Raises ValueError for a naive one: no such value may survive construction."""
    if at.tzinfo is None:
        raise ValueError(f"a time without a zone: {at!r}")
    return at.astimezone(UTC)
