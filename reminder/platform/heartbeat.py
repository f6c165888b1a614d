"""Writes and reads the sign of life that `health` shows: each sweep that reached the database leaves one.

A daemon holds a lock beside it for as long as its process lives (flock(2), which the kernel frees whatever becomes of
the process). Several daemons may share the folder, and the lock; who finds it free knows at once that none is left.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from reminder.platform.files import make_folder, make_private

NAME: Final = "heartbeat.json"
LOCK: Final = "heartbeat.lock"

RESTARTS: Final = timedelta(seconds=75)
"""A daemon that is started anew is back so soon after its last sweep: a tick, the pause of its unit, and a start."""

_BOOT: Final = Path("/proc/sys/kernel/random/boot_id")
_LONGEST: Final = 64


@dataclass(frozen=True, kw_only=True)
class Heartbeat:
    """The state after the last sweep: when it was, who did it, what comes next, and what is wrong, if anything.

    `config_problem` is why the config on disk is not the one in use. `config` tells the file that is in use from
    others, while a daemon runs by it; one pass for cron reads its config at each call. `kernel` names the running
    system whose lock tells whether the daemon lives, "" where nobody holds one, as for a single pass; `is_restarted`
    says that something starts the daemon anew if it dies. `is_ended` is what reading found: that no process holds the
    lock any more.
    """

    swept_at: datetime
    pid: int
    next_at: datetime | None = None
    trouble: str | None = None
    config_problem: str | None = None
    config: str | None = None
    kernel: str = ""
    is_restarted: bool = False
    is_ended: bool = False

    def is_dead(self, now: datetime) -> bool:
        """Tell whether the daemon that left it is known to be gone, and not about to be back."""
        return self.is_ended and (not self.is_restarted or now - self.swept_at > RESTARTS)


@contextlib.contextmanager
def living(folder: Path) -> Iterator[str]:
    """Hold the lock that tells of a living daemon; yield the running system by which it counts, "" without one."""
    held = _hold(folder)
    try:
        yield running_kernel() if held is not None else ""
    finally:
        if held is not None:
            os.close(held)


def _hold(folder: Path) -> int | None:
    """Return a descriptor of the lock, shared with other daemons; None where there can be none."""
    try:
        make_folder(folder)
        make_private(folder / LOCK, 0o640)
        held = os.open(folder / LOCK, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(held, fcntl.LOCK_SH)  # who looks holds it for an instant only
    except OSError:
        os.close(held)
        return None
    return held


def running_kernel() -> str:
    """Return what tells this running system from others that may share the folder, and whose locks are not seen."""
    try:
        return _BOOT.read_text()[:_LONGEST].strip()
    except OSError:
        return ""


def _is_free(folder: Path) -> bool:
    """Tell whether no process of this system holds the lock; False where that cannot be known."""
    try:
        looked = os.open(folder / LOCK, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(looked, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    else:
        return True
    finally:
        os.close(looked)


def write_heartbeat(folder: Path, beat: Heartbeat) -> None:
    """Replace the heartbeat, in a folder that is made if need be.

    On a full disk it is written over the one before, whose room is there: the old one would say that all is well.
    Where that cannot be done either, it is no reason to stop: the heartbeat then looks old.
    """
    values = {key: value.isoformat() if isinstance(value, datetime) else value for key, value in asdict(beat).items()}
    del values["is_ended"]
    text, partial = json.dumps(values), folder / f".{NAME}.{os.getpid()}"
    try:
        make_folder(folder)
        partial.unlink(missing_ok=True)
        make_private(partial, 0o640)
        partial.write_text(text)
        partial.replace(folder / NAME)
    except OSError:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            _write_over(folder / NAME, text.encode())


def _write_over(file: Path, content: bytes) -> None:
    """Write over a file that is there, in the room that it has. Raises OSError."""
    opened = os.open(file, os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.pwrite(opened, content.ljust(os.fstat(opened).st_size), 0)
    finally:
        os.close(opened)


def read_heartbeat(folder: Path) -> Heartbeat | None:
    """Return the last heartbeat, None when there is none that can be read."""
    try:
        values = json.loads((folder / NAME).read_text())
        swept_at = datetime.fromisoformat(values["swept_at"])
        next_at = datetime.fromisoformat(values["next_at"]) if values["next_at"] else None
        beat = Heartbeat(**{**values, "swept_at": swept_at, "next_at": next_at})
    except (OSError, ValueError, KeyError, TypeError):
        return None
    is_ended = bool(beat.kernel) and beat.kernel == running_kernel() and _is_free(folder)
    return replace(beat, is_ended=True) if is_ended else beat
