"""Whether the service is well."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from reminder.core.model.entities import Kind
from reminder.core.model.ledger import State
from reminder.core.sending.health import Vitals, ago, complaints
from reminder.core.sending.manual_retry import refusal

NOW = datetime(2025, 7, 9, 12, tzinfo=UTC)
AGE = timedelta(minutes=5)


def test_all_is_well_when_the_last_sweep_is_young() -> None:
    assert complaints(Vitals(swept_at=NOW - AGE), NOW, AGE) == ()


@pytest.mark.parametrize(
    ("vitals", "said"),
    [
        (Vitals(swept_at=None), "no sweep has been made yet"),
        (Vitals(swept_at=NOW - timedelta(minutes=6)), "the last sweep was 6 min ago"),
        (Vitals(swept_at=NOW, trouble="disk full"), "nothing is sent now: disk full"),
        (Vitals(swept_at=NOW, database_problem="locked"), "locked"),
        (Vitals(swept_at=NOW, oldest_overdue_at=NOW - timedelta(hours=3)), "something has been due since 3 hours ago"),
        (Vitals(swept_at=NOW, parked={"phone": "401"}), "channel phone does not work: 401"),
    ],
)
def test_each_trouble_is_named(vitals: Vitals, said: str) -> None:
    (found,) = complaints(vitals, NOW, AGE)
    assert found.startswith(said)


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (timedelta(seconds=-3), "0 s ago"),
        (timedelta(seconds=119), "119 s ago"),
        (timedelta(minutes=2), "2 min ago"),
        (timedelta(hours=2), "2 hours ago"),
        (timedelta(days=2), "2 days ago"),
    ],
)
def test_how_long_ago_is_said_roughly(before: timedelta, said: str) -> None:
    assert ago(NOW - before, NOW) == said


@pytest.mark.parametrize("state", State)
def test_only_what_can_still_be_of_use_is_tried_again(state: State) -> None:
    allowed = {State.FAILED, State.EXPIRED, State.RETRYING, State.DUE}
    assert (refusal(state, Kind.REMINDER, force=False) is None) == (state in allowed)
    assert (refusal(state, Kind.REMINDER, force=True) is None) == (state in {*allowed, State.SENT})
    assert "ask for a new one" in (refusal(state, Kind.CODE, force=True) or "")
