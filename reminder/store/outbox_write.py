"""The outbox: deliveries are claimed before they leave and closed after, under a lease and a fence (SPEC 4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, bindparam, func, literal_column, not_, select, update

from reminder.core.model.entities import Kind
from reminder.core.model.ledger import OPEN, Reason, State
from reminder.core.schedule.moments import AGAIN
from reminder.core.sending.retry import Refused, over_after
from reminder.platform import failpoints
from reminder.store.sql.any_of import one_of, one_of_those
from reminder.store.sql.engine import wiping
from reminder.store.sql.tables import OPEN_DELIVERY, SENDING_DELIVERY, channel, delivery, message, subscription

LEASE: Final = timedelta(minutes=1)
"""How long a claim holds unless it is renewed: longer than any one send, and with the next tick under two minutes."""


APART: Final = timedelta(minutes=2)
"""How far the clocks of two hosts may differ without one of them having been set back."""


def lease() -> timedelta:
    """Return how long a claim holds here: `LEASE`, but for a test."""
    return timedelta(seconds=failpoints.lease(LEASE.total_seconds()))


def look_again(tx: Connection, subscriber_id: int, message_id: int, now: datetime) -> None:
    """Have the subscription of a message that was lost looked at again: the person may be told what was missed."""
    mine = (subscription.c.subscriber_id == subscriber_id) & subscription.c.ended_at.is_(None)
    works = select(message.c.title_id).where(message.c.id == message_id).scalar_subquery()
    tx.execute(update(subscription).where(mine, subscription.c.title_id == works).values(next_due_at=now))


def postpone(tx: Connection, ids: Sequence[int], until: datetime, reason: str) -> None:
    """Put deliveries off to `until`; they were not tried."""
    tx.execute(update(delivery).where(one_of(delivery.c.id, ids)).values(due_at=until, reason=reason))


def postpone_person(tx: Connection, subscriber_id: int, now: datetime, until: datetime, reason: str) -> None:
    """Put off to `until` all that is due for one person."""
    theirs = update(delivery).where(OPEN_DELIVERY, delivery.c.subscriber_id == subscriber_id, delivery.c.due_at <= now)
    tx.execute(theirs.values(due_at=until, reason=reason))


def close(tx: Connection, ids: Sequence[int], state: State, reason: str, now: datetime) -> None:
    """Close deliveries that will not be sent, with the reason."""
    values = {"state": state, "reason": reason, "closed_at": now, "tried_at": now, "due_at": None}
    tx.execute(update(delivery).where(one_of(delivery.c.id, ids)).values(values))


def expire_on(tx: Connection, name: str, now: datetime) -> int:
    """Close what a channel has kept until its use was over; return how many. Their people may be told of it."""
    query = select(delivery, message.c.kind).join(message, delivery.c.message_id == message.c.id)
    rows = tx.execute(query.where(delivery.c.channel == name, OPEN_DELIVERY, message.c.useful_until < now)).all()
    for row in rows:
        reason = over_after(row.attempts, row.reason) if row.attempts else Reason.OVER
        close(tx, [row.id], State.EXPIRED, reason, now)
        look_again(tx, row.subscriber_id, row.message_id, now)
    wipe_codes(tx, [row.message_id for row in rows if row.kind == Kind.CODE])
    return len(rows)


def wipe_codes(tx: Connection, ids: Collection[int] | None = None) -> None:
    """Take the digits out of those of these messages that are codes and closed everywhere; of all messages for None.

    What stood in a SQLite file is overwritten.
    """
    if ids is not None and not ids:
        return
    open_ = select(delivery.c.id).where(delivery.c.message_id == message.c.id, delivery.c.state.in_(OPEN))
    over = (message.c.kind == Kind.CODE, message.c.detail.is_not(None), not_(open_.exists()))
    mine = [] if ids is None else [one_of(message.c.id, ids)]
    with wiping(tx):
        tx.execute(update(message).where(*over, *mine).values(detail=None))


def claim(tx: Connection, ids: Sequence[int], owner: str, now: datetime) -> None:
    """Take deliveries for `owner`: from here on a crash may repeat them, and nothing can lose them."""
    if not ids:
        return
    values = {
        "state": State.SENDING,
        "owner": owner,
        "lease_until": lease_end(tx),
        "attempts": delivery.c.attempts + 1,
        "tried_at": now,
    }
    tx.execute(update(delivery).where(one_of(delivery.c.id, ids)).values(values))


def lease_end(tx: Connection) -> ColumnElement[datetime]:
    """Return the end of a lease that begins now, by the database's own clock: hosts may disagree."""
    if tx.dialect.name == "sqlite":
        return literal_column(f"strftime('%Y-%m-%d %H:%M:%f000', 'now', '+{lease().total_seconds():.3f} seconds')")
    return func.now() + lease()


@dataclass(frozen=True, kw_only=True)
class DeliveryOutcome:
    """The result of one claimed delivery. `due_at` is set when it is to be tried again.

    `attempt` is the claim's number, the fence; `made` how many attempts count from now on, when it never left.
    """

    id: int
    attempt: int
    made: int | None = None
    state: State
    reason: str | None
    due_at: datetime | None = None
    plain: bool = False
    refused: Refused = Refused.NEVER


_RECORD = (
    update(delivery)
    .where(
        one_of_those(delivery.c.id, "of"),
        delivery.c.owner == bindparam("by"),
        delivery.c.attempts == bindparam("attempt"),
        delivery.c.state == State.SENDING,
    )
    .values(
        state=bindparam("new_state"),
        reason=bindparam("why"),
        due_at=bindparam("next_at"),
        plain=bindparam("as_plain"),
        refused=bindparam("stands"),
        attempts=bindparam("made"),
        tried_at=bindparam("now"),
        closed_at=bindparam("ended"),
        owner=None,
        lease_until=None,
    )
)


def record(tx: Connection, outcomes: Sequence[DeliveryOutcome], owner: str, now: datetime) -> int:
    """Write how deliveries went; return how many were still ours. One that another took over is left alone."""
    if not outcomes:
        return 0
    same: dict[Hashable, list[DeliveryOutcome]] = defaultdict(list)
    for item in outcomes:
        same[item.attempt, item.made, item.state, item.reason, item.due_at, item.plain, item.refused].append(item)
    rows = [
        {
            "of": [each.id for each in (item, *others)],
            "by": owner,
            "attempt": item.attempt,
            "made": item.attempt if item.made is None else item.made,
            "new_state": item.state,
            "why": item.reason,
            "next_at": item.due_at,
            "as_plain": int(item.plain),
            "stands": None if item.refused is Refused.NEVER else item.refused,
            "now": now,
            "ended": None if item.due_at else now,
        }
        for item, *others in same.values()
    ]
    return tx.execute(_RECORD, rows).rowcount


def supersede_stale(tx: Connection, ids: Sequence[int], now: datetime) -> int:
    """Close those of `ids` that a newer message about the same release has overtaken on the same channel."""
    newer_message, newer = message.alias("newer_message"), delivery.alias("newer")
    overtaken = (
        select(delivery.c.id)
        .join(message, delivery.c.message_id == message.c.id)
        .join(
            newer_message,
            and_(
                newer_message.c.subscriber_id == message.c.subscriber_id,
                newer_message.c.title_id == message.c.title_id,
                newer_message.c.season == message.c.season,
                newer_message.c.first == message.c.first,
                newer_message.c.id > message.c.id,
            ),
        )
        .join(newer, and_(newer.c.message_id == newer_message.c.id, newer.c.channel == delivery.c.channel))
        .where(one_of(delivery.c.id, ids), delivery.c.state == State.RETRYING, message.c.what != AGAIN)
        .where(newer.c.state.in_([*OPEN, State.SENT]))
    )
    found = list(tx.execute(overtaken).scalars())
    if found:
        close(tx, found, State.SUPERSEDED, Reason.BY_LATER, now)
    return len(found)


def renew(tx: Connection, owner: str) -> int:
    """Hold on to all that `owner` has on its way, for one more lease; return how many that are."""
    mine = update(delivery).where(SENDING_DELIVERY, delivery.c.owner == owner)
    return tx.execute(mine.values(lease_until=lease_end(tx))).rowcount


def pull_in(tx: Connection, now: datetime) -> int:
    """Let what was tried by a clock that has since been set back be tried at `now`; return how many that are.

    Their waits were counted from an instant that has yet to come. Where several hosts share the database, it may also
    be another's clock that is a little ahead.
    """
    apart = timedelta(0) if tx.dialect.name == "sqlite" else APART
    ahead = update(delivery).where(OPEN_DELIVERY, delivery.c.tried_at > now + apart)
    return tx.execute(ahead.values(due_at=now, tried_at=now)).rowcount


def take_over(tx: Connection, now: datetime, *, all_of_them: bool) -> int:
    """Hand back what a dead daemon held: everything on SQLite, where there is one daemon; else what its lease freed."""
    query = update(delivery).where(SENDING_DELIVERY)
    if not all_of_them:
        query = query.where(delivery.c.lease_until < func.now())
    values = {"state": State.RETRYING, "due_at": now, "reason": "taken over: it may have arrived", "owner": None}
    return tx.execute(query.values(values)).rowcount


def give_up(tx: Connection, owner: str, but: Collection[int], now: datetime) -> int:
    """Give up what `owner` has claimed, `but` those that it knows of; return how many that are. They never left."""
    mine = select(delivery.c.id).where(SENDING_DELIVERY, delivery.c.owner == owner)
    lost = [id_ for id_ in tx.execute(mine).scalars() if id_ not in but]
    values = {"state": State.RETRYING, "due_at": now, "reason": "the database was lost while it was claimed"}
    if lost:
        tx.execute(update(delivery).where(one_of(delivery.c.id, lost)).values(values))
    return len(lost)


def hand_back(tx: Connection, owner: str, now: datetime) -> int:
    """Give up what this process claimed and did not finish, so that the next one goes on at once."""
    mine = update(delivery).where(SENDING_DELIVERY, delivery.c.owner == owner)
    values = {"state": State.RETRYING, "due_at": now, "reason": "stopped while sending: it may have arrived"}
    return tx.execute(mine.values(values)).rowcount


def parked_channels(tx: Connection) -> dict[str, datetime]:
    """Return the channels that failed by their own fault, and since when."""
    return {row.name: row.parked_at for row in tx.execute(_PARKED)}


_PARKED: Final = select(channel.c.name, channel.c.parked_at).where(channel.c.parked_at.is_not(None))
