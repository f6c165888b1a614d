"""The releases that people have seen: of those they are told nothing more, but that a date has changed (SPEC 12)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, bindparam, delete, insert, select, update

from reminder.core.model.entities import Kind
from reminder.core.model.ledger import Reason, Ref, State
from reminder.store.outbox_write import close
from reminder.store.sql.codec import ref_of, season_column
from reminder.store.sql.tables import OPEN_DELIVERY, delivery, message, seen_release

SILENCED: Final = (Kind.REMINDER, Kind.WINDOW, Kind.MISSED)
"""What only says when a release comes out, or that it has."""


def seen_of(tx: Connection, subscriber_id: int, title_id: int) -> dict[Ref, datetime]:
    """Return which releases of a title somebody has seen, and when they said so."""
    rows = tx.execute(_SEEN, {"who": subscriber_id, "number": title_id})
    return {ref_of(row.season, row.first): row.seen_at for row in rows}


_SEEN: Final = select(seen_release.c.season, seen_release.c.first, seen_release.c.seen_at).where(
    seen_release.c.subscriber_id == bindparam("who"), seen_release.c.title_id == bindparam("number")
)


def add_seen(tx: Connection, subscriber_id: int, title_id: int, ref: Ref, now: datetime) -> bool:
    """Note that somebody has seen a release, and close what waits about it; return False for one they had seen."""
    if ref in seen_of(tx, subscriber_id, title_id):
        return False
    keys = {"subscriber_id": subscriber_id, "title_id": title_id, "season": season_column(ref[0]), "first": ref[1]}
    tx.execute(insert(seen_release).values(**keys, seen_at=now))
    waits = select(delivery.c.id).join(message, delivery.c.message_id == message.c.id)
    ids = tx.execute(waits.where(OPEN_DELIVERY, *_about(subscriber_id, title_id, ref))).scalars().all()
    close(tx, ids, State.SKIPPED, Reason.SEEN, now)
    return True


def take_seen_back(tx: Connection, subscriber_id: int, title_id: int, ref: Ref, now: datetime) -> bool:
    """Note that somebody has not seen a release after all; return False where they had not said so.

    What waited when they said it waits again, as long as it is of use.
    """
    seen_at = seen_of(tx, subscriber_id, title_id).get(ref)
    if seen_at is None:
        return False
    tx.execute(delete(seen_release).where(*_is(seen_release.c, subscriber_id, title_id, ref)))
    closed = (delivery.c.state == State.SKIPPED, delivery.c.reason == Reason.SEEN, delivery.c.closed_at == seen_at)
    rows = tx.execute(
        select(delivery.c.id, message.c.at)
        .join(message, delivery.c.message_id == message.c.id)
        .where(*closed, *_about(subscriber_id, title_id, ref))
        .where(message.c.useful_until > now, message.c.decided_at < seen_at)
    ).all()
    for row in rows:
        again = {"state": State.DUE, "reason": None, "closed_at": None, "due_at": max(row.at, now)}
        tx.execute(update(delivery).where(delivery.c.id == row.id).values(again))
    return True


def join_seen(tx: Connection, of: ColumnElement[int], old: int, new: int) -> None:
    """Let what is seen of one row be seen of another that goes on for it."""
    keys = [column for column in seen_release.primary_key if column.name != of.key]
    known = {tuple(row) for row in tx.execute(select(*keys).where(of == old))}
    for row in tx.execute(select(seen_release).where(of == new)).all():
        values: dict[str, Any] = {**row._mapping, (of.key or ""): old}
        if tuple(values[column.name] for column in keys) not in known:
            tx.execute(insert(seen_release).values(values))
    tx.execute(delete(seen_release).where(of == new))


def _about(subscriber_id: int, title_id: int, ref: Ref) -> list[ColumnElement[bool]]:
    return [*_is(message.c, subscriber_id, title_id, ref), message.c.kind.in_(SILENCED)]


def _is(columns: Any, subscriber_id: int, title_id: int, ref: Ref) -> list[ColumnElement[bool]]:
    season = season_column(ref[0])
    theirs = (columns.subscriber_id == subscriber_id, columns.title_id == title_id)
    return [*theirs, columns.season == season, columns.first == ref[1]]
