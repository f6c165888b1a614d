"""Ends a daemon: records what is still in flight as it is returned, and hands back the rest."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final

from reminder.core.errors import StoreError
from reminder.delivery.sweep import Sweeper
from reminder.platform.clock import Clock
from reminder.store import outbox_write

log = logging.getLogger(__name__)

LAST_TRY: Final = 5.0
"""In the last seconds, a database that cannot be written is not tried again: a try takes its time."""


def drain(sweeper: Sweeper, clock: Clock, *, until: float, now: Callable[[], datetime]) -> bool:
    """Record what is returned until a reading of the monotonic clock, then hand back the rest.

    Args:
        sweeper: whose sender has been recalled.
        clock: counts the time left.
        until: when to stop waiting, in monotonic seconds.
        now: the instant (UTC) under which to record, also while the clock is in doubt.

    Returns:
        Whether all of it could be written in time.
    """
    while True:
        try:
            sweeper.collect(now())  # also what was returned before and could not be written then
            if not sweeper.sender.in_flight or clock.monotonic() >= until:
                _hand_back(sweeper, now())
                return True
        except StoreError as error:
            if clock.monotonic() >= until - LAST_TRY:
                log.error("outcomes not recorded", extra={"why": str(error)})
                return False
        sweeper.sender.wait(0.2)


def _hand_back(sweeper: Sweeper, now: datetime) -> None:
    with sweeper.store.write() as tx:
        left = outbox_write.hand_back(tx, sweeper.owner, now)
    if sweeper.lease_keeper:
        sweeper.lease_keeper.leave(sweeper.store)
    if left:
        log.warning("deliveries handed back", extra={"deliveries": left})
