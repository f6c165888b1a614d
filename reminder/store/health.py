"""Answers a monitor's questions to the database: what is overdue, and how each channel is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, func, literal, not_, or_, select

from reminder.core.model.channels import base_name
from reminder.core.model.ledger import WAITS_FOR_A_MEND
from reminder.core.model.own import is_proved
from reminder.core.sending.clock_guard import behind_ledger
from reminder.core.sending.health import Vitals
from reminder.core.wording import enumerated
from reminder.store.asking_faults import asking_faults
from reminder.store.asks import A_PROOF
from reminder.store.blockers import overdue_blockers
from reminder.store.bots import unread_bots
from reminder.store.load_plans import newest_row
from reminder.store.people import WEB, load_people
from reminder.store.sql.tables import (
    ASKED_DELIVERY,
    OPEN_DELIVERY,
    channel,
    delivery,
    message,
    subscriber,
    subscription,
    title,
)
from reminder.store.streaks import silent_network


@dataclass(frozen=True, kw_only=True)
class Backlog:
    """The work that should have been done by now: how much, and since when (None for nothing).

    `to_plan` counts new subscriptions that wait for the next sweep, and are not known to be late for anything.
    """

    count: int
    oldest_at: datetime | None
    to_plan: int = 0


@dataclass(frozen=True, kw_only=True)
class ChannelState:
    """The state of one channel. `parked_at` is set while it fails by its own fault; `waiting` ones are still open."""

    name: str
    last_success_at: datetime | None
    last_failure_at: datetime | None
    last_failure: str | None
    parked_at: datetime | None
    reason: str | None
    waiting: int


def backlog(tx: Connection, now: datetime) -> Backlog:
    """Return what is overdue at `now`: to be decided, to be tried, or put off as it cannot be planned or worded."""
    late = subscription.c.next_due_at < now
    pointers = select(func.count(), func.min(subscription.c.next_due_at)).where(late, not_(_IS_NEW), not_(_IS_PUT_OFF))
    unplanned = select(func.count(), func.min(subscription.c.put_off_at)).where(_IS_PUT_OFF)
    tries = select(func.count(), func.min(delivery.c.due_at)).where(OPEN_DELIVERY, delivery.c.due_at < now)
    mends = select(func.count(), func.min(delivery.c.tried_at)).where(OPEN_DELIVERY, delivery.c.due_at >= now)
    mends = mends.where(delivery.c.reason.in_(WAITS_FOR_A_MEND))
    found = [tx.execute(query).one() for query in (pointers, unplanned, tries, mends)]
    return Backlog(
        count=sum(row[0] for row in found),
        oldest_at=min((row[1] for row in found if row[1]), default=None),
        to_plan=tx.execute(select(func.count()).select_from(subscription).where(late, _IS_NEW)).scalar_one(),
    )


_IS_PUT_OFF: Final = and_(subscription.c.put_off_at.is_not(None), subscription.c.ended_at.is_(None))
_IS_NEW: Final = or_(
    subscription.c.next_due_at <= subscription.c.began_at,
    func.coalesce(subscription.c.next_due_at == subscription.c.muted_at, literal(False)),
)
"""A subscription that a command began, or muted, and no sweep has looked at since: nothing of it is known to be due."""


def vitals(tx: Connection, names: Collection[str], now: datetime) -> Vitals:
    """Return what the database tells of how the service fares, with the channels of these names (SPEC 7, `health`).

    `health`, `/healthz`, `health --tell` and the weekly sign of life all say what comes of this.
    """
    late = backlog(tx, now)
    doubt = behind_ledger(now, newest_row(tx))
    parked = select(channel.c.name, channel.c.reason).where(channel.c.parked_at.is_not(None)).order_by(channel.c.name)
    broken = {row.name: row.reason or "" for row in tx.execute(parked) if row.name in names}
    silent = [each.since for each in silent_network(tx, names) if each.is_of_network(now)]
    return Vitals(
        swept_at=None,
        clock_problem=doubt.reason if doubt else None,
        oldest_overdue_at=late.oldest_at,
        parked=broken,
        unreached_since=min(silent, default=None),
        unasked=tuple(map(str, asking_faults(tx).values())),
        locked=tuple(map(str, overdue_blockers(tx, late.oldest_at, now))),
        unplanned=unplanned(tx),
        unread={bot.channel: bot.trouble or "" for bot in unread_bots(tx) if bot.channel in names},
        stranded=stranded(tx, names),
    )


def stranded(tx: Connection, names: Collection[str]) -> dict[str, str]:
    """Return those who have joined and whom nothing reaches, as the config has none of their channels, and which."""
    found: dict[str, str] = {}
    joined = select(subscriber.c.id).where(subscriber.c.origin == WEB, subscriber.c.ended_at.is_(None))
    for person in load_people(tx, tx.execute(joined).scalars()).values():
        bases = sorted({base_name(use.name) for use in person.channels if is_proved(use)})
        if bases and not set(bases) & set(names):
            found[person.name] = enumerated(bases)
    return found


NAMED: Final = 3
"""So many of what cannot be planned are named."""


def unplanned(tx: Connection) -> tuple[str, ...]:
    """Return whose messages about which title cannot be planned, as sentences; of many the first few and a count."""
    query = select(title.c.name, subscriber.c.name.label("who")).select_from(
        subscription.join(title, title.c.id == subscription.c.title_id).join(
            subscriber, subscriber.c.id == subscription.c.subscriber_id
        )
    )
    rows = tx.execute(query.where(_IS_PUT_OFF).order_by(subscription.c.put_off_at, subscription.c.id)).all()
    said = [f"{row.name}: what {row.who} is to hear of it cannot be planned: the log says why" for row in rows[:NAMED]]
    more = [f"{len(rows) - NAMED} more cannot be planned"] if len(rows) > NAMED else []
    return (*said, *more)


def channel_states(tx: Connection) -> dict[str, ChannelState]:
    """Return how every channel that was ever known fares, by name."""
    waiting = select(delivery.c.channel, func.count().label("number")).where(OPEN_DELIVERY).group_by(delivery.c.channel)
    open_on = Counter({row.channel: row.number for row in tx.execute(waiting)})
    open_on.subtract(_proofs_waiting(tx))
    return {
        row.name: ChannelState(
            name=row.name,
            last_success_at=row.last_success_at,
            last_failure_at=row.last_failure_at,
            last_failure=row.last_failure,
            parked_at=row.parked_at,
            reason=row.reason,
            waiting=open_on[row.name],
        )
        for row in tx.execute(select(channel).order_by(channel.c.name))
    }


def waiting_of(tx: Connection, subscriber_id: int) -> dict[str, int]:
    """Return how many deliveries to one person wait on each channel, by the channel's name."""
    theirs = select(delivery.c.channel, func.count().label("number")).where(
        OPEN_DELIVERY, delivery.c.subscriber_id == subscriber_id
    )
    open_on = Counter({row.channel: row.number for row in tx.execute(theirs.group_by(delivery.c.channel))})
    return open_on - _proofs_waiting(tx, delivery.c.subscriber_id == subscriber_id)


def _proofs_waiting(tx: Connection, *of: ColumnElement[bool]) -> Counter[str]:
    """Return how many codes wait by which an address is to prove itself: no reminder waits for those."""
    counted = select(delivery.c.channel, func.count().label("number")).join(message).where(ASKED_DELIVERY, *of)
    rows = tx.execute(counted.where(message.c.what == A_PROOF.what).group_by(delivery.c.channel))
    return Counter({row.channel: row.number for row in rows})
