"""Judges when a channel is broken, by what failed in a row and not by what it says (SPEC 4, "A broken channel")."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from reminder.core.sending.retry import Failure, FailureKind, Refused

SILENT: Final = timedelta(hours=6)
"""So long nothing must have gone through for a channel to be broken, if it gives no other sign of it,"""
FEWEST_TRIES: Final = 3
"""and so often it must have been tried while something else could be reached."""

FEWEST_REFUSED: Final = 2
"""So many different messages refused in a row, as plain text too, are the channel's fault and not their own."""

FEWEST_ADDRESSES: Final = 3
"""So many different addresses of a shared channel that were refused in a row are the channel's fault."""

NEARLY: Final = timedelta(minutes=5)
"""What was reached so shortly before a failure still shows that the network was there."""


@dataclass(frozen=True, kw_only=True)
class Streak:
    """Failures in a row at one channel, or at one address of a shared one, since it last took a message.

    `since` is the first of them. `reached` counts the tries while something else could be reached, `refused` the
    different messages that were refused as plain text too. `refused_at` is when the service last said no for a reason
    that passes by no waiting, `is_own` whether it blamed the address itself.
    """

    since: datetime
    tries: int = 0
    reached: int = 0
    refused: int = 0
    refused_at: datetime | None = None
    is_own: bool = False

    def is_silent(self, now: datetime) -> bool:
        """Tell whether it has taken nothing for so long, and was tried so often, that waiting does not help."""
        return now - self.since >= SILENT and self.tries >= FEWEST_TRIES

    def is_of_network(self, now: datetime) -> bool:
        """Tell whether it is silent, and nothing else could be reached either."""
        return self.is_silent(now) and self.reached == 0

    def why_broken(self, now: datetime) -> str | None:
        """Return by which count it is broken at `now`, None while it is not."""
        if self.refused >= FEWEST_REFUSED:
            return f"{self.refused} messages in a row were refused, plain and short too"
        waited = self.refused > 0 and now - self.since >= SILENT
        if waited or (self.reached >= FEWEST_TRIES and self.is_silent(now)):
            hours = (now - self.since) // timedelta(hours=1)
            return f"nothing has gone through for {hours} hours"
        return None


def lengthened(
    streak: Streak | None, failure: Failure, *, refused: Refused | None, elsewhere_at: datetime | None, now: datetime
) -> Streak:
    """Return a streak with one more failure.

    Args:
        streak: the failures so far; None after a success.
        failure: what was returned at `now`.
        refused: how the message stood that was refused as plain text too: None for any other failure.
        elsewhere_at: when another service last answered.
        now: the instant of the failure, UTC.
    """
    before = streak or Streak(since=now)
    is_there = failure.status is not None or (elsewhere_at is not None and elsewhere_at >= before.since - NEARLY)
    is_no = refused is not None or failure.kind is FailureKind.CHANNEL
    return replace(
        before,
        tries=before.tries + 1,
        reached=before.reached + is_there,
        refused=before.refused + (refused is Refused.NEVER),
        refused_at=now if is_no else before.refused_at,
        is_own=(failure.is_address and not failure.is_guess) if is_no else before.is_own,
    )
