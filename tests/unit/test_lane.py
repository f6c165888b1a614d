"""A lane's pace: its rate, its window, and when it is left alone."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from reminder.core.sending.rate_limit import (
    FIRST_REST,
    FIRST_WINDOW,
    LONGEST_REST,
    MOST_AHEAD,
    MOST_FAILURES,
    Lane,
    SendRate,
    Spacing,
)


def failing(lane: Lane, times: int, at: float = 0.0) -> None:
    for _ in range(times):
        lane.start(at)
        lane.failed(at)


def test_a_new_lane_holds_no_more_than_its_first_window() -> None:
    lane = Lane(most=96)
    for _ in range(FIRST_WINDOW):
        assert lane.wait(0.0) == 0.0
        lane.start(0.0)
    assert lane.wait(0.0) is None


def test_a_lane_that_answers_grows_to_its_most_and_no_further() -> None:
    lane = Lane(most=12)
    for _ in range(50):
        lane.start(0.0)
        lane.succeeded(0.01)
    assert lane.width == 12


def test_a_lane_never_has_more_connections_than_its_service_wants() -> None:
    lane = Lane(most=1)
    lane.start(0.0)
    assert lane.wait(0.0) is None


def test_each_failure_halves_the_window() -> None:
    lane = Lane(most=96, window=40)
    failing(lane, 1)
    assert lane.width == 20


def test_a_lane_that_keeps_failing_rests_and_then_is_tried_with_one() -> None:
    lane = Lane(most=96)
    failing(lane, MOST_FAILURES)
    assert lane.is_resting(0.0)
    assert lane.wait(0.0) == FIRST_REST
    assert lane.wait(FIRST_REST) == 0.0
    assert lane.width == 1


def test_the_rest_doubles_while_the_one_try_fails_up_to_its_longest() -> None:
    lane = Lane(most=96)
    failing(lane, MOST_FAILURES)
    rests = []
    for _ in range(5):
        at = lane.closed_until
        failing(lane, 1, at)
        rests.append(lane.closed_until - at)
    assert rests == [10.0, 20.0, 30.0, 30.0, 30.0]
    assert max(rests) == LONGEST_REST


def test_one_success_ends_the_rest() -> None:
    lane = Lane(most=96)
    failing(lane, MOST_FAILURES)
    lane.start(FIRST_REST)
    lane.succeeded(0.1)
    assert not lane.is_resting(FIRST_REST)
    assert lane.width > 1


def test_a_services_own_wait_is_kept_at_once() -> None:
    lane = Lane(most=96)
    lane.start(0.0)
    lane.failed(0.0, asked=7.0)
    assert lane.wait(0.0) == 7.0


def test_what_waits_is_a_second_of_work() -> None:
    quick, slow, paced = Lane(most=96), Lane(most=96), Lane(most=96, rate=SendRate(amount=10))
    for lane, took in ((quick, 0.001), (slow, 4.0), (paced, 0.001)):
        for _ in range(200):
            lane.start(0.0)
            lane.succeeded(took)
    assert quick.capacity == 96 + MOST_AHEAD
    assert 96 < slow.capacity < 96 + 30
    assert paced.capacity == 96 + 10


@given(st.floats(0.2, 50), st.lists(st.floats(0, 3), max_size=60))
def test_no_stretch_of_time_sees_more_sends_than_the_rate_allows(per_second: float, pauses: list[float]) -> None:
    spacing, at, sends = Spacing(rate=SendRate(amount=per_second)), 0.0, []
    for pause in pauses:
        at += pause
        at += spacing.wait(at)
        spacing.take(at)
        sends.append(at)
    gaps = [later - earlier for earlier, later in pairwise(sends)]
    assert all(gap >= 1 / per_second - 1e-6 for gap in gaps)
