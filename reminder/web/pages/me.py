"""Me: how the reader is told, a pause, calendar addresses, tokens of programs, and browsers that are signed in."""

from __future__ import annotations

from datetime import date
from typing import Final

from flask import flash, request
from flask.typing import ResponseReturnValue
from werkzeug import Response

from reminder.core.dates.spelling import EXAMPLE_YEAR
from reminder.core.errors import WrongInput
from reminder.core.model.digest import Digest
from reminder.core.model.entities import NOTICES, Kind, Subscriber
from reminder.core.model.own import is_proved
from reminder.core.text.leads import leads_words
from reminder.core.wording import Wording
from reminder.usecases.family import places
from reminder.usecases.own_settings import CONFIG, WEB, origin_of
from reminder.usecases.people import pause, resume
from reminder.usecases.signing_in import end_session, sessions_of
from reminder.usecases.tokens import Scope, make_token, revoke_token, tokens_of
from reminder.web.agents import browser_name
from reminder.web.routing import Access, Pages
from reminder.web.visit import Visit

pages: Final = Pages("me")

ONLY_NOW: Final = "secret"
"""The sort of a notice that shows what is shown only once."""
FEED_ONCE: Final = Wording("Your calendar's address is shown only now: copy it.")
TOKEN_ONCE: Final = Wording("Your token is shown only now: copy it.")


@pages.get("/me", Access.MEMBER)
def me(visit: Visit) -> ResponseReturnValue:
    """Show the reader's settings and what lets programs and browsers in."""
    with visit.site.database.read() as tx:
        tokens, origin = tokens_of(tx, visit.person), origin_of(tx, visit.person)
        sessions = sessions_of(tx, visit.person, visit.now)
    until, config = visit.reader.paused_until, visit.site.config()
    return visit.page(
        "me.html",
        settings=settings_of(visit.reader, visit),
        is_listed=origin == CONFIG,
        is_joined=origin == WEB,
        place=places(config.lines, config.file, [visit.person]).get(visit.person, config.file),
        paused_until=until if until and until > visit.now else None,
        feeds=[each for each in tokens if each.scope == Scope.FEED],
        tokens=[each for each in tokens if each.scope != Scope.FEED],
        sessions=[(each, browser_name(each.agent)) for each in sessions],
    )


def settings_of(person: Subscriber, visit: Visit) -> list[tuple[str, str]]:
    """Return a person's settings, each with its value in words."""
    clock = visit.settings.hour_style
    at = visit.now.astimezone(person.zone).replace(hour=person.at.hour, minute=person.at.minute)
    language = visit.language
    leads = {role: leads_words(person.remind.of(role), language) for role in ("premiere", "episode", "finale")}
    notices = [str(visit.said(said)) for kind, said in NEWS.items() if kind in person.notices & NOTICES]
    none = visit.say("none")
    proved = [use.name for use in person.channels if is_proved(use)]  # nothing but a code comes to the others
    return [
        (visit.say("Time zone"), person.zone.key),
        (visit.say("Sending hour"), language.clock(at, clock)),
        (visit.say("Quiet hours"), str(person.quiet) if person.quiet else none),
        *((visit.said(ROLES[role]), said) for role, said in leads.items()),
        (visit.say("News of dates"), language.listing(sorted(notices)) if notices else none),
        (visit.say("Digest"), _digest(person.digest, visit) if person.digest else none),
        (visit.say("Channels"), language.listing(proved) if proved else none),
    ]


def _digest(digest: Digest, visit: Visit) -> str:
    if digest.weekday is None:
        return visit.say("daily")
    return visit.say("weekly, on %(weekday)s", weekday=visit.language.weekday(digest.weekday))


NEWS: Final = {
    Kind.ANNOUNCED: Wording("announced"),
    Kind.MOVED: Wording("moved"),
    Kind.WITHDRAWN: Wording("withdrawn"),
    Kind.CANCELLED: Wording("cancelled"),
}
ROLES: Final = {"premiere": Wording("Premieres"), "episode": Wording("Episodes"), "finale": Wording("Finales")}


# A pause -------------------------------------------------------------------------------------------------------------


@pages.post("/me/pause", Access.MEMBER)
def pause_me(visit: Visit) -> ResponseReturnValue:
    """Send the reader nothing until their sending hour of a day."""
    until = _day(request.form.get("until", ""))
    if until <= visit.today:
        raise WrongInput(Wording("Name a day that is still to come: on it, messages begin again."))
    with visit.site.database.write() as tx:
        pause(tx, visit.person, until, visit.now)
    return visit.back_to("/me", visit.say("You will hear nothing until %(day)s.", day=visit.language.full_day(until)))


@pages.post("/me/resume", Access.MEMBER)
def resume_me(visit: Visit) -> ResponseReturnValue:
    """End the reader's pause."""
    with visit.site.database.write() as tx:
        resume(tx, visit.person, visit.now)
    visit.site.wake()
    return visit.back_to("/me", visit.say("Your pause is over."))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongInput(Wording("Write the day as %(year)s-12-24.", year=EXAMPLE_YEAR)) from None


# Calendars and tokens ------------------------------------------------------------------------------------------------


@pages.post("/me/feeds", Access.MEMBER)
def make_feed(visit: Visit) -> ResponseReturnValue:
    """Make a calendar address, which is shown once."""
    has_alarms = "alarms" in request.form
    with visit.site.database.write() as tx:
        name, detail = request.form.get("name", ""), {"alarms": has_alarms}
        made = make_token(tx, visit.person, name=name, scope=Scope.FEED, detail=detail, now=visit.now)
    return _shown_once(visit, visit.site.link(f"/feed/{made.text}.ics"), FEED_ONCE)


@pages.post("/me/tokens", Access.MEMBER)
def make_api_token(visit: Visit) -> ResponseReturnValue:
    """Make a token for a program, which is shown once."""
    scope = Scope.WRITE if request.form.get("scope") == Scope.WRITE else Scope.READ
    with visit.site.database.write() as tx:
        made = make_token(tx, visit.person, name=request.form.get("name", ""), scope=scope, now=visit.now)
    return _shown_once(visit, made.text, TOKEN_ONCE)


def _shown_once(visit: Visit, text: str, what: str) -> Response:
    flash(visit.said(what))
    flash(text, ONLY_NOW)
    return visit.back_to("/me")


@pages.post("/me/tokens/<int:number>/revoke", Access.MEMBER)
def revoke(visit: Visit, number: int) -> ResponseReturnValue:
    """Take back a token or a calendar address."""
    with visit.site.database.write() as tx:
        revoke_token(tx, visit.person, number, visit.now)
    return visit.back_to("/me", visit.say("It lets nobody in any more."))


@pages.post("/me/sessions/<mark>/end", Access.MEMBER)
def end(visit: Visit, mark: str) -> ResponseReturnValue:
    """Sign out another browser."""
    with visit.site.database.write() as tx:
        end_session(tx, visit.person, mark)
    return visit.back_to("/me", visit.say("That browser is signed out."))
