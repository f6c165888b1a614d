"""Upcoming: what comes out next for the reader."""

from __future__ import annotations

from typing import Final

from flask.typing import ResponseReturnValue

from reminder.web.routing import Access, Pages
from reminder.web.visit import Visit

pages: Final = Pages("upcoming")


@pages.get("/", Access.MEMBER)
def upcoming(visit: Visit) -> ResponseReturnValue:
    """Show the agenda from today."""
    return visit.page("upcoming.html")
