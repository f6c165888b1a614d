"""Calendar files as other programs write them: their zones, spellings of a start, encodings, and one bad part of many."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminder.core.model.secret import Secret
from reminder.core.sourcing.answers import InvalidAnswer
from reminder.platform.clock import SystemClock
from reminder.sources.cache import PacedSource, Pacer
from reminder.sources.events import Event
from reminder.sources.fetch import Fetcher
from reminder.sources.ical import RATE, ICal
from reminder.sources.ics import CalendarRead, read_calendar
from reminder.sources.ics_lines import MAX_TEXT, read_file

TODAY = date(2026, 12, 1)

CET = [
    "BEGIN:STANDARD",
    "DTSTART:16010101T030000",
    "TZOFFSETFROM:+0200",
    "TZOFFSETTO:+0100",
    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
    "END:STANDARD",
    "BEGIN:DAYLIGHT",
    "DTSTART:16010101T020000",
    "TZOFFSETFROM:+0100",
    "TZOFFSETTO:+0200",
    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
    "END:DAYLIGHT",
]


def zone(name: str, *lines: str) -> list[str]:
    return ["BEGIN:VTIMEZONE", f"TZID:{name}", *lines, "END:VTIMEZONE"]


def fixed(offset: str, *more: str) -> list[str]:
    part = ["BEGIN:STANDARD", "DTSTART:19700101T000000", f"TZOFFSETFROM:{offset}", f"TZOFFSETTO:{offset}"]
    return [*part, *more, "END:STANDARD"]


def event(start: str, *more: str, name: str = "Salt Road") -> list[str]:
    return ["BEGIN:VEVENT", "UID:1", start, f"SUMMARY:{name}", *more, "END:VEVENT"]


def body(*lines: str) -> bytes:
    return "\r\n".join(["BEGIN:VCALENDAR", *lines, "END:VCALENDAR"]).encode()


def read(*lines: str) -> CalendarRead:
    found = read_calendar(body(*lines), TODAY)
    assert not isinstance(found, InvalidAnswer), found
    return found


def start_of(found: CalendarRead) -> str:
    """Return the start of the only event: a day, or an instant as it stands."""
    (only,) = found.events
    return f"{only.on} floating" if only.floating else only.stamp or only.on


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("DTSTART;VALUE=DATE:20261211", "2026-12-11"),
        ("DTSTART:20261211", "2026-12-11"),
        ("DTSTART;TZID=Asia/Tokyo;VALUE=DATE:20261211", "2026-12-11"),
        ("DTSTART;TZID=America/Los_Angeles:20261225", "2026-12-25"),
        ("DTSTART;VALUE=DATE-TIME:20261211", "2026-12-11"),
        ("DTSTART;VALUE=DATE:20261211T000000Z", "2026-12-11"),
        ("DTSTART:2026-12-11", "2026-12-11"),
        ("DTSTART;TZID=Asia/Tokyo:2026-12-11", "2026-12-11"),
        ("DTSTART:2026-12-11T20:00:00Z", "2026-12-11T20:00:00+00:00"),
        ("DTSTART:20261211T200000-0500", "2026-12-11T20:00:00-05:00"),
        ("DTSTART:2026-12-11T20:00:00+05:30", "2026-12-11T20:00:00+05:30"),
        ("DTSTART:2026-12-11T20:00:00.000Z", "2026-12-11T20:00:00+00:00"),
        ("DTSTART:20261211T2000Z", "2026-12-11T20:00:00+00:00"),
        ("dtstart:20261211t200000z", "2026-12-11T20:00:00+00:00"),
        ("DTSTART:20261211T200060Z", "2026-12-11T20:00:59+00:00"),
        ("DTSTART;TZID=Europe/Berlin:20261211T200000", "2026-12-11T20:00:00+01:00"),
        ('DTSTART;TZID="Europe/Berlin":20261211T200000', "2026-12-11T20:00:00+01:00"),
        ("DTSTART;TZID=america/new_york:20261211T200000", "2026-12-11T20:00:00-05:00"),
        ("DTSTART;TZID=W. Europe Standard Time:20261211T200000", "2026-12-11T20:00:00+01:00"),
        ("DTSTART;TZID=/mozilla.org/20050126_1/Europe/Berlin:20261211T200000", "2026-12-11T20:00:00+01:00"),
        ("DTSTART;TZID=/freeassociation.sourceforge.net/Europe/Berlin:20261211T200000", "2026-12-11T20:00:00+01:00"),
        ("DTSTART;TZID=tzone://Microsoft/Utc:20261211T200000", "2026-12-11T20:00:00+00:00"),
        ("DTSTART;TZID=(UTC+01:00) Amsterdam, Berlin, Rome:20261211T200000", "2026-12-11T20:00:00+01:00"),
        ("DTSTART;TZID=(UTC-03:00) Brasilia:20261211T200000", "2026-12-11 floating"),
        ("DTSTART;TZID=(GMT+07:00) Bangkok, Hanoi:2026-12-11T20:00:00", "2026-12-11T20:00:00+07:00"),
        ("DTSTART;TZID=EST:20261211T200000", "2026-12-11T20:00:00-05:00"),
        ("DTSTART;TZID=Etc/GMT+5:20261211T200000", "2026-12-11T20:00:00-05:00"),
        ("DTSTART;TZID=Nowhere:20261211T200000", "2026-12-11 floating"),
        ("DTSTART;TZID=../../etc/passwd:20261211T200000", "2026-12-11 floating"),
        ("DTSTART;TZID=:20261211T200000", "2026-12-11 floating"),
        ("DTSTART:20261211T200000", "2026-12-11 floating"),
        ("DTSTART;TZID=Europe/London:20260329T013000", "2026-03-29T02:00:00+01:00"),
        ("DTSTART;TZID=Europe/London:20261025T013000", "2026-10-25T01:30:00+01:00"),
    ],
)
def test_the_text_of_a_start_decides_whether_it_is_a_day_or_an_instant(start: str, expected: str) -> None:
    assert start_of(read(*event(start))) == expected


@pytest.mark.parametrize(
    ("own", "start", "expected", "note"),
    [
        pytest.param(
            zone("(UTC+07:00) Bangkok, Hanoi, Jakarta", *fixed("+0700")),
            "DTSTART;TZID=(UTC+07:00) Bangkok, Hanoi, Jakarta:20260430T090000",
            "2026-04-30T09:00:00+07:00",
            False,
            id="Exchange",
        ),
        pytest.param(
            zone("Customized Time Zone", *CET),
            "DTSTART;TZID=Customized Time Zone:20261211T200000",
            "2026-12-11T20:00:00+01:00",
            False,
            id="Outlook, in winter",
        ),
        pytest.param(
            zone("Customized Time Zone", *CET),
            'DTSTART;TZID="Customized Time Zone":20260711T200000',
            "2026-07-11T20:00:00+02:00",
            False,
            id="Outlook, in summer",
        ),
        pytest.param(
            zone("Mine", *CET), "DTSTART;TZID=Mine:20260329T023000", "2026-03-29T03:00:00+02:00", False, id="a gap"
        ),
        pytest.param(
            zone("Mine", *CET), "DTSTART;TZID=mine:20261025T023000", "2026-10-25T02:30:00+02:00", False, id="twice"
        ),
        pytest.param(
            zone("Europe/Berlin", *CET),
            "DTSTART;TZID=Europe/Berlin:20260711T200000",
            "2026-07-11T20:00:00+02:00",
            False,
            id="a known zone, with the same rules",
        ),
        pytest.param(
            zone("Europe/Berlin", *fixed("+0300")),
            "DTSTART;TZID=Europe/Berlin:20260711T200000",
            "2026-07-11T20:00:00+03:00",
            True,
            id="a known zone, with rules that differ",
        ),
        pytest.param(
            zone("W. Europe Standard Time", *fixed("-0200")),
            "DTSTART;TZID=W. Europe Standard Time:20260711T200000",
            "2026-07-11T20:00:00-02:00",
            True,
            id="a Windows name, with rules that differ",
        ),
        pytest.param(
            zone("X", *fixed("+0530", "RRULE:FREQ=SECONDLY")),
            "DTSTART;TZID=X:20260711T200000",
            "2026-07-11 floating",
            False,
            id="an endless rule",
        ),
        pytest.param(
            zone("X", *fixed("+0530", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")),
            "DTSTART;TZID=X:20260711T200000",
            "2026-07-11T20:00:00+05:30",
            False,
            id="a rule that never falls on a day",
        ),
        pytest.param(
            zone("X", *fixed("+9900")), "DTSTART;TZID=X:20260711T200000", "2026-07-11 floating", False, id="no offset"
        ),
        pytest.param(
            zone("X", *fixed("+0100"), *["BEGIN:STANDARD", "END:STANDARD"] * 300),
            "DTSTART;TZID=X:20260711T200000",
            "2026-07-11 floating",
            False,
            id="more of them than any zone has",
        ),
        pytest.param(
            zone(
                "Europe/Berlin",
                *(
                    "BEGIN:DAYLIGHT",
                    "DTSTART:20100328T020000",
                    "TZOFFSETFROM:+0100",
                    "TZOFFSETTO:+0200",
                    "END:DAYLIGHT",
                ),
                *(
                    "BEGIN:STANDARD",
                    "DTSTART:20101031T030000",
                    "TZOFFSETFROM:+0200",
                    "TZOFFSETTO:+0100",
                    "END:STANDARD",
                ),
            ),
            "DTSTART;TZID=Europe/Berlin:20260711T200000",
            "2026-07-11T20:00:00+02:00",
            False,
            id="a list of one year's changes says nothing of another year",
        ),
    ],
)
def test_the_files_own_rules_of_a_zone_count(own: list[str], start: str, expected: str, note: bool) -> None:
    for lines in ([*own, *event(start)], [*event(start), *own]):
        found = read(*lines)
        assert start_of(found) == expected
        assert bool(found.events[0].note) is note


def test_a_time_without_a_zone_is_local_to_the_calendars_own() -> None:
    assert start_of(read("X-WR-TIMEZONE:US/Eastern", *event("DTSTART:20261211T200000"))) == "2026-12-11T20:00:00-05:00"
    own = zone("Mine", *fixed("+0300"))
    assert start_of(read("X-WR-TIMEZONE:Mine", *event("DTSTART:20261211T200000"), *own)) == "2026-12-11T20:00:00+03:00"
    for name in ("Nowhere", ""):
        assert start_of(read(f"X-WR-TIMEZONE:{name}", *event("DTSTART:20261211T200000"))) == "2026-12-11 floating"
    assert start_of(read("X-WR-TIMEZONE:Asia/Tokyo", *event("DTSTART:20261211"))) == "2026-12-11"


def test_several_calendars_in_one_file_are_read_each_with_its_own_zone() -> None:
    one = body("X-WR-TIMEZONE:Asia/Tokyo", *event("DTSTART:20261211T200000", name="One"))
    two = body("X-WR-TIMEZONE:Europe/Berlin", *event("DTSTART:20261212T200000", name="Two"))
    found = read_calendar(one + b"\r\n" + two, TODAY)
    assert isinstance(found, CalendarRead)
    assert [(item.summary, item.stamp) for item in found.events] == [
        ("One", "2026-12-11T20:00:00+09:00"),
        ("Two", "2026-12-12T20:00:00+01:00"),
    ]


WORD = "F\xfcr \xc5se"


@pytest.mark.parametrize(
    "file",
    [
        pytest.param(body(*event("DTSTART:20261211", name=WORD)), id="UTF-8"),
        pytest.param(b"\xef\xbb\xbf" + body(*event("DTSTART:20261211", name=WORD)), id="with a mark"),
        pytest.param(body(*event("DTSTART:20261211", name=WORD)).decode().encode("latin-1"), id="Latin-1"),
        pytest.param(body(*event("DTSTART:20261211", name=WORD)).decode().encode("utf-16"), id="UTF-16"),
        pytest.param(body(*event("DTSTART:20261211", name=WORD)).decode().encode("utf-16-be"), id="without a mark"),
        pytest.param(
            body(*event("DTSTART:20261211", "DESCRIPTION:\xe9", name=WORD)).replace(b"\xc3\xa9", b"\xe9"),
            id="one letter of Latin-1 among UTF-8",
        ),
        pytest.param(
            body(*event("DTSTART:20261211", name=WORD)).replace(b"\xc3\xbc", b"\xc3\r\n \xbc"),
            id="folded within a letter",
        ),
        pytest.param(body(*event("DTSTART:20261211", name=WORD)).replace(b"\r\n", b"\n"), id="LF"),
        pytest.param(body(*event("DTSTART:20261211", name=WORD)).replace(b"\r\n", b"\r"), id="CR"),
        pytest.param(body(*event("DTSTART:20261211", name=WORD)).replace(b"\r\n", b"\r\n\r\n"), id="blank lines"),
        pytest.param(
            body(*event("DTSTART:20261211", name="@")).replace(
                b"SUMMARY:@", b"SUMMARY;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:F=FCr =\r\n=C5se"
            ),
            id="quoted-printable over two lines",
        ),
        pytest.param(
            body(*event("DTSTART:20261211", name="@")).replace(
                b"SUMMARY:@", b"SUMMARY;ENCODING=QUOTED-PRINTABLE:F=C3=BCr =C3=85se"
            ),
            id="quoted-printable",
        ),
        pytest.param(
            body(*event("DTSTART:20261211", name="@")).replace(
                b"SUMMARY:@", b"SUMMARY;ENCODING=BASE64;VALUE=BINARY:RsO8ciDDhXNl"
            ),
            id="base64",
        ),
    ],
)
def test_a_name_is_read_in_whatever_letters_the_file_is_written(file: bytes) -> None:
    found = read_calendar(file, TODAY)
    assert isinstance(found, CalendarRead)
    assert [item.summary for item in found.events] == [WORD]


GOOD = event("DTSTART:20261211", name="Good")


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (event("DTSTART:never", name="Bad"), '1 of 2 events cannot be read: "Bad": its start "never" is no date'),
        (event("X-NOTE:1", name="Bad"), '1 of 2 events cannot be read: "Bad": it has no start'),
        (event("DTSTART:20260230", name="Bad"), '1 of 2 events cannot be read: "Bad": its start "20260230" is no date'),
        (event("DTSTART:20261212", name=""), "1 of 2 events cannot be read: one without a name: it has no name"),
        (
            event("DTSTART:20261212", name="Bad")[:-1],
            "1 of 2 events cannot be read: one without a name: it ends in the middle",
        ),
        (
            event("DTSTART:20261212", "RECURRENCE-ID:soon", name="Bad"),
            '1 of 2 events cannot be read: "Bad": the day that it stands for "soon" is no date',
        ),
        (
            [line for number in range(9) for line in event("DTSTART:x", name=f"Bad {number}")],
            '9 of 10 events cannot be read: "Bad 0": its start "x" is no date; "Bad 1": its start "x" is no date; '
            '"Bad 2": its start "x" is no date; and 6 more',
        ),
    ],
)
def test_an_event_that_cannot_be_read_is_left_out_and_named(bad: list[str], said: str) -> None:
    for lines in ([*GOOD, *bad], [*bad, *GOOD]):
        found = read(*lines)
        assert [item.summary for item in found.events] == ["Good"]
        assert found.remarks == (said,)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(f"X-ALT-DESC;FMTTYPE=text/html:<p>{'x' * 200_000}", id="Outlook's second description"),
        pytest.param(f"ATTACH;ENCODING=BASE64;VALUE=BINARY:{'QUJD' * 50_000}", id="a file in it"),
        pytest.param("DESCRIPTION:" + "\\" * 200_000, id="a description"),
        pytest.param("CATEGORIES:\r\n" * 500 + "X:1", id="500 empty categories"),
        pytest.param("SEQUENCE:1.0", id="a number with a point"),
        pytest.param("SEQUENCE:" + "9" * 5_000, id="a number of 5,000 digits"),
        pytest.param('STATUS;X="a:b:CONFIRMED', id="a quote that does not end"),
        pytest.param("no property at all", id="no property"),
        pytest.param("BEGIN:VALARM\r\nTRIGGER:-PT5M\r\nSUMMARY:Alarm\r\nEND:VALARM", id="an alarm"),
        pytest.param("END:VTODO", id="the end of nothing"),
        pytest.param("RRULE:", id="an empty rule"),
        pytest.param("EXDATE:nonsense,,20261301", id="days left out that are none"),
        pytest.param("\0\x01\x7f", id="signs that no text has"),
    ],
)
def test_a_line_that_is_not_read_harms_nothing(line: str) -> None:
    found = read(*event("DTSTART:20261211", line, name="Good"))
    assert [(item.summary, item.on) for item in found.events] == [("Good", "2026-12-11")]
    assert found.remarks == ()


def test_a_name_without_an_end_is_cut() -> None:
    (only,) = read(*event("DTSTART:20261211", name="x" * 50_000)).events
    assert only.summary == "x" * MAX_TEXT


def test_a_calendar_that_takes_its_events_back_cancels_them() -> None:
    (only,) = read("METHOD:CANCEL", *event("DTSTART:20261211")).events
    assert only.cancelled


def test_a_calendar_of_which_nothing_can_be_read_is_no_answer() -> None:
    found = read_calendar(body(*event("DTSTART:never")), TODAY)
    assert isinstance(found, InvalidAnswer)
    assert found.reason == 'none of its events can be read: "Salt Road": its start "never" is no date'


LINES = [
    "BEGIN:VEVENT",
    "END:VEVENT",
    "BEGIN:VTIMEZONE",
    "END:VTIMEZONE",
    "BEGIN:STANDARD",
    "END:STANDARD",
    "TZID:X",
    "UID:1",
    "SUMMARY:a",
    "DTSTART:20261211T200000",
    "DTSTART;TZID=X:00010101T000000",
    "DTSTART:99991231T235959Z",
    "RRULE:FREQ=DAILY",
    "RRULE:FREQ=YEARLY;COUNT=5",
    "RDATE:99991231",
    "EXDATE:00010101",
    "TZOFFSETTO:+2359",
    "TZOFFSETFROM:-2359",
    "X-WR-TIMEZONE:X",
    "RECURRENCE-ID;RANGE=THISANDFUTURE:00010101",
    "RECURRENCE-ID:99991231T235959Z",
    "BEGIN:VCALENDAR",
    "END:VCALENDAR",
]


@given(st.lists(st.sampled_from(LINES), max_size=40))
def test_no_order_of_lines_raises(lines: list[str]) -> None:
    read_calendar(body(*lines), TODAY)


@pytest.mark.properties
def test_reading_takes_steps_that_grow_with_the_file() -> None:
    """Count what runs while files of twice the size are read: no line costs more because of those before it."""
    shapes: dict[str, Callable[[int], list[str]]] = {
        "events": lambda n: event("DTSTART;TZID=Europe/Berlin:20261211T200000") * n,
        "folds": lambda n: ["SUMMARY:a", *[" b"] * (10 * n)],
        "quotes": lambda n: ['SUMMARY;X="":"' * n],
        "zones": lambda n: [line for k in range(n) for line in event(f"DTSTART;TZID=N{k}:20261211T200000")],
        "parameters": lambda n: ["BEGIN:VEVENT", "DTSTART" + ";A=B" * n + ":20261211", "END:VEVENT"],
        "open": lambda n: ["BEGIN:VEVENT"] * n,
    }
    for name, shape in shapes.items():
        few, many = (_lines_run(partial(read_calendar, body(*shape(size)), TODAY)) for size in (200, 400))
        assert many < 2.3 * few + 500, name


def _lines_run(work: Callable[[], object]) -> int:
    """Return how many lines of Python run while something is done."""
    count = 0

    def trace(frame: object, kind: str, _: object) -> object:
        nonlocal count
        count += kind == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)  # type: ignore[arg-type]
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def test_what_is_not_read_is_not_kept() -> None:
    file = read_file(body(*event("DTSTART:20261211", "DESCRIPTION:" + "x" * 10_000, "LOCATION:y")))
    (kept,) = file.calendars[0].parts
    assert sorted(kept.lines) == ["DTSTART", "SUMMARY", "UID"]


def test_an_event_knows_its_day() -> None:
    assert Event(uid="1", summary="a", stamp="2026-12-11T23:30:00+09:00").day == date(2026, 12, 11)


@pytest.mark.properties
def test_the_works_of_a_calendar_take_steps_that_grow_with_its_events(tmp_path: Path) -> None:
    counts = []
    for size in (200, 400):
        lines = [line for n in range(size) for line in event("DTSTART:20261211", name=f"Soap - 1x{n + 1:03}")]
        file = tmp_path / "feed.ics"
        file.write_bytes(body(*lines))
        clock = SystemClock()
        polite = PacedSource(fetcher=Fetcher(clock=clock), pacer=Pacer(rate=RATE, clock=clock))
        calendar = ICal(calendar="mine", place=Secret(str(file)), polite=polite)
        counts.append(_lines_run(partial(calendar.titles, TODAY)))
    assert counts[1] < 2.3 * counts[0] + 500
