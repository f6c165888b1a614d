"""Me: how the reader is told, calendar addresses, tokens of programs, and the browsers that are signed in."""

from __future__ import annotations

from typing import Final

from flask.typing import ResponseReturnValue

from reminder.web.routing import Access, Pages
from reminder.web.visit import Visit

pages: Final = Pages("me")


@pages.get("/me", Access.MEMBER)
def me(visit: Visit) -> ResponseReturnValue:
    """Show the reader's settings."""
    return visit.page("me.html")
