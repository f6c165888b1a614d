"""Two hundred watched titles never vanish because a file was cut short (catalogue 27-29)."""

from __future__ import annotations

import json
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from tests.support.door import Door
from tests.support.faults import rows, until
from tests.support.process import Daemon, Reminder
from tests.support.shows import BEFORE, DUE, shows

pytestmark = pytest.mark.acceptance

MANY = 200


def followed(reminder: Reminder) -> int:
    with closing(sqlite3.connect(f"file:{reminder.database}?mode=ro", uri=True)) as database:
        count: int = database.execute("SELECT count(*) FROM subscription WHERE ended_at IS NULL").fetchone()[0]
        return count


def whole(door: Door) -> str:
    """Return a config as people write it, a title a line, that is still good YAML wherever it is cut below `watch:`."""
    lines = [f"  - {{title: Show {number}, premiere: 2025-07-09}}" for number in range(MANY)]
    top = f"timezone: Asia/Kolkata\nremind: [1d]\nburst: 0\nchannels: {{hook: '{door.url}'}}\nwatch:\n"
    return top + "\n".join(lines) + "\n"


def refused(daemon: Daemon, before: int, why: str) -> None:
    daemon.wait_for(
        lambda: any(
            "STATUS=" in said and "the edited config is not taken" in said and why in said
            for said in daemon.said[before:]
        )
    )


CUTS: dict[str, Callable[[str], str]] = {
    "empty": lambda text: "",
    "only blanks": lambda text: "\n\n",
    "before the titles": lambda text: text.partition("  - ")[0],
    "in the middle of a line": lambda text: text[: len(text) // 3],
    "at the end of a line": lambda text: "".join(text.splitlines(keepends=True)[: MANY // 3]),
    "at a title": lambda text: "".join(text.splitlines(keepends=True)[: MANY // 3]) + "  - ",
}


@pytest.mark.parametrize("cut", CUTS.values(), ids=CUTS.keys())
def test_a_file_cut_short_unsubscribes_nobody(reminder: Reminder, door: Door, cut: Callable[[str], str]) -> None:
    reminder.write(whole(door))
    with reminder.at(BEFORE).daemon() as daemon:
        daemon.sweeps(BEFORE)
        before = len(daemon.said)
        reminder.write(cut(whole(door)))
        daemon.hup()
        refused(daemon, before, "")
        assert followed(reminder) == MANY
        reminder.write(whole(door))
        before = len(daemon.said)
        daemon.hup()
        daemon.expect("STATUS=next message 2025-07-08T03:30:00Z", after=before)
        daemon.at(DUE)
        until(lambda: [row.state for row in rows(reminder)].count("sent") == MANY, lambda: daemon.log)
    assert len(set(door.titles)) == MANY


def test_a_second_reload_of_the_same_content_takes_it_and_one_of_another_does_not(
    reminder: Reminder, door: Door
) -> None:
    reminder.write(shows(door.url, MANY))
    with reminder.at(BEFORE).daemon() as daemon:
        daemon.sweeps(BEFORE)
        for left, taken in ((50, MANY), (20, MANY), (20, 20)):
            before = len(daemon.said)
            reminder.write(shows(door.url, left))
            daemon.hup()
            if taken == MANY:
                lost = f"{MANY - left} of {MANY} titles would lose everyone who follows them: was the file cut short?"
                refused(daemon, before, lost)
                assert "if it is meant, reload once more" in daemon.log
            else:
                daemon.wait_for(lambda at=before: any("config reloaded" in daemon.log for _ in daemon.said[at:]))  # type: ignore[misc]
            assert followed(reminder) == taken


def test_a_start_refuses_it_too_and_says_how_to_go_on(reminder: Reminder, door: Door) -> None:
    reminder.write(shows(door.url, MANY))
    reminder.at(BEFORE).once()
    reminder.write(shows(door.url, 3))
    for command in (["run"], ["run", "--once"], ["mute", "Show 9.0"]):
        said = reminder.run(*command)
        assert said.status == 1
        assert f"{MANY - 3} of {MANY} titles would lose everyone" in said.err
        assert "`reminder run --once --force` takes it as it is" in said.err
        assert followed(reminder) == MANY
    assert reminder.run("run", "--once", "--force").status == 0
    assert followed(reminder) == 3
    assert reminder.once().status == 0


def test_a_daemon_started_with_force_takes_it(reminder: Reminder, door: Door) -> None:
    reminder.write(shows(door.url, MANY))
    reminder.at(BEFORE).once()
    reminder.write(shows(door.url, 3))
    with reminder.started("run", "--force") as daemon:
        daemon.expect("READY=1")
    assert followed(reminder) == 3


def _without_people(config: dict[str, Any]) -> None:
    del config["subscribers"]


def _without_channels_of_anyone(config: dict[str, Any]) -> None:
    config["subscribers"] = {"noor": {}}


@pytest.mark.parametrize("lose", [_without_people, _without_channels_of_anyone])
def test_titles_that_stay_but_lose_everybody_who_follows_them_count_as_lost(
    reminder: Reminder, door: Door, lose: Callable[[dict[str, Any]], None]
) -> None:
    config = shows(door.url, 12, subscribers={"asha": {}, "ravi": {}})
    reminder.write(config)
    reminder.at(BEFORE).once()
    assert followed(reminder) == 24
    lose(config)
    reminder.write(config)
    assert "12 of 12 titles would lose everyone" in reminder.once().err
    assert followed(reminder) == 24


@pytest.mark.parametrize(
    ("before", "after"), [(9, 0), (9, 1), (10, 5), (12, 6), (200, 100), (12, 200)], ids=lambda count: str(count)
)
def test_a_short_list_and_an_edit_of_half_are_taken_at_once(
    reminder: Reminder, door: Door, before: int, after: int
) -> None:
    reminder.write(shows(door.url, before))
    reminder.at(BEFORE).once()
    reminder.write(shows(door.url, after))
    assert reminder.once().status == 0
    assert followed(reminder) == after


def test_one_of_two_people_may_leave(reminder: Reminder, door: Door) -> None:
    reminder.write(shows(door.url, 12, subscribers={"asha": {}, "ravi": {}}))
    reminder.at(BEFORE).once()
    reminder.write(shows(door.url, 12, subscribers={"asha": {}}))
    assert reminder.once().status == 0
    assert followed(reminder) == 12


def test_a_storm_of_reloads_in_the_middle_of_sending_loses_and_repeats_nothing(reminder: Reminder, door: Door) -> None:
    reminder.write(shows(door.url, 60))
    with reminder.at(BEFORE).daemon() as daemon:
        daemon.sweeps(BEFORE)
        reminder.at(DUE)
        for number in range(300):
            daemon.process.send_signal(signal.SIGHUP)
            if number % 20 == 0:
                reminder.write(json.dumps(shows(door.url, 60)) + " " * number)
                assert door.wait_for(number // 20)
        until(lambda: [row.state for row in rows(reminder)] == ["sent"] * 60, lambda: daemon.log)
        assert daemon.log.count("config reloaded") < 300
        daemon.term()
        assert daemon.ends() == 0
    assert len(door.titles) == len(set(door.titles)) == 60


def test_signals_without_a_pause_between_them_stop_neither_its_work_nor_its_ears(
    reminder: Reminder, door: Door
) -> None:
    reminder.write(shows(door.url, 3))
    with reminder.at(BEFORE).daemon() as daemon:
        daemon.sweeps(BEFORE)
        for _ in range(20_000):
            daemon.process.send_signal(signal.SIGHUP)
        daemon.hup()
        daemon.at(DUE)
        until(lambda: [row.state for row in rows(reminder)] == ["sent"] * 3, lambda: daemon.log)
        daemon.term()
        assert daemon.ends() == 0
    assert len(door.titles) == 3
