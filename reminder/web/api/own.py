"""What the token's person chooses about a title for themselves, and the dates that members propose to the owner."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final

from pydantic import Field
from sqlalchemy import Connection
from werkzeug.exceptions import NotFound

from reminder.core.dates.spelling import EXAMPLE_YEAR
from reminder.core.errors import WrongInput
from reminder.core.model.entities import Role
from reminder.usecases import proposals
from reminder.usecases.rows.own import MineRow, ProposalRow, mine_row, proposal_row
from reminder.usecases.title_page import actions
from reminder.usecases.title_page.access import TitleAccess
from reminder.usecases.title_page.page import title_page
from reminder.web.api.calls import ApiInput, Calls
from reminder.web.api.problems import WrongFields
from reminder.web.api.whose import access_to_change
from reminder.web.visit import Visit

calls: Final = Calls("own")


class SeenBody(ApiInput):
    """A release that the person has seen, or has not seen after all."""

    season: Annotated[int | None, Field(ge=0, description="Its season, null where it has none.")] = None
    first: Annotated[int, Field(ge=1, lt=10**9, description="The number of its first episode.")] = 1
    seen: Annotated[bool, Field(description="Whether they have seen it.")] = True


class MineBody(ApiInput):
    """What the person chooses about a title; what is left out stays as it is."""

    following: Annotated[bool | None, Field(description="Whether they follow it, by their own choice.")] = None
    leads: Annotated[
        dict[Role, list[str]] | None,
        Field(description="Their own leads for it, for each role that has some; null for the usual ones again."),
    ] = None
    muted: Annotated[bool | None, Field(description="Whether they are told nothing of it.")] = None
    quiet_until: Annotated[
        date | None, Field(description="The day until whose sending hour they are told nothing of it; null ends that.")
    ] = None
    seen: Annotated[SeenBody | None, Field(description="A release that they have seen, or have not.")] = None


class ProposalBody(ApiInput):
    """A date for a title that others follow too."""

    date: Annotated[
        str,
        Field(
            description=f"When it comes out, as exactly as it is known: July 9, {EXAMPLE_YEAR}, July {EXAMPLE_YEAR}."
        ),
    ]


class DecisionBody(ApiInput):
    """What becomes of a date that was proposed."""

    taken: Annotated[bool, Field(description="Whether it is the title's date from now on.")]


@calls.get("/titles/<int:number>/mine", MineRow, "How the token's person follows a title")
def mine(visit: Visit, number: int) -> MineRow:
    """Return how the token's person follows a title, and whose choice it is."""
    return _mine(visit, number)


@calls.change("PATCH", "/titles/<int:number>/mine", MineRow, "Choose about a title for oneself", body=MineBody)
def choose(visit: Visit, body: MineBody, number: int) -> MineRow:
    """Follow a title or not, with leads of one's own, muted, seen: for the token's person alone, whatever lists it."""
    if not body.model_fields_set:
        raise WrongFields([{"detail": "nothing to choose: the description of this call lists what can be chosen"}])
    with visit.site.database.write() as tx:
        access = access_to_change(tx, visit, number)
        if body.following and not access.is_followed:
            actions.follow(tx, visit.site.config(), access, visit.now)
            access = access_to_change(tx, visit, number)
        _choose(tx, access, body, visit)
        if body.following is False:
            _taken("following", actions.stop, tx, access, visit.now)
    visit.site.wake()
    return _mine(visit, number)


def _choose(tx: Connection, access: TitleAccess, body: MineBody, visit: Visit) -> None:
    said, now = body.model_fields_set, visit.now
    if "leads" in said:
        written = None if body.leads is None else {role: ", ".join(leads) for role, leads in body.leads.items()}
        _taken("leads", actions.set_leads, tx, access, written, now)
    if body.muted:
        _taken("muted", actions.mute, tx, access, now)
    elif body.muted is False or ("quiet_until" in said and body.quiet_until is None):
        _taken("muted", actions.unmute, tx, access, now)
    if body.quiet_until is not None:
        _taken("quiet_until", actions.mute, tx, access, now, body.quiet_until)
    if body.seen is not None:
        act = actions.see if body.seen.seen else actions.unsee
        _taken("seen", act, tx, access, (body.seen.season, body.seen.first), now)


def _taken(field: str, act: Any, *given: Any) -> Any:
    """Do something that a field asks for, and return what comes of it. Raises WrongFields, naming the field."""
    try:
        return act(*given)
    except WrongInput as error:
        raise WrongFields([{"field": field, "detail": text} for text in error.problems]) from None


def _mine(visit: Visit, number: int) -> MineRow:
    with visit.site.database.read() as tx:
        known = number < 2**63
        found = (
            title_page(tx, visit.site.config(), number, visit.person, visit.now, is_owner=visit.is_owner)
            if known
            else None
        )
    if found is None:
        raise NotFound
    return mine_row(found)


# Dates that are proposed ---------------------------------------------------------------------------------------------


@calls.get("/proposals", list[ProposalRow], "Dates that were proposed")
def waiting(visit: Visit) -> list[ProposalRow]:
    """Return to an owner what waits for them, and to others what they have proposed and what became of it."""
    with visit.site.database.read() as tx:
        found = proposals.waiting(tx) if visit.is_owner else proposals.proposed_by(tx, visit.person)
    return [proposal_row(each) for each in found]


@calls.change(
    "POST", "/titles/<int:number>/proposals", ProposalRow, "Propose a date to the owner", body=ProposalBody, status=201
)
def propose(visit: Visit, body: ProposalBody, number: int) -> ProposalRow:
    """Propose a date for a title that others follow too; the owner is told of it."""
    with visit.site.database.write() as tx:
        access, config = access_to_change(tx, visit, number), visit.site.config()
        made = _taken("date", proposals.propose_date, tx, config, access, body.date, visit.now)
    visit.site.wake()
    return proposal_row(made)


@calls.change(
    "PATCH", "/proposals/<int:number>", ProposalRow, "Take a date that was proposed, or not", body=DecisionBody
)
def decide(visit: Visit, body: DecisionBody, number: int) -> ProposalRow:
    """Let a date that was proposed be the title's, or decline it; an owner does."""
    with visit.site.database.write() as tx:
        made = proposals.find_proposal(tx, number)
        if made is None or not visit.is_owner:
            raise NotFound
        access = access_to_change(tx, visit, made.title_id)
        if body.taken:
            _taken("taken", proposals.take_proposal, tx, visit.site.config(), access, number, visit.now)
        else:
            _taken("taken", proposals.decline_proposal, tx, access, number, visit.now)
        made = proposals.find_proposal(tx, number) or made
    visit.site.wake()
    return proposal_row(made)
