"""Killed at any instant, the program repeats at most what was in flight, and loses nothing (SPEC 4, "Crash")."""

from __future__ import annotations

import threading
from collections import Counter

import pytest

from tests.support.door import Door
from tests.support.process import Reminder
from tests.support.sink import Reply

pytestmark = pytest.mark.acceptance

MANY = 200
DUE = "2025-07-08T03:30:00Z"


@pytest.fixture
def reminder(installed: Reminder) -> Reminder:
    """Start the command as it is installed."""
    return installed


def config(door: Door, count: int = MANY) -> dict[str, object]:
    return {
        "timezone": "Asia/Kolkata",
        "burst": "0",
        "delivery": {"timeout": "5m"},
        "channels": {"hook": door.url},
        "watch": [{"title": f"Show {number}", "premiere": "July 9, 2025"} for number in range(count)],
    }


def test_killed_in_the_middle_of_two_hundred_sends_it_loses_none_and_repeats_only_what_was_on_its_way(
    reminder: Reminder,
) -> None:
    answers = threading.Event()
    with Door(Reply(until=answers)) as door:
        door.script(*[Reply()] * (MANY // 2))  # the others are held until it is dead
        reminder.write(config(door))
        with reminder.at("2025-07-08T03:00:00Z").daemon() as daemon:
            daemon.sweeps("2025-07-08T03:00:00Z")
            reminder.at(DUE)
            assert door.wait_for(MANY // 2 + 1)
            daemon.wait_for(lambda: Counter(row.state for row in reminder.ledger())["sent"] == MANY // 2)
            daemon.kill()
        on_their_way = len(door.requests) - MANY // 2
        assert 0 < on_their_way < MANY // 2
        answers.set()
        with reminder.at("2025-07-08T03:31:00Z").daemon() as daemon:
            daemon.wait_for(lambda: Counter(row.state for row in reminder.ledger()) == {"sent": MANY})
    copies = Counter(str(request.json()["title"]) for request in door.requests)
    assert set(copies) == {f"Show {number} premieres tomorrow" for number in range(MANY)}
    assert max(copies.values()) <= 2
    assert copies.total() - MANY == on_their_way
    assert Counter(row.attempts for row in reminder.ledger())[2] >= on_their_way


@pytest.mark.parametrize("ends", ["with a kill", "with a second SIGTERM"])
def test_what_a_dead_daemon_held_is_taken_over_at_once(reminder: Reminder, ends: str) -> None:
    with Door(Reply(hang=True)) as door:
        reminder.write(config(door, 1))
        with reminder.at("2025-07-08T03:00:00Z").daemon() as daemon:
            daemon.sweeps("2025-07-08T03:00:00Z")
            reminder.at(DUE)
            assert door.wait_for(1)
            if ends == "with a kill":
                daemon.kill()
            else:
                daemon.term()
                daemon.expect("STOPPING=1")
                daemon.term()
                assert daemon.ends() == 143
        assert [row.state for row in reminder.ledger()] == ["sending"]
        door.says(Reply())
        assert reminder.at("2025-07-08T03:31:00Z").once().status == 0
        assert [(row.state, row.attempts) for row in reminder.ledger()] == [("sent", 2)]
        assert door.titles == ["Show 0 premieres tomorrow"]
