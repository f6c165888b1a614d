"""Tells cheaply whether a database has changed at all since a mark: what was made of it then still holds if not."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import suppress
from urllib.parse import quote

from sqlalchemy import text

from reminder.core.errors import StoreError
from reminder.store.sql.store import Store


class ChangeMark:
    """Reads the mark of one database: another one after every commit, whoever made it. It never raises.

    SQLite counts, for a connection that writes nothing itself, what all others commit; PostgreSQL says which
    transactions are over.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._connection: sqlite3.Connection | None = None
        self._turn = threading.Lock()

    def read(self) -> str | None:
        """Return the mark, None where there is none: then nothing may be taken for unchanged."""
        with self._turn, suppress(sqlite3.Error, StoreError):
            return self._of_file() if self._store.is_sqlite else self._of_server()
        return None

    def _of_file(self) -> str | None:
        if self._store.path is None:
            return None
        if self._connection is None:
            place = f"file:{quote(str(self._store.path))}?mode=ro"
            self._connection = sqlite3.connect(place, uri=True, timeout=0, check_same_thread=False)
        ((count,),) = self._connection.execute("PRAGMA data_version").fetchall()
        return str(count)

    def _of_server(self) -> str:
        with self._store.read() as tx:
            return str(tx.execute(text("SELECT pg_current_snapshot()")).scalar_one())

    def close(self) -> None:
        """Close the connection."""
        with self._turn:
            if self._connection is not None:
                self._connection.close()
            self._connection = None
