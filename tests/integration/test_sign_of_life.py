"""A daemon that is killed is known to be gone at once on its machine, and nowhere else, nor while it is started anew."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reminder.cli.quick_health import problems_of
from reminder.core.sending.health import Vitals
from reminder.platform.heartbeat import LOCK, Heartbeat, living, read_heartbeat, running_kernel, write_heartbeat
from reminder.usecases.health import NO_DAEMON, ServiceState, is_sending, why_unsent
from tests.support.pages import House

NOW = datetime(2025, 7, 2, 3, 30, tzinfo=UTC)
CONFIG = """
web: {}
subscribers: {asha: {}}
watch: [{title: Ballard, premiere: 2025-07-09}]
"""
SOON = timedelta(seconds=20)
LIVES = """
import sys, time
from datetime import datetime
from pathlib import Path
from reminder.platform.heartbeat import Heartbeat, living, write_heartbeat
folder = Path(sys.argv[1])
with living(folder) as kernel:
    write_heartbeat(folder, Heartbeat(swept_at=datetime.fromisoformat(sys.argv[2]), pid=7, kernel=kernel))
    print("lives", flush=True)
    time.sleep(600)
"""


@contextmanager
def a_life(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Run a process that lives as a daemon does, until it is killed."""
    command = [sys.executable, "-c", LIVES, str(folder), NOW.isoformat()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == "lives\n"
            yield process
        finally:
            process.kill()


def there(folder: Path) -> Heartbeat:
    beat = read_heartbeat(folder)
    assert beat is not None
    return beat


def test_a_killed_daemon_is_gone_at_once_and_not_while_it_or_another_one_lives(tmp_path: Path) -> None:
    with a_life(tmp_path) as one, a_life(tmp_path) as other:
        for process in (one, other):
            assert not there(tmp_path).is_dead(NOW + SOON)
            assert problems_of(tmp_path, NOW + SOON, timedelta(minutes=5)) == ()
            process.kill()
            process.wait()
    assert there(tmp_path).is_dead(NOW)
    said = problems_of(tmp_path, NOW + SOON, timedelta(minutes=5))
    assert said == ("no daemon is running: the last sweep was 20 s ago",)


@pytest.mark.parametrize(
    ("changed", "age", "is_dead"),
    [
        ({}, timedelta(0), True),
        ({}, timedelta(seconds=200), True),
        ({"is_restarted": True}, timedelta(seconds=30), False),  # by systemd, or with its container
        ({"is_restarted": True}, timedelta(seconds=80), True),
        ({"kernel": "that of another host"}, timedelta(days=2), False),
        ({"kernel": ""}, timedelta(days=2), False),  # a single pass by cron
    ],
)
def test_who_holds_no_lock_any_more_is_dead_where_that_can_be_known(
    tmp_path: Path, changed: dict[str, object], age: timedelta, is_dead: bool
) -> None:
    with living(tmp_path) as kernel:
        write_heartbeat(tmp_path, replace(Heartbeat(swept_at=NOW, pid=7, kernel=kernel), **changed))  # type: ignore[arg-type]
        assert not there(tmp_path).is_dead(NOW + age)
    assert there(tmp_path).is_dead(NOW + age) is is_dead


@pytest.mark.parametrize("trouble", ["the disk is full", None, "x" * 500])
def test_where_no_new_file_can_be_made_the_heartbeat_is_written_over_the_one_before(
    tmp_path: Path, trouble: str | None
) -> None:
    before = Heartbeat(swept_at=NOW, pid=7, next_at=NOW + timedelta(days=1), trouble="another trouble, which is over")
    write_heartbeat(tmp_path, before)
    (tmp_path / f".heartbeat.json.{os.getpid()}").mkdir()
    now = Heartbeat(swept_at=NOW + SOON, pid=7, trouble=trouble)
    write_heartbeat(tmp_path, now)
    assert there(tmp_path) == now


def test_where_there_was_no_heartbeat_and_none_can_be_made_nothing_happens(tmp_path: Path) -> None:
    (tmp_path / f".heartbeat.json.{os.getpid()}").mkdir()
    write_heartbeat(tmp_path, Heartbeat(swept_at=NOW, pid=7))
    assert read_heartbeat(tmp_path) is None


def test_where_the_lock_was_taken_away_nothing_is_said_of_it(tmp_path: Path) -> None:
    with living(tmp_path) as kernel:
        write_heartbeat(tmp_path, Heartbeat(swept_at=NOW, pid=7, kernel=kernel))
        (tmp_path / LOCK).unlink()
        assert not there(tmp_path).is_dead(NOW + SOON)


def test_where_no_lock_can_be_made_a_daemon_lives_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with living(tmp_path / "file") as kernel:
        assert kernel == ""


def test_nothing_is_sent_once_the_daemon_is_dead_whatever_it_said_before(tmp_path: Path) -> None:
    write_heartbeat(tmp_path, Heartbeat(swept_at=NOW, pid=7, trouble="the disk is full", kernel=running_kernel()))
    with living(tmp_path):
        assert why_unsent(there(tmp_path), NOW) == "the disk is full"
    beat = there(tmp_path)
    assert not is_sending(beat, NOW)
    assert why_unsent(beat, NOW) == NO_DAEMON
    state = ServiceState(place="", vitals=Vitals(swept_at=None))
    (only,) = state.problems(beat, NOW, timedelta(minutes=5))
    assert only == "no daemon is running: the last sweep was 0 s ago"


def test_the_page_and_its_healthz_say_it_at_once(tmp_path: Path) -> None:
    house = House(CONFIG, "2025-06-20 12:00", environ={"RUNTIME_DIRECTORY": str(tmp_path)})
    house.is_in_daemon = False
    with living(tmp_path) as kernel:
        write_heartbeat(tmp_path, Heartbeat(swept_at=house.clock.now(), pid=7, kernel=kernel))
        assert "Nothing is sent now" not in house.browser("asha").text("/")
    assert "Nothing is sent now" in house.browser("asha").text("/")
    assert "no daemon is running: the last sweep was 0 s ago" in house.browser("asha").text("/status").lower()
    assert house.browser().get("/healthz").status_code == 503
