"""The seam for tests does nothing unless it is asked to; and two rules that faults have taught."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reminder.core.schedule.listing import lost_by
from reminder.core.sending.clock_guard import EARLIEST, behind_ledger
from reminder.platform import failpoints
from reminder.platform.failpoints import Failpoint, FailpointPlace, reach
from tests.support.faults import armed


def test_without_the_variable_every_place_is_passed(tmp_path: Path) -> None:
    (tmp_path / FailpointPlace.CLAIM).write_text("raise")
    failpoints.arm({})
    for place in FailpointPlace:
        reach(place)
    assert failpoints.patience(10.0) == 10.0
    assert not (tmp_path / failpoints.REACHED).exists()


def test_a_place_with_a_file_is_met_and_the_others_are_passed(tmp_path: Path) -> None:
    (tmp_path / FailpointPlace.CLAIM).write_text("raise")
    with armed(tmp_path):
        reach(FailpointPlace.SEND)
        with pytest.raises(Failpoint):
            reach(FailpointPlace.CLAIM)
        (tmp_path / FailpointPlace.CLAIM).unlink()
        reach(FailpointPlace.CLAIM)
    assert (tmp_path / failpoints.REACHED).read_text() == "claim\n"


def test_the_patience_is_the_files(tmp_path: Path) -> None:
    (tmp_path / failpoints.PATIENCE).write_text("0.25")
    with armed(tmp_path):
        assert failpoints.patience(10.0) == 0.25
    assert failpoints.patience(10.0) == 10.0


@pytest.mark.parametrize(
    ("were", "left", "lost"),
    [(0, 0, 0), (9, 0, 0), (10, 10, 0), (10, 5, 0), (10, 4, 6), (200, 100, 0), (200, 99, 101), (200, 0, 200)],
)
def test_a_list_of_ten_or_more_does_not_lose_more_than_half_of_itself_unasked(were: int, left: int, lost: int) -> None:
    said = lost_by(were, left)
    assert (said is None) == (lost == 0)
    assert said is None or said.startswith(f"{lost} of {were} titles")


@pytest.mark.parametrize(
    ("now", "newest", "doubted"),
    [
        (datetime(1970, 1, 1, tzinfo=UTC), None, True),
        (EARLIEST - timedelta(microseconds=1), None, True),
        (EARLIEST, None, False),
        (datetime(2025, 7, 1, tzinfo=UTC), datetime(2025, 7, 2, tzinfo=UTC), False),
        (datetime(2025, 7, 1, tzinfo=UTC), datetime(2025, 7, 2, 0, 1, tzinfo=UTC), True),
        (datetime(2025, 7, 3, tzinfo=UTC), datetime(2025, 7, 2, tzinfo=UTC), False),
    ],
)
def test_a_clock_is_doubted_that_stands_before_the_ledger_or_before_all_of_this(
    now: datetime, newest: datetime | None, doubted: bool
) -> None:
    assert (behind_ledger(now, newest) is not None) == doubted
