"""Messages: every message to come for the reader, when, over which channels, in its words."""

from __future__ import annotations

from typing import Final

from flask import request
from flask.typing import ResponseReturnValue

from reminder.usecases.coming_messages import coming_messages
from reminder.web.routing import Access, Pages
from reminder.web.visit import Visit

pages: Final = Pages("messages")


@pages.get("/messages", Access.MEMBER)
def messages(visit: Visit) -> ResponseReturnValue:
    """Show the next messages to the reader, or those behind a cursor."""
    after = request.args.get("after")
    config = visit.site.config()
    with visit.site.database.read() as tx:
        page = coming_messages(
            tx,
            visit.person,
            reader=visit.settings,
            templates=visit.site.config().templates,
            now=visit.now,
            grace=config.grace,
            after=after,
        )
    return visit.page("messages.html", page=page, is_first=not after)
