"""When a failed delivery is tried again: the table of `core/sending/retry.py`, read aloud."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminder.core.sending.retry import (
    AwaitVerdict,
    Failure,
    FailureKind,
    GaveUp,
    Parked,
    Refused,
    RetryAt,
    UseOver,
    Verdict,
    retry,
)

NOW = datetime(2025, 7, 2, 3, 30, tzinfo=UTC)
FAR = NOW + timedelta(days=9)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)

UNAVAILABLE = Failure(kind=FailureKind.TRANSIENT, reason="503 Service Unavailable", status=503)
UNAUTHORIZED = Failure(kind=FailureKind.CHANNEL, reason="401 Unauthorized", status=401)
TOO_LONG = Failure(kind=FailureKind.MESSAGE, reason="400 Bad Request", status=400)
SILENCE = Failure(kind=FailureKind.UNKNOWN, reason="no answer within 30 s (it may have arrived)")
GREYLISTED = Failure(kind=FailureKind.TRANSIENT, reason="450 greylisted", status=450, greylisted=True)


def decide(
    failure: Failure,
    *,
    attempts: int = 1,
    plain: bool = False,
    until: datetime = FAR,
    jitter: float = 0.0,
    refused: Refused = Refused.NEVER,
) -> Verdict:
    return retry(failure, attempts=attempts, plain=plain, now=NOW, useful_until=until, jitter=jitter, refused=refused)


@pytest.mark.parametrize(
    ("failure", "attempts", "wait"),
    [
        (UNAVAILABLE, 1, 5 * SECOND),
        (UNAVAILABLE, 2, 10 * SECOND),
        (UNAVAILABLE, 5, 80 * SECOND),
        (UNAVAILABLE, 9, 15 * MINUTE),
        (UNAVAILABLE, 10_000, 15 * MINUTE),
        (SILENCE, 1, 10 * SECOND),
        (SILENCE, 2, MINUTE),
        (SILENCE, 4, 36 * MINUTE),
        (SILENCE, 9, HOUR),
        (GREYLISTED, 1, 5 * MINUTE),
        (GREYLISTED, 2, 10 * MINUTE),
        (GREYLISTED, 50, 4 * HOUR),
    ],
)
def test_waits_grow_to_a_cap(failure: Failure, attempts: int, wait: timedelta) -> None:
    assert decide(failure, attempts=attempts) == RetryAt(at=NOW + wait, reason=failure.reason)


@pytest.mark.parametrize(
    ("asked", "wait"),
    [
        (7 * SECOND, 7 * SECOND),
        (30 * MINUTE, 30 * MINUTE),
        (timedelta(days=365), HOUR),
        (timedelta(0), 5 * SECOND),
        (-HOUR, 5 * SECOND),
        (timedelta(milliseconds=1), 5 * SECOND),
    ],
)
def test_a_services_own_wait_is_honoured_up_to_an_hour(asked: timedelta, wait: timedelta) -> None:
    failure = Failure(kind=FailureKind.TRANSIENT, reason="429", status=429, wait=asked)
    assert decide(failure) == RetryAt(at=NOW + wait, reason="429")


def test_a_services_own_wait_stands_even_when_ours_has_grown_longer() -> None:
    failure = Failure(kind=FailureKind.TRANSIENT, reason="429", status=429, wait=7 * SECOND)
    assert decide(failure, attempts=20) == RetryAt(at=NOW + 7 * SECOND, reason="429")


def test_a_channels_own_fault_parks_its_deliveries_for_an_hour_at_a_time() -> None:
    assert decide(UNAUTHORIZED, attempts=1) == Parked(at=NOW + HOUR, reason="401 Unauthorized")
    assert decide(UNAUTHORIZED, attempts=77) == Parked(at=NOW + HOUR, reason="401 Unauthorized")


def test_a_parked_delivery_waits_until_its_use_is_over_so_that_a_mended_channel_still_gets_it() -> None:
    assert decide(UNAUTHORIZED, until=NOW + MINUTE) == Parked(at=NOW + MINUTE, reason="401 Unauthorized")


def test_a_refused_message_is_tried_once_more_plain_and_then_waits_for_a_verdict() -> None:
    assert decide(TOO_LONG) == RetryAt(at=NOW + 5 * SECOND, reason="400 Bad Request", plain=True)
    verdict = decide(TOO_LONG, attempts=2, plain=True)
    assert verdict == AwaitVerdict(at=NOW + 6 * HOUR, reason="400 Bad Request; refused as plain text too")


def test_it_waits_no_longer_than_it_is_of_use() -> None:
    verdict = decide(TOO_LONG, attempts=2, plain=True, until=NOW + HOUR)
    assert verdict == AwaitVerdict(at=NOW + HOUR, reason="400 Bad Request; refused as plain text too")


def test_what_is_refused_before_and_after_a_success_is_given_up() -> None:
    verdict = decide(TOO_LONG, attempts=4, plain=True, refused=Refused.BEFORE)
    assert verdict == GaveUp(reason="400 Bad Request; refused as plain text too")
    assert isinstance(decide(TOO_LONG, attempts=3, refused=Refused.BEFORE), RetryAt)
    assert isinstance(decide(TOO_LONG, attempts=4, plain=True, refused=Refused.WAITS), AwaitVerdict)


def test_a_message_first_refused_after_other_failures_still_gets_its_plain_try() -> None:
    assert decide(TOO_LONG, attempts=9) == RetryAt(at=NOW + 5 * SECOND, reason="400 Bad Request", plain=True)


def test_a_plain_try_stays_plain_when_the_network_fails_in_between() -> None:
    verdict = decide(UNAVAILABLE, attempts=3, plain=True)
    assert isinstance(verdict, RetryAt)
    assert verdict.plain


@pytest.mark.parametrize("failure", [UNAVAILABLE, UNAUTHORIZED, TOO_LONG, SILENCE, GREYLISTED])
def test_nothing_is_tried_when_its_use_is_over(failure: Failure) -> None:
    verdict = decide(failure, attempts=3, until=NOW)
    assert verdict == UseOver(reason=f"its use was over after 3 tries: {failure.reason}")


def test_nothing_is_put_off_beyond_its_use() -> None:
    verdict = decide(UNAVAILABLE, attempts=9, until=NOW + 10 * MINUTE)
    assert verdict == RetryAt(at=NOW + 10 * MINUTE, reason="503 Service Unavailable")


failures = st.builds(
    Failure,
    kind=st.sampled_from(FailureKind),
    reason=st.just("why"),
    wait=st.none() | st.timedeltas(),
    greylisted=st.booleans(),
)


@given(
    failure=failures,
    attempts=st.integers(1, 10**6),
    plain=st.booleans(),
    useful=st.timedeltas(-HOUR, timedelta(days=30)),
    jitter=st.floats(0, 1, exclude_max=True),
)
def test_a_verdict_is_always_later_within_its_use_and_never_soon_forgotten(
    failure: Failure, attempts: int, plain: bool, useful: timedelta, jitter: float
) -> None:
    verdict = decide(failure, attempts=attempts, plain=plain, until=NOW + useful, jitter=jitter)
    assert failure.reason in verdict.reason
    if isinstance(verdict, RetryAt):
        assert min(NOW + 5 * SECOND, NOW + useful) <= verdict.at <= NOW + useful
        assert verdict.at <= NOW + 4 * HOUR + MINUTE
    if isinstance(verdict, Parked):
        assert NOW < verdict.at <= NOW + min(useful, HOUR + MINUTE)


@given(jitter=st.floats(0, 1, exclude_max=True), attempts=st.integers(1, 50))
def test_jitter_only_puts_off(jitter: float, attempts: int) -> None:
    early, late = decide(UNAVAILABLE, attempts=attempts), decide(UNAVAILABLE, attempts=attempts, jitter=jitter)
    assert isinstance(early, RetryAt)
    assert isinstance(late, RetryAt)
    assert early.at <= late.at <= early.at + MINUTE
