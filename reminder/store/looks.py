"""Whether the database holds already what a config lists, so that a look at it need not bring the config in again.

A row says for which config and circumstances this was seen to be so. It holds until something changes a table that a
sync reads, whoever changes it, and triggers tell. On SQLite, where one transaction writes at a time, they take the row
away. On PostgreSQL that would make writers wait for each other: there each transaction that changes such a table leaves
its number (`look_change`), and the row holds while all of them were done with when it was found, by its snapshot.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final
from urllib.parse import quote

from sqlalchemy import Connection, Transaction, delete, func, insert, select, text
from sqlalchemy.exc import OperationalError

from reminder.core.errors import StoreError
from reminder.core.model.secret import Secret
from reminder.store.sql.engine import keep_in_memory
from reminder.store.sql.errors import translated
from reminder.store.sql.records import Json
from reminder.store.sql.store import Store, open_to_look
from reminder.store.sql.tables import LOOK, look_change, meta

SETTINGS: Final = "look_settings"
LINES: Final = "look_lines"
SINCE: Final = "look_since"
_TRIAL: Final = "trial"

DAY: Final = timedelta(days=1)
"""How long a transaction's number is kept: longer than any look takes."""


@dataclass(frozen=True, kw_only=True)
class StoredLook:
    """The values that were kept beside a digest."""

    settings: Json
    lines: Mapping[str, int]


def look_seen(file: Path, digest: str) -> StoredLook | None:
    """Return what a SQLite file keeps beside this digest; None when it holds none for it.

    The file may be another program's: it is only read, and nothing is made of what cannot be read.
    """
    try:
        with closing(sqlite3.connect(f"file:{quote(str(file))}?mode=ro", uri=True, timeout=1)) as base:
            rows = dict(base.execute("SELECT key, value FROM meta WHERE key IN (?, ?, ?)", (LOOK, SETTINGS, LINES)))
        if rows.get(LOOK) != digest:
            return None
        return StoredLook(settings=json.loads(rows[SETTINGS]), lines=json.loads(rows[LINES]))
    except (sqlite3.Error, KeyError, ValueError):
        return None


def look_seen_on_server(database: Secret, digest: str) -> StoredLook | None:
    """Return what a PostgreSQL keeps beside this digest; None when it holds none for it, or cannot be asked."""
    with suppress(StoreError, KeyError, ValueError), closing(open_to_look(database)) as store, store.read() as tx:
        if is_seen(tx, digest):
            rows = _rows_kept(tx)
            return StoredLook(settings=json.loads(rows[SETTINGS]), lines=json.loads(rows[LINES]))
    return None


def is_seen(tx: Connection, digest: str) -> bool:
    """Tell whether a sync of the config that has this digest would change nothing."""
    rows = _rows_kept(tx)
    return rows.get(LOOK) == digest and (tx.dialect.name == "sqlite" or _holds(tx, rows.get(SINCE, "")))


def _rows_kept(tx: Connection) -> dict[str, str]:
    query = select(meta.c.key, meta.c.value).where(meta.c.key.in_((LOOK, SETTINGS, LINES, SINCE)))
    return {row.key: row.value for row in tx.execute(query)}


@dataclass(frozen=True, kw_only=True)
class Look:
    """The result of a sync that changed nothing: for which digest, and what a look needs of the config.

    `lines` says on which line of the config each title stands, by key.
    """

    digest: str
    settings: Json
    lines: Mapping[str, int]


@contextmanager
def synced(
    store: Store, bring: Callable[[Connection], object], look: Callable[[], Look | None]
) -> Iterator[Connection]:
    """Show a SQLite database as it is once `bring` has brought a config into it; nothing of that is kept.

    Where it changes nothing, the look that is returned for it is kept, if one is: the next one need not try again.
    Raises StoreError.
    """
    with translated(store.place), store.engine.connect() as connection:
        transaction, found = connection.begin(), None
        keep_in_memory(connection, really=True)
        try:
            trial = connection.begin_nested()
            _put(connection, {LOOK: _TRIAL})
            bring(connection)
            found = look() if is_seen(connection, _TRIAL) else None
            if found is None:
                yield connection
            else:
                trial.rollback()
                _put(connection, _rows(found))
        finally:
            keep_in_memory(connection, really=False)
            _end(transaction, well=found is not None)
    if found is not None:
        with store.read() as tx:
            yield tx


def _end(transaction: Transaction, *, well: bool) -> None:
    if well:
        with suppress(OperationalError):  # a full disk: then the next look tries again
            transaction.commit()
    if transaction.is_active:
        transaction.rollback()


@contextmanager
def synced_on_server(
    store: Store, bring: Callable[[Connection], object], look: Callable[[], Look | None]
) -> Iterator[Connection]:
    """Do on PostgreSQL what `synced` does on SQLite, beside others who write. Raises StoreError."""
    with store.dry() as tx:
        since = _now(tx)
        bring(tx)
        found = None if _has_changed(tx) else look()
        if found is None:
            yield tx
            return
    _keep(store, found, since)
    with store.read() as tx:
        yield tx


_PLACE: Final = text(
    "SELECT system_identifier || ' ' || CAST(CAST('look_change' AS regclass) AS oid) || ' ' || current_database()"
    " FROM pg_control_system()"
)
"""Numbers of transactions mean something in one table of one server: a copy that is put back is another."""


def _now(tx: Connection) -> str:
    """Return where the database stands: whatever is written after this, or not yet kept, is seen to be so."""
    snapshot = tx.execute(text("SELECT CAST(txid_current_snapshot() AS text)")).scalar_one()
    return f"{snapshot} {tx.execute(_PLACE).scalar_one()}"


def _holds(tx: Connection, since: str) -> bool:
    """Tell whether every change of what a sync reads was in the database already at `since`."""
    snapshot, _, place = since.partition(" ")
    if not _SNAPSHOT.fullmatch(snapshot) or place != tx.execute(_PLACE).scalar_one():
        return False
    return not tx.execute(_LATER, {"snapshot": snapshot}).scalar_one()


_SNAPSHOT: Final = re.compile(r"\d{1,18}:\d{1,18}:[\d,]*")
_LATER: Final = text(
    "SELECT EXISTS (SELECT 1 FROM look_change"
    " WHERE NOT txid_visible_in_snapshot(transaction, CAST(:snapshot AS txid_snapshot)))"
)
_OURS: Final = text("SELECT EXISTS (SELECT 1 FROM look_change WHERE transaction = txid_current_if_assigned())")


def _has_changed(tx: Connection) -> bool:
    return bool(tx.execute(_OURS).scalar_one())


def _keep(store: Store, found: Look, since: str) -> None:
    # Who may only read, or comes at the same time as another, keeps nothing: then the next look tries again.
    with suppress(StoreError), store.write() as tx:
        if tx.execute(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": _KEEP_LOCK}).scalar_one():
            _put(tx, {**_rows(found), SINCE: since})


_KEEP_LOCK: Final = 0x72656D6B
"""The advisory lock of whoever keeps a look; any number that nobody else uses."""


def forget_changes(tx: Connection) -> None:
    """Take out the numbers that are older than a day, and with them the look: it may have been older still."""
    old = look_change.c.at < func.now() - DAY
    if tx.dialect.name != "sqlite" and tx.execute(select(look_change.c.transaction).where(old).limit(1)).first():
        tx.execute(delete(meta).where(meta.c.key == LOOK))
        tx.execute(delete(look_change).where(old))


def _rows(look: Look) -> dict[str, str]:
    return {LOOK: look.digest, SETTINGS: json.dumps(look.settings), LINES: json.dumps(look.lines)}


def _put(tx: Connection, values: Mapping[str, str]) -> None:
    tx.execute(delete(meta).where(meta.c.key.in_(values)))
    tx.execute(insert(meta), [{"key": key, "value": value} for key, value in values.items()])
