"""Computes the offset of a calendar's own time zone for a local time, by its rules (RFC 5545, 3.6.5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import Final

from reminder.core.dates.recurrence import Budget, TooMuch, days_within
from reminder.core.dates.repeat_rule import Rule

_STEPS: Final = 2_000
"""So many days may be looked at for one onset; a rule that takes more is made to be costly."""

_REACH: Final = timedelta(days=800)
"""An onset that repeats comes at least this often."""

_HOLDS: Final = timedelta(days=370)
"""So long after its last onset a list of single clock changes is taken to be complete."""


@dataclass(frozen=True, kw_only=True)
class Observance:
    """A time that a zone keeps from each of its onsets on: local by the offset `before`, with the offset `after`."""

    start: datetime
    before: timedelta
    after: timedelta
    rule: Rule | None = None
    more: tuple[datetime, ...] = ()

    @property
    def goes_on(self) -> bool:
        """Tell whether it begins again and again without an end."""
        return self.rule is not None and self.rule.until is None and self.rule.count is None


@dataclass(frozen=True, kw_only=True)
class OwnZone:
    """A zone as a file describes it."""

    name: str
    observances: tuple[Observance, ...]

    def instant(self, local: datetime) -> datetime | None:
        """Return the instant of a local time, with its offset; None where the rules are too costly to be read.

        A time that is skipped is the first instant after the gap, one that occurs twice is the first (SPEC 1).
        """
        try:
            found = max(self._onsets(local), key=lambda item: item[0], default=None)
        except TooMuch:
            return None
        if found is None:
            first = min(self.observances, key=lambda item: item.start)
            return _utc(local, first.before).astimezone(timezone(first.before))
        onset, observance = found
        at = max(_utc(local, observance.after), _utc(onset, observance.before))
        return at.astimezone(timezone(observance.after))

    def reaches(self, local: datetime) -> bool:
        """Tell whether the rules say anything about a local time, which a list of a few years' changes may not."""
        if len({item.after for item in self.observances}) == 1:
            return True
        first = min(item.start for item in self.observances)
        last = max(max((item.start, *item.more)) for item in self.observances)
        return first <= local and (any(item.goes_on for item in self.observances) or local < last + _HOLDS)

    def _onsets(self, local: datetime) -> Iterator[tuple[datetime, Observance]]:
        """Yield the last onset of each observance until a local time. Raises TooMuch."""
        for observance in self.observances:
            single = [at for at in (observance.start, *observance.more) if at <= local]
            if single:
                yield max(single), observance
            repeated = [at for at in _repeated(observance, local.year) if at <= local]
            if repeated:
                yield max(repeated), observance


@lru_cache(maxsize=2048)
def _repeated(observance: Observance, year: int) -> tuple[datetime, ...]:
    """Return the onsets by rule in a year and before it, as far back as the last of them may lie."""
    rule = observance.rule
    if rule is None:
        return ()
    end = date(min(year, 9999), 12, 31)
    until = _local_until(observance)
    end = min(end, until.date()) if until else end
    first = end - _REACH if end - date.min > _REACH else date.min
    days = days_within(rule, observance.start.date(), first, end, Budget(left=_STEPS))
    found = [datetime.combine(day, observance.start.time()) for day in days]
    return tuple(at for at in found if until is None or at <= until)


def _local_until(observance: Observance) -> datetime | None:
    until = observance.rule.until if observance.rule else None
    if isinstance(until, datetime):
        return until.astimezone(UTC).replace(tzinfo=None) + observance.before if until.tzinfo else until
    return datetime.combine(until, time.max) if until else None


def _utc(local: datetime, offset: timedelta) -> datetime:
    return (local - offset).replace(tzinfo=UTC)
