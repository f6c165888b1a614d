"""Dates and times as tables show them: short, with the weekday, on a 24-hour clock, in one zone."""

from __future__ import annotations

from datetime import date, datetime, tzinfo

from reminder.core.dates.spelling import MONTHS, WEEKDAYS
from reminder.core.dates.when import CANCELLED, Precision, When
from reminder.core.text.english import letters


def day(on: date) -> str:
    """Return a day: `Wed 9 Jul 2025`."""
    return f"{WEEKDAYS[on.weekday()][:3]} {on.day} {MONTHS[on.month - 1][:3]} {on.year}"


def instant(at: datetime | None, zone: tzinfo) -> str:
    """Return an instant in `zone`: `Wed 9 Jul 2025 09:00`; nothing for none."""
    if at is None:
        return ""
    local = at.astimezone(zone)
    return f"{day(local.date())} {local:%H:%M}"


def local(at: datetime | None, zone: tzinfo, home: tzinfo) -> str:
    """Return an instant as a person's clock in `zone` shows it; where that is not `home`, with the zone's letters."""
    if at is None or str(zone) == str(home):
        return instant(at, zone)
    return f"{instant(at, zone)} {letters(at.astimezone(zone))}"


def date_of(when: When, zone: tzinfo) -> str:
    """Return a date as exactly as it is known, an instant in `zone`: `Wed 9 Jul 2025`, `July 2025`, `TBA`."""
    if when.at is not None:
        return instant(when.at, zone)
    if when.on is not None:
        return day(when.on)
    if when == CANCELLED:
        return "cancelled"
    if when.precision is Precision.MONTH and when.first_on is not None:
        return f"{MONTHS[when.first_on.month - 1]} {when.first_on.year}"
    if when.precision is Precision.QUARTER and when.first_on is not None:
        return f"Q{when.first_on.month // 3 + 1} {when.first_on.year}"
    return when.json() or "TBA"
