"""Plays the future through without sending: the plan's own rules, decision after decision."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush

from reminder.core.model.ledger import OPEN, Decision, RecordedMessage, State, Subscription, TitleHistory
from reminder.core.schedule.decide import Decided, decide
from reminder.core.schedule.moments import MISSED, MISSED_USE
from reminder.core.schedule.plan import Plan, PlanVerdict, plan, plan_of, rungs_of


def outlook(
    sub: Subscription, story: TitleHistory, *, start: datetime, end: datetime, grace: timedelta
) -> Iterator[tuple[datetime, Decision]]:
    """Yield what will be decided for one subscription from `start` (included) to `end` (not), with its instant.

    Every message is taken to arrive at its moment, as it does when its channels work; so is what is on its way.
    """
    now = start
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
    queue = [(part.due_at, number) for number, part in enumerate(parts) if part.due_at is not None]
    heapify(queue)
    lost = {number for number, part in enumerate(parts) if part.may_tell_of_loss(now)}
    while queue and max(queue[0][0], now) < end:
        now = max(queue[0][0], now)
        woken = {number for number in lost if parts[number].has_passed(now)}
        while queue and queue[0][0] <= now:
            woken.add(heappop(queue)[1])
        decided = [item for number in sorted(woken) for item in parts[number].decide(now)]
        if not decided:
            return
        yield from ((now, item) for item in sorted(decided, key=lambda item: item.what == MISSED))
        for number in woken:
            due_at = parts[number].due_at
            if due_at is not None:
                heappush(queue, (due_at, number))
        while queue and parts[queue[0][1]].due_at != queue[0][0]:  # it was woken before its time, and has another now
            heappop(queue)
        lost = {number for number in lost | woken if parts[number].may_tell_of_loss(now)}


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
        only_goes_out = bool(decided.decisions) and _only_goes_out(current, decided)
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
    if _only_goes_out(current, decided):
        return current.later_at
    return plan(*after(sub, story, decided, now, as_sent=False), now, grace).next_due_at


def _only_goes_out(current: Plan, decided: Decided) -> bool:
    """Tell whether each release of which something was decided has a message on its way, and nothing was lost."""
    if current.notice or current.missed or current.with_verdict(PlanVerdict.EXPIRED, PlanVerdict.BEFORE_CHANGE):
        return False
    return {item.ref for item in decided.decisions} == {item.ref for item in decided.decisions if item.channels}


def after(
    sub: Subscription, story: TitleHistory, decided: Decided, now: datetime, *, as_sent: bool
) -> tuple[Subscription, TitleHistory]:
    """Return subscription and story as they stand once `decided` is in the ledger: sent, or still on its way."""
    lines = tuple(_as_recorded(item, now, as_sent) for item in decided.decisions)
    return replace(sub, noticed_no=decided.noticed_no), replace(story, recorded=(*story.recorded, *lines))


def _arrived(line: RecordedMessage, now: datetime) -> RecordedMessage:
    if line.state not in OPEN:
        return line
    arrived = tuple((name, at or now) for name, at in line.arrived)
    return replace(line, state=State.SENT, sent_at=line.sent_at or now, closed_at=now, arrived=arrived)


def _as_recorded(decision: Decision, now: datetime, as_sent: bool) -> RecordedMessage:
    going = bool(decision.channels)
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
        arrived=tuple((name, now if as_sent else None) for name in decision.channels),
    )
