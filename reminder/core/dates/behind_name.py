"""Finds the date that somebody has written behind a title's name, as in `Ballard, July 9, 2027`."""

from __future__ import annotations

import re
from typing import Final

from reminder.core.dates.parse import NoZone, parse_when
from reminder.core.dates.when import Precision, When, WhenError

MOST_WORDS: Final = 9
"""No date has more words."""
_SURE: Final = frozenset({Precision.DAY, Precision.EXACT})
"""What nobody calls a title by: it is a date wherever it stands."""
_SET_OFF: Final = frozenset({Precision.MONTH, Precision.QUARTER, Precision.SEASON})
"""A date only behind a mark: `American Summer 2027` may be a name. A bare year always may (`Blade Runner 2049`)."""
_MARKS: Final = ",:;-\u2013\u2014\u00b7|("
_BEFORE_DATE: Final = frozenset({"on", "in", "am", "im", "le", "el", "en", "em", "il", "op", "dnia", "w", "\u0432"})
"""Small words that stand between a name and a date, and belong to neither."""
_NUMBERS: Final = re.compile(
    r"\d{1,2}([./-])\d{1,2}\1\d{4}|\d{4}([./-])\d{1,2}\2\d{1,2}|\d{4}\u5e74\d{1,2}\u6708\d{1,2}\u65e5"
)


def date_behind(words: str) -> tuple[str, str, When | None] | None:
    """Return a name, the date behind it as it was written, and what that means; None where there is none.

    The meaning is None for a date that its writer has to say more plainly: `Ballard 07/09/2027`.
    """
    parts = words.split()
    for place in range(max(1, len(parts) - MOST_WORDS), len(parts)):
        if parts[place] in _BEFORE_DATE:
            continue
        before, date = parts[:place], " ".join(parts[place:])
        is_set_off = before[-1][-1] in _MARKS or date[0] == "("
        date = date.removeprefix("(").removesuffix(")") if date.count("(") < 2 else date
        is_date, when = _read(date, is_set_off=is_set_off)
        name = _name(before)
        if is_date and name:
            return name, date, when
    return None


def _read(date: str, *, is_set_off: bool) -> tuple[bool, When | None]:
    """Return whether a text is a date, and which: None for one that can be read in no way, or in two."""
    try:
        when = parse_when(date)
    except NoZone:
        return True, None
    except WhenError:
        return _NUMBERS.fullmatch(date) is not None, None
    return when.precision in _SURE or (is_set_off and when.precision in _SET_OFF), when


def _name(before: list[str]) -> str:
    if len(before) > 1 and before[-1] in _BEFORE_DATE:
        before = before[:-1]
    return " ".join(before).rstrip(f"{_MARKS} ")
