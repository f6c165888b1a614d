"""Keeps each channel's health: its last success and failure, whether it is parked, and who must hear of that."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, func, insert, not_, or_, select, update

from reminder.core.dates.when import UNKNOWN
from reminder.core.model.entities import Kind, Subscriber
from reminder.core.model.ledger import OPEN, State
from reminder.core.sending.retry import Refused
from reminder.store.outbox_write import expire_on
from reminder.store.people import find_people, load_people, people_on
from reminder.store.sql.any_of import Pair
from reminder.store.sql.codec import NO_SEASON
from reminder.store.sql.tables import ASKED_UNTRIED, OPEN_DELIVERY, channel, delivery, message, source
from reminder.store.titles import chunks

TROUBLE_USE: Final = timedelta(days=30)
"""How long a `trouble` message waits for a channel that works; it is dropped when the trouble is over."""

TROUBLE: Final = "trouble"


@dataclass(frozen=True, kw_only=True)
class OwnMessage:
    """A message about no title: its kind, its part of the key, its use, and from when (None: now).

    `is_asked` tells that somebody has asked for it, and waits.
    """

    kind: Kind = Kind.TROUBLE
    what: str = TROUBLE
    use: timedelta = TROUBLE_USE
    at: datetime | None = None
    is_asked: bool = False


TROUBLED: Final = OwnMessage()

LONGEST_PARKED: Final = timedelta(hours=1)
"""How long at most nothing is tried on a parked channel (SPEC 4, "Failure")."""

GATHERING: Final = timedelta(minutes=10)
"""So long refused addresses are gathered before the operator is told how many there are."""

REFUSALS: Final = "refusals"
"""Marks the message that tells the operator so; the number is counted when it is sent."""

AFTER_THE_TRY: Final = timedelta(minutes=1)
"""So long after the hourly try the others on a parked channel wait for what comes of it: longer than a try may take."""


def lock_channels(tx: Connection, names: Collection[str]) -> None:
    """Lock these channels for this transaction, in the one order in which everybody does, so that none deadlocks."""
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


def note_answers(tx: Connection, names: Collection[str], now: datetime) -> None:
    """Remember that the services of these channels said something at `now`, whatever it was: they could be reached."""
    if names:
        tx.execute(update(channel).where(channel.c.name.in_(names)).values(answered_at=now))


def answered_elsewhere(tx: Connection, name: str) -> datetime | None:
    """Return when anything but this channel was last reached: another channel, or a source."""
    others = tx.execute(select(func.max(channel.c.answered_at)).where(channel.c.name != name)).scalar()
    sources = tx.execute(select(func.max(source.c.last_success_at))).scalar()
    return max((at for at in (others, sources) if at is not None), default=None)


def park(tx: Connection, name: str, reason: str, until: datetime, now: datetime) -> bool:
    """Hold everything for a channel until `until`; return whether it worked so far. The reason is the service's own.

    At `until` one delivery is tried, the one whose last try is longest ago; the others wait a little longer, so that
    what comes of it decides about them. What was kept there until its use was over is closed.
    """
    expire_on(tx, name, now)
    here = (delivery.c.channel == name, OPEN_DELIVERY)
    later = until + AFTER_THE_TRY
    waits = or_(delivery.c.due_at < later, delivery.c.refused == Refused.WAITS)
    tx.execute(update(delivery).where(*here, waits, not_(ASKED_UNTRIED)).values(due_at=later, reason=reason))
    ready = (
        select(delivery.c.id)
        .where(*here, delivery.c.due_at == later)
        .order_by(delivery.c.tried_at, delivery.c.attempts, delivery.c.id)
    )
    first = tx.execute(ready.limit(1)).scalar()
    tx.execute(update(delivery).where(delivery.c.id == first).values(due_at=until))
    this = update(channel).where(channel.c.name == name)
    newly = this.where(channel.c.parked_at.is_(None)).values(parked_at=now, outages=channel.c.outages + 1)
    is_new = tx.execute(newly).rowcount == 1
    tx.execute(this.values(reason=reason, next_at=until))
    return is_new


def try_at(tx: Connection, name: str, at: datetime) -> None:
    """Have the next try on a channel that is parked at `at`."""
    parked = update(channel).where(channel.c.name == name, channel.c.parked_at.is_not(None))
    tx.execute(parked.values(next_at=at))


def examined(tx: Connection) -> dict[str, str | None]:
    """Return under which mark each channel was last seen to be one that can be built, or cannot; None for never."""
    return {row.name: row.examined for row in tx.execute(select(channel.c.name, channel.c.examined))}


def note_examined(tx: Connection, name: str, mark: str) -> None:
    """Remember under which mark a channel was looked at."""
    tx.execute(update(channel).where(channel.c.name == name).values(examined=mark))


def queue_behind(tx: Connection, name: str, now: datetime) -> None:
    """Let what newly comes due on a parked channel wait for the try that is set there already."""
    row = tx.execute(select(channel.c.next_at, channel.c.reason).where(channel.c.name == name)).one()
    if row.next_at is None or not now < row.next_at <= now + LONGEST_PARKED + AFTER_THE_TRY:
        return  # it has come, or was set by a clock that has gone back since
    fresh = (delivery.c.channel == name, OPEN_DELIVERY, delivery.c.attempts == 0, delivery.c.due_at <= now)
    tx.execute(
        update(delivery)
        .where(*fresh, not_(ASKED_UNTRIED))
        .values(due_at=row.next_at + AFTER_THE_TRY, reason=row.reason)
    )


def tell_of_outage(tx: Connection, name: str, reason: str, now: datetime, *, operator: str = "") -> int:
    """Write one `trouble` message for each person of a channel who has another; return how many (SPEC 4).

    The operator hears of it too where somebody has no other, or nobody has the channel.
    """
    outage = tx.execute(select(channel.c.outages).where(channel.c.name == name)).scalar_one()
    waiting = tx.execute(select(func.count()).where(delivery.c.channel == name, OPEN_DELIVERY)).scalar_one()
    detail = {"channel": name, "reason": reason, "since": now.isoformat(), "waiting": waiting}
    broken = set(tx.execute(select(channel.c.name).where(channel.c.parked_at.is_not(None))).scalars())
    others = {id_: others_of(person, name, broken) for id_, person in people_on(tx, name).items()}
    if not others or not all(others.values()):
        others |= {id_: others_of(person, name, broken) for id_, person in find_people(tx, operator).items()}
    return tell_all(tx, others, anchor=f"{name} #{outage}", detail=detail, now=now)


def tell_of_refusal(tx: Connection, pair: Pair, reason: str, now: datetime, *, operator: str = "") -> None:
    """Tell one person, over their other channels, that their address on a shared one refuses what is sent.

    The operator is told how many do, of all together, once a day at most.
    """
    subscriber_id, name = pair
    person = load_people(tx, [subscriber_id])[subscriber_id]
    detail = {"channel": name, "reason": reason, "since": now.isoformat(), "address": True}
    others = others_of(person, name, set())
    tell(tx, subscriber_id, others, anchor=f"{name} {now.isoformat()}", detail=detail, now=now)
    for id_, who in find_people(tx, operator).items():
        _count_for(tx, id_, who, now)


def _count_for(tx: Connection, operator_id: int, operator: Subscriber, now: datetime) -> None:
    """Have the operator told soon how many addresses refuse, unless that is under way; a day after the last time."""
    counted = (message.c.subscriber_id == operator_id, message.c.what == TROUBLE, message.c.title_id.is_(None))
    query = select(message.c.id, message.c.at).where(*counted, message.c.anchor.like(f"{REFUSALS} %"))
    last = tx.execute(query.order_by(message.c.at.desc()).limit(1)).one_or_none()
    if last is not None and _is_under_way(tx, last.id):
        return
    at = now + GATHERING if last is None else max(now + GATHERING, last.at + timedelta(days=1))
    uses = [use.name for use in operator.channels if use.takes(Kind.TROUBLE, None)]
    tell(
        tx,
        operator_id,
        uses,
        anchor=f"{REFUSALS} {at.isoformat()}",
        detail={REFUSALS: True},
        now=now,
        said=OwnMessage(at=at),
    )


def _is_under_way(tx: Connection, message_id: int) -> bool:
    query = select(delivery.c.id).where(delivery.c.message_id == message_id, delivery.c.state.in_(OPEN)).limit(1)
    return tx.execute(query).first() is not None


def others_of(person: Subscriber, name: str, broken: Collection[str]) -> list[str]:
    """Return the person's channels but `name` that take it: those that work, or all of them when none does."""
    others = [use.name for use in person.channels if use.name != name and use.takes(Kind.TROUBLE, None)]
    return [other for other in others if other not in broken] or others


def tell_operator(
    tx: Connection, operator: str, subject: str, lines: Iterable[str], *, anchor: str, now: datetime
) -> None:
    """Tell the operator of a trouble that no channel has: the disk, the clock, a source, the network."""
    for subscriber_id, person in find_people(tx, operator).items():
        uses = [use.name for use in person.channels if use.takes(Kind.TROUBLE, None)]
        tell(tx, subscriber_id, uses, anchor=anchor, detail={"subject": subject, "lines": list(lines)}, now=now)


def tell(
    tx: Connection,
    subscriber_id: int,
    channels: Iterable[str],
    *,
    anchor: str,
    detail: Mapping[str, Any],
    now: datetime,
    said: OwnMessage = TROUBLED,
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
    said: OwnMessage = TROUBLED,
) -> int:
    """Write one such message for each subscriber, over the channels given; return how many people it goes to.

    Who was told under this `anchor` before, or has no channel for it, is left out.
    """
    told = _told(tx, sorted(channels), said.what, anchor)
    to_tell = [id_ for id_, names in channels.items() if names and id_ not in told]
    if not to_tell:
        return 0
    rows = [_row(id_, anchor, detail, now, said) | {"at": said.at or now} for id_ in to_tell]
    made = {row.subscriber_id: row.id for row in tx.execute(_INSERT, rows)}
    slots = [_slot(id_, of, name, now) for id_, of in made.items() for name in channels[id_]]
    tx.execute(insert(delivery), [slot | {"due_at": said.at or now, "asked": int(said.is_asked)} for slot in slots])
    return len(to_tell)


_INSERT: Final = insert(message).returning(message.c.id, message.c.subscriber_id)


def _row(subscriber_id: int, anchor: str, detail: Mapping[str, Any], now: datetime, said: OwnMessage) -> dict[str, Any]:
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


def _told(tx: Connection, ids: Sequence[int], what: str, anchor: str) -> set[int]:
    """Return which of these people were told such a thing under this anchor."""
    known = select(message.c.subscriber_id).where(
        message.c.what == what, message.c.anchor == anchor, message.c.title_id.is_(None)
    )
    parts = (tx.execute(known.where(message.c.subscriber_id.in_(part))).scalars() for part in chunks(ids))
    return {id_ for part in parts for id_ in part}
