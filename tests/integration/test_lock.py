"""One daemon for each SQLite file, shown with a second process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reminder.core.errors import AlreadyRunning, StoreError
from reminder.platform.lock import lock_file, only_daemon

ROOT = Path(__file__).parents[2]
NOW = datetime(2025, 7, 9, 9, 12, tzinfo=UTC)
HOLD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from reminder.platform.lock import only_daemon
with only_daemon(Path(sys.argv[1]), datetime(2025, 7, 9, 9, 12, tzinfo=UTC)):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def holding(database: Path) -> Iterator[subprocess.Popen[str]]:
    """A second process that holds the lock until its input ends."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(database)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_daemon_is_told_who_holds_the_database(tmp_path: Path) -> None:
    database = tmp_path / "reminder.db"
    with holding(database) as process, pytest.raises(AlreadyRunning) as caught, only_daemon(database, NOW):
        pass
    owner = tmp_path.stat().st_uid
    assert str(caught.value) == (
        f"{database} already has a daemon: pid {process.pid} since 2025-07-09T09:12:00Z, started by uid {owner}"
    )


def test_the_lock_of_a_killed_daemon_is_free_at_once(tmp_path: Path) -> None:
    database = tmp_path / "reminder.db"
    with holding(database) as process:
        process.kill()
        process.wait(timeout=30)
        with only_daemon(database, NOW):
            assert lock_file(database).is_file()


def test_a_daemon_that_ends_leaves_the_file_and_frees_the_lock(tmp_path: Path) -> None:
    database = tmp_path / "reminder.db"
    with only_daemon(database, NOW):
        pass
    assert lock_file(database).read_text(encoding="utf-8") == ""
    with only_daemon(database, NOW):
        pass


def test_a_daemon_that_fails_frees_the_lock(tmp_path: Path) -> None:
    database = tmp_path / "reminder.db"
    with pytest.raises(RuntimeError), only_daemon(database, NOW):
        raise RuntimeError
    with only_daemon(database, NOW):
        pass


def test_another_database_has_its_own_lock(tmp_path: Path) -> None:
    with only_daemon(tmp_path / "one.db", NOW), only_daemon(tmp_path / "two.db", NOW):
        pass


def test_a_database_reached_by_a_link_is_the_same_database(tmp_path: Path) -> None:
    database = tmp_path / "reminder.db"
    database.touch()
    (tmp_path / "link.db").symlink_to(database)
    with only_daemon(database, NOW), pytest.raises(AlreadyRunning), only_daemon(tmp_path / "link.db", NOW):
        pass


def test_a_holder_that_has_not_said_who_it_is_is_told_so(tmp_path: Path) -> None:
    database = tmp_path / "reminder.db"
    with only_daemon(database, NOW):
        lock_file(database).write_text("", encoding="utf-8")
        with pytest.raises(AlreadyRunning, match="not yet said"), only_daemon(database, NOW):
            pass


def test_the_directory_of_a_new_database_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    with only_daemon(tmp_path / "state" / "reminder.db", NOW):
        pass
    assert (tmp_path / "state").stat().st_mode & 0o777 == 0o700


def test_a_lock_that_cannot_be_opened_is_an_error_with_path_and_owner(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(StoreError, match=r"cannot open .*reminder\.db\.lock \(in .*owned by .*\): "),
        only_daemon(tmp_path / "file" / "reminder.db", NOW),
    ):
        pass
