"""Whose things a call is about: all of them for the owner, else those of the person whose token it is (SPEC 10)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection
from werkzeug.exceptions import NotFound

from reminder.usecases.title_page.access import TitleAccess, access_to
from reminder.web.visit import Visit

IN_THE_CONFIG = "the config"
"""Where a title is listed, for whom the place of the config's file is nothing."""


@dataclass(frozen=True, kw_only=True)
class Whose:
    """One person (the number of their row, and their name), or everybody: then both are None."""

    number: int | None
    name: str | None

    @property
    def pair(self) -> tuple[int, str] | None:
        """Return number and name of the person, None for everybody."""
        return None if self.number is None or self.name is None else (self.number, self.name)


def whose(visit: Visit, *, mine: bool = False) -> Whose:
    """Return whose things a visit is shown; with `mine` the owner, too, gets only their own."""
    if visit.is_owner and not mine:
        return Whose(number=None, name=None)
    return Whose(number=number_of(visit), name=visit.person)


def number_of(visit: Visit) -> int:
    """Return the number of the person whose token it is."""
    if visit.token is None:
        raise NotFound
    return visit.token.subscriber_id


def narrowed(visit: Visit, name: str | None, *, mine: bool = False) -> str | None:
    """Return whose messages are asked for, None for everybody's. Raises NotFound for another person's."""
    theirs = whose(visit, mine=mine).name
    if name is None:
        return theirs
    if theirs is not None and name != theirs:
        raise NotFound
    return name


def place_of(visit: Visit, key: str) -> str | None:
    """Return where the config lists a title, None where it does not; its file and line are the owner's to know."""
    place = visit.site.config().place_of(key)
    return place if place is None or visit.is_owner else IN_THE_CONFIG


def access_to_change(tx: Connection, visit: Visit, number: int) -> TitleAccess:
    """Return the token's person's access to a title. Raises NotFound for one that is not theirs to know of."""
    access = access_to(tx, number, visit.person, is_owner=visit.is_owner, to_change=True) if number < 2**63 else None
    if access is None:
        raise NotFound
    return access
