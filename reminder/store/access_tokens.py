"""What lets programs in: tokens of the API and addresses of calendars, of which only the SHA-256 is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, or_, select, update

from reminder.store.sql.tables import access_token, subscriber


@dataclass(frozen=True, kw_only=True)
class AccessToken:
    """A token that lets a program in for a person: `scope` is read, write or feed; `detail` says which calendar."""

    id: int
    subscriber_id: int
    person: str
    name: str
    scope: str
    detail: Mapping[str, Any] | None
    created_at: datetime
    used_on: date | None


def _tokens(*where: Any) -> Any:
    columns = (access_token.c.id, access_token.c.subscriber_id, subscriber.c.name.label("person"))
    more = (access_token.c[name] for name in ("name", "scope", "detail", "created_at", "used_on"))
    query = select(*columns, *more).join(subscriber, access_token.c.subscriber_id == subscriber.c.id)
    return query.where(access_token.c.revoked_at.is_(None), subscriber.c.ended_at.is_(None), *where)


def keep_token(
    tx: Connection,
    subscriber_id: int,
    hash_: str,
    *,
    name: str,
    scope: str,
    detail: Mapping[str, Any] | None,
    now: datetime,
) -> int:
    """Keep a token, known by its hash; return its number."""
    values = {"subscriber_id": subscriber_id, "hash": hash_, "name": name, "scope": scope, "created_at": now}
    made = insert(access_token).values(**values, detail=dict(detail) if detail else None)
    number: int = tx.execute(made.returning(access_token.c.id)).scalar_one()
    return number


def token_of(tx: Connection, hash_: str) -> AccessToken | None:
    """Return the token with this hash, None for one that was taken back or whose person is gone."""
    row = tx.execute(_tokens(access_token.c.hash == hash_)).one_or_none()
    return None if row is None else AccessToken(**row._mapping)


def tokens_of(tx: Connection, subscriber_id: int) -> list[AccessToken]:
    """Return the tokens of a person, the oldest first."""
    rows = tx.execute(_tokens(access_token.c.subscriber_id == subscriber_id).order_by(access_token.c.id))
    return [AccessToken(**row._mapping) for row in rows]


def note_use(tx: Connection, number: int, on: date) -> None:
    """Remember on which day a token was last used; nothing is written twice on one day."""
    not_yet = or_(access_token.c.used_on.is_(None), access_token.c.used_on < on)
    tx.execute(update(access_token).where(access_token.c.id == number, not_yet).values(used_on=on))


def revoke_token(tx: Connection, subscriber_id: int, number: int, now: datetime) -> bool:
    """Take a person's token back; return whether it held until now."""
    this = (access_token.c.id == number, access_token.c.subscriber_id == subscriber_id)
    held = update(access_token).where(*this, access_token.c.revoked_at.is_(None))
    return tx.execute(held.values(revoked_at=now)).rowcount == 1
