"""Upcoming: what comes out next, day by day, for the reader; the owner can see everybody's."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from flask import request
from flask.typing import ResponseReturnValue

from reminder.usecases.agenda_page import AgendaCursor, agenda_page
from reminder.usecases.channels import broken_channels_of
from reminder.usecases.title_names import TitleSearch
from reminder.web.pages.posters import posters_on
from reminder.web.routing import Access, Pages
from reminder.web.visit import Visit

pages: Final = Pages("upcoming")

LONGEST_SEARCH: Final = 200


@pages.get("/", Access.MEMBER)
def upcoming(visit: Visit) -> ResponseReturnValue:
    """Show the agenda from today, or from a cursor on; `q` keeps what is called so."""
    everybody = sees_everybody(visit)
    after, search = request.args.get("after"), request.args.get("q", "").strip()[:LONGEST_SEARCH]
    names = visit.site.names.watched(visit.site.change_mark() if search else None)
    with visit.site.database.read() as tx:
        page = agenda_page(
            tx,
            None if everybody else visit.person,
            reader=visit.settings,
            now=visit.now,
            after=after,
            search=TitleSearch(text=search, names=names),
        )
        failing = broken_channels_of(tx, visit.person, visit.site.config().channels)
        posters = posters_on(visit, tx, {entry.title_id for group in page.groups for entry in group.entries})

    def link(after: str = "") -> str:
        """Return the address of the page behind a cursor, with the same search."""
        return address("/", after=after, q=search, all="1" if everybody else "")

    return visit.page(
        "upcoming.html",
        page=page,
        failing=failing,
        paused_until=_pause_of(visit),
        search=search,
        everybody=everybody,
        is_first=not after,
        heading=_heading(after, visit),
        link=link,
        posters=posters,
    )


def _heading(after: str | None, visit: Visit) -> str:
    cursor = AgendaCursor.parse(after, visit.today)
    if cursor.on is None:
        return visit.say("Without a day")
    if cursor.on == visit.today:
        return visit.say("Upcoming")
    return visit.say("From %(day)s", day=visit.language.day(cursor.on, beside=visit.today))


def sees_everybody(visit: Visit) -> bool:
    """Tell whether the owner asks to see what everybody follows."""
    return visit.is_owner and request.args.get("all") == "1"


def address(path: str, **values: str) -> str:
    """Return a path with those of the values that say anything."""
    said = {name: value for name, value in values.items() if value}
    return f"{path}?{urlencode(said)}" if said else path


def _pause_of(visit: Visit) -> datetime | None:
    """Return until when the reader has paused everything; None for no pause, or one that is over."""
    until = visit.reader.paused_until
    return until if until is not None and until > visit.now else None
