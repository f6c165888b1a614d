"""What comes out next, as rows and in a few figures."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final

from pydantic import Field

from reminder.core.dates.spelling import EXAMPLE_YEAR
from reminder.core.model.entities import TitleKind
from reminder.usecases.agenda import who_is_told
from reminder.usecases.coming_pages import ComingFilter, ComingPlace, coming_page
from reminder.usecases.rows.summary import SummaryRow, summary_row
from reminder.usecases.rows.upcoming import UpcomingRow, upcoming_row
from reminder.usecases.summary import summary_of
from reminder.web.api.calls import ApiInput, Calls
from reminder.web.api.inputs import A_PAGE, After, Limit, Mine
from reminder.web.api.links import LinkFields, links_to
from reminder.web.api.paging import RowPage, read_cursor
from reminder.web.api.whose import whose
from reminder.web.pages.healthz import problems_of
from reminder.web.visit import Visit

calls: Final = Calls("upcoming")


class UpcomingQuery(ApiInput):
    """The releases that are asked for."""

    limit: Limit = A_PAGE
    after: After = None
    to: Annotated[
        date | None, Field(description=f"The last day, such as {EXAMPLE_YEAR}-07-09: what has no day is then left out.")
    ] = None
    kind: Annotated[TitleKind | None, Field(description="Only works of this kind.")] = None
    mine: Mine = False


class UpcomingItem(UpcomingRow, LinkFields):
    """A release that is to come, and where its title is found."""


@calls.get("/upcoming", list[UpcomingItem], "What comes out next", query=UpcomingQuery, is_paged=True)
def upcoming(visit: Visit, query: UpcomingQuery) -> RowPage:
    """Return the releases to come: the dated first, then the coarse, then the rest; days are those of the person."""
    owner = whose(visit, mine=query.mine)
    wanted = ComingFilter(subscriber_id=owner.number, kind=query.kind)
    place = read_cursor(query.after, int, float, str, int, int, int)
    with visit.site.database.read() as tx:
        page = coming_page(
            tx,
            wanted,
            zone=visit.zone,
            today=visit.today,
            limit=query.limit,
            after=ComingPlace(*place) if place else None,
            to=query.to,
        )
        told = who_is_told(tx, page.releases)
    rows: list[UpcomingItem] = []
    for item in page.releases:
        names = [name for name in told.get(item.title_id, []) if owner.name in {None, name}]
        row = upcoming_row(item, names, zone=visit.zone, now=visit.now)
        rows.append({**row, **links_to(visit, item.title_id)})
    return RowPage(rows=rows, next=page.next)


class SummaryQuery(ApiInput):
    """Whose figures are asked for."""

    mine: Mine = False


@calls.get("/summary", SummaryRow, "What is to come in a few figures, for widgets", query=SummaryQuery)
def summary(visit: Visit, query: SummaryQuery) -> SummaryRow:
    """Return the next release, how many come today, this week and this month, and whether reminders go out."""
    wanted = ComingFilter(subscriber_id=whose(visit, mine=query.mine).number)
    with visit.site.database.read() as tx:
        found = summary_of(tx, wanted, visit.settings, visit.now)
    return summary_row(found, problems_of(visit), zone=visit.zone, today=visit.today)
