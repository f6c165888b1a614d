"""People, for an owner: who there is, invitations, roles, and the end of somebody."""

from __future__ import annotations

from typing import Final

from flask import flash, get_flashed_messages, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection
from werkzeug import Response
from werkzeug.exceptions import NotFound

from reminder.core.errors import WrongInput
from reminder.usecases import family, inviting, joining
from reminder.usecases.family import FamilyMember
from reminder.usecases.messages import LARGEST
from reminder.usecases.own_settings import LANGUAGES, SettingsForm, read_settings, zones
from reminder.web.pages.me import ONLY_NOW
from reminder.web.qr import qr_code
from reminder.web.routing import Access, Pages
from reminder.web.visit import Visit

pages: Final = Pages("people")

MOST_WORD: Final = 80


@pages.get("/people", Access.OWNER)
def people(visit: Visit) -> ResponseReturnValue:
    """Show who there is, and the invitations that hold."""
    return _shown(visit)


def _shown(visit: Visit, form: SettingsForm | None = None) -> str:
    config, word = visit.site.config(), " ".join(request.args.get("q", "")[:MOST_WORD].split())
    with visit.site.database.read() as tx:
        everybody = family.family(tx, visit.site.config().channels, visit.now)
        found = family.found_by(tx, word, visit.site.config().channels) if word else []
        invitations = inviting.open_invitations(tx, visit.now)
    link = next((str(text) for text in get_flashed_messages(category_filter=[ONLY_NOW])), None)
    names = [member.card.person.name for member in (*everybody.listed, *found)]
    said = {"name": "", "timezone": config.anyone.zone.key, "language": visit.reader.language}
    return visit.page(
        "people.html",
        family=everybody,
        found=found,
        word=word,
        invitations=invitations,
        link=link,
        qr=qr_code(link, visit.say("A QR code of the link")) if link else None,
        form=form or SettingsForm(said=said),
        languages=LANGUAGES,
        zones=zones(),
        places=family.places(config.lines, config.file, names),
        operator=config.operator,
        can_join=bool(joining.open_channels(config.channels)),
    )


# Invitations ---------------------------------------------------------------------------------------------------------


@pages.post("/people/invite", Access.OWNER)
def invite(visit: Visit) -> ResponseReturnValue:
    """Make an invitation; its link is shown once."""
    config, name = visit.site.config(), request.form.get("name", "")[:200]
    form = read_settings(config.anyone, request.form, fields=("timezone", "language"))
    problems = dict(form.problems)
    try:
        with visit.site.database.write() as tx:
            if problems:
                raise WrongInput(*problems.values())
            zone = form.values.get("zone", config.anyone.zone)
            language = form.said["language"]
            is_owner = request.form.get("role") == "owner"
            token = inviting.invite(
                tx, visit.person, name=name, zone=zone, language=language, is_owner=is_owner, now=visit.now
            )
    except WrongInput as error:
        problems = problems or {"name": error.problems[0]}
        return _shown(visit, SettingsForm(said={**form.said, "name": name}, problems=problems)), 400
    flash(visit.say("Invited. The link is shown only now: send it to them, or let them point a camera at it."))
    flash(visit.site.link(f"/join/{token}"), ONLY_NOW)
    return visit.back_to("/people")


@pages.post("/people/invitations/<mark>/take-back", Access.OWNER)
def take_back(visit: Visit, mark: str) -> ResponseReturnValue:
    """Let an invitation hold no longer."""
    with visit.site.database.write() as tx:
        inviting.take_back(tx, mark, visit.now)
    return visit.back_to("/people", visit.say("The invitation is no longer valid."))


# One person ----------------------------------------------------------------------------------------------------------


@pages.get("/people/<int:number>", Access.OWNER)
def person(visit: Visit, number: int) -> ResponseReturnValue:
    """Show one person, and what can be changed of them; never where they are reached."""
    config = visit.site.config()
    with visit.site.database.read() as tx:
        member = _member(tx, visit, number)
        known = family.known_of(tx, member.card)
    name = member.card.person.name
    place = family.places(config.lines, config.file, [name]).get(name)
    is_operator = name == config.operator
    return visit.page(
        "person.html", member=member, known=known, place=place, is_operator=is_operator, languages=LANGUAGES
    )


@pages.get("/people/<int:number>/forget", Access.OWNER)
def forget_page(visit: Visit, number: int) -> ResponseReturnValue:
    """Ask whether somebody is to be forgotten, and say what goes."""
    with visit.site.database.read() as tx:
        member = _member(tx, visit, number)
        known = family.known_of(tx, member.card)
    return visit.page("person_forget.html", member=member, known=known)


def _member(tx: Connection, visit: Visit, number: int) -> FamilyMember:
    found = family.member_of(tx, min(number, LARGEST), visit.site.config().channels)
    if found is None:
        raise NotFound
    return found


@pages.post("/people/<int:number>/owner", Access.OWNER)
def make_owner(visit: Visit, number: int) -> ResponseReturnValue:
    """Make somebody an owner."""
    return _with_role(visit, number, is_owner=True)


@pages.post("/people/<int:number>/member", Access.OWNER)
def make_member(visit: Visit, number: int) -> ResponseReturnValue:
    """Make an owner a member again."""
    return _with_role(visit, number, is_owner=False)


def _with_role(visit: Visit, number: int, *, is_owner: bool) -> Response:
    with visit.site.database.write() as tx:
        card, operator = _member(tx, visit, number).card, visit.site.config().operator
        family.set_owner(tx, card, visit.person, visit.now, is_owner=is_owner, operator=operator)
    return visit.back_to(f"/people/{number}")


@pages.post("/people/<int:number>/end", Access.OWNER)
def end(visit: Visit, number: int) -> ResponseReturnValue:
    """Have somebody told nothing more."""
    with visit.site.database.write() as tx:
        family.end(tx, _member(tx, visit, number).card, visit.person, visit.now)
    visit.site.wake()
    return visit.back_to(f"/people/{number}")


@pages.post("/people/<int:number>/take-up", Access.OWNER)
def take_up(visit: Visit, number: int) -> ResponseReturnValue:
    """Tell somebody again."""
    with visit.site.database.write() as tx:
        family.take_up(tx, _member(tx, visit, number).card, visit.now)
    visit.site.wake()
    return visit.back_to(f"/people/{number}")


@pages.post("/people/<int:number>/forget", Access.OWNER)
def forget(visit: Visit, number: int) -> ResponseReturnValue:
    """Remove somebody completely."""
    with visit.site.database.write() as tx:
        card = _member(tx, visit, number).card
        family.forget(tx, card, visit.person, visit.now)
    return visit.back_to("/people", visit.say("%(name)s is forgotten.", name=card.person.name))
