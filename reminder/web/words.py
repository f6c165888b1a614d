"""How templates say dates and times: in the reader's zone and way of writing hours, with the words of the messages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final

from reminder.core.sending import health
from reminder.core.text import english
from reminder.web.visit import Visit


def hour(at: datetime, visit: Visit) -> str:
    """Return the time of day of an instant as the reader writes it: 19:00 or 7:00 PM."""
    return english.clock(at.astimezone(visit.zone), visit.settings.hour_style)


def moment(at: datetime, visit: Visit) -> str:
    """Return the day and the time of an instant in the reader's zone: July 2, 09:00."""
    local = at.astimezone(visit.zone)
    return f"{english.day(local.date(), beside=visit.today)}, {hour(at, visit)}"


def ago(at: datetime, visit: Visit) -> str:
    """Return roughly how long ago an instant was: 5 min ago."""
    return health.ago(at, visit.now)


def long_day(on: date) -> str:
    """Return a day with its weekday and year: Wednesday, July 9, 2025."""
    return english.full_day(on)


def short(text: str, most: int = 120) -> str:
    """Return a text that somebody else wrote in at most so many letters: a title may have ten thousand."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


FILTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "ago": ago,
    "hour": hour,
    "moment": moment,
    "long_day": long_day,
    "short": short,
}
