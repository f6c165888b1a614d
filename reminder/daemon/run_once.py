"""Does `run --once`: tries each due delivery once, then ends."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from reminder.core.errors import ClockWrong
from reminder.core.sending.clock_guard import behind_ledger
from reminder.delivery.sweep import Sweeper
from reminder.platform.clock import Clock
from reminder.platform.heartbeat import Heartbeat, write_heartbeat
from reminder.store import outbox_write
from reminder.store.load_plans import newest_row

LAST_CALL: Final = 10.0
"""Seconds that what is in flight gets when a pass is broken off."""


def one_pass(sweeper: Sweeper, clock: Clock, runtime_dir: Path) -> int:
    """Decide and try everything due now, each delivery once; return 1 when something ended `failed`, else 0.

    Raises ClockWrong when the clock stands before what the ledger has recorded, and StoreError.
    """
    # One instant for the whole pass: what fails is due again later than it, so nothing is tried twice.
    now = clock.now()
    with sweeper.store.read() as tx:
        doubt = behind_ledger(now, newest_row(tx))
    if doubt:
        raise ClockWrong(f"nothing is sent: {doubt.reason}")
    failed = 0
    try:
        while True:
            report = sweeper.sweep(now)
            failed += report.failed
            if report.wants_loading and sweeper.loader is not None:
                sweeper.loader()
                now = clock.now()  # nothing has been tried yet, and the words are to be true when they leave
            elif sweeper.sender.in_flight:
                sweeper.sender.wait(1.0)
            elif not report.did_something:
                break
    finally:
        _leave(sweeper, clock)
    write_heartbeat(runtime_dir, Heartbeat(swept_at=now, pid=os.getpid(), next_at=report.next_at))
    return 1 if failed else 0


def _leave(sweeper: Sweeper, clock: Clock) -> None:
    """Record what still is returned after an error, and hand back the rest: what arrived is not to be sent again."""
    until = clock.monotonic() + LAST_CALL
    sweeper.sender.recall()
    try:
        while sweeper.sender.in_flight and clock.monotonic() < until:
            sweeper.sender.wait(0.2)
            sweeper.collect(clock.now())
        sweeper.collect(clock.now())
        with sweeper.store.write() as tx:
            outbox_write.hand_back(tx, sweeper.owner, clock.now())
    finally:
        sweeper.sender.close()
