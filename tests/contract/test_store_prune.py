"""The ledger kept to its time: what is over long ago goes, in small batches, and no key ever comes up again."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from reminder.core.model.ledger import State
from reminder.core.schedule.plan import PlanVerdict, plan
from reminder.daemon.retention import DAILY, Pruner
from reminder.delivery.sender import InlineSender
from reminder.delivery.sweep import Sweeper
from reminder.notify.fake import FakeTransport
from reminder.store.load_plans import settled_before
from reminder.store.prune import BATCH, prune_batch
from reminder.store.sql.tables import delivery, message
from reminder.texts.templates.engine import Templates
from tests.support.rules import GRACE, a_title, at
from tests.support.stores import NOW, Rig, case_of, decision, listed, put, settle

KEEP = timedelta(days=100)
YEAR = NOW + timedelta(days=365)


def lived(rig: Rig, *days: str, when: str = "2025-07-09") -> Sweeper:
    """Return a sweeper over a database in which these mornings were lived through."""
    what = listed(a_title("Ballard", when))
    put(rig.store, what, at("2025-06-01 10:00"))
    sender = InlineSender(FakeTransport())
    sweeper = Sweeper(store=rig.store, sender=sender, channels=what.channels, templates=Templates({}), grace=GRACE)
    for day in days:
        settle_at(sweeper, at(f"{day} 09:00"))
    return sweeper


def settle_at(sweeper: Sweeper, now: datetime) -> int:
    """Sweep until nothing is left to do; return how much was decided, sent or dropped."""
    done = 0
    for _ in range(10):
        report = sweeper.sweep(now)
        done += report.decided + report.sent + report.given_up
    return done


def whats(rig: Rig) -> list[str]:
    return [row.what for row in rig.rows(select(message.c.what).order_by(message.c.id))]


def keep(rig: Rig, now: datetime, keep_for: timedelta = KEEP) -> int:
    return Pruner(store=rig.store, keep=keep_for).prune(now)


def test_what_was_over_long_ago_goes_and_is_never_decided_again(rig: Rig) -> None:
    sweeper = lived(rig, "2025-07-02", "2025-07-08", "2025-07-09")
    assert whats(rig) == ["7d", "1d", "day"]
    assert keep(rig, YEAR) == 2
    assert whats(rig) == ["day"]  # the newest row: the clock is held against it
    assert len(rig.rows(select(delivery))) == len(rig.rows(select(message)))
    with rig.store.write() as tx:
        case = case_of(tx)
        again = plan(case.subscription, case.story, YEAR, GRACE)
    assert {item.moment.what: item.verdict for item in again.planned} == {
        "7d": PlanVerdict.FORGOTTEN,
        "1d": PlanVerdict.FORGOTTEN,
        "day": PlanVerdict.RECORDED,
    }
    put(rig.store, listed(a_title("Ballard", "2025-07-09", note="a new note")), YEAR)
    assert settle_at(sweeper, YEAR) == 0
    assert whats(rig) == ["day"]


def test_without_the_mark_it_would_be_decided_anew(rig: Rig) -> None:
    sweeper = lived(rig, "2025-07-02", "2025-07-08", "2025-07-09")
    rig.write(delivery.delete())
    rig.write(message.delete())
    put(rig.store, listed(a_title("Ballard", "2025-07-09", note="a new note")), YEAR)
    assert settle_at(sweeper, YEAR) > 0


def test_the_next_season_of_a_pruned_title_is_told_as_ever(rig: Rig) -> None:
    sweeper = lived(rig, "2025-07-02", "2025-07-08", "2025-07-09")
    keep(rig, YEAR)
    put(rig.store, listed(a_title("Ballard", "2027-07-09")), YEAR)
    settle_at(sweeper, YEAR + timedelta(days=1))
    settle_at(sweeper, at("2027-07-02 09:00"))
    assert whats(rig)[1:] == ["notice", "7d"]


def test_a_release_that_is_still_to_come_keeps_all_that_was_said_of_it(rig: Rig) -> None:
    sweeper = lived(rig, when="2025-07-09")
    put(rig.store, listed(a_title("Ballard", "2030-07-09")), at("2025-06-02 10:00"))
    settle_at(sweeper, at("2025-06-03 09:00"))
    assert whats(rig) == ["notice"]
    rig.write(update(message).values(useful_until=at("2025-07-01 09:00")))
    with rig.store.write() as tx:
        case = case_of(tx)
        settle(tx, case, decision(case, "1d", at=NOW))  # the newest row is another
    assert keep(rig, YEAR) == 0


@pytest.mark.parametrize("state", [State.RETRYING, State.SENDING, State.DUE])
def test_what_is_open_stays_however_old(rig: Rig, state: State) -> None:
    lived(rig, "2025-07-02", "2025-07-08", "2025-07-09")
    rig.write(update(delivery).values(state=state, closed_at=None))
    assert keep(rig, YEAR) == 0


def test_for_ever_is_for_ever(rig: Rig) -> None:
    lived(rig, "2025-07-02", "2025-07-08", "2025-07-09")
    assert keep(rig, YEAR, timedelta(0)) == 0


def test_what_is_younger_than_that_stays_and_nothing_is_written(rig: Rig) -> None:
    lived(rig, "2025-07-02", "2025-07-08", "2025-07-09")
    assert keep(rig, NOW + timedelta(days=99)) == 0
    with rig.store.read() as tx:
        assert settled_before(tx) is None


def test_a_clock_that_was_in_the_future_settles_nothing_that_is_to_come(rig: Rig) -> None:
    sweeper = lived(rig, "2025-07-02")
    with rig.store.write() as tx:
        case = case_of(tx)
        settle(tx, case, decision(case, "1d"), next_due_at=at("2025-07-08 09:00"))
        prune_batch(tx, at("2040-01-01 00:00"), 0)
        assert settled_before(tx) is not None
    assert settle_at(sweeper, at("2025-07-09 09:00")) > 0
    assert whats(rig)[-1] == "day"


def test_a_long_ledger_goes_in_batches(rig: Rig) -> None:
    lived(rig, "2025-07-02")
    row = rig.rows(select(message))[0]._mapping
    rows = [{**row, "id": row["id"] + n, "what": f"w{n}"} for n in range(1, BATCH + 3)]
    rig.write(message.insert(), rows)
    with rig.store.write() as tx:
        first = prune_batch(tx, YEAR, 0)
        second = prune_batch(tx, YEAR, first.last)
    assert (first.gone, first.more) == (BATCH - 1, True)
    assert (second.gone, second.more) == (2, False)


def test_it_is_done_once_a_day(rig: Rig) -> None:
    lived(rig, "2025-07-02", "2025-07-08", "2025-07-09")
    pruner = Pruner(store=rig.store, keep=KEEP)
    assert pruner.daily(YEAR) == 2
    rig.write(update(message).values(useful_until=NOW))
    with rig.store.write() as tx:
        case = case_of(tx)
        settle(tx, case, decision(case, "newest"), now=YEAR)
    assert pruner.daily(YEAR + DAILY / 2) == 0
    assert pruner.daily(YEAR + DAILY) == 1
