"""What root makes in a state directory belongs to that directory's owner, and nobody else reads it."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reminder.core.model.secret import Secret
from reminder.platform.files import give_to_folders_owner, make_folder, make_private
from reminder.platform.heartbeat import Heartbeat, write_heartbeat
from reminder.platform.lock import only_daemon
from reminder.store.sql.store import open_store

SERVICE = 65070


@pytest.fixture
def open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def database(folder: Path) -> None:
    with closing(open_store(Secret(str(folder / "reminder.db")), private=True)) as store, store.read():
        pass


def lock(folder: Path) -> None:
    with only_daemon(folder / "reminder.db", datetime(2025, 7, 1, tzinfo=UTC)):
        pass


def heartbeat(folder: Path) -> None:
    write_heartbeat(folder, Heartbeat(swept_at=datetime(2025, 7, 1, tzinfo=UTC), pid=1))


MAKERS = {"database": database, "lock": lock, "heartbeat": heartbeat}


@pytest.mark.usefixtures("open_umask")
@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_nobody_else_reads_what_is_made_whatever_the_umask(tmp_path: Path, make: Callable[[Path], None]) -> None:
    folder = tmp_path / "new" / "state"
    make_folder(folder)
    make(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    made = list(folder.iterdir())
    assert made
    assert [path for path in made if path.stat().st_mode & 0o007] == []


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_what_is_made_in_a_folder_of_the_service_is_the_services(tmp_path: Path, make: Callable[[Path], None]) -> None:
    """Only root can give a file away; whoever else runs this owns the folder, and so what is in it."""
    folder = tmp_path / "state"
    folder.mkdir(mode=0o700)
    if os.geteuid() == 0:
        os.chown(folder, SERVICE, SERVICE)
    make(folder)
    assert {path.stat().st_uid for path in folder.iterdir()} == {folder.stat().st_uid}


def test_a_file_that_is_there_keeps_its_mode_and_its_words(tmp_path: Path) -> None:
    file = tmp_path / "reminder.db"
    file.write_text("mine")
    file.chmod(0o640)
    make_private(file)
    assert (file.read_text(), stat.S_IMODE(file.stat().st_mode)) == ("mine", 0o640)


def test_giving_away_what_cannot_be_given_is_no_error(tmp_path: Path) -> None:
    give_to_folders_owner(tmp_path / "nothing" / "there")
    assert not (tmp_path / "nothing").exists()


def test_the_program_starts_for_a_user_whom_no_file_knows_and_who_has_no_home(tmp_path: Path) -> None:
    """A service's dynamic user, or a container's: no line in passwd, no HOME."""
    config, state = tmp_path / "config.yaml", tmp_path / "state"
    config.write_text(
        "timezone: UTC\nchannels: {screen: 'console://'}\nwatch: [{title: Ballard, premiere: 2027-07-09}]\n"
    )
    state.mkdir()
    environ = {"PATH": "/usr/bin:/bin", "REMINDER_CONFIG": str(config), "STATE_DIRECTORY": str(state)}
    call = [sys.executable, "-c", _without_passwd(), "run", "--once"]
    done = subprocess.run(call, env=environ, cwd="/", capture_output=True, text=True, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    assert (state / "reminder.db").is_file()


def _without_passwd() -> str:
    """Return a start of the program in which no user has an entry, whoever runs the tests."""
    return "import pwd\ndef nobody(uid): raise KeyError(uid)\npwd.getpwuid = nobody\nfrom reminder.__main__ import start\nstart()"
