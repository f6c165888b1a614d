"""Signing in and out: by a link from the terminal, or by a code over a channel of one's own. No password anywhere."""

from __future__ import annotations

import secrets
from typing import Final
from unicodedata import normalize

from flask import Response, redirect, request, session
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import TooManyRequests

from reminder.core.text.message import AskedFrom
from reminder.usecases.signing_in import IDLE, end_session, send_code, use_code, use_link, whose_link
from reminder.web.agents import browser_and_system
from reminder.web.guard import cookie_name
from reminder.web.limits import SIGN_IN
from reminder.web.routing import Access, Pages
from reminder.web.sending import unsent
from reminder.web.sorry import BEGUN
from reminder.web.spoken import and_language
from reminder.web.visit import Visit

pages: Final = Pages("sign_in")

MOST_NAME: Final = 200


@pages.get("/sign-in", Access.ANYONE)
def sign_in(visit: Visit) -> ResponseReturnValue:
    """Show the ways in."""
    if visit.someone is not None:
        return redirect("/", 303)
    return visit.page("sign_in.html", to=request.args.get("to", ""), can_send=unsent(visit) is None)


@pages.post("/sign-in", Access.ANYONE)
def send(visit: Visit) -> ResponseReturnValue:
    """Have a code sent to whoever is called so; the answer is the same for names that nobody has."""
    count_try(visit)
    config, mark = visit.site.config(), secrets.token_urlsafe(32)
    with visit.site.database.write() as tx:
        send_code(
            tx,
            normalize("NFC", request.form.get("name", "").strip()[:MOST_NAME]),
            mark,
            everybody=config.subscribers,
            channels=config.channels,
            asked_from=AskedFrom(visit.asked_from, *browser_and_system(agent_of())),
            now=visit.now,
        )
    visit.site.wake()
    session["asked"], session["to"] = mark, request.form.get("to", "")
    return redirect(and_language("/sign-in/code"), 303)


@pages.get("/sign-in/code", Access.ANYONE)
def code(visit: Visit) -> ResponseReturnValue:
    """Ask for the code that was sent."""
    return visit.page("code.html", is_wrong=False)


@pages.post("/sign-in/code", Access.ANYONE)
def use_sent(visit: Visit) -> ResponseReturnValue:
    """Sign in by the code."""
    count_try(visit)
    with visit.site.database.write() as tx:
        cookie = use_code(tx, session.get("asked", ""), request.form.get("code", "")[:40], agent_of(), visit.now)
    if cookie is None:
        return visit.page("code.html", is_wrong=True), 400
    return welcome(visit, cookie, session.get("to", ""))


@pages.get("/in/<token>", Access.ANYONE)
def link(visit: Visit, token: str) -> ResponseReturnValue:
    """Show whom a link would sign in; mail programs and chats open links, so opening it does nothing."""
    with visit.site.database.read() as tx:
        name = whose_link(tx, token, visit.now)
    return visit.page("link.html", name=name, token=token), 200 if name else 404


@pages.post("/in", Access.ANYONE)
def use(visit: Visit) -> ResponseReturnValue:
    """Sign in by a link."""
    with visit.site.database.write() as tx:
        cookie = use_link(tx, request.form.get("token", ""), agent_of(), visit.now)
    if cookie is None:
        count_try(visit)  # only now: a link that holds is the way out of every lock-out
        return visit.page("link.html", name=None, token=""), 404
    return welcome(visit, cookie, "/")


@pages.post("/sign-out", Access.MEMBER)
def sign_out(visit: Visit) -> ResponseReturnValue:
    """Let this browser in no more."""
    if not visit.mark.startswith("proxy "):
        with visit.site.database.write() as tx:
            end_session(tx, visit.person, visit.mark)
    session.pop(BEGUN, None)
    answer = visit.away_to("/sign-in", visit.say("You are signed out in this browser."))
    answer.delete_cookie(cookie_name(visit.site), secure=visit.site.is_secure, httponly=True, samesite="Lax")
    return answer


def count_try(visit: Visit) -> None:
    """Count a try to sign in from where this visit comes. Raises TooManyRequests for too many in an hour."""
    wait = visit.site.limits.wait(SIGN_IN, visit.asked_from, visit.site.clock.monotonic())
    if wait:
        raise TooManyRequests(retry_after=int(wait) + 1)


def agent_of() -> str:
    """Return what a browser calls itself, for the list of those that are signed in."""
    return request.headers.get("User-Agent", "unknown")


def welcome(visit: Visit, cookie: str, to: str) -> Response:
    """Give a browser the cookie that lets it in, and lead it to a page of ours."""
    session.clear()
    answer = redirect(to if is_of_ours(to) else "/", 303)
    answer.set_cookie(
        cookie_name(visit.site),
        cookie,
        max_age=int(IDLE.total_seconds()),
        secure=visit.site.is_secure,
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return answer  # type: ignore[return-value]  # Flask's redirect makes one of its own answers


def is_of_ours(path: str) -> bool:
    """Tell whether an address is a path of this page, and leads nowhere else."""
    return path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
