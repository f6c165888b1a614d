"""Whose turn is next: one person's subscriptions in the order in which they are looked at, and what waits for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, func, select

from reminder.store.load_plans import SubscriptionSnapshot, these_cases
from reminder.store.outbox_read import PendingDelivery, dressed
from reminder.store.sql.tables import OPEN_DELIVERY, delivery, subscription


@dataclass(frozen=True, kw_only=True)
class NextLooks:
    """Subscriptions by their numbers, the next one first: `last` is the last one's turn, `until` that of the next.

    Nothing is decided before `until` about any that is not among them; None stands for never.
    """

    ids: tuple[int, ...] = ()
    last: datetime | None = None
    until: datetime | None = None


def next_looks(tx: Connection, subscriber_id: int, count: int) -> NextLooks:
    """Return the subscriptions of one person that are looked at next: so many, and all whose turn comes with them."""
    asked = {"who": subscriber_id, "most": count}
    rows = tx.execute(_NEXT, asked).all()
    if len(rows) < count:
        return NextLooks(ids=tuple(row.id for row in rows))
    last = rows[-1].next_due_at
    same = tx.execute(_TOGETHER, {"who": subscriber_id, "last": last}).scalars().all()
    until = tx.execute(_LATER, {"who": subscriber_id, "last": last}).scalar()
    ids = dict.fromkeys([*(row.id for row in rows), *same])
    return NextLooks(ids=tuple(ids), last=last, until=until)


_MINE: Final = (
    subscription.c.subscriber_id == bindparam("who"),
    subscription.c.ended_at.is_(None),
    subscription.c.next_due_at.is_not(None),
    subscription.c.put_off_at.is_(None),  # what a sweep could not plan, a page cannot either
)
_NEXT: Final = (
    select(subscription.c.id, subscription.c.next_due_at)
    .where(*_MINE)
    .order_by(subscription.c.next_due_at)
    .limit(bindparam("most"))
)
_TOGETHER: Final = select(subscription.c.id).where(*_MINE, subscription.c.next_due_at == bindparam("last"))
_LATER: Final = select(func.min(subscription.c.next_due_at)).where(
    *_MINE, subscription.c.next_due_at > bindparam("last")
)


def turns_before(tx: Connection, subscriber_id: int, at: datetime) -> int:
    """Return how many subscriptions of one person have their turn before an instant."""
    number: int = tx.execute(_TURNS, {"who": subscriber_id, "at": at}).scalar_one()
    return number


_TURNS: Final = (
    select(func.count()).select_from(subscription).where(*_MINE, subscription.c.next_due_at < bindparam("at"))
)


def cases_of(tx: Connection, looks: NextLooks) -> list[SubscriptionSnapshot]:
    """Return these subscriptions with all that a plan needs to know."""
    return these_cases(tx, looks.ids)


@dataclass(frozen=True, kw_only=True)
class PersonBacklog:
    """What waits to be sent to one person: all of it, or, where there is too much, only how much."""

    count: int
    deliveries: tuple[PendingDelivery, ...] = ()


def waiting_for(tx: Connection, subscriber_id: int, most: int) -> PersonBacklog:
    """Return the open deliveries of one person, oldest first; only their number where there are more than `most`."""
    ids: Sequence[int] = tx.execute(_WAITING, {"who": subscriber_id, "most": most + 1}).scalars().all()
    if len(ids) > most:
        return PersonBacklog(count=tx.execute(_HOW_MANY, {"who": subscriber_id}).scalar_one())
    return PersonBacklog(count=len(ids), deliveries=tuple(dressed(tx, ids)) if ids else ())


_THEIRS: Final = (OPEN_DELIVERY, delivery.c.subscriber_id == bindparam("who"))
_WAITING: Final = (
    select(delivery.c.id).where(*_THEIRS).order_by(delivery.c.due_at, delivery.c.id).limit(bindparam("most"))
)
_HOW_MANY: Final = select(func.count()).select_from(delivery).where(*_THEIRS)
