"""How each channel fares: its last success and failure, whether it is parked, and who must hear that it is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, func, insert, select, update

from reminder.core.ledger import State
from reminder.core.model import Kind, Subscriber
from reminder.core.when import UNKNOWN
from reminder.store.among import Pair
from reminder.store.codec import NO_SEASON
from reminder.store.people import find_people, load_people, people_on
from reminder.store.tables import OPEN_DELIVERY, channel, delivery, message
from reminder.store.titles import chunks

TROUBLE_USE: Final = timedelta(days=30)
"""How long a `trouble` message waits for a channel that works; it is dropped when the trouble is over."""

TROUBLE: Final = "trouble"


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a message about no title is: its kind, its part of the key, and how long it is worth sending."""

    kind: Kind = Kind.TROUBLE
    what: str = TROUBLE
    use: timedelta = TROUBLE_USE


TROUBLED: Final = Said()

LONGEST_PARKED: Final = timedelta(hours=1)
"""How long at most nothing is tried on a parked channel (SPEC 4, "Failure")."""


def hold_channels(tx: Connection, names: Collection[str]) -> None:
    """Keep these channels to this transaction, in the one order in which everybody does, so that none waits in a ring."""
    if tx.dialect.name != "sqlite" and len(names) > 1:
        query = select(channel.c.name).where(channel.c.name.in_(names)).order_by(channel.c.name)
        tx.execute(query.with_for_update())


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


def queue_behind(tx: Connection, name: str, now: datetime) -> None:
    """Let what newly comes due on a parked channel wait for the try that is set there already, an hour at most."""
    waits = (delivery.c.channel == name, OPEN_DELIVERY, delivery.c.attempts > 0, delivery.c.due_at > now)
    next_at = tx.execute(select(func.min(delivery.c.due_at)).where(*waits)).scalar()
    if next_at is None:
        return
    reason = select(channel.c.reason).where(channel.c.name == name).scalar_subquery()
    fresh = (delivery.c.channel == name, OPEN_DELIVERY, delivery.c.attempts == 0, delivery.c.due_at <= now)
    values = {"due_at": min(next_at, now + LONGEST_PARKED), "reason": reason}
    tx.execute(update(delivery).where(*fresh).values(values))


def tell_of_outage(tx: Connection, name: str, reason: str, now: datetime, *, also: str = "") -> int:
    """Write one `trouble` message for each person of a channel who has another; return how many (SPEC 4, "Failure").

    `also` is somebody who hears of it whether they use the channel or not.
    """
    outage = tx.execute(select(channel.c.outages).where(channel.c.name == name)).scalar_one()
    waiting = tx.execute(select(func.count()).where(delivery.c.channel == name, OPEN_DELIVERY)).scalar_one()
    detail = {"channel": name, "reason": reason, "since": now.isoformat(), "waiting": waiting}
    broken = set(tx.execute(select(channel.c.name).where(channel.c.parked_at.is_not(None))).scalars())
    told = {**people_on(tx, name), **(find_people(tx, also) if also else {})}
    others = {id_: _others(person, name, broken) for id_, person in told.items()}
    return tell_all(tx, others, anchor=f"{name} #{outage}", detail=detail, now=now)


def tell_of_refusal(tx: Connection, pair: Pair, reason: str, now: datetime) -> None:
    """Tell one person, over their other channels, that their address on a shared one refuses what is sent."""
    subscriber_id, name = pair
    person = load_people(tx, [subscriber_id])[subscriber_id]
    detail = {"channel": name, "reason": reason, "since": now.isoformat(), "address": True}
    others = _others(person, name, set())
    tell(tx, subscriber_id, others, anchor=f"{name} {now.isoformat()}", detail=detail, now=now)


def _others(person: Subscriber, name: str, broken: Collection[str]) -> list[str]:
    """Return the person's channels but `name` that take it: those that work, or all of them when none does."""
    others = [use.name for use in person.channels if use.name != name and use.takes(Kind.TROUBLE, None)]
    return [other for other in others if other not in broken] or others


def tell(
    tx: Connection,
    subscriber_id: int,
    channels: Iterable[str],
    *,
    anchor: str,
    detail: Mapping[str, Any],
    now: datetime,
    said: Said = TROUBLED,
) -> int:
    """Write one message about no title, once: the same `anchor` is never told twice to the same person.

    Returns how many people it goes to.
    """
    return tell_all(tx, {subscriber_id: tuple(channels)}, anchor=anchor, detail=detail, now=now, said=said)


def tell_all(
    tx: Connection,
    channels: Mapping[int, Collection[str]],
    *,
    anchor: str,
    detail: Mapping[str, Any],
    now: datetime,
    said: Said = TROUBLED,
) -> int:
    """Write one such message for each subscriber, over the channels given; return how many people it goes to.

    Who was told under this `anchor` before, or has no channel for it, is left out.
    """
    known = select(message.c.subscriber_id).where(
        message.c.what == said.what, message.c.anchor == anchor, message.c.title_id.is_(None)
    )
    told = {
        id_
        for part in chunks(sorted(channels))
        for id_ in tx.execute(known.where(message.c.subscriber_id.in_(part))).scalars()
    }
    to_tell = [id_ for id_, names in channels.items() if names and id_ not in told]
    if not to_tell:
        return 0
    rows = [_row(id_, anchor, detail, now, said) for id_ in to_tell]
    made = {row.subscriber_id: row.id for row in tx.execute(_INSERT, rows)}
    tx.execute(insert(delivery), [_slot(id_, of, name, now) for id_, of in made.items() for name in channels[id_]])
    return len(to_tell)


_INSERT: Final = insert(message).returning(message.c.id, message.c.subscriber_id)


def _row(subscriber_id: int, anchor: str, detail: Mapping[str, Any], now: datetime, said: Said) -> dict[str, Any]:
    return {
        "subscriber_id": subscriber_id,
        "title_id": None,
        "season": NO_SEASON,
        "first": 0,
        "what": said.what,
        "anchor": anchor,
        "kind": said.kind,
        "label": "",
        "planned": UNKNOWN.show(),
        "change_no": 0,
        "at": now,
        "useful_until": now + said.use,
        "decided_at": now,
        "detail": dict(detail),
    }


def _slot(subscriber_id: int, message_id: int, name: str, now: datetime) -> dict[str, Any]:
    return {
        "message_id": message_id,
        "subscriber_id": subscriber_id,
        "channel": name,
        "state": State.DUE,
        "due_at": now,
        "tried_at": now,
    }
