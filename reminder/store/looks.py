"""Whether the database holds already what a config lists, so that a look at it need not bring the config in again.

A row says for which config and circumstances this was seen to be so. Triggers take the row away with whatever changes
a table that a sync reads, whoever changes it: the row is there only while a sync would change nothing.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from sqlalchemy import Connection, Transaction, delete, insert, select
from sqlalchemy.exc import OperationalError

from reminder.store.sql.engine import keep_in_memory
from reminder.store.sql.errors import translated
from reminder.store.sql.store import Store
from reminder.store.sql.tables import LOOK, meta

SETTINGS: Final = "look_settings"
LINES: Final = "look_lines"
_TRIAL: Final = "trial"

Json = dict[str, Any]


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


def is_seen(tx: Connection, digest: str) -> bool:
    """Tell whether a sync of the config that has this digest would change nothing."""
    return tx.execute(select(meta.c.value).where(meta.c.key == LOOK)).scalar() == digest


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


def _rows(look: Look) -> dict[str, str]:
    return {LOOK: look.digest, SETTINGS: json.dumps(look.settings), LINES: json.dumps(look.lines)}


def _put(tx: Connection, values: Mapping[str, str]) -> None:
    tx.execute(delete(meta).where(meta.c.key.in_(values)))
    tx.execute(insert(meta), [{"key": key, "value": value} for key, value in values.items()])
