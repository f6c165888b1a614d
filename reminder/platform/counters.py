"""Counts what this process has done since it began, for whoever watches it."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class CounterValues:
    """The counts as they stood at one moment. `outcomes` are by (outcome, channel, kind)."""

    outcomes: dict[tuple[str, str, str], int]
    sweeps: int
    sweep_seconds: float
    swept_at: datetime | None


@dataclass(kw_only=True)
class Counters:
    """Counts what comes of deliveries, and sweeps. Safe to share between threads."""

    _outcomes: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    _sweeps: int = 0
    _seconds: float = 0.0
    _swept_at: datetime | None = None
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def count(self, outcome: str, channel: str, kind: str) -> None:
        """Count one delivery that was recorded."""
        with self._guard:
            self._outcomes[outcome, channel, kind] += 1

    def swept(self, seconds: float, now: datetime) -> None:
        """Count one sweep that took so many seconds."""
        with self._guard:
            self._sweeps += 1
            self._seconds += seconds
            self._swept_at = now

    def seen(self) -> CounterValues:
        """Return the counts as they stand."""
        with self._guard:
            return CounterValues(
                outcomes=dict(self._outcomes),
                sweeps=self._sweeps,
                sweep_seconds=self._seconds,
                swept_at=self._swept_at,
            )
