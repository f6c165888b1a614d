"""Very many who say the same: decided once for all of them, and for each as it would be alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

import pytest
from sqlalchemy import update

from reminder.core.model.entities import ChannelUse, Subscriber
from reminder.core.model.ledger import Decision, Slot, State
from reminder.core.schedule.decide import decide
from reminder.core.schedule.outlook import next_look
from reminder.core.schedule.plan import plan
from reminder.delivery.decide_due import decide_due
from reminder.store.bulk import BulkLoader, NewSubscriber
from reminder.store.decisions import Settled, write_settled
from reminder.store.load_plans import SubscriptionSnapshot
from reminder.store.sql.tables import subscriber, subscription
from tests.support.rules import GRACE, a_title, person
from tests.support.stores import NOW, Rig, listed, put

MORNING = replace(person(name=""), channels=())
DUE = NOW + timedelta(days=30)


def newcomer(
    name: str, settings: Subscriber = MORNING, *, channel: str = "bot", titles: str = "ballard"
) -> NewSubscriber:
    use = ChannelUse(name=channel, address=f"of {name}")
    return NewSubscriber(name=name, settings=settings, use=use, titles=tuple(titles.split()))


ALIKE = ("ravi", "mira", "noor")
OTHERS = (
    newcomer("late", replace(MORNING, at=time(20))),
    newcomer("deaf", replace(MORNING, muted=frozenset({"ballard"}))),
    newcomer("elsewhere", channel="hook"),
    newcomer("choosy", replace(MORNING, quiet=None, notices=frozenset())),
)


@pytest.fixture
def crowded(rig: Rig) -> Rig:
    """Return a database with three who say the same, and four who each say something else."""
    put(rig.store, listed(a_title("Ballard", "2025-07-31"), a_title("Silo", "2025-08-01")))
    with rig.store.write() as tx:
        several = [newcomer(name, titles="ballard silo") for name in ALIKE]
        BulkLoader(now=NOW, grace=GRACE).put(tx, [*several, *OTHERS])
    rig.write(update(subscription).values(next_due_at=DUE))
    return rig


def found(rig: Rig) -> dict[tuple[str, str], Settled]:
    with rig.store.write() as tx:
        settled, _ = decide_due(tx, DUE, GRACE, 100)
    return {(item.case.subscription.subscriber.name, item.case.subscription.title.key): item for item in settled}


def alone(case: SubscriptionSnapshot) -> Settled:
    sub, story = case.subscription, case.story
    current = plan(sub, story, DUE, GRACE)
    decided = decide(sub, story, current, DUE)
    next_due_at = next_look(sub, story, current, decided, DUE, GRACE)
    return Settled(case=case, decisions=decided.decisions, noticed_no=decided.noticed_no, next_due_at=next_due_at)


def states(decisions: tuple[Decision, ...]) -> list[Slot]:
    return [slot for decision in decisions for slot in decision.slots]


def test_for_each_it_is_what_would_be_decided_alone(crowded: Rig) -> None:
    settled = found(crowded)
    assert len(settled) == len(ALIKE) * 2 + len(OTHERS) + 2
    assert [item for item in settled.values() if item != alone(item.case)] == []
    assert Slot(channel="bot", state=State.DUE) in states(settled["ravi", "ballard"].decisions)
    assert Slot(channel="bot", state=State.DUE) not in states(settled["deaf", "ballard"].decisions)
    assert Slot(channel="hook", state=State.DUE) in states(settled["elsewhere", "ballard"].decisions)


def test_who_says_the_same_has_the_very_same_decisions(crowded: Rig) -> None:
    settled = found(crowded)
    assert len({id(settled[name, "ballard"].decisions) for name in ALIKE}) == 1
    assert settled["ravi", "ballard"].decisions != settled["ravi", "silo"].decisions


def test_who_began_later_or_was_told_before_is_looked_at_alone(crowded: Rig) -> None:
    with crowded.store.write() as tx:
        ids = {row.name: row.id for row in tx.execute(subscriber.select())}
        mine = subscription.c.subscriber_id == ids["mira"]
        tx.execute(update(subscription).where(mine).values(began_at=DUE + timedelta(hours=1)))
    told = found(crowded)["noor", "ballard"]
    with crowded.store.write() as tx:
        write_settled(tx, [told], DUE)
    crowded.write(update(subscription).values(next_due_at=DUE))
    settled = found(crowded)
    assert [item for item in settled.values() if item != alone(item.case)] == []
    assert settled["ravi", "ballard"].decisions
    assert settled["mira", "ballard"].decisions == settled["noor", "ballard"].decisions == ()
