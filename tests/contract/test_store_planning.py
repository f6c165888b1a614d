"""Subscriptions whose moment has come, and what was decided about them: one key, one message, one delivery a channel."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, insert, select, update

from reminder.core.dates.parse import parse_when
from reminder.core.errors import StoreError
from reminder.core.model.entities import Kind
from reminder.core.model.ledger import OPEN, Reason, Slot, State
from reminder.store.decisions import PUT_OFF, Settled, write_settled
from reminder.store.due import due_rows
from reminder.store.load_plans import SubscriptionSnapshot, cases_at, newest_row, next_moment
from reminder.store.outbox_write import claim
from reminder.store.people import lock_people
from reminder.store.sql.tables import delivery, message, subscription
from tests.support.rules import a_title, person
from tests.support.stores import (
    NOW,
    SQLITE,
    Rig,
    case_of,
    decision,
    due,
    due_cases,
    ids,
    listed,
    put,
    settle,
    states,
    uses,
    watching,
)

SECOND = timedelta(seconds=1)
TICK = timedelta(microseconds=1)


def due_names(rig: Rig, now: datetime, limit: int = 100) -> list[str]:
    with rig.store.write() as tx:
        return [case.subscription.title.name for case in due_cases(tx, now, limit)]


def point(rig: Rig, **names: datetime | None) -> None:
    put(rig.store, listed(*(a_title(name) for name in names)))
    with rig.store.write() as tx:
        for name, at in names.items():
            case = case_of(tx, key=name.casefold())
            tx.execute(update(subscription).where(subscription.c.id == case.id).values(next_due_at=at))


def case(rig: Rig) -> SubscriptionSnapshot:
    with rig.store.read() as tx:
        return case_of(tx)


def test_due_is_at_or_before_now_to_the_microsecond_and_the_oldest_comes_first(rig: Rig) -> None:
    point(rig, Later=NOW + TICK, Now=NOW, Never=None, Past=NOW - timedelta(days=400), Before=NOW - TICK)
    assert due_names(rig, NOW) == ["Past", "Before", "Now"]
    assert due_names(rig, NOW + TICK) == ["Past", "Before", "Now", "Later"]


def test_what_is_due_for_one_person_is_looked_at_together_whatever_the_limit(rig: Rig) -> None:
    put(rig.store, listed(a_title("Ballard"), a_title("Silo"), people=[person(name="asha"), person(name="ravi")]))
    rig.write(update(subscription).values(next_due_at=NOW))
    with rig.store.write() as tx:
        first = due_rows(tx, NOW, 1)
        cases = cases_at(tx, first.rows, NOW)
    assert [(case.subscription.subscriber.name, case.subscription.title.name) for case in cases] == [
        ("asha", "Ballard"),
        ("asha", "Silo"),
    ]
    assert first.more
    with rig.store.write() as tx:
        assert len(due_rows(tx, NOW, 4).rows) == 4


def test_what_comes_due_after_very_many_does_not_wait_for_them(rig: Rig) -> None:
    people = [person(name=f"p{number:02}") for number in range(40)]
    put(rig.store, listed(a_title("Ballard"), people=people))
    rig.write(update(subscription).values(next_due_at=NOW))
    rig.write(update(subscription).where(subscription.c.subscriber_id == 40).values(next_due_at=NOW + SECOND))
    with rig.store.write() as tx:
        names = [case.subscription.subscriber.name for case in due_cases(tx, NOW + SECOND, 10)]
    assert "p39" in names
    assert "p00" in names


def test_a_person_who_is_looked_at_is_left_alone_by_others(rig: Rig) -> None:
    put(rig.store, listed(a_title("Ballard"), a_title("Silo"), people=[person(name="asha"), person(name="ravi")]))
    rig.write(update(subscription).values(next_due_at=NOW))
    if rig.kind == SQLITE:
        return  # there the whole database is one daemon's
    other = rig.another()
    with rig.store.write() as tx, other.write() as second:
        assert {case.subscription.subscriber.name for case in due_cases(tx, NOW, 2)} == {"asha"}
        assert lock_people(second, [1, 2]) == {2}  # who does not fit is not kept from the others
    with rig.store.write() as tx, other.write() as second:
        assert lock_people(tx, [1]) == {1}
        assert {case.subscription.subscriber.name for case in due_cases(second, NOW, 9)} == {"ravi"}


def test_what_ended_is_never_due(rig: Rig) -> None:
    point(rig, Ballard=NOW)
    put(rig.store, listed(), NOW)
    rig.write(update(subscription).values(next_due_at=NOW))
    assert due_names(rig, NOW) == []


def test_a_case_carries_all_that_was_decided_before(rig: Rig) -> None:
    due(rig.store, first=["mail", "phone"])
    (line,) = case(rig).story.recorded
    assert (line.what, line.planned, line.kind) == ("first", parse_when("July 9, 2025"), Kind.REMINDER)
    assert (line.at, line.decided_at, line.useful_until) == (NOW, NOW, NOW + timedelta(days=9))
    assert line.state in OPEN


@pytest.mark.parametrize(
    ("mail", "phone", "sum_"),
    [
        (State.SENT, State.DUE, State.RETRYING),
        (State.SENDING, State.FAILED, State.RETRYING),
        (State.SENT, State.FAILED, State.SENT),
        (State.FAILED, State.EXPIRED, State.FAILED),
        (State.EXPIRED, State.SUPERSEDED, State.EXPIRED),
        (State.SUPERSEDED, State.SKIPPED, State.SUPERSEDED),
        (State.SKIPPED, State.SKIPPED, State.SKIPPED),
    ],
)
def test_the_deliveries_of_a_message_sum_up_to_one_state(rig: Rig, mail: State, phone: State, sum_: State) -> None:
    numbers = due(rig.store, first=["mail", "phone"])
    for name, state in (("mail", mail), ("phone", phone)):
        closed_at = None if state in OPEN else NOW
        change = update(delivery).where(delivery.c.id == numbers[f"first/{name}"])
        rig.write(change.values(state=state, closed_at=closed_at))
    (line,) = case(rig).story.recorded
    assert line.state is sum_
    assert line.sent_at == (NOW if State.SENT in {mail, phone} else None)


def test_the_pointer_moves_on_with_what_was_decided(rig: Rig) -> None:
    put(rig.store, listed(a_title()))
    with rig.store.write() as tx:
        write_settled(
            tx, [Settled(case=case_of(tx), decisions=(), noticed_no=3, next_due_at=NOW + timedelta(days=1))], NOW
        )
    found = case(rig)
    assert (found.next_due_at, found.subscription.noticed_no) == (NOW + timedelta(days=1), 3)
    with rig.store.write() as tx:
        settle(tx, found)
    assert case(rig).next_due_at is None


def test_one_decision_writes_one_message_and_one_delivery_a_channel(rig: Rig) -> None:
    put(rig.store, listed(a_title()))
    slots = (
        Slot(channel="mail", state=State.DUE),
        Slot(channel="phone", state=State.SUPERSEDED, reason=Reason.BY_NOTICE),
        Slot(channel=None, state=State.SKIPPED, reason=Reason.NO_CHANNEL),
    )
    with rig.store.write() as tx:
        found = case_of(tx)
        settle(tx, found, decision(found, slots=slots, due_at=NOW + SECOND, others=4, heard=parse_when("July 2025")))
    (row,) = rig.rows(select(message))
    assert (row.kind, row.lead, row.label, row.planned, row.heard) == (
        "reminder",
        "7d",
        "premiere",
        "2025-07-09",
        "2025-07",
    )
    assert row.detail == {"others": 4}
    lines = rig.rows(select(delivery).order_by(delivery.c.id))
    assert [(line.channel, line.state, line.reason, line.due_at, line.closed_at) for line in lines] == [
        ("mail", "due", None, NOW + SECOND, None),
        ("phone", "superseded", Reason.BY_NOTICE, None, NOW),
        (None, "skipped", Reason.NO_CHANNEL, None, NOW),
    ]


def test_the_messages_of_a_batch_each_get_their_own_deliveries(rig: Rig) -> None:
    names = [f"T{number:02}" for number in range(30)]
    put(rig.store, listed(*map(a_title, names)))
    with rig.store.write() as tx:
        cases = due_cases(tx, NOW, 100)
        settled = [
            Settled(
                case=item, decisions=(decision(item, item.subscription.title.name),), noticed_no=0, next_due_at=None
            )
            for item in cases
        ]
        write_settled(tx, settled, NOW)
    assert list(ids(rig.store)) == [f"{name}/mail" for name in names]
    with rig.store.read() as tx:
        found = case_of(tx, key="t07")
    assert [line.what for line in found.story.recorded] == ["T07"]


def test_a_key_that_is_taken_puts_off_its_own_subscription_and_stops_nobody_else(
    rig: Rig, caplog: pytest.LogCaptureFixture
) -> None:
    put(rig.store, listed(a_title(), a_title("Silo")))
    with rig.store.write() as tx:
        taken, other = (case_of(tx, key=key) for key in ("ballard", "silo"))
        settle(tx, taken, decision(taken))
    with rig.store.write() as tx:
        both = [
            Settled(case=item, decisions=(decision(item),), noticed_no=1, next_due_at=None) for item in (taken, other)
        ]
        write_settled(tx, both, NOW)
    with rig.store.read() as tx:
        taken, other = (case_of(tx, key=key) for key in ("ballard", "silo"))
    assert (taken.next_due_at, taken.subscription.noticed_no) == (NOW + PUT_OFF, 0)
    assert (other.next_due_at, other.subscription.noticed_no) == (None, 1)
    assert len(taken.story.recorded) == len(other.story.recorded) == 1
    assert [record.message for record in caplog.records] == ["decisions not stored"]


@pytest.mark.parametrize("part", ["subscriber_id", "season", "first", "what", "anchor"])
def test_no_two_messages_have_one_key(rig: Rig, part: str) -> None:
    put(rig.store, listed(a_title(), people=[person(), person(name="ravi")]))
    with rig.store.write() as tx:
        asha, ravi = (case_of(tx, name) for name in ("asha", "ravi"))
        settle(tx, asha, decision(asha))
    columns = [column for column in message.c if column.name not in {"id", "detail"}]
    (row,) = rig.rows(select(*columns))
    other = {"subscriber_id": ravi.subscriber_id, "season": 2, "first": 2, "what": "other", "anchor": "other"}
    rig.write(insert(message), [{**row._mapping, part: other[part]}])
    with pytest.raises(StoreError):
        rig.write(insert(message), [dict(row._mapping)])


def test_a_message_has_one_delivery_a_channel_and_any_number_of_skips(rig: Rig) -> None:
    due(rig.store, first=["mail"])
    (row,) = rig.rows(select(delivery))
    again = {key: value for key, value in row._mapping.items() if key != "id"}
    rig.write(insert(delivery), [{**again, "state": State.SKIPPED}, {**again, "state": State.SKIPPED}])
    rig.write(insert(delivery), [{**again, "channel": "phone"}])
    with pytest.raises(StoreError):
        rig.write(insert(delivery), [{**again, "state": State.SENT}])


def test_a_skip_closes_no_key_and_is_reopened_under_its_own_number(rig: Rig) -> None:
    put(rig.store, listed(a_title()))
    with rig.store.write() as tx:
        found = case_of(tx)
        settle(tx, found, decision(found, slots=(Slot(channel="mail", state=State.SKIPPED, reason=Reason.MUTED),)))
    (line,) = case(rig).story.recorded
    later = NOW + timedelta(hours=1)
    with rig.store.write() as tx:
        found = case_of(tx)
        settle(tx, found, decision(found, reopens=line.id, change_no=2), now=later)
    (again,) = case(rig).story.recorded
    assert (again.id, again.state, again.decided_at, again.change_no) == (line.id, State.RETRYING, later, 2)
    rows = rig.rows(select(delivery.c.state, delivery.c.reason).order_by(delivery.c.id))
    assert [tuple(row) for row in rows] == [("skipped", Reason.MUTED), ("due", None)]


def test_what_still_waits_is_superseded_on_the_channels_of_the_next_message_about_that_release(rig: Rig) -> None:
    due(rig.store, other_release=["mail"])
    rig.write(update(message).values(first=2))
    with rig.store.write() as tx:
        found = case_of(tx)
        settle(tx, found, decision(found, "first", ["mail", "phone"]))
    rig.write(update(delivery).where(delivery.c.channel == "phone").values(state=State.RETRYING, due_at=NOW + SECOND))
    with rig.store.write() as tx:
        found = case_of(tx)
        settle(tx, found, decision(found, "second", ["phone"]), now=NOW + SECOND)
    assert states(rig.store) == {
        "other_release/mail": "due",
        "first/mail": "due",
        "first/phone": "superseded",
        "second/phone": "due",
    }
    (row,) = rig.rows(select(delivery).where(delivery.c.state == State.SUPERSEDED))
    assert (row.reason, row.due_at, row.closed_at) == (Reason.BY_LATER, None, NOW + SECOND)


def test_what_is_on_its_way_is_not_superseded(rig: Rig) -> None:
    numbers = due(rig.store, first=["mail"])
    with rig.store.write() as tx:
        claim(tx, list(numbers.values()), "someone", NOW)
        found = case_of(tx)
        settle(tx, found, decision(found, "second"))
    assert states(rig.store) == {"first/mail": "sending", "second/mail": "due"}


def test_a_reopened_message_supersedes_others_and_not_itself(rig: Rig) -> None:
    due(rig.store, skipped=["phone"], waits=["mail", "phone"])
    rig.write(update(delivery).where(delivery.c.message_id == 1).values(state=State.SKIPPED, closed_at=NOW))
    with rig.store.write() as tx:
        found = case_of(tx)
        settle(tx, found, decision(found, "skipped", ["phone"], reopens=found.story.recorded[0].id))
    rows = rig.rows(select(delivery.c.message_id, delivery.c.channel, delivery.c.state).order_by(delivery.c.id))
    assert [tuple(row)[1:] for row in rows] == [
        ("phone", "skipped"),
        ("mail", "due"),
        ("phone", "superseded"),
        ("phone", "due"),
    ]


def test_the_next_moment_is_the_earliest_of_pointers_and_open_deliveries(rig: Rig) -> None:
    def moment() -> datetime | None:
        with rig.store.read() as tx:
            return next_moment(tx)

    assert moment() is None
    due(rig.store, first=["mail", "phone"])
    rig.write(update(subscription).values(next_due_at=NOW + 5 * SECOND))
    rig.write(update(delivery).where(delivery.c.channel == "mail").values(due_at=NOW + 3 * SECOND))
    rig.write(update(delivery).where(delivery.c.channel == "phone").values(state=State.SENT, due_at=None))
    assert moment() == NOW + 3 * SECOND
    rig.write(update(delivery).values(state=State.SENDING))
    assert moment() == NOW + 5 * SECOND
    put(rig.store, listed())
    assert moment() is None


def test_the_newest_row_is_the_last_try_or_verdict(rig: Rig) -> None:
    with rig.store.read() as tx:
        assert newest_row(tx) is None
    due(rig.store, first=["mail"], second=["phone"])
    rig.write(update(delivery).where(delivery.c.channel == "mail").values(tried_at=NOW + TICK))
    with rig.store.read() as tx:
        assert newest_row(tx) == NOW + TICK


def test_a_batch_takes_as_many_statements_as_one_subscription(rig: Rig) -> None:
    def statements(number: int, what: str) -> int:
        works = [a_title(f"T{index}") for index in range(number)]
        put(rig.store, listed(*works, people=[person(channels=uses("mail", "phone"))]))
        with watching(rig.store) as seen, rig.store.write() as tx:
            cases = due_cases(tx, NOW, 200)
            write_settled(
                tx,
                [
                    Settled(
                        case=item,
                        decisions=(decision(item, what, ["mail", "phone"]),),
                        noticed_no=0,
                        next_due_at=NOW,
                    )
                    for item in cases
                ],
                NOW,
            )
        return len(seen)

    statements(1, "first")
    assert statements(60, "second") <= statements(1, "third") + 1
    assert rig.rows(select(func.count()).select_from(delivery))[0][0] == 2 * (1 + 60 + 1)
