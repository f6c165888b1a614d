"""Calendar feeds: a secret address for each, and "not modified" for whoever has it already (SPEC 11)."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from flask import Response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from reminder.core.errors import StoreError
from reminder.usecases.calendar_file import calendar_of
from reminder.usecases.people import find_person
from reminder.usecases.tokens import AccessToken, Scope, note_use, token_of
from reminder.web.routing import Access, Pages
from reminder.web.visit import Visit
from reminder.web.written_feeds import WrittenFeed

pages: Final = Pages("feeds")

PROGRAMS_MAY_KEEP_IT: Final = "private, max-age=3600"


@pages.get("/feed/<secret>.ics", Access.ANYONE)
def feed(visit: Visit, secret: str) -> ResponseReturnValue:
    """Answer with the calendar to which this secret leads; there is nothing at any other."""
    return _answer(visit, secret)


@pages.route("PROPFIND", "/feed/<secret>.ics", Access.ANYONE, without_form=True)
def probe(visit: Visit, secret: str) -> ResponseReturnValue:
    """Answer programs that first look for a calendar server, and then take a file."""
    return _answer(visit, secret)


def _answer(visit: Visit, secret: str) -> ResponseReturnValue:
    token = _token(visit, secret)
    written = _written(visit, token)
    headers = {"Cache-Control": PROGRAMS_MAY_KEEP_IT, "ETag": f'"{written.tag}"'}
    if request.if_none_match.contains(written.tag):
        return Response(status=304, headers=headers)
    name = f'inline; filename="reminder-{token.id}.ics"'
    return Response(
        written.content, headers={**headers, "Content-Disposition": name}, content_type="text/calendar; charset=utf-8"
    )


def _token(visit: Visit, secret: str) -> AccessToken:
    with visit.site.database.read() as tx:
        token = token_of(tx, secret)
    if token is None or token.scope != Scope.FEED:
        raise NotFound
    if token.used_on != visit.now.date():
        with suppress(StoreError), visit.site.database.write() as tx:
            note_use(tx, token, visit.now)
    return token


def _written(visit: Visit, token: AccessToken) -> WrittenFeed:
    has_alarms = bool((token.detail or {}).get("alarms"))
    mark = visit.site.change_mark()
    with visit.site.database.read() as tx:
        person = find_person(tx, token.person)
    if person is None:
        raise NotFound

    def write() -> bytes:
        from reminder.usecases.calendar_writer import (
            write_calendar,  # its library takes three megabytes: few ask for a feed
        )

        with visit.site.database.read() as tx:
            events = calendar_of(tx, token.person, now=visit.now, with_alarms=has_alarms)
        return write_calendar(events, f"reminder: {token.person}")

    of = None if mark is None else (mark, person.today(visit.now))
    return visit.site.feeds.get(token.id, of, write)
