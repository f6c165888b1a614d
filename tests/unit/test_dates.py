from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reminder.core.dates.parse import load_when, parse_instant, parse_when
from reminder.core.dates.spelling import MONTHS, WEEKDAYS
from reminder.core.dates.when import CANCELLED, UNKNOWN, When, WhenError
from tests.support.whens import days, exact_whens, stored_whens, whens, zones

LOS_ANGELES = ZoneInfo("America/Los_Angeles")
JULY_9 = When.day(date(2025, 7, 9))


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
        "2025/07/09",
        "2025/7/9",
        "\u201cJuly 9, 2025\u201d",
        "\u2018July 9, 2025\u2019",
        "\u00ab9 juillet 2025\u00bb",
        "9. Juli 2025",
        "Mittwoch, 9. Juli 2025",
        "9 juillet 2025",
        "mercredi 9 juillet 2025",
        "9 de julio de 2025",
        "9 luglio 2025",
        "9 de julho de 2025",
        "9 lipca 2025",
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
        ("Wednesday, July 9, 2025, 8 p.m. America/New_York", "2025-07-10T00:00", "2025-07-09 20:00 America/New_York"),
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
        ("Juli 2025", "2025-07"),
        ("marzo de 2025", "2025-03"),
        ("Sommer 2025", "summer 2025"),
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
    with pytest.raises(WhenError, match=rf'^"{text}" is not one day or time: write 2030-07-09 or 2030-07-09 20:00$'):
        parse_instant(text, LOS_ANGELES)


@given(exact_whens, zones)
def test_an_instant_that_names_its_zone_is_the_same_from_every_command_line(when: When, zone: tzinfo) -> None:
    assert parse_instant(when.show(), zone) == when.at
