"""The events of a calendar over the stretch of days that matters: a repeating event is its instances (RFC 5545, 3.8.5).

An instance is known by the UID and the day on which its rule puts it, whatever moves it; an instance that the calendar
leaves out (EXDATE) is one that is cancelled.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Final, TypeVar

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
    _gave_up: bool = False

    def unfold(self, stated: Sequence[WrittenEvent]) -> list[Event]:
        """Return every occurrence: single events whenever they are, instances within the stretch that matters."""
        masters = [event for event in stated if event.instance is None]
        overrides: dict[str, list[WrittenEvent]] = {}
        for event in stated:
            if event.instance is not None:
                overrides.setdefault(event.uid, []).append(event)
        found: list[Event] = []
        for master in masters:
            found += self._of_master(master, overrides.get(master.uid, []))
        whole = {master.uid for master in masters}
        for uid, alone in overrides.items():
            if uid not in whole:
                found += self._alone(alone)
        return _told_apart(list(dict.fromkeys(found)))

    def _of_master(self, master: WrittenEvent, overrides: Sequence[WrittenEvent]) -> list[Event]:
        if master.repeats or overrides:
            return self._series(master, overrides)
        return [replace(_event(master, master.start), until=date.max)]

    def _alone(self, overrides: Sequence[WrittenEvent]) -> Iterator[Event]:
        """Yield the instances of a series of which the file holds no more."""
        for event, instance in _named((event, event.instance or event.start) for event in overrides):
            yield from self._near([instance.of(_event(event, event.start))])

    def _series(self, master: WrittenEvent, overrides: Sequence[WrittenEvent]) -> list[Event]:
        """Return the instances of a series, those that were moved or cancelled as they stand now."""
        by_rule = list(self._locals(master))
        events = [instance.of(event) for event, instance in _named(_as_they_stand(master, by_rule, overrides))]
        near = self._near(events)
        until = self._until(master, by_rule)
        is_cut = until is None or (events and events[-1] != near[-1])
        return near if is_cut else [replace(event, until=until) for event in near]

    def _until(self, master: WrittenEvent, found: Sequence[Local]) -> date | None:
        """Return up to which day all instances of a series are found; None for one that is not followed."""
        if master.unread or self._gave_up:
            return None
        return found[-1].on if len(found) >= MOST_OF_ONE else self._last

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
        self._gave_up = False
        try:
            if self._left <= 0:
                raise TooMuch
            return self._within(master, first, last) or self._next(master, last) or [master.start]
        except TooMuch:
            self._gave_up = True
            self.remarks.append(f'"{master.summary}" repeats too often to be followed: only its first day counts')
            return [master.start]

    def _within(self, master: WrittenEvent, first: date, last: date) -> list[Local]:
        added = (replace(master.start, on=local.on) if local.clock is None else local for local in master.added)
        found = {_instant(local): local for local in added if first <= local.on <= last}
        with self._share(MAX_OF_ONE) as budget:
            for rule in master.rules:
                ruled = islice(_by_rule(master, rule, first, last, budget), MOST_OF_ONE)
                found |= {_instant(local): local for local in ruled}
            if first <= master.start.on <= last:
                found[_instant(master.start)] = master.start
            for rule in master.except_rules:
                for day in days_within(rule, master.start.on, first, last, budget):
                    found.pop(_instant(replace(master.start, on=day)), None)
        return sorted(found.values(), key=lambda local: (local.on, local.clock or time(0)))[:MOST_OF_ONE]

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


@dataclass(frozen=True, kw_only=True)
class _Instance:
    """An instance of a series: the day on which its rule puts it, and what it is called."""

    on: date
    name: str

    def of(self, event: Event) -> Event:
        """Return an event as this instance."""
        return replace(event, instance=self.name, filed_on=self.on.isoformat())


_Of = TypeVar("_Of")


def _named(items: Iterable[tuple[_Of, Local]]) -> Iterator[tuple[_Of, _Instance]]:
    """Yield each instance with its name: its day, and where a day has more than one, the later ones' hours as well."""
    named: set[str] = set()
    for item, local in sorted(items, key=lambda each: (each[1].on, each[1].clock or time(0))):
        day = local.on.isoformat().replace("-", "")
        name = day if day not in named or local.clock is None else f"{day}T{local.clock:%H%M}"
        named.add(name)
        yield item, _Instance(on=local.on, name=name)


def _as_they_stand(
    master: WrittenEvent, by_rule: Sequence[Local], overrides: Sequence[WrittenEvent]
) -> list[tuple[Event, Local]]:
    """Return the instances of a series as they were changed or left out, each with the time by which it is known."""
    later = sorted(filter(lambda event: event.and_later, overrides), key=lambda event: day_of(event) or date.min)
    gone = [_own(local, master) for local in master.left_out]
    own_times = [_own(local, master) for local in by_rule]
    per_day = Counter(own.on for own in own_times)
    left = [(event, _own(event.instance, master)) for event in overrides if event.instance and not event.and_later]
    found: list[tuple[Event, Local]] = []
    for local, own in zip(by_rule, own_times, strict=True):
        is_alone = per_day[own.on] == 1
        meant = _meant(left, own, is_alone=is_alone)
        if meant:
            left.remove(meant)
            found.append((_override(meant[0]), own))
        else:
            left_out = any(_is_meant(each, own, is_alone=is_alone) for each in gone)
            found.append((replace(_changed(master, local, later), left_out=left_out), own))
    # What is left is an instance of another time that was moved to now, or one that no rule gives.
    return found + [(_override(event), own) for event, own in left]


def _meant(
    overrides: Iterable[tuple[WrittenEvent, Local]], instance: Local, *, is_alone: bool
) -> tuple[WrittenEvent, Local] | None:
    """Return the change that is meant for an instance: for its hour, else for its day where it is alone on it."""
    fitting = [each for each in overrides if _is_meant(each[1], instance, is_alone=is_alone)]
    return min(fitting, key=lambda each: each[1].clock != instance.clock, default=None)


def _is_meant(said: Local, instance: Local, *, is_alone: bool) -> bool:
    return said.on == instance.on and (is_alone or said.clock in {None, instance.clock})


def _instant(local: Local) -> Hashable:
    """Return by what two of a series are one: the instant, or what the clocks show where no zone is known."""
    return local.at()[0] or (local.on, local.clock)


def _own(local: Local | None, master: WrittenEvent) -> Local:
    """Return a time by a series' own clocks, however its zone is written."""
    if local is None:
        return replace(master.start, on=date.min)
    at, _ = local.at()
    mine, _ = replace(master.start, on=local.on).at()
    if at is None or mine is None or local.clock == time(0):
        return local
    there = at.astimezone(mine.tzinfo)
    return replace(master.start, on=there.date(), clock=there.time())


def _changed(master: WrittenEvent, local: Local, later: Sequence[WrittenEvent]) -> Event:
    """Return an instance as its series has it, or as the last change of it and all later ones has it."""
    change = next((item for item in reversed(later) if (day_of(item) or date.max) <= local.on), None)
    if change is None or change.instance is None:
        return _event(master, local)
    try:
        return _event(change, replace(change.start, on=local.on + (change.start.on - change.instance.on)))
    except OverflowError:
        return _event(master, local)


def _override(item: WrittenEvent) -> Event:
    return _event(item, item.start)


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
