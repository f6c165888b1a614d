"""The outbox: what waits, who has claimed it, and how it went. The fence, the lease, and channels that are down."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import StatementError

from reminder.core.dates.parse import parse_when
from reminder.core.dates.when import UNKNOWN
from reminder.core.errors import StoreError, StoreLocked
from reminder.core.model.entities import ChannelUse, Kind
from reminder.core.model.ledger import Reason, State
from reminder.core.schedule.listing import ListedEntry
from reminder.store import channels as channel_store
from reminder.store.outbox_read import all_waiting, by_pair, dressed, due_ids, due_pairs
from reminder.store.outbox_write import (
    LEASE,
    DeliveryOutcome,
    claim,
    close,
    hand_back,
    look_again,
    parked_channels,
    postpone,
    pull_in,
    record,
    renew,
    supersede_stale,
    take_over,
)
from reminder.store.people import reopen_channel
from reminder.store.sql.tables import channel, delivery, message, subscriber, subscription
from tests.support.rules import a_title, person
from tests.support.stores import (
    NOW,
    PATIENCE,
    POSTGRESQL,
    Rig,
    case_of,
    channels,
    decision,
    due,
    listed,
    put,
    settle,
    states,
    uses,
    watching,
)

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
ME, OTHER = "me", "other"


def row(rig: Rig, number: int) -> Any:
    (found,) = rig.rows(select(delivery).where(delivery.c.id == number))
    return found


def one(rig: Rig) -> int:
    return due(rig.store, first=["mail"])["first/mail"]


def claimed(rig: Rig, owner: str = ME) -> int:
    number = one(rig)
    with rig.store.write() as tx:
        claim(tx, [number], owner, NOW)
    return number


def outcome(number: int, attempt: int = 1, **over: Any) -> DeliveryOutcome:
    return DeliveryOutcome(**{"id": number, "attempt": attempt, "state": State.SENT, "reason": None, **over})


def note(rig: Rig, *outcomes: DeliveryOutcome, owner: str = ME, now: datetime = NOW) -> int:
    with rig.store.write() as tx:
        return record(tx, outcomes, owner, now)


def lapse(rig: Rig, number: int) -> None:
    """Let a lease end: by the database's clock, which no test can turn."""
    rig.write(update(delivery).where(delivery.c.id == number).values(lease_until=datetime(2000, 1, 1, tzinfo=UTC)))


def due_at(rig: Rig, **times: datetime) -> dict[str, int]:
    numbers = due(rig.store, **{name: ["mail"] for name in times})
    for name, at in times.items():
        rig.write(
            update(delivery).where(delivery.c.id == numbers[f"{name}/mail"]).values(due_at=at, state=State.RETRYING)
        )
    return numbers


# What waits


def test_due_is_at_or_before_now_and_the_oldest_comes_first(rig: Rig) -> None:
    numbers = due_at(rig, later=NOW + SECOND, now=NOW, before=NOW - HOUR)
    with rig.store.write() as tx:
        pairs = due_pairs(tx, NOW, full=(), limit=9)
        found = due_ids(tx, pairs, NOW)
        waiting = all_waiting(tx)
    assert pairs == [(waiting[0].subscriber_id, "mail")]
    assert found == {pairs[0]: [numbers["before/mail"], numbers["now/mail"]]}
    assert [item.id for item in waiting] == [numbers[f"{name}/mail"] for name in ("before", "now", "later")]


def test_channels_that_are_full_are_left_out(rig: Rig) -> None:
    due(rig.store, first=["mail", "phone"])
    with rig.store.read() as tx:
        assert [name for _, name in due_pairs(tx, NOW, full=(), limit=9)] == ["mail", "phone"]
        assert [name for _, name in due_pairs(tx, NOW, full={"mail"}, limit=9)] == ["phone"]
        assert due_pairs(tx, NOW, full={"mail", "phone"}, limit=9) == []
        assert len(due_pairs(tx, NOW, full=(), limit=1)) == 1
        assert due_ids(tx, [], NOW) == {}


def test_what_waits_carries_what_is_true_now(rig: Rig) -> None:
    due(rig.store, first=["mail"])
    put(rig.store, listed(a_title(when="2025-07-16"), people=[person(muted=frozenset({"ballard"}))]), NOW + SECOND)
    with rig.store.read() as tx:
        (item,) = all_waiting(tx)
    assert item.planned == parse_when("2025-07-09")
    assert item.release.when == parse_when("2025-07-16")
    assert (item.title, item.is_muted, item.ended_at) == (a_title(when="2025-07-16"), True, None)
    assert (item.kind, str(item.lead), item.attempts, item.plain) == (Kind.REMINDER, "7d", 0, False)


def test_what_waits_about_something_no_longer_listed_says_so(rig: Rig) -> None:
    due(rig.store, first=["mail"])
    put(rig.store, listed(ListedEntry(title=a_title("Silo"))), NOW + SECOND)
    with rig.store.read() as tx:
        (item,) = all_waiting(tx)
    assert item.ended_at == NOW + SECOND


def test_what_waits_about_a_release_that_is_gone_has_no_date(rig: Rig) -> None:
    due(rig.store, first=["mail"])
    rig.write(update(message).values(first=7))
    with rig.store.read() as tx:
        (item,) = all_waiting(tx)
    assert (item.release.first, item.release.label, item.release.when) == (7, "premiere", UNKNOWN)


def test_waiting_is_read_in_as_many_statements_for_many_as_for_one(rig: Rig) -> None:
    names = [f"T{number}" for number in range(40)]
    people = [person(name=f"p{number}") for number in range(3)]
    put(rig.store, listed(*map(a_title, names), people=people))
    with rig.store.write() as tx:
        for who in people:
            for name in names:
                case = case_of(tx, who.name, name.casefold())
                settle(tx, case, decision(case))
    with rig.store.read() as tx:
        every = [item.id for item in all_waiting(tx)]
        assert len(every) == 120
        with watching(rig.store) as few:
            dressed(tx, every[:1])
        with watching(rig.store) as many:
            found = dressed(tx, every)
    assert len(many) == len(few)
    assert {pair: len(items) for pair, items in by_pair(found).items()} == {(n, "mail"): 40 for n in (1, 2, 3)}


def test_held_and_closed_deliveries_say_why(rig: Rig) -> None:
    numbers = due(rig.store, first=["mail", "phone"])
    with rig.store.write() as tx:
        postpone(tx, [numbers["first/mail"]], NOW + HOUR, "quiet hours")
        close(tx, [numbers["first/phone"]], State.EXPIRED, Reason.OVER, NOW)
    held, closed = row(rig, numbers["first/mail"]), row(rig, numbers["first/phone"])
    assert (held.state, held.due_at, held.reason, held.attempts) == ("due", NOW + HOUR, "quiet hours", 0)
    assert (closed.state, closed.due_at, closed.reason, closed.closed_at) == ("expired", None, Reason.OVER, NOW)


# Claimed and recorded


def test_a_claim_is_under_a_name_a_number_and_a_lease_by_the_databases_clock(rig: Rig) -> None:
    number = claimed(rig)
    found = row(rig, number)
    (database_now,) = rig.rows(select(func.current_timestamp()))[0]
    left = found.lease_until - database_now.replace(tzinfo=database_now.tzinfo or UTC)
    assert (found.state, found.owner, found.attempts, found.tried_at) == ("sending", ME, 1, NOW)
    # The test's `now` is years away from the database's clock; the lease is not.
    assert LEASE - 60 * SECOND < left <= LEASE + SECOND
    with rig.store.write() as tx:
        assert due_pairs(tx, NOW, full=(), limit=9) == []


def test_what_was_sent_is_closed_and_stays_so(rig: Rig) -> None:
    number = claimed(rig)
    assert note(rig, outcome(number, reason="250 OK")) == 1
    found = row(rig, number)
    assert (found.state, found.reason, found.closed_at, found.due_at) == ("sent", "250 OK", NOW, None)
    assert (found.owner, found.lease_until) == (None, None)
    assert note(rig, outcome(number)) == 0


def test_what_failed_for_now_is_due_again_and_keeps_its_attempts(rig: Rig) -> None:
    number = claimed(rig)
    again = outcome(number, state=State.RETRYING, reason="503", due_at=NOW + HOUR, plain=True)
    assert note(rig, again) == 1
    found = row(rig, number)
    assert (found.state, found.due_at, found.attempts, found.plain, found.closed_at) == (
        "retrying",
        NOW + HOUR,
        1,
        1,
        None,
    )
    with rig.store.write() as tx:
        assert due_ids(tx, [(1, "mail")], NOW + HOUR - SECOND) == {}
        assert due_ids(tx, [(1, "mail")], NOW + HOUR) == {(1, "mail"): [number]}


def test_what_never_left_gives_its_attempt_back(rig: Rig) -> None:
    number = claimed(rig)
    assert note(rig, outcome(number, state=State.DUE, due_at=NOW + SECOND, made=0)) == 1
    assert row(rig, number).attempts == 0


@pytest.mark.parametrize(
    ("owner", "attempt", "is_ours"), [(ME, 1, True), (OTHER, 1, False), (ME, 2, False), (ME, 0, False)]
)
def test_the_fence_lets_only_the_owner_of_this_attempt_record(
    rig: Rig, owner: str, attempt: int, is_ours: bool
) -> None:
    number = claimed(rig)
    assert note(rig, outcome(number, attempt), owner=owner) == int(is_ours)
    assert row(rig, number).state == (State.SENT if is_ours else State.SENDING)


def test_many_are_recorded_at_once_and_only_ours_count(rig: Rig) -> None:
    numbers = due(rig.store, first=["mail", "phone"])
    mine, theirs = numbers["first/mail"], numbers["first/phone"]
    with rig.store.write() as tx:
        claim(tx, [mine], ME, NOW)
        claim(tx, [theirs], OTHER, NOW)
    with watching(rig.store) as seen:
        assert note(rig, outcome(mine), outcome(theirs)) == 1
        assert note(rig) == 0
    assert len(seen) == 1
    assert states(rig.store) == {"first/mail": "sent", "first/phone": "sending"}


# The lease


def test_only_a_lease_that_has_ended_is_taken_over(rig: Rig) -> None:
    numbers = due(rig.store, first=["mail", "phone"])
    with rig.store.write() as tx:
        claim(tx, list(numbers.values()), ME, NOW)
    lapse(rig, numbers["first/mail"])
    with rig.store.write() as tx:
        assert take_over(tx, NOW + HOUR, all_of_them=False) == 1
    found = row(rig, numbers["first/mail"])
    assert (found.state, found.due_at, found.attempts, found.owner) == ("retrying", NOW + HOUR, 1, None)
    assert states(rig.store)["first/phone"] == "sending"


def test_a_starting_daemon_that_is_the_only_one_takes_over_everything_at_once(rig: Rig) -> None:
    numbers = due(rig.store, first=["mail", "phone"])
    with rig.store.write() as tx:
        claim(tx, list(numbers.values()), ME, NOW)
        assert take_over(tx, NOW, all_of_them=True) == 2
    assert set(states(rig.store).values()) == {"retrying"}


def test_one_who_wakes_after_its_lease_finds_the_door_shut(rig: Rig) -> None:
    number = claimed(rig)
    lapse(rig, number)
    with rig.store.write() as tx:
        take_over(tx, NOW, all_of_them=False)
    assert note(rig, outcome(number)) == 0
    with rig.store.write() as tx:
        claim(tx, [number], ME, NOW)
    assert note(rig, outcome(number, attempt=1)) == 0
    assert note(rig, outcome(number, attempt=2)) == 1


def test_a_lease_is_renewed_by_its_owner_and_by_nobody_else(rig: Rig) -> None:
    number = claimed(rig)
    lapse(rig, number)
    with rig.store.write() as tx:
        assert renew(tx, OTHER) == 0
        assert renew(tx, ME) == 1
        assert take_over(tx, NOW, all_of_them=False) == 0


def test_a_daemon_that_stops_hands_back_only_its_own(rig: Rig) -> None:
    numbers = due(rig.store, first=["mail", "phone"])
    with rig.store.write() as tx:
        claim(tx, [numbers["first/mail"]], ME, NOW)
        claim(tx, [numbers["first/phone"]], OTHER, NOW)
        assert hand_back(tx, ME, NOW + SECOND) == 1
    assert states(rig.store) == {"first/mail": "retrying", "first/phone": "sending"}
    assert row(rig, numbers["first/mail"]).due_at == NOW + SECOND
    assert note(rig, outcome(numbers["first/mail"])) == 0


def test_waits_counted_by_a_clock_that_was_set_back_end_now(rig: Rig) -> None:
    numbers = due_at(rig, ahead=NOW + 9 * HOUR, right=NOW + HOUR)
    rig.write(update(delivery).where(delivery.c.id == numbers["ahead/mail"]).values(tried_at=NOW + 8 * HOUR))
    with rig.store.write() as tx:
        assert pull_in(tx, NOW) == 1
    assert row(rig, numbers["ahead/mail"]).due_at == NOW
    assert row(rig, numbers["right/mail"]).due_at == NOW + HOUR


# Several sweepers


def test_two_sweepers_on_two_processes_never_claim_the_same_delivery(rig: Rig) -> None:
    people = [person(name=f"p{number}", channels=uses("mail", "phone")) for number in range(12)]
    put(rig.store, listed(*(a_title(f"T{number}") for number in range(5)), people=people))
    with rig.store.write() as tx:
        for who in people:
            for number in range(5):
                case = case_of(tx, who.name, f"t{number}")
                settle(tx, case, decision(case, channels=["mail", "phone"]))
    command = [sys.executable, "-m", "tests.support.claimer"]
    sweepers = [
        subprocess.Popen(
            [*command, f"sweeper-{number}", NOW.isoformat()], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for number in range(2)
    ]
    for sweeper in sweepers:
        assert sweeper.stdout is not None
        assert sweeper.stdout.readline() == "ready\n"
    for sweeper in sweepers:
        assert sweeper.stdin is not None
        sweeper.stdin.write(f"{rig.database.reveal()}\n")
        sweeper.stdin.flush()
    ends = [sweeper.communicate()[0] for sweeper in sweepers]
    first, second = (json.loads(text) for text in ends)
    assert len(first) + len(second) == 120
    assert set(first).isdisjoint(second)
    owners = rig.rows(select(delivery.c.owner, func.count()).where(delivery.c.attempts == 1).group_by(delivery.c.owner))
    assert {owner: number for owner, number in owners if number} == {
        name: len(mine) for name, mine in (("sweeper-0", first), ("sweeper-1", second)) if mine
    }


def test_what_one_transaction_looks_at_no_other_takes(rig: Rig) -> None:
    due(rig.store, first=["mail", "phone"])
    other = rig.another(patience=PATIENCE)
    with rig.store.write() as tx:
        mine = due_ids(tx, [(1, "mail")], NOW)
        if rig.kind == POSTGRESQL:
            with other.write() as second:
                assert due_ids(second, [(1, "mail"), (1, "phone")], NOW).keys() == {(1, "phone")}
        else:
            with pytest.raises(StoreLocked), other.write():
                pass
    assert list(mine) == [(1, "mail")]


def test_a_lock_that_is_not_to_be_had_is_said_and_reading_goes_on(rig: Rig) -> None:
    number = one(rig)
    other = rig.another(patience=PATIENCE)
    statement = update(delivery).where(delivery.c.id == number).values(reason="held")
    with rig.store.write() as tx:
        tx.execute(statement)
        with pytest.raises(StoreLocked, match="another program holds the database"), other.write() as second:
            second.execute(statement)
        with other.read() as reading:
            assert [item.last_reason for item in all_waiting(reading)] == [None]
    with other.write() as second:
        second.execute(statement)


# Overtaken


@pytest.mark.parametrize(
    ("newer", "overtakes"),
    [
        (State.DUE, True),
        (State.SENDING, True),
        (State.RETRYING, True),
        (State.SENT, True),
        (State.SUPERSEDED, False),
        (State.SKIPPED, False),
        (State.EXPIRED, False),
        (State.FAILED, False),
    ],
)
def test_what_is_to_be_tried_again_is_overtaken_by_a_newer_message_that_goes_there(
    rig: Rig, newer: State, overtakes: bool
) -> None:
    first = claimed(rig)
    with rig.store.write() as tx:
        case = case_of(tx)
        settle(tx, case, decision(case, "second"))
    rig.write(update(delivery).where(delivery.c.id != first).values(state=newer))
    note(rig, outcome(first, state=State.RETRYING, due_at=NOW + HOUR))
    with rig.store.write() as tx:
        assert supersede_stale(tx, [first], NOW) == int(overtakes)
    assert states(rig.store)["first/mail"] == (State.SUPERSEDED if overtakes else State.RETRYING)


def test_an_older_message_or_one_on_another_channel_overtakes_nothing(rig: Rig) -> None:
    numbers = due(rig.store, first=["mail"], second=["phone"])
    rig.write(update(delivery).values(state=State.RETRYING))
    with rig.store.write() as tx:
        assert supersede_stale(tx, list(numbers.values()), NOW) == 0


def test_what_was_lost_has_its_own_subscription_looked_at_again(rig: Rig) -> None:
    due(rig.store, first=["mail"])
    put(rig.store, listed(a_title(), a_title("Silo"), people=[person(channels=uses("mail", "phone"))]))
    rig.write(update(subscription).values(next_due_at=None))
    with rig.store.write() as tx:
        (item,) = all_waiting(tx)
        look_again(tx, item.subscriber_id, item.message_id, NOW + HOUR)
        assert [case_of(tx, key=key).next_due_at for key in ("ballard", "silo")] == [NOW + HOUR, None]


# Channels


def test_a_parked_channel_holds_all_that_waits_and_is_parked_once(rig: Rig) -> None:
    numbers = due(rig.store, first=["mail", "phone"])
    until = NOW + HOUR
    with rig.store.write() as tx:
        assert channel_store.park(tx, "mail", "401", until, NOW)
        assert not channel_store.park(tx, "mail", "401 again", until + HOUR, NOW + SECOND)
        assert parked_channels(tx) == {"mail": NOW}
    assert row(rig, numbers["first/mail"]).due_at == until + HOUR
    assert row(rig, numbers["first/mail"]).reason == "401 again"
    assert row(rig, numbers["first/phone"]).due_at == NOW
    (kept,) = rig.rows(select(channel).where(channel.c.name == "mail"))
    assert (kept.parked_at, kept.reason, kept.outages) == (NOW, "401 again", 1)


def test_a_channel_that_works_again_lets_everything_go_at_once(rig: Rig) -> None:
    numbers = due(rig.store, first=["mail"])
    with rig.store.write() as tx:
        channel_store.park(tx, "mail", "401", NOW + HOUR, NOW)
        assert reopen_channel(tx, "mail", NOW + SECOND) == 1
        assert parked_channels(tx) == {}
    assert row(rig, numbers["first/mail"]).due_at == NOW + SECOND


def test_another_address_lets_everything_go_at_once(rig: Rig) -> None:
    numbers = due(rig.store, first=["mail"])
    put(rig.store, listed(a_title(), channels=channels(mail="1", phone="p")))
    with rig.store.write() as tx:
        channel_store.park(tx, "mail", "404", NOW + HOUR, NOW)
    put(rig.store, listed(a_title(), channels=channels(mail="2", phone="p")), NOW + SECOND)
    assert row(rig, numbers["first/mail"]).due_at == NOW + SECOND
    with rig.store.read() as tx:
        assert parked_channels(tx) == {}


def test_the_last_success_and_failure_of_a_channel_are_kept(rig: Rig) -> None:
    put(rig.store, listed())
    with rig.store.write() as tx:
        channel_store.note_failure(tx, "mail", "503", NOW)
        channel_store.note_success(tx, ["mail"], NOW + SECOND)
    (kept,) = rig.rows(select(channel).where(channel.c.name == "mail"))
    assert (kept.last_failure_at, kept.last_failure, kept.last_success_at) == (NOW, "503", NOW + SECOND)


def test_each_person_of_a_broken_channel_hears_of_it_once_an_outage_on_their_others(rig: Rig) -> None:
    people = [
        person(name="two", channels=uses("mail", "phone", "pager")),
        person(name="one", channels=uses("mail")),
        person(name="none", channels=uses("phone")),
        person(name="picky", channels=(*uses("mail"), ChannelUse(name="phone", only=frozenset({"premiere"})))),
    ]
    put(rig.store, listed(a_title(), people=people))

    def told() -> list[tuple[str, str]]:
        names = select(subscriber.c.name, delivery.c.channel).select_from(
            delivery.join(message, delivery.c.message_id == message.c.id).join(
                subscriber, message.c.subscriber_id == subscriber.c.id
            )
        )
        found = rig.rows(names.where(message.c.kind == Kind.TROUBLE).order_by(delivery.c.id))
        return [(row.name, row.channel) for row in found]

    with rig.store.write() as tx:
        channel_store.park(tx, "mail", "401", NOW + HOUR, NOW)
        assert channel_store.tell_of_outage(tx, "mail", "401", NOW) == 1
        assert channel_store.tell_of_outage(tx, "mail", "401", NOW + SECOND) == 0
    assert told() == [("two", "phone"), ("two", "pager")]
    with rig.store.write() as tx:
        reopen_channel(tx, "mail", NOW + HOUR)
        channel_store.park(tx, "mail", "403", NOW + HOUR, NOW + HOUR)
        assert channel_store.tell_of_outage(tx, "mail", "403", NOW + HOUR) == 1
        first, *_ = all_waiting(tx)
    assert first.detail == {"channel": "mail", "reason": "401", "since": NOW.isoformat(), "waiting": 0}
    assert (first.title, first.kind, first.is_muted) == (None, Kind.TROUBLE, False)


def test_an_outage_is_told_in_as_many_statements_for_many_people_as_for_one(rig: Rig) -> None:
    def statements(number: int, now: datetime) -> int:
        people = [person(name=f"p{index}", channels=uses("mail", "phone")) for index in range(number)]
        put(rig.store, listed(a_title(), people=people), now)
        with watching(rig.store) as seen, rig.store.write() as tx:
            channel_store.park(tx, "mail", "401", now + HOUR, now)
            assert channel_store.tell_of_outage(tx, "mail", "401", now) == number
            reopen_channel(tx, "mail", now)
        return len(seen)

    assert statements(1, NOW) == statements(50, NOW + SECOND)


def test_a_message_about_no_title_is_told_once_even_by_two_at_once(rig: Rig) -> None:
    put(rig.store, listed(people=[person(channels=uses("mail", "phone"))]))
    for _ in range(2):
        with rig.store.write() as tx:
            channel_store.tell(tx, 1, ["mail", "phone"], anchor="the disk", detail={"subject": "s"}, now=NOW)
    assert len(rig.rows(select(delivery))) == 2
    (known,) = rig.rows(select(message))
    with pytest.raises(StoreError):
        rig.write(message.insert(), [{**known._mapping, "id": 99, "detail": None}])


# What is stored


@pytest.mark.parametrize("column", [delivery.c.due_at, delivery.c.tried_at, delivery.c.closed_at])
def test_an_instant_without_a_zone_is_refused(rig: Rig, column: Any) -> None:
    one(rig)
    naive = NOW.replace(tzinfo=None)
    with pytest.raises(StatementError, match="a time without a zone"):
        rig.write(update(delivery).values({column.name: naive}))
    with pytest.raises(StatementError, match="a time without a zone"):
        rig.rows(select(delivery).where(column <= naive))


@pytest.mark.parametrize(
    "instant", ["1970-01-01T00:00:00+00:00", "2025-07-09T00:00:00.000001-07:00", "2200-12-31T23:59:59.999999+14:00"]
)
def test_an_instant_comes_back_as_the_same_instant_in_utc(rig: Rig, instant: str) -> None:
    number = one(rig)
    at = datetime.fromisoformat(instant)
    rig.write(update(delivery).values(due_at=at))
    found = row(rig, number).due_at
    assert (found, found.tzinfo) == (at, UTC)


def test_no_row_refers_to_what_is_not_there(rig: Rig) -> None:
    number = one(rig)
    with pytest.raises(StoreError):
        rig.write(update(delivery).where(delivery.c.id == number).values(message_id=99))
