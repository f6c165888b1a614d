"""Opening the database: SQLite as it must be set to be trusted, PostgreSQL with a pool that survives restarts."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from sqlalchemy import Connection, Dialect, Engine, create_engine, event
from sqlalchemy.engine import URL, ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry, StaticPool

from reminder.core.errors import StoreCorrupt, StoreError
from reminder.core.model.database import HOW_TO_WRITE, BadDatabase, is_server, understood
from reminder.core.model.secret import Secret
from reminder.platform import failpoints
from reminder.store.sql.errors import READ_ONLY, damaged, owner_of, sqlstate, translated
from reminder.store.sql.tables import know_postgresql

PATIENCE: Final = 10.0
"""How many seconds a writer waits for a lock, and a connection for its server, before it gives up for this time."""

FROZEN: Final = 60.0
"""Seconds after which PostgreSQL ends a transaction in which nothing happens: as long as a claim holds."""


def database_url(database: Secret) -> URL:
    """Return the URL of a `database:` setting, which may be a plain path. Raises StoreError for what is neither."""
    try:
        text = understood(database.reveal())
        if not is_server(text):
            return URL.create("sqlite", database=text)
        return make_url(text).set(drivername="postgresql+psycopg")
    except BadDatabase as error:
        raise StoreError(str(error)) from None
    except (ArgumentError, ValueError):
        raise StoreError(f"the database URL cannot be read: {HOW_TO_WRITE}") from None


def is_file(url: URL) -> bool:
    """Tell whether this is SQLite in a file, not in memory and not a server."""
    return url.get_backend_name() == "sqlite" and url.database not in {None, "", ":memory:"}


def make_engine(url: URL, *, patience: float = PATIENCE) -> Engine:
    """Return an engine for `url`, its connections set up for durable, serial writing. Raises StoreError.

    `patience` is how long to wait for a lock, in seconds.
    """
    if url.get_backend_name() == "sqlite":
        return _sqlite_engine(url, patience)
    return _postgres_engine(url, patience)


def _sqlite_engine(url: URL, patience: float) -> Engine:
    options: dict[str, Any] = {} if is_file(url) else {"poolclass": StaticPool}
    engine = create_engine(
        url,
        connect_args={"timeout": patience, "isolation_level": None, "check_same_thread": False},
        hide_parameters=True,
        **options,
    )
    event.listen(engine, "do_connect", _connect)
    event.listen(engine, "checkin", _let_others_in)
    event.listen(engine, "begin", _begin)
    return engine


def _connect(_dialect: Dialect, record: ConnectionPoolEntry, args: Any, options: Any) -> sqlite3.Connection:
    connect = partial(sqlite3.connect, *args, **options)
    try:
        return _set_up(connect())
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_IOERR_SHMSIZE:
            raise
    # On a full disk there may not even be room for the memory that connections share: one alone can look and plan.
    record.info[_ALONE] = True
    return _set_up(connect(), "locking_mode=EXCLUSIVE")


_ALONE: Final = "alone"


def _let_others_in(_connection: sqlite3.Connection, record: ConnectionPoolEntry) -> None:
    if record.info.pop(_ALONE, False):
        record.invalidate()


# FULL: a `sent` that power loss forgets would be sent twice (measured: it costs nothing at our rates).
# 8 MB of the file are kept where 2 MB are usual: a page of 10,000 titles would read most of what it needs anew.
_PRAGMAS: Final = ("synchronous=FULL", "foreign_keys=ON", "cache_size=-8000")


def _set_up(connection: sqlite3.Connection, *first: str) -> sqlite3.Connection:
    try:
        for pragma in (*first, *_PRAGMAS):
            connection.execute(f"PRAGMA {pragma}")
        if not _is_another_programs(connection):
            connection.execute("PRAGMA journal_mode=WAL")
    except BaseException:
        connection.close()
        raise
    return connection


def _is_another_programs(connection: sqlite3.Connection) -> bool:
    """Tell whether a file is about to be refused: how it is kept is then not ours to change."""
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    return bool(names) and "alembic_version" not in names


def _begin(connection: Connection) -> None:
    # sqlite3's own transactions start too late: two read-modify-writes would lose one without a word.
    mode = connection.get_execution_options().get("sqlite_begin", "IMMEDIATE")
    connection.exec_driver_sql(f"BEGIN {mode}")


def _postgres_engine(url: URL, patience: float) -> Engine:
    # The encoding is said from the first word on: before any setting, texts of a SQL_ASCII database come as bytes.
    said = {
        "connect_timeout": max(2, round(patience)),
        "application_name": "reminder",
        "client_encoding": "utf8",
        **_LIVELY,
    }
    waits = {name: value for name, value in said.items() if name not in url.query}
    know_postgresql()
    try:
        engine = create_engine(url, pool_pre_ping=True, pool_size=4, hide_parameters=True, connect_args=waits)
    except ImportError:
        raise StoreError("PostgreSQL needs its driver: pip install 'release-reminder[postgres]'") from None

    def set_up_session(connection: Any, _record: object) -> None:
        # What we read and write does not depend on what an administrator set for the server, the database or the role.
        connection.execute("SET client_encoding = 'UTF8'")
        connection.execute("SET DateStyle = 'ISO, YMD'")
        connection.execute("SET IntervalStyle = 'postgres'")
        connection.execute(f"SET lock_timeout = {round(patience * 1000)}")
        # Who is frozen in the middle of a transaction keeps its locks no longer than its claims.
        connection.execute(f"SET idle_in_transaction_session_timeout = {round(failpoints.lease(FROZEN) * 1000)}")
        connection.commit()

    event.listen(engine, "connect", set_up_session)
    event.listen(engine, "handle_error", _leave_what_only_reads)
    return engine


_LIVELY: Final = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 25_000}
"""A server that vanished without a word is noticed within half a minute (libpq's own limit is hours)."""


def _leave_what_only_reads(context: ExceptionContext) -> None:
    """Connect anew after a failover: a session that began while the server only read would go on so for ever."""
    if sqlstate(context.original_exception) == READ_ONLY:
        context.is_disconnect = True


def keep_in_memory(connection: Connection, *, really: bool) -> None:
    """Let SQLite keep what a transaction writes in memory however much it is, or write it to the disk ahead of its end.

    What is rolled back then never reaches the disk, so that a dry run works on a full one. Not for what is kept: a
    date moved under a million takes hundreds of MiB.
    """
    connection.exec_driver_sql(f"PRAGMA cache_spill={'OFF' if really else 'ON'}")


def is_there(path: Path) -> bool:
    """Tell whether a file exists. Raises StoreError when this user may not even look."""
    try:
        return path.exists()
    except OSError as error:
        reason = (error.strerror or "cannot be seen").lower()
        raise StoreError(f"{path}: {reason} for uid {os.geteuid()} ({owner_of(path)})") from None


def check_place(path: Path) -> None:
    """Check that a SQLite file that does not exist yet, and its folder, could be created. Raises StoreError."""
    place = next(folder for folder in path.absolute().parents if is_there(folder))
    if not place.is_dir():
        raise StoreError(f"{path}: {place} is no folder: set `database:` to a file in one")
    if not os.access(place, os.W_OK | os.X_OK):
        raise StoreError(
            f"{path}: cannot be created in {place}: not writable for uid {os.geteuid()} ({owner_of(place)})"
        )


def may_only_be_read(path: Path) -> bool:
    """Tell whether a SQLite file is there, and this user may read it but not write it."""
    return os.access(path, os.R_OK) and path.is_file() and not _may_write(path, path.parent)


def _may_write(*places: Path) -> bool:
    return all(os.access(place, os.R_OK | os.W_OK) for place in places) and os.access(places[-1], os.X_OK)


def copy_into(path: Path, engine: Engine) -> None:
    """Copy a SQLite file, which may only be read, into another database of SQLite.

    Raises sqlite3.Error where what was written last cannot be read too.
    """
    log = path.with_name(f"{path.name}-wal")
    has_log = log.exists() and log.stat().st_size > 0
    for how in ("mode=ro", "mode=ro&immutable=1"):
        try:
            with (
                closing(sqlite3.connect(f"file:{quote(str(path))}?{how}", uri=True)) as there,
                closing(engine.raw_connection()) as here,
            ):
                if isinstance(here.driver_connection, sqlite3.Connection):
                    there.backup(here.driver_connection)
                return
        except sqlite3.OperationalError:
            if has_log or "immutable" in how:  # a file taken for unchanging is read without its log
                raise


def check_file(path: Path) -> None:
    """Check that a SQLite file can be used as it is. Raises StoreError naming the path, its owner and the reason."""
    folder, is_old = path.parent, is_there(path)
    if not folder.is_dir():
        raise StoreError(f"{path}: the folder {folder} does not exist: create it, or set `database:`")
    if path.is_dir():
        raise StoreError(f"{path}: this is a folder: `database:` names a file")
    if not _may_write(*([path] if is_old else []), folder):
        raise StoreError(f"{path}: not writable for uid {os.geteuid()} ({owner_of(path)})")
    if is_old and path.stat().st_size == 0:
        raise StoreCorrupt(f"{path}: the file is empty: restore a backup, or delete it to begin anew")


def quick_check(engine: Engine, path: Path) -> None:
    """Run SQLite's own check, beside whoever writes. Raises StoreCorrupt with its finding and what to do."""
    with translated(str(path)), engine.connect() as connection:
        looking = connection.execution_options(sqlite_begin="DEFERRED")
        finding = looking.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    if finding != "ok":
        raise damaged(str(path), " ".join(str(finding).split()))


@contextmanager
def wiping(tx: Connection) -> Iterator[None]:
    """Have SQLite overwrite what is deleted; PostgreSQL's vacuum does it in its own time."""
    if tx.dialect.name != "sqlite":
        yield
        return
    tx.exec_driver_sql("PRAGMA secure_delete=ON")
    try:
        yield
    finally:
        tx.exec_driver_sql("PRAGMA secure_delete=OFF")
