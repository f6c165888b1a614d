"""Leaving, coming back, being forgotten, and having what is kept of oneself (SPEC 10).

Every function works in the transaction `tx` that it is given. WrongInput says, in words for a person, what does not go.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from reminder.core.errors import WrongInput
from reminder.core.wording import Wording
from reminder.store import own
from reminder.store.forget import forget_person
from reminder.store.kept_of_person import kept_of
from reminder.store.people import CONFIG, WEB

COME_BACK: Final = timedelta(days=1)
"""So long somebody who has left can come back by themselves; later an owner takes them up again."""


def leave(tx: Connection, person: str, now: datetime) -> bool:
    """Have somebody told nothing more; return whether they are kept, and can come back.

    Who was imported is kept, so that no import brings them back. Who has joined is forgotten, with everything that was
    theirs. Raises WrongInput for whom the config lists: there they are taken out.
    """
    origin = own.origin_of(tx, person)
    if origin is None or origin == CONFIG:
        raise WrongInput(Wording("You are listed in the config: whoever runs this takes you out there."))
    own.end_person(tx, person, now)
    if origin == WEB:
        forget_person(tx, person, now)
    return origin != WEB


def come_back(tx: Connection, person: str, left_at: datetime, now: datetime) -> None:
    """Take somebody up again who has left within a day, as if never gone. Raises WrongInput after that."""
    kept = own.own_of(tx, person)
    if kept is None or kept.left_at != left_at or now >= left_at + COME_BACK:
        raise WrongInput(Wording("That is too long ago: whoever runs this can take you up again."))
    own.bring_back(tx, person, now)


def kept_of_me(tx: Connection, person: str) -> dict[str, Any]:
    """Return everything that is kept of somebody. Raises WrongInput for nobody."""
    found = kept_of(tx, person)
    if found is None:
        raise WrongInput(Wording("nothing is kept about you"))
    return found
