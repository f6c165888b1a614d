"""Prunes the ledger once a day, in batches so small that nobody waits for them."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from reminder.store.looks import forget_changes
from reminder.store.prune import prune_batch
from reminder.store.sql.store import Store
from reminder.store.web_sessions import drop_expired
from reminder.usecases.joining import forget_unfinished

log = logging.getLogger(__name__)

DAILY: Final = timedelta(hours=24)

PAUSE: Final = 0.05
"""Seconds between two batches, in which others get the database."""


@dataclass(kw_only=True)
class Pruner:
    """Takes out of the ledger what was over before `keep` ago; a `keep` of nothing keeps it for ever."""

    store: Store
    keep: timedelta
    stop: threading.Event = field(default_factory=threading.Event)
    _last: datetime | None = None

    def daily(self, now: datetime) -> int:
        """Prune unless that was done within a day; return how many messages went. Raises StoreError."""
        if self._last is not None and self._last <= now < self._last + DAILY:
            return 0
        self._last = now
        with self.store.write() as tx:
            forget_changes(tx)
            drop_expired(tx, now)
            forgotten = forget_unfinished(tx, now)
        if forgotten:
            log.info("unfinished joining forgotten", extra={"what": ", ".join(forgotten)})
        return self.prune(now)

    def prune(self, now: datetime) -> int:
        """Prune now; return how many messages went. Raises StoreError."""
        if not self.keep:
            return 0
        horizon, after, gone = now - self.keep, 0, 0
        while not self.stop.is_set():
            with self.store.write() as tx:
                found = prune_batch(tx, horizon, after)
            after, gone = found.last, gone + found.gone
            if not found.more:
                break
            self.stop.wait(PAUSE)
        if gone:
            log.info("ledger pruned", extra={"messages": gone})
        return gone
