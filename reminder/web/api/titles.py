"""Titles: those that are watched, and all that is known of one."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection
from werkzeug.exceptions import NotFound

from reminder.config import Config
from reminder.usecases.agenda import END_OF_TIME, messages_to_come, why_silent
from reminder.usecases.messages import explain_kept
from reminder.usecases.rows.listed import ListedRow, listed_row
from reminder.usecases.rows.messages import PlannedRow, WhyRow, planned_row, why_rows
from reminder.usecases.rows.sources import source_row
from reminder.usecases.rows.titles import TitleRow, title_row
from reminder.usecases.titles import TitleView, view_numbered, watched_titles_page
from reminder.web.api.calls import ApiInput, Calls
from reminder.web.api.inputs import A_PAGE, After, Limit, Mine, Subscriber
from reminder.web.api.links import LinkFields, links_to
from reminder.web.api.paging import RowPage, read_cursor
from reminder.web.api.whose import Whose, narrowed, place_of, whose
from reminder.web.visit import Visit

calls: Final = Calls("titles")


class TitlesQuery(ApiInput):
    """The titles that are asked for."""

    limit: Limit = A_PAGE
    after: After = None
    mine: Mine = False


class ListedItem(ListedRow, LinkFields):
    """A title that is watched, who follows it, its next release, and where it is found."""


class TitleItem(TitleRow, LinkFields):
    """All that is known of a title, and where it is found."""


@calls.get("/titles", list[ListedItem], "The titles that are watched", query=TitlesQuery, is_paged=True)
def titles(visit: Visit, query: TitlesQuery) -> RowPage:
    """Return what is watched, with the next release of each."""
    owner = whose(visit, mine=query.mine)
    place = read_cursor(query.after, int)
    with visit.site.database.read() as tx:
        page = watched_titles_page(
            tx,
            owner.pair,
            today=visit.today,
            zone=visit.zone,
            after=place[0] if place else 0,
            limit=query.limit,
        )
    rows: list[ListedItem] = []
    for each in page.titles:
        row = listed_row(each, visit.today, place_of(visit, each.kept.listing.title.key))
        rows.append({**row, **links_to(visit, each.kept.id)})
    return RowPage(rows=rows, next=None if page.next is None else [page.next])


@calls.get("/titles/<int:number>", TitleItem, "All that is known of a title")
def title(visit: Visit, number: int) -> TitleItem:
    """Return its dates and how they changed, who follows it, and what comes next."""
    owner = whose(visit)
    with visit.site.database.read() as tx:
        view = seen_title(tx, number, owner)
        coming = next_about(tx, visit, view, owner)
        source = source_row(tx, view.kept.listing.title)
    row = title_row(view, visit.today, place_of(visit, view.kept.listing.title.key), source, coming)
    return {**row, **links_to(visit, number)}


class WhyQuery(ApiInput):
    """Whose messages are asked about."""

    subscriber: Subscriber = None


@calls.get(
    "/titles/<int:number>/why", list[WhyRow], "What was, will be and will not be sent about a title", query=WhyQuery
)
def why(visit: Visit, query: WhyQuery, number: int) -> list[WhyRow]:
    """Return each message with its state or the reason, in order of time."""
    config: Config = visit.site.config()
    name = narrowed(visit, query.subscriber)
    with visit.site.database.read() as tx:
        view = seen_title(tx, number, Whose(number=None, name=name))
        about = explain_kept(tx, view.kept, name, zone=visit.zone, now=visit.now, grace=config.grace)
    zones = config.zones
    return why_rows([(line, zones.get(line.subscriber, config.zone)) for line in about.entries], about.explained)


def seen_title(tx: Connection, number: int, owner: Whose) -> TitleView:
    """Return what these people may see of a title. Raises NotFound where there is none, or it is not theirs."""
    view = view_numbered(tx, number, owner.name) if number < 2**63 else None
    if view is None:
        raise NotFound
    return view


def next_about(tx: Connection, visit: Visit, view: TitleView, owner: Whose) -> tuple[PlannedRow | None, str | None]:
    """Return the next message about a title to these people, else why there is none."""
    config = visit.site.config()
    title = view.kept.listing.title
    ahead = messages_to_come(
        tx, start=visit.now, end=END_OF_TIME, grace=config.grace, keys=frozenset({title.key}), subscriber=owner.name
    )
    if ahead:
        return planned_row(ahead[0], visit.site.config().templates, set()), None
    return None, why_silent(title, view.cases, zone=visit.zone, now=visit.now, grace=config.grace)
