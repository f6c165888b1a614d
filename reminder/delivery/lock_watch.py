"""Notices on PostgreSQL that somebody else's lock keeps back what is due, and tells the operator who holds it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from reminder.core.errors import StoreError
from reminder.store.blockers import AFTER, Blocker, blockers
from reminder.store.sql.store import Store

log = logging.getLogger(__name__)

EVERY: Final = timedelta(minutes=1)
"""How often it looks while something is overdue: what is merely behind is no reason to ask the server all the time."""


@dataclass(kw_only=True)
class LockWatch:
    """Tells of each session that holds a lock once, for as long as it holds it.

    `tell` puts a message for the operator into the ledger; it raises StoreError when the lock keeps back that too.
    """

    store: Store
    tell: Callable[[str, datetime], None]
    held_for: timedelta = AFTER
    _looked_at: datetime | None = None
    _told: frozenset[tuple[int, datetime | None]] = field(default_factory=frozenset)

    def look(self, oldest_at: datetime | None, now: datetime) -> None:
        """Look who holds locks, if what has been due the longest, since `oldest_at`, is over a minute late.

        Raises StoreError when the database cannot be asked.
        """
        if self.store.is_sqlite or oldest_at is None or now - oldest_at < AFTER:
            self._told = frozenset()
            return
        if self._looked_at is not None and timedelta(0) <= now - self._looked_at < EVERY:
            return
        self._looked_at = now
        with self.store.read() as tx:
            found = blockers(tx, now, self.held_for)
        self._told = frozenset(each.transaction for each in found if self._knows(each) or self._say(str(each), now))

    def _knows(self, found: Blocker) -> bool:
        return found.transaction in self._told

    def _say(self, said: str, now: datetime) -> bool:
        """Tell of a lock; return whether the operator will hear of it, or is to be told at the next look."""
        log.warning("waiting for a lock", extra={"why": said})
        try:
            self.tell(said, now)
        except StoreError as error:
            log.warning("operator not told of a lock", extra={"why": str(error)})
            return False
        return True
