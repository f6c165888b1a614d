"""Looking at a database that may only be read, has no room, is held, or is told of by another config or zone."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.door import Door
from tests.support.faults import held, read_only, small_disk
from tests.support.process import Reminder
from tests.support.shows import AFTER, BEFORE, shows

pytestmark = pytest.mark.acceptance

LOOKS = (("list",), ("plan", "--json"), ("show", "Show 9.0"))


def said(reminder: Reminder) -> list[tuple[int, str, str]]:
    """Return what every look says at the same instant, at which nothing is due."""
    found = [reminder.at(BEFORE).run(*words) for words in LOOKS]
    return [(each.status, each.out, each.err) for each in found]


def known(reminder: Reminder) -> bool:
    """Tell whether the database keeps a digest for a look."""
    with closing(sqlite3.connect(f"file:{reminder.database}?mode=ro", uri=True)) as base:
        return bool(base.execute("SELECT count(*) FROM meta WHERE key = 'look'").fetchone() == (1,))


@pytest.fixture
def begun(reminder: Reminder, door: Door) -> Reminder:
    """Return somebody whose database is there, and at which nobody has looked yet."""
    reminder.write(shows(door.url, 2))
    assert reminder.at(BEFORE).once().status == 0
    return reminder


@pytest.mark.parametrize("is_known", [False, True])
def test_a_database_that_may_only_be_read_is_looked_at_all_the_same(begun: Reminder, is_known: bool) -> None:
    right = said(begun)
    if not is_known:
        with closing(sqlite3.connect(begun.database)) as base, base:
            base.execute("DELETE FROM meta WHERE key LIKE 'look%'")
    assert known(begun) is is_known
    with read_only(begun.state):
        assert said(begun) == right
        checked = begun.run("check")
        assert begun.run("health").status == 1
    assert known(begun) is is_known
    assert [status for status, _, _ in right] == [0] * len(LOOKS)
    assert checked.status == 2
    assert "not writable" in checked.err


def test_a_config_that_has_changed_is_shown_beside_a_database_that_may_only_be_read(begun: Reminder) -> None:
    begun.run("list")
    begun.write(begun.config.read_text().replace("July 9, 2025", "July 19, 2025"))
    with read_only(begun.state):
        assert "19 Jul 2025" in begun.at(AFTER).run("list").out
    assert "19 Jul 2025" in begun.run("list").out


def test_a_log_that_may_only_be_read_is_never_left_out(begun: Reminder) -> None:
    with closing(sqlite3.connect(begun.database, isolation_level=None)) as writer:
        writer.execute("UPDATE subscription SET muted_at = '2025-07-08 03:00:00.000000'")
        with read_only(begun.state):
            found = begun.at(AFTER).run("list")
    assert "Traceback" not in found.err
    assert "(muted)" in found.out or "not writable" in found.err


@pytest.mark.parametrize("is_known", [False, True])
def test_without_room_on_the_disk_a_look_says_the_same(reminder: Reminder, door: Door, is_known: bool) -> None:
    with small_disk(reminder.state) as disk:
        reminder.write(shows(door.url, 2))
        assert reminder.at(BEFORE).once().status == 0
        right = said(reminder)
        if not is_known:
            with closing(sqlite3.connect(reminder.database)) as base, base:
                base.execute("DELETE FROM meta WHERE key LIKE 'look%'")
        disk.fill(os.getpid())
        try:
            assert said(reminder) == right
        finally:
            disk.free(os.getpid())
        assert said(reminder) == right
        assert known(reminder)


def test_a_look_waits_for_nobody_who_writes(begun: Reminder) -> None:
    right = said(begun)
    with held(begun.database):
        assert said(begun) == right  # whoever waited would say that another program holds the database


def test_while_the_daemon_runs_a_look_says_what_it_would_without_what_is_kept(reminder: Reminder, door: Door) -> None:
    reminder.write(shows(door.url, 2))
    with reminder.at(BEFORE).daemon() as daemon:
        daemon.sweeps(BEFORE)
        first, again = said(reminder), said(reminder)
        assert first == again
        assert known(reminder)


def test_the_systems_zone_counts_where_the_config_names_none(reminder: Reminder, door: Door) -> None:
    reminder.write({key: value for key, value in shows(door.url).items() if key != "timezone"})
    reminder.at(BEFORE).once()
    plan = reminder.run("plan", "--json").out
    assert reminder.run("plan", "--json").out == plan
    reminder.environ["TZ"] = "America/New_York"
    there = reminder.run("plan", "--json").out
    assert there != plan
    assert reminder.run("plan", "--json").out == there


def test_configs_that_take_turns_at_one_database_are_each_shown_as_they_are(begun: Reminder) -> None:
    other = begun.home / "other.yaml"
    named = (
        begun.config.read_text()
        .replace("July 9, 2025", "July 19, 2025")
        .replace("{", f'{{"name": "{begun.config}",', 1)
    )
    other.write_text(named)
    for _ in range(2):
        assert " 9 Jul 2025" in begun.at(AFTER).run("list").out
        assert "19 Jul 2025" in begun.run("-c", str(other), "list").out


def test_a_link_to_a_config_is_followed_at_every_look(begun: Reminder, tmp_path: Path) -> None:
    text = begun.config.read_text()
    for name, day in (("one", "July 9, 2025"), ("two", "July 19, 2025")):
        (tmp_path / name).write_text(text.replace("July 9, 2025", day))
    for name, day in (("one", " 9 Jul 2025"), ("two", "19 Jul 2025"), ("one", " 9 Jul 2025")):
        begun.config.unlink()
        begun.config.symlink_to(tmp_path / name)
        assert day in begun.at(AFTER).run("list").out
        assert day in begun.run("list").out
