from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reminder.core.dates import load_when, parse_instant, parse_when
from reminder.core.spelling import MONTHS, WEEKDAYS
from reminder.core.when import CANCELLED, UNKNOWN, When, WhenError
from reminder.core.zones import ZoneError, find_zone
from tests.support.whens import days, exact_whens, stored_whens, whens, zones

LOS_ANGELES = ZoneInfo("America/Los_Angeles")
JULY_9 = When.day(date(2025, 7, 9))
HINT = "write it as 2025-07-09, 9 July 2025, July 2025, Q3 2025, summer 2025, 2025 or TBA"


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2025-07-09",
        "2025-7-9",
        "July 9, 2025",
        "July 9th, 2025",
        "july 9 2025",
        "JULY 9, 2025",
        "9 July 2025",
        "9th July 2025",
        "9th of July 2025",
        "the 9th of July, 2025",
        "Jul 9 2025",
        "Jul. 9, 2025",
        "  July   9,  2025 ",
        "Wednesday, July 9, 2025",
        "wednesday july 9 2025",
        "Wed. 9 July 2025",
        "Wed 2025-07-09",
    ],
)
def test_a_day_is_read_in_each_spelling(text: str) -> None:
    assert parse_when(text) == JULY_9


@pytest.mark.parametrize(
    ("text", "instant", "shown"),
    [
        ("2025-07-09T00:00-07:00", "2025-07-09T07:00", "2025-07-09T00:00-07:00"),
        ("2025-07-09T00:00:00-0700", "2025-07-09T07:00", "2025-07-09T00:00-07:00"),
        ("2025-07-09 00:00 -07", "2025-07-09T07:00", "2025-07-09T00:00-07:00"),
        ("2025-07-09T00:00\u221207:00", "2025-07-09T07:00", "2025-07-09T00:00-07:00"),
        ("2025-07-09 00:00 America/Los_Angeles", "2025-07-09T07:00", "2025-07-09 00:00 America/Los_Angeles"),
        ("2025-07-09 00:00 america/los_angeles", "2025-07-09T07:00", "2025-07-09 00:00 America/Los_Angeles"),
        ("July 9, 2025 00:00 America/Los_Angeles", "2025-07-09T07:00", "2025-07-09 00:00 America/Los_Angeles"),
        ("July 9, 2025 at 8:00 PM America/New_York", "2025-07-10T00:00", "2025-07-09 20:00 America/New_York"),
        ("2025-07-09 12:00am UTC", "2025-07-09T00:00", "2025-07-09 00:00 UTC"),
        ("2025-07-09 12:15 p.m. UTC", "2025-07-09T12:15", "2025-07-09 12:15 UTC"),
        ("2025-07-09T07:00Z", "2025-07-09T07:00", "2025-07-09T07:00Z"),
        ("2025-07-09t07:00z", "2025-07-09T07:00", "2025-07-09T07:00Z"),
        ("2025-07-09T07:00+00:00", "2025-07-09T07:00", "2025-07-09T07:00Z"),
        ("2025-07-09T07:00:59.999Z", "2025-07-09T07:00:59", "2025-07-09T07:00:59Z"),
        ("2025-07-09 12:30 Asia/Kolkata", "2025-07-09T07:00", "2025-07-09 12:30 Asia/Kolkata"),
        # the hour that a clock change skips, and the one that it repeats
        ("2025-03-09 02:30 America/New_York", "2025-03-09T07:00", "2025-03-09 02:30 America/New_York"),
        ("2011-12-30 09:00 Pacific/Apia", "2011-12-30T10:00", "2011-12-30 09:00 Pacific/Apia"),
        ("2025-10-05 02:15 Australia/Lord_Howe", "2025-10-04T15:30", "2025-10-05 02:15 Australia/Lord_Howe"),
        ("2025-11-02 01:30 America/New_York", "2025-11-02T05:30", "2025-11-02 01:30 America/New_York"),
        ("2025-11-02T01:30-05:00[America/New_York]", "2025-11-02T06:30", "2025-11-02T01:30-05:00[America/New_York]"),
        ("2025-11-02T01:30-04:00[America/New_York]", "2025-11-02T05:30", "2025-11-02 01:30 America/New_York"),
    ],
)
def test_an_instant_is_read_and_keeps_the_zone_it_was_written_in(text: str, instant: str, shown: str) -> None:
    when = parse_when(text)
    assert when == When.exact(utc(instant))
    assert when.show() == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2025-07", "2025-07"),
        ("2025-7", "2025-07"),
        ("July 2025", "2025-07"),
        ("july, 2025", "2025-07"),
        ("Sept. 2025", "2025-09"),
        ("May 2025", "2025-05"),
        ("Q3 2025", "2025-Q3"),
        ("2025-Q3", "2025-Q3"),
        ("2025q3", "2025-Q3"),
        ("spring 2025", "spring 2025"),
        ("Summer 2025", "summer 2025"),
        ("summer of 2025", "summer 2025"),
        ("Fall 2025", "fall 2025"),
        ("autumn 2025", "autumn 2025"),
        ("2025", "2025"),
        ("TBA 2025", "2025"),
        ("tbd 2025", "2025"),
        ("1970", "1970"),
        ("2200", "2200"),
    ],
)
def test_what_is_coarse_stays_coarse(text: str, shown: str) -> None:
    assert parse_when(text).show() == shown
    assert parse_when(text).is_coarse


@pytest.mark.parametrize("text", [None, "", "  ", "TBA", "tba", "TBD", "null", "~"])
def test_nothing_and_tba_say_that_there_is_no_date_yet(text: str | None) -> None:
    assert parse_when(text) == UNKNOWN


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        # in numbers
        ("09/07/2025", '"09/07/2025" is ambiguous: write 2025-07-09 or 9 July 2025'),
        ("9.7.2025", '"9.7.2025" is ambiguous: write 2025-07-09 or 9 July 2025'),
        ("07/07/2025", '"07/07/2025" could be misread: write 2025-07-07 or 7 July 2025'),
        ("07/13/2025", '"07/13/2025" could be misread: write 2025-07-13 or 13 July 2025'),
        ("13.07.2025", '"13.07.2025" could be misread: write 2025-07-13 or 13 July 2025'),
        ("2025/07/09", '"2025/07/09" could be misread: write 2025-07-09 or 9 July 2025'),
        ("31/31/2025", '"31/31/2025" does not exist: write the date as 2025-07-09'),
        ("09/07/25", '"09/07/25" is ambiguous: write the year in full and first, as in 2025-07-09'),
        # without a zone
        (
            "2025-07-09 20:00",
            '"2025-07-09 20:00" has a time but no zone: write 2025-07-09 20:00 America/Los_Angeles, '
            "or only 2025-07-09 for the whole day",
        ),
        (
            "July 9, 2025 8:00 PM",
            '"July 9, 2025 8:00 PM" has a time but no zone: write 2025-07-09 20:00 America/Los_Angeles, '
            "or only 2025-07-09 for the whole day",
        ),
        # without a year
        ("July 9", '"July 9" has no year: write it in full, as in July 9, 2025'),
        ("Wednesday, July 9", '"Wednesday, July 9" has no year: write it in full, as in Wednesday, July 9, 2025'),
        ("9 July", '"9 July" has no year: write it in full, as in 9 July 2025'),
        ("July", '"July" has no year: write it in full, as in July 2025'),
        ("Q3", '"Q3" has no year: write it in full, as in Q3 2025'),
        ("summer", '"summer" has no year: write it in full, as in summer 2025'),
        # winter
        (
            "winter 2025",
            '"winter 2025" could be either end of the year: write January 2025, December 2025, Q1 2025 or Q4 2025',
        ),
        (
            "Winter 2025/26",
            '"Winter 2025/26" could be either end of the year: write January 2025, December 2025, Q1 2025 or Q4 2025',
        ),
        # contradictions
        (
            "Tuesday, July 9, 2025",
            '"Tuesday, July 9, 2025" contradicts itself: 9 July 2025 is a Wednesday; '
            "correct the date, or write Wednesday, 9 July 2025",
        ),
        (
            "2025-07-09T00:00-08:00[America/Los_Angeles]",
            '"2025-07-09T00:00-08:00[America/Los_Angeles]" contradicts itself: '
            "that is not the offset of America/Los_Angeles then; write only one",
        ),
        # what does not exist
        ("2025-02-29", '"2025-02-29" does not exist: February 2025 has 28 days'),
        ("2100-02-29", '"2100-02-29" does not exist: February 2100 has 28 days'),
        ("June 31, 2025", '"June 31, 2025" does not exist: June 2025 has 30 days'),
        ("0 July 2025", '"0 July 2025" does not exist: July 2025 has 31 days'),
        ("2025-13-01", '"2025-13-01" does not exist: months go from 01 to 12'),
        ("2025-13", '"2025-13" does not exist: months go from 01 to 12'),
        ("2025-00", '"2025-00" does not exist: months go from 01 to 12'),
        ("Q5 2025", '"Q5 2025" does not exist: quarters go from Q1 to Q4'),
        (
            "2025-07-09T24:00Z",
            '"2025-07-09T24:00Z" has a time that does not exist: a day goes from 00:00 to 23:59',
        ),
        (
            "2025-07-09T23:59:60Z",
            '"2025-07-09T23:59:60Z" has a time that does not exist: a day goes from 00:00 to 23:59',
        ),
        (
            "2025-07-09 13:00 PM UTC",
            '"2025-07-09 13:00 PM UTC" has a time that does not exist: a day goes from 00:00 to 23:59',
        ),
        (
            "2025-07-09T20:00+25:00",
            '"2025-07-09T20:00+25:00" has an offset that no place has: write one from -14:00 to +14:00',
        ),
        (
            "July 2025 20:00 UTC",
            '"July 2025 20:00 UTC" has a time but no day: write it as 2025-07-09 20:00 America/Los_Angeles',
        ),
        # years
        ("1969-07-20", "the year 1969 is out of range: write one from 1970 to 2200"),
        ("1899", "the year 1899 is out of range: write one from 1970 to 2200"),
        ("July 2201", "the year 2201 is out of range: write one from 1970 to 2200"),
        ("9999-12-31T23:59-14:00", "the year 9999 is out of range: write one from 1970 to 2200"),
        ("0000-01-01", "the year 0 is out of range: write one from 1970 to 2200"),
        # zones
        (
            "2025-07-09 20:00 PST",
            '"2025-07-09 20:00 PST" has a zone that cannot be used: '
            '"PST" is not one zone: write its name, such as America/Los_Angeles',
        ),
        (
            "2025-07-09 20:00 Berlin",
            '"2025-07-09 20:00 Berlin" has a zone that cannot be used: "Berlin" is not a time zone: write Europe/Berlin',
        ),
        # the rest
        ("cancelled", '"cancelled" is not a date: write cancelled: true beside the title'),
        ("tomorrow", f'"tomorrow" is not a date that stays the same: {HINT}'),
        ("next Friday", f'"next Friday" is not a date that stays the same: {HINT}'),
        ("20:00", f'"20:00" is not a date: {HINT}'),
        ("twelfth of never", f'"twelfth of never" is not a date: {HINT}'),
        ("\uff12\uff10\uff12\uff15-07-09", f'"\uff12\uff10\uff12\uff15-07-09" is not a date: {HINT}'),
        ("a\x1b[31mb", f'"a\ufffd[31mb" is not a date: {HINT}'),
        ("x" * 100, f'"{"x" * 59}…" is not a date: {HINT}'),
    ],
)
def test_what_is_refused_says_how_to_write_it(text: str, problem: str) -> None:
    with pytest.raises(WhenError) as caught:
        parse_when(text)
    assert str(caught.value) == problem


@pytest.mark.parametrize("text", ["2024-02-29", "29 February 2024", "2000-02-29"])
def test_a_leap_day_exists_in_its_years(text: str) -> None:
    assert parse_when(text).show().endswith("-02-29")


@given(whens)
@example(When.exact(utc("2025-11-02T06:30"), ZoneInfo("America/New_York")))
def test_a_date_that_is_shown_reads_back_as_itself(when: When) -> None:
    read = parse_when(when.show())
    assert read == when
    assert read.show() == when.show()


@given(stored_whens)
def test_a_stored_date_loads_as_itself(when: When) -> None:
    assert load_when(when.show()) == when


def test_nothing_stored_is_no_date_and_only_the_store_reads_cancelled() -> None:
    assert load_when(None) == UNKNOWN
    assert load_when("cancelled") == CANCELLED


@given(exact_whens, st.integers(-60, 60))
def test_a_date_read_back_makes_the_same_steps(when: When, days: int) -> None:
    assert parse_when(when.show()).step(days) == when.step(days)


@given(exact_whens)
def test_the_json_of_an_instant_is_the_same_instant(when: When) -> None:
    assert parse_when(when.json()) == when


@given(days)
def test_a_day_in_words_with_its_weekday_is_that_day(on: date) -> None:
    month, weekday = MONTHS[on.month - 1], WEEKDAYS[on.weekday()]
    for text in (f"{weekday}, {month} {on.day}, {on.year}", f"{weekday[:3]} {on.day} {month[:3]} {on.year}"):
        assert parse_when(text) == When.day(on)


@given(
    st.text(max_size=40) | st.from_regex(r"\A[0-9:/. -]{1,24}\Z") | st.from_regex(r"\A\d{4}-\d{2}-\d{2}[T ].{0,30}\Z")
)
def test_whatever_is_written_is_read_or_refused_and_nothing_else(text: str) -> None:
    for read in (parse_when, lambda written: parse_instant(written, UTC)):
        with suppress(WhenError):
            assert read(text) is not None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2025-07-02T03:30:00Z", utc("2025-07-02T03:30")),
        ("2025-07-02 09:00", utc("2025-07-02T16:00")),
        ("2025-07-02T09:00", utc("2025-07-02T16:00")),
        ("July 2, 2025 9:00 AM", utc("2025-07-02T16:00")),
        ("2025-03-09 02:30", utc("2025-03-09T10:00")),
        ("2025-11-02 01:30", utc("2025-11-02T08:30")),
        ("2025-07-02 09:00 Asia/Kolkata", utc("2025-07-02T03:30")),
        ("2025-07-02", date(2025, 7, 2)),
        ("2 July 2025", date(2025, 7, 2)),
    ],
)
def test_a_time_on_the_command_line_is_in_the_zone_given_unless_it_names_its_own(
    text: str, found: datetime | date
) -> None:
    assert parse_instant(text, LOS_ANGELES) == found


@pytest.mark.parametrize("text", ["2025-07", "TBA", "", "summer 2025"])
def test_a_command_line_wants_a_day_or_a_time(text: str) -> None:
    with pytest.raises(WhenError, match=rf'^"{text}" is not one day or time: write 2025-07-09 or 2025-07-09 20:00$'):
        parse_instant(text, LOS_ANGELES)


@given(exact_whens, zones)
def test_an_instant_that_names_its_zone_is_the_same_from_every_command_line(when: When, zone: tzinfo) -> None:
    assert parse_instant(when.show(), zone) == when.at


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("America/New_York", "America/New_York"),
        ("asia/kolkata", "Asia/Kolkata"),
        (" UTC ", "UTC"),
        ("utc", "UTC"),
        ("Etc/GMT+5", "Etc/GMT+5"),
        ("America/New York", "America/New_York"),
    ],
)
def test_a_zone_is_found_by_its_name_in_any_case(name: str, key: str) -> None:
    assert find_zone(name).key == key


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("EST", '"EST" is not one zone: write its name, such as America/New_York'),
        ("ist", '"ist" is not one zone: write its name, such as Asia/Kolkata'),
        ("Asia/Kolkatta", '"Asia/Kolkatta" is not a time zone: write Asia/Kolkata'),
        ("auckland", '"auckland" is not a time zone: write Pacific/Auckland'),
        ("new york", '"new york" is not a time zone: write America/New_York'),
        ("America", '"America" is not a time zone: write a name such as America/New_York'),
        ("../../etc/passwd", '"../../etc/passwd" is not a time zone: write a name such as America/New_York'),
        ("", '"" is not a time zone: write a name such as America/New_York'),
    ],
)
def test_a_zone_that_is_none_is_refused_with_the_nearest_name(name: str, problem: str) -> None:
    with pytest.raises(ZoneError) as caught:
        find_zone(name)
    assert str(caught.value) == problem
