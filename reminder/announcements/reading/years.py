"""Finds the year that a date leaves out, from the day on which the text was published."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from typing import Final

from reminder.core.dates.when import FIRST_YEAR, LAST_YEAR

_CHRISTMAS: Final = (12, 25)
FIXED_HOLIDAYS: Final = {
    "christmas day": _CHRISTMAS,
    "christmas eve": (12, 24),
    "boxing day": (12, 26),
    "halloween": (10, 31),
    "valentine's day": (2, 14),
    "new year's eve": (12, 31),
    "new year's day": (1, 1),
    "independence day": (7, 4),
    "republic day": (1, 26),
    "gandhi jayanti": (10, 2),
    "may the fourth": (5, 4),
    "may the 4th": (5, 4),
    "star wars day": (5, 4),
    "juneteenth": (6, 19),
    "veterans day": (11, 11),
    "st. patrick's day": (3, 17),
    "bastille day": (7, 14),
    "nochebuena": (12, 24),
    "allerheiligen": (11, 1),
    "on christmas": _CHRISTMAS,
    "heiligabend": (12, 24),
    "silvester": (12, 31),
    "saint-valentin": (2, 14),
}
MOVING_HOLIDAYS: Final = frozenset({"thanksgiving day", "thanksgiving"})


def real_date(year: int, month: int, day: int) -> dt.date | None:
    """Return the date, or None where there is no such day or the year is out of range (SPEC 1)."""
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12):
        return None
    return dt.date(year, month, day) if 1 <= day <= monthrange(year, month)[1] else None


def next_date(month: int, day: int, published: dt.date, weekday: int | None = None) -> dt.date | None:
    """Return the first such day not before `published`; a weekday that was named chooses among the years near by.

    A weekday that fits only last year says that the text looks back: that day is returned.
    """
    years = range(published.year - 1, published.year + 9)
    near = [found for year in years if (found := real_date(year, month, day))]
    ahead = [found for found in near if found >= published]
    first = ahead[0] if ahead else None
    if weekday is None:
        return first
    fitting = [found for found in near[:4] if found.weekday() == weekday]
    return next((found for found in fitting if found >= published), fitting[0] if fitting else first)


def next_weekday(weekday: int, published: dt.date, *, after_this_week: bool = False) -> dt.date:
    """Return the first such weekday not before `published`, or the one of the next calendar week."""
    if after_this_week:
        monday = published + dt.timedelta(days=7 - published.weekday())
        return monday + dt.timedelta(days=weekday)
    return published + dt.timedelta(days=(weekday - published.weekday()) % 7)


def holiday(name: str, year: int) -> dt.date | None:
    """Return the day of a holiday in a year; Thanksgiving is the fourth Thursday of November (5 U.S.C. 6103)."""
    key = name.lower().replace("’", "'")
    if key in MOVING_HOLIDAYS:
        first = dt.date(year, 11, 1)
        return first + dt.timedelta(days=(3 - first.weekday()) % 7 + 21)
    fixed = FIXED_HOLIDAYS.get(key)
    return dt.date(year, *fixed) if fixed else None
