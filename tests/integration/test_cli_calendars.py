"""Calendar files through the commands: what is listed and planned of each, and what `check`, `refresh`, `health` say."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.commands import Shell
from tests.unit.test_ics import body, event, fixed, zone

NOW = "2026-12-01T06:00:00Z"
GOOD = event("DTSTART:20261211", name="Good")


@pytest.fixture
def home(shell: Shell, tmp_path: Path) -> Shell:
    return shell.at(NOW).write(
        "timezone: America/New_York\nchannels: {screen: console://}\nremind: [day]\n"
        f"calendars: [{{url: {tmp_path / 'films.ics'}, name: films}}]\nwatch: []\n"
    )


def put(tmp_path: Path, file: bytes) -> None:
    (tmp_path / "films.ics").write_bytes(file)


WEEKLY = ["UID:a", "SUMMARY:New Show", "DTSTART;VALUE=DATE:20261203", "RRULE:FREQ=WEEKLY;COUNT=4"]
ONE = ["UID:a", "SUMMARY:New Show", "RECURRENCE-ID;VALUE=DATE:20261217"]


def item(*lines: str) -> list[str]:
    return ["BEGIN:VEVENT", *lines, "END:VEVENT"]


@pytest.mark.parametrize(
    ("file", "planned"),
    [
        pytest.param(
            body(*item(*WEEKLY), *item(*ONE, "DTSTART;VALUE=DATE:20261217", "STATUS:CANCELLED")),
            ["2026-12-03 New Show", "2026-12-10 New Show", "2026-12-24 New Show"],
            id="one instance is cancelled",
        ),
        pytest.param(
            body(*item(*WEEKLY), *item(*ONE, "DTSTART;VALUE=DATE:20261218")),
            ["2026-12-03 New Show", "2026-12-10 New Show", "2026-12-18 New Show", "2026-12-24 New Show"],
            id="one instance is moved",
        ),
        pytest.param(
            body(
                *item(
                    "UID:a",
                    "SUMMARY:New Show",
                    "DTSTART;VALUE=DATE:20261203",
                    "EXDATE;VALUE=DATE:20261210",
                    "RRULE:FREQ=WEEKLY;COUNT=3",
                )
            ),
            ["2026-12-03 New Show", "2026-12-17 New Show"],
            id="one instance is left out",
        ),
        pytest.param(
            body(*item("UID:a", "SUMMARY:Birthday", "DTSTART;VALUE=DATE:19880709", "RRULE:FREQ=YEARLY")),
            ["2027-07-09 Birthday"],
            id="a birthday",
        ),
        pytest.param(
            body(
                *item("UID:x", "SUMMARY:30 Rock - 5x20 - One", "DTSTART:20261205T010000Z"),
                *item("UID:x", "SUMMARY:30 Rock - 5x21 - Two", "DTSTART:20261212T010000Z"),
            ),
            ["2026-12-04 30 Rock", "2026-12-11 30 Rock"],
            id="two episodes of one UID",
        ),
        pytest.param(
            body(*event("DTSTART;TZID=Asia/Tokyo;VALUE=DATE:20261211", name="Tokyo film")),
            ["2026-12-11 Tokyo film"],
            id="a day with a zone",
        ),
        pytest.param(
            body(
                *zone("(UTC+07:00) Bangkok, Hanoi, Jakarta", *fixed("+0700")),
                *event("DTSTART;TZID=(UTC+07:00) Bangkok, Hanoi, Jakarta:20261211T090000", name="Bangkok"),
            ),
            ["2026-12-10 Bangkok"],
            id="an hour in a zone of the file's own",
        ),
        pytest.param(
            body("X-WR-TIMEZONE:Asia/Tokyo", *event("DTSTART:20261211T090000", name="Tokyo")),
            ["2026-12-10 Tokyo"],
            id="an hour of the calendar's zone",
        ),
        pytest.param(
            body(*GOOD) + body(*event("DTSTART:20261212", name="Other")),
            ["2026-12-11 Good", "2026-12-12 Other"],
            id="two calendars in a file",
        ),
        pytest.param(
            body(*event("DTSTART:20261211", name="Für Elise")).decode().encode("latin-1"),
            ["2026-12-11 Für Elise"],
            id="Latin-1",
        ),
        pytest.param(
            body(*event("DTSTART:20261211", name="Für Elise")).decode().encode("utf-16"),
            ["2026-12-11 Für Elise"],
            id="UTF-16",
        ),
        pytest.param(
            body(*event("DTSTART:20261211", "SEQUENCE:1.0", f"X-ALT-DESC:{'x' * 100_000}", name="Good")),
            ["2026-12-11 Good"],
            id="a property of 100 KB",
        ),
    ],
)
def test_what_a_calendar_says_is_what_is_planned_and_all_is_well(
    home: Shell, tmp_path: Path, file: bytes, planned: list[str]
) -> None:
    put(tmp_path, file)
    assert home.run("refresh").status == 0
    rows = home.run("plan", "--json").json()
    assert [f"{row['local_at'][:10]} {row['title']}" for row in rows] == planned
    checked = home.run("check")
    assert (checked.status, checked.err.splitlines()[1:]) == (0, ["Everything is in order."])
    home.sweep()
    assert home.run("health").status == 0


@pytest.mark.parametrize(
    ("file", "why"),
    [
        pytest.param(b"<html>Sign in</html>", "it is no calendar", id="a page"),
        pytest.param(b"", "it is no calendar", id="nothing"),
        pytest.param(body(*["BEGIN:X"] * 50), "it is too deep", id="a bomb"),
        pytest.param(
            body(*event("DTSTART:never", name="Bad")),
            'none of its events can be read: "Bad": its start "never" is no date',
            id="nothing that can be read",
        ),
        pytest.param(None, "the calendar's file cannot be read: no such file or directory", id="no file"),
    ],
)
def test_a_calendar_that_is_refused_is_red_everywhere_until_it_is_mended(
    home: Shell, tmp_path: Path, file: bytes | None, why: str
) -> None:
    if file is not None:
        put(tmp_path, file)
    looked = home.run("check")
    assert (looked.status, looked.err.splitlines()[-2:]) == (2, [f"calendar films is refused: {why}", "1 problem"])
    found = home.run("refresh")
    assert found.status == 1
    assert why in " ".join(found.out.split())
    checked = home.run("check")
    assert (checked.status, f"calendar films: asking for its dates failed: {why}" in checked.err) == (2, True)
    home.sweep()
    sick = home.run("health", "--json")
    assert sick.status == 1
    assert sick.json()["problems"] == [f"calendar films: asking for its dates failed: {why}"]
    put(tmp_path, body(*GOOD))
    assert home.run("refresh").status == 0
    assert "Everything is in order" in home.run("check").err
    assert home.run("health").status == 0


def test_a_bad_event_is_left_out_counted_and_named(home: Shell, tmp_path: Path) -> None:
    put(tmp_path, body(*event("DTSTART:never", name="Bad"), *GOOD))
    said = '1 of 2 events cannot be read: "Bad": its start "never" is no date'
    assert said in home.run("check").err
    found = home.run("refresh")
    assert (found.status, said in " ".join(found.out.split())) == (0, True)
    assert [row["title"] for row in home.run("list", "--json").json()] == ["Good"]
    assert f"warning: calendar films: {said}" in home.run("check").err
    put(tmp_path, body(*GOOD))
    home.run("refresh")
    assert "Everything is in order" in home.run("check").err


def test_a_rule_that_is_not_read_is_named_by_check_and_show(home: Shell, tmp_path: Path) -> None:
    put(tmp_path, body(*event("DTSTART:20261211", "RRULE:FREQ=SECONDLY", name="Good")))
    home.run("refresh")
    assert '"Good" repeats by a rule that is not read (SECONDLY): only its first day counts' in home.run("check").err
    (date,) = home.run("show", "Good", "--json").json()["source"]["dates"]
    assert "repeats by a rule that is not read (SECONDLY): only its first day counts" in date["why"]


def test_show_says_where_the_file_and_the_name_of_its_zone_differ(home: Shell, tmp_path: Path) -> None:
    own = zone("Europe/Berlin", *fixed("+0300"))
    put(tmp_path, body(*own, *event("DTSTART;TZID=Europe/Berlin:20261211T200000", name="Good")))
    home.run("refresh")
    (date,) = home.run("show", "Good", "--json").json()["source"]["dates"]
    assert "by the calendar's own rules of Europe/Berlin, which differ" in date["why"]
    assert home.run("plan", "--json").json()[0]["when"] == "2026-12-11T17:00:00Z"


OF_TWO = {
    "an episode": ("Silo S03E02", "20261211", "Silo 3x02", "20261212", "calendar tv says 2026-12-12"),
    "a film": ("Good", "20261211", "Good (2026)", "20261210", "calendar tv says 2026-12-10"),
    "the same day": ("Good", "20261211", "Good", "20261211T210000", ""),
    "another work": ("Good", "20261211", "Good S01E01", "20261212", ""),
}


@pytest.mark.parametrize(("name", "day", "other", "other_day", "said"), OF_TWO.values(), ids=list(OF_TWO))
def test_of_two_calendars_the_first_counts_and_show_says_what_the_other_has(
    home: Shell, tmp_path: Path, name: str, day: str, other: str, other_day: str, said: str
) -> None:
    put(tmp_path, body(*event(f"DTSTART:{day}", name=name)))
    (tmp_path / "tv.ics").write_bytes(body(*event(f"DTSTART:{other_day}", name=other)))
    calendars = ", ".join(f"{{url: {tmp_path / file}.ics, name: {file}}}" for file in ("films", "tv"))
    home.write(f"timezone: America/New_York\nchannels: {{screen: console://}}\ncalendars: [{calendars}]\nwatch: []\n")
    assert home.run("refresh").status == 0
    title = name.split()[0]
    rows = home.run("list", "--json").json()
    assert rows[0]["when"] == "2026-12-11"
    why = home.run("show", title.lower(), "--json").json()["source"]["dates"][0]["why"]
    assert ("calendar tv" in why, said in why) == (bool(said), True)
