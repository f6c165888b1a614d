"""What a monitor asks of the database: what is overdue, and how each channel fares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from reminder.store.tables import OPEN_DELIVERY, channel, delivery, subscription


@dataclass(frozen=True, kw_only=True)
class Backlog:
    """What should have been decided or tried by now: how many, and since when (None for nothing)."""

    count: int
    oldest_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class ChannelState:
    """How one channel fares. `parked_at` is set while it fails by its own fault; `waiting` deliveries are still open."""

    name: str
    last_success_at: datetime | None
    last_failure_at: datetime | None
    last_failure: str | None
    parked_at: datetime | None
    reason: str | None
    waiting: int


def backlog(tx: Connection, now: datetime) -> Backlog:
    """Return what is overdue at `now`."""
    pointers = select(func.count(), func.min(subscription.c.next_due_at)).where(subscription.c.next_due_at < now)
    tries = select(func.count(), func.min(delivery.c.due_at)).where(OPEN_DELIVERY, delivery.c.due_at < now)
    found = [tx.execute(query).one() for query in (pointers, tries)]
    return Backlog(count=sum(row[0] for row in found), oldest_at=min((row[1] for row in found if row[1]), default=None))


def channel_states(tx: Connection) -> dict[str, ChannelState]:
    """Return how every channel that was ever known fares, by name."""
    waiting = select(delivery.c.channel, func.count().label("number")).where(OPEN_DELIVERY).group_by(delivery.c.channel)
    open_on = {row.channel: row.number for row in tx.execute(waiting)}
    return {
        row.name: ChannelState(
            name=row.name,
            last_success_at=row.last_success_at,
            last_failure_at=row.last_failure_at,
            last_failure=row.last_failure,
            parked_at=row.parked_at,
            reason=row.reason,
            waiting=open_on.get(row.name, 0),
        )
        for row in tx.execute(select(channel).order_by(channel.c.name))
    }
