"""Killed, stopped or failing at each arrow of decide → claim → send → record, nothing is lost (catalogue 1-6, 61, 68)."""

from __future__ import annotations

import signal
from collections import Counter

import pytest

from reminder.platform.failpoints import FailpointPlace
from tests.support.door import Door
from tests.support.faults import Failpoints, integrity, rows, states, until
from tests.support.process import Reminder
from tests.support.shows import AFTER, BEFORE, DUE, shows, subject
from tests.support.sink import Reply

pytestmark = pytest.mark.acceptance

ARROWS = (
    FailpointPlace.TICK,
    FailpointPlace.DECIDE,
    FailpointPlace.CLAIM,
    FailpointPlace.CLAIMED,
    FailpointPlace.SEND,
    FailpointPlace.ANSWERED,
    FailpointPlace.RECORD,
    FailpointPlace.RECORDED,
)
BEFORE_IT_LEFT = frozenset(
    {FailpointPlace.TICK, FailpointPlace.DECIDE, FailpointPlace.CLAIM, FailpointPlace.CLAIMED, FailpointPlace.SEND}
)
PAST = frozenset({FailpointPlace.RECORDED})
"""Places behind the commit that closes the delivery: what dies there has nothing left to repeat."""


@pytest.mark.parametrize("place", [place for place in ARROWS if place is not FailpointPlace.TICK])
def test_killed_at_any_arrow_it_is_sent_once_or_if_it_had_left_twice(
    reminder: Reminder, points: Failpoints, door: Door, place: FailpointPlace
) -> None:
    reminder.write(shows(door.url))
    assert reminder.at(BEFORE).once().status == 0
    points.set(place, "crash")
    assert reminder.at(DUE).once().status == -signal.SIGKILL
    points.clear(place)
    assert integrity(reminder.database) == "ok"
    assert reminder.at(AFTER).once().status == 0
    assert states(reminder) == ["sent"]
    may_repeat = place not in BEFORE_IT_LEFT | PAST
    assert door.titles == [subject(0)] * (2 if may_repeat else 1)


def test_killed_between_request_and_answer_it_is_sent_once_more_and_the_ledger_says_that_it_may_have_arrived(
    reminder: Reminder,
) -> None:
    with Door(Reply(hang=True)) as door:
        reminder.write(shows(door.url, delivery={"timeout": "5m"}))
        reminder.at(BEFORE).once()
        with reminder.at(BEFORE).daemon() as daemon:
            reminder.at(DUE)
            assert door.wait_for(1)
            daemon.kill()
        door.says(Reply(status=503))
        reminder.at(AFTER).once()
        assert [(row.state, row.attempts) for row in rows(reminder)] == [("retrying", 2)]
        door.says(Reply())
        reminder.at("2025-07-08T03:40:00Z").once()
    assert states(reminder) == ["sent"]
    assert len(door.accepted) == 1


def test_an_error_that_nobody_expects_at_any_arrow_costs_one_sweep_and_no_message(
    reminder: Reminder, points: Failpoints, door: Door
) -> None:
    days = range(9, 9 + len(ARROWS))
    reminder.write(shows(door.url, days=days))
    with reminder.at(BEFORE).daemon() as daemon:
        daemon.sweeps(BEFORE)
        for number, (place, day) in enumerate(zip(ARROWS, days, strict=True), start=1):
            points.set(place, "raise")
            reminder.at(f"2025-07-{day - 1:02}T03:30:00Z")
            points.wait_for(place)
            points.clear(place)
            reminder.at(f"2025-07-{day - 1:02}T03:31:00Z")
            until(lambda sent=number: states(reminder) == ["sent"] * sent, lambda: (rows(reminder), daemon.log))  # type: ignore[misc]
    copies = Counter(door.titles)
    assert set(copies) == {subject(0, day) for day in days}
    twice = {title for title, count in copies.items() if count == 2}
    assert max(copies.values()) <= 2
    # Only where the service had answered and the answer was lost; all else is remembered or never left.
    assert twice == {subject(0, days[ARROWS.index(FailpointPlace.ANSWERED)])}


@pytest.mark.parametrize("place", ARROWS)
def test_told_to_stop_at_any_arrow_it_ends_within_half_a_minute_and_hands_back_what_it_held(
    reminder: Reminder, points: Failpoints, door: Door, place: FailpointPlace
) -> None:
    reminder.write(shows(door.url))
    reminder.at(BEFORE).once()
    points.set(place, "pause")
    with reminder.at(DUE).started("run") as daemon:
        points.wait_for(place)
        daemon.term()
        daemon.expect("STOPPING=1")
        points.clear(place)
        assert daemon.ends(30.0) == 0
    assert "sending" not in states(reminder)
    reminder.at(AFTER).once()
    assert states(reminder) == ["sent"]
    assert door.titles == [subject(0)]


def test_told_to_stop_while_a_sweep_hangs_for_good_it_ends_within_half_a_minute(
    reminder: Reminder, points: Failpoints, door: Door
) -> None:
    reminder.write(shows(door.url))
    reminder.at(BEFORE).once()
    points.set(FailpointPlace.CLAIM, "pause")  # with the database in its hands
    with reminder.at(DUE).started("run") as daemon:
        points.wait_for(FailpointPlace.CLAIM)
        daemon.term()
        daemon.ends(30.0)
        assert "stopped" in daemon.log
    points.clear(FailpointPlace.CLAIM)
    assert reminder.at(AFTER).once().status == 0
    assert door.titles == [subject(0)]


def test_a_second_sigterm_ends_it_at_once_wherever_it_is(reminder: Reminder, points: Failpoints, door: Door) -> None:
    reminder.write(shows(door.url))
    reminder.at(BEFORE).once()
    points.set(FailpointPlace.CLAIMED, "pause")
    with reminder.at(DUE).started("run") as daemon:
        points.wait_for(FailpointPlace.CLAIMED)
        daemon.term()
        daemon.expect("STOPPING=1")
        daemon.term()
        assert daemon.ends() == 128 + signal.SIGTERM
    points.clear(FailpointPlace.CLAIMED)
    reminder.at(AFTER).once()
    assert door.titles == [subject(0)]


def test_killed_while_a_config_is_taken_it_is_taken_whole_by_the_next_start(
    reminder: Reminder, points: Failpoints, door: Door
) -> None:
    reminder.write(shows(door.url))
    reminder.at(BEFORE).once()
    reminder.write(shows(door.url, days=(10, 11)))
    points.set(FailpointPlace.SYNC, "crash")
    assert reminder.once().status == -signal.SIGKILL
    points.clear(FailpointPlace.SYNC)
    assert [row["title"] for row in reminder.run("list", "--json").json()] == ["Show 10.0", "Show 11.0"]
    assert reminder.at(DUE).once().status == 0
    assert states(reminder) == []
    assert reminder.at("2025-07-09T03:30:00Z").once().status == 0
    assert door.titles == [subject(0, 10)]


def test_a_config_that_cannot_be_taken_for_a_reason_nobody_expects_leaves_the_one_before(
    reminder: Reminder, points: Failpoints, door: Door
) -> None:
    reminder.write(shows(door.url))
    with reminder.at(BEFORE).daemon() as daemon:
        daemon.sweeps(BEFORE)
        points.set(FailpointPlace.SYNC, "raise")
        reminder.write(shows(door.url, days=(9, 10)))
        daemon.hup()
        daemon.expect("STATUS=next message 2025-07-08T03:30:00Z; the edited config is not taken: failpoint sync")
        points.clear(FailpointPlace.SYNC)
        daemon.at(DUE)
        until(lambda: states(reminder) == ["sent"], lambda: daemon.log)
        assert door.titles == [subject(0)]


def test_killed_while_its_first_tables_are_made_the_next_start_makes_them(
    reminder: Reminder, points: Failpoints, door: Door
) -> None:
    reminder.write(shows(door.url))
    points.set(FailpointPlace.MIGRATE, "crash")
    assert reminder.at(BEFORE).once().status == -signal.SIGKILL
    points.clear(FailpointPlace.MIGRATE)
    assert reminder.once().status == 0
    assert reminder.at(DUE).once().status == 0
    assert door.titles == [subject(0)]


def test_cancelled_between_claim_and_send_what_is_on_its_way_may_arrive_and_nothing_after_it(
    reminder: Reminder, points: Failpoints, door: Door
) -> None:
    reminder.write(shows(door.url))
    with reminder.at(BEFORE).daemon() as daemon:
        daemon.sweeps(BEFORE)
        points.set(FailpointPlace.CLAIMED, "pause")
        reminder.at(DUE)
        points.wait_for(FailpointPlace.CLAIMED)
        config = shows(door.url)
        config["watch"][0]["cancelled"] = "true"
        reminder.write(config)
        daemon.process.send_signal(signal.SIGHUP)
        points.clear(FailpointPlace.CLAIMED)
        daemon.expect("RELOADING=1")
        until(lambda: len(door.titles) == 2, lambda: daemon.log)
        daemon.at("2025-07-09T03:30:00Z")
    assert door.titles == [subject(0), "Show 9.0 has been cancelled"]
