"""Who only looks changes no tables: an older version may be at work on them, and the role may not create any."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from psycopg import sql
from sqlalchemy import inspect

from reminder.core.errors import StoreError
from reminder.core.model.secret import Secret
from reminder.store.sql.engine import database_url, make_engine
from reminder.store.sql.migrate import HEAD, migrate
from reminder.store.sql.store import open_to_look
from tests.support.commands import Shell
from tests.support.postgres import server

CONFIG = 'timezone: UTC\nchannels: {screen: "console://"}\nwatch: [{title: Ballard, premiere: 2025-07-09}]\n'
LOOKS = ["check", "plan", "upcoming", "list", "show Ballard", "why Ballard", "history", "health"]


def tables(database: Secret) -> list[str]:
    engine = make_engine(database_url(database))
    try:
        return inspect(engine).get_table_names()
    finally:
        engine.dispose()


def test_no_look_makes_a_table_on_an_empty_server(shell: Shell) -> None:
    with server().database(migrated=False) as database:
        shell.write(f"{CONFIG}database: {database.reveal()}\n")
        for command in LOOKS:
            found = shell.run(*command.split())
            assert found.status == (1 if command == "health" else 0), (command, found.err)
        assert "has no tables yet: the first run makes them" in shell.run("health").out
        assert tables(database) == []


def test_check_names_the_right_to_create_that_run_will_need_and_makes_nothing(shell: Shell) -> None:
    with server().database(migrated=False) as database:
        server().execute(sql.SQL("DROP ROLE IF EXISTS looker"))
        server().execute(sql.SQL("CREATE ROLE looker LOGIN"))
        looker = database.reveal().replace("//reminder@", "//looker@")
        shell.write(f"{CONFIG}database: {looker}\n")
        checked = shell.run("check")
        assert (checked.status, "GRANT CREATE ON SCHEMA public" in checked.err) == (2, True)
        assert tables(database) == []
        refused = shell.run("run", "--once")
        assert (refused.status, "GRANT CREATE ON SCHEMA public" in refused.err) == (1, True)


def test_a_server_of_an_older_version_is_left_as_it_is_and_said_to_be(shell: Shell) -> None:
    with server().database(migrated=False) as database:
        engine = make_engine(database_url(database))
        migrate(engine, "0001")
        engine.dispose()
        with pytest.raises(StoreError, match=f"its tables have version 0001, and `reminder run` brings them to {HEAD}"):
            open_to_look(database)
        shell.write(f"{CONFIG}database: {database.reveal()}\n")
        found = shell.run("check")
        assert found.status == 2
        assert "its tables have version 0001" in found.out + found.err


def test_a_file_of_an_older_version_is_looked_at_through_a_copy(tmp_path: Path, shell: Shell) -> None:
    file = tmp_path / "old.db"
    database = Secret(str(file))
    engine = make_engine(database_url(database))
    migrate(engine, "0001")
    engine.dispose()
    shell.write(f"{CONFIG}database: {file}\n")
    for command in LOOKS:
        assert "Traceback" not in shell.run(*command.split()).err, command
    assert "Ballard" in shell.run("upcoming").out
    with closing(sqlite3.connect(file)) as base:
        assert base.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)
    assert [path.name for path in tmp_path.glob("old.db.before-*")] == []
    shell.run("run", "--once")
    with closing(sqlite3.connect(file)) as base:
        assert base.execute("SELECT version_num FROM alembic_version").fetchone() == (HEAD,)
