"""Who holds our rows locked on PostgreSQL is named: the person whose row it is, the program, and since when."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from reminder.core.errors import StoreLocked
from reminder.core.sending.health import Vitals, complaints
from reminder.delivery.lock_watch import EVERY, LockWatch
from reminder.store.blockers import AFTER, blockers, overdue_blockers
from tests.support.faults import until
from tests.support.rules import a_title, person
from tests.support.stores import NOW, POSTGRESQL, SQLITE, Rig, listed, put, rig_of

AT_ONCE = timedelta(0)
LATE = NOW + timedelta(minutes=2)


@pytest.fixture
def shared(tmp_path: Path) -> Iterator[Rig]:
    """Return a database in which something is due for anna and for ben at NOW."""
    with rig_of(POSTGRESQL, tmp_path) as made:
        put(made.store, listed(a_title(), people=(person(name="anna"), person(name="ben"))))
        yield made


def connect(rig: Rig, program: str) -> psycopg.Connection:
    """Open a session of a program that is not ours."""
    url = rig.store.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(url, application_name=program)


@contextmanager
def left_open(rig: Rig, statement: str, program: str = "psql") -> Iterator[int]:
    """Leave a session in the middle of a transaction, as somebody at a terminal does; yield its pid."""
    with closing(connect(rig, program)) as connection:
        connection.execute(statement)
        pid = connection.info.backend_pid
        yield pid
    session = text(f"SELECT pid FROM pg_stat_activity WHERE pid = {pid}")
    until(lambda: not rig.rows(session))  # the server ends a session a moment after its client is gone


@pytest.mark.parametrize(
    ("statement", "people"),
    [
        ("SELECT * FROM subscriber FOR UPDATE", ("anna", "ben")),
        ("SELECT * FROM subscriber WHERE name = 'anna' FOR NO KEY UPDATE", ("anna",)),
        ("UPDATE subscriber SET ended_at = NULL WHERE name = 'ben'", ("ben",)),
        ("DELETE FROM subscription", ()),
        ("LOCK TABLE delivery IN EXCLUSIVE MODE", ()),
    ],
)
def test_a_session_that_holds_rows_or_tables_is_named(shared: Rig, statement: str, people: tuple[str, ...]) -> None:
    with left_open(shared, statement) as pid, shared.store.read() as tx:
        (found,) = blockers(tx, LATE, AT_ONCE)
    assert (found.pid, found.program, found.people) == (pid, "psql", people)
    assert found.since_at is not None
    assert f"locked by psql (reminder, pid {pid}) since {found.since_at:%Y-%m-%d %H:%M} UTC" in str(found)


def test_who_only_reads_and_who_has_just_begun_hold_up_nobody(shared: Rig) -> None:
    with left_open(shared, "SELECT * FROM subscriber"), shared.store.read() as tx:
        assert blockers(tx, LATE, AT_ONCE) == ()
    with left_open(shared, "SELECT * FROM subscriber FOR UPDATE"), shared.store.read() as tx:
        assert blockers(tx, LATE) == ()
        assert overdue_blockers(tx, NOW, NOW + AFTER / 2) == ()


def test_on_sqlite_there_is_nobody_to_name(tmp_path: Path) -> None:
    with rig_of(SQLITE, tmp_path) as rig, rig.store.read() as tx:
        assert blockers(tx, LATE, AT_ONCE) == ()


def watch_of(rig: Rig, told: list[str], refuse: list[bool]) -> LockWatch:
    def tell(why: str, now: datetime) -> None:
        if refuse.pop() if refuse else False:
            raise StoreLocked("the operator's row is locked too")
        told.append(why)

    return LockWatch(store=rig.store, tell=tell, held_for=AT_ONCE)


def test_the_operator_is_told_once_of_each_lock_and_again_of_a_new_one(shared: Rig) -> None:
    told: list[str] = []
    watch = watch_of(shared, told, [True])
    with left_open(shared, "SELECT * FROM subscriber FOR UPDATE"):
        watch.look(NOW, NOW + AFTER / 2)  # too early
        watch.look(NOW, LATE)  # the operator could not be told
        watch.look(NOW, LATE + EVERY / 2)  # not so often
        assert told == []
        for minutes in (1, 2, 3):
            watch.look(NOW, LATE + minutes * EVERY)
        assert len(told) == 1
    watch.look(NOW, LATE + 4 * EVERY)
    with left_open(shared, "SELECT * FROM subscriber FOR UPDATE", "pgAdmin"):
        watch.look(NOW, LATE + 5 * EVERY)
    assert len(told) == 2
    assert told[0].startswith("the rows of anna, ben are locked by psql")
    assert "pgAdmin" in told[1]


def test_a_lock_is_told_of_once_however_many_it_comes_to_keep_waiting(shared: Rig) -> None:
    told: list[str] = []
    watch = watch_of(shared, told, [])
    with closing(connect(shared, "psql")) as connection:
        for number, name in enumerate(("anna", "ben")):
            connection.execute("SELECT * FROM subscriber WHERE name = %s FOR UPDATE", (name,))
            watch.look(NOW, LATE + number * EVERY)
    (line,) = told
    assert line.startswith("the rows of anna are locked by psql")


def test_health_names_the_lock_beside_what_is_overdue() -> None:
    vitals = Vitals(swept_at=LATE, oldest_overdue_at=NOW - timedelta(minutes=6), locked=("anna is locked by psql",))
    assert complaints(vitals, LATE, timedelta(minutes=5)) == (
        "something has been due since 8 min ago",
        "anna is locked by psql",
    )
