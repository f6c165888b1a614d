"""Computes the days on which a repeating rule falls within a stretch of time.

A rule is never walked from its beginning: the first period that reaches into the stretch is computed, so that a show
that has run since 1951 costs what one costs that began yesterday. Every day that is looked at is paid for out of a
budget, which bounds what a calendar can cost whatever its rules say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from reminder.core.dates.repeat_rule import Frequency, Rule, Weekday


class TooMuch(Exception):
    """The budget is spent."""


@dataclass(kw_only=True)
class Budget:
    """The number of days that may still be looked at."""

    left: int

    def spend(self, steps: int = 1) -> None:
        """Take some steps off. Raises TooMuch when there are not so many left."""
        if steps > self.left:
            self.left = 0
            raise TooMuch
        self.left -= steps


def days_within(rule: Rule, start: date, first: date, last: date, budget: Budget) -> Iterator[date]:
    """Yield the days of a rule that begins at `start` within `first` to `last`, in order. Raises TooMuch.

    `until` is left to the caller wherever the time of day matters: only days after its own are cut off here, one day
    late for the sake of zones.
    """
    full = _filled(rule, start)
    end = min(last, _last_day(rule))
    index = max(_index(full, start, max(first, start)), 0)
    index -= index % full.interval
    left = None if full.count is None else full.count - _count_before(full, start, index, budget)
    while (begins := _period_start(full, start, index)) is not None and begins <= end and (left is None or left > 0):
        for day in _period(full, start, begins, budget):
            if day < start or day > end:
                continue
            if left is not None:
                left -= 1
                if left < 0:
                    return
            if day >= first:
                yield day
        index += full.interval


def _last_day(rule: Rule) -> date:
    """Return the last day on which a rule can fall in any zone."""
    if rule.until is None:
        return date.max
    if not isinstance(rule.until, datetime):
        return rule.until
    on = rule.until.date()
    return on + timedelta(days=1) if rule.until.tzinfo and on < date.max else on


def _filled(rule: Rule, start: date) -> Rule:
    """Return a rule with what it takes from its first day where it does not say it itself."""
    month_days, months, weekdays = rule.month_days, rule.months, rule.weekdays
    if rule.frequency in {Frequency.DAILY, Frequency.WEEKLY}:
        weekdays = tuple(Weekday(day=day) for day in sorted({item.day for item in weekdays}))
    if not month_days and not weekdays:
        if rule.frequency is Frequency.WEEKLY:
            weekdays = (Weekday(day=start.weekday()),)
        elif rule.frequency is not Frequency.DAILY:
            month_days = frozenset({start.day})
            if rule.frequency is Frequency.YEARLY and not months:
                months = frozenset({start.month})
    return Rule(
        frequency=rule.frequency,
        interval=rule.interval,
        count=rule.count,
        weekdays=weekdays,
        months=months,
        month_days=month_days,
        positions=rule.positions,
        week_start=rule.week_start,
    )


def _index(rule: Rule, start: date, day: date) -> int:
    """Return in which period of a rule a day lies, the period of its first day being 0."""
    if rule.frequency is Frequency.YEARLY:
        return day.year - start.year
    if rule.frequency is Frequency.MONTHLY:
        return (day.year - start.year) * 12 + day.month - start.month
    if rule.frequency is Frequency.DAILY:
        return day.toordinal() - start.toordinal()
    return (_week_of(rule, day) - _week_of(rule, start)) // 7


def _week_of(rule: Rule, day: date) -> int:
    """Return the number of the first day of the week in which a day lies."""
    return day.toordinal() - (day.weekday() - rule.week_start) % 7


def _period_start(rule: Rule, start: date, index: int) -> date | None:
    """Return the first day of a period; None after the last year there is."""
    try:
        if rule.frequency is Frequency.YEARLY:
            return date(start.year + index, 1, 1)
        if rule.frequency is Frequency.MONTHLY:
            month = start.year * 12 + start.month - 1 + index
            return date(month // 12, month % 12 + 1, 1)
        if rule.frequency is Frequency.DAILY:
            return start + timedelta(days=index)
        return date.fromordinal(max(_week_of(rule, start) + 7 * index, 1))
    except (ValueError, OverflowError):
        return None


def _period(rule: Rule, start: date, begins: date, budget: Budget) -> list[date]:
    """Return the days of one period, in order."""
    found = sorted(set(_candidates(rule, begins, budget)))
    budget.spend(1 + len(found))
    if not rule.positions:
        return found
    chosen = {place - 1 if place > 0 else len(found) + place for place in rule.positions}
    return [day for place, day in enumerate(found) if place in chosen]


def _candidates(rule: Rule, begins: date, budget: Budget) -> Iterator[date]:
    if rule.frequency is Frequency.DAILY:
        yield from _allowed(rule, [begins])
    elif rule.frequency is Frequency.WEEKLY:
        yield from _allowed(rule, [day for step in range(7) if (day := _later(begins, step))])
    elif rule.frequency is Frequency.MONTHLY:
        yield from _of_month(rule, begins.year, begins.month, budget)
    else:
        yield from _of_year(rule, begins.year, budget)


def _later(day: date, days: int) -> date | None:
    return date.fromordinal(day.toordinal() + days) if day.toordinal() + days <= date.max.toordinal() else None


def _allowed(rule: Rule, days: Sequence[date]) -> Iterator[date]:
    """Yield those of the days that a rule's months, days of the month and weekdays let through."""
    weekdays = {item.day for item in rule.weekdays}
    for day in days:
        in_month = not rule.months or day.month in rule.months
        if in_month and (not weekdays or day.weekday() in weekdays) and _is_month_day(rule, day):
            yield day


def _is_month_day(rule: Rule, day: date) -> bool:
    return not rule.month_days or bool({day.day, day.day - _length(day.year, day.month) - 1} & rule.month_days)


def _of_year(rule: Rule, year: int, budget: Budget) -> Iterator[date]:
    if rule.months or rule.month_days or not rule.weekdays:
        if rule.weekdays and not rule.months:
            by_weekday = set(_on_weekdays(rule, date(year, 1, 1), date(year, 12, 31), budget))
            yield from (day for day in by_weekday if _is_month_day(rule, day))
            return
        for month in sorted(rule.months) or range(1, 13):
            yield from _of_month(rule, year, month, budget)
        return
    yield from _on_weekdays(rule, date(year, 1, 1), date(year, 12, 31), budget)


def _of_month(rule: Rule, year: int, month: int, budget: Budget) -> Iterator[date]:
    if rule.months and month not in rule.months:
        return
    length = _length(year, month)
    if not rule.month_days:
        yield from _on_weekdays(rule, date(year, month, 1), date(year, month, length), budget)
        return
    places = {day if day > 0 else length + 1 + day for day in rule.month_days}
    days = [date(year, month, place) for place in places if 1 <= place <= length]
    if rule.weekdays:
        allowed = set(_on_weekdays(rule, date(year, month, 1), date(year, month, length), budget))
        days = [day for day in days if day in allowed]
    yield from days


def _on_weekdays(rule: Rule, first: date, last: date, budget: Budget) -> Iterator[date]:
    """Yield the weekdays of a rule between two days: each of them, or by its ordinal from either end."""
    span = last.toordinal() - first.toordinal()
    for item in rule.weekdays:
        offset = (item.day - first.weekday()) % 7
        most = (span - offset) // 7
        place = item.ordinal - 1 if item.ordinal > 0 else most + 1 + item.ordinal
        budget.spend(most + 1 if not item.ordinal else 1)
        for week in range(most + 1) if not item.ordinal else (place,):
            if 0 <= week <= most:
                yield date.fromordinal(first.toordinal() + offset + 7 * week)


def _length(year: int, month: int) -> int:
    """Return how many days a month has."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in {4, 6, 9, 11} else 31


def _count_before(rule: Rule, start: date, index: int, budget: Budget) -> int:
    """Return how often a rule has fallen before the period of that index."""
    if not index:
        return 0
    is_plain = not (rule.months or rule.month_days or rule.positions)
    if is_plain and rule.frequency is Frequency.DAILY and not rule.weekdays:
        return index // rule.interval
    if is_plain and rule.frequency is Frequency.WEEKLY:
        days_of_first = sum((item.day - rule.week_start) % 7 >= _place(rule, start) for item in rule.weekdays)
        return days_of_first + len(rule.weekdays) * (index // rule.interval - 1)
    return _walked_before(rule, start, index, budget)


def _walked_before(rule: Rule, start: date, index: int, budget: Budget) -> int:
    """Count the days of a rule period by period; its days differ from one to the next."""
    count = 0
    for before in range(0, index, rule.interval):
        begins = _period_start(rule, start, before)
        if begins is None or (rule.count is not None and count >= rule.count):
            break
        count += sum(day >= start for day in _period(rule, start, begins, budget))
    return count


def _place(rule: Rule, day: date) -> int:
    return (day.weekday() - rule.week_start) % 7
