"""What people have done by a link in a message: kept so that it can be undone for a day (SPEC 12)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, insert, select, update

from reminder.store.sql.tables import OPEN_DELIVERY, deed, delivery, subscription

KEPT: Final = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Deed:
    """One thing that somebody has done. `detail` holds what it takes to undo it."""

    id: int
    what: str
    title_id: int | None
    detail: Mapping[str, Any]
    done_at: datetime
    undone_at: datetime | None


def note_deed(
    tx: Connection, subscriber_id: int, what: str, title_id: int | None, detail: Mapping[str, Any], now: datetime
) -> int:
    """Keep what somebody has just done; return its number. What they did long ago is forgotten."""
    tx.execute(delete(deed).where(deed.c.subscriber_id == subscriber_id, deed.c.done_at < now - KEPT))
    values = {"subscriber_id": subscriber_id, "what": what, "title_id": title_id, "detail": dict(detail)}
    made: int = tx.execute(insert(deed).returning(deed.c.id), {**values, "done_at": now}).scalar_one()
    return made


def deeds_since(tx: Connection, subscriber_id: int, since: datetime) -> list[Deed]:
    """Return what somebody has done from an instant on, the newest first."""
    query = select(deed).where(deed.c.subscriber_id == subscriber_id, deed.c.done_at >= since)
    return [_deed(row) for row in tx.execute(query.order_by(deed.c.id.desc()))]


def note_undone(tx: Connection, number: int, now: datetime) -> None:
    """Keep that something was undone."""
    tx.execute(update(deed).where(deed.c.id == number).values(undone_at=now))


def note_uses_taken_again(
    tx: Connection, subscriber_id: int, whats: Collection[str], mark: str, now: datetime
) -> list[int]:
    """Keep that the ends of a person's uses with this mark were undone; return the numbers of those deeds."""
    open_ = (deed.c.subscriber_id == subscriber_id, deed.c.what.in_(sorted(whats)), deed.c.undone_at.is_(None))
    ids = [row.id for row in tx.execute(select(deed).where(*open_)) if (row.detail or {}).get("mark") == mark]
    for number in ids:
        note_undone(tx, number, now)
    return ids


def deed_of(tx: Connection, subscriber_id: int, number: int) -> Deed | None:
    """Return what somebody has done, by its number; None for what they have not, or what is kept no longer."""
    row = tx.execute(select(deed).where(deed.c.subscriber_id == subscriber_id, deed.c.id == number)).first()
    return None if row is None else _deed(row)


def follows_quietly(tx: Connection, subscriber_id: int, title_id: int) -> tuple[bool, bool]:
    """Return whether somebody follows a title, and whether they have muted it."""
    mine = (subscription.c.subscriber_id == subscriber_id, subscription.c.title_id == title_id)
    row = tx.execute(select(subscription.c.ended_at, subscription.c.muted_at).where(*mine)).first()
    return (False, False) if row is None else (row.ended_at is None, row.muted_at is not None)


def waits(tx: Connection, message_id: int) -> bool:
    """Tell whether something of a message is still to go out."""
    return (
        tx.execute(select(delivery.c.id).where(OPEN_DELIVERY, delivery.c.message_id == message_id)).first() is not None
    )


def _deed(row: Row[Any]) -> Deed:
    return Deed(
        id=row.id,
        what=row.what,
        title_id=row.title_id,
        detail=row.detail or {},
        done_at=row.done_at,
        undone_at=row.undone_at,
    )
