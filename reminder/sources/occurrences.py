"""The events of a calendar over the stretch of days that matters: a repeating event is its instances (RFC 5545, 3.8.5).

An instance is known by the UID and the day on which its rule puts it, whatever moves it; an instance that the calendar
leaves out (EXDATE) is one that is cancelled.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Final

from reminder.core.dates.recurrence import Budget, TooMuch, days_within
from reminder.core.dates.repeat_rule import Rule
from reminder.sources.events import Event
from reminder.sources.ics_events import WrittenEvent, day_of
from reminder.sources.ics_times import Local

BEHIND: Final = timedelta(days=31)
AHEAD: Final = timedelta(days=400)
"""A year and a lead of a month: of what repeats once a year the next one is always known."""

MOST_OF_ONE: Final = 130
"""So many instances of one event are taken: of a daily one some hundred days."""

MAX_OCCURRENCES: Final = 20_000
MAX_STEPS: Final = 300_000
"""So many days are looked at for all the rules of a calendar together: several times what 20,000 instances take."""

MAX_OF_ONE: Final = 20_000
"""So many for the rules of one event."""

_FAR: Final = timedelta(days=366 * 12)
_FAR_STEPS: Final = 500
"""What repeats seldom has its next instance looked for so far ahead, and with so many steps."""


@dataclass(kw_only=True)
class Unfolding:
    """Turns what stands in a file into occurrences around a day; `remarks` are what could not be read of it."""

    today: date
    budget: Budget = field(default_factory=lambda: Budget(left=MAX_STEPS))
    remarks: list[str] = field(default_factory=list)
    _left: int = MAX_OCCURRENCES

    def unfold(self, stated: Sequence[WrittenEvent]) -> list[Event]:
        """Return every occurrence: single events whenever they are, instances within the stretch that matters."""
        overrides: dict[str, list[WrittenEvent]] = {}
        for item in stated:
            if item.instance is not None:
                overrides.setdefault(item.uid, []).append(item)
        whole = {item.uid for item in stated if item.instance is None}
        found: list[Event] = []
        for item in stated:
            if item.instance is None:
                mine = overrides.get(item.uid, [])
                found += self._series(item, mine) if item.repeats or mine else [_event(item, item.start)]
            elif item.uid not in whole:
                found += self._near([_override(item, item.instance.on)])
        return _told_apart(list(dict.fromkeys(found)))

    def _series(self, master: WrittenEvent, overrides: Sequence[WrittenEvent]) -> list[Event]:
        """Return the instances of a series, those that were moved or cancelled as they stand now."""
        mine = {_own_day(item.instance, master): item for item in overrides if item.instance and not item.and_later}
        later = sorted((item for item in overrides if item.and_later), key=lambda item: day_of(item) or date.min)
        gone = {_own_day(local, master) for local in master.left_out}
        found = []
        for local in self._locals(master):
            moved = mine.pop(local.on, None)
            event = _override(moved, local.on) if moved else _changed(master, local, later)
            left_out = local.on in gone and not moved
            found.append(replace(event, instance=_name_of(local.on), filed_on=local.on.isoformat(), left_out=left_out))
        # What is left is an instance of another time that was moved to now, or one that no rule gives.
        return self._near([*found, *(_override(item, day) for day, item in mine.items())])

    @property
    def _first(self) -> date:
        return self.today - BEHIND if self.today - date.min > BEHIND else date.min

    @property
    def _last(self) -> date:
        return self.today + AHEAD if date.max - self.today > AHEAD + _FAR else self.today

    def _near(self, events: Sequence[Event]) -> list[Event]:
        """Return those that are not long over, or else the last of them, as far as there is room."""
        near = [event for event in events if event.day >= self._first] or list(events[-1:])
        kept = near[: max(self._left, 1)]
        self._left -= len(kept)
        return kept

    def _locals(self, master: WrittenEvent) -> list[Local]:
        """Return when a series has its instances: those of the stretch, else the next one, else the first of all."""
        first, last = self._first, self._last
        try:
            if self._left <= 0:
                raise TooMuch
            return self._within(master, first, last) or self._next(master, last) or [master.start]
        except TooMuch:
            self.remarks.append(f'"{master.summary}" repeats too often to be followed: only its first day counts')
            return [master.start]

    def _within(self, master: WrittenEvent, first: date, last: date) -> list[Local]:
        found = {local.on: local for local in master.added if first <= local.on <= last}
        with self._share(MAX_OF_ONE) as budget:
            for rule in master.rules:
                found |= {local.on: local for local in islice(_by_rule(master, rule, first, last, budget), MOST_OF_ONE)}
            if first <= master.start.on <= last:
                found[master.start.on] = master.start
            for rule in master.except_rules:
                for day in days_within(rule, master.start.on, first, last, budget):
                    found.pop(day, None)
        return [found[day] for day in sorted(found)][:MOST_OF_ONE]

    def _next(self, master: WrittenEvent, last: date) -> list[Local]:
        """Return the next instance of what repeats seldom, if it is found at little cost."""
        with self._share(_FAR_STEPS) as budget, suppress(TooMuch):
            found = [next(_by_rule(master, rule, last, last + _FAR, budget), None) for rule in master.rules]
            return sorted((local for local in found if local), key=lambda local: local.on)[:1]
        return []

    @contextmanager
    def _share(self, most: int) -> Iterator[Budget]:
        """Yield a part of the budget, and take off what was spent of it."""
        share = Budget(left=min(most, self.budget.left))
        before = share.left
        try:
            yield share
        finally:
            self.budget.left -= before - share.left


def _by_rule(master: WrittenEvent, rule: Rule, first: date, last: date, budget: Budget) -> Iterator[Local]:
    """Yield when a rule puts a series. Raises TooMuch."""
    start = master.start.on
    for day in days_within(_counted(rule, start, budget), start, first, last, budget):
        local = replace(master.start, on=day)
        if _is_until(rule, local):
            yield local


def _counted(rule: Rule, start: date, budget: Budget) -> Rule:
    """Return a rule with its first day counted as one, as it is even where the rule does not fall on it."""
    if rule.count is None or next(days_within(replace(rule, count=None), start, start, start, budget), None):
        return rule
    return replace(rule, count=rule.count - 1)


def _is_until(rule: Rule, local: Local) -> bool:
    until = rule.until
    if not isinstance(until, datetime):
        return until is None or local.on <= until
    if local.clock is None:
        return local.on <= until.date()
    at, _ = local.at()
    if until.tzinfo and at:
        return at <= until
    return datetime.combine(local.on, local.clock) <= until.replace(tzinfo=None)


def _own_day(local: Local | None, master: WrittenEvent) -> date:
    """Return on which day of a series' own clocks an instance is meant, however its zone is written."""
    if local is None:
        return date.min
    at, _ = local.at()
    mine, _ = replace(master.start, on=local.on).at()
    if at is None or mine is None or local.clock == time(0):
        return local.on
    return at.astimezone(mine.tzinfo).date()


def _changed(master: WrittenEvent, local: Local, later: Sequence[WrittenEvent]) -> Event:
    """Return an instance as its series has it, or as the last change of it and all later ones has it."""
    change = next((item for item in reversed(later) if (day_of(item) or date.max) <= local.on), None)
    if change is None or change.instance is None:
        return _event(master, local)
    try:
        return _event(change, replace(change.start, on=local.on + (change.start.on - change.instance.on)))
    except OverflowError:
        return _event(master, local)


def _override(item: WrittenEvent, day: date) -> Event:
    return replace(_event(item, item.start), instance=_name_of(day), filed_on=day.isoformat())


def _name_of(day: date) -> str:
    return day.isoformat().replace("-", "")


def _event(item: WrittenEvent, local: Local) -> Event:
    at, note = local.at()
    zone = getattr(at.tzinfo, "key", None) if at else None
    is_utc = local.place.known is UTC and not local.place.own
    said = f"repeats by a rule that is not read ({item.unread}): only its first day counts" if item.unread else note
    return Event(
        uid=item.uid or f"{item.summary} {local.on} {local.clock or ''}",
        summary=item.summary,
        on="" if at else local.on.isoformat(),
        stamp=at.isoformat() if at else None,
        zone=None if zone == "UTC" else zone,
        floating=local.clock is not None and at is None,
        local=at is not None and not is_utc,
        cancelled=item.cancelled,
        category=item.category,
        sequence=item.sequence,
        filed_on=(at.date() if at else local.on).isoformat(),
        note=said,
    )


def _told_apart(events: list[Event]) -> list[Event]:
    """Return the occurrences with what tells those apart that share an identity: their start, and their words."""
    shared = Counter(event.id for event in events)
    return [
        replace(event, apart=f"{event.stamp or event.on} {event.summary}") if shared[event.id] > 1 else event
        for event in events
    ]
