"""Names months and weekdays, and builds the patterns that read dates in text."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

EXAMPLE_YEAR: Final = 2030
"""The year of every date that a hint or a help shows: nobody who copies one is told that it is past. Move it on."""

# Written out, not taken from the locale: the words are English wherever the program runs.
MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTH_NUMBER: Final = {
    **{name[:3].lower(): number for number, name in enumerate(MONTHS, 1)},
    **{name.lower(): number for number, name in enumerate(MONTHS, 1)},
    "sept": 9,
}
WEEKDAY_NUMBER: Final = {
    **{name[:3].lower(): number for number, name in enumerate(WEEKDAYS)},
    **{name.lower(): number for number, name in enumerate(WEEKDAYS)},
    "tues": 1,
    "thur": 3,
    "thurs": 3,
}


def pattern(text: str) -> re.Pattern[str]:
    """Compile a pattern for whole texts in any case; the words WEEKDAY, MONTH, DAY, YEAR stand for named groups."""
    parts = {
        "WEEKDAY": rf"(?P<weekday>{_any_of(WEEKDAY_NUMBER)})\.?",
        "MONTH": rf"(?P<month>{_any_of(MONTH_NUMBER)})\.?",
        "DAY": r"(?P<day>\d{1,2})(?:st|nd|rd|th)?",
        "YEAR": r"(?P<year>\d{4})",
    }
    filled = re.sub("|".join(parts), lambda found: parts[found[0]], text)
    return re.compile(filled, re.ASCII | re.IGNORECASE)


def quoted(text: str) -> str:
    """Return what the user wrote for use in an error: in quotes, on one line, cut when long."""
    plain = "".join(letter if letter.isprintable() else "\ufffd" for letter in text)
    return f'"{plain if len(plain) <= 60 else plain[:59] + "…"}"'


def in_words(on: date) -> str:
    """Return `9 July 2025`."""
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"


def month_first(on: date) -> str:
    """Return `July 9`, to tell two readings of one text apart."""
    return f"{MONTHS[on.month - 1]} {on.day}"


def _any_of(words: dict[str, int]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))
