"""Watches over the wall clock: whether the daemon may decide by it, and what instant it believes while it may not."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from reminder.core.sending.clock_guard import ClockGuard, Doubtful, behind_ledger
from reminder.platform.clock import Clock
from reminder.store import outbox_write
from reminder.store.load_plans import newest_row
from reminder.store.sql.store import Store

STEP: Final = timedelta(seconds=2)
"""When the wall clock has moved by more than this against the monotonic one, it was stepped."""


@dataclass(kw_only=True)
class ClockWatch:
    """Compares the wall clock with the time since boot, and with what the ledger has recorded."""

    clock: Clock
    store: Store
    _guard: ClockGuard = field(default_factory=ClockGuard)

    def doubt(self, now: datetime) -> Doubtful | None:
        """Return why nothing may be decided by `now`, None when it may. Raises StoreError.

        What the ledger holds of an instant a little ahead of `now` is dated back to it: the clock was set right.
        """
        seen = self._guard.look(now, self.clock.since_boot())
        with self.store.read() as tx:
            newest = newest_row(tx)
        doubt = seen or behind_ledger(now, newest)
        if doubt is None and newest is not None and newest > now + STEP:
            with self.store.write() as tx:
                outbox_write.pull_in(tx, now)
        return doubt

    def believed(self) -> datetime:
        """Return the instant under which to record what was returned, also while the clock is doubted."""
        now, elapsed = self.clock.now(), self.clock.since_boot()
        self._guard.look(now, elapsed)
        return self._guard.believed(now, elapsed)
