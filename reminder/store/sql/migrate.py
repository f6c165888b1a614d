"""Bringing a database to this version's tables: in one transaction, with a copy of a SQLite file kept."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_mock_engine, inspect, text
from sqlalchemy.engine import URL
from sqlalchemy.engine.mock import MockConnection

from reminder.core.errors import StoreError, StoreTooNew
from reminder.platform.failpoints import FailpointPlace, reach
from reminder.platform.files import give_to_folders_owner
from reminder.store.identity import identify
from reminder.store.sql.backup import backup
from reminder.store.sql.engine import is_file
from reminder.store.sql.errors import NO_SCHEMA, NO_SUCH_LETTER, NOT_ALLOWED, cure, place_of
from reminder.store.sql.tables import metadata

log = logging.getLogger(__name__)

HEAD: Final = "0004"
"""The newest version; a test holds it against the scripts, so that Alembic need not be imported to look."""

SCRIPTS: Final = Path(__file__).parents[1] / "migrations"

_ALL_LETTERS: Final = frozenset({"UTF8", "SQL_ASCII"})
"""Encodings of a PostgreSQL database in which every letter can be kept."""

_MIGRATION_LOCK: Final = 0x72656D69
"""PostgreSQL's advisory lock while tables change, so that two starting daemons take turns."""


def bring_up_to_date(engine: Engine, url: URL) -> None:
    """Create or migrate the tables. Raises StoreTooNew when a newer version has written them, StoreError.

    What was there before is kept beside a SQLite file as `NAME.before-VERSION`.
    """
    with engine.connect() as connection:
        version = current_version(connection.execution_options(sqlite_begin="DEFERRED"), place_of(url))
    if version == HEAD:
        return
    if version is not None and is_file(url):
        _keep_copy(url)
    if version is None and is_file(url):
        _create_at_head(engine)
    else:
        migrate(engine)


def current_version(connection: Connection, place: str) -> str | None:
    """Return the version of the tables, None for an empty one. Raises StoreTooNew, StoreError for others' tables."""
    if not inspect(connection).has_table("alembic_version"):
        _must_be_free(connection, place)
        return None
    version: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if version is not None and version > HEAD:
        raise StoreTooNew(
            f"{place}: the database has version {version}, this reminder knows {HEAD}: install the newer one again"
        )
    return version


def _must_be_free(connection: Connection, place: str) -> None:
    """A file is one program's; a PostgreSQL schema may be shared, so long as no name is taken."""
    there = set(inspect(connection).get_table_names())
    taken = sorted(there if connection.dialect.name == "sqlite" else there & metadata.tables.keys())
    if taken:
        raise StoreError(
            f"{place}: another program's tables are in this database ({', '.join(taken[:3])}): "
            "set `database:` to one for reminder alone"
        )


def must_let_us_create(connection: Connection, place: str) -> None:
    """Check that an empty database of PostgreSQL could be given our tables, and hold every title. Raises StoreError."""
    if inspect(connection).has_table("alembic_version"):
        return
    asks = (
        "SELECT current_schema(), has_schema_privilege(current_schema(), 'CREATE'), current_setting('server_encoding')"
    )
    schema, may, encoding = connection.execute(text(asks)).one()
    if schema is None:
        raise StoreError(f"{place}: no schema has been selected to create in{cure(NO_SCHEMA, '')}")
    if not may:
        finding = f"permission denied for schema {schema}"
        raise StoreError(f"{place}: {finding}{cure(NOT_ALLOWED, finding)}")
    if encoding not in _ALL_LETTERS:
        raise StoreError(f"{place}: it keeps its texts in {encoding}{cure(NO_SUCH_LETTER, '')}")


def _create_at_head(engine: Engine) -> None:
    """Make the tables of a new SQLite file as the scripts would leave them; a test holds the two against each other.

    Alembic takes half a second to load, and 12 MiB that a daemon would keep to its end. Only the scripts make the
    triggers of PostgreSQL.
    """
    with changing_tables(engine) as connection:
        if inspect(connection).has_table("alembic_version"):
            return  # another process was faster
        create_tables(connection)
        connection.execute(text(_VERSION_TABLE))
        connection.execute(text("INSERT INTO alembic_version (version_num) VALUES (:head)"), {"head": HEAD})
        reach(FailpointPlace.MIGRATE)


_VERSION_TABLE: Final = (
    "CREATE TABLE alembic_version "
    "( version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num) )"
)


def create_tables(connection: Connection) -> None:
    """Make all tables at once: those of this version, without a mark that says so."""
    for statement in _statements(connection.engine.url.drivername):
        connection.exec_driver_sql(statement)
    identify(connection)


@cache
def _statements(driver: str) -> tuple[str, ...]:
    """Return what makes all tables with a driver: composed once, however many empty databases a process looks at."""
    written: list[str] = []
    nowhere: MockConnection = create_mock_engine(
        f"{driver}://", lambda ddl, *_: written.append(str(ddl.compile(dialect=nowhere.dialect)))
    )
    metadata.create_all(nowhere, checkfirst=False)
    return tuple(written)


def _keep_copy(url: URL) -> None:
    file = Path(str(url.database))
    kept = file.with_name(f"{file.name}.before-{HEAD}")
    backup(url, kept)
    give_to_folders_owner(kept)
    log.info("database copied before migration", extra={"copy": str(kept)})


def migrate(engine: Engine, target: str = "head") -> None:
    """Run the scripts up to `target` (a version, or `head`) in one transaction: all of it happens, or nothing.

    Raises StoreError.
    """
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    with changing_tables(engine) as connection:
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, target)
            reach(FailpointPlace.MIGRATE)
        except CommandError as error:
            raise StoreError(f"the tables cannot be brought to version {HEAD}: {error}") from error


@contextmanager
def changing_tables(engine: Engine) -> Iterator[Connection]:
    """Open the transaction in which tables change: alone, and with every reference whole again at its end."""
    with engine.connect() as connection, _references_unguarded(connection), connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
        yield connection
        _check_references(connection)


@contextmanager
def _references_unguarded(connection: Connection) -> Iterator[None]:
    # SQLite changes a column by making its table anew. While references are guarded, dropping the old table would
    # first delete its rows; and within a transaction the guard cannot be switched.
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.dbapi_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def _check_references(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    torn = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if torn:
        raise StoreError(f"the tables cannot be changed: a row of {torn[0]} refers to nothing in {torn[2]}")
