"""Plays the future through without sending: the plan's own rules, decision after decision."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from heapq import heappop, heappush

from reminder.core.model.ledger import OPEN, Decision, RecordedMessage, State, Subscription, TitleHistory
from reminder.core.schedule.decide import Decided, decide
from reminder.core.schedule.moments import MISSED, MISSED_USE
from reminder.core.schedule.plan import Plan, PlanVerdict, plan, plan_of, rungs_of


def outlook(
    sub: Subscription, story: TitleHistory, *, start: datetime, end: datetime, grace: timedelta
) -> Iterator[tuple[datetime, Decision]]:
    """Yield what will be decided for one subscription from `start` (included) to `end` (not), with its instant.

    Every message is taken to arrive at its moment, as it does when its channels work; so is what is in flight.
    """
    now = start
    if any(line.state in OPEN for line in story.recorded):
        story = replace(story, recorded=tuple(_arrived(line, start) for line in story.recorded))
    while sub.noticed_no < story.last_no:
        # A notice may be pending, and it stands for several releases: until it is decided, all are planned together.
        current = plan(sub, story, now, grace)
        due_at = current.next_due_at
        if due_at is None or max(due_at, now) >= end:
            return
        if due_at > now:
            now = due_at
            current = plan(sub, story, now, grace)
        decided = decide(sub, story, current, now)
        yield from ((now, decision) for decision in decided.decisions)
        if not decided.decisions and decided.noticed_no == sub.noticed_no:
            return
        sub, story = after(sub, story, decided, now, as_sent=True)
    yield from _walked([_Part(sub, story.about(dated), grace, now) for dated in story.releases], now, end)


def _walked(parts: Sequence[_Part], now: datetime, end: datetime) -> Iterator[tuple[datetime, Decision]]:
    """Yield what will be decided about releases that have nothing more to do with each other, instant by instant.

    What was lost is told at the next instant at which anything is decided about the title, as in a sweep.
    """
    queue = _DueQueue(parts)
    lost = _may_tell_of_loss(parts, range(len(parts)), now)
    while (due_at := queue.next_at()) is not None and max(due_at, now) < end:
        now = max(due_at, now)
        woken = queue.pop(now) | {number for number in lost if parts[number].has_passed(now)}
        decided = [decision for number in sorted(woken) for decision in parts[number].decide(now)]
        if not decided:
            return
        yield from ((now, decision) for decision in sorted(decided, key=lambda decision: decision.what == MISSED))
        queue.put(woken)
        lost = _may_tell_of_loss(parts, lost | woken, now)


def _may_tell_of_loss(parts: Sequence[_Part], numbers: Iterable[int], now: datetime) -> set[int]:
    return {number for number in numbers if parts[number].may_tell_of_loss(now)}


class _DueQueue:
    """Which releases are looked at next, by their places in `parts`."""

    def __init__(self, parts: Sequence[_Part]) -> None:
        self._parts = parts
        self._heap: list[tuple[datetime, int]] = []
        self.put(range(len(parts)))

    def put(self, numbers: Iterable[int]) -> None:
        """Add each of these releases at the instant at which it is due now, if it is."""
        for number in numbers:
            if (due_at := self._parts[number].due_at) is not None:
                heappush(self._heap, (due_at, number))

    def next_at(self) -> datetime | None:
        """Return the next instant at which a release is due; None for never."""
        # A release that was woken before its time has another instant now, or none.
        while self._heap and self._parts[self._heap[0][1]].due_at != self._heap[0][0]:
            heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def pop(self, now: datetime) -> set[int]:
        """Take out and return the releases that are due at `now`."""
        numbers = set()
        while self._heap and self._heap[0][0] <= now:
            numbers.add(heappop(self._heap)[1])
        return numbers


class _Part:
    """One release on its own, played forward: when it is looked at next, and what is decided then."""

    def __init__(self, sub: Subscription, story: TitleHistory, grace: timedelta, now: datetime) -> None:
        self._sub, self._story = sub, story
        self._rungs = rungs_of(sub, story, story.releases[0], (), grace)
        self.due_at = self._plan(now).next_due_at

    def _plan(self, now: datetime) -> Plan:
        return plan_of(self._sub, self._story, [self._rungs], None, now)

    def decide(self, now: datetime) -> tuple[Decision, ...]:
        """Return what is decided at `now`; it is recorded as sent."""
        current = self._plan(now)
        decided = decide(self._sub, self._story, current, now)
        self._sub, self._story = after(self._sub, self._story, decided, now, as_sent=True)
        only_goes_out = bool(decided.decisions) and _only_goes_out(self._story, current, decided)
        self.due_at = current.later_at if only_goes_out else self._plan(now).next_due_at
        return decided.decisions

    def may_tell_of_loss(self, now: datetime) -> bool:
        """Tell whether a message about it was lost, and may have to be told of at `now` or later."""
        if not any(line.is_lost for line in self._story.recorded):
            return False
        return self._ends_at is not None and now < self._ends_at + MISSED_USE

    def has_passed(self, now: datetime) -> bool:
        """Tell whether the release is over at `now`."""
        return self._ends_at is not None and self._ends_at <= now

    @property
    def _ends_at(self) -> datetime | None:
        return self._rungs.release.when.ends_at(self._sub.subscriber.zone)


def next_look(
    sub: Subscription, story: TitleHistory, current: Plan, decided: Decided, now: datetime, grace: timedelta
) -> datetime | None:
    """Return when to look again once `decided`, to which the plan `current` led at `now`, is in the ledger.

    What goes out closes its own keys and no others, so for the usual case the plan is not made a second time.
    """
    if not decided.decisions:
        return current.next_due_at
    if _only_goes_out(story, current, decided):
        return current.later_at
    return plan(*after(sub, story, decided, now, as_sent=False), now, grace).next_due_at


def _only_goes_out(story: TitleHistory, current: Plan, decided: Decided) -> bool:
    """Tell whether each release of which something was decided has a message in flight, and nothing was lost.

    A loss that a message due now would have told of has to be told of again once that message is sent too early.
    """
    if any(line.is_lost for line in story.recorded):
        return False
    if current.notice or current.missed or current.with_verdict(PlanVerdict.EXPIRED, PlanVerdict.BEFORE_CHANGE):
        return False
    return {item.ref for item in decided.decisions} == {item.ref for item in decided.decisions if item.channels}


def after(
    sub: Subscription, story: TitleHistory, decided: Decided, now: datetime, *, as_sent: bool
) -> tuple[Subscription, TitleHistory]:
    """Return subscription and story as they stand once `decided` is in the ledger: sent, or still in flight."""
    lines = tuple(_as_recorded(item, now, as_sent) for item in decided.decisions)
    served = sub if decided.noticed_no == sub.noticed_no else replace(sub, noticed_no=decided.noticed_no)
    return served, story.told(lines)


def _arrived(line: RecordedMessage, now: datetime) -> RecordedMessage:
    if line.state not in OPEN:
        return line
    soonest = max(now, line.at)  # what was put off comes at its own moment
    arrived = tuple((name, at or soonest) for name, at in line.arrived)
    return replace(line, state=State.SENT, sent_at=line.sent_at or soonest, closed_at=soonest, arrived=arrived)


def _as_recorded(decision: Decision, now: datetime, as_sent: bool) -> RecordedMessage:
    channels = decision.channels
    going = bool(channels)
    state = (State.SENT if as_sent else State.DUE) if going else decision.slots[0].state
    return RecordedMessage(
        id=decision.reopens or 0,
        ref=decision.ref,
        what=decision.what,
        kind=decision.kind,
        planned=decision.planned,
        change_no=decision.change_no,
        at=decision.at,
        decided_at=now,
        useful_until=decision.useful_until,
        state=state,
        sent_at=now if going and as_sent else None,
        closed_at=now if as_sent or not going else None,
        arrived=tuple((name, now if as_sent else None) for name in channels),
    )
