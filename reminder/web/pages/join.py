"""Joining by an invitation: opening its link shows what it is, and a press begins. Mail programs open links, too."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from unicodedata import normalize

from flask import flash, g, redirect, request, session
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import TooManyRequests

from reminder.config.build import hours_of
from reminder.core.model.entities import ENGLISH
from reminder.core.wording import marked
from reminder.usecases import inviting
from reminder.usecases.inviting import Invitation, Newcomer
from reminder.usecases.own_settings import LANGUAGES, SettingsForm, read_settings, zones
from reminder.web.limits import JOINING
from reminder.web.pages.sign_in import agent_of, welcome
from reminder.web.routing import Access, Pages
from reminder.web.sorry import BEGUN
from reminder.web.spoken import and_language, spoken_to_invited
from reminder.web.visit import Visit

pages: Final = Pages("join")

FIELDS: Final = ("timezone", "language", "clock")
MOST_NAME: Final = 200
LONGEST_TOKEN: Final = 100

ELSEWHERE: Final = marked(
    "Nothing was changed: somebody went on with this invitation in another browser. Go on there, or begin anew here."
)
OVER: Final = marked(
    "Your invitation was used in another browser, was taken back, or is over. If you have joined there, sign in here; "
    "else ask for another one."
)


@pages.get("/join/<token>", Access.ANYONE)
def invitation(visit: Visit, token: str) -> ResponseReturnValue:
    """Show what a link invites to, and ask for a name; opening it changes nothing."""
    with visit.site.database.read() as tx:
        found = inviting.invitation_of(tx, token[:LONGEST_TOKEN], visit.now)
    if found is None:
        return visit.page("join.html", invited=None), 404
    visit = _spoken_to(visit, found)
    config, language = visit.site.config(), _language(visit)
    clock = config.anyone.hour_style if config.is_clock_written else hours_of(language, config.hours_by_locale)
    said = {"name": found.name, "timezone": found.zone, "language": language, "clock": str(clock)}
    return _shown(visit, found, token, SettingsForm(said=said))


@pages.get("/join", Access.ANYONE)
def standing(visit: Visit) -> ResponseReturnValue:
    """Lead whoever has begun to join in this browser to where they stand, and say so if that is not where they were."""
    if visit.someone is not None:
        return redirect("/" if visit.is_reached else "/channels/add", 303)
    token = session.get(BEGUN, "")
    with visit.site.database.read() as tx:
        found = inviting.invitation_of(tx, token, visit.now)
    if found is not None:
        if found.begun_by is not None:
            flash(_spoken_to(visit, found).say(ELSEWHERE))
        return redirect(and_language(f"/join/{token}"), 303)
    if session.pop(BEGUN, ""):
        flash(visit.say(OVER))
    return redirect(and_language("/sign-in"), 303)


@pages.post("/join", Access.ANYONE)
def begin(visit: Visit) -> ResponseReturnValue:
    """Let somebody be known who joins, and sign this browser in; nothing reaches them yet."""
    token = request.form.get("token", "")[:LONGEST_TOKEN]
    wait = visit.site.limits.wait(JOINING, visit.asked_from, visit.site.clock.monotonic())
    if wait:
        with visit.site.database.read() as tx:
            found = inviting.invitation_of(tx, token, visit.now)
        if found is not None:
            _spoken_to(visit, found)
        raise TooManyRequests(retry_after=int(wait) + 1)
    name = normalize("NFC", " ".join(request.form.get("name", "")[:MOST_NAME].split()))
    config = visit.site.config()
    form = read_settings(config.anyone, request.form, fields=FIELDS)
    with visit.site.database.write() as tx:
        found = inviting.invitation_of(tx, token, visit.now)
        if found is None:
            return visit.page("join.html", invited=None), 404
        visit = _spoken_to(visit, found)
        problem = inviting.name_problem(tx, config, name, found)
        problems = {**form.problems, **({"name": problem} if problem else {})}
        if problems:
            session[BEGUN] = token
            said = SettingsForm(said={**form.said, "name": name}, problems=problems)
            return _shown(visit, found, token, said), 400
        chosen = replace(config.anyone, **form.values)
        who = Newcomer(name=name, zone=chosen.zone, language=chosen.language, hour_style=chosen.hour_style)
        cookie = inviting.begin(tx, config, token, who, agent_of(), visit.now)
    if cookie is None:
        return visit.page("join.html", invited=None), 404
    answer = welcome(visit, cookie, "/channels/add")
    session[BEGUN] = token
    return answer


def _shown(visit: Visit, found: Invitation, token: str, form: SettingsForm) -> str:
    return visit.page("join.html", invited=found, token=token, form=form, languages=LANGUAGES, zones=zones())


def _spoken_to(visit: Visit, found: Invitation) -> Visit:
    """Return the visit of whoever is invited, in their language from here on."""
    g.visit = invited = replace(visit, spoken=spoken_to_invited(found.language))
    return invited


def _language(visit: Visit) -> str:
    """Return the language that is proposed for messages: that of the page."""
    return visit.language.code if visit.language.code in LANGUAGES else ENGLISH
