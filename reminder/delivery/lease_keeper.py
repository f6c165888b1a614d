"""Renews the leases of this process on a PostgreSQL that daemons share, and takes over those of dead ones.

On SQLite there is one daemon, and nothing of this is done.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from reminder.store import outbox_write
from reminder.store.daemons import Identity, end_frozen, lapses_in, note_daemon, note_stopped
from reminder.store.sql.store import Store

log = logging.getLogger(__name__)

RENEWALS: Final = 3
"""How often a lease is renewed before it would end, so that one missed renewal costs nothing."""

SETTLING: Final = 0.6
"""How much of a lease a daemon must have been in touch with the database before it may call another dead.

While it was away every lease ended, the living ones' too: they come back within a tick, and go first.
"""

MARGIN: Final = 0.25
"""The last part of a lease, in which no send is started: it might outlast the lease."""


A_MOMENT: Final = 0.5
"""Seconds after the end of a lease before it is checked: by then it has surely ended."""


@dataclass(kw_only=True)
class LeaseKeeper:
    """This process among the daemons of one database. `elapsed` counts seconds, those of a suspend too.

    A pass for cron (`is_daemon` false) is no daemon that others count on; it takes over at once what it finds.
    """

    me: Identity
    elapsed: Callable[[], float]
    is_daemon: bool = True
    _renewed_at: float = -math.inf
    _in_touch_since: float = math.inf
    _look_at: float = math.inf

    def announce(self, tx: Connection) -> None:
        """Have the others see, with this transaction, that this daemon lives and what it runs."""
        if self.is_daemon:
            note_daemon(tx, self.me)

    def renew(self, store: Store, now: datetime) -> timedelta | None:
        """If it is time, renew what is ours and take over what is nobody's any more.

        Returns how soon someone's lease may end, so that it is looked at then. Raises StoreError.
        """
        at = self.elapsed()
        lease = outbox_write.lease().total_seconds()
        if at >= min(self._renewed_at + lease / RENEWALS, self._look_at):
            self._renew(store, now, at, lease)
        return timedelta(seconds=max(0.0, self._look_at - at)) if self._look_at < math.inf else None

    def _renew(self, store: Store, now: datetime, at: float, lease: float) -> None:
        since = self._in_touch_since if at - self._renewed_at <= lease else at
        settled_at = since + lease * SETTLING if self.is_daemon else at
        judges = at >= settled_at
        with store.write() as tx:  # apart, since what the frozen hold may be just what the rest waits for
            frozen = end_frozen(tx, lease)
        if frozen:
            log.warning("stalled sessions ended", extra={"sessions": frozen})
        with store.write() as tx:
            self.announce(tx)
            outbox_write.renew(tx, self.me.owner)
            taken = outbox_write.take_over(tx, now, all_of_them=False) if judges else 0
            seconds = lapses_in(tx, self.me.owner)
        self._renewed_at, self._in_touch_since = at, since
        self._look_at = math.inf if seconds is None else max(at + seconds, settled_at, at) + A_MOMENT
        if taken:
            log.warning("deliveries taken over", extra={"deliveries": taken})

    def is_leased(self, leased_at: float) -> bool:
        """Tell whether what was claimed then, or has been renewed since, is surely still ours."""
        lease = outbox_write.lease().total_seconds()
        return self.elapsed() < max(leased_at, self._renewed_at) + lease * (1 - MARGIN)

    def leave(self, store: Store) -> None:
        """Say that this daemon has stopped. Raises StoreError."""
        if self.is_daemon:
            with store.write() as tx:
                note_stopped(tx, self.me.owner)
