"""Acting on a message by its link, and the end of mail: for whoever holds the message, without signing in (SPEC 12).

A GET only shows: mail programs, chats and scanners open links. A POST acts; its address is the secret, so that a button
of ntfy and the one click of a mail program (RFC 8058) need neither a cookie nor the token of a form. Nothing here leads
anywhere else by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from flask import Response, g, make_response
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import TooManyRequests

from reminder.core.model.entities import Subscriber
from reminder.core.text.action_sentences import action_id
from reminder.core.text.content import ActionKind
from reminder.core.wording import Wording
from reminder.usecases import acting, mail_ends
from reminder.usecases.acted_words import acted_words, deed_words
from reminder.usecases.acting import Acted, ActResult, LinkedMessage, PastDeed
from reminder.usecases.mail_ends import MailEnd
from reminder.web.limits import WRONG_LINKS
from reminder.web.routing import Access, Pages
from reminder.web.visit import Visit

pages: Final = Pages("act")

HEADERS: Final = {
    "Referrer-Policy": "no-referrer",  # the address is the secret
    "X-Robots-Tag": "noindex",
    "Access-Control-Allow-Origin": "*",  # ntfy's page in a browser posts from its own origin, and no cookie counts
}

ACTS: Final = frozenset(ActionKind) - {ActionKind.OPEN}


@dataclass(frozen=True, kw_only=True)
class ActButton:
    """A button of the page: which action, what stands on it, and when the message would come again.

    `is_main` tells of one that is likely meant, so that it is easy to find.
    """

    kind: ActionKind
    label: str
    at: datetime | None
    is_main: bool


@pages.get("/m/<token>", Access.ANYONE)
def message(visit: Visit, token: str) -> ResponseReturnValue:
    """Show a message and what can be done about it."""
    return _show(visit, token)


@pages.get("/m/<token>/<action>", Access.ANYONE)
def message_act(visit: Visit, token: str, action: str) -> ResponseReturnValue:
    """Show the same with one button before the others: a service's button that opens a page leads here."""
    return _show(visit, token, action)


def _show(visit: Visit, token: str, first: str = "") -> ResponseReturnValue:
    site = visit.site
    with site.database.read() as tx:
        found = acting.look_at(tx, site.config(), site.signing_key, token, visit.now)
    if found is None:
        return _no_link(visit)
    return _page(visit, found, token, first=first)


@pages.route("POST", "/m/<token>/<action>", Access.ANYONE, without_form=True)
def press(visit: Visit, token: str, action: str) -> ResponseReturnValue:
    """Do what a button says, once, and say what was done."""
    site = visit.site
    if action not in ACTS:
        return _no_link(visit)
    with site.database.write() as tx:
        done = acting.act(tx, site.config(), site.signing_key, token, ActionKind(action), visit.now)
        found = acting.look_at(tx, site.config(), site.signing_key, token, visit.now) if done is not None else None
    if done is None or found is None:
        return _no_link(visit)
    site.wake()
    _, came_of_it = done
    is_refused = came_of_it.result not in {ActResult.DONE, ActResult.ALREADY}
    return _page(visit, found, token, came_of_it=came_of_it), 409 if is_refused else 200


def _page(
    visit: Visit, found: LinkedMessage, token: str, *, first: str = "", came_of_it: Acted | None = None
) -> Response:
    own = _as(visit, found.person)
    buttons = sorted(_buttons(own, found, first), key=lambda button: button.kind != first)
    return _dressed(
        own.page(
            "act.html",
            found=found,
            token=token,
            buttons=buttons,
            first=first,
            said=own.said(acted_words(came_of_it, own.settings)) if came_of_it is not None else None,
            undo=deed_words(found.undo, own.settings) if found.undo is not None else None,
            past=PAST[found.past] if found.past is not None and came_of_it is None else None,
        )
    )


def _buttons(visit: Visit, found: LinkedMessage, first: str) -> Iterator[ActButton]:
    """Yield the buttons of what is offered, but for what has just been chosen: that can be taken back."""
    chosen = found.undo.at if found.undo is not None else None
    for offer in found.offers:
        if offer.at is not None and offer.at == chosen:
            continue
        label = visit.language.say(action_id(offer.kind, is_today=_is_today(visit, offer.at)))
        is_main = offer.kind == first if first else offer.at is not None and found.undo is None
        yield ActButton(kind=offer.kind, label=label, at=offer.at, is_main=is_main)


def _is_today(visit: Visit, at: datetime | None) -> bool:
    return at is None or at.astimezone(visit.zone).date() == visit.today


# What is said --------------------------------------------------------------------------------------------------------


PAST: Final[Mapping[PastDeed, Wording]] = {
    PastDeed.UNDONE: Wording("That is taken back already."),
    PastDeed.OVER: Wording("That was more than a day ago, so it cannot be taken back here."),
}


# The end of mail -----------------------------------------------------------------------------------------------------


@pages.get("/u/<token>", Access.ANYONE)
def mail(visit: Visit, token: str) -> ResponseReturnValue:
    """Show which mail would end."""
    return _mail(visit, token, mail_ends.look_at_mail, to_change=False)


@pages.route("POST", "/u/<token>", Access.ANYONE, without_form=True)
def end(visit: Visit, token: str) -> ResponseReturnValue:
    """End mail to the address that the mail went to: a mail program asks so, or somebody who presses the button."""
    return _mail(visit, token, mail_ends.end_mail, to_change=True)


@pages.route("POST", "/u/<token>/undo", Access.ANYONE, without_form=True)
def resume(visit: Visit, token: str) -> ResponseReturnValue:
    """Have mail sent there again."""
    return _mail(visit, token, mail_ends.resume_mail, to_change=True)


_Asked = Callable[[Any, str, str, datetime], MailEnd | None]


def _mail(visit: Visit, token: str, ask: _Asked, *, to_change: bool) -> ResponseReturnValue:
    database = visit.site.database
    with database.write() if to_change else database.read() as tx:
        found = ask(tx, visit.site.signing_key, token, visit.now)
    if found is None:
        return _no_link(visit)
    if to_change:
        visit.site.wake()
    return _dressed(_as(visit, found.person).page("mail_end.html", found=found, token=token, is_done=to_change))


# Every answer --------------------------------------------------------------------------------------------------------


def _as(visit: Visit, person: Subscriber) -> Visit:
    """Return the visit as one that reads as the person does whose message it is; who is signed in is of no account."""
    g.visit = own = replace(visit, someone=None, holder=person)
    return own


def _no_link(visit: Visit) -> ResponseReturnValue:
    """Say that a link does not hold, the same for every reason; who tries many has to wait."""
    wait = visit.site.limits.wait(WRONG_LINKS, visit.asked_from, visit.site.clock.monotonic())
    if wait:
        raise TooManyRequests(retry_after=int(wait) + 1)
    return _dressed(visit.page("no_link.html")), 404


def _dressed(page: str) -> Response:
    answer = make_response(page)
    answer.headers.update(HEADERS)
    return answer
