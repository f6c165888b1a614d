"""Pictures of titles, for whoever may see the title: from here, so that no reader's browser asks a source."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from flask import Response, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection
from werkzeug.exceptions import NotFound

from reminder.usecases.posters import NO_POSTERS, Posters, poster_for, posters_of
from reminder.web.routing import Access, Pages
from reminder.web.visit import Visit

pages: Final = Pages("posters")

FOR_LONG: Final = "private, max-age=2592000, immutable"
"""Thirty days: another picture has another address."""


def posters_on(visit: Visit, tx: Connection, numbers: Collection[int]) -> Posters:
    """Return the pictures of the titles on a page, by their numbers; none where pictures are switched off."""
    return posters_of(tx, numbers, visit.now) if visit.site.web.posters else NO_POSTERS


@pages.get("/poster/<int:number>", Access.MEMBER)
def poster(visit: Visit, number: int) -> ResponseReturnValue:
    """Answer with the picture of a title; where pictures are switched off there is none."""
    if not visit.site.web.posters:
        raise NotFound
    with visit.site.database.read() as tx:
        found = poster_for(tx, number, visit.reader, visit.now, is_owner=visit.is_owner)
    if found is None:
        raise NotFound
    tag = f"{number}-{int(found.kept_at.timestamp())}"
    headers = {"Cache-Control": FOR_LONG, "ETag": f'"{tag}"'}
    if request.if_none_match.contains(tag):
        return Response(status=304, headers=headers)
    return Response(found.content, headers=headers, content_type=found.kind)
