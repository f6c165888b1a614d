"""What faults are made of: failpoints of a running program, disks that are full, databases that somebody holds.

points = Failpoints(tmp_path / "points")
reminder.environ.update(points.env)
points.set(Place.CLAIMED, "pause")
with reminder.daemon() as daemon:
    points.wait_for(Place.CLAIMED)
    points.clear(Place.CLAIMED)
"""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from reminder.platform import failpoints
from reminder.platform.failpoints import FAILPOINTS, REACHED, FailpointPlace
from tests.support.process import PATIENCE, Reminder, Row

LOOK: Final = 0.02


@contextmanager
def armed(folder: Path) -> Iterator[Path]:
    """Use the failpoints of a folder within a block, in this process."""
    failpoints.arm({FAILPOINTS: str(folder)})
    try:
        yield folder
    finally:
        failpoints.arm({})


What = Literal["crash", "raise", "pause"]


def until(is_so: Callable[[], object], otherwise: Callable[[], object] = str, seconds: float = PATIENCE) -> None:
    """Wait until something is so; `otherwise` is what is shown when it never is."""
    never = threading.Event()
    for _ in range(int(seconds / LOOK)):
        if is_so():
            return
        never.wait(LOOK)
    raise AssertionError(f"it never came to be: {otherwise()}")


class Failpoints:
    """A folder of failpoints."""

    def __init__(self, folder: Path, *, patience: float | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        if patience is not None:
            (folder / failpoints.PATIENCE).write_text(str(patience))

    @property
    def env(self) -> dict[str, str]:
        """What to set in the environment of who shall meet them."""
        return {FAILPOINTS: str(self.folder)}

    def set(self, place: FailpointPlace, what: What) -> None:
        """Have this happen to whoever comes by."""
        partial = self.folder / f".{place}"
        partial.write_text(what)
        partial.replace(self.folder / place)

    def clear(self, place: FailpointPlace) -> None:
        """Let everybody pass."""
        (self.folder / place).unlink(missing_ok=True)

    def reached(self, place: FailpointPlace) -> int:
        """Return how often something happened to somebody there."""
        with suppress(OSError):
            return (self.folder / REACHED).read_text().splitlines().count(place)
        return 0

    def wait_for(self, place: FailpointPlace, times: int = 1) -> None:
        """Wait until so many have come by."""
        until(lambda: self.reached(place) >= times, lambda: f"nobody came by {place}")


def rows(reminder: Reminder) -> list[Row]:
    """Return the ledger, empty while there is none; also while another program is writing."""
    with suppress(sqlite3.OperationalError):
        return reminder.ledger()
    return []


def states(reminder: Reminder) -> list[str]:
    """Return the state of every delivery, oldest first."""
    return [row.state for row in rows(reminder)]


@contextmanager
def held(database: Path) -> Iterator[None]:
    """Hold a SQLite database as another program that writes does."""
    with closing(sqlite3.connect(database, timeout=PATIENCE, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def integrity(database: Path) -> str:
    """Return what SQLite finds when it reads the whole file."""
    with closing(sqlite3.connect(database)) as connection:
        return str(connection.execute("PRAGMA integrity_check").fetchone()[0])


@dataclass(frozen=True, kw_only=True)
class Disk:
    """A folder whose space can be taken away from a process, and given back."""

    folder: Path
    is_mounted: bool

    def fill(self, pid: int) -> None:
        """Leave no room: on a small disk by filling it, else by the process's own limit."""
        if not self.is_mounted:
            # Room for a log and a heartbeat, and none for the database.
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (12288, resource.RLIM_INFINITY))
            return
        with (self.folder / "filler").open("wb", buffering=0) as filler:
            for size in (65536, 4096, 512, 1):
                with suppress(OSError):
                    while filler.write(b"x" * size):
                        pass

    def free(self, pid: int) -> None:
        """Give the room back."""
        if self.is_mounted:
            (self.folder / "filler").unlink()
        else:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


@contextmanager
def small_disk(folder: Path) -> Iterator[Disk]:
    """Mount a disk of two megabytes where that is allowed; elsewhere a limit of the process stands in for it."""
    folder.mkdir(parents=True, exist_ok=True)
    mounted = os.geteuid() == 0 and _call("mount", "-t", "tmpfs", "-o", "size=2m,mode=0700", "tmpfs", str(folder))
    try:
        yield Disk(folder=folder, is_mounted=mounted)
    finally:
        if mounted:
            _call("umount", "-l", str(folder))


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Let nobody write to a folder: by its mount where that is allowed, for root may write anywhere else."""
    if os.geteuid() == 0:
        assert _call("mount", "--bind", str(folder), str(folder))
        assert _call("mount", "-o", "remount,ro,bind", str(folder))
    else:
        folder.chmod(0o500)
    try:
        yield
    finally:
        if os.geteuid() == 0:
            _call("umount", "-l", str(folder))
        else:
            folder.chmod(0o700)


@contextmanager
def no_thread_left() -> Iterator[None]:
    """Let no thread be started: each would need more memory than there can be."""
    before = threading.stack_size(1 << 47)
    try:
        yield
    finally:
        threading.stack_size(before)


def _call(*command: str) -> bool:
    return subprocess.run(command, check=False, capture_output=True).returncode == 0
