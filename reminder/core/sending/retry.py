"""Decides whether a failed delivery is tried again, when and why (SPEC 4, "Failure"). The table comes first."""

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

LONGEST_DOUBT: Final = timedelta(hours=6)
"""So long a message that was refused as plain text too waits for another to show whose fault that is."""

AS_PLAIN_TOO: Final = "; refused as plain text too"

LONGEST_WAIT: Final = timedelta(hours=1)
"""A service's own wait is honoured up to this; beyond it, it is taken for nonsense."""

SPREAD: Final = 0.5
"""Tries are put off by up to this share of the wait, so that many do not come back in one moment,"""
LONGEST_SPREAD: Final = timedelta(minutes=1)
"""but never by more than this."""


LOGIN: Final = frozenset({401, 407, 530, 534, 535, 538})
"""What a service or a mail server answers when a token, or a name with its password, is wrong."""


@dataclass(frozen=True, kw_only=True)
class Failure:
    """Why an attempt did not succeed.

    `reason` is for people, one line, free of secrets. `status` is the HTTP status or SMTP code. `wait` is how long
    the service itself asked us to stay away. `greylisted` says that a mail server asked for a later try.
    `is_address` says that the refusal is of this one address: others at the same endpoint may be fine. `is_guess`
    that only the status says so, and no word. `is_of_message` says of a channel's fault that the service blamed the
    message: it was taken for the channel's by count. `is_gone` that the address is no more, and never will be again.
    `is_wait_of_address` says that the wait is asked for what goes to this address: the endpoint is left alone only once
    a second address is told the same.
    """

    kind: FailureKind
    reason: str
    status: int | None = None
    wait: timedelta | None = None
    greylisted: bool = False
    is_address: bool = False
    is_guess: bool = False
    is_of_message: bool = False
    is_gone: bool = False
    is_wait_of_address: bool = False

    @property
    def is_refusal(self) -> bool:
        """Tell whether the service refused the message itself, whosever fault that is by now taken to be."""
        return self.kind is FailureKind.MESSAGE or self.is_of_message

    @property
    def is_of_login(self) -> bool:
        """Tell whether the service refused who we say we are: then it refuses every message and every address."""
        return self.kind is FailureKind.CHANNEL and self.status in LOGIN and not self.is_address


@dataclass(frozen=True, kw_only=True)
class RetryAt:
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
class AwaitVerdict:
    """It was refused as plain text too: the next messages show whose fault that is. `at` is the latest next try."""

    at: datetime
    reason: str


@dataclass(frozen=True, kw_only=True)
class GaveUp:
    """It is not tried again: the fault is its own."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class UseOver:
    """It is not tried again: its use is over, and the fault was not its own."""

    reason: str


Verdict = RetryAt | Parked | AwaitVerdict | GaveUp | UseOver


class Refused(enum.StrEnum):
    """The state of a message that was refused as plain text too, and is not given up yet."""

    NEVER = "never"
    """It was not refused before."""
    WAITS = "waits"
    """Nothing has gone through since."""
    BEFORE = "before"
    """Another message has gone through since, so that a refusal now is its own fault."""


def retry(
    failure: Failure,
    *,
    attempts: int,
    plain: bool,
    now: datetime,
    useful_until: datetime,
    jitter: float,
    refused: Refused = Refused.NEVER,
) -> Verdict:
    """Decide what follows a failed attempt.

    Args:
        failure: what the transport said.
        attempts: how many attempts were made, this one included; 1 or more.
        plain: whether this attempt already was the plain and short one. It stays plain from then on.
        now: the instant of the decision, UTC.
        useful_until: when the message's use ends (SPEC 4, "Use"), UTC.
        jitter: a random number in [0, 1).
        refused: whether it was refused as plain text too before.

    Returns:
        When to try again, or that the delivery waits for its channel or for a verdict, or that it has ended.
    """
    is_refused = failure.kind is FailureKind.MESSAGE and plain
    if is_refused and refused is Refused.BEFORE:
        return GaveUp(reason=refused_too(failure.reason))
    if now >= useful_until:
        return UseOver(reason=over_after(attempts, failure.reason))
    if is_refused:
        return AwaitVerdict(at=min(now + LONGEST_DOUBT, useful_until), reason=refused_too(failure.reason))
    at = min(now + spread(delay(failure, attempts), jitter), useful_until)
    if failure.kind is FailureKind.CHANNEL:
        return Parked(at=at, reason=failure.reason)
    return RetryAt(at=at, reason=failure.reason, plain=plain or failure.kind is FailureKind.MESSAGE)


def refused_too(reason: str) -> str:
    """Return what is said of a message that was refused as plain text too."""
    return reason if reason.endswith(AS_PLAIN_TOO) else reason + AS_PLAIN_TOO


def over_after(attempts: int, reason: str | None) -> str:
    """Return what is said of a message that was tried in vain until its use was over."""
    tries = "1 try" if attempts == 1 else f"{attempts} tries"
    return f"its use was over after {tries}: {reason or 'no answer'}"


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
