"""When a failed delivery is tried again, or that it never is, and why (SPEC 4, "Failure"). The table comes first."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final


class FailureKind(enum.StrEnum):
    """Whose fault a failure is, which decides what is done about it."""

    TRANSIENT = "transient"
    """Nobody's: network, 5xx, 408, 429, greylisting. It did not arrive; later it may."""
    CHANNEL = "channel"
    """The channel's: 401, 403, 404, 410, a redirect, a missing secret, a bad login. Every message would fail."""
    MESSAGE = "message"
    """This message's: 400, 413, 422, mail refused after its text. The next message may well pass."""
    UNKNOWN = "unknown"
    """Not known: the request left and no answer came. It may have arrived; each try may be a repeat."""


@dataclass(frozen=True, kw_only=True)
class Backoff:
    """Waits that grow: `first`, then `factor` times the one before, never more than `cap`."""

    first: timedelta
    factor: int
    cap: timedelta

    def step(self, attempts: int) -> timedelta:
        """Return the wait after that many attempts (1 or more)."""
        growth = int(self.factor ** min(attempts - 1, MOST_STEPS))
        return min(self.first * growth, self.cap)


MOST_STEPS: Final = 12
"""After this many steps every wait below stands at its cap."""

BACKOFF: Final = {
    FailureKind.TRANSIENT: Backoff(first=timedelta(seconds=5), factor=2, cap=timedelta(minutes=15)),
    FailureKind.UNKNOWN: Backoff(first=timedelta(seconds=10), factor=6, cap=timedelta(hours=1)),
    FailureKind.CHANNEL: Backoff(first=timedelta(hours=1), factor=1, cap=timedelta(hours=1)),
    FailureKind.MESSAGE: Backoff(first=timedelta(seconds=5), factor=1, cap=timedelta(seconds=5)),
}
"""How long until the next try, by kind. Unknown outcomes slow down sooner, for each try may be a repeat."""

GREYLIST: Final = Backoff(first=timedelta(minutes=5), factor=2, cap=timedelta(hours=4))
"""A mail server that says "later" means minutes (RFC 6647, 5: senders come back after some of them)."""

LONGEST_WAIT: Final = timedelta(hours=1)
"""A service's own wait is honoured up to this; beyond it, it is taken for nonsense."""

SPREAD: Final = 0.5
"""Tries are put off by up to this share of the wait, so that many do not come back in one moment,"""
LONGEST_SPREAD: Final = timedelta(minutes=1)
"""but never by more than this."""


@dataclass(frozen=True, kw_only=True)
class Failure:
    """Why an attempt did not succeed.

    `reason` is for people, one line, free of secrets. `status` is the HTTP status or SMTP code. `wait` is how long
    the service itself asked us to stay away. `greylisted` says that a mail server asked for a later try.
    `is_address` says that the refusal is of this one address: others at the same endpoint may be fine.
    """

    kind: FailureKind
    reason: str
    status: int | None = None
    wait: timedelta | None = None
    greylisted: bool = False
    is_address: bool = False


@dataclass(frozen=True, kw_only=True)
class Again:
    """Try again at `at`; `plain` asks for the short text-only form."""

    at: datetime
    reason: str
    plain: bool = False


@dataclass(frozen=True, kw_only=True)
class Parked:
    """The channel must be mended first: tried again at `at`, and at once when the channel changes or works."""

    at: datetime
    reason: str


@dataclass(frozen=True, kw_only=True)
class GaveUp:
    """It is not tried again."""

    reason: str


Verdict = Again | Parked | GaveUp


def retry(
    failure: Failure, *, attempts: int, plain: bool, now: datetime, useful_until: datetime, jitter: float
) -> Verdict:
    """Decide what follows a failed attempt.

    Args:
        failure: what the transport said.
        attempts: how many attempts were made, this one included; 1 or more.
        plain: whether this attempt already was the plain and short one. It stays plain from then on.
        now: the instant of the decision, UTC.
        useful_until: when the message's use ends (SPEC 4, "Use"), UTC.
        jitter: a random number in [0, 1).

    Returns:
        When to try again, or that the delivery waits for its channel, or that it has failed.
    """
    if now >= useful_until:
        return GaveUp(reason=f"{failure.reason}; tried {times(attempts)} until its use was over")
    if failure.kind is FailureKind.MESSAGE and plain:
        return GaveUp(reason=f"{failure.reason}; refused as plain text too")
    at = now + spread(delay(failure, attempts), jitter)
    if failure.kind is FailureKind.CHANNEL:
        return Parked(at=min(at, useful_until), reason=failure.reason)
    if at >= useful_until:
        return GaveUp(reason=f"{failure.reason}; its use is over before the next try")
    return Again(at=at, reason=failure.reason, plain=plain or failure.kind is FailureKind.MESSAGE)


def delay(failure: Failure, attempts: int) -> timedelta:
    """Return how long to wait after so many attempts: the table's step, or the service's own wait if that is longer."""
    transient = failure.kind is FailureKind.TRANSIENT
    backoff = GREYLIST if failure.greylisted and transient else BACKOFF[failure.kind]
    step = backoff.step(attempts)
    if failure.wait is None:
        return step
    if failure.wait > timedelta(0) and failure.kind is not FailureKind.CHANNEL:
        return max(min(failure.wait, LONGEST_WAIT), BACKOFF[failure.kind].first)
    return step


def spread(wait: timedelta, jitter: float) -> timedelta:
    """Return `wait`, put off by a share of it; `jitter` in [0, 1) says which."""
    return wait + min(wait * SPREAD, LONGEST_SPREAD) * jitter


def times(attempts: int) -> str:
    """Return `once`, `twice` or `5 times`."""
    return {1: "once", 2: "twice"}.get(attempts, f"{attempts} times")
