"""`reminder calendar`: the file, whose it is, and that an event goes on through moves, renames and restored copies."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from typing import Any

import icalendar

from tests.support.commands import Shell

BALLARD = "watch: [{title: Ballard, premiere: 2025-07-09, platform: Prime Video}, {title: Silo, premiere: 2025-08}]"


def file_of(shell: Shell, *words: str) -> list[Any]:
    """Return the events of the file that the command writes, in their order."""
    command = [sys.executable, "-m", "reminder", "--config", str(shell.config), "calendar", *words]
    done = subprocess.run(command, capture_output=True, check=True)
    assert done.stderr == b""
    calendar: Any = icalendar.Calendar.from_ical(done.stdout)
    assert calendar.errors == []
    return [event for event in calendar.walk("VEVENT") if not event.errors]


def test_the_only_person_needs_no_name(shell: Shell) -> None:
    shell.write(BALLARD).sweep()
    events = file_of(shell)
    assert [(event["dtstart"].dt, str(event["summary"])) for event in events] == [
        (date(2025, 7, 9), "Ballard"),
        (date(2025, 8, 1), "Sometime in August: Silo"),
    ]


def test_of_several_people_one_is_asked_for(household: Shell) -> None:
    assert "say whose calendar: asha, ravi" in household.run("calendar").err
    assert household.run("calendar").status == 2
    asked = household.run("calendar", "nobody")
    assert (asked.status, 'nobody is called "nobody"' in asked.err) == (2, True)
    assert household.run("calendar", "asha", "--json").json()


def test_rows_say_what_the_file_does(shell: Shell) -> None:
    shell.write(BALLARD).sweep()
    rows = shell.run("calendar", "--json").json()
    assert [(row["start"], row["summary"], row["status"]) for row in rows] == [
        ("2025-07-09", "Ballard", "confirmed"),
        ("2025-08-01", "Sometime in August: Silo", "tentative"),
    ]
    assert [row["uid"] for row in rows] == [str(event["uid"]) for event in file_of(shell)]


def test_an_event_goes_on_when_its_date_moves_and_its_title_is_renamed(shell: Shell) -> None:
    shell.write(BALLARD).sweep()
    (before, _) = file_of(shell)
    shell.write(BALLARD.replace("2025-07-09", "2025-07-20").replace("title: Ballard", "title: Ballard!, was: Ballard"))
    shell.sweep()
    (after, _) = file_of(shell)
    assert (after["uid"], after["sequence"]) == (before["uid"], before["sequence"] + 1)
    assert (after["dtstart"].dt, str(after["summary"])) == (date(2025, 7, 20), "Ballard!")


def test_a_restored_copy_has_the_same_events(shell: Shell) -> None:
    shell.write(BALLARD).sweep()
    before = shell.run("calendar", "--json").json()
    copy = str(shell.home / "copy.db")
    assert shell.run("backup", copy).status == 0
    shell.database.unlink()
    assert shell.run("restore", copy).status == 0
    assert shell.run("calendar", "--json").json() == before


def test_before_the_first_run_it_is_said_that_identities_are_not_those_that_stay(shell: Shell) -> None:
    asked = shell.write(BALLARD).run("calendar", "--json")
    assert (asked.status, len(asked.json())) == (0, 2)
    assert "nothing has run yet" in asked.err


def test_a_look_at_the_calendar_changes_nothing(shell: Shell) -> None:
    shell.write(BALLARD).sweep()
    shell.run("list")
    before = shell.database.read_bytes()
    file_of(shell, "--alarms")
    assert shell.database.read_bytes() == before
