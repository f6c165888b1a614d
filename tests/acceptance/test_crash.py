"""Killed at any instant, the program repeats at most what was in flight, and loses nothing (SPEC 4, "Crash")."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.support.door import Door
from tests.support.process import Reminder
from tests.support.sink import Reply

pytestmark = pytest.mark.acceptance

MANY = 200
DUE = "2025-07-08T03:30:00Z"


def config(door: Door, count: int = MANY) -> dict[str, object]:
    return {
        "timezone": "Asia/Kolkata",
        "burst": "0",
        "channels": {"hook": door.url},
        "watch": [{"title": f"Show {number}", "premiere": "July 9, 2025"} for number in range(count)],
    }


def test_killed_in_the_middle_of_two_hundred_sends_it_loses_none_and_repeats_only_what_was_on_its_way(
    reminder: Reminder,
) -> None:
    with Door(Reply(delay=0.02)) as door:
        reminder.write(config(door))
        with reminder.at("2025-07-08T03:00:00Z").daemon() as daemon:
            daemon.sweeps("2025-07-08T03:00:00Z")
            reminder.at(DUE)
            assert door.wait_for(MANY // 2, 20.0)
            daemon.kill()
        recorded = Counter(row.state for row in reminder.ledger())["sent"]
        on_their_way = len(door.requests) - recorded
        assert 0 < recorded < MANY
        assert on_their_way < MANY // 2
        with reminder.at("2025-07-08T03:31:00Z").daemon() as daemon:
            daemon.wait_for(lambda: Counter(row.state for row in reminder.ledger()) == {"sent": MANY})
    copies = Counter(door.titles)
    assert set(copies) == {f"Show {number} premieres tomorrow" for number in range(MANY)}
    assert max(copies.values()) <= 2
    assert copies.total() - MANY <= on_their_way
    assert Counter(row.attempts for row in reminder.ledger())[2] >= copies.total() - MANY


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
                assert daemon.ends(5.0) == 143
        assert [row.state for row in reminder.ledger()] == ["sending"]
        door.says(Reply())
        assert reminder.at("2025-07-08T03:31:00Z").once().status == 0
        assert [(row.state, row.attempts) for row in reminder.ledger()] == [("sent", 2)]
        assert door.titles == ["Show 0 premieres tomorrow"]
