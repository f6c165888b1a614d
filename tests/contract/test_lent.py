"""A database that tests hand on is as new for each of them, whatever the one before has done to it."""

from __future__ import annotations

from typing import Any, Final, LiteralString

import psycopg
import pytest
from psycopg import sql

from reminder.store.sql.store import open_store
from tests.support.postgres import server
from tests.support.rules import a_title
from tests.support.stores import listed, put

TABLES: Final = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
SHAPE: Final = (
    "SELECT * FROM pg_sequences ORDER BY sequencename",
    "SELECT table_name, column_name, is_nullable, column_default, data_type FROM information_schema.columns "
    "WHERE table_schema = 'public' ORDER BY 1, 2",
    "SELECT tgname, tgenabled FROM pg_trigger ORDER BY 1, 2",
    "SELECT relname, relacl, reltuples FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1",
    "SELECT current_setting('DateStyle')",
)
CHANGES: Final[tuple[LiteralString, ...]] = (
    "ALTER TABLE title ALTER COLUMN name DROP NOT NULL",
    "ALTER TABLE title DISABLE TRIGGER ALL",
    "DROP TABLE delivery CASCADE",
    "CREATE TABLE more (id integer)",
    "GRANT SELECT ON title TO PUBLIC",
    "ANALYZE",
    "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET DateStyle = ''German, DMY''', current_database()); END $$",
    "INSERT INTO meta SELECT 'key ' || number, repeat('x', 100) FROM generate_series(1, 5000) AS number",
)


def seen(connection: psycopg.Connection[Any]) -> list[list[Any]]:
    """Return all that is in a database, and how it is made."""
    names = [name for (name,) in connection.execute(TABLES).fetchall()]
    rows = [connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(name))).fetchall() for name in names]
    return [names, *rows, *(connection.execute(query).fetchall() for query in SHAPE)]


def test_what_was_written_is_gone_and_the_same_database_serves_again() -> None:
    with server().lent() as database:
        with psycopg.connect(database.reveal()) as connection:
            before = seen(connection)
        store = open_store(database)
        put(store, listed(a_title()))
        with store.write() as tx:
            tx.exec_driver_sql("UPDATE meta SET value = 'another'")
        store.close()
    with server().lent() as again, psycopg.connect(again.reveal()) as connection:
        assert again == database
        assert seen(connection) == before


@pytest.mark.parametrize("change", CHANGES)
def test_one_that_was_changed_is_not_handed_on(change: LiteralString) -> None:
    with server().lent() as database, psycopg.connect(database.reveal(), autocommit=True) as connection:
        before = seen(connection)
        connection.execute(change)
    with server().lent() as another, psycopg.connect(another.reveal()) as connection:
        assert another != database
        assert seen(connection) == before


def test_who_still_holds_a_transaction_is_hung_up_on() -> None:
    with server().lent() as database:
        left = psycopg.connect(database.reveal())
        left.execute("SELECT pg_advisory_lock(7)")
        left.execute("INSERT INTO meta VALUES ('mine', 'x')")
    with server().lent() as again, psycopg.connect(again.reveal()) as connection:
        assert connection.execute("SELECT pg_try_advisory_lock(7)").fetchone() == (True,)
        assert connection.execute("SELECT * FROM meta WHERE key = 'mine'").fetchall() == []
    left.close()
