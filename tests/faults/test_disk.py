"""The database's file: full, held, read-only, damaged, gone, another's (catalogue 7-15)."""

from __future__ import annotations

import http.client
import shutil
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from reminder.platform.failpoints import FailpointPlace
from tests.support.door import Door
from tests.support.faults import Failpoints, held, integrity, read_only, rows, small_disk, states, until
from tests.support.nursery import Hatched
from tests.support.page_process import free_port
from tests.support.process import Reminder
from tests.support.shows import AFTER, BEFORE, DUE, shows, subject
from tests.support.sink import Reply

pytestmark = pytest.mark.acceptance


def test_a_disk_full_at_the_claim_sends_nothing_says_so_and_goes_on_when_there_is_room(
    reminder: Reminder, door: Door
) -> None:
    with small_disk(reminder.state) as disk:
        reminder.write(shows(door.url))
        with reminder.at(BEFORE).daemon() as daemon:
            daemon.sweeps(BEFORE)
            disk.fill(daemon.process.pid)
            reminder.at(DUE)
            daemon.expect(f"STATUS=nothing is sent now: {reminder.database}: ")
            assert any(said in daemon.log for said in ("disk is full", "disk I/O error"))
            assert door.titles == []
            disk.free(daemon.process.pid)
            reminder.at(AFTER)
            until(lambda: states(reminder) == ["sent"], lambda: daemon.log)
            assert "working again" in daemon.log
            assert door.titles == [subject(0)]
        assert integrity(reminder.database) == "ok"


def healthz(port: int) -> tuple[int, bool]:
    """Return the status, and whether it says that nothing is sent."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        return answer.status, "nothing is sent now" in answer.read().decode()


def test_a_full_disk_is_no_green_light_though_the_heartbeat_lies_on_it_too(reminder: Reminder, door: Door) -> None:
    port = free_port()
    with small_disk(reminder.state) as disk:
        reminder.write({**shows(door.url), "metrics": f"127.0.0.1:{port}"})
        with reminder.at(BEFORE).daemon(RUNTIME_DIRECTORY="") as daemon:
            until(lambda: "waiting next=" in daemon.log, lambda: daemon.log)
            assert reminder.run("health", "--quick").status == 0
            disk.fill(daemon.process.pid)
            reminder.at(DUE)
            until(lambda: "nothing is sent now" in daemon.log, lambda: daemon.log)
            for command in (("health",), ("health", "--quick")):
                found = reminder.run(*command)
                assert found.status == 1, found.out
                assert f"nothing is sent now: {reminder.database}: " in found.out
            assert healthz(port) == (503, True)
            disk.free(daemon.process.pid)
            reminder.at(AFTER)
            until(lambda: states(reminder) == ["sent"], lambda: daemon.log)
            until(lambda: reminder.run("health", "--quick").status == 0)


def test_a_disk_full_at_the_record_keeps_the_answer_and_sends_neither_that_nor_anything_else_again(
    reminder: Reminder, points: Failpoints, door: Door
) -> None:
    with small_disk(reminder.state) as disk:
        reminder.write(shows(door.url, 30))
        with reminder.at(BEFORE).daemon() as daemon:
            daemon.sweeps(BEFORE)
            points.set(FailpointPlace.RECORD, "pause")
            reminder.at(DUE)
            points.wait_for(FailpointPlace.RECORD)
            disk.fill(daemon.process.pid)
            points.clear(FailpointPlace.RECORD)
            daemon.expect(f"STATUS=nothing is sent now: {reminder.database}: ")
            arrived = len(door.requests)
            reminder.at("2025-07-08T04:00:00Z")
            reminder.at("2025-07-08T05:00:00Z")
            daemon.process.send_signal(1)
            until(lambda: daemon.log.count("nothing is sent now") >= 1)
            disk.free(daemon.process.pid)
            reminder.at("2025-07-08T05:30:00Z")
            until(lambda: states(reminder) == ["sent"] * 30, lambda: daemon.log)
            assert arrived <= 30
        assert sorted(door.titles) == sorted(subject(number) for number in range(30))
        assert {row.attempts for row in rows(reminder)} == {1}


def test_a_database_held_at_the_claim_for_longer_than_the_patience_costs_a_sweep_and_no_message(
    reminder: Reminder, door: Door
) -> None:
    reminder.write(shows(door.url))
    with reminder.at(BEFORE).daemon() as daemon:
        daemon.sweeps(BEFORE)
        with held(reminder.database):
            reminder.at(DUE)
            daemon.expect(f"STATUS=nothing is sent now: {reminder.database}: another program holds the database")
            assert door.titles == []
        reminder.at(AFTER)
        until(lambda: states(reminder) == ["sent"], lambda: daemon.log)
    assert door.titles == [subject(0)]


def test_a_database_held_at_the_record_keeps_the_answer_and_repeats_nothing(reminder: Reminder, door: Door) -> None:
    reminder.write(shows(door.url))
    answers = threading.Event()
    door.says(Reply(until=answers))
    with reminder.at(BEFORE).daemon() as daemon:
        daemon.sweeps(BEFORE)
        reminder.at(DUE)
        assert door.wait_for(1)
        with held(reminder.database):
            answers.set()
            daemon.expect(f"STATUS=nothing is sent now: {reminder.database}: another program holds the database")
            assert len(door.accepted) == 1
        reminder.at(AFTER)
        until(lambda: states(reminder) == ["sent"], lambda: daemon.log)
    assert len(door.requests) == 1


def test_told_to_stop_while_the_database_is_held_it_waits_for_it_and_records(
    reminder: Reminder, points: Failpoints, door: Door
) -> None:
    reminder.write(shows(door.url))
    points.set(FailpointPlace.ANSWERED, "pause")
    with reminder.at(BEFORE).daemon() as daemon:
        daemon.sweeps(BEFORE)
        reminder.at(DUE)
        points.wait_for(FailpointPlace.ANSWERED)
        with held(reminder.database):
            daemon.term()
            daemon.expect("STOPPING=1")
            points.clear(FailpointPlace.ANSWERED)
        assert daemon.ends(30.0) == 0
    assert [(row.state, row.attempts) for row in rows(reminder)] == [("sent", 1)]


def _truncate(database: Path) -> None:
    database.write_bytes(b"")


def _overwrite(database: Path) -> None:
    with database.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 4096 * 12)


def _garbage(database: Path) -> None:
    database.write_bytes(b"These are not the pages you are looking for. " * 400)


def _newer(database: Path) -> None:
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")


def _others(database: Path) -> None:
    database.unlink()
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        pytest.param(_truncate, "the file is empty: restore a backup, or delete it to begin anew", id="empty"),
        pytest.param(_overwrite, "the database is damaged", id="overwritten"),
        pytest.param(_garbage, "the database is damaged", id="garbage"),
        pytest.param(_newer, "the database has version 9999, this reminder knows", id="newer"),
        pytest.param(_others, "another program's tables are in this database (bookmarks)", id="another's"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_by_name_and_left_as_it_is(
    reminder: Reminder, door: Door, spoil: Callable[[Path], None], says: str
) -> None:
    reminder.write(shows(door.url))
    reminder.at(BEFORE).once()
    spoil(reminder.database)
    was = reminder.database.read_bytes()
    refused = reminder.at(DUE).once()
    assert refused.status == 1
    assert f"{reminder.database}: " in refused.err
    assert says in refused.err
    assert reminder.database.read_bytes() == was
    assert door.titles == []


def test_a_folder_that_nobody_may_write_is_an_error_with_its_path_and_owner(reminder: Reminder, door: Door) -> None:
    reminder.write(shows(door.url))
    reminder.at(BEFORE).once()
    with read_only(reminder.state):
        refused = reminder.at(DUE).once()
    assert refused.status == 1
    assert str(reminder.state) in refused.err
    assert "owned by" in refused.err or "belongs to uid" in refused.err
    assert reminder.once().status == 0
    assert door.titles == [subject(0)]


def test_a_copy_of_what_may_only_be_read_blames_the_database_and_says_whose_it_is(
    reminder: Reminder, door: Door
) -> None:
    reminder.write(shows(door.url))
    reminder.at(BEFORE).once()
    copy = reminder.home / "copy.db"
    with read_only(reminder.state):
        refused = reminder.run("backup", str(copy))
    assert refused.status == 1
    assert refused.err.startswith(f"{reminder.database}: ")
    assert "belongs to uid" in refused.err
    assert not copy.exists()


def test_damaged_while_it_runs_the_daemon_ends_and_its_next_start_refuses(reminder: Reminder, door: Door) -> None:
    reminder.write(shows(door.url))
    with reminder.at(BEFORE).daemon() as daemon:
        daemon.sweeps(BEFORE)
        with closing(sqlite3.connect(reminder.database, isolation_level=None)) as other:
            other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        _garbage(reminder.database)
        reminder.at(DUE)
        assert daemon.ends() == 1
        assert "the database is damaged" in daemon.log
    assert "the database is damaged" in reminder.once().err
    assert door.titles == []


def test_deleted_while_it_runs_the_daemon_ends_with_1_and_its_next_start_begins_anew(
    reminder: Reminder, door: Door
) -> None:
    reminder.write(shows(door.url))
    with reminder.at(BEFORE).daemon() as daemon:
        daemon.sweeps(BEFORE)
        reminder.database.unlink()
        reminder.at("2025-07-08T03:10:00Z")
        assert daemon.ends() == 1
        assert "the file was deleted while it was in use" in daemon.log
    assert [path.name for path in reminder.state.glob("reminder.db-*")] == []
    with reminder.daemon() as daemon:
        daemon.at(DUE)
        until(lambda: states(reminder) == ["sent"], lambda: daemon.log)
    assert door.titles == [subject(0)]


def test_its_log_deleted_while_it_runs_the_daemon_ends_with_1_and_nothing_is_lost(
    reminder: Reminder, door: Door
) -> None:
    reminder.write(shows(door.url, days=(9, 10)))
    with reminder.at(BEFORE).daemon() as daemon:
        daemon.at(DUE)
        until(lambda: states(reminder) == ["sent"], lambda: daemon.log)
        reminder.database.with_name("reminder.db-wal").unlink()
        reminder.at("2025-07-08T03:40:00Z")
        assert daemon.ends() == 1
        assert "the log was deleted while it was in use" in daemon.log
    assert (integrity(reminder.database), states(reminder)) == ("ok", ["sent"])
    with reminder.daemon() as daemon:
        daemon.at("2025-07-09T03:30:00Z")
        until(lambda: states(reminder) == ["sent"] * 2, lambda: daemon.log)
    assert door.titles == [subject(0), subject(0, 10)]


def test_replaced_while_it_runs_the_daemon_ends_with_1_and_its_next_start_finds_the_other_whole(
    reminder: Reminder, door: Door
) -> None:
    reminder.write(shows(door.url, 40))
    copy = reminder.home / "copy.db"
    with reminder.at(BEFORE).daemon() as daemon:
        daemon.sweeps(BEFORE)
        assert reminder.run("backup", str(copy)).status == 0
        reminder.write(shows(door.url, 40, days=(9, 10, 11)))
        daemon.hup()  # so that its log holds what the copy does not
        copy.replace(reminder.database)
        reminder.at("2025-07-08T03:10:00Z")
        assert daemon.ends() == 1
        assert "the file was replaced by another while it was in use" in daemon.log
    assert integrity(reminder.database) == "ok"
    with reminder.daemon() as daemon:
        daemon.at(DUE)
        until(lambda: states(reminder) == ["sent"] * 40, lambda: daemon.log)
    assert sorted(door.titles) == sorted(subject(number) for number in range(40))


def test_what_lies_on_the_disk_after_a_power_cut_is_whole_and_remembers_what_was_sent(
    reminder: Reminder, points: Failpoints, door: Door
) -> None:
    reminder.write(shows(door.url, 20))
    with reminder.at(BEFORE).daemon() as daemon:
        daemon.sweeps(BEFORE)
        points.set(FailpointPlace.RECORDED, "pause")
        reminder.at(DUE)
        points.wait_for(FailpointPlace.RECORDED)
        other = Hatched(reminder.home.parent / "other", environ=reminder.environ)
        other.state.mkdir(parents=True)
        for name in ("reminder.db", "reminder.db-wal"):
            shutil.copyfile(reminder.state / name, other.state / name)
        daemon.kill()
        points.clear(FailpointPlace.RECORDED)
    sent = states(other).count("sent")
    assert sent > 0
    assert integrity(other.database) == "ok"
    other.write({**shows(door.url, 20), "name": str(reminder.config)})
    assert other.at(AFTER).once().status == 0
    assert states(other) == ["sent"] * 20
    copies = [door.titles.count(subject(number)) for number in range(20)]
    assert min(copies) == 1
    assert copies.count(1) >= sent


def test_each_commit_is_on_the_disk_before_anything_leaves(reminder: Reminder, door: Door) -> None:
    # SQLite's own promise for FULL; a lower one may forget the last commits when the power goes.
    from reminder.core.model.secret import Secret
    from reminder.store.sql.store import open_store

    reminder.write(shows(door.url))
    reminder.at(BEFORE).once()
    store = open_store(Secret(str(reminder.database)))
    with store.read() as tx:
        assert tx.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert tx.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    store.close()
