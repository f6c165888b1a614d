"""Addresses on a shared channel that refuse what is sent to them: each is parked alone, the channel goes on.

A bot that one person has blocked, a mailbox that is gone. What is due there is tried hourly, one message at a time.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    delete,
    func,
    insert,
    not_,
    or_,
    select,
    update,
)

from reminder.core.sending.retry import Refused
from reminder.store.sql.any_of import Pair, pair_of
from reminder.store.sql.tables import ASKED_UNTRIED, OPEN_DELIVERY, delivery, refused_address, streak


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """Why an address is parked, and when it is tried next."""

    reason: str
    next_at: datetime


def refusals(tx: Connection, pairs: Collection[Pair]) -> dict[Pair, Refusal]:
    """Return which of these addresses are parked."""
    if not pairs:
        return {}
    mine = pair_of(refused_address.c.subscriber_id, refused_address.c.channel, pairs)
    return {
        (row.subscriber_id, row.channel): Refusal(reason=row.reason, next_at=row.next_at)
        for row in tx.execute(select(refused_address).where(mine))
    }


def wait_for_the_try(
    tx: Connection, waiting: Mapping[Pair, Refusal], *, but: ColumnElement[bool] | None = None
) -> None:
    """Let what is due at these addresses, `but` that, wait for the try that is set there already."""
    rest = [] if but is None else [not_(but)]
    for pair, refusal in waiting.items():
        early = or_(delivery.c.due_at < refusal.next_at, delivery.c.refused == Refused.WAITS)
        late = (_at(pair), OPEN_DELIVERY, early)
        tx.execute(update(delivery).where(*late, *rest).values(due_at=refusal.next_at, reason=refusal.reason))


def queue_refused(tx: Connection, refused: Mapping[Pair, Refusal], now: datetime) -> bool:
    """Let what is due at those addresses that are not to be tried yet wait; return whether there was any."""
    later = {pair: refusal for pair, refusal in refused.items() if refusal.next_at > now}
    wait_for_the_try(tx, later)
    return bool(later)


def park_address(tx: Connection, pair: Pair, reason: str, until: datetime, now: datetime) -> bool:
    """Hold everything for one address until `until`; return whether it took messages so far."""
    this = update(refused_address).where(_row(pair)).values(reason=reason, next_at=until)
    is_new = not tx.execute(this).rowcount
    if is_new:
        values = {"subscriber_id": pair[0], "channel": pair[1], "parked_at": now, "next_at": until, "reason": reason}
        tx.execute(insert(refused_address).values(values))
    wait_for_the_try(tx, {pair: Refusal(reason=reason, next_at=until)}, but=ASKED_UNTRIED)
    return is_new


def reopen(tx: Connection, pairs: Collection[Pair], now: datetime) -> int:
    """Forget that addresses were parked, and let what waits there be tried at `now`; return how many they were."""
    found = refusals(tx, pairs)
    for pair in found:
        tx.execute(delete(refused_address).where(_row(pair)))
        refused = update(delivery).where(_at(pair), OPEN_DELIVERY, delivery.c.refused == Refused.WAITS)
        tx.execute(refused.values(refused=Refused.BEFORE, plain=0))
        tx.execute(update(delivery).where(_at(pair), OPEN_DELIVERY, delivery.c.due_at > now).values(due_at=now))
    return len(found)


def forget_refusals(tx: Connection, name: str) -> None:
    """Forget every parked address of a channel, and all that failed there in a row: its URL is another now."""
    for table in (refused_address, streak):
        tx.execute(delete(table).where(table.c.channel == name))


def refused_on(tx: Connection) -> dict[str, int]:
    """Return how many addresses are parked on each shared channel that has any."""
    counted = select(refused_address.c.channel, func.count().label("number")).group_by(refused_address.c.channel)
    return {row.channel: row.number for row in tx.execute(counted)}


def _row(pair: Pair) -> ColumnElement[bool]:
    return and_(refused_address.c.subscriber_id == pair[0], refused_address.c.channel == pair[1])


def _at(pair: Pair) -> ColumnElement[bool]:
    return and_(delivery.c.subscriber_id == pair[0], delivery.c.channel == pair[1])
