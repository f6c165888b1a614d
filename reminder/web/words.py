"""How templates say dates and times: in the reader's zone and way of writing hours, with the words of the messages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import reduce
from typing import Any, Final
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from reminder.core.sending import health
from reminder.core.text.kept_texts import in_language
from reminder.core.text.leads import reason_words
from reminder.core.wording import CLAUSES, in_words
from reminder.core.wording import enumerated as in_a_row
from reminder.usecases.month_page import CalendarMonth
from reminder.web.visit import Visit, language_now


def hour(at: datetime, visit: Visit) -> str:
    """Return the time of day of an instant as the reader writes it: 19:00 or 7:00 PM."""
    return visit.settings.clock(at)


def moment(at: datetime, visit: Visit) -> str:
    """Return the day and the time of an instant in the reader's zone: July 2, 09:00."""
    day = visit.language.day(at.astimezone(visit.zone).date(), beside=visit.today)
    return visit.language.say("day.clock", day=day, clock=hour(at, visit))


def ago(at: datetime, visit: Visit) -> str:
    """Return roughly how long ago an instant was: 5 min ago."""
    return health.ago(at, visit.now).translated(visit.language)


def briefly(at: datetime, visit: Visit) -> str:
    """Return the day, with its weekday, and the time of an instant in the reader's zone: Wed, Jul 2, 9:00 AM."""
    return visit.language.say("day.clock", day=brief_day(at, visit), clock=hour(at, visit))


def brief_day(at: datetime, visit: Visit) -> str:
    """Return the day of an instant in the reader's zone, with its weekday: Wed, Jul 2."""
    return visit.language.brief_day(at.astimezone(visit.zone).date(), beside=visit.today)


def host(link: str) -> str:
    """Return where a web address leads, in few letters: tvmaze.com."""
    return (urlsplit(link).hostname or link).removeprefix("www.")


def long_day(on: date, visit: Visit) -> str:
    """Return a day with its weekday and year: Wednesday, July 9, 2025."""
    return visit.language.full_day(on)


def weekday_and_day(on: date, visit: Visit) -> str:
    """Return a day with its weekday, and its year where that is another than today's: Wednesday, July 9."""
    return visit.language.weekday_and_day(on, beside=visit.today)


def month_name(month: CalendarMonth, visit: Visit) -> str:
    """Return a month of a year: December 2026."""
    return visit.language.month(month.year, month.month)


def capital(text: str, visit: Visit) -> str:
    """Return a text as it begins a line."""
    return visit.language.capital(text)


def why(reason: str, visit: Visit) -> str:
    """Return why a message did not come, in words."""
    return reason_words(reason, visit.language)


def kept(text: str, visit: Visit) -> str:
    """Return a text that the ledger or the daemon keeps in English; what others said stays as it is."""
    return in_language(text, visit.language)


def listing(parts: Sequence[str], visit: Visit) -> str:
    """Return a list in a sentence: one, two and three."""
    return visit.language.listing(parts)


def enumerated(parts: Sequence[str]) -> str:
    """Return texts one behind the other: one, two, three."""
    return str(in_words(in_a_row(parts), language_now()))


def clauses(parts: Sequence[str]) -> Markup:
    """Return clauses, some of them with markup, one behind the other: one; two. Those that are empty are left out."""
    both = Markup(language_now().gettext(CLAUSES))  # noqa: S704  a text of ours, whose values are escaped
    said = [escape(part) for part in parts if part]
    return reduce(lambda before, part: both % {"before": before, "next": part}, said) if said else Markup()


def stopped(text: str, visit: Visit) -> str:
    """Return a text with a full stop, unless it ends a sentence already."""
    return visit.language.stopped(text)


def said(text: Any) -> Any:
    """Return a text of the program's own in the reader's language; what others wrote stays as it is."""
    return in_words(text, language_now())


def short(text: str, most: int = 120) -> str:
    """Return a text that somebody else wrote in at most so many letters: a title may have ten thousand."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


FILTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "ago": ago,
    "clauses": clauses,
    "enumerated": enumerated,
    "hour": hour,
    "moment": moment,
    "long_day": long_day,
    "short": short,
    "briefly": briefly,
    "brief_day": brief_day,
    "host": host,
    "capital": capital,
    "kept": kept,
    "listing": listing,
    "month_name": month_name,
    "said": said,
    "stopped": stopped,
    "why": why,
}
