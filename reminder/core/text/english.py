"""Says days, hours and lists in English. Every `*_on` is a date of the reader's own calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, tzinfo

from reminder.core.dates.spelling import MONTHS, WEEKDAYS
from reminder.core.model.entities import HourStyle


def month(year: int, number: int) -> str:
    """Return a month of a year: `July 2025`."""
    return f"{MONTHS[number - 1]} {year}"


def full_day(on: date) -> str:
    """Return a day with its weekday and year: `Wednesday, July 9, 2025`."""
    return f"{WEEKDAYS[on.weekday()]}, {dated(on)}"


def dated(on: date) -> str:
    """Return a day with its year: `July 9, 2025`."""
    return f"{MONTHS[on.month - 1]} {on.day}, {on.year}"


def day(on: date, *, beside: date) -> str:
    """Return a day, `July 9`; with its year when that of the day `beside` it is another."""
    return f"{MONTHS[on.month - 1]} {on.day}" if on.year == beside.year else dated(on)


def clock(local: datetime, style: HourStyle) -> str:
    """Return the time of day of a local time: `7:00 PM`, or `19:00`."""
    if style is HourStyle.H24:
        return f"{local.hour:02}:{local.minute:02}"
    return f"{local.hour % 12 or 12}:{local.minute:02} {'AM' if local.hour < 12 else 'PM'}"


def zoned_clock(local: datetime, style: HourStyle) -> str:
    """Return the time of day with the name of its zone: `7:00 PM NZST`, `19:00 Sao Paulo time`."""
    return f"{clock(local, style)} {letters(local)}".rstrip()


def letters(local: datetime) -> str:
    """Return the zone's letters; its city where it has none (tzdata names such zones `-03`)."""
    letters = local.tzname() or ""
    if letters.isalpha():
        return letters
    city = city_of(local.tzinfo)
    return f"{city} time" if city else f"UTC{letters}"


def city_of(zone: tzinfo | None) -> str:
    """Return the city that a zone is named for, nothing where it is named for none: `Sao Paulo`."""
    city = str(zone).rpartition("/")[2].replace("_", " ")
    return city if city.replace(" ", "").isalpha() else ""


def count(number: int, noun: str) -> str:
    """Return a number of things: `1 day`, `2 days`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def listing(parts: Sequence[str]) -> str:
    """Return a list in a sentence: `one`, `one and two`, `one, two and three`."""
    *most, last = parts
    return f"{', '.join(most)} and {last}" if most else last


def sentence(text: str) -> str:
    """Return `text` begun with a capital letter; the rest stays as it is."""
    return text[:1].upper() + text[1:]


def stopped(text: str) -> str:
    """Return `text` with a full stop at its end, unless it ends a sentence already."""
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."
