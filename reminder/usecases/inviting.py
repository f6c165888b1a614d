"""Inviting people, and their beginning to join: a link that holds for three days, and does nothing when it is opened.

Every function works in the transaction `tx` that it is given. WrongInput says, in words for a person, what does not go.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from reminder.config import Config
from reminder.config.parsers import MAX_NAME, parse_name
from reminder.core.errors import WrongInput
from reminder.core.model.entities import ENGLISH, HourStyle
from reminder.core.model.names import is_shown
from reminder.core.model.own import Own
from reminder.core.wording import Wording
from reminder.store import invitations, own
from reminder.store.invitations import MEMBER, OWNER, Invitation
from reminder.store.own import names_like
from reminder.usecases.signing_in import let_in
from reminder.usecases.tokens import hash_of

__all__ = ["Invitation"]

HOLDS: Final = timedelta(hours=72)
MOST_OPEN: Final = 200
"""So many invitations hold at a time, at most."""

_BRACKETS: Final = frozenset("<>{}[]\\|")


def invite(
    tx: Connection,
    by: str,
    *,
    name: str = "",
    language: str = ENGLISH,
    zone: ZoneInfo,
    is_owner: bool = False,
    now: datetime,
) -> str:
    """Return the token of a link by which one person joins, within 72 hours; the name is a proposal and may be empty.

    Only its hash is kept. Raises WrongInput for a name that cannot be one, or is taken.
    """
    called = " ".join(name.split())
    problem = _name_problem(tx, called, ()) if called else None
    if problem:
        raise WrongInput(problem)
    if len(invitations.open_invitations(tx, now)) >= MOST_OPEN:
        raise WrongInput(Wording("%(most)s invitations are open: take some back first", most=MOST_OPEN))
    token = secrets.token_urlsafe(32)
    made = Invitation(
        hash=hash_of(token),
        name=called,
        language=language,
        zone=zone.key,
        role=OWNER if is_owner else MEMBER,
        invited_by=by,
        begun_by=None,
        created_at=now,
        expires_at=now + HOLDS,
    )
    invitations.keep_invitation(tx, made)
    return token


def invitation_of(tx: Connection, token: str, now: datetime) -> Invitation | None:
    """Return what a link invites to, None for one that does not hold. Nothing is used up by looking."""
    return invitations.invitation_of(tx, hash_of(token), now)


def open_invitations(tx: Connection, now: datetime) -> list[Invitation]:
    """Return the invitations that hold, the newest first."""
    return invitations.open_invitations(tx, now)


def take_back(tx: Connection, hash_: str, now: datetime) -> None:
    """Let an invitation hold no longer, and forget who has only begun to join by it."""
    if not invitations.take_back(tx, hash_, now):
        raise WrongInput(Wording("this invitation is no longer valid: it was used, taken back, or has expired"))


@dataclass(frozen=True, kw_only=True)
class Newcomer:
    """What somebody who joins says of themselves."""

    name: str
    zone: ZoneInfo
    language: str = ENGLISH
    hour_style: HourStyle = HourStyle.H12


def name_problem(tx: Connection, config: Config, name: str, invited: Invitation | None) -> str | None:
    """Return why somebody cannot be called so here, and what to do; None for a name that is free.

    Who began by the same invitation, in another browser perhaps, does not take their own name away.
    """
    begun_by = invited.begun_by if invited is not None else None
    if begun_by is not None and begun_by.casefold() == name.casefold():
        return None
    return _name_problem(tx, name, [person.name for person in config.subscribers])


def _name_problem(tx: Connection, name: str, listed: Collection[str]) -> str | None:
    if not is_shown(name):
        return Wording("There is a hidden sign in the name: type the name in anew.")
    try:
        parse_name(name)
    except ValueError:
        return Wording("A name is 1 to %(most)s letters: write the one that you are called by.", most=MAX_NAME)
    if not any(sign.isalnum() for sign in name) or _BRACKETS & set(name):
        return Wording("Write the name with letters and digits, without brackets.")
    taken = {each.casefold() for each in listed} | {each.casefold() for each in names_like(tx, name)}
    if name.casefold() in taken:
        return Wording(
            'Somebody here is called "%(name)s" already: add a letter of the family name, as in "%(name)s K".',
            name=name,
        )
    return None


def begin(tx: Connection, config: Config, token: str, who: Newcomer, agent: str, now: datetime) -> str | None:
    """Let somebody be known who comes by an invitation; return what their browser's cookie holds from now on.

    Nothing reaches them yet, and the invitation holds until an address of theirs has proved itself: who opens it again
    begins anew, and whoever began before is forgotten. None for a link that does not hold.
    """
    invited = invitations.invitation_of(tx, hash_of(token), now)
    if invited is None:
        return None
    problem = name_problem(tx, config, who.name, invited)
    if problem:
        raise WrongInput(problem)
    invitations.begin_anew(tx, invited.hash, now)
    person = replace(
        config.anyone,
        name=parse_name(who.name),
        channels=(),
        zone=who.zone,
        language=who.language,
        hour_style=who.hour_style,
    )
    number = own.add_person(tx, person, Own(is_owner=invited.is_for_owner))
    until = invited.expires_at if invited.begun_by else now + HOLDS
    invitations.begin_by(tx, invited.hash, number, until)
    return let_in(tx, number, agent, now)
