"""Doubts a wall clock that jumps, and says when it may be believed (SPEC 4, "Clocks")."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

SUSPICIOUS: Final = timedelta(days=1)
"""A jump larger than this, against the clock that counts a suspend, is not taken for a correction."""

SETTLING: Final = timedelta(minutes=10)
"""How long the clock must hold after such a jump."""

EARLIEST: Final = datetime(2020, 1, 1, tzinfo=UTC)
"""A machine without a clock of its own begins at 1970, or at the date of its firmware."""


@dataclass(frozen=True, kw_only=True)
class Doubtful:
    """Nothing is sent or expired yet, for `reason`."""

    reason: str


class ClockGuard:
    """Compares the wall clock with the one since boot at each look, from the first one of this process on.

    The clock since boot counts a suspend, so that what a machine slept through is no jump, and believed at once.
    """

    def __init__(self) -> None:
        self._last: tuple[datetime, float] | None = None
        self._steady: tuple[datetime, float] | None = None
        self._doubtful_since: float | None = None
        self._jump = timedelta(0)

    def look(self, wall: datetime, since_boot: float) -> Doubtful | None:
        """Given both clocks now (UTC, seconds), return why the wall clock cannot be believed, None when it can."""
        step = self._step(wall, since_boot)
        self._last = (wall, since_boot)
        if abs(step) > SUSPICIOUS:
            self._doubtful_since, self._jump = since_boot, step
        if self._doubtful_since is not None and since_boot - self._doubtful_since >= SETTLING.total_seconds():
            self._doubtful_since = None
        if self._doubtful_since is None:
            self._steady = (wall, since_boot)
            return None
        way = "forward" if self._jump > timedelta(0) else "back"
        days = round(abs(self._jump) / timedelta(days=1), 1)
        minutes = SETTLING // timedelta(minutes=1)
        return Doubtful(
            reason=f"the clock jumped {way} by {days:g} days, and is believed if it holds for {minutes} minutes"
        )

    def believed(self, wall: datetime, since_boot: float) -> datetime:
        """Return what the wall clock would say, had it run on since it was last believed; `wall` when it never was.

        What is recorded while the clock is doubted is recorded at this instant: one from a year that never comes
        would keep everything after it waiting.
        """
        if self._doubtful_since is None or self._steady is None:
            return wall
        at, since = self._steady
        return at + timedelta(seconds=since_boot - since)

    def _step(self, wall: datetime, since_boot: float) -> timedelta:
        if self._last is None:
            return timedelta(0)
        return (wall - self._last[0]) - timedelta(seconds=since_boot - self._last[1])


_WAY_ON: Final = "; if it is the clock that is right now, stop the daemon and run `reminder run --once --force`"


def behind_ledger(now: datetime, newest: datetime | None) -> Doubtful | None:
    """Return a doubt when the clock stands more than a day before the newest row of the ledger, None otherwise.

    A day of tolerance: a clock put right by an hour must not silence anybody for that hour. Nor is a clock believed
    that stands before this program was thought of: what began then would be owed everything since.
    """
    if newest is not None and now < newest - SUSPICIOUS:
        reason = f"the clock says {now:%Y-%m-%d %H:%M} UTC, but the ledger ends at {newest:%Y-%m-%d %H:%M}{_WAY_ON}"
    elif now < EARLIEST:
        reason = f"the clock says {now:%Y-%m-%d %H:%M} UTC, which cannot be"
    else:
        return None
    return Doubtful(reason=reason)
