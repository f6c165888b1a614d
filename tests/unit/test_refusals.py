from __future__ import annotations

import re

import pytest

from reminder.core.dates.parse import parse_when
from reminder.core.dates.when import WhenError

HINT = "write it as 2030-07-09, 9 July 2030, July 2030, Q3 2030, summer 2030, 2030 or TBA"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        # in numbers
        ("09/07/2025", '"09/07/2025" is ambiguous: write 2025-07-09 (July 9) or 2025-09-07 (September 7)'),
        ("9.7.2025", '"9.7.2025" is ambiguous: write 2025-07-09 (July 9) or 2025-09-07 (September 7)'),
        ("07/07/2025", '"07/07/2025" could be misread: write 2025-07-07 (July 7)'),
        ("07/13/2025", '"07/13/2025" could be misread: write 2025-07-13 (July 13)'),
        ("13.07.2025", '"13.07.2025" could be misread: write 2025-07-13 (July 13)'),
        ("2025.07.09", '"2025.07.09" could be misread: write 2025-07-09 (July 9)'),
        ("20250709", '"20250709" could be misread: write 2025-07-09 (July 9)'),
        ("9 Jul 25", '"9 Jul 25" could be misread: write 2025-07-09 (July 9)'),
        ("31/31/2025", '"31/31/2025" does not exist: write the date as 2030-07-09'),
        ("09/07/25", '"09/07/25" is ambiguous: write 2025-07-09 (July 9) or 2025-09-07 (September 7)'),
        # without a zone
        (
            "2025-07-09 20:00",
            '"2025-07-09 20:00" has a time but no zone: write 2025-07-09 20:00 and behind it the name of its zone, '
            "such as America/New_York, or 2025-07-09 for the whole day",
        ),
        (
            "July 9, 2025 8:00 PM",
            '"July 9, 2025 8:00 PM" has a time but no zone: write 2025-07-09 20:00 and behind it the name of its zone, '
            "such as America/New_York, or 2025-07-09 for the whole day",
        ),
        # without a year
        ("July 9", '"July 9" has no year: write July 9, and the year behind it'),
        ("Wednesday, July 9", '"Wednesday, July 9" has no year: write Wednesday, July 9, and the year behind it'),
        ("9 July", '"9 July" has no year: write 9 July and the year behind it'),
        ("July", '"July" has no year: write July and the year behind it'),
        ("Q3", '"Q3" has no year: write Q3 and the year behind it'),
        ("summer", '"summer" has no year: write summer and the year behind it'),
        # winter
        (
            "winter 2025",
            '"winter 2025" could be either end of the year: '
            "write Q1 2025 or Q4 2025, or the month, January 2025, February 2025, December 2025",
        ),
        (
            "Winter 2025/26",
            '"Winter 2025/26" could be either end of the year: '
            "write Q1 2025 or Q4 2025, or the month, January 2025, February 2025, December 2025",
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
            '"2025-07-09T24:00Z" is the midnight that ends the day: write 2025-07-10 00:00, and behind it the zone',
        ),
        (
            "December 31, 2025 24:00 Europe/Berlin",
            '"December 31, 2025 24:00 Europe/Berlin" is the midnight that ends the day: '
            "write 2026-01-01 00:00, and behind it the zone",
        ),
        (
            "2025-07-09 24:00",
            '"2025-07-09 24:00" is the midnight that ends the day: write 2025-07-10 00:00, and behind it the zone',
        ),
        (
            "2025-07-09T24:01Z",
            '"2025-07-09T24:01Z" has a time that does not exist: a day goes from 00:00 to 23:59',
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
            '"July 2025 20:00 UTC" has a time but no day: write both, as in 2030-07-09 20:00 Europe/Berlin',
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
            "July 9, 2025 at 8 PM ET",
            '"July 9, 2025 at 8 PM ET" has a zone that cannot be used: '
            '"ET" is not one zone: write its name, such as America/New_York',
        ),
        (
            "2025-07-09 20:00 Berlin",
            '"2025-07-09 20:00 Berlin" has a zone that cannot be used: "Berlin" is not a time zone: write Europe/Berlin',
        ),
        # the rest
        ("cancelled", '"cancelled" is not a date: write cancelled: true beside the title'),
        ("soon", '"soon" names no date: write TBA'),
        ("TBA?", '"TBA?" names no date: write TBA'),
        ("mid 2025", '"mid 2025" says no more than 2025: write 2025'),
        ("early July 2025", '"early July 2025" says no more than July 2025: write July 2025'),
        ("July 2025?", '"July 2025?" says no more than July 2025: write July 2025'),
        ("tomorrow", f'"tomorrow" is not a date that stays the same: {HINT}'),
        ("next Friday", f'"next Friday" is not a date that stays the same: {HINT}'),
        ("20:00", f'"20:00" is not a date: {HINT}'),
        ("twelfth of never", f'"twelfth of never" is not a date: {HINT}'),
        ("\uff12\uff10\uff12\uff15-07-09", '"\uff12\uff10\uff12\uff15-07-09" is not a date: write 2025-07-09'),
        ("2025\u5e747\u67089\u65e5", '"2025\u5e747\u67089\u65e5" is not a date: write 2025-07-09'),
        ("2025\u5e747\u6708", '"2025\u5e747\u6708" is not a date: write 2025-07'),
        # the year in two figures behind points is no year of four
        ("9.7.25", '"9.7.25" is ambiguous: write 2025-07-09 (July 9) or 2025-09-07 (September 7)'),
        ("20.25", f'"20.25" is not a date: {HINT}'),
        # days, months and parts of a year in other spellings
        ("9-Jul-2025", '"9-Jul-2025" is not a date as it is written here: write 2025-07-09 (July 9)'),
        ("Jul/09/2025", '"Jul/09/2025" is not a date as it is written here: write 2025-07-09 (July 9)'),
        ("31-Jun-2025", f'"31-Jun-2025" is not a date: {HINT}'),
        ("07/2025", '"07/2025" could be misread: write 2025-07 (July 2025)'),
        ("13/2025", f'"13/2025" is not a date: {HINT}'),
        ("3Q25", '"3Q25" could be misread: write Q3 2025'),
        ("Q3 '25", '"Q3 \'25" could be misread: write Q3 2025'),
        ("H2 2025", '"H2 2025" is half a year: write Q3 2025 or Q4 2025, or only 2025'),
        ("first half of 2025", '"first half of 2025" is half a year: write Q1 2025 or Q2 2025, or only 2025'),
        ("~2025-07-09", '"~2025-07-09" says no more than 2025-07-09: write 2025-07-09'),
        ("around July 2025", '"around July 2025" says no more than July 2025: write July 2025'),
        ("July 2025 (tbc)", '"July 2025 (tbc)" says no more than July 2025: write July 2025'),
        # hours in other spellings
        *(
            (
                text,
                f'"{text}" has a time but no zone: write 2025-07-09 {clock} and behind it the name of its zone, '
                "such as America/New_York, or 2025-07-09 for the whole day",
            )
            for text, clock in [
                ("2025-07-09 20h", "20:00"),
                ("July 9, 2025, 20h30", "20:30"),
                ("2025-07-09 noon", "12:00"),
                ("9. Juli 2025 um 9 Uhr", "09:00"),
                ("Mittwoch, 9. Juli 2025 20:15 Uhr", "20:15"),
                ("8pm on July 9, 2025", "20:00"),
                ("8 p.m. July 9, 2025", "20:00"),
                ("20:00 9 July 2025", "20:00"),
            ]
        ),
        (
            "2025-07-09 20h30 Europe/Paris",
            '"2025-07-09 20h30 Europe/Paris" is not a date and time: write 2025-07-09 20:30 Europe/Paris',
        ),
        (
            "July 9, 2025 midnight",
            '"July 9, 2025 midnight" could be either end of the day: '
            "write 2025-07-09 00:00 or 2025-07-10 00:00, and behind it the zone",
        ),
        ("July 9 2025 25h", f'"July 9 2025 25h" is not a date: {HINT}'),
        # offsets in other spellings: that of the instant, not a place that may have another one on that day
        (
            "2025-07-09 20:00 GMT+2",
            '"2025-07-09 20:00 GMT+2" has an offset in another spelling: write 2025-07-09 20:00 +02:00',
        ),
        (
            "9 July 2025 8pm UTC-3",
            '"9 July 2025 8pm UTC-3" has an offset in another spelling: write 2025-07-09 20:00 -03:00',
        ),
        (
            "2025-07-09 20h UTC+5:30",
            '"2025-07-09 20h UTC+5:30" has an offset in another spelling: write 2025-07-09 20:00 +05:30',
        ),
        (
            "July 9, 2025 9pm ET / 6pm PT",
            '"July 9, 2025 9pm ET / 6pm PT" has more than one time: write one of them, with its zone',
        ),
        ("a\x1b[31mb", f'"a\ufffd[31mb" is not a date: {HINT}'),
        ("x" * 100, f'"{"x" * 59}…" is not a date: {HINT}'),
    ],
)
def test_what_is_refused_says_how_to_write_it(text: str, problem: str) -> None:
    with pytest.raises(WhenError) as caught:
        parse_when(text)
    assert str(caught.value) == problem


@pytest.mark.parametrize(
    ("text", "copied", "means"),
    [
        ("2025-07-09 20:00 GMT+2", "2025-07-09 20:00 +02:00", "2025-07-09T18:00:00Z"),
        ("2025-07-09 20:00 UTC+05:30", "2025-07-09 20:00 +05:30", "2025-07-09T14:30:00Z"),
        ("2025-07-09 20h30 Europe/Paris", "2025-07-09 20:30 Europe/Paris", "2025-07-09T18:30:00Z"),
        ("9-Jul-2025", "2025-07-09", "2025-07-09"),
        ("07/2025", "2025-07", "2025-07"),
        ("3Q25", "Q3 2025", "2025-Q3"),
        ("H2 2025", "Q4 2025", "2025-Q4"),
        ("circa 2025", "2025", "2025"),
    ],
)
def test_what_it_says_to_write_is_taken_and_means_what_was_meant(text: str, copied: str, means: str) -> None:
    with pytest.raises(WhenError, match=f"write .*{re.escape(copied)}"):
        parse_when(text)
    assert parse_when(copied).json() == means


def test_a_day_of_another_language_has_its_hour() -> None:
    assert parse_when("9. Juli 2025 20:00 Europe/Berlin") == parse_when("2025-07-09 20:00 Europe/Berlin")
    assert parse_when("9 de julio de 2025 20:00 Europe/Madrid") == parse_when("2025-07-09 20:00 Europe/Madrid")
