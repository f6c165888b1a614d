"""What the reader does about a title on its page: silence, following, leads of their own, and the date put right."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any, Final

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection
from werkzeug import Response
from werkzeug.exceptions import BadRequest, NotFound

from reminder.core.dates.parse import parse_when
from reminder.core.dates.spelling import EXAMPLE_YEAR
from reminder.core.dates.when import WhenError
from reminder.core.errors import WrongInput
from reminder.core.model.entities import Role
from reminder.core.model.ledger import Ref
from reminder.core.text.markup import isolated
from reminder.core.wording import Wording, marked, wording_of
from reminder.usecases import proposals
from reminder.usecases.title_page import actions
from reminder.usecases.title_page.access import TitleAccess, access_to
from reminder.web.pages.title import WrongForm, show_title
from reminder.web.routing import Access, Pages
from reminder.web.visit import Visit
from reminder.web.words import short

pages: Final = Pages("title_acts")

MOST_NAMED: Final = 80
"""Letters of a title in a notice, which a browser keeps in a cookie until it is shown."""

_NUMBER: Final = re.compile(r"[0-9]{1,9}")

Act = Callable[[Connection, TitleAccess], object]


def _do(visit: Visit, number: int, act: Act) -> str:
    """Do something about a title that the reader may see, have the daemon look again, and return what it is called."""
    with visit.site.database.write() as tx:
        access = access_to(tx, number, visit.person, is_owner=visit.is_owner, to_change=True)
        if access is None:
            raise NotFound
        act(tx, access)
    visit.site.wake()
    return isolated(short(access.kept.listing.title.name, MOST_NAMED)) or visit.say("untitled")


def _done(visit: Visit, number: int, notice: str) -> Response:
    return visit.back_to(f"/title/{number}", notice)


def _try(visit: Visit, number: int, form: str, act: Act, notice: str, text: str = "") -> ResponseReturnValue:
    """Do what a form says; where it cannot be taken, show the page again with what to write instead."""
    try:
        name = _do(visit, number, act)
    except WrongInput as error:
        return show_title(visit, number, WrongForm(form=form, text=text, problems=error.problems)), 400
    return _done(visit, number, visit.say(notice, title=isolated(name)))


@pages.post("/title/<int:number>/mute", Access.MEMBER)
def mute(visit: Visit, number: int) -> ResponseReturnValue:
    """Let the reader hear nothing of it: for good, or until a day."""
    written = request.form.get("until", "").strip()
    if not written:
        notice = marked("%(title)s is muted: you hear nothing of it, until you want to again.")
        return _try(visit, number, "mute", lambda tx, access: actions.mute(tx, access, visit.now), notice)

    def until(tx: Connection, access: TitleAccess) -> None:
        actions.mute(tx, access, visit.now, _day(written))

    notice = marked("%(title)s is quiet until that day. Changes of its date are told then.")
    return _try(visit, number, "until", until, notice, written)


def _day(written: str) -> date:
    try:
        on = parse_when(written).on
    except WhenError as error:
        raise WrongInput(wording_of(error)) from None
    if on is None:
        raise WrongInput(
            Wording("%(text)s is not one day: write it like %(year)s-07-09", text=written, year=EXAMPLE_YEAR)
        )
    return on


@pages.post("/title/<int:number>/unmute", Access.MEMBER)
def unmute(visit: Visit, number: int) -> ResponseReturnValue:
    """Let the reader hear of it again."""
    notice = marked("You hear of %(title)s again.")
    return _try(visit, number, "mute", lambda tx, access: actions.unmute(tx, access, visit.now), notice)


@pages.post("/title/<int:number>/stop", Access.MEMBER)
def stop(visit: Visit, number: int) -> ResponseReturnValue:
    """End the reader's following, whatever lists it for them."""
    notice = marked("You do not follow %(title)s any more. You can take it up again here.")
    return _try(visit, number, "stop", lambda tx, access: actions.stop(tx, access, visit.now), notice)


@pages.post("/title/<int:number>/follow", Access.MEMBER)
def follow(visit: Visit, number: int) -> ResponseReturnValue:
    """Have the reader follow it by their own choice."""
    config = visit.site.config()
    notice = marked("You follow %(title)s.")
    return _try(visit, number, "follow", lambda tx, access: actions.follow(tx, config, access, visit.now), notice)


@pages.post("/title/<int:number>/seen", Access.MEMBER)
def see(visit: Visit, number: int) -> ResponseReturnValue:
    """Note that the reader has seen a release of it."""
    notice = marked("You have seen it. You will still hear of what is to come of %(title)s.")
    ref = _ref_written()
    return _try(visit, number, "seen", lambda tx, access: actions.see(tx, access, ref, visit.now), notice)


@pages.post("/title/<int:number>/unseen", Access.MEMBER)
def unsee(visit: Visit, number: int) -> ResponseReturnValue:
    """Note that the reader has not seen a release of it after all."""
    notice = marked("You have not seen it: you hear of %(title)s again.")
    ref = _ref_written()
    return _try(visit, number, "seen", lambda tx, access: actions.unsee(tx, access, ref, visit.now), notice)


def _ref_written() -> Ref:
    """Return the release that the form names. Raises BadRequest for what is none."""
    season, _, first = request.form.get("release", "").partition("-")
    if not _NUMBER.fullmatch(first) or (season and not _NUMBER.fullmatch(season)):
        raise BadRequest
    return (int(season) if season else None), int(first)


@pages.post("/title/<int:number>/leads", Access.MEMBER)
def leads(visit: Visit, number: int) -> ResponseReturnValue:
    """Give the reader leads of their own for it, or the usual ones again."""
    is_usual = "usual" in request.form
    written = None if is_usual else _leads_written()
    notice = marked("Your reminder times for %(title)s are saved.")
    if is_usual:
        notice = marked("You are told of %(title)s as usual.")
    text = ", ".join(request.form.getlist("more"))

    def act(tx: Connection, access: TitleAccess) -> None:
        actions.set_leads(tx, access, written, visit.now)

    return _try(visit, number, "leads", act, notice, text)


def _leads_written() -> dict[Role, str]:
    """Return what the form says of each role that it shows: what is ticked, and what is written beside."""
    roles = [role for role in Role if str(role) in request.form.getlist("role")]
    more: dict[str, Any] = {str(role): request.form.get(f"{role}_more", "") for role in roles}
    return {role: ", ".join([*request.form.getlist(str(role)), more[str(role)]]) for role in roles}


@pages.post("/title/<int:number>/date", Access.MEMBER)
def correct(visit: Visit, number: int) -> ResponseReturnValue:
    """Put another date in the place of the one that is wrong."""
    config, text, is_slip = visit.site.config(), request.form.get("date", ""), "slip" in request.form

    def act(tx: Connection, access: TitleAccess) -> None:
        actions.correct_date(tx, config, access, text, visit.now, is_slip=is_slip)

    return _try(visit, number, "date", act, marked("The date of %(title)s is put right."), text)


@pages.post("/title/<int:number>/propose", Access.MEMBER)
def propose(visit: Visit, number: int) -> ResponseReturnValue:
    """Propose another date to the owner: others follow the title too."""
    config, text = visit.site.config(), request.form.get("date", "")

    def act(tx: Connection, access: TitleAccess) -> None:
        proposals.propose_date(tx, config, access, text, visit.now)

    return _try(visit, number, "propose", act, marked("Your date for %(title)s is proposed."), text)


@pages.post("/title/<int:number>/take", Access.OWNER)
def take(visit: Visit, number: int) -> ResponseReturnValue:
    """Let a date that somebody has proposed be the title's."""
    config, chosen = visit.site.config(), _proposal_written()

    def act(tx: Connection, access: TitleAccess) -> None:
        proposals.take_proposal(tx, config, access, chosen, visit.now)

    return _try(visit, number, "proposal", act, marked("The date of %(title)s is put right."))


@pages.post("/title/<int:number>/decline", Access.OWNER)
def decline(visit: Visit, number: int) -> ResponseReturnValue:
    """Leave the date of the title as it is, whatever somebody has proposed."""
    chosen = _proposal_written()

    def act(tx: Connection, access: TitleAccess) -> None:
        proposals.decline_proposal(tx, access, chosen, visit.now)

    return _try(visit, number, "proposal", act, marked("The date of %(title)s stays as it is."))


def _proposal_written() -> int:
    """Return the number of the proposal that the form names. Raises BadRequest for what is none."""
    text = request.form.get("proposal", "")
    if not _NUMBER.fullmatch(text):
        raise BadRequest
    return int(text)


@pages.post("/title/<int:number>/date/back", Access.MEMBER)
def take_back(visit: Visit, number: int) -> ResponseReturnValue:
    """Let the source's date count again."""
    config = visit.site.config()
    notice = marked("The source's date of %(title)s counts again.")
    return _try(visit, number, "date", lambda tx, access: actions.take_back(tx, config, access, visit.now), notice)


@pages.post("/title/<int:number>/ask", Access.MEMBER)
def ask(visit: Visit, number: int) -> ResponseReturnValue:
    """Have the source asked soon."""
    notice = marked("The source of %(title)s is asked within a few minutes, where the daemon runs.")
    return _try(visit, number, "ask", lambda tx, access: actions.ask_source(tx, access, visit.now), notice)
