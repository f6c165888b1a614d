"""The config is edited while the daemon runs (SPEC 5 and 6)."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.support.door import Door
from tests.support.process import Daemon, Reminder

pytestmark = pytest.mark.acceptance


def config(door: Door, premiere: str) -> dict[str, object]:
    return {
        "timezone": "Asia/Kolkata",
        "remind": ["2d", "1d", "day"],
        "channels": {"hook": door.url},
        "watch": [{"title": "Ballard", "premiere": premiere}],
    }


def all_sent(daemon: Daemon, reminder: Reminder, count: int) -> None:
    daemon.wait_for(lambda: [row.state for row in reminder.ledger()].count("sent") == count)


def test_a_moved_date_is_told_once_and_the_new_ladder_counts(reminder: Reminder, door: Door) -> None:
    reminder.write(config(door, "July 9, 2025"))
    arrived: dict[str, list[str]] = {}
    with reminder.at("2025-07-07T03:00:00Z").daemon() as daemon:
        daemon.at("2025-07-07T03:30:00Z")
        all_sent(daemon, reminder, 1)
        assert "still uses" not in reminder.run("plan").err
        reminder.write(config(door, "July 11, 2025"))
        assert "still uses the config as it was before the last edit" in reminder.run("plan").err
        daemon.hup()
        moments = ("2025-07-08T03:29:00Z", "2025-07-08T03:30:00Z", "2025-07-09T03:30:00Z")
        for count, at in enumerate((*moments, "2025-07-10T03:30:00Z", "2025-07-11T03:30:00Z"), start=1):
            daemon.at(at)
            all_sent(daemon, reminder, count)
            arrived[at] = door.titles[sum(map(len, arrived.values())) :]
        assert "still uses" not in reminder.run("plan").err
    assert arrived == {
        "2025-07-08T03:29:00Z": ["Ballard premieres in 2 days"],
        "2025-07-08T03:30:00Z": ["Ballard moved from July 9 to July 11, 2025"],
        "2025-07-09T03:30:00Z": ["Ballard premieres in 2 days"],
        "2025-07-10T03:30:00Z": ["Ballard premieres tomorrow"],
        "2025-07-11T03:30:00Z": ["Ballard is out today"],
    }
    assert "Friday, July 11, 2025" in door.accepted[1].json()["message"]


def test_a_broken_config_is_refused_aloud_and_the_one_before_goes_on(reminder: Reminder, door: Door) -> None:
    reminder.write(config(door, "July 9, 2025"))
    with reminder.at("2025-07-08T03:00:00Z").daemon() as daemon:
        daemon.sweeps("2025-07-08T03:00:00Z")
        for broken, problem in (
            ('watch: [{title: "Ballard\n', "config.yaml:1:17: the quote"),
            (f"timezone: Mars/Olympus\nchannels: {{hook: '{door.url}'}}\nwatch: [Ballard]\n", "Mars/Olympus"),
            ("name: another\nwatch: []\n", "restart to change it"),
        ):
            reminder.write(broken)
            before = len(daemon.said)
            daemon.hup()
            daemon.expect("STATUS=next message 2025-07-08T03:30:00Z; the edited config is not taken", after=before)
            assert "config refused, previous one stays in use" in daemon.log
            assert problem in daemon.log
        reminder.config.unlink()
        daemon.hup()
        daemon.at("2025-07-08T03:30:00Z")
        all_sent(daemon, reminder, 1)
        reminder.write(config(door, "July 9, 2025"))
        daemon.hup()
        daemon.wait_for(lambda: daemon.said[-1] == "STATUS=next message 2025-07-09T03:30:00Z")
    assert door.titles == ["Ballard premieres tomorrow"]


def test_a_reload_is_told_to_the_service_manager_from_its_beginning_to_its_end(reminder: Reminder, door: Door) -> None:
    reminder.write(config(door, "July 9, 2025"))
    with reminder.at("2025-07-08T03:00:00Z").daemon() as daemon:
        before = len(daemon.said)
        daemon.hup()
        lines = [line for said in daemon.said[before:] for line in said.splitlines()]
        begun = lines.index("RELOADING=1")
        assert lines[begun + 1].startswith("MONOTONIC_USEC=")
        assert "READY=1" in lines[begun + 2 :]


def test_a_title_a_person_and_a_channel_added_by_reload_begin_now(reminder: Reminder, door: Door) -> None:
    reminder.write(config(door, "July 9, 2025"))
    with reminder.at("2025-07-08T03:00:00Z").daemon() as daemon, Door() as second:
        daemon.sweeps("2025-07-08T03:00:00Z")
        reminder.write(
            {
                **config(door, "July 9, 2025"),
                "channels": {"hook": door.url, "new": second.url},
                "watch": [{"title": name, "premiere": "July 9, 2025"} for name in ("Ballard", "Dune")],
            }
        )
        daemon.hup()
        daemon.at("2025-07-08T03:30:00Z")
        all_sent(daemon, reminder, 4)
        for each in (door, second):
            assert sorted(each.titles) == ["Ballard premieres tomorrow", "Dune premieres tomorrow"]


def test_a_name_that_may_have_changed_is_asked_about_by_check_and_reload_until_it_is_said(
    reminder: Reminder, door: Door
) -> None:
    was = config(door, "July 9, 2025") | {"watch": [{"title": "Balard", "premiere": "July 9, 2025"}]}
    entry = {"title": "Ballard", "premiere": "July 10, 2025"}
    question = "Balard is gone and Ballard is new: if they are one, write `was: Balard` on Ballard"
    reminder.write(was)
    with reminder.at("2025-07-07T03:00:00Z").daemon() as daemon:
        daemon.at("2025-07-07T03:30:00Z")
        all_sent(daemon, reminder, 1)
        reminder.write(was | {"watch": [entry]})
        checked = reminder.run("check")
        assert (checked.status, f"warning: {question}" in checked.err) == (0, True)
        before = len(daemon.said)
        daemon.hup()
        daemon.wait_for(lambda: question in daemon.log)
        daemon.wait_for(lambda: any(question in said for said in daemon.said[before:]))
        reminder.write(was | {"watch": [{**entry, "was": "Balard"}]})
        assert question not in reminder.run("check").err
        daemon.hup()
        daemon.at("2025-07-08T03:30:00Z")
        all_sent(daemon, reminder, 2)
    assert door.titles == ["Balard premieres in 2 days", "Ballard moved from July 9 to July 10, 2025"]


def test_a_reload_that_is_asked_for_while_the_daemon_loads_is_heard(installed: Reminder, door: Door) -> None:
    installed.write(config(door, "July 9, 2025"))
    with installed.at("2025-07-08T03:00:00Z").started("run") as daemon:
        daemon.wait_for(lambda: is_hup_blocked(daemon.process.pid))
        daemon.process.send_signal(signal.SIGHUP)
        daemon.expect("READY=1")
        daemon.wait_for(lambda: "config reloaded" in daemon.log)
        daemon.hup()


def is_hup_blocked(pid: int) -> bool:
    """Tell whether a process has begun to hold SIGHUP back (proc(5): `SigBlk`, a bit for each signal)."""
    status = Path(f"/proc/{pid}/status").read_text()
    (blocked,) = (line.split()[1] for line in status.splitlines() if line.startswith("SigBlk:"))
    return bool(int(blocked, 16) & 1 << (signal.SIGHUP - 1))
