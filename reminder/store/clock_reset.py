"""A clock that ran ahead, was believed, and has been set right: what it dated in a time to come is dated now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, Connection, String, Table, Text, cast, delete, not_, select, update

from reminder.core.model.ledger import State
from reminder.store.outbox_write import pull_in
from reminder.store.sql.records import Json
from reminder.store.sql.tables import (
    Instant,
    channel,
    config_taken,
    daemon,
    delivery,
    followed,
    look_change,
    message,
    metadata,
    refused_address,
    subscriber,
    subscription,
)
from reminder.store.titles import chunks

_BY_ITS_OWN_CLOCK: Final = frozenset({daemon.name, config_taken.name, look_change.name})
"""Tables whose instants are the database's."""

_AHEAD_BY_NATURE: Final = frozenset(
    {
        *(message.c.at, message.c.useful_until, delivery.c.due_at, delivery.c.lease_until),
        *(subscription.c.next_due_at, followed.c.next_at, refused_address.c.next_at, channel.c.next_at),
    }
)
"""When something is to be done: that may well lie ahead."""


def set_back(tx: Connection, now: datetime) -> int:
    """Let nothing in the database be recorded later than `now`; return how many messages are to be decided anew.

    They are those that were decided in the time that never came, and not sent. What was sent then stays sent.
    """
    anew = _forget_unsent(tx, now)
    pull_in(tx, now)
    for due, recorded in (
        (followed.c.next_at, followed.c.answered_at),
        (refused_address.c.next_at, refused_address.c.parked_at),
        (channel.c.next_at, channel.c.parked_at),
    ):
        tx.execute(update(due.table).where(recorded > now).values({due.name: now}))
    for column in _recorded():
        tx.execute(update(column.table).where(column > now).values({column.name: now}))
    _in_json(tx, subscription, subscription.c.since, now)
    _in_json(tx, subscriber, subscriber.c.profile, now)
    tx.execute(update(subscription).where(subscription.c.ended_at.is_(None)).values(next_due_at=now))
    return anew


def _recorded() -> Iterator[Column[Any]]:
    """Yield every column that tells when something was."""
    for table in metadata.sorted_tables:
        for column in table.columns if table.name not in _BY_ITS_OWN_CLOCK else ():
            if isinstance(column.type, Instant) and column not in _AHEAD_BY_NATURE:
                yield column


def _forget_unsent(tx: Connection, now: datetime) -> int:
    went = select(delivery.c.message_id).where(
        not_(delivery.c.state.in_([State.EXPIRED, State.SKIPPED, State.SUPERSEDED]))
    )
    ids = tx.execute(select(message.c.id).where(message.c.decided_at > now, message.c.id.not_in(went))).scalars().all()
    for part in chunks(ids):
        tx.execute(delete(delivery).where(delivery.c.message_id.in_(part)))
        tx.execute(delete(message).where(message.c.id.in_(part)))
    return len(ids)


def _in_json(tx: Connection, table: Table, column: Column[Any], now: datetime) -> None:
    """Bring the instants in a JSON column back to `now`: since when a lead, a channel or an hour counts."""
    rows = tx.execute(
        select(table.c.id, column).where(cast(cast(column, Text), String).like('%": "2___-__-__T%'))
    ).all()
    for row in rows:
        before: Json = row[1]
        after = _no_later(before, now)
        if after != before:
            tx.execute(update(table).where(table.c.id == row.id).values({column.name: after}))


def _no_later(value: Any, now: datetime) -> Any:
    if isinstance(value, dict):
        return {key: _no_later(item, now) for key, item in value.items()}
    if isinstance(value, list):
        return [_no_later(item, now) for item in value]
    instant = _instant(value)
    return now.isoformat() if instant is not None and instant > now else value


def _instant(value: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo is not None else None
