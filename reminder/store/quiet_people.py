"""Whoever follows a title, or did, with what of it is silent by what they have chosen for themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, or_, select

from reminder.core.model.own import Own
from reminder.store.people import load_people
from reminder.store.sql.codec import load_own
from reminder.store.sql.tables import subscriber, subscription


@dataclass(frozen=True, kw_only=True)
class QuietPerson:
    """Somebody with what they have chosen, and since when, or until when, that keeps a title's messages from them.

    `channels` are the uses that they have now.
    """

    id: int
    name: str
    own: Own
    channels: frozenset[str]
    has_ended: bool
    all_paused_until: datetime | None
    paused_until: datetime | None
    muted_at: datetime | None


def quiet_people(tx: Connection, title_id: int, name: str | None) -> list[QuietPerson]:
    """Return who follows a title, or did until they left, and may hear nothing by a choice; or that one person."""
    of_it = subscription.c.title_id == title_id
    chosen = (
        subscription.c.muted_at.is_not(None),
        subscription.c.paused_until.is_not(None),
        subscriber.c.paused_until.is_not(None),
        subscriber.c.own.is_not(None),
    )
    there = or_(subscription.c.ended_at.is_(None), subscription.c.ended_at == subscriber.c.ended_at)
    query = select(subscriber, subscription.c.muted_at, subscription.c.paused_until.label("title_paused_until"))
    query = query.join(subscription, subscription.c.subscriber_id == subscriber.c.id).where(of_it, there, or_(*chosen))
    if name is not None:
        query = query.where(subscriber.c.name == name)
    rows = tx.execute(query.order_by(subscriber.c.id)).all()
    people = load_people(tx, [row.id for row in rows])
    return [
        QuietPerson(
            id=row.id,
            name=row.name,
            own=load_own(row.own or {}),
            channels=frozenset(use.name for use in people[row.id].channels) if row.id in people else frozenset(),
            has_ended=row.ended_at is not None,
            all_paused_until=row.paused_until,
            paused_until=row.title_paused_until,
            muted_at=row.muted_at,
        )
        for row in rows
    ]
