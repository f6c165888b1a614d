"""The next releases, found by their dates: an index is walked from today on, and no further than is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, select

from reminder.core.dates.when import CANCELLED
from reminder.core.model.entities import Title
from reminder.core.model.ledger import Dated
from reminder.store.sql.codec import load_listing, load_release
from reminder.store.sql.tables import DATED, UNDATED, release, title
from reminder.store.titles import chunks

_DAY: Final = timedelta(days=1)
"""How far a day in UTC lies at most from the same day elsewhere."""


@dataclass(frozen=True, kw_only=True)
class ComingRelease:
    """A release that may come out on a day or after it, or of which no day is known, and its title."""

    title_id: int
    title: Title
    dated: Dated


def coming(tx: Connection, today: date, limit: int | None = None) -> list[ComingRelease]:
    """Return what may come out from `today` on, in whatever zone: the first `limit` by date at least, else everything.

    Of what has no day each title has its first, and it comes into it only where what has one does not reach `limit`.
    They come in the order of titles and episodes; whoever shows them sorts them, and leaves out what was yesterday.
    """
    last = _last_day(tx, today, limit) if limit else None
    found = _dated(tx, today, last)
    if last is None:
        found += _undated(tx, None if limit is None else limit)
    return _with_titles(tx, sorted(found, key=_in_order))


def _in_order(row: Row[Any]) -> tuple[int, int, int]:
    return row.title_id, max(row.season, 0), row.first


def _live(*columns: Any) -> Select[Any]:
    of_title = release.join(title, release.c.title_id == title.c.id)
    return select(*columns).select_from(of_title).where(title.c.ended_at.is_(None))


def _last_day(tx: Connection, today: date, limit: int) -> date | None:
    """Return the day after today on which the last of `limit` releases comes out; None when there are fewer."""
    query = _live(release.c.from_on).where(DATED, release.c.from_on > today)
    found: date | None = tx.execute(query.order_by(release.c.from_on).limit(1).offset(limit - 1)).scalar()
    return found


def _dated(tx: Connection, today: date, last: date | None) -> list[Row[Any]]:
    query = select(release).where(DATED, release.c.from_on >= today - _DAY)
    query = query if last is None else query.where(release.c.from_on <= last + _DAY)
    return list(tx.execute(query).all())


def _undated(tx: Connection, limit: int | None) -> list[Row[Any]]:
    """Return the first release without a day of each title: those with a month or a year first, then by name."""
    columns = (release.c.id, release.c.title_id, release.c.season, release.c.first, release.c.from_on, title.c.name)
    rows = tx.execute(_live(*columns).where(UNDATED, release.c.when_text != CANCELLED.show())).all()
    first = {row.title_id: row for row in sorted(rows, key=_in_order, reverse=True)}
    wanted = sorted(first.values(), key=lambda row: (row.from_on is None, row.from_on or date.min, row.name.casefold()))
    return [row for part in chunks([row.id for row in wanted[:limit]]) for row in _of_ids(tx, part)]


def _of_ids(tx: Connection, ids: Sequence[int]) -> Iterable[Row[Any]]:
    return tx.execute(select(release).where(release.c.id.in_(ids)))


def _with_titles(tx: Connection, rows: Sequence[Row[Any]]) -> list[ComingRelease]:
    titles = {id_: item for part in chunks(sorted({row.title_id for row in rows})) for id_, item in _titles(tx, part)}
    live = [row for row in rows if row.title_id in titles]
    return [ComingRelease(title_id=row.title_id, title=titles[row.title_id], dated=_release(row)) for row in live]


def _titles(tx: Connection, ids: Sequence[int]) -> Iterator[tuple[int, Title]]:
    query = select(title.c.id, title.c.key, title.c.spec).where(title.c.id.in_(ids), title.c.ended_at.is_(None))
    for row in tx.execute(query):
        yield row.id, load_listing(row.key, row.spec).title


def _release(row: Row[Any]) -> Dated:
    return Dated(release=load_release(row.season, row.first, row.spec, row.when_text), seen_at=row.seen_at)
