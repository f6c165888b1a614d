"""Keeps a second daemon from a SQLite file.

The lock is flock(2) on a file beside the database, so the kernel frees it whatever becomes of its holder, kill -9
included. The file stays where it is: to delete it would let two daemons each hold a lock of their own. Network file
systems are not supported, as SQLite's write-ahead log is not there either.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from reminder.core.errors import AlreadyRunning, StoreError
from reminder.platform.clock import utc_text
from reminder.platform.files import make_folder, make_private
from reminder.platform.paths import owned_by, unread_user

_LONGEST: Final = 1000  # bytes of what the holder wrote about itself


def lock_file(database: Path) -> Path:
    """Return the file that the daemon of `database` holds locked."""
    return database.with_name(database.name + ".lock")


@contextlib.contextmanager
def only_daemon(database: Path, now: datetime) -> Iterator[None]:
    """Be the one daemon of the SQLite file `database`, from `now` (UTC) until the block ends or the process dies.

    Creates the database's directory if there is none. Raises AlreadyRunning that names who holds it, and StoreError
    when the file cannot be opened.
    """
    path = lock_file(database.resolve())
    held = _take(path, database)
    try:
        _write(held, json.dumps({"pid": os.getpid(), "since": utc_text(now), "uid": os.getuid()}))
        yield
    finally:
        _write(held, "")
        os.close(held)


def _take(path: Path, database: Path) -> int:
    """Return a descriptor of `path` with the lock on it; if the file was made anew meanwhile, lock the new one."""
    while True:
        held = _open(path)
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = _holder(held)
            os.close(held)
            if isinstance(error, BlockingIOError):
                raise AlreadyRunning(f"{database} already has a daemon: {holder}") from error
            raise StoreError(f"cannot lock {owned_by(path)}: {error.strerror}") from error
        if _is_still(held, path):
            return held
        os.close(held)


def _open(path: Path) -> int:
    try:
        make_folder(path.parent)
        make_private(path)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StoreError(f"cannot open {owned_by(path)}: {error.strerror}{unread_user()}") from error


def _is_still(held: int, path: Path) -> bool:
    with contextlib.suppress(OSError):
        return os.path.samestat(os.fstat(held), path.stat())
    return False


def _holder(held: int) -> str:
    """Return what the holder wrote about itself, in words; it may not have written anything yet."""
    try:
        said = json.loads(os.pread(held, _LONGEST, 0))
        return f"pid {said['pid']} since {said['since']}, started by uid {said['uid']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "a process that has not yet said which"


def _write(held: int, text: str) -> None:
    """Write who holds the lock; on a full disk the lock counts all the same."""
    with contextlib.suppress(OSError):
        os.ftruncate(held, 0)
        os.pwrite(held, text.encode(), 0)
