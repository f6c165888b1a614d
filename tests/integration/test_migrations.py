"""Tables brought from any version to this one: nothing lost, all or nothing, and what was there before kept."""

from __future__ import annotations

import ast
import json
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib import import_module
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from hypothesis import given
from sqlalchemy import Connection, Engine, String, inspect, select, text
from sqlalchemy.exc import IntegrityError

from reminder.core.dates.parse import load_when
from reminder.core.dates.when import UNKNOWN, When
from reminder.core.errors import StoreError
from reminder.core.model.secret import Secret
from reminder.store.history import Filter, history
from reminder.store.identity import DATABASE, SENDING, SIGNING, database_identity, renew_sending, sending_identity
from reminder.store.load_plans import all_cases
from reminder.store.outbox_read import all_waiting
from reminder.store.sql.engine import database_url, make_engine
from reminder.store.sql.migrate import (
    HEAD,
    SCRIPTS,
    changing_tables,
    create_tables,
    current_version,
    migrate,
)
from reminder.store.sql.store import open_store
from reminder.store.sql.tables import meta, metadata, release, title
from reminder.store.titles import WHEN_COLUMNS, when_columns
from tests.support.postgres import server
from tests.support.rules import a_title
from tests.support.stores import BOTH, SQLITE, listed, put
from tests.support.versions import KEPT, Rows, dump, live, put_rows, rows_of
from tests.support.whens import whens

ANY_OLDER = "0000"
"""Stands for a version that no script knows."""


@pytest.fixture(params=BOTH)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Secret]:
    """A database without a table in it; SQLite's has no file yet."""
    if request.param == SQLITE:
        yield Secret(str(tmp_path / "reminder.db"))
        return
    with server().database(migrated=False) as made:
        yield made


@contextmanager
def engine_of(database: Secret) -> Iterator[Engine]:
    engine = make_engine(database_url(database))
    yield engine
    engine.dispose()


def at_version(database: Secret, version: str) -> None:
    """Have the database be as it was left by a program of this version, with rows in it."""
    with engine_of(database) as engine:
        migrate(engine, version)
        with engine.begin() as tx:
            put_rows(tx, rows_of(version))


def filled(database: Secret) -> Rows:
    """Have the database be as this program leaves it; return its rows."""
    store = open_store(database)
    live(store)
    with store.read() as tx:
        rows = dump(tx)
    store.close()
    return rows


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    return list(compare_metadata(context, metadata))


def scripts() -> list[str]:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    return [script.revision for script in reversed(list(ScriptDirectory.from_config(config).walk_revisions()))]


def is_sqlite(database: Secret) -> bool:
    return database_url(database).get_backend_name() == SQLITE


# The scripts


def test_the_version_that_is_looked_for_is_the_newest_script() -> None:
    assert scripts()[-1] == HEAD
    assert scripts() == [f"{number:04}" for number in range(1, len(scripts()) + 1)]


def test_rows_are_kept_for_every_version_there_was() -> None:
    assert list(KEPT) == scripts()


def test_the_scripts_make_the_tables_that_the_code_knows(database: Secret) -> None:
    with engine_of(database) as engine:
        migrate(engine)
        with engine.connect() as connection:
            assert differences(connection) == []


def tables(engine: Engine) -> dict[str, str]:
    with engine.connect() as connection:
        found = connection.execute(text("SELECT name, sql FROM sqlite_master"))
        return {name: " ".join(sorted((sql or "").replace(",", " ").split())) for name, sql in found}


def test_a_new_file_has_the_same_tables_as_a_migrated_one(tmp_path: Path) -> None:
    new, migrated = (Secret(str(tmp_path / name)) for name in ("new.db", "migrated.db"))
    open_store(new).close()
    with engine_of(new) as made, engine_of(migrated) as brought:
        migrate(brought)
        assert tables(made) == tables(brought)
        with made.connect() as one, brought.connect() as other:
            assert current_version(one, "") == current_version(other, "") == HEAD
            assert {row.key for row in one.execute(select(meta))} == {row.key for row in other.execute(select(meta))}


# From every version


@pytest.mark.parametrize("version", KEPT)
def test_what_any_version_wrote_is_all_there_afterwards(database: Secret, version: str) -> None:
    at_version(database, version)
    store = open_store(database)
    rows = rows_of(version)
    with store.write() as tx:
        assert differences(tx) == []
        found = dump(tx)
        found.pop("look_change", None)  # the transactions of this test
        found["meta"] = [row for row in found["meta"] if row["key"] not in {DATABASE, SENDING, SIGNING}]
        rows["meta"] = [row for row in rows["meta"] if row["key"] not in {DATABASE, SENDING, SIGNING}]
        assert {name: len(lines) for name, lines in found.items()} == {name: len(lines) for name, lines in rows.items()}
        assert len(all_cases(tx)) == len(rows["subscription"])
        assert len(history(tx, Filter())) == len(rows["delivery"])
        assert len(all_waiting(tx)) > 0
    # And it goes on from there: new rows get numbers of their own.
    put(store, listed(a_title("Andor")))
    store.close()


WRITTEN = ["2025-07-09", "2025-07-09 01:00 Europe/Berlin", "2025-Q4", "summer 2025", "2026", "TBA", "cancelled"]
NOWHERE = "2025-07-09 20:00 Nowhere/Atall"


def test_the_dates_of_the_version_before_can_be_sorted_afterwards_however_many_they_are(database: Secret) -> None:
    at_version(database, "0001")
    with engine_of(database) as engine, engine.begin() as tx:
        tx.execute(text("DELETE FROM release"))
        row = {"title": rows_of("0001")["title"][0]["id"], "spec": json.dumps(rows_of("0001")["release"][0]["spec"])}
        rows = [{**row, "first": n, "when": when} for n, when in enumerate([*WRITTEN * 300, NOWHERE], start=1)]
        values = ":title, 1, :first, :spec, :when, '2025-07-02 00:00:00'"
        columns = "title_id, season, first, spec, when_text, seen_at"
        tx.execute(text(f"INSERT INTO release ({columns}) VALUES ({values})"), rows)
    with closing(open_store(database)) as store, store.read() as tx:
        columns_now = select(*(release.c[name] for name in WHEN_COLUMNS)).order_by(release.c.first)
        found = [row._asdict() for row in tx.execute(columns_now)]
    assert found[:-1] == [when_columns(load_when(when)) for when in WRITTEN * 300]
    assert found[-1] == {**when_columns(UNKNOWN), "when_text": NOWHERE}


def test_opening_again_changes_nothing(database: Secret) -> None:
    rows = filled(database)
    for _ in range(2):
        store = open_store(database)
        with store.read() as tx:
            assert dump(tx) == rows
        store.close()


def test_a_copy_of_the_file_is_kept_as_it_was(tmp_path: Path) -> None:
    for version in KEPT[:-1]:
        path = tmp_path / f"from-{version}.db"
        at_version(Secret(str(path)), version)
        open_store(Secret(str(path))).close()
        with engine_of(Secret(f"{path}.before-{HEAD}")) as engine, engine.connect() as connection:
            assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == version


def test_a_version_that_no_script_knows_is_said_and_the_file_and_its_copy_are_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "reminder.db"
    database = Secret(str(path))
    rows = filled(database)
    with engine_of(database) as engine, engine.begin() as tx:
        tx.execute(text(f"UPDATE alembic_version SET version_num = '{ANY_OLDER}'"))
    with pytest.raises(StoreError, match=f"cannot be brought to version {HEAD}: .*{ANY_OLDER}"):
        open_store(database)
    for file in (path, path.with_name(f"reminder.db.before-{HEAD}")):
        with engine_of(Secret(str(file))) as engine, engine.connect() as connection:
            assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == ANY_OLDER
            assert dump(connection) == rows


def test_a_new_database_keeps_no_copy(tmp_path: Path) -> None:
    open_store(Secret(str(tmp_path / "reminder.db"))).close()
    assert [file.name for file in tmp_path.iterdir()] == ["reminder.db"]


# All or nothing


def change_and_fail(engine: Engine) -> None:
    with changing_tables(engine) as connection:
        create_tables(connection)
        raise ZeroDivisionError


def test_tables_that_could_not_all_be_made_are_not_there(database: Secret) -> None:
    with engine_of(database) as engine:
        with pytest.raises(ZeroDivisionError):
            change_and_fail(engine)
        with engine.connect() as connection:
            assert inspect(connection).get_table_names() == []
    open_store(database).close()


def widen(connection: Connection) -> None:
    """Change a column that others refer to: SQLite makes the whole table anew for it."""
    operations = Operations(MigrationContext.configure(connection))
    if connection.dialect.name == "postgresql":  # as a script has to: PostgreSQL keeps the columns that a trigger names
        operations.execute("DROP TRIGGER look_title_update ON title")
    with operations.batch_alter_table("title") as batch:
        batch.alter_column("origin", type_=String(40), existing_type=String(20), existing_nullable=False)


def test_a_table_that_is_made_anew_keeps_its_rows_and_those_that_refer_to_it(database: Secret) -> None:
    rows = filled(database)
    with engine_of(database) as engine:
        with changing_tables(engine) as connection:
            widen(connection)
        with engine.connect() as connection:
            assert dump(connection) == rows
            (origin,) = [item for item in inspect(connection).get_columns("title") if item["name"] == "origin"]
            assert str(origin["type"]) == "VARCHAR(40)"
        with pytest.raises(IntegrityError), engine.begin() as tx:
            tx.execute(text("DELETE FROM title"))


def lose_rows(engine: Engine) -> None:
    with changing_tables(engine) as connection:
        connection.execute(text("DELETE FROM title"))


def test_a_change_that_would_tear_references_is_not_kept(tmp_path: Path) -> None:
    database = Secret(str(tmp_path / "reminder.db"))
    rows = filled(database)
    with engine_of(database) as engine:
        with pytest.raises(StoreError, match="refers to nothing in title"):
            lose_rows(engine)
        with engine.connect() as connection:
            assert dump(connection) == rows


def test_of_two_that_start_at_once_one_makes_the_tables_and_both_go_on(database: Secret, tmp_path: Path) -> None:
    if is_sqlite(database):
        # As one leaves it that got no further than to open it.
        with engine_of(database) as engine, closing(engine.connect()):
            pass
    together = threading.Barrier(2)
    failed: list[BaseException] = []

    def start() -> None:
        try:
            together.wait()
            open_store(database).close()
        except BaseException as error:  # noqa: BLE001  # a thread's edge
            failed.append(error)

    threads = [threading.Thread(target=start) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with engine_of(database) as engine, engine.connect() as connection:
        assert differences(connection) == []
        assert connection.execute(text("SELECT count(*) FROM alembic_version")).scalar() == 1


def test_a_schema_of_postgresql_may_be_shared_so_long_as_no_name_is_taken() -> None:
    with server().database(migrated=False) as database:
        with engine_of(database) as engine, engine.begin() as tx:
            tx.execute(text("CREATE TABLE theirs (id integer)"))
        open_store(database).close()
    with server().database(migrated=False) as database:
        with engine_of(database) as engine, engine.begin() as tx:
            tx.execute(text("CREATE TABLE message (id integer)"))
        with pytest.raises(StoreError, match=r"postgresql://.*another program's tables .*\(message\): set `database:`"):
            open_store(database)


# Identities


def test_no_two_databases_have_an_identity_in_common(tmp_path: Path) -> None:
    marks: list[str] = []
    for number in range(3):
        store = open_store(Secret(str(tmp_path / f"{number}.db")))
        with store.read() as tx:
            marks += [database_identity(tx), sending_identity(tx)]
        store.close()
    assert len(set(marks)) == 6


def test_a_database_of_the_first_version_gets_its_identities_and_keeps_them(database: Secret) -> None:
    at_version(database, "0001")
    found = []
    for _ in range(2):
        store = open_store(database)
        with store.read() as tx:
            found.append((database_identity(tx), sending_identity(tx)))
        store.close()
    assert found[0] == found[1]
    assert len(set(found[0])) == 2


def test_only_the_identity_that_messages_are_numbered_under_is_ever_renewed(tmp_path: Path) -> None:
    store = open_store(Secret(str(tmp_path / "reminder.db")))
    with store.write() as tx:
        before = database_identity(tx), sending_identity(tx)
        renew_sending(tx)
        after = database_identity(tx), sending_identity(tx)
    store.close()
    assert before[0] == after[0]
    assert before[1] != after[1]


def test_people_whose_names_were_stored_decomposed_are_found_again(database: Secret) -> None:
    with engine_of(database) as engine:
        migrate(engine, "0001")
        with engine.begin() as tx:
            profile = (tx.dialect.name == "sqlite" and "'{}'") or "CAST('{}' AS JSON)"
            spec = profile.replace("{}", '{"followers": {"Ame\u0301lie": null}}')
            for name in ("Ame\u0301lie", "Zoe\u0308", "Zo\u00eb", "asha"):
                tx.execute(text(f"INSERT INTO subscriber (name, profile) VALUES (:name, {profile})"), {"name": name})
            tx.exec_driver_sql(
                f"INSERT INTO title (key, name, origin, spec, last_no) VALUES ('x', 'x', 'command', {spec}, 0)"
            )
        migrate(engine, "0002")
        with engine.connect() as tx:
            names = set(tx.execute(text("SELECT name FROM subscriber")).scalars())
            followers = tx.execute(select(title.c.spec)).scalar_one()["followers"]
    assert names == {"Am\u00e9lie", "Zoe\u0308", "Zo\u00eb", "asha"}
    assert followers == {"Am\u00e9lie": None}


@given(whens)
def test_a_migration_reads_dates_as_they_were_written(when: When) -> None:
    days_of = import_module("reminder.store.migrations.versions.0002_real_world")._days_of
    assert {"when_text": when.show(), **days_of(when.show())} == when_columns(when)


def test_migrations_import_nothing_that_can_change() -> None:
    wrong = [
        f"{file.name}: {name}"
        for file in SCRIPTS.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        for name in imported(node)
        if name.partition(".")[0] not in {"alembic", "sqlalchemy", *sys.stdlib_module_names}
    ]
    assert wrong == []


def imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return [node.module or "."]
    return [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
