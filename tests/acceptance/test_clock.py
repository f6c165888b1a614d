"""Clocks that step, sleep and lie (SPEC 4, "Clocks"). The clock file is the wall clock; the monotonic one is real."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from importlib import resources
from pathlib import Path

import pytest

from tests.support.door import Door
from tests.support.process import Daemon, Reminder, line_in
from tests.support.sink import Reply

pytestmark = pytest.mark.acceptance


def config(door: Door) -> dict[str, object]:
    return {
        "timezone": "Asia/Kolkata",
        "remind": ["1d", "2h", "day"],
        "channels": {"hook": door.url},
        "watch": [
            {"title": "Ballard", "premiere": "July 9, 2025"},
            {"title": "Dune", "premiere": "2025-07-08T13:00Z", "remind": ["2h"]},
        ],
    }


def in_order(daemon: Daemon, reminder: Reminder, door: Door, *titles: str) -> None:
    daemon.wait_for(lambda: [row.state for row in reminder.ledger()].count("sent") == len(titles))
    assert door.titles == [*titles]


TOMORROW, SOON, TODAY = "Ballard premieres tomorrow", "Dune premieres in 2 hours, at 6:30 PM", "Ballard is out today"


def test_an_hour_forward_and_back_and_a_night_of_suspend_lose_and_repeat_nothing(
    reminder: Reminder, door: Door
) -> None:
    reminder.write(config(door))
    with reminder.at("2025-07-08T03:00:00Z").daemon() as daemon:
        daemon.expect("STATUS=next message 2025-07-08T03:30:00Z")
        daemon.at("2025-07-08T04:00:00Z")  # an hour forward
        in_order(daemon, reminder, door, TOMORROW)
        daemon.at("2025-07-08T03:00:00Z")  # and back: its moment comes a second time
        daemon.wait_for(lambda: daemon.said[-1] == "STATUS=next message 2025-07-08T11:00:00Z")
        daemon.at("2025-07-08T03:31:00Z")
        in_order(daemon, reminder, door, TOMORROW)
        daemon.at("2025-07-08T11:00:10Z")  # asleep for hours
        in_order(daemon, reminder, door, TOMORROW, SOON)
        daemon.at("2025-07-08T21:00:00Z")
        daemon.at("2025-07-09T05:00:00Z")  # asleep for eight hours, over the sending hour
        in_order(daemon, reminder, door, TOMORROW, SOON, TODAY)
        assert reminder.swept_at is not None
        assert reminder.swept_at - datetime.fromisoformat("2025-07-09T05:00:00Z") < timedelta(minutes=1)


def test_a_retry_does_not_wait_for_an_hour_that_the_clock_has_lost(reminder: Reminder, door: Door) -> None:
    reminder.write(config(door))
    door.says(Reply(status=503))
    with reminder.at("2025-07-08T03:00:00Z").daemon() as daemon:
        daemon.at("2025-07-08T04:30:00Z")
        daemon.wait_for(lambda: [row.state for row in reminder.ledger()] == ["retrying"])
        door.says(Reply())
        reminder.at("2025-07-08T03:29:00Z")
        in_order(daemon, reminder, door, TOMORROW)


def test_a_jump_of_a_year_is_not_believed_and_what_was_on_its_way_is_recorded_in_its_own_time(
    reminder: Reminder,
) -> None:
    answers = threading.Event()
    with Door(Reply(until=answers)) as door:
        reminder.write({**config(door), "delivery": {"timeout": "5m"}})
        with reminder.at("2025-07-08T03:00:00Z").daemon() as daemon:
            daemon.sweeps("2025-07-08T03:00:00Z")
            reminder.at("2025-07-08T03:30:00Z")
            assert door.wait_for(1)
            reminder.at("2026-07-08T03:30:00Z")
            daemon.expect("STATUS=nothing is sent now: the clock jumped forward by 365 days")
            answers.set()
            daemon.wait_for(lambda: [row.state for row in reminder.ledger()] == ["sent"])
            before = len(daemon.said)
            daemon.process.send_signal(1)
            daemon.expect("STATUS=nothing is sent now", after=before)
            assert not line_in(daemon.said[before:], "RELOADING=1")
            daemon.term()
            assert daemon.ends() == 0
        with reminder.at("2025-07-08T11:00:00Z").daemon() as daemon:
            in_order(daemon, reminder, door, TOMORROW, SOON)
    assert [row.state for row in reminder.ledger()] == ["sent", "sent"]


def test_days_that_the_machine_slept_through_are_believed_at_once(reminder: Reminder, door: Door) -> None:
    reminder.write(config(door))
    with reminder.at("2025-07-07T03:00:00Z").daemon() as daemon:
        daemon.sweeps("2025-07-07T03:00:00Z")
        reminder.at("2025-07-09T05:00:00Z asleep 180000")  # fifty hours, and two of them awake
        in_order(daemon, reminder, door, "Dune came out yesterday", TODAY)
        assert "the clock jumped" not in daemon.log
        assert not line_in(daemon.said, "STATUS=nothing is sent now")
        reminder.at("2025-07-12T05:00:00Z asleep 180000")  # the same step, awake: the clock is wrong, or was
        daemon.expect("STATUS=nothing is sent now: the clock jumped forward by 3 days")


def test_a_clock_before_the_ledger_sends_nothing_and_says_so(reminder: Reminder, door: Door) -> None:
    reminder.write(config(door))
    reminder.at("2025-07-08T03:00:00Z").once()
    reminder.at("2025-07-08T03:30:00Z").once()
    refused = reminder.at("1970-01-02T00:00:00Z").once()
    assert refused.status == 1
    assert (
        "nothing is sent: the clock says 1970-01-02 00:00 UTC, but the ledger ends at 2025-07-08 03:30" in refused.err
    )
    with reminder.daemon() as daemon:
        daemon.expect("STATUS=nothing is sent now: the clock says 1970-01-02 00:00 UTC")
        daemon.term()
        assert daemon.ends() == 0
    assert reminder.at("2025-07-08T11:00:00Z").once().status == 0
    assert door.titles == [TOMORROW, SOON]


def test_a_clock_that_was_ahead_and_is_right_again_is_believed_when_the_operator_says_so(
    reminder: Reminder, door: Door
) -> None:
    reminder.write(config(door))
    reminder.at("2025-07-07T02:00:00Z").once()
    reminder.at("2026-02-01T03:00:00Z").once()
    assert {row.state for row in reminder.ledger()} == {"expired"}
    refused = reminder.at("2025-07-07T03:00:00Z").once()
    assert refused.status == 1
    assert "stop the daemon and run `reminder run --once --force`" in refused.err
    assert reminder.run("run", "--once", "--force").status == 0
    assert reminder.at("2025-07-08T03:30:00Z").once().status == 0
    assert reminder.at("2025-07-08T11:00:00Z").once().status == 0
    assert door.titles == [TOMORROW, SOON]


def rules(folder: Path, like: str) -> str:
    """Make time zones of which Kolkata's has the rules of another; return where they are."""
    known = resources.files("tzdata") / "zoneinfo"
    (folder / "Asia").mkdir(parents=True)
    (folder / "Asia" / "Kolkata").write_bytes((known / like).read_bytes())
    (folder / "tzdata.zi").write_text(f"# version {like}")
    return str(folder)


def test_new_rules_of_a_zone_count_from_the_next_start(installed: Reminder, door: Door, tmp_path: Path) -> None:
    installed.write(config(door))
    installed.environ["PYTHONTZPATH"] = rules(tmp_path / "old", "Asia/Kolkata")
    assert installed.at("2025-07-07T00:00:00Z").once().status == 0
    installed.environ["PYTHONTZPATH"] = rules(tmp_path / "new", "Asia/Dhaka")
    installed.at("2025-07-08T02:59:00Z")
    with installed.daemon() as daemon:
        daemon.expect("STATUS=next message 2025-07-08T03:00:00Z")  # 9:00, half an hour further east
        daemon.at("2025-07-08T03:00:00Z")
        in_order(daemon, installed, door, TOMORROW)
