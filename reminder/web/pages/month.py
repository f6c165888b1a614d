"""Month: what comes out on each day of a month, and beneath it what has no day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import request
from flask.typing import ResponseReturnValue

from reminder.usecases.month_page import CalendarMonth, month_of
from reminder.web.pages.upcoming import address, sees_everybody
from reminder.web.routing import Access, Pages
from reminder.web.visit import Visit

pages: Final = Pages("month")


@dataclass(frozen=True, kw_only=True)
class WeekdayName:
    """A day of the week at the head of a column, whole and in few letters."""

    whole: str
    short: str


def _weekday(number: int, visit: Visit) -> WeekdayName:
    language = visit.language
    return WeekdayName(whole=language.weekday(number), short=language.weekday(number, is_short=True))


@pages.get("/month", Access.MEMBER)
def month(visit: Visit) -> ResponseReturnValue:
    """Show a month, `m=2026-12`; this one where none is said."""
    everybody = sees_everybody(visit)
    asked = CalendarMonth.parse(request.args.get("m"), visit.today)
    with visit.site.database.read() as tx:
        page = month_of(tx, None if everybody else visit.person, asked, reader=visit.settings, now=visit.now)

    def link(to: CalendarMonth | None = None) -> str:
        """Return the address of a month, of this one for None."""
        return address("/month", m=str(to or ""), all="1" if everybody else "")

    return visit.page(
        "month.html",
        page=page,
        everybody=everybody,
        is_this=asked == CalendarMonth.of(visit.today),
        weekdays=[_weekday(number, visit) for number in range(7)],
        first_weekday=visit.language.first_weekday,
        link=link,
    )
