from __future__ import annotations

import pytest

from reminder.core.dates import parse_when
from reminder.core.when import WhenError

HINT = "write it as 2025-07-09, 9 July 2025, July 2025, Q3 2025, summer 2025, 2025 or TBA"


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
        ("31/31/2025", '"31/31/2025" does not exist: write the date as 2025-07-09'),
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
            '"July 2025 20:00 UTC" has a time but no day: write both, as in 2025-07-09 20:00 Europe/Berlin',
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
        ("\uff12\uff10\uff12\uff15-07-09", f'"\uff12\uff10\uff12\uff15-07-09" is not a date: {HINT}'),
        ("a\x1b[31mb", f'"a\ufffd[31mb" is not a date: {HINT}'),
        ("x" * 100, f'"{"x" * 59}…" is not a date: {HINT}'),
    ],
)
def test_what_is_refused_says_how_to_write_it(text: str, problem: str) -> None:
    with pytest.raises(WhenError) as caught:
        parse_when(text)
    assert str(caught.value) == problem
