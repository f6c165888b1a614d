"""Messages: those to come, and the ledger of what was sent and what not."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Final

from pydantic import Field

from reminder.core.dates.local_time import MIDNIGHT, local_at
from reminder.core.model.ledger import State
from reminder.usecases.agenda import messages_to_come, placed
from reminder.usecases.messages import ledger_page
from reminder.usecases.rows.messages import HistoryRow, PlannedRow, history_row, planned_row
from reminder.web.api.calls import ApiInput, Calls
from reminder.web.api.inputs import A_PAGE, After, Limit, Mine, Subscriber
from reminder.web.api.paging import RowPage, read_cursor
from reminder.web.api.problems import WrongFields
from reminder.web.api.whose import narrowed
from reminder.web.visit import Visit

calls: Final = Calls("messages")

A_MONTH: Final = timedelta(days=31)


class PlanQuery(ApiInput):
    """The messages to come that are asked for."""

    limit: Limit = A_PAGE
    after: After = None
    to: Annotated[date | None, Field(description="The last day; by default a month from now.")] = None
    subscriber: Subscriber = None
    mine: Mine = False


@calls.get(
    "/plan", list[PlannedRow], "Every message to come, in the words that it would have", query=PlanQuery, is_paged=True
)
def plan(visit: Visit, query: PlanQuery) -> RowPage:
    """Return the messages to come, the next one first."""
    config = visit.site.config()
    name = narrowed(visit, query.subscriber, mine=query.mine)
    place = read_cursor(query.after, str, str, str, int)
    last = query.to + timedelta(days=1) if query.to else (visit.now + A_MONTH).astimezone(visit.zone).date()
    end = local_at(last, MIDNIGHT, visit.zone)
    with visit.site.database.read() as tx:
        found = messages_to_come(tx, start=visit.now, end=end, grace=config.grace, subscriber=name, by_pointers=True)
    ahead = [item for item in placed(found) if place is None or item[0] > tuple(place)]
    shown = ahead[: query.limit]
    templates = visit.site.config().templates
    rows = [planned_row(each, templates, set()) for _, each in shown]
    return RowPage(rows=rows, next=shown[-1][0] if len(ahead) > len(shown) else None)


class HistoryQuery(ApiInput):
    """The deliveries that are asked for."""

    limit: Limit = A_PAGE
    after: After = None
    title: Annotated[int | None, Field(description="Only about the title of this number.", ge=1, lt=2**63)] = None
    subscriber: Subscriber = None
    channel: Annotated[str | None, Field(description="Only over this channel.")] = None
    state: Annotated[State | None, Field(description="Only in this state.")] = None
    mine: Mine = False


@calls.get(
    "/history", list[HistoryRow], "What was sent and what was not, the newest first", query=HistoryQuery, is_paged=True
)
def history(visit: Visit, query: HistoryQuery) -> RowPage:
    """Return deliveries of the ledger."""
    name = narrowed(visit, query.subscriber, mine=query.mine)
    place = read_cursor(query.after, str, int)
    with visit.site.database.read() as tx:
        page = ledger_page(
            tx,
            title_id=query.title,
            subscriber=name,
            channel=query.channel,
            state=query.state,
            before=(_instant(place[0]), place[1]) if place else None,
            limit=query.limit,
        )
    rows = [history_row(entry) for entry in page.entries]
    return RowPage(rows=rows, next=(page.next[0].isoformat(), page.next[1]) if page.next else None)


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise WrongFields([{"field": "after", "detail": "no cursor of ours"}])
    return found
