"""A clock that is wrong from the start (catalogue 17-20; steps and suspends are in acceptance/test_clock.py)."""

from __future__ import annotations

import pytest

from tests.support.door import Door
from tests.support.faults import states, until
from tests.support.process import Reminder
from tests.support.shows import BEFORE, DUE, shows, subject

pytestmark = pytest.mark.acceptance


@pytest.mark.parametrize("at", ["1970-01-01T00:00:10Z", "2000-01-01T00:00:00Z", "2019-12-31T12:00:00Z"])
def test_a_machine_that_wakes_long_ago_begins_nothing_and_sends_nothing_until_its_clock_is_right(
    reminder: Reminder, door: Door, at: str
) -> None:
    reminder.write(shows(door.url, days=(1, 9)))
    with reminder.at(at).daemon() as daemon:
        daemon.expect(f"STATUS=nothing is sent now: the clock says {at[:10]}")
        assert states(reminder) == []
        reminder.at("2025-07-05T12:00:00Z")
        daemon.expect("STATUS=nothing is sent now: the clock jumped forward")
        daemon.term()
        assert daemon.ends() == 0
    # Nobody is owed what lay between.
    with reminder.at(BEFORE).daemon() as daemon:
        daemon.at(DUE)
        until(lambda: states(reminder) == ["sent"], lambda: daemon.log)
    assert door.titles == [subject(0)]


def test_a_clock_a_day_behind_the_ledger_sends_nothing_and_one_an_hour_behind_goes_on(
    reminder: Reminder, door: Door
) -> None:
    reminder.write(shows(door.url, days=(9, 10)))
    reminder.at(BEFORE).once()
    reminder.at(DUE).once()
    refused = reminder.at("2025-07-06T12:00:00Z").once()
    assert refused.status == 1
    assert "the clock says 2025-07-06 12:00 UTC, but the ledger ends at 2025-07-08 03:30" in refused.err
    assert reminder.at("2025-07-08T02:30:00Z").once().status == 0
    assert reminder.at("2025-07-09T03:30:00Z").once().status == 0
    assert door.titles == [subject(0), subject(0, 10)]
