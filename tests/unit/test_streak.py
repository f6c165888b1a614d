"""When a channel is broken: by count, whatever it says (SPEC 4, "A broken channel is known")."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from reminder.core.sending.retry import Failure, FailureKind, Refused
from reminder.core.sending.streak import Streak, lengthened

NOW = datetime(2025, 7, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
BAD = Failure(kind=FailureKind.MESSAGE, reason="400", status=400)
GONE = Failure(kind=FailureKind.TRANSIENT, reason="connection refused")
BUSY = Failure(kind=FailureKind.TRANSIENT, reason="503", status=503)
NEVER, WAITS = Refused.NEVER, Refused.WAITS


def after(*refused: Refused) -> Streak:
    streak = None
    for each in refused:
        streak = lengthened(streak, BAD, refused=each, elsewhere_at=None, now=NOW)
    assert streak is not None
    return streak


def silent(failure: Failure, tries: int, *, hours: float, elsewhere: float | None = None) -> Streak:
    """Return what so many tries come to, the last of them `hours` after the first; and when others answered."""
    streak = None
    for number in range(tries):
        at = NOW + hours * HOUR * number / max(1, tries - 1)
        seen = None if elsewhere is None or elsewhere * HOUR > at - NOW else NOW + elsewhere * HOUR
        streak = lengthened(streak, failure, refused=None, elsewhere_at=seen, now=at)
    assert streak is not None
    return streak


@pytest.mark.parametrize(
    ("streak", "broken"),
    [
        (after(NEVER), False),
        (after(NEVER, WAITS, WAITS), False),  # the same message again
        (after(NEVER, NEVER), True),
        (after(NEVER, WAITS, NEVER), True),
    ],
)
def test_two_different_messages_refused_in_a_row_are_the_channels_fault(streak: Streak, broken: bool) -> None:
    assert (streak.why_broken(NOW) is not None) is broken


@pytest.mark.parametrize(
    ("streak", "at", "broken", "network"),
    [
        (silent(GONE, 3, hours=6, elsewhere=0), 6, True, False),
        (silent(GONE, 3, hours=5.9, elsewhere=0), 5.9, False, False),
        (silent(GONE, 2, hours=7, elsewhere=0), 7, False, False),
        (silent(BUSY, 3, hours=6), 6, True, False),  # it was reached itself
        (silent(GONE, 40, hours=20), 20, False, True),
        (silent(GONE, 3, hours=6, elsewhere=-0.05), 6, True, False),  # a moment before it began
        (silent(GONE, 3, hours=6, elsewhere=-1), 6, False, True),
        (silent(GONE, 8, hours=7, elsewhere=6), 7, False, False),  # the network is just back: two more tries
        (silent(GONE, 9, hours=8, elsewhere=6), 8, True, False),
    ],
)
def test_six_hours_without_success_are_the_channels_fault_where_something_else_is_reached(
    streak: Streak, at: float, broken: bool, network: bool
) -> None:
    now = NOW + at * HOUR
    assert ((streak.why_broken(now) is not None), streak.is_of_network(now)) == (broken, network)


def test_an_address_is_to_blame_only_where_a_word_says_so() -> None:
    blocked = Failure(kind=FailureKind.CHANNEL, reason="bot was blocked", status=403, is_address=True)
    unknown = Failure(kind=FailureKind.CHANNEL, reason="404", status=404, is_address=True, is_guess=True)
    for failure, own in ((blocked, True), (unknown, False)):
        assert lengthened(None, failure, refused=None, elsewhere_at=None, now=NOW).is_own is own
