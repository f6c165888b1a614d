"""One's own settings, what is kept of one, and leaving."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import Final

from flask import Response, request, session
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from reminder.core.model.digest import WEEKDAYS
from reminder.core.model.entities import NOTICES
from reminder.usecases import leaving
from reminder.usecases.own_settings import (
    CONFIG,
    LANGUAGES,
    LEADS,
    WEB,
    SettingsForm,
    choose,
    origin_of,
    read_settings,
    shown,
    zones,
)
from reminder.web.guard import cookie_name
from reminder.web.pages.me import NEWS, ROLES
from reminder.web.routing import Access, Pages
from reminder.web.visit import Visit

pages: Final = Pages("settings")

FIELDS: Final = ("timezone", "at", "quiet_hours", "digest", "clock", "language")


@pages.get("/me/settings", Access.MEMBER)
def settings(visit: Visit) -> ResponseReturnValue:
    """Show the reader's settings in a form; whom the config lists, sees them on Me."""
    return _shown(visit, shown(visit.reader))


def _shown(visit: Visit, form: SettingsForm) -> str:
    with visit.site.database.read() as tx:
        origin = origin_of(tx, visit.person)
    return visit.page(
        "settings.html",
        form=form,
        is_listed=origin == CONFIG,
        leads=[(role, ROLES[role]) for role in LEADS] if origin == WEB else [],
        news=[(str(kind), said) for kind, said in NEWS.items() if kind in NOTICES],
        languages=LANGUAGES,
        weekly=[(f"weekly {day}", _weekly(visit, number)) for number, day in enumerate(WEEKDAYS)],
        zones=zones(),
    )


def _weekly(visit: Visit, number: int) -> str:
    return visit.say("once a week: %(weekday)s", weekday=visit.language.weekday(number))


@pages.post("/me/settings", Access.MEMBER)
def keep(visit: Visit) -> ResponseReturnValue:
    """Let the reader be told as they have written; all that is wrong is said at once, and then nothing is kept."""
    with visit.site.database.write() as tx:
        origin = origin_of(tx, visit.person)
        if origin == CONFIG:
            raise NotFound
        fields = (*FIELDS, *(LEADS if origin == WEB else ()))
        form = read_settings(visit.reader, request.form, request.form.getlist("notices"), fields=fields)
        if not form.problems:
            choose(tx, visit.reader, form, visit.now)
    if form.problems:
        return _shown(visit, form), 400
    visit.site.wake()
    language = form.values.get("language", visit.reader.language)
    saved = replace(visit, someone=replace(visit.reader, language=language))
    return visit.back_to("/me", saved.say("Saved. It counts from now on."))


@pages.get("/me/kept.json", Access.MEMBER)
def kept(visit: Visit) -> ResponseReturnValue:
    """Give the reader everything that is kept of them."""
    with visit.site.database.read() as tx:
        found = leaving.kept_of_me(tx, visit.person)
    answer = Response(json.dumps(found, ensure_ascii=False, indent=1), mimetype="application/json")
    answer.headers["Content-Disposition"] = 'attachment; filename="reminder.json"'
    return answer


# Leaving -------------------------------------------------------------------------------------------------------------


@pages.get("/me/leave", Access.MEMBER)
def leave_page(visit: Visit) -> ResponseReturnValue:
    """Ask whether the reader wants to leave, and say what that means."""
    with visit.site.database.read() as tx:
        origin = origin_of(tx, visit.person)
    return visit.page("leave.html", is_listed=origin == CONFIG, is_forgotten=origin == WEB)


@pages.post("/me/leave", Access.MEMBER)
def leave(visit: Visit) -> ResponseReturnValue:
    """Have the reader told nothing more: who has joined is forgotten, who was imported can come back for a day."""
    with visit.site.database.write() as tx:
        is_kept = leaving.leave(tx, visit.person, visit.now)
    visit.site.wake()
    session.clear()
    session["left"] = [visit.person, visit.now.isoformat()] if is_kept else ["", ""]
    answer = visit.away_to("/left")
    answer.delete_cookie(cookie_name(visit.site), secure=visit.site.is_secure, httponly=True, samesite="Lax")
    return answer


@pages.get("/left", Access.ANYONE)
def left(visit: Visit) -> ResponseReturnValue:
    """Say good-bye, and offer whoever can to come back."""
    if "left" not in session:
        return visit.back_to("/")
    name, _ = session["left"]
    return visit.page("left.html", can_come_back=bool(name))


@pages.post("/back", Access.ANYONE, page="/left")
def back(visit: Visit) -> ResponseReturnValue:
    """Take somebody up again who has left in this browser within a day."""
    name, at = session.get("left") or ("", "")
    if not name:
        return visit.back_to("/left")
    with visit.site.database.write() as tx:
        leaving.come_back(tx, name, datetime.fromisoformat(at), visit.now)
    session.pop("left")
    visit.site.wake()
    return visit.back_to("/sign-in", visit.say("You are back, as if never gone. Sign in to see what you follow."))
