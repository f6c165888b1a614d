"""Keeps the failures in a row at each channel, and at each address of a shared one (`core.sending.streak`)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update

from reminder.core.model.ledger import State
from reminder.core.sending.retry import Refused
from reminder.core.sending.streak import Streak
from reminder.store.outbox_write import close, look_again
from reminder.store.sql.any_of import Pair, pair_of, pair_of_those, these
from reminder.store.sql.tables import OPEN_DELIVERY, channel, delivery, refused_address, streak

WHOLE: Final = 0
"""Stands for the subscriber where a streak is a channel's own. Rows are numbered from 1."""


def streaks_at(tx: Connection, ends: Collection[Pair]) -> dict[Pair, Streak]:
    """Return the streaks of these channels (`WHOLE`, name) and addresses (subscriber, name) that have one."""
    if not ends:
        return {}
    return {(row.subscriber_id, row.channel): _streak(row) for row in tx.execute(_STREAKS, these(ends))}


_STREAKS: Final = select(streak).where(pair_of_those(streak.c.subscriber_id, streak.c.channel))


def _streak(row: Row[Any]) -> Streak:
    return Streak(
        since=row.since,
        tries=row.tries,
        reached=row.reached,
        refused=row.refused,
        refused_at=row.refused_at,
        is_own=bool(row.is_own),
    )


def keep_streak(tx: Connection, end: Pair, found: Streak) -> None:
    """Write the streak of one end."""
    values = {
        "since": found.since,
        "tries": found.tries,
        "reached": found.reached,
        "refused": found.refused,
        "refused_at": found.refused_at,
        "is_own": int(found.is_own),
    }
    here = (streak.c.subscriber_id == end[0], streak.c.channel == end[1])
    if not tx.execute(update(streak).where(*here).values(values)).rowcount:
        tx.execute(insert(streak).values(subscriber_id=end[0], channel=end[1], **values))


def end_streaks(tx: Connection, ends: Collection[Pair]) -> None:
    """Forget the streaks of these ends: something has gone through there."""
    if ends:
        tx.execute(delete(streak).where(pair_of(streak.c.subscriber_id, streak.c.channel, ends)))


def addresses_in_a_row(tx: Connection, name: str) -> int:
    """Return how many addresses of a channel show, by refusing for no reason of their own, that it does not work.

    Those do that began to fail after it last took a message: what failed before that, while others were reached, is at
    fault by itself, however often it is tried. Where no address that ever took a message takes one now, all of them do.
    """
    last = tx.execute(select(channel.c.last_success_at).where(channel.c.name == name)).scalar()
    refused = (streak.c.channel == name, streak.c.subscriber_id != WHOLE, streak.c.refused_at.is_not(None))
    query = select(func.count()).where(*refused, streak.c.is_own == 0)
    if last is not None and _takes_any(tx, name, select(streak.c.subscriber_id).where(*refused)):
        query = query.where(streak.c.since > last)
    return int(tx.execute(query).scalar_one())


def _takes_any(tx: Connection, name: str, refused: Select[tuple[int]]) -> bool:
    """Tell whether an address of a channel has taken a message and was not refused since."""
    taken = (delivery.c.channel == name, delivery.c.state == State.SENT, delivery.c.subscriber_id.not_in(refused))
    return tx.execute(select(delivery.c.id).where(*taken).limit(1)).first() is not None


def parked_with_the_channel(tx: Connection, name: str) -> list[Pair]:
    """Return the addresses of a channel that are parked and were not themselves to blame, as far as is known."""
    both = (refused_address.c.subscriber_id == streak.c.subscriber_id, refused_address.c.channel == streak.c.channel)
    query = select(refused_address.c.subscriber_id).join(streak, both[0] & both[1])
    query = query.where(refused_address.c.channel == name, streak.c.is_own == 0)
    return [(id_, name) for id_ in tx.execute(query).scalars()]


def blame_waiting(tx: Connection, end: Pair, now: datetime) -> int:
    """Give up what was refused at an end that works and has taken another message since; return how many that are.

    Their people may be told of it.
    """
    here = (delivery.c.channel == end[1], OPEN_DELIVERY, delivery.c.refused == Refused.WAITS)
    query = select(delivery).where(*here)
    rows = tx.execute(query if end[0] == WHOLE else query.where(delivery.c.subscriber_id == end[0])).all()
    for row in rows:
        close(tx, [row.id], State.FAILED, row.reason or "", now)
        look_again(tx, row.subscriber_id, row.message_id, now)
    return len(rows)


def silent_network(tx: Connection, names: Collection[str]) -> list[Streak]:
    """Return the streaks of these channels during which nothing else could be reached either."""
    rows = tx.execute(select(streak).where(streak.c.reached == 0))
    return [_streak(row) for row in rows if row.channel in names]
