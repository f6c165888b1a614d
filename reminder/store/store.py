"""The one door to the database: transactions that commit, read, or only try."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine
from sqlalchemy.engine import URL

from reminder.core.secret import Secret
from reminder.store.engine import check_file, database_url, make_engine, quick_check, translated
from reminder.store.migrate import bring_up_to_date, create_tables

SCRATCH: Final = Secret(":memory:")


class Store:
    """A database that is open and up to date."""

    def __init__(self, url: URL, engine: Engine) -> None:
        self.url = url
        self.engine = engine
        self.place = url.render_as_string(hide_password=True) if url.host else str(url.database)

    @property
    def path(self) -> Path | None:
        """Return the SQLite file, None for PostgreSQL and for scratch databases."""
        is_file = self.url.get_backend_name() == "sqlite" and self.url.database not in {None, "", ":memory:"}
        return Path(str(self.url.database)) if is_file else None

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open a transaction that commits at its end, and rolls back on any error. Raises StoreError."""
        with translated(self.place), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a transaction that takes no lock against writers. Raises StoreError."""
        with translated(self.place), self.engine.connect() as connection:
            yield connection.execution_options(sqlite_begin="DEFERRED")

    @contextmanager
    def dry(self) -> Iterator[Connection]:
        """Open a transaction in which anything may be written and nothing is kept. Raises StoreError."""
        with translated(self.place), self.engine.connect() as connection, connection.begin() as transaction:
            yield connection
            transaction.rollback()

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def open_store(database: Secret, *, check: bool = False) -> Store:
    """Open the database of a `database:` setting, creating or migrating its tables. Raises StoreError.

    With `check`, SQLite looks the whole file over first: for the daemon's start.
    """
    url = database_url(database)
    is_new = True
    if url.get_backend_name() == "sqlite" and url.database not in {None, "", ":memory:"}:
        path = Path(str(url.database))
        is_new = not path.exists()
        check_file(path)
    store = Store(url, make_engine(url))
    if check and not is_new and store.path is not None:
        quick_check(store.engine, store.path)
    with translated(store.place):
        bring_up_to_date(store.engine, url)
    return store


def scratch_store() -> Store:
    """Open an empty database in memory, for what must leave no trace."""
    url = database_url(SCRATCH)
    store = Store(url, make_engine(url))
    with store.write() as tx:
        create_tables(tx)
    return store
