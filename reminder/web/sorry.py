"""What a person reads in place of a page that they cannot have, and where they go on from there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlencode, urlsplit

from flask import current_app, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect

from reminder.core.wording import Wording
from reminder.web.routing import Access, current_visit, routes_of
from reminder.web.spoken import and_language

REFUSALS: Final = {
    400: Wording("This request cannot be read."),
    401: Wording("Bring a token: Authorization: Bearer rt_…"),
    403: Wording("This was asked from another page than ours, so nothing was changed."),
    404: Wording("There is no such page, or it is not yours to see."),
    405: Wording("This page does not accept that."),
    413: Wording("That is too long: an announcement of half a megabyte is the most."),
    421: Wording("This page has another address: ask whoever runs it, who finds it in the config, at web.address."),
    429: Wording("That was too often: wait a little, then try again."),
    503: Wording("The database cannot be used just now. Nothing is lost; try again in a moment."),
}
"""What a person reads in place of a page, by status."""
SOMETHING: Final = Wording("Something went wrong here. What happened is in the log.")
TOO_OLD: Final = Wording(
    "This page is too old, so nothing was changed. Open it again and press once more. If that does not help, "
    "your browser keeps no cookies."
)
SIGNED_OUT: Final = Wording(
    "You are not signed in here any more, so nothing was changed. Sign in, then press once more."
)

ON: Final = Wording("Back to what is coming")
AGAIN: Final = Wording("Open the page again")
IN: Final = Wording("Sign in")

BEGUN: Final = "begun"
"""What a browser's notices hold of the invitation by which somebody has begun to join there."""


def sorry(status: int, lines: Sequence[str] = (), *, retry_after: str | None = None) -> ResponseReturnValue:
    """Return a page that says in plain words why there is no other, and leads back to the one that was asked from."""
    said = lines or [REFUSALS.get(status, SOMETHING)]
    if status == 429 and retry_after and retry_after.isdecimal():
        minutes = -(-int(retry_after) // 60)
        said = [Wording("That was too often: try again in %(minutes)s min.", minutes=minutes)]
    headers = {"Retry-After": retry_after} if retry_after else {}
    on = None if status == 421 else ("/", ON) if request.method in {"GET", "HEAD"} else (asked_from(), AGAIN)
    return render_template("sorry.html", lines=said, on=on, visit=None), status, headers


def stale() -> ResponseReturnValue:
    """Say that a form was of a page older than its browser's session, and lead to a page that is not.

    Who has begun to join there is led to where they stand: somebody may have gone on in another browser.
    """
    route, visit = routes_of(current_app)[request.endpoint or ""], current_visit()
    if visit.someone is not None or route.access is Access.ANYONE:
        return render_template("sorry.html", lines=[TOO_OLD], on=(asked_from(), AGAIN), visit=None), 403
    if BEGUN in session:
        return redirect(and_language("/join"), 303)
    sign_in = and_language(f"/sign-in?{urlencode({'to': asked_from()})}")
    return render_template("sorry.html", lines=[SIGNED_OUT], on=(sign_in, IN), visit=None), 403


def asked_from() -> str:
    """Return the page of ours that the present request was asked from: as the browser says, else the nearest one."""
    said = urlsplit(request.referrer or "")
    if said.netloc.lower() != request.host.lower():
        return nearest_page(request.path)
    page = nearest_page(said.path)
    return f"{page}?{said.query}" if said.query and page == said.path else page


def nearest_page(path: str) -> str:
    """Return a path if a page is there, else the page that its form names, or the nearest page above it."""
    adapter = current_app.create_url_adapter(request)
    while adapter is not None and path.strip("/"):
        for method in ("GET", "POST"):
            try:
                endpoint, _ = adapter.match(path, method=method)
            except (NotFound, MethodNotAllowed, RequestRedirect):
                continue
            route = routes_of(current_app)[endpoint]
            if method == "GET" or route.page:
                return path if method == "GET" else route.page
        path = path.rpartition("/")[0]
    return "/"
