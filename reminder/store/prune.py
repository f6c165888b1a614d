"""Removes old messages from the ledger: a batch at a time, and never a key that could come up again.

A message goes when its use was over long ago and everything about it is closed, but only once its release is over as
well: until then it may be what a person last heard of it. Up to where the ledger is pruned is kept beside it, and plans
take what lies before that for decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from reminder.core.dates.parse import load_when
from reminder.store.load_plans import PRUNED, settled_before
from reminder.store.sql.tables import delivery, message, meta, release, title

BATCH: Final = 500
"""Messages looked at in one transaction."""

ANY_ZONE: Final = timedelta(days=1)
"""How long after its end in UTC a day is over everywhere."""


@dataclass(frozen=True, kw_only=True)
class Pruned:
    """The result of one batch: the last message looked at, how many went, and whether there are more to look at."""

    last: int
    gone: int
    more: bool


def prune_batch(tx: Connection, horizon: datetime, after: int) -> Pruned:
    """Take out what was over before `horizon` (UTC) among the next messages after number `after`."""
    columns = (message.c.id, message.c.title_id, message.c.season, message.c.first)
    query = select(*columns, message.c.useful_until, message.c.decided_at).where(message.c.id > after)
    rows = tx.execute(query.order_by(message.c.id).limit(BATCH)).all()
    old = [row for row in rows if row.decided_at < horizon and row.useful_until < horizon]
    gone = _deletable(tx, old, horizon)
    if gone:
        _mark(tx, horizon)
        tx.execute(delete(delivery).where(delivery.c.message_id.in_(gone)))
        tx.execute(delete(message).where(message.c.id.in_(gone)))
    # Numbers rise with time: after one that is young there are only younger ones.
    more = len(rows) == BATCH and rows[-1].decided_at < horizon
    return Pruned(last=rows[-1].id if rows else after, gone=len(gone), more=more)


def _deletable(tx: Connection, rows: Sequence[Any], horizon: datetime) -> list[int]:
    if not rows:
        return []
    kept = set(tx.execute(_lively(row.id for row in rows).where(_is_lively(horizon))).scalars())
    kept |= _newest(tx)
    going_on = _going_on(tx, {row.title_id for row in rows if row.title_id is not None}, horizon)
    return [row.id for row in rows if row.id not in kept and (row.title_id, row.season, row.first) not in going_on]


def _newest(tx: Connection) -> set[int]:
    """Return what stays in any case: the clock is held against the newest row, and no number may come up again."""
    by_time, by_number = (
        select(delivery.c.message_id).order_by(column.desc()).limit(1)
        for column in (delivery.c.tried_at, delivery.c.id)
    )
    found = [tx.execute(query).scalar() for query in (by_time, by_number, select(func.max(message.c.id)))]
    return {id_ for id_ in found if id_ is not None}


def _lively(ids: Iterable[int]) -> Any:
    return select(delivery.c.message_id).where(delivery.c.message_id.in_(list(ids)))


def _is_lively(horizon: datetime) -> Any:
    return or_(delivery.c.closed_at.is_(None), delivery.c.closed_at >= horizon)


def _going_on(tx: Connection, titles: set[int], horizon: datetime) -> set[tuple[int, int, int]]:
    """Return the releases of these titles of which something may still be told."""
    columns = (release.c.title_id, release.c.season, release.c.first, release.c.when_text)
    query = select(*columns, release.c.gone_at, title.c.ended_at).join(title, release.c.title_id == title.c.id)
    rows = tx.execute(query.where(release.c.title_id.in_(sorted(titles)))).all()
    return {(row.title_id, row.season, row.first) for row in rows if not _is_over(row, horizon)}


def _is_over(row: Any, horizon: datetime) -> bool:
    if any(at is not None and at < horizon for at in (row.gone_at, row.ended_at)):
        return True
    when = load_when(row.when_text)
    ends_at = when.ends_at(ZoneInfo("UTC")) if when.is_dated else None
    return ends_at is not None and ends_at + ANY_ZONE < horizon


def _mark(tx: Connection, horizon: datetime) -> None:
    before = settled_before(tx)
    if before is None:
        tx.execute(insert(meta).values(key=PRUNED, value=horizon.astimezone(UTC).isoformat()))
    elif before < horizon:
        tx.execute(update(meta).where(meta.c.key == PRUNED).values(value=horizon.astimezone(UTC).isoformat()))
