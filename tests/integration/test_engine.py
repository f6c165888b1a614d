"""The database itself: what it is set to, who waits for whom, what is said of one that cannot be used."""

from __future__ import annotations

import logging
import os
import re
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import LiteralString

import pytest
from psycopg import sql
from sqlalchemy import Connection, create_engine, func, insert, select, update
from sqlalchemy.engine import make_url

from reminder.core.errors import StoreCorrupt, StoreError, StoreLocked, StoreTooNew
from reminder.core.model.secret import Secret
from reminder.refresh.resolving import resolve_dates
from reminder.store.listings import sync
from reminder.store.load_plans import all_cases
from reminder.store.sql.backup import backup
from reminder.store.sql.engine import database_url, make_engine
from reminder.store.sql.store import Store, check_server, open_store, scratch_store
from reminder.store.sql.tables import meta, subscription
from tests.support.postgres import server
from tests.support.rules import GRACE, a_title
from tests.support.stores import NOW, PATIENCE, Rig, listed, put, rig_of
from tests.support.users import NOBODY, as_somebody_else

PASSWORD = "hunter22"


def secret(path: Path) -> Secret:
    return Secret(str(path))


@contextmanager
def opened(path: Path, *, check: bool = False, patience: float = 10) -> Iterator[Store]:
    store = open_store(secret(path), check=check, patience=patience)
    try:
        yield store
    finally:
        store.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database file with something in it, closed."""
    path = tmp_path / "reminder.db"
    with opened(path) as store:
        put(store, listed(a_title()))
    return path


def titles(path: Path) -> list[str]:
    with opened(path) as store, store.read() as tx:
        return [case.subscription.title.name for case in all_cases(tx)]


# How it is set


def test_sqlite_writes_ahead_syncs_fully_and_guards_references(path: Path) -> None:
    with opened(path) as store, store.write() as tx:
        found = {
            name: tx.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_only_what_is_not_kept_stays_in_memory_however_much_it_is(path: Path) -> None:
    def spills(tx: Connection) -> bool:
        return bool(tx.exec_driver_sql("PRAGMA cache_spill").scalar())

    with opened(path) as store:
        with store.dry() as tx:
            assert not spills(tx)
        with pytest.raises(ZeroDivisionError), store.dry():
            raise ZeroDivisionError
        with store.write() as tx:
            assert spills(tx)


def test_eight_threads_that_read_and_then_write_lose_nothing(path: Path) -> None:
    with opened(path) as store:
        with store.write() as tx:
            tx.execute(insert(meta).values(key="count", value="0"))

        def add() -> None:
            for _ in range(25):
                with store.write() as tx:
                    seen = int(tx.execute(select(meta.c.value).where(meta.c.key == "count")).scalar_one())
                    tx.execute(update(meta).where(meta.c.key == "count").values(value=str(seen + 1)))

        threads = [threading.Thread(target=add) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with store.read() as tx:
            assert tx.execute(select(meta.c.value).where(meta.c.key == "count")).scalar_one() == "200"


def test_a_writer_waits_for_another_program_no_longer_than_it_may(path: Path) -> None:
    with opened(path, patience=PATIENCE) as store, closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreLocked, match="another program holds the database") as caught, store.write():
            pass
        assert str(path) in str(caught.value)
        with store.read() as tx:
            assert len(all_cases(tx)) == 1
        other.execute("COMMIT")
        with store.write() as tx:
            assert len(all_cases(tx)) == 1


def test_opening_waits_for_nobody_who_writes(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with opened(path, check=True, patience=PATIENCE) as store, store.read() as tx:
            assert len(all_cases(tx)) == 1


def test_an_error_rolls_everything_back_and_frees_the_lock(path: Path) -> None:
    with opened(path) as store, opened(path, patience=PATIENCE) as other:
        with pytest.raises(StoreError), store.write() as tx:
            tx.execute(update(subscription).values(next_due_at=None, title_id=99))
        with other.write() as tx:
            assert tx.execute(select(func.count(subscription.c.next_due_at))).scalar_one() == 1


def test_a_scratch_database_is_empty_and_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    first, second = scratch_store(), scratch_store()
    put(first, listed(a_title()))
    with second.read() as tx:
        assert all_cases(tx) == []
    assert (first.path, list(tmp_path.iterdir())) == (None, [])
    first.close()
    second.close()


# One that cannot be used


def other_programs(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as theirs:
        theirs.execute("CREATE TABLE series (id INTEGER)")


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as changed, changed:
        changed.execute("UPDATE alembic_version SET version_num = '9999'")


def torn_pages(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xa5" * (len(whole) - 4096))


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:6000])


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def folder_gone(path: Path) -> None:
    path.unlink()
    for rest in path.parent.glob("reminder.db*"):
        rest.unlink()
    path.parent.rmdir()


@pytest.mark.parametrize(
    ("break_it", "kind", "says"),
    [
        (lambda path: path.write_bytes(b"garbage! " * 1000), StoreCorrupt, "damaged.*not a database.*put a backup"),
        (lambda path: path.write_bytes(b""), StoreCorrupt, "empty.*restore a backup, or delete it"),
        (torn_pages, StoreCorrupt, "damaged.*put a backup in its place"),
        (cut_short, StoreCorrupt, "damaged.*put a backup in its place"),
        (newer, StoreTooNew, "version 9999, this reminder knows .*install the newer one"),
        (other_programs, StoreError, "another program's tables.*series.*set `database:`"),
        (a_folder, StoreError, "this is a folder: `database:` names a file"),
        (folder_gone, StoreError, "does not exist: create it, or set `database:`"),
    ],
)
@pytest.mark.parametrize("check", [True, False])
def test_a_file_that_cannot_be_used_is_named_with_what_to_do(
    tmp_path: Path, break_it: Callable[[Path], object], kind: type[StoreError], says: str, check: bool
) -> None:
    path = tmp_path / "state" / "reminder.db"
    path.parent.mkdir()
    with opened(path) as store:
        put(store, listed(a_title()))
    break_it(path)
    kept = path.read_bytes() if path.is_file() else None
    if break_it in {torn_pages, cut_short}:
        check = True  # a look at all of it is what finds this
    with pytest.raises(StoreError, match=rf"reminder\.db: .*{says}") as caught:
        open_store(secret(path), check=check)
    assert type(caught.value) is kind
    # Nothing that someone may want to mend has been touched.
    assert (path.read_bytes() if path.is_file() else None) == kept


@pytest.fixture
def others() -> Iterator[Path]:
    """A database in a folder that this user may only look at."""
    # Not in the tests' own folder, into which nobody else can look at all.
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "reminder.db"
        with opened(path) as store:
            put(store, listed(a_title()))
        path.chmod(0o444)
        path.parent.chmod(0o555)
        yield path
        path.parent.chmod(0o755)


def test_a_file_of_somebody_else_is_named_with_its_owner(others: Path) -> None:
    with as_somebody_else(), pytest.raises(StoreError) as caught:
        open_store(secret(others))
    assert str(caught.value) == f"{others}: not writable for uid {NOBODY} (it belongs to uid {os.getuid()})"


def test_a_folder_of_somebody_else_is_named_with_its_owner(others: Path) -> None:
    fresh = others.with_name("new.db")
    with as_somebody_else(), pytest.raises(StoreError) as caught:
        open_store(secret(fresh))
    assert str(caught.value) == f"{fresh}: not writable for uid {NOBODY} ({others.parent} belongs to uid {os.getuid()})"
    assert not fresh.exists()


@pytest.mark.parametrize("name", ["reminder.db", "new.db"])
def test_a_folder_that_hides_what_is_in_it_is_named_with_its_owner(others: Path, name: str) -> None:
    others.parent.chmod(0o000)
    hidden = others.with_name(name)
    with as_somebody_else(), pytest.raises(StoreError) as caught:
        open_store(secret(hidden))
    belongs = f"{others.parent} belongs to uid {os.getuid()}"
    assert str(caught.value) == f"{hidden}: permission denied for uid {NOBODY} ({belongs})"


def test_a_file_that_is_taken_away_while_it_is_open_is_said(path: Path) -> None:
    with opened(path, patience=PATIENCE) as store, store.write() as tx:
        tx.execute(update(subscription).values(next_due_at=None))
        path.write_bytes(b"x" * 100)
    with pytest.raises(StoreCorrupt, match=r"reminder\.db: the database is damaged"):
        open_store(secret(path))


# A full disk


def in_a_small_file_system(path: Path, rest: str) -> list[str]:
    """Return the command that goes on in a file system with hardly any room, mounted where nobody else sees it."""
    mount = 'mount -t tmpfs -o size=900k tmpfs "$0" && exec "$@"'
    return ["unshare", "-m", "sh", "-c", mount, str(path.parent), sys.executable, "-c", rest, str(path)]


def with_short_files(path: Path, rest: str) -> list[str]:
    """Return the command that goes on with files that may not grow: the kernel's answer is much the same."""
    return [sys.executable, "-c", rest, str(path)]


def _may_mount() -> bool:
    tried = subprocess.run(["unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt"], check=False, capture_output=True)
    return tried.returncode == 0


def fill_up(path: Path) -> Callable[[], object]:
    """Leave no room in the file system, or in this process's files; return what makes room again."""
    if path.parent.is_mount():
        filler = path.with_name("filler")
        with suppress(OSError), filler.open("wb", buffering=0) as file:
            while True:
                file.write(b"x" * 1024)
        return filler.unlink
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    longest = max(file.stat().st_size for file in path.parent.iterdir())
    endless = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    resource.setrlimit(resource.RLIMIT_FSIZE, (longest, resource.RLIM_INFINITY))
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, endless)


MANY = listed(*(a_title(f"T{number}") for number in range(300)))


def look_and_plan(store: Store) -> None:
    with store.read() as tx:
        assert [case.subscription.title.name for case in all_cases(tx)] == ["Ballard"]
    # What is only tried needs no room, however much it writes.
    with store.dry() as tx:
        sync(tx, MANY, now=NOW, grace=GRACE, resolve=resolve_dates)
        assert len(all_cases(tx)) == 300


def live_on_a_full_disk(path: Path) -> None:
    """Look, plan and fail to write, with the database open before the disk was full and after; then have room again."""
    with opened(path) as daemon:
        put(daemon, listed(a_title()))
        more_room = fill_up(path)
        look_and_plan(daemon)
        with opened(path, check=True) as command:
            look_and_plan(command)
        with pytest.raises(StoreError, match=r"reminder\.db: .*(disk is full|disk I/O error)"):
            put(daemon, MANY)
        look_and_plan(daemon)
    with opened(path, check=True) as command:
        look_and_plan(command)
        more_room()
        put(command, MANY)
        with command.read() as tx:
            assert len(all_cases(tx)) == 300


FULL = """
import sys
from pathlib import Path
from tests.integration.test_engine import live_on_a_full_disk
live_on_a_full_disk(Path(sys.argv[1]))
"""


@pytest.mark.parametrize("limited", [with_short_files, *([in_a_small_file_system] if _may_mount() else [])])
def test_a_full_disk_stops_writing_and_neither_looking_nor_planning(
    tmp_path: Path, limited: Callable[[Path, str], list[str]]
) -> None:
    done = subprocess.run(
        limited(tmp_path / "reminder.db", FULL), check=False, capture_output=True, text=True, cwd=os.curdir
    )
    assert (done.returncode, done.stderr) == (0, "")


# A copy


def test_a_copy_taken_while_others_write_is_whole(path: Path, tmp_path: Path) -> None:
    stop = threading.Event()

    def write(store: Store) -> None:
        with store.write() as tx:
            tx.execute(insert(meta), [{"key": "a", "value": "0"}, {"key": "b", "value": "0"}])
        number = 0
        while not stop.is_set():
            number += 1
            with store.write() as tx:
                # Two rows that are always equal, and a page or two between them.
                tx.execute(update(meta).where(meta.c.key == "a").values(value=str(number) + "x" * 5000))
                tx.execute(update(meta).where(meta.c.key == "b").values(value=str(number) + "x" * 5000))

    with opened(path) as store:
        writer = threading.Thread(target=write, args=(store,))
        writer.start()
        try:
            for number in range(5):
                backup(store.url, tmp_path / f"copy{number}.db")
        finally:
            stop.set()
            writer.join()
    for number in range(5):
        copy = tmp_path / f"copy{number}.db"
        assert titles(copy) == ["Ballard"]
        with opened(copy, check=True) as store, store.read() as tx:
            assert len(set(tx.execute(select(meta.c.value).where(meta.c.key.in_(["a", "b"]))).scalars())) <= 1
    assert not list(tmp_path.glob("*.part"))


def test_a_copy_takes_the_place_of_the_one_before(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    target.write_bytes(b"the one before")
    backup(database_url(secret(path)), target)
    assert titles(target) == ["Ballard"]


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ("reminder.db", "this is the database itself"),
        ("link.db", "this is the database itself"),
        ("missing/copy.db", "the copy could not be written: .*"),
        ("folder", "the copy could not be written: .*"),
    ],
)
def test_a_copy_that_cannot_be_written_harms_nothing(path: Path, target: str, says: str) -> None:
    (path.parent / "folder").mkdir()
    (path.parent / "link.db").symlink_to(path)
    with pytest.raises(StoreError, match=rf"{target}: {says}"):
        backup(database_url(secret(path)), path.parent / target)
    assert titles(path) == ["Ballard"]
    assert not list(path.parent.glob("**/*.part"))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"no database at all" * 1000, "the database is damaged (file is not a database)"),
        (b"SQLite format 3\0" + b"\0" * 5000, "the database is damaged (file is not a database)"),
    ],
)
def test_where_the_database_is_at_fault_the_copy_is_not_blamed(path: Path, content: bytes, says: str) -> None:
    path.write_bytes(content)
    copy = path.parent / "copy.db"
    with pytest.raises(StoreError, match=re.escape(f"{path}: {says}")):
        backup(database_url(secret(path)), copy)
    assert not copy.exists()
    assert not list(path.parent.glob("**/*.part"))


def test_no_copy_is_taken_of_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no database to copy"):
        backup(database_url(secret(tmp_path / "none.db")), tmp_path / "copy.db")
    assert list(tmp_path.iterdir()) == []


def test_postgresql_has_its_own_tool_for_copies(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="pg_dump"):
        backup(database_url(Secret("postgresql://localhost/reminder")), tmp_path / "copy.db")


# What `database:` may say


@pytest.mark.parametrize(
    ("setting", "url"),
    [
        ("/var/lib/reminder/reminder.db", "sqlite:////var/lib/reminder/reminder.db"),
        ("a b%20?.db", "sqlite:///a b%2520%3F.db"),
        ("sqlite:////srv/r.db", "sqlite:////srv/r.db"),
        ("sqlite+aiosqlite:////srv/r.db", "sqlite:////srv/r.db"),
        ("postgresql://asha@db/reminder", "postgresql+psycopg://asha@db/reminder"),
        ("postgres://db:5433/reminder", "postgresql+psycopg://db:5433/reminder"),
        ("postgresql+psycopg2://db/reminder", "postgresql+psycopg://db/reminder"),
    ],
)
def test_a_setting_is_a_path_or_a_url(setting: str, url: str) -> None:
    assert database_url(Secret(setting)) == make_url(url)


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        (f"mysql://asha:{PASSWORD}@db/reminder", "neither SQLite nor PostgreSQL"),
        (f"postgresql://asha:{PASSWORD}@db:port/reminder", "cannot be read"),
        (f"host=db user=asha password={PASSWORD}", "words such as"),
        (f"postgresql://asha:pass@{PASSWORD}@db/reminder", "percent-encoded"),
        (f"://asha:{PASSWORD}@db/reminder", "server's address"),
    ],
)
def test_a_setting_that_is_neither_is_refused_without_showing_it(setting: str, says: str) -> None:
    with pytest.raises(StoreError, match=rf"{says}.*write postgresql://USER") as caught:
        database_url(Secret(setting))
    assert PASSWORD not in f"{caught.value!r} {caught.value.__cause__!r}"


# PostgreSQL


@pytest.mark.parametrize(
    "setting",
    [
        "postgresql://asha:{}@127.0.0.1:9/reminder",
        "postgresql://asha@127.0.0.1:9/reminder?password={}",
        "postgresql://127.0.0.1:9/reminder?user=asha&password={}&sslpassword={}",
        "postgresql://asha:{}@/reminder?host=/nowhere",
        "postgresql://asha:{}@127.0.0.1:9/reminder?sslmode=nonsense",
        "postgresql://asha:{}@127.0.0.1:9/reminder?nonsense={}",
        "postgresql://asha:{}@nowhere.invalid/reminder",
    ],
)
def test_a_server_that_cannot_be_reached_is_named_without_the_password(
    setting: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(StoreError, match=r"postgresql://[a-z0-9./:]*reminder: ") as caught:
        open_store(Secret(setting.replace("{}", PASSWORD)), patience=2)
    assert PASSWORD not in f"{caught.value} {caught.value!r} {caught.value.__cause__!r} {caplog.text}"


def test_a_password_that_is_wrong_is_not_shown() -> None:
    with server().database() as database:
        wrong = database.reveal().replace("reminder@", f"nobody:{PASSWORD}@")
        with pytest.raises(StoreError, match="nobody") as caught:
            open_store(Secret(wrong))
    assert PASSWORD not in f"{caught.value} {caught.value.__cause__!r}"


def test_no_driver_for_postgresql_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError, match=r"pip install 'release-reminder\[postgres\]'"):
        make_engine(database_url(Secret("postgresql://localhost/reminder")))


def test_connections_that_the_server_ended_are_made_anew(tmp_path: Path) -> None:
    with rig_of("postgresql", tmp_path) as rig:
        put(rig.store, listed(a_title()))
        server().hang_up(rig.database)
        with rig.store.read() as tx:
            assert len(all_cases(tx)) == 1


def hung_up(rig: Rig, *, at_the_end: bool) -> None:
    with rig.store.write() as tx:
        tx.execute(update(subscription).values(next_due_at=None))
        server().hang_up(rig.database)
        if not at_the_end:
            tx.execute(update(subscription).values(muted_at=None))


@pytest.mark.parametrize("at_the_end", [False, True])
def test_a_connection_lost_in_the_middle_is_an_error_of_the_store_and_the_next_try_works(
    tmp_path: Path, at_the_end: bool
) -> None:
    with rig_of("postgresql", tmp_path) as rig:
        put(rig.store, listed(a_title()))
        with pytest.raises(StoreError, match="postgresql://"):
            hung_up(rig, at_the_end=at_the_end)
        with rig.store.read() as tx:
            assert [case.next_due_at for case in all_cases(tx)] == [NOW]


@pytest.mark.parametrize(
    "setting",
    [
        "DateStyle = 'German, DMY'",
        "DateStyle = 'SQL, MDY'",
        "client_encoding = 'LATIN1'",
        "IntervalStyle = 'iso_8601'",
        "TimeZone = 'Asia/Kolkata'",
        "bytea_output = 'escape'",
        "default_transaction_isolation = 'serializable'",
        "extra_float_digits = -15",
    ],
)
def test_no_setting_of_an_administrator_changes_what_is_read_or_written(tmp_path: Path, setting: LiteralString) -> None:
    with rig_of("postgresql", tmp_path) as rig:
        put(rig.store, listed(a_title("Ballard 東京")))
        before = seen(rig.store)
        name = sql.Identifier(str(rig.store.url.database))
        server().execute(sql.SQL("ALTER DATABASE {} SET ").format(name) + sql.SQL(setting))
        store = open_store(rig.database)
        assert seen(store) == before
        put(store, listed(a_title("Ballard 東京"), a_title("Zürich 2")))
        assert len(seen(store)) == 2
        store.close()


def seen(store: Store) -> list[tuple[str, datetime | None]]:
    """Return each title with the instant that is due, as the database gives them back."""
    with store.read() as tx:
        return [(case.subscription.title.name, case.next_due_at) for case in all_cases(tx)]


def test_a_role_that_may_create_nothing_is_told_the_cure() -> None:
    with server().database(migrated=False) as database:
        server().execute(sql.SQL("DROP ROLE IF EXISTS guest"))
        server().execute(sql.SQL("CREATE ROLE guest LOGIN"))
        guest = Secret(database.reveal().replace("//reminder@", "//guest@"))
        with pytest.raises(StoreError, match=r"permission denied for schema public: .*GRANT CREATE ON SCHEMA public"):
            open_store(guest)
        nowhere = Secret(f"{database.reveal()}&options=-csearch_path%3Dnowhere")
        with pytest.raises(StoreError, match=r"no schema has been selected to create in: .*search_path"):
            open_store(nowhere)


@pytest.mark.parametrize(
    ("made", "says"),
    [
        ("CREATE DATABASE held OWNER postgres_owner", r"permission denied for schema public: .*GRANT CREATE"),
        (
            "CREATE DATABASE latin OWNER tenant ENCODING 'LATIN1' TEMPLATE template0",
            r"keeps its texts in LATIN1, in which .*ENCODING 'UTF8'",
        ),
        ("CREATE DATABASE ascii OWNER tenant ENCODING 'SQL_ASCII' TEMPLATE template0", None),
        ("CREATE DATABASE whole OWNER tenant", None),
    ],
)
def test_a_look_at_a_server_says_beforehand_why_no_tables_could_be_made(
    made: LiteralString, says: str | None, request: pytest.FixtureRequest
) -> None:
    name = made.split()[2]
    for role in ("tenant", "postgres_owner"):
        server().execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role)))
        server().execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
    server().execute(sql.SQL(made))
    request.addfinalizer(
        lambda: server().execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
    )
    database = Secret(server().url(name).reveal().replace("//reminder@", "//tenant@"))
    if says is None:
        check_server(database)
        open_store(database).close()
        check_server(database)
    else:
        with pytest.raises(StoreError, match=says):
            check_server(database)


def test_a_letter_that_the_encoding_of_a_database_lacks_is_told_with_the_cure(request: pytest.FixtureRequest) -> None:
    server().execute(sql.SQL("CREATE DATABASE old_latin ENCODING 'LATIN1' TEMPLATE template0"))
    drop = sql.SQL("DROP DATABASE old_latin WITH (FORCE)")
    request.addfinalizer(lambda: server().execute(drop))
    store = open_store(server().url("old_latin"))
    with pytest.raises(StoreError, match=r"has no equivalent in encoding .*CREATE DATABASE reminder ENCODING 'UTF8'"):
        put(store, listed(a_title(name="Ballard \u6771\u4eac")))
    store.close()


def test_a_database_that_only_lets_itself_be_read_says_so(tmp_path: Path) -> None:
    with rig_of("postgresql", tmp_path) as rig:
        put(rig.store, listed(a_title()))
        standby = Secret(f"{rig.database.reveal()}&options=-c%20default_transaction_read_only%3Don")
        store = open_store(standby)
        with store.read() as tx:
            assert len(all_cases(tx)) == 1
        with pytest.raises(StoreError, match="read-only transaction"):
            put(store, listed())
        store.close()


def test_no_connection_to_be_had_is_an_error_of_the_store(tmp_path: Path) -> None:
    with rig_of("postgresql", tmp_path) as rig:
        store = Store(rig.store.url, create_engine(rig.store.url, pool_size=1, max_overflow=0, pool_timeout=PATIENCE))
        with store.read() as tx:
            tx.execute(select(1))
            with pytest.raises(StoreLocked, match="every connection to the database is in use"), store.read():
                pass
        store.close()
