"""`run --once`: each due delivery tried once, then the end."""

from __future__ import annotations

import os
from pathlib import Path

from reminder.clock import Clock
from reminder.core.clockguard import behind_ledger
from reminder.errors import ClockWrong
from reminder.heartbeat import Heartbeat, write_heartbeat
from reminder.store import ledger
from reminder.store.stories import newest_row
from reminder.sweep import Sweeper


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
            if sweeper.crew.in_flight:
                sweeper.crew.wait(1.0)
            elif not report.more and not report.started:
                break
    finally:
        _leave(sweeper, clock)
    write_heartbeat(runtime_dir, Heartbeat(swept_at=now, pid=os.getpid(), next_at=report.next_at))
    return 1 if failed else 0


def _leave(sweeper: Sweeper, clock: Clock) -> None:
    """Hand back whatever an error left on its way."""
    with sweeper.store.write() as tx:
        ledger.hand_back(tx, sweeper.owner, clock.now())
    sweeper.crew.close()
