"""How templates say dates and times: in the reader's zone and way of writing hours, with the words of the messages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from reminder.core.dates.spelling import MONTHS, WEEKDAYS
from reminder.core.sending import health
from reminder.core.text import english
from reminder.core.text.leads import reason_words
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


def briefly(at: datetime, visit: Visit) -> str:
    """Return the day, with its weekday, and the time of an instant in the reader's zone: Wed, Jul 2, 9:00 AM."""
    return f"{brief_day(at, visit)}, {hour(at, visit)}"


def brief_day(at: datetime, visit: Visit) -> str:
    """Return the day of an instant in the reader's zone, with its weekday: Wed, Jul 2."""
    on = at.astimezone(visit.zone).date()
    year = "" if on.year == visit.today.year else f", {on.year}"
    return f"{WEEKDAYS[on.weekday()][:3]}, {MONTHS[on.month - 1][:3]} {on.day}{year}"


def host(link: str) -> str:
    """Return where a web address leads, in few letters: tvmaze.com."""
    return (urlsplit(link).hostname or link).removeprefix("www.")


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
    "briefly": briefly,
    "brief_day": brief_day,
    "host": host,
    "capital": english.sentence,
    "why": reason_words,
}
