"""The one door to the database: transactions that commit, read, or only try."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from copy import copy
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, text
from sqlalchemy.engine import URL

from reminder.core.errors import StoreError, StoreGone
from reminder.core.model.secret import Secret
from reminder.platform import failpoints
from reminder.platform.files import PRIVATE, make_private
from reminder.store.sql.announce import announce
from reminder.store.sql.engine import (
    PATIENCE,
    check_file,
    copy_into,
    database_url,
    is_file,
    is_there,
    keep_in_memory,
    make_engine,
    may_only_be_read,
    quick_check,
)
from reminder.store.sql.errors import place_of, translated
from reminder.store.sql.migrate import (
    HEAD,
    bring_up_to_date,
    create_tables,
    current_version,
    migrate,
    must_let_us_create,
)

SCRATCH: Final = Secret(":memory:")


class Store:
    """A database that is open and up to date; `stands_in` tells that it is an empty one for one without tables.

    One that `announces` has every transaction tell the daemons that listen.
    """

    announces = False

    def __init__(self, url: URL, engine: Engine, *, stands_in: bool = False) -> None:
        self.stands_in = stands_in
        self.url = url
        self.path = Path(str(url.database)) if is_file(url) else None
        """The SQLite file, None for PostgreSQL and for scratch databases."""
        self._log = None if self.path is None else self.path.with_name(f"{self.path.name}-wal")
        self.engine = engine
        self.place = place_of(url)
        self.opened()

    def opened(self) -> None:
        """Remember which file this is."""
        self._was = _identity(self.path)
        self._wal = _identity(self._log)

    @property
    def is_sqlite(self) -> bool:
        """Tell whether this is SQLite, which has one daemon at most."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open a transaction that commits at its end, and rolls back on any error. Raises StoreError."""
        with translated(self.place), self.engine.begin() as connection:
            yield connection
            if self.announces:
                announce(connection)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a transaction that takes no lock against writers. Raises StoreError."""
        with translated(self.place), self.engine.connect() as connection:
            yield connection.execution_options(sqlite_begin="DEFERRED")

    @contextmanager
    def dry(self) -> Iterator[Connection]:
        """Open a transaction in which anything may be written and nothing is kept. Raises StoreError."""
        with translated(self.place), self.engine.connect() as connection, connection.begin() as transaction:
            if self.is_sqlite:
                keep_in_memory(connection, really=True)
            else:
                # A long plan is worked out while the database waits.
                connection.execute(text("SELECT set_config('idle_in_transaction_session_timeout', '0', true)"))
            try:
                yield connection
            finally:
                if self.is_sqlite:
                    keep_in_memory(connection, really=False)
                transaction.rollback()

    def announcing(self) -> Store:
        """Return the same database for somebody who changes or asks for something: daemons hear of it at once."""
        told = copy(self)
        told.announces = True
        return told

    def must_be_there(self) -> None:
        """Look whether the file and its log are still those that were opened. Raises StoreGone.

        A server looks after itself.
        """
        there, wal = _identity(self.path), _identity(self._log)
        if there != self._was:
            what = "replaced by another" if there else "deleted"
            raise StoreGone(
                f"{self.place}: the file was {what} while it was in use: stop the daemon before you do that"
            )
        if wal != self._wal and _is_open(self._wal):
            # What we write now stands in a log that nobody else can find; at our end it goes into the file.
            raise StoreGone(f"{self.place}-wal: the log was deleted while it was in use: it is a part of the database")
        self._wal = wal

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()
        if self.path is not None and self._was not in {None, _identity(self.path)}:
            self._leave_nothing_of_ours()

    def _leave_nothing_of_ours(self) -> None:
        """Remove our log of a file that is gone: whoever opens the one in its place would read it into that one."""
        if self._log is not None and self._wal is not None and _identity(self._log) == self._wal:
            for name in ("-wal", "-shm"):
                with suppress(OSError):
                    self._log.with_name(f"{Path(self.place).name}{name}").unlink()


def _identity(path: Path | None) -> tuple[int, int] | None:
    """Return what tells a file from another under the same name, None when there is none."""
    try:
        found = path.stat() if path is not None else None
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if found else None


def _is_open(identity: tuple[int, int] | None) -> bool:
    """Tell whether this process has a file open, which may have no name any more; where that cannot be seen, no."""
    if identity is None:
        return False
    with suppress(OSError):
        return any(_identity(open_file) == identity for open_file in Path("/proc/self/fd").iterdir())
    return False


def open_store(database: Secret, *, check: bool = False, private: bool = False, patience: float = PATIENCE) -> Store:
    """Open the database of a `database:` setting, creating or migrating its tables. Raises StoreError.

    With `check`, SQLite first checks the whole file, for the start of the daemon. A new file that is `private` can be
    read by its owner alone, else the umask says by whom. `patience` is how many seconds to wait for a lock that
    another program holds.
    """
    url = database_url(database)
    path = Path(str(url.database)) if is_file(url) else None
    is_new = path is None or not is_there(path)
    if path is not None:
        check_file(path)
        if is_new:
            # SQLite takes an empty file for a new database; its log and its index get the same mode and owner.
            make_private(path, PRIVATE if private else 0o666)
    store = Store(url, make_engine(url, patience=failpoints.patience(patience)))
    try:
        if check and path is not None and not is_new:
            quick_check(store.engine, path)
        with translated(store.place):
            bring_up_to_date(store.engine, url)
        store.opened()
    except BaseException:
        store.close()
        if path is not None and is_new:
            _leave_nothing(path)
        raise
    return store


def open_to_look(database: Secret) -> Store:
    """Open a database that is there without changing its tables, as they may be in use by an older version.

    One without tables is looked at as an empty one in memory; a SQLite file of an older version as a copy there,
    brought up to date, and one that may only be read as a copy too. Raises StoreError for a server whose tables are
    older: whoever runs next brings them up to date.
    """
    url = database_url(database)
    path = Path(str(url.database)) if is_file(url) else None
    store = _copy_of(path) if path is not None and may_only_be_read(path) else _as_it_is(url, path)
    try:
        with store.read() as tx:
            version = current_version(tx, place_of(url))
    except BaseException:
        store.close()
        raise
    if version == HEAD:
        return store
    store.close()
    if version is None:
        return scratch_store(stands_in=True)
    if path is None:
        raise StoreError(
            f"{store.place}: its tables have version {version}, and `reminder run` brings them to {HEAD}: "
            "until then nothing of it can be shown"
        )
    copy = _copy_of(path)
    migrate(copy.engine)
    return copy


def check_server(database: Secret) -> None:
    """Check that a PostgreSQL database has our tables, or could be given them; nothing is made. Raises StoreError."""
    with closing(_as_it_is(database_url(database), None)) as store, store.read() as tx:
        must_let_us_create(tx, store.place)


def _as_it_is(url: URL, path: Path | None) -> Store:
    if path is not None:
        check_file(path)
    return Store(url, make_engine(url, patience=failpoints.patience(PATIENCE)))


def _copy_of(path: Path) -> Store:
    """Return a copy of a SQLite file in memory, with the tables that it has. Raises StoreError."""
    url = database_url(SCRATCH)
    copy = Store(url, make_engine(url))
    try:
        copy_into(path, copy.engine)
    except sqlite3.Error as error:
        copy.close()
        check_file(path)  # says why it may not be written, if that is the reason
        raise StoreError(f"{path}: {error}") from None
    return copy


def _leave_nothing(path: Path) -> None:
    """Remove the empty file of a first start that got no further, so that the next one starts from nothing."""
    with suppress(OSError):
        if path.stat().st_size == 0:
            path.unlink()


def scratch_store(*, stands_in: bool = False) -> Store:
    """Open an empty database in memory, for what must leave no trace, or where one without tables is looked at."""
    url = database_url(SCRATCH)
    store = Store(url, make_engine(url), stands_in=stands_in)
    with store.write() as tx:
        create_tables(tx)
    return store
