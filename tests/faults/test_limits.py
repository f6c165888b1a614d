"""What the machine, the plugins and the rows themselves may do to a daemon (catalogue 70, 71, 73, 75, 76)."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import subprocess
import sys
import textwrap
from contextlib import closing
from pathlib import Path

import pytest

from reminder.platform.failpoints import FailpointPlace
from tests.support.door import Door
from tests.support.faults import Failpoints, rows, states, until
from tests.support.process import PATIENCE, Reminder, Row, line_in
from tests.support.shows import AFTER, BEFORE, DUE, shows, subject
from tests.support.sink import Reply

pytestmark = pytest.mark.acceptance


def test_with_32_files_at_most_everything_arrives_once(reminder: Reminder) -> None:
    with Door(Reply(delay=0.2)) as door:
        reminder.write(shows(door.url, 60, delivery={"concurrency": "40"}))
        with reminder.at(BEFORE).daemon() as daemon:
            daemon.sweeps(BEFORE)
            resource.prlimit(daemon.process.pid, resource.RLIMIT_NOFILE, (32, 32))
            reminder.at(DUE)
            tried = lambda: len(states(reminder)) == 60 and not {"due", "sending"} & set(states(reminder))  # noqa: E731
            until(tried, lambda: daemon.log)
            reminder.at("2025-07-08T03:40:00Z")
            until(lambda: states(reminder) == ["sent"] * 60, lambda: daemon.log)
            assert len(os.listdir(f"/proc/{daemon.process.pid}/fd")) <= 32  # noqa: PTH208  not a folder to walk
            daemon.term()
            assert daemon.ends() == 0
        assert sorted(door.titles) == sorted(subject(number) for number in range(60))


def test_a_log_that_nobody_reads_any_more_stops_nothing(reminder: Reminder, door: Door) -> None:
    reminder.write(shows(door.url, 20, log={"level": "debug"}))
    reminder.at(BEFORE).once()
    read, write = os.pipe()
    # By hand: the daemon's log is a pipe, and its reader goes away.
    daemon = subprocess.Popen(
        [Path(sys.executable).with_name("reminder"), "run"],
        env=reminder.env,
        stdin=subprocess.DEVNULL,
        stdout=write,
        stderr=write,
    )
    os.close(write)
    try:
        until(lambda: reminder.swept_at is not None)
        os.close(read)
        reminder.at(DUE)
        until(lambda: states(reminder) == ["sent"] * 20)
        daemon.send_signal(signal.SIGHUP)
        daemon.terminate()
        assert daemon.wait(PATIENCE) == 0
    finally:
        daemon.kill()
        daemon.wait()
    assert sorted(door.titles) == sorted(subject(number) for number in range(20))


PLUGINS = """
import sys, threading

def register():
    from apprise.decorators import notify

    @notify(on="exits")
    def exits(body, title, notify_type, *args, **kwargs):
        raise SystemExit(3)

    @notify(on="recurses")
    def recurses(body, title, notify_type, *args, **kwargs):
        return recurses(body, title, notify_type)

    @notify(on="sleeps")
    def sleeps(body, title, notify_type, *args, **kwargs):
        threading.Event().wait()

if "reminder" in sys.argv[0]:
    register()
"""


def test_a_plugin_that_exits_recurses_or_sleeps_for_ever_costs_its_own_channel_alone(
    reminder: Reminder, door: Door, tmp_path: Path
) -> None:
    (tmp_path / "sitecustomize.py").write_text(textwrap.dedent(PLUGINS))
    plugins = ("exits", "recurses", "sleeps")
    channels = {name: f"{name}://" for name in plugins} | {"good": door.url}
    people = {"me": {"channels": [*plugins, "good"]}}
    limits = {"timeout": "5s", "concurrency": "4"}
    config = shows("", 5, channels=channels, subscribers=people, delivery=limits, allow_schemas=[*plugins])
    reminder.write(config)
    plain = Reminder(reminder.home, environ={**reminder.environ, "PYTHONPATH": str(tmp_path)})
    with plain.at(BEFORE).daemon() as daemon:
        daemon.sweeps(BEFORE)
        reminder.at(DUE)
        until(lambda: sent_over(reminder, "good") == 5, lambda: (rows(reminder), daemon.log))
        until(
            lambda: {row.channel for row in rows(reminder) if row.attempts and row.state == "retrying"} >= set(plugins),
            lambda: (rows(reminder), daemon.log),
        )
        daemon.term()
        assert daemon.ends() == 0
    assert sorted(title for title in door.titles if "premieres" in title) == sorted(subject(each) for each in range(5))


def sent_over(reminder: Reminder, channel: str) -> int:
    return sum(row.channel == channel and row.kind == "reminder" for row in rows_sent(reminder))


POISONS = {
    "a zone that is none any more": "UPDATE subscriber SET profile = json_set(profile, '$.zone', 'Mars/Olympus') WHERE name = 'bad'",
    "a person's settings torn": "UPDATE subscriber SET profile = '{' WHERE name = 'bad'",
    "a title torn": "UPDATE title SET spec = '{}' WHERE name = 'Show 9.0'",
    "a date torn": "UPDATE release SET when_text = 'someday' WHERE title_id = (SELECT id FROM title WHERE name = 'Show 9.0')",
    "a ladder torn": "UPDATE subscription SET ladder = '[7]' WHERE title_id = (SELECT id FROM title WHERE name = 'Show 9.0')",
}


@pytest.mark.parametrize("poison", POISONS.values(), ids=POISONS.keys())
@pytest.mark.parametrize("decided", [False, True], ids=["before it is decided", "after it is decided"])
def test_a_row_that_cannot_be_read_stops_nobody_else(
    reminder: Reminder, points: Failpoints, door: Door, poison: str, decided: bool
) -> None:
    people = {name: {"channels": ["hook"]} for name in ("good", "bad")}
    reminder.write(shows(door.url, 3, subscribers=people))
    with reminder.at(BEFORE).daemon() as daemon:
        daemon.sweeps(BEFORE)
        place = FailpointPlace.CLAIM if decided else FailpointPlace.DECIDE
        points.set(place, "raise")
        reminder.at(DUE)
        points.wait_for(place)
        with closing(sqlite3.connect(reminder.database, isolation_level=None)) as other:
            assert other.execute(poison).rowcount > 0
        points.clear(place)
        reminder.at(AFTER)
        spared = 2 if "Show 9.0" in poison else 3
        until(lambda: sent_to(reminder, "good") >= spared, lambda: (rows(reminder), daemon.log))
        if not decided or "subscriber" in poison:
            assert "row not read" in daemon.log or "subscription not planned" in daemon.log
        daemon.wait_for(lambda: daemon.said[-1].startswith(("STATUS=next message", "STATUS=nothing to come")))
        daemon.term()  # what is on its way is recorded
        assert daemon.ends() == 0
    assert len(door.titles) == len(rows_sent(reminder))


def sent_to(reminder: Reminder, person: str) -> int:
    return sum(row.subscriber == person for row in rows_sent(reminder))


def rows_sent(reminder: Reminder) -> list[Row]:
    return [row for row in rows(reminder) if row.state == "sent"]


def test_a_sweep_that_does_not_come_to_its_end_feeds_no_watchdog_and_is_seen_to_be_old(
    reminder: Reminder, points: Failpoints, door: Door
) -> None:
    reminder.write(shows(door.url))
    with reminder.at(BEFORE).daemon() as daemon:
        daemon.expect(f"STATUS=next message {DUE}")
        points.set(FailpointPlace.CLAIM, "pause")
        reminder.at(DUE)
        points.wait_for(FailpointPlace.CLAIM)
        fed = sum(line_in([said], "WATCHDOG=1") for said in daemon.said)
        reminder.at("2025-07-08T03:40:00Z")
        late = reminder.run("health")
        assert late.status == 1
        assert fed == sum(line_in([said], "WATCHDOG=1") for said in daemon.said)
        points.clear(FailpointPlace.CLAIM)
        until(lambda: reminder.run("health").status == 0, lambda: daemon.log)
        assert states(reminder) == ["sent"]
