"""Names places at which a test may kill, stop or fail the running program; as the clock's file, it is for tests.

The installed command is tested as a process, and cannot be handed a fake. The environment variable
`REMINDER_FAILPOINTS` names a folder; a file in it named after a place says what happens to whoever passes it:

    crash       the process dies there, as by kill -9
    raise       an error is raised there that nobody expects
    pause       whoever came stays until the file is gone

The file is looked up each time, so a test may write and remove it while the program runs. Each pass adds a line to the
folder's file `reached`. A file `patience` holds the seconds to wait for a database that another program holds, a file
`lease` those for which a claim holds among several daemons. Without the variable nothing is looked for.
"""

from __future__ import annotations

import enum
import os
import signal
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Final

FAILPOINTS: Final = "REMINDER_FAILPOINTS"
REACHED: Final = "reached"
PATIENCE: Final = "patience"
LEASE: Final = "lease"

_LOOK_AGAIN: Final = 0.01  # seconds, while it is held
_MOST: Final = 100  # bytes of what a file says


class FailpointPlace(enum.StrEnum):
    """Every place there is, in the order in which a message passes them."""

    MIGRATE = "migrate"
    """The tables are made or changed, and nothing of it is committed."""
    SYNC = "sync"
    """What the config lists stands in the database, and is not committed."""
    TICK = "tick"
    """A sweep is about to begin."""
    DECIDE = "decide"
    """Messages are decided and written, and not committed."""
    CLAIM = "claim"
    """Deliveries are claimed, and the claim is not committed."""
    CLAIMED = "claimed"
    """The claim is committed, and nothing has left."""
    SEND = "send"
    """A thread has the message in hand, and nothing has left."""
    ANSWERED = "answered"
    """The service has answered, and nobody has been told."""
    RECORD = "record"
    """What was returned stands in the ledger, and is not committed."""
    RECORDED = "recorded"
    """What was returned is committed, and still remembered as not."""


class Failpoint(Exception):
    """The error that `raise` raises."""


_armed: Path | None = None


def arm(environ: Mapping[str, str]) -> None:
    """From now on use the failpoints of the folder that `REMINDER_FAILPOINTS` names; none without it."""
    global _armed
    named = environ.get(FAILPOINTS)
    _armed = Path(named) if named else None


def reach(place: FailpointPlace) -> None:
    """Pass a place. Does nothing except in a test. Raises Failpoint when told to."""
    if _armed is not None:
        _meet(_armed, place)


def patience(otherwise: float) -> float:
    """Return how many seconds to wait for a database that is held: `otherwise`, but for a test."""
    return _seconds(PATIENCE, otherwise)


def lease(otherwise: float) -> float:
    """Return how many seconds a claim holds: `otherwise`, but for a test."""
    return _seconds(LEASE, otherwise)


def _seconds(name: str, otherwise: float) -> float:
    said = _said(_armed / name) if _armed is not None else ""
    return float(said) if said else otherwise


def _meet(folder: Path, place: FailpointPlace) -> None:
    said = _said(folder / place)
    if not said:
        return
    with (folder / REACHED).open("a") as reached:
        reached.write(f"{place}\n")
    if said == "crash":
        os.kill(os.getpid(), signal.SIGKILL)
    if said == "raise":
        raise Failpoint(f"failpoint {place}")
    never = threading.Event()
    while _said(folder / place) == "pause":
        never.wait(_LOOK_AGAIN)


def _said(file: Path) -> str:
    try:
        with file.open() as opened:
            return opened.read(_MOST).strip()
    except OSError:
        return ""
