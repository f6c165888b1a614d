"""A copy of a SQLite database that is whole, taken while others write."""

from __future__ import annotations

import errno
import os
import sqlite3
import stat
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from sqlalchemy.engine import URL

from reminder.core.errors import StoreError, WrongInput
from reminder.store.sql.engine import is_file, is_there
from reminder.store.sql.errors import from_sqlite


def backup(url: URL, target: Path) -> None:
    """Write a consistent copy of a SQLite database to `target`, while others use it. Raises StoreError.

    What stood under that name is replaced, at once and whole; the database itself is not.
    """
    if not is_file(url):
        raise StoreError("this copies SQLite; for PostgreSQL use pg_dump")
    source = Path(str(url.database))
    if not is_there(source):
        raise StoreError(f"{source}: there is no database to copy")
    if target.exists() and target.samefile(source):
        raise StoreError(f"{target}: this is the database itself: name another file for the copy")
    partial = target.with_name(f"{target.name}.part")
    try:
        partial.unlink(missing_ok=True)
        copy_database(source, partial)
        _settle(partial, target)
    except OSError as error:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
            raise WrongInput(f"{target} cannot be written: {error.strerror}") from None
        raise StoreError(f"{target}: the copy could not be written: {error.strerror}") from error
    except sqlite3.Error as error:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise _of_source(source, error) or StoreError(f"{target}: the copy could not be written: {error}") from error


_OF_THE_COPY: Final = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_TOOBIG})
"""What only the new file can fail by, or either may; all else is the database's own fault."""


def _of_source(source: Path, error: sqlite3.Error) -> StoreError | None:
    """Return the fault as the database's own, None where it is the copy's."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_FULL) & 0xFF
    return None if code in _OF_THE_COPY else from_sqlite(str(source), str(error), code)


def copy_database(source: Path, target: Path) -> None:
    """Copy a database into a new file, as it stands at one instant. Raises sqlite3.Error."""
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target)) as copy:
        # All pages in one step: in smaller ones a busy writer makes it begin again and again.
        read.backup(copy, pages=-1)
    target.chmod(stat.S_IMODE(source.stat().st_mode))  # whoever may read the one may read the other


def _settle(partial: Path, target: Path) -> None:
    """Make the finished copy appear under its name at once, whole, and survive a power cut."""
    with partial.open("rb") as copy:
        os.fsync(copy.fileno())
    partial.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
