"""The ledger as it is read by people: one line for each delivery, newest first; and deliveries tried again by hand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, or_, select, update

from reminder.core.dates.parse import load_when
from reminder.core.dates.when import When
from reminder.core.model.entities import Kind
from reminder.core.model.ledger import OPEN, State
from reminder.store.sql.any_of import one_of
from reminder.store.sql.tables import channel, delivery, message, subscriber, title
from reminder.store.titles import SOURCE, chunks


@dataclass(frozen=True, kw_only=True)
class Filter:
    """The lines that are wanted; None for any. `title_keys` are titles' keys, `title_ids` their numbers.

    `before` is the place of a line, its last try and its number: the older ones behind it are wanted.
    """

    title_keys: frozenset[str] | None = None
    title_ids: Collection[int] | None = None
    subscriber: str | None = None
    channel: str | None = None
    state: State | None = None
    ids: tuple[int, ...] | None = None
    before: tuple[datetime, int] | None = None


@dataclass(frozen=True, kw_only=True)
class HistoryEntry:
    """One delivery. `at` is its last try or verdict, `due_at` the message's own moment, `next_at` the next try.

    `title` and `release` are None for what is about no title; `when` is the date that the message tells.
    `source` is the one that the title's dates are from, None where they are written by hand. `what` is the message's
    part of its key.
    """

    id: int
    at: datetime
    due_at: datetime
    next_at: datetime | None
    subscriber: str
    channel: str | None
    title: str | None
    release: str | None
    when: When
    kind: Kind
    lead: str | None
    state: State
    reason: str | None
    attempts: int
    source: str | None = None
    title_id: int | None = None
    what: str = ""


def history(tx: Connection, wanted: Filter, *, limit: int | None = None) -> list[HistoryEntry]:
    """Return the deliveries that `wanted` asks for, the newest first, at most `limit` of them."""
    return [_line(row) for row in tx.execute(_LINES.where(*_conditions(wanted)).limit(limit))]


def count(tx: Connection, wanted: Filter) -> int:
    """Return how many deliveries `wanted` asks for."""
    number: int = tx.execute(select(func.count()).select_from(_TABLES).where(*_conditions(wanted))).scalar_one()
    return number


_TABLES = (
    delivery.join(message, delivery.c.message_id == message.c.id)
    .join(subscriber, delivery.c.subscriber_id == subscriber.c.id)
    .outerjoin(title, message.c.title_id == title.c.id)
)
_OF_DELIVERY = ("id", "tried_at", "due_at", "channel", "state", "reason", "attempts")
_OF_MESSAGE = ("title_id", "at", "label", "planned", "kind", "lead", "what")
_LINES = (
    select(*(delivery.c[name] for name in _OF_DELIVERY), *(message.c[name] for name in _OF_MESSAGE))
    .add_columns(subscriber.c.name.label("who"), title.c.name.label("work"), SOURCE.label("source"))
    .select_from(_TABLES)
    .order_by(delivery.c.tried_at.desc(), delivery.c.id.desc())
)


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    asked = {
        subscriber.c.name: wanted.subscriber,
        delivery.c.channel: wanted.channel,
        delivery.c.state: wanted.state,
    }
    found: list[ColumnElement[bool]] = [column == value for column, value in asked.items() if value is not None]
    found += [title.c.key.in_(wanted.title_keys)] if wanted.title_keys is not None else []
    found += [one_of(message.c.title_id, wanted.title_ids)] if wanted.title_ids is not None else []
    found += _behind(*wanted.before) if wanted.before is not None else []
    return found if wanted.ids is None else [*found, delivery.c.id.in_(wanted.ids)]


def _behind(at: datetime, number: int) -> list[ColumnElement[bool]]:
    # The first condition says nothing that the second does not: by it the index is entered where the page begins.
    same = and_(delivery.c.tried_at == at, delivery.c.id < number)
    return [delivery.c.tried_at <= at, or_(delivery.c.tried_at < at, same)]


def _line(row: Row[Any]) -> HistoryEntry:
    state = State(row.state)
    return HistoryEntry(
        id=row.id,
        at=row.tried_at,
        due_at=row.at,
        next_at=row.due_at if state in OPEN else None,
        subscriber=row.who,
        channel=row.channel,
        title=row.work,
        release=row.label or None,
        when=load_when(row.planned),
        kind=Kind(row.kind),
        lead=row.lead,
        state=state,
        reason=row.reason,
        attempts=row.attempts,
        source=row.source,
        title_id=row.title_id,
        what=row.what,
    )


def reopen(tx: Connection, ids: Sequence[int], now: datetime, useful_until: datetime) -> None:
    """Have deliveries tried again at `now`; their messages are useful until `useful_until` at least."""
    fresh = {"plain": 0, "refused": None, "asked": 1, "reason": "tried again by hand"}
    values = {"state": State.RETRYING, "due_at": now, "closed_at": None, **fresh}
    for part in chunks(ids):
        tx.execute(update(delivery).where(delivery.c.id.in_(part)).values(values))
        mine = select(delivery.c.message_id).where(delivery.c.id.in_(part))
        short = message.c.id.in_(mine) & (message.c.useful_until < useful_until)
        tx.execute(update(message).where(short).values(useful_until=useful_until))


def known_channels(tx: Connection) -> list[str]:
    """Return the channels that the database knows, in alphabetical order."""
    return list(tx.execute(_CHANNELS).scalars())


_CHANNELS = select(channel.c.name).order_by(channel.c.name)
