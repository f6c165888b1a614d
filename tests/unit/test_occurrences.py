"""Repeating events as their instances: moved, cancelled, left out, and known by the same identity each time."""

from __future__ import annotations

from datetime import date

import pytest

from reminder.core.sourcing.answers import InvalidAnswer
from reminder.sources.ics import CalendarRead, read_calendar
from reminder.sources.occurrences import MAX_OCCURRENCES, MOST_OF_ONE

TODAY = date(2026, 12, 1)
SHOW = ["UID:a", "SUMMARY:Taskmaster", "DTSTART;TZID=Europe/London:20261203T210000"]
DAYS = ["UID:a", "SUMMARY:Taskmaster", "DTSTART;VALUE=DATE:20261203"]


def body(*events: list[str]) -> bytes:
    lines = [line for item in events for line in ("BEGIN:VEVENT", *item, "END:VEVENT")]
    return "\r\n".join(["BEGIN:VCALENDAR", *lines, "END:VCALENDAR"]).encode()


def read(*events: list[str], today: date = TODAY) -> CalendarRead:
    found = read_calendar(body(*events), today)
    assert not isinstance(found, InvalidAnswer), found
    return found


def told(found: CalendarRead) -> list[str]:
    """Return each occurrence in a line: its identity, its day or instant, and whether it is off."""
    lines = [
        f"{event.id} {(event.stamp or event.on)[:16]}"
        f"{' off' if event.cancelled or event.left_out else ''}{'' if event.summary == 'Taskmaster' else f' {event.summary}'}"
        for event in found.events
    ]
    return sorted(lines)


def override(day: str, *more: str) -> list[str]:
    return ["UID:a", "SUMMARY:Taskmaster", f"RECURRENCE-ID;VALUE=DATE:{day}", *more]


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        pytest.param(
            [[*DAYS, "RRULE:FREQ=WEEKLY;COUNT=3"]],
            ["a/20261203 2026-12-03", "a/20261210 2026-12-10", "a/20261217 2026-12-17"],
            id="every week",
        ),
        pytest.param(
            [[*SHOW, "RRULE:FREQ=WEEKLY;UNTIL=20261210T210000Z"]],
            ["a/20261203 2026-12-03T21:00", "a/20261210 2026-12-10T21:00"],
            id="until the instant of the last",
        ),
        pytest.param(
            [[*SHOW, "RRULE:FREQ=WEEKLY;UNTIL=20261210T205959Z"]], ["a/20261203 2026-12-03T21:00"], id="a second less"
        ),
        pytest.param(
            [
                [*DAYS, "RRULE:FREQ=WEEKLY;COUNT=3"],
                override("20261210", "DTSTART;VALUE=DATE:20261210", "STATUS:CANCELLED"),
            ],
            ["a/20261203 2026-12-03", "a/20261210 2026-12-10 off", "a/20261217 2026-12-17"],
            id="one is cancelled",
        ),
        pytest.param(
            [
                override("20261210", "DTSTART;VALUE=DATE:20261211"),
                [*DAYS, "RRULE:FREQ=WEEKLY;COUNT=3"],
                override("20261217", "DTSTART:20261218T200000Z"),
            ],
            ["a/20261203 2026-12-03", "a/20261210 2026-12-11", "a/20261217 2026-12-18T20:00"],
            id="two are moved, one of them stands before its series",
        ),
        pytest.param(
            [
                [*SHOW, "RRULE:FREQ=WEEKLY;COUNT=2"],
                ["UID:a", "SUMMARY:Taskmaster", "RECURRENCE-ID:20261210T210000Z", "DTSTART:20261212T200000Z"],
            ],
            ["a/20261203 2026-12-03T21:00", "a/20261210 2026-12-12T20:00"],
            id="moved, with its day in UTC",
        ),
        pytest.param(
            [
                ["UID:a", "SUMMARY:Taskmaster", "DTSTART;TZID=Asia/Tokyo:20261204T060000", "RRULE:FREQ=WEEKLY;COUNT=2"],
                ["UID:a", "SUMMARY:Taskmaster", "RECURRENCE-ID:20261210T210000Z", "DTSTART:20261212T200000Z"],
            ],
            ["a/20261204 2026-12-04T06:00", "a/20261211 2026-12-12T20:00"],
            id="moved, where the day in UTC is another",
        ),
        pytest.param(
            [[*DAYS, "RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE;VALUE=DATE:20261210"]],
            ["a/20261203 2026-12-03", "a/20261210 2026-12-10 off", "a/20261217 2026-12-17"],
            id="one is left out",
        ),
        pytest.param(
            [[*SHOW, "RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE;TZID=Europe/London:20261203T210000,20261217T210000"]],
            ["a/20261203 2026-12-03T21:00 off", "a/20261210 2026-12-10T21:00", "a/20261217 2026-12-17T21:00 off"],
            id="two in one line, the first among them",
        ),
        pytest.param(
            [[*SHOW, "RRULE:FREQ=WEEKLY;COUNT=2", "EXDATE:20261210T210000Z"]],
            ["a/20261203 2026-12-03T21:00", "a/20261210 2026-12-10T21:00 off"],
            id="left out in UTC",
        ),
        pytest.param(
            [[*DAYS, "RDATE;VALUE=DATE:20261205,20261224"]],
            ["a/20261203 2026-12-03", "a/20261205 2026-12-05", "a/20261224 2026-12-24"],
            id="days without a rule",
        ),
        pytest.param(
            [[*SHOW, "RDATE;VALUE=PERIOD:20261205T210000Z/PT1H"]],
            ["a/20261203 2026-12-03T21:00", "a/20261205 2026-12-05T21:00"],
            id="a period",
        ),
        pytest.param(
            [[*DAYS, "RRULE:FREQ=DAILY;COUNT=4", "EXRULE:FREQ=DAILY;INTERVAL=2;COUNT=2"]],
            ["a/20261204 2026-12-04", "a/20261206 2026-12-06"],
            id="a rule that takes out",
        ),
        pytest.param(
            [
                [*DAYS, "RRULE:FREQ=WEEKLY;COUNT=4"],
                [
                    "UID:a",
                    "SUMMARY:Taskmaster XL",
                    "RECURRENCE-ID;RANGE=THISANDFUTURE;VALUE=DATE:20261217",
                    "DTSTART;VALUE=DATE:20261218",
                ],
                override("20261224", "DTSTART;VALUE=DATE:20261222"),
            ],
            [
                "a/20261203 2026-12-03",
                "a/20261210 2026-12-10",
                "a/20261217 2026-12-18 Taskmaster XL",
                "a/20261224 2026-12-22",
            ],
            id="this and later ones, of which one stands for itself",
        ),
        pytest.param(
            [[*DAYS, "RRULE:FREQ=WEEKLY;COUNT=1"], override("20250301", "DTSTART;VALUE=DATE:20261220")],
            ["a/20250301 2026-12-20", "a/20261203 2026-12-03"],
            id="one of long ago is moved to now",
        ),
        pytest.param(
            [[*DAYS, "RRULE:FREQ=WEEKLY;COUNT=1"], override("20261203", "DTSTART;VALUE=DATE:20250301")],
            ["a/20261203 2025-03-01"],
            id="the only one is moved to long ago",
        ),
        pytest.param(
            [override("20261210", "DTSTART;VALUE=DATE:20261211")], ["a/20261210 2026-12-11"], id="without its series"
        ),
        pytest.param(
            [DAYS, override("20261210", "DTSTART;VALUE=DATE:20261211")],
            ["a/20261203 2026-12-03", "a/20261210 2026-12-11"],
            id="of an event that does not repeat any more",
        ),
        pytest.param(
            [["UID:a", "SUMMARY:Taskmaster", "DTSTART;VALUE=DATE:19880709", "RRULE:FREQ=YEARLY"]],
            ["a/20270709 2027-07-09"],
            id="a birthday",
        ),
        pytest.param(
            [["UID:a", "SUMMARY:Taskmaster", "DTSTART;VALUE=DATE:20240229", "RRULE:FREQ=YEARLY"]],
            ["a/20280229 2028-02-29"],
            id="the next leap day, far beyond the stretch",
        ),
        pytest.param(
            [["UID:a", "SUMMARY:Taskmaster", "DTSTART;VALUE=DATE:20200101", "RRULE:FREQ=WEEKLY;COUNT=9"]],
            ["a/20200101 2020-01-01"],
            id="a series that is over",
        ),
        pytest.param(
            [[*DAYS, "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"]], ["a/20261203 2026-12-03"], id="30 February"
        ),
        pytest.param(
            [["UID:a", "SUMMARY:Taskmaster", "DTSTART;TZID=Europe/London:20260327T013000", "RRULE:FREQ=DAILY;COUNT=3"]],
            ["a/20260327 2026-03-27T01:30", "a/20260328 2026-03-28T01:30", "a/20260329 2026-03-29T02:00"],
            id="an hour that a clock change skips",
        ),
        pytest.param(
            [["UID:a", "SUMMARY:Taskmaster", "DTSTART:20261203T210000", "RRULE:FREQ=DAILY;COUNT=2;WKST=SU"]],
            ["a/20261203 2026-12-03", "a/20261204 2026-12-04"],
            id="of no zone",
        ),
        pytest.param(
            [[*DAYS, "RRULE:FREQ=WEEKLY;BYDAY=SA;COUNT=3"]],
            ["a/20261203 2026-12-03", "a/20261205 2026-12-05", "a/20261212 2026-12-12"],
            id="a first day that is none of its rule's",
        ),
    ],
)
def test_a_repeating_event_is_its_instances(events: list[list[str]], expected: list[str]) -> None:
    today = date(2026, 3, 27) if "20260327" in str(events) else TODAY
    assert told(read(*events, today=today)) == expected
    assert told(read(*reversed(events), today=today)) == expected


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        pytest.param(
            [
                ["UID:x", "SUMMARY:30 Rock - 5x20 - One", "DTSTART;VALUE=DATE:20261204"],
                ["UID:x", "SUMMARY:30 Rock - 5x21 - Two", "DTSTART;VALUE=DATE:20261204"],
            ],
            ["2026-12-04 30 Rock - 5x20 - One", "2026-12-04 30 Rock - 5x21 - Two"],
            id="two numbers",
        ),
        pytest.param(
            [
                ["UID:x", "SUMMARY:Labour Day", "DTSTART;VALUE=DATE:20261204"],
                ["UID:x", "SUMMARY:Labour Day", "DTSTART;VALUE=DATE:20270105"],
            ],
            ["2026-12-04 Labour Day", "2027-01-05 Labour Day"],
            id="two days of one SEQUENCE",
        ),
        pytest.param(
            [
                ["UID:x", "SUMMARY:Salt Road", "DTSTART;VALUE=DATE:20261204", "SEQUENCE:3"],
                ["UID:x", "SUMMARY:Salt Road", "DTSTART;VALUE=DATE:20270105", "SEQUENCE:1"],
            ],
            ["2026-12-04 Salt Road"],
            id="an update",
        ),
        pytest.param(
            [
                ["UID:x", "SUMMARY:Salt Road", "DTSTART;VALUE=DATE:20261204", "SEQUENCE:1.0"],
                ["UID:x", "SUMMARY:Salt Road", "DTSTART;VALUE=DATE:20261205", "SEQUENCE:2.0"],
            ],
            ["2026-12-05 Salt Road"],
            id="a SEQUENCE with a point",
        ),
        pytest.param(
            [
                ["UID:x", "SUMMARY:Salt Road", "DTSTART;VALUE=DATE:20261204", "DTSTAMP:20260101T000000Z"],
                [
                    "UID:x",
                    "SUMMARY:Salt Road",
                    "DTSTART;VALUE=DATE:20261204",
                    "DTSTAMP:20260102T000000Z",
                    "STATUS:CANCELLED",
                ],
            ],
            ["2026-12-04 Salt Road off"],
            id="the same day, changed later",
        ),
        pytest.param(
            [["SUMMARY:Fog", "DTSTART;VALUE=DATE:20261204"], ["SUMMARY:Fog", "DTSTART;VALUE=DATE:20261205"]],
            ["2026-12-04 Fog", "2026-12-05 Fog"],
            id="no UID",
        ),
        pytest.param([DAYS, DAYS], ["2026-12-03 Taskmaster"], id="the very same twice"),
    ],
)
def test_events_of_one_uid_are_told_apart_in_any_order(events: list[list[str]], expected: list[str]) -> None:
    for given in (events, list(reversed(events))):
        found = read(*given)
        shown = [f"{event.on} {event.summary}{' off' if event.cancelled else ''}" for event in found.events]
        assert sorted(shown) == expected
        assert len({event.id for event in found.events}) == len(expected)


def test_an_event_and_an_instance_keep_their_identity_when_they_move() -> None:
    before = read([*DAYS, "RRULE:FREQ=WEEKLY;COUNT=3"], ["UID:b", "SUMMARY:Fog", "DTSTART;VALUE=DATE:20261204"])
    after = read(
        [*DAYS, "RRULE:FREQ=WEEKLY;COUNT=3"],
        override("20261210", "DTSTART;VALUE=DATE:20261214", "SEQUENCE:1"),
        ["UID:b", "SUMMARY:Fog", "DTSTART;VALUE=DATE:20261220", "SEQUENCE:1"],
    )
    assert {event.id for event in before.events} == {event.id for event in after.events}
    assert {event.filed_on for event in after.events} == {"2026-12-03", "2026-12-10", "2026-12-17", "2026-12-20"}


@pytest.mark.parametrize("rule", ["FREQ=SECONDLY", "FREQ=HOURLY;COUNT=5", "FREQ=YEARLY;BYWEEKNO=20", "nonsense"])
def test_another_rule_gives_its_first_day_and_is_named(rule: str) -> None:
    found = read([*DAYS, f"RRULE:{rule}"], override("20261210", "DTSTART;VALUE=DATE:20261211"))
    assert told(found) == ["a/20261203 2026-12-03", "a/20261210 2026-12-11"]
    assert "only its first day counts" in found.events[0].note
    assert found.remarks[0].startswith('"Taskmaster" repeats by a rule that is not read (')


def test_what_repeats_daily_for_ever_takes_its_part_and_no_more() -> None:
    found = read([*DAYS, "RRULE:FREQ=DAILY"])
    assert len(found.events) == MOST_OF_ONE


@pytest.mark.properties
def test_a_calendar_of_endless_series_is_bounded_as_a_whole_and_says_so() -> None:
    events = [[f"UID:{n}", f"SUMMARY:Show {n}", "DTSTART:20200101T200000Z", "RRULE:FREQ=DAILY"] for n in range(400)]
    found = read(*events)
    assert MAX_OCCURRENCES <= len(found.events) <= MAX_OCCURRENCES + len(events)
    assert len({event.uid for event in found.events}) == 400
    assert found.remarks[-1].endswith("more repeat in a way that is not followed: only their first days count")


def test_one_costly_rule_does_not_cost_the_others_theirs() -> None:
    bomb = ["UID:b", "SUMMARY:Bomb", "DTSTART;VALUE=DATE:16040101", "RRULE:FREQ=DAILY;BYMONTH=1;COUNT=9999999"]
    found = read(bomb, [*DAYS, "RRULE:FREQ=WEEKLY;COUNT=3"])
    assert len([event for event in found.events if event.uid == "a"]) == 3
    assert found.remarks == ('"Bomb" repeats too often to be followed: only its first day counts',)
