"""Tokens by which programs get in: for the API to read or write, and the secret addresses of calendars.

Every function works in the transaction `tx` that it is given.
"""

from __future__ import annotations

import enum
import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from reminder.core.errors import WrongInput
from reminder.core.wording import Wording
from reminder.store import access_tokens
from reminder.store.access_tokens import AccessToken
from reminder.store.web_sessions import person_number

__all__ = ["AccessToken", "Scope"]

PREFIX: Final = "rt_"
"""How the tokens of the API begin, so that a search for secrets finds them."""

LONGEST_NAME: Final = 80
MOST: Final = 50
"""So many tokens at most has a person."""

_TOKEN: Final = re.compile(r"(?:rt_)?[A-Za-z0-9_-]{43}")


class Scope(enum.StrEnum):
    """The things that a token lets a program do."""

    READ = "read"
    WRITE = "write"
    FEED = "feed"


@dataclass(frozen=True, kw_only=True)
class NewToken:
    """A token just made. `text` is shown once: the database keeps no more than its hash."""

    number: int
    text: str


def make_token(
    tx: Connection, person: str, *, name: str, scope: Scope, now: datetime, detail: Mapping[str, Any] | None = None
) -> NewToken:
    """Make a token for a person. Raises WrongInput for a person whom nobody knows, without a name, or for too many."""
    number = person_number(tx, person)
    if number is None:
        raise WrongInput(
            Wording('nobody is called "%(person)s": write the name as in the config or the import', person=person)
        )
    called = " ".join(name.split())[:LONGEST_NAME]
    if not called:
        raise WrongInput(Wording("give the token a name, such as the program that will use it"))
    if len(access_tokens.tokens_of(tx, number)) >= MOST:
        raise WrongInput(Wording("%(most)s tokens are the most: take one back that is no longer used", most=MOST))
    text = secrets.token_urlsafe(32) if scope is Scope.FEED else PREFIX + secrets.token_urlsafe(32)
    made = access_tokens.keep_token(tx, number, hash_of(text), name=called, scope=str(scope), detail=detail, now=now)
    return NewToken(number=made, text=text)


def token_of(tx: Connection, text: str) -> AccessToken | None:
    """Return whose token this is and what it lets a program do, None for one that does not hold."""
    return access_tokens.token_of(tx, hash_of(text)) if _TOKEN.fullmatch(text) else None


def tokens_of(tx: Connection, person: str) -> list[AccessToken]:
    """Return the tokens of a person that hold, the oldest first."""
    number = person_number(tx, person)
    return [] if number is None else access_tokens.tokens_of(tx, number)


def note_use(tx: Connection, token: AccessToken, now: datetime) -> None:
    """Remember that a token was used on the day of `now` (UTC); at most one write a day."""
    access_tokens.note_use(tx, token.id, now.date())


def revoke_token(tx: Connection, person: str, number: int, now: datetime) -> None:
    """Take back a person's token. Raises WrongInput for one that they do not have."""
    whose = person_number(tx, person)
    if whose is None or not access_tokens.revoke_token(tx, whose, number, now):
        raise WrongInput(Wording("there is no such token: it may have been taken back already"))


def hash_of(text: str) -> str:
    """Return what the database keeps of a secret with 256 random bits: its SHA-256, as 64 hex digits."""
    return hashlib.sha256(text.encode()).hexdigest()
