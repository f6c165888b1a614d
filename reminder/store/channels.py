"""How each channel fares: its last success and failure, whether it is parked, and who must hear that it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, func, insert, select, update

from reminder.core.ledger import State
from reminder.core.model import Kind, Subscriber
from reminder.store.codec import NO_SEASON
from reminder.store.people import load_people
from reminder.store.tables import OPEN_DELIVERY, channel, delivery, message, subscriber

TROUBLE_USE: Final = timedelta(days=30)
"""How long a `trouble` message waits for a channel that works; it is dropped when the trouble is over."""

TROUBLE: Final = "trouble"


def note_success(tx: Connection, names: Iterable[str], now: datetime) -> None:
    """Remember that these channels took a message at `now`."""
    tx.execute(update(channel).where(channel.c.name.in_(set(names))).values(last_success_at=now))


def note_failure(tx: Connection, name: str, reason: str, now: datetime) -> None:
    """Remember why a channel did not take a message at `now`."""
    values = {"last_failure_at": now, "last_failure": reason}
    tx.execute(update(channel).where(channel.c.name == name).values(values))


def park(tx: Connection, name: str, reason: str, until: datetime, now: datetime) -> bool:
    """Hold everything for a channel until `until`; return whether it worked so far. The reason is the service's own."""
    held = update(delivery).where(delivery.c.channel == name, OPEN_DELIVERY, delivery.c.due_at < until)
    tx.execute(held.values(due_at=until, reason=reason))
    newly = update(channel).where(channel.c.name == name, channel.c.parked_at.is_(None))
    values = {"parked_at": now, "reason": reason, "outages": channel.c.outages + 1}
    return tx.execute(newly.values(values)).rowcount == 1


def tell_of_outage(tx: Connection, name: str, reason: str, now: datetime) -> int:
    """Write one `trouble` message for each person of a channel who has another; return how many (SPEC 4, "Failure")."""
    outage = tx.execute(select(channel.c.outages).where(channel.c.name == name)).scalar_one()
    waiting = tx.execute(select(func.count()).where(delivery.c.channel == name, OPEN_DELIVERY)).scalar_one()
    detail = {"channel": name, "reason": reason, "since": now.isoformat(), "waiting": waiting}
    told = 0
    for subscriber_id, person in _people_of(tx, name).items():
        others = [use.name for use in person.channels if use.name != name and use.takes(Kind.TROUBLE, None)]
        if others:
            tell(tx, subscriber_id, others, anchor=f"{name} #{outage}", detail=detail, now=now)
            told += 1
    return told


def _people_of(tx: Connection, name: str) -> dict[int, Subscriber]:
    live = set(tx.execute(select(subscriber.c.id).where(subscriber.c.ended_at.is_(None))).scalars())
    people = load_people(tx)
    return {id_: person for id_, person in people.items() if id_ in live and name in {u.name for u in person.channels}}


def tell(
    tx: Connection,
    subscriber_id: int,
    channels: Iterable[str],
    *,
    anchor: str,
    detail: Mapping[str, Any],
    now: datetime,
) -> None:
    """Write one message about no title, once: the same `anchor` is never told twice to the same person."""
    known = select(message.c.id).where(
        message.c.subscriber_id == subscriber_id, message.c.what == TROUBLE, message.c.anchor == anchor
    )
    if tx.execute(known).first():
        return
    row = {
        "subscriber_id": subscriber_id,
        "title_id": None,
        "season": NO_SEASON,
        "first": 0,
        "what": TROUBLE,
        "anchor": anchor,
        "kind": Kind.TROUBLE,
        "label": "",
        "planned": "TBA",
        "change_no": 0,
        "at": now,
        "useful_until": now + TROUBLE_USE,
        "decided_at": now,
        "detail": dict(detail),
    }
    message_id = tx.execute(insert(message).values(row).returning(message.c.id)).scalar_one()
    base = {
        "message_id": message_id,
        "subscriber_id": subscriber_id,
        "state": State.DUE,
        "due_at": now,
        "tried_at": now,
    }
    rows = [{**base, "channel": name} for name in channels]
    if rows:
        tx.execute(insert(delivery), rows)
