"""The drivers' errors turned into ours: what is wrong, with which database, and what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection

from reminder.core.errors import StoreCorrupt, StoreDeadlock, StoreError, StoreLocked

_CORRUPT: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_LOCKED: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_UNUSABLE: Final = frozenset(
    {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH}
)
_LOCK_NOT_AVAILABLE: Final = "55P03"
"""PostgreSQL's own code for a lock that was not to be had in time."""
_TANGLED: Final = frozenset({"40P01", "40001"})
"""PostgreSQL's codes for a deadlock, and for transactions that cannot be put in an order."""
NOT_ALLOWED: Final = "42501"
"""PostgreSQL's code for a role that lacks a right."""
NO_SCHEMA: Final = "3F000"
"""PostgreSQL's code for a schema that does not exist, or for none to create tables in."""
NO_SUCH_LETTER: Final = "22P05"
"""PostgreSQL's code for a letter that a database's encoding does not have."""
READ_ONLY: Final = "25006"
"""PostgreSQL's code for writing to a server, or in a session, that only reads: after a failover."""


def place_of(url: URL) -> str:
    """Return how a database is named to people: the file, or the server and its database; never a secret."""
    if url.get_backend_name() == "sqlite":
        return url.database or "the scratch database"
    # Built from its parts: options behind the `?` may hold a password too.
    host = url.query.get("host") or url.host or "localhost"
    port = f":{url.port}" if url.port else ""
    return f"postgresql://{host if isinstance(host, str) else ','.join(host)}{port}/{url.database or ''}"


@contextmanager
def translated(place: str) -> Iterator[None]:
    """Turn the drivers' errors into StoreLocked, StoreCorrupt or StoreError, naming `place`."""
    try:
        yield
    except DBAPIError as error:
        raise _translated(place, error) from error
    except NoConnection as error:
        raise StoreLocked(f"{place}: every connection to the database is in use") from error


def sqlstate(error: BaseException | None) -> str | None:
    """Return PostgreSQL's five letters for what went wrong, None when there are none."""
    state: str | None = getattr(error, "sqlstate", None)
    return state


def damaged(place: str, finding: str) -> StoreCorrupt:
    """Return the error for a file that cannot be trusted."""
    return StoreCorrupt(
        f"{place}: the database is damaged ({finding}). Stop the daemon, keep the file, and put a backup in its place"
    )


def owner_of(path: Path) -> str:
    """Return whose a file is, as a sentence's part; of a file that is not to be seen, the nearest folder that is."""
    for there in (path, *path.parents):
        with suppress(OSError):
            return f"{'it' if there == path else there} belongs to uid {there.stat().st_uid}"
    return "it is in no folder that can be seen"


def _translated(place: str, error: DBAPIError) -> StoreError:
    finding = _finding(error)
    if isinstance(error.orig, sqlite3.Error):
        return from_sqlite(place, finding, getattr(error.orig, "sqlite_errorcode", 0) & 0xFF)
    state = sqlstate(error.orig)
    if state == _LOCK_NOT_AVAILABLE:
        return _held(place)
    if state in _TANGLED:
        return StoreDeadlock(f"{place}: {finding}")
    return StoreError(f"{place}: {finding}{cure(state, finding)}")


def cure(state: str | None, finding: str) -> str:
    """Return what an administrator can do about a refusal of PostgreSQL, as the end of a sentence."""
    if state == NOT_ALLOWED and "schema" in finding:
        # Since PostgreSQL 15 only a database's owner may create in its schema `public`.
        return (
            ": as its administrator, run GRANT CREATE ON SCHEMA public TO the role, "
            "or give it a database of its own: CREATE DATABASE reminder OWNER the role"
        )
    if state == NOT_ALLOWED and "alembic_version" in finding:
        return ": another program's tables are in this database: set `database:` to one for reminder alone"
    if state == NO_SCHEMA:
        return ": the role's search_path names no schema that exists: create one, or add ?options=-csearch_path%3DNAME"
    if state == NO_SUCH_LETTER:
        return (
            ", in which not every title can be written: "
            "make another one with CREATE DATABASE reminder ENCODING 'UTF8' TEMPLATE template0"
        )
    return ""


def from_sqlite(place: str, finding: str, code: int) -> StoreError:
    """Return the error for what SQLite says of a file, by its primary code."""
    if code in _LOCKED:
        return _held(place)
    if code in _CORRUPT:
        return damaged(place, finding)
    if code in _UNUSABLE:
        return StoreError(f"{place}: {finding} ({owner_of(Path(place))})")
    return StoreError(f"{place}: {finding}")


def _held(place: str) -> StoreLocked:
    return StoreLocked(f"{place}: another program holds the database")


def _finding(error: DBAPIError) -> str:
    lines = str(error.orig).strip().splitlines()
    return lines[0] if lines else type(error.orig).__name__
