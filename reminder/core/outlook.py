"""What is to come, played through without sending: the plan's own rules, decision after decision."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from reminder.core.decide import Decided, decide
from reminder.core.ledger import OPEN, Decision, Recorded, State, Story, Subscription
from reminder.core.plan import Plan, Verdict, plan


def outlook(
    sub: Subscription, story: Story, *, start: datetime, end: datetime, grace: timedelta
) -> Iterator[tuple[datetime, Decision]]:
    """Yield what will be decided for one subscription from `start` (included) to `end` (not), with its instant.

    Every message is taken to arrive at its moment, as it does when its channels work; so is what is on its way.
    """
    now = start
    story = replace(story, recorded=tuple(_arrived(line, start) for line in story.recorded))
    while True:
        current = plan(sub, story, now, grace)
        due_at = current.next_due_at
        if due_at is None or max(due_at, now) >= end:
            return
        now = max(due_at, now)
        decided = decide(sub, story, plan(sub, story, now, grace), now)
        yield from ((now, decision) for decision in decided.decisions)
        if not decided.decisions and decided.noticed_no == sub.noticed_no:
            return
        sub, story = after(sub, story, decided, now, as_sent=True)


def next_look(
    sub: Subscription, story: Story, current: Plan, decided: Decided, now: datetime, grace: timedelta
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
    if current.notice or current.missed or current.with_verdict(Verdict.EXPIRED, Verdict.BEFORE_CHANGE):
        return False
    return {item.ref for item in decided.decisions} == {item.ref for item in decided.decisions if item.channels}


def after(
    sub: Subscription, story: Story, decided: Decided, now: datetime, *, as_sent: bool
) -> tuple[Subscription, Story]:
    """Return subscription and story as they stand once `decided` is in the ledger: sent, or still on its way."""
    lines = tuple(_as_recorded(item, now, as_sent) for item in decided.decisions)
    return replace(sub, noticed_no=decided.noticed_no), replace(story, recorded=(*story.recorded, *lines))


def _arrived(line: Recorded, now: datetime) -> Recorded:
    if line.state not in OPEN:
        return line
    return replace(line, state=State.SENT, sent_at=line.sent_at or now, closed_at=now)


def _as_recorded(decision: Decision, now: datetime, as_sent: bool) -> Recorded:
    going = bool(decision.channels)
    state = (State.SENT if as_sent else State.DUE) if going else decision.slots[0].state
    return Recorded(
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
    )
