"""Browsers that are signed in, and the ways in that hold for minutes. Of each secret only the SHA-256 is kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, Text, bindparam, cast, delete, func, insert, select, update

from reminder.core.model.entities import Subscriber
from reminder.store.sql.codec import read_person
from reminder.store.sql.tables import address_proof, invitation, sign_in, subscriber, web_session

LIVING: Final = subscriber.c.ended_at.is_(None)

_SESSIONS: Final = select(
    web_session,
    subscriber.c.name,
    cast(subscriber.c.profile, Text).label("profile"),
    cast(subscriber.c.own, Text).label("own"),
    subscriber.c.paused_until,
).join(subscriber)


_OF_COOKIE: Final = _SESSIONS.where(
    web_session.c.hash == bindparam("hashed"), web_session.c.expires_at > bindparam("now"), LIVING
)


@dataclass(frozen=True, kw_only=True)
class WebSession:
    """A browser that is signed in: whose it is, what it calls itself, since when, and until when."""

    hash: str
    subscriber_id: int
    person: Subscriber
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    agent: str


def begin_session(tx: Connection, subscriber_id: int, hash_: str, agent: str, now: datetime, until: datetime) -> None:
    """Let a browser in, known by the hash of what its cookie holds."""
    values = {"hash": hash_, "subscriber_id": subscriber_id, "agent": agent}
    tx.execute(insert(web_session).values(**values, created_at=now, seen_at=now, expires_at=until))


def session_of(tx: Connection, hash_: str, now: datetime) -> WebSession | None:
    """Return the session of a cookie with this hash, None for one that has ended or whose person is gone."""
    row = tx.execute(_OF_COOKIE, {"hashed": hash_, "now": now}).one_or_none()
    return None if row is None else _session(row)


def sessions_of(tx: Connection, subscriber_id: int, now: datetime) -> list[WebSession]:
    """Return the sessions of a person that have not ended, the newest first."""
    theirs = (web_session.c.subscriber_id == subscriber_id, web_session.c.expires_at > now)
    return [_session(row) for row in tx.execute(_SESSIONS.where(*theirs).order_by(web_session.c.created_at.desc()))]


def _session(row: object) -> WebSession:
    values = dict(row._mapping)  # type: ignore[attr-defined]  # the columns of a row
    person = read_person(values.pop("name"), values.pop("profile"), values.pop("own"))
    until = values.pop("paused_until")
    return WebSession(person=replace(person, paused_until=until), **values)


def touch_session(tx: Connection, hash_: str, now: datetime, until: datetime) -> None:
    """Remember that a browser was here, and how long it may stay."""
    tx.execute(update(web_session).where(web_session.c.hash == hash_).values(seen_at=now, expires_at=until))


def end_session(tx: Connection, subscriber_id: int, hash_: str) -> bool:
    """Let one browser of this person in no more; return whether it was."""
    this = (web_session.c.subscriber_id == subscriber_id, web_session.c.hash == hash_)
    return tx.execute(delete(web_session).where(*this)).rowcount == 1


def end_every_session(tx: Connection) -> None:
    """Let no browser in any more, and no link, code or invitation: for a copy that may hold what was ended since.

    Who had only begun to join is forgotten with the next upkeep.
    """
    tx.execute(delete(web_session))
    tx.execute(delete(sign_in))
    tx.execute(update(invitation).where(invitation.c.used_at.is_(None)).values(expires_at=invitation.c.created_at))
    tx.execute(update(address_proof).values(expires_at=address_proof.c.created_at))


def drop_expired(tx: Connection, now: datetime) -> None:
    """Take out the sessions and the ways in whose time is over."""
    tx.execute(delete(web_session).where(web_session.c.expires_at <= now))
    tx.execute(delete(sign_in).where(sign_in.c.expires_at <= now - timedelta(hours=1)))  # they count for an hour


# Ways in -------------------------------------------------------------------------------------------------------------

LINK: Final = "link"
CODE: Final = "code"


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """A way in that was given to somebody: a link, or a code of which `secret` is the hash."""

    subscriber_id: int
    name: str
    secret: str
    tries: int


def person_number(tx: Connection, name: str) -> int | None:
    """Return the number of the person of this name who is told, None for nobody."""
    found: int | None = tx.execute(_NUMBER, {"name": name}).scalar()
    return found


_NUMBER: Final = select(subscriber.c.id).where(subscriber.c.name == bindparam("name"), LIVING)


def give_way_in(
    tx: Connection, kind: str, subscriber_id: int, hash_: str, now: datetime, until: datetime, *, secret: str = ""
) -> None:
    """Keep a way in of this kind, to be found by its hash until an instant."""
    values = {"hash": hash_, "kind": kind, "subscriber_id": subscriber_id, "secret": secret}
    tx.execute(insert(sign_in).values(**values, created_at=now, expires_at=until))


def way_in(tx: Connection, kind: str, hash_: str, now: datetime) -> SignIn | None:
    """Return a way in that holds and was not used yet."""
    query = select(sign_in.c.subscriber_id, subscriber.c.name, sign_in.c.secret, sign_in.c.tries).join(subscriber)
    holds = (sign_in.c.expires_at > now, sign_in.c.used_at.is_(None), LIVING)
    row = tx.execute(query.where(sign_in.c.kind == kind, sign_in.c.hash == hash_, *holds)).one_or_none()
    return None if row is None else SignIn(**row._mapping)


def use_up(tx: Connection, hash_: str, now: datetime) -> bool:
    """Mark a way in as used; return whether it was not before. Of two at once one is told no."""
    free = (sign_in.c.hash == hash_, sign_in.c.used_at.is_(None))
    return tx.execute(update(sign_in).where(*free).values(used_at=now)).rowcount == 1


def count_try(tx: Connection, hash_: str) -> None:
    """Count a wrong code."""
    tx.execute(update(sign_in).where(sign_in.c.hash == hash_).values(tries=sign_in.c.tries + 1))


def codes_since(tx: Connection, subscriber_id: int, since: datetime) -> int:
    """Return how many codes a person was given since an instant."""
    theirs = (sign_in.c.kind == CODE, sign_in.c.subscriber_id == subscriber_id, sign_in.c.created_at >= since)
    return tx.execute(select(func.count()).where(*theirs)).scalar_one()
