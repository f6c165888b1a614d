"""How often somebody may do something, kept in memory: a restart forgets it, and so does an idle hour."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

MOST_KEPT: Final = 10_000
"""So many visitors are told apart; the one not seen for longest is forgotten first."""


@dataclass(frozen=True)
class Limit:
    """A number of times in a number of seconds."""

    times: int
    seconds: float


@dataclass
class Limits:
    """Counts what visitors do. Each has a bucket that fills up again evenly."""

    _left: OrderedDict[tuple[Limit, str], tuple[float, float]] = field(default_factory=OrderedDict)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, limit: Limit, who: str, now: float) -> float:
        """Count one more by `who` at `now` (monotonic seconds); return 0, or in how many seconds it is allowed."""
        with self._guard:
            left, at = self._left.pop((limit, who), (float(limit.times), now))
            left = min(limit.times, left + (now - at) * limit.times / limit.seconds)
            is_free = left >= 1
            self._left[limit, who] = (left - 1 if is_free else left, now)
            if len(self._left) > MOST_KEPT:
                self._left.popitem(last=False)
        return 0.0 if is_free else (1 - left) * limit.seconds / limit.times
