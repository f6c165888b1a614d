"""All calls of the API, and its description."""

from __future__ import annotations

from functools import cache
from typing import Final

from flask import Response
from flask.typing import ResponseReturnValue

from reminder.web.api import channels, messages, own, reading, title_changes, titles, upcoming
from reminder.web.api.calls import ApiCall
from reminder.web.api.document import document_text
from reminder.web.routing import Access, Pages
from reminder.web.visit import Visit

PARTS: Final = tuple(part.calls for part in (upcoming, titles, title_changes, own, reading, messages, channels))

pages: Final = Pages("api")


def all_calls() -> list[ApiCall]:
    """Return every call of the API, in the order in which it is described."""
    return [call for part in PARTS for call in part.calls]


def api_pages() -> tuple[Pages, ...]:
    """Return the routes of the API."""
    return (pages, *(part.pages for part in PARTS))


@pages.get("/api/openapi.json", Access.ANYONE)
def openapi(visit: Visit) -> ResponseReturnValue:
    """Return the description of the API, for whoever asks: it says nothing of anybody."""
    del visit
    return Response(description(), content_type="application/json")


@cache
def description() -> str:
    """Return the description of the API, as the committed file holds it."""
    return document_text(all_calls())
