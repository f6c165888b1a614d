"""Me: how the reader is told, a pause, calendar addresses, tokens of programs, and browsers that are signed in."""

from __future__ import annotations

from datetime import date
from typing import Final

from flask import flash, request
from flask.typing import ResponseReturnValue
from werkzeug import Response

from reminder.core.model.entities import NOTICES, Subscriber
from reminder.core.text.leads import leads_words
from reminder.errors import WrongInput
from reminder.usecases.people import pause, resume
from reminder.usecases.signing_in import end_session, sessions_of
from reminder.usecases.tokens import Scope, make_token, revoke_token, tokens_of
from reminder.web.agents import browser_name
from reminder.web.routing import Access, Pages
from reminder.web.visit import Visit

pages: Final = Pages("me")

ONLY_NOW: Final = "secret"
"""The sort of a notice that shows what is shown only once."""


@pages.get("/me", Access.MEMBER)
def me(visit: Visit) -> ResponseReturnValue:
    """Show the reader's settings and what lets programs and browsers in."""
    with visit.site.database.read() as tx:
        tokens = tokens_of(tx, visit.person)
        sessions = sessions_of(tx, visit.person, visit.now)
    until = visit.reader.paused_until
    return visit.page(
        "me.html",
        settings=settings_of(visit.reader, visit),
        paused_until=until if until and until > visit.now else None,
        feeds=[each for each in tokens if each.scope == Scope.FEED],
        tokens=[each for each in tokens if each.scope != Scope.FEED],
        sessions=[(each, browser_name(each.agent)) for each in sessions],
    )


def settings_of(person: Subscriber, visit: Visit) -> list[tuple[str, str]]:
    """Return a person's settings, each with its value in words."""
    clock = visit.settings.hour_style
    at = visit.now.astimezone(person.zone).replace(hour=person.at.hour, minute=person.at.minute)
    leads = {role: leads_words(person.remind.of(role), visit.language) for role in ("premiere", "episode", "finale")}
    notices = [str(kind) for kind in NOTICES if kind in person.notices]
    return [
        ("Time zone", person.zone.key),
        ("Sending hour", visit.language.clock(at, clock)),
        ("Quiet hours", str(person.quiet) if person.quiet else "none"),
        *((f"{role.capitalize()}s", said) for role, said in leads.items()),
        ("News of dates", visit.language.listing(sorted(notices)) if notices else "none"),
        ("Digest", str(person.digest) if person.digest else "none"),
        ("Channels", visit.language.listing([use.name for use in person.channels]) or "none"),
    ]


# A pause -------------------------------------------------------------------------------------------------------------


@pages.post("/me/pause", Access.MEMBER)
def pause_me(visit: Visit) -> ResponseReturnValue:
    """Send the reader nothing until their sending hour of a day."""
    until = _day(request.form.get("until", ""))
    if until <= visit.today:
        raise WrongInput("Name a day that is still to come: on it, messages begin again.")
    with visit.site.database.write() as tx:
        pause(tx, visit.person, until, visit.now)
    return visit.back_to("/me", f"You will hear nothing until {visit.language.full_day(until)}.")


@pages.post("/me/resume", Access.MEMBER)
def resume_me(visit: Visit) -> ResponseReturnValue:
    """End the reader's pause."""
    with visit.site.database.write() as tx:
        resume(tx, visit.person, visit.now)
    visit.site.wake()
    return visit.back_to("/me", "Your pause is over.")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongInput("Write the day as 2026-12-24.") from None


# Calendars and tokens ------------------------------------------------------------------------------------------------


@pages.post("/me/feeds", Access.MEMBER)
def make_feed(visit: Visit) -> ResponseReturnValue:
    """Make a calendar address, which is shown once."""
    has_alarms = "alarms" in request.form
    with visit.site.database.write() as tx:
        name, detail = request.form.get("name", ""), {"alarms": has_alarms}
        made = make_token(tx, visit.person, name=name, scope=Scope.FEED, detail=detail, now=visit.now)
    return _shown_once(visit, visit.site.link(f"/feed/{made.text}.ics"), "Your calendar's address")


@pages.post("/me/tokens", Access.MEMBER)
def make_api_token(visit: Visit) -> ResponseReturnValue:
    """Make a token for a program, which is shown once."""
    scope = Scope.WRITE if request.form.get("scope") == Scope.WRITE else Scope.READ
    with visit.site.database.write() as tx:
        made = make_token(tx, visit.person, name=request.form.get("name", ""), scope=scope, now=visit.now)
    return _shown_once(visit, made.text, "Your token")


def _shown_once(visit: Visit, text: str, what: str) -> Response:
    flash(f"{what} is shown only now: copy it.")
    flash(text, ONLY_NOW)
    return visit.back_to("/me")


@pages.post("/me/tokens/<int:number>/revoke", Access.MEMBER)
def revoke(visit: Visit, number: int) -> ResponseReturnValue:
    """Take back a token or a calendar address."""
    with visit.site.database.write() as tx:
        revoke_token(tx, visit.person, number, visit.now)
    return visit.back_to("/me", "It lets nobody in any more.")


@pages.post("/me/sessions/<mark>/end", Access.MEMBER)
def end(visit: Visit, mark: str) -> ResponseReturnValue:
    """Sign out another browser."""
    with visit.site.database.write() as tx:
        end_session(tx, visit.person, mark)
    return visit.back_to("/me", "That browser is signed out.")
