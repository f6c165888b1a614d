"""One title and one person, by the title's number: whether they follow it, what they were sent of it, who else does."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, func, select

from reminder.core.dates.parse import load_when
from reminder.core.dates.when import When
from reminder.core.model.entities import Kind
from reminder.core.model.lead import Ladder
from reminder.core.model.ledger import OPEN, Ref, State
from reminder.store.load_plans import SubscriptionSnapshot, case_at
from reminder.store.sql.codec import load_listing, ref_of
from reminder.store.sql.tables import CHOOSING, delivery, message, subscriber, subscription, title
from reminder.store.title_commands import StoredTitle

LARGEST: Final = 2**63 - 1
"""A database takes no larger number."""


def title_of(tx: Connection, number: int, *, lock: bool = False) -> StoredTitle | None:
    """Return the title of this number, also one that is no longer watched; None where there is none.

    With `lock` nobody else changes it until the transaction ends.
    """
    # A weaker lock lets others refer to the title meanwhile: a sweep that writes down messages about it does.
    query = _TITLE.with_for_update(key_share=True) if lock else _TITLE
    row = tx.execute(query, {"number": number}).first() if 0 <= number <= LARGEST else None
    if row is None:
        return None
    return StoredTitle(id=row.id, listing=load_listing(row.key, row.spec), origin=row.origin, ended_at=row.ended_at)


_TITLE: Final = select(title).where(title.c.id == bindparam("number"))


@dataclass(frozen=True, kw_only=True)
class Following:
    """One person's subscription to one title: from when on, and until when (None: to this day).

    `origin` tells whether they chose it or it is listed for them, `own_ladder` which leads they have taken for it,
    `stopped_at` when they stopped what is listed; `listed_in` is what lists the person.
    """

    id: int
    subscriber_id: int
    began_at: datetime
    ended_at: datetime | None
    origin: str
    own_ladder: Ladder | None
    stopped_at: datetime | None
    listed_in: str


def following_of(tx: Connection, number: int, name: str) -> Following | None:
    """Return how a person follows, or has followed, the title of this number; None for one who never did."""
    row = tx.execute(_FOLLOWING, {"number": number, "name": name}).first()
    if row is None:
        return None
    own = Ladder.load(row.own_ladder) if row.own_ladder is not None else None
    return Following(**{**row._mapping, "own_ladder": own})


_FOLLOWING: Final = (
    select(
        *(subscription.c[name] for name in ("id", "subscriber_id", "began_at", "ended_at")),
        *(subscription.c[name] for name in ("origin", "own_ladder", "stopped_at")),
        subscriber.c.origin.label("listed_in"),
    )
    .join(subscriber, subscription.c.subscriber_id == subscriber.c.id)
    .where(subscription.c.title_id == bindparam("number"), subscriber.c.name == bindparam("name"))
)


def case_of(tx: Connection, following: Following) -> SubscriptionSnapshot | None:
    """Return a subscription with all that a plan needs to know of it; None where it has ended, or cannot be read."""
    return next(iter(case_at(tx, following.id)), None) if following.ended_at is None else None


# What was sent -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class ChannelResult:
    """One message on one channel (None: on none): how it stands, since when, why, and when it is tried next."""

    id: int
    channel: str | None
    state: State
    at: datetime
    reason: str | None
    next_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class LedgerMessage:
    """One message of the ledger with all its deliveries.

    `what` is its part of the key, `planned` the date that it tells, and `at` its own moment.
    """

    id: int
    ref: Ref
    what: str
    label: str
    kind: Kind
    lead: str | None
    planned: When
    heard: When | None
    change_no: int
    at: datetime
    results: tuple[ChannelResult, ...]


def messages_to(tx: Connection, number: int, subscriber_id: int) -> tuple[LedgerMessage, ...]:
    """Return what the ledger holds for a person of the title of this number, in the order in which it was decided."""
    by_message: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in tx.execute(_MESSAGES, {"number": number, "who": subscriber_id}):
        by_message[row.id].append(row)
    return tuple(_message(rows) for rows in by_message.values())


_MESSAGES: Final = (
    select(message, *(delivery.c[name].label(f"delivery_{name}") for name in ("id", "channel", "state", "reason")))
    .add_columns(delivery.c.tried_at, delivery.c.due_at)
    .join(delivery, delivery.c.message_id == message.c.id)
    .where(message.c.subscriber_id == bindparam("who"), message.c.title_id == bindparam("number"))
    .order_by(message.c.id, delivery.c.id)
)


def _message(rows: list[Row[Any]]) -> LedgerMessage:
    first = rows[0]
    return LedgerMessage(
        id=first.id,
        ref=ref_of(first.season, first.first),
        what=first.what,
        label=first.label,
        kind=Kind(first.kind),
        lead=first.lead,
        planned=load_when(first.planned),
        heard=load_when(first.heard) if first.heard is not None else None,
        change_no=first.change_no,
        at=first.at,
        results=tuple(map(_result, rows)),
    )


def _result(row: Row[Any]) -> ChannelResult:
    state = State(row.delivery_state)
    return ChannelResult(
        id=row.delivery_id,
        channel=row.delivery_channel,
        state=state,
        at=row.tried_at,
        reason=row.delivery_reason,
        next_at=row.due_at if state in OPEN else None,
    )


# Who else follows it -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Followers:
    """Who follows a title: how many they are, and the names of those whom the config lists, as far as they fit."""

    number: int
    names: tuple[str, ...]


def followers_of(tx: Connection, number: int, most: int) -> Followers:
    """Return who follows the title of this number, with `most` names at most: there may be a million of them."""
    names = tx.execute(_NAMES, {"number": number, "most": most}).scalars()
    return Followers(number=tx.execute(_COUNT, {"number": number}).scalar_one(), names=tuple(names))


def stopped_by(tx: Connection, number: int) -> list[tuple[str, datetime]]:
    """Return who has stopped following the title of this number, and when, of those who are not merely imported."""
    return [(row.name, row.stopped_at) for row in tx.execute(_STOPPED, {"number": number})]


_LIVE: Final = (subscription.c.title_id == bindparam("number"), subscription.c.ended_at.is_(None))
_COUNT: Final = select(func.count()).select_from(subscription).where(*_LIVE)
_NAMES: Final = (
    select(subscriber.c.name)
    .join(subscription, subscription.c.subscriber_id == subscriber.c.id)
    .where(*_LIVE, CHOOSING)
    .order_by(subscriber.c.id)
    .limit(bindparam("most"))
)
_STOPPED: Final = (
    select(subscriber.c.name, subscription.c.stopped_at)
    .join(subscription, subscription.c.subscriber_id == subscriber.c.id)
    .where(subscription.c.title_id == bindparam("number"), subscription.c.stopped_at.is_not(None))
    .where(CHOOSING, subscriber.c.ended_at.is_(None))
    .order_by(subscriber.c.id)
)
