"""Titles and their releases in the database, and the record of every date that changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, insert, select, update

from reminder.core.ledger import DateChange, Dated, Ref
from reminder.core.listing import Dates, KnownRelease, Listing
from reminder.store.codec import dump_listing, dump_release, load_listing, load_release, ref_of, season_column
from reminder.store.tables import date_change, release, subscription, title

T = TypeVar("T")

CHUNK = 500
"""How many values go into one `IN (…)`: SQLite takes no more than some thousands."""


def chunks(items: Sequence[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    """Yield `items` in parts that fit one statement."""
    return (items[start : start + size] for start in range(0, len(items), size))


def listings(tx: Connection, origin: str | None = None) -> list[Listing]:
    """Return the titles that someone lists, of one origin or all, in the order they came."""
    query = select(title.c.key, title.c.spec).where(title.c.ended_at.is_(None)).order_by(title.c.id)
    query = query if origin is None else query.where(title.c.origin == origin)
    return [load_listing(row.key, row.spec) for row in tx.execute(query)]


def known_titles(tx: Connection, keys: Sequence[str]) -> dict[str, Row[Any]]:
    """Return the rows of titles by key."""
    return {row.key: row for part in chunks(keys) for row in tx.execute(select(title).where(title.c.key.in_(part)))}


def known_releases(tx: Connection, ids: Sequence[int]) -> dict[int, dict[Ref, KnownRelease]]:
    """Return the releases of titles, by the title's number and their own key."""
    known: dict[int, dict[Ref, KnownRelease]] = {}
    for part in chunks(ids):
        for row in tx.execute(select(release).where(release.c.title_id.in_(part))):
            item = load_release(row.season, row.first, row.spec, row.when_text)
            kept = KnownRelease(release=item, seen_at=row.seen_at, gone_at=row.gone_at)
            known.setdefault(row.title_id, {})[ref_of(row.season, row.first)] = kept
    return known


def put_title(tx: Connection, row: Row[Any] | None, item: Listing, origin: str) -> tuple[int, int]:
    """Insert or update one title; return its number and the number of its newest date change."""
    values = {"name": item.title.name, "origin": origin, "spec": dump_listing(item), "ended_at": None}
    if row is None:
        row_id: int = tx.execute(insert(title).values(key=item.title.key, **values).returning(title.c.id)).scalar_one()
        return row_id, 0
    if (row.spec, row.origin, row.ended_at) != (values["spec"], origin, None):
        tx.execute(update(title).where(title.c.id == row.id).values(values))
    return row.id, row.last_no


def put_dates(tx: Connection, title_id: int, dates: Dates, now: datetime) -> None:
    """Write what a new look at a title's dates changed; each change is kept (SPEC 5)."""
    for dated in dates.kept:
        _put_release(tx, title_id, dated)
    for season, first in dates.gone:
        tx.execute(update(release).where(_is_release(title_id, (season, first))).values(gone_at=now))
    if dates.changes:
        tx.execute(insert(date_change), [_change_row(title_id, change) for change in dates.changes])
        tx.execute(update(title).where(title.c.id == title_id).values(last_no=dates.changes[-1].no))


def _is_release(title_id: int, ref: Ref) -> Any:
    mine = (release.c.title_id == title_id) & (release.c.season == season_column(ref[0]))
    return mine & (release.c.first == ref[1])


def _put_release(tx: Connection, title_id: int, dated: Dated) -> None:
    item = dated.release
    values = {"spec": dump_release(item), "when_text": item.when.show(), "seen_at": dated.seen_at, "gone_at": None}
    if tx.execute(update(release).where(_is_release(title_id, item.ref)).values(values)).rowcount == 0:
        key = {"title_id": title_id, "season": season_column(item.season), "first": item.first}
        tx.execute(insert(release).values(**key, **values))


def _change_row(title_id: int, change: DateChange) -> dict[str, Any]:
    return {
        "title_id": title_id,
        "no": change.no,
        "season": season_column(change.ref[0]),
        "first": change.ref[1],
        "before": change.before.show(),
        "after": change.after.show(),
        "source": change.source,
        "seen_at": change.seen_at,
    }


def end_title(tx: Connection, title_id: int, now: datetime) -> None:
    """Unsubscribe everyone from a title; it is kept, so that what was sent about it is known when it comes back."""
    tx.execute(update(title).where(title.c.id == title_id).values(ended_at=now))
    mine = (subscription.c.title_id == title_id) & subscription.c.ended_at.is_(None)
    tx.execute(update(subscription).where(mine).values(ended_at=now, next_due_at=None))
