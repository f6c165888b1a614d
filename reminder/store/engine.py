"""Opening the database: SQLite as it must be set to be trusted, PostgreSQL with a pool that survives restarts."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, OperationalError
from sqlalchemy.pool import StaticPool

from reminder.core.secret import Secret
from reminder.errors import StoreCorrupt, StoreError, StoreLocked

BUSY_SECONDS: Final = 10
"""How long a writer waits for SQLite's lock before it says that another program holds the database."""


def database_url(database: Secret) -> URL:
    """Return the URL of a `database:` setting, which may be a plain path. Raises StoreError for what is neither."""
    text = database.reveal()
    if "://" not in text:
        return URL.create("sqlite", database=text)
    try:
        url = make_url(text)
    except ArgumentError:
        raise StoreError(
            "the database URL cannot be read: write postgresql://USER@HOST/NAME, or a file's path"
        ) from None
    if url.drivername in {"postgresql", "postgres"}:
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() not in {"sqlite", "postgresql"}:
        raise StoreError(f"no database of kind {url.drivername!r}: use a file's path (SQLite) or postgresql://…")
    return url


def make_engine(url: URL) -> Engine:
    """Return an engine for `url`, its connections set up for durable, serial writing."""
    if url.get_backend_name() == "sqlite":
        return _sqlite_engine(url)
    try:
        return create_engine(url, pool_pre_ping=True, pool_size=4, hide_parameters=True)
    except ModuleNotFoundError:
        raise StoreError("PostgreSQL needs its driver: pip install 'release-reminder[postgres]'") from None


def _sqlite_engine(url: URL) -> Engine:
    in_memory = url.database in {None, "", ":memory:"}
    options: dict[str, Any] = {"poolclass": StaticPool} if in_memory else {}
    engine = create_engine(
        url,
        connect_args={"timeout": BUSY_SECONDS, "isolation_level": None, "check_same_thread": False},
        hide_parameters=True,
        **options,
    )
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    return engine


def _set_pragmas(connection: sqlite3.Connection, _record: object) -> None:
    # FULL: a `sent` that power loss forgets would be sent twice (measured: it costs nothing at our rates).
    # A cache that never spills lets a dry run write on a full disk: what is rolled back never reaches it.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_spill=OFF"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    # sqlite3's own transactions start too late: two read-modify-writes would lose one without a word.
    mode = connection.get_execution_options().get("sqlite_begin", "IMMEDIATE")
    connection.exec_driver_sql(f"BEGIN {mode}")


def check_file(path: Path) -> None:
    """Look whether a SQLite file can be used as it stands. Raises StoreError naming the path, its owner and the reason."""
    folder = path.parent
    if not folder.is_dir():
        raise StoreError(f"{path}: the folder {folder} does not exist: create it, or set `database:`")
    target = path if path.exists() else folder
    if not os.access(target, os.R_OK | os.W_OK) or not os.access(folder, os.W_OK):
        raise StoreError(f"{path}: not writable for uid {os.getuid()} (it belongs to uid {target.stat().st_uid})")
    if path.exists() and path.stat().st_size == 0:
        raise StoreCorrupt(f"{path}: the file is empty: restore a backup, or delete it to begin anew")


def quick_check(engine: Engine, path: Path) -> None:
    """Run SQLite's own check. Raises StoreCorrupt with its finding and what to do."""
    with translated(str(path)), engine.connect() as connection:
        finding = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    if finding != "ok":
        raise StoreCorrupt(_damaged(str(path), str(finding)))


def _damaged(place: str, finding: str) -> str:
    return (
        f"{place}: the database is damaged ({finding}). Stop the daemon, keep the file, and put a backup in its place"
    )


@contextmanager
def translated(place: str) -> Iterator[None]:
    """Turn the drivers' errors into ours: locked, damaged, or unusable, naming `place` (no secret)."""
    try:
        yield
    except OperationalError as error:
        finding = _finding(error)
        if "locked" in finding or "busy" in finding:
            raise StoreLocked(f"{place}: another program has held the database for {BUSY_SECONDS} s") from error
        if "malformed" in finding or "not a database" in finding:
            raise StoreCorrupt(_damaged(place, finding)) from error
        raise StoreError(f"{place}: {finding}") from error
    except DatabaseError as error:
        finding = _finding(error)
        if "malformed" in finding or "not a database" in finding:
            raise StoreCorrupt(_damaged(place, finding)) from error
        raise StoreError(f"{place}: {finding}") from error


def _finding(error: DBAPIError) -> str:
    lines = str(error.orig).strip().splitlines()
    return lines[0] if lines else type(error.orig).__name__


def backup(url: URL, target: Path) -> None:
    """Write a consistent copy of a SQLite database to `target`, while others use it. Raises StoreError."""
    if url.get_backend_name() != "sqlite":
        raise StoreError("this copies SQLite; for PostgreSQL use pg_dump")
    partial = target.with_name(f"{target.name}.part")
    try:
        with sqlite3.connect(str(url.database)) as source, sqlite3.connect(partial) as copy:
            source.backup(copy, pages=-1)
        source.close()
        copy.close()
        _settle(partial, target)
    except (sqlite3.Error, OSError) as error:
        partial.unlink(missing_ok=True)
        raise StoreError(f"{target}: the copy could not be written: {error}") from error


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
