"""One daemon for each database, signals, and what the service manager is told (SPEC 4 and 7)."""

from __future__ import annotations

import signal
import threading

import pytest

from reminder.daemon.service import DRAIN
from tests.support.door import Door
from tests.support.faults import held
from tests.support.process import Reminder, line_in
from tests.support.sink import Reply

pytestmark = pytest.mark.acceptance

BEFORE, DUE = "2025-07-08T03:00:00Z", "2025-07-08T03:30:00Z"
NOTHING_SENT = "STATUS=nothing is sent now: "


@pytest.fixture
def reminder(installed: Reminder) -> Reminder:
    """Start the command as it is installed."""
    return installed


def config(door: Door, **more: object) -> dict[str, object]:
    return {
        "timezone": "Asia/Kolkata",
        "channels": {"hook": door.url},
        "watch": [{"title": "Ballard", "premiere": "July 9, 2025"}],
        **more,
    }


def test_a_second_daemon_says_who_holds_the_database_and_a_pass_beside_one_is_no_failure(
    reminder: Reminder, door: Door
) -> None:
    reminder.write(config(door))
    with reminder.at(BEFORE).daemon() as daemon:
        second = reminder.run("run")
        assert second.status == 1
        assert (
            f"{reminder.database} already has a daemon: pid {daemon.process.pid} since 2025-07-08T03:00" in second.err
        )
        beside = reminder.once()
        assert beside.status == 0
        assert f"pid {daemon.process.pid}" in beside.err
        daemon.at(DUE)
        daemon.wait_for(lambda: door.titles == ["Ballard premieres tomorrow"])
        daemon.wait_for(lambda: [row.state for row in reminder.ledger()] == ["sent"])  # it is killed at the end
    assert reminder.once().status == 0
    assert len(door.titles) == 1


def test_what_sends_is_loaded_two_minutes_before_the_next_moment_and_not_earlier(
    reminder: Reminder, door: Door
) -> None:
    reminder.write(config(door, log={"level": "debug"}))
    reminder.at(BEFORE).once()  # what has just begun is looked at at once, which is a moment as well
    with reminder.at(BEFORE).daemon() as daemon:
        for early in (BEFORE, "2025-07-08T03:27:00Z"):
            daemon.at(early)
            daemon.sweeps(early)
            assert LOADED not in daemon.log
        daemon.at("2025-07-08T03:28:00Z")
        daemon.wait_for(lambda: LOADED in daemon.log)
        assert door.titles == []
        daemon.at(DUE)
        daemon.wait_for(lambda: door.titles == ["Ballard premieres tomorrow"])
    assert daemon.log.count(LOADED) == 1


def test_what_sends_is_loaded_at_once_where_the_next_moment_is_near(reminder: Reminder, door: Door) -> None:
    reminder.write(config(door, log={"level": "debug"}))
    with reminder.at("2025-07-08T03:28:30Z").daemon() as daemon:
        daemon.wait_for(lambda: LOADED in daemon.log)
        assert door.titles == []


LOADED = "sending loaded"


def test_sigterm_waits_for_what_is_on_its_way_and_records_it(reminder: Reminder) -> None:
    answers = threading.Event()
    with Door(Reply(until=answers)) as door:
        reminder.write(config(door))
        with reminder.at(BEFORE).daemon() as daemon:
            daemon.sweeps(BEFORE)
            reminder.at(DUE)
            assert door.wait_for(1)
            daemon.term()
            daemon.expect("STOPPING=1")
            answers.set()
            assert daemon.ends() == 0
            assert not line_in(daemon.said[-1:], "WATCHDOG=1")
        assert [(row.state, row.attempts) for row in reminder.ledger()] == [("sent", 1)]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_idle_daemon_stops_at_once(reminder: Reminder, door: Door, number: signal.Signals) -> None:
    reminder.write(config(door))
    with reminder.at(BEFORE).daemon() as daemon:
        daemon.sweeps(BEFORE)
        daemon.process.send_signal(number)
        assert daemon.ends(DRAIN - 5.0) == 0  # who waits for something that is not on its way takes all of it
        assert f" info started config={reminder.config} database={reminder.database} titles=" in daemon.log
        assert daemon.log.rstrip().endswith("info stopped")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_pass_that_is_stopped_records_what_still_comes_back(reminder: Reminder, number: signal.Signals) -> None:
    answers = threading.Event()
    with Door(Reply(until=answers)) as door:
        reminder.write(config(door))
        reminder.at(BEFORE).once()
        with reminder.at(DUE).started("run", "--once") as one_pass:
            assert door.wait_for(1)
            one_pass.process.send_signal(number)
            answers.set()
            assert one_pass.ends() != 0
            assert "Traceback" not in one_pass.log
        assert [(row.state, row.attempts) for row in reminder.ledger()] == [("sent", 1)]


def test_the_watchdog_is_fed_only_by_a_sweep_that_reached_the_database(reminder: Reminder, door: Door) -> None:
    reminder.write(config(door))
    with reminder.at(BEFORE).daemon(WATCHDOG_USEC="180000000") as daemon:
        daemon.expect(f"STATUS=next message {DUE}")
        assert daemon.said[0].splitlines()[0] == "READY=1"
        with held(reminder.database):
            reminder.at(DUE)
            for _ in range(2):
                # What was said before it was held may come late; between two failures nothing else may.
                failed_at = len(daemon.said)
                daemon.expect(NOTHING_SENT, after=failed_at)
            assert "another program" in daemon.log
            first = next(number for number, said in enumerate(daemon.said) if said.startswith(NOTHING_SENT))
            assert not line_in(daemon.said[first:], "WATCHDOG=1")
            assert door.titles == []
        freed = len(daemon.said)
        reminder.at("2025-07-08T03:31:00Z")
        daemon.expect("WATCHDOG=1", after=freed)
        daemon.wait_for(lambda: [row.state for row in reminder.ledger()] == ["sent"])
        assert "working again" in daemon.log
    assert door.titles == ["Ballard premieres tomorrow"]
