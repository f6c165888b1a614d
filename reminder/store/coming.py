"""The next releases, found by their dates: an index is walked from today on, and no further than is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select

from reminder.core.dates.parse import load_when
from reminder.core.dates.when import CANCELLED
from reminder.core.model.entities import Title, TitleKind
from reminder.core.model.ledger import Dated
from reminder.store.sql.codec import load_listing, load_release
from reminder.store.sql.tables import DATED, UNDATED, release, subscription, title
from reminder.store.titles import chunks

_DAY: Final = timedelta(days=1)
"""How far a day in UTC lies at most from the same day elsewhere."""


@dataclass(frozen=True, kw_only=True)
class ComingRelease:
    """A release that may come out on a day or after it, or of which no day is known, and its title."""

    title_id: int
    title: Title
    dated: Dated


@dataclass(frozen=True, kw_only=True)
class ComingFilter:
    """The releases that are wanted: of titles that one subscriber (a number) follows, of one kind; None for any."""

    subscriber_id: int | None = None
    kind: TitleKind | None = None


EVERYTHING: Final = ComingFilter()


def coming(
    tx: Connection,
    first: date,
    limit: int | None = None,
    wanted: ComingFilter = EVERYTHING,
    *,
    behind: date | None = None,
) -> list[ComingRelease]:
    """Return what may come out from `first` on, in whatever zone: the first `limit` by date at least, else everything.

    Of what has no day each title has its first, and it comes into it only where what has one does not reach `limit`.
    They come in the order of titles and episodes; whoever shows them sorts them, and leaves out what was yesterday.
    The limit counts what comes out after `behind`, by default after `first`.
    """
    last = _last_day(tx, behind or first, limit, wanted) if limit else None
    found = _dated(tx, first, last, wanted)
    if last is None:
        found += _undated(tx, limit, wanted)
    return _with_titles(tx, sorted(found, key=_in_order))


def without_day(tx: Connection, wanted: ComingFilter = EVERYTHING) -> list[ComingRelease]:
    """Return the first release without a day of each title."""
    return _with_titles(tx, sorted(_undated(tx, None, wanted), key=_in_order))


def days_between(tx: Connection, first: date, last: date, wanted: ComingFilter = EVERYTHING) -> dict[date, int]:
    """Return how many releases have each day from `first` to `last` and no time."""
    query = _live(wanted, release.c.from_on, func.count().label("number")).where(DATED, *_within(first, last))
    rows = tx.execute(query.where(release.c.exact < _INSTANT).group_by(release.c.from_on))
    return {row.from_on: row.number for row in rows}


def instants_between(tx: Connection, first: date, last: date, wanted: ComingFilter = EVERYTHING) -> list[datetime]:
    """Return the instant of each release that has one, from the first to the last of these days in UTC."""
    query = _live(wanted, release.c.when_text).where(DATED, *_within(first, last))
    found = (load_when(text).at for text in tx.execute(query.where(release.c.exact == _INSTANT)).scalars())
    return [at for at in found if at is not None]


def _within(first: date, last: date) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return release.c.from_on >= first, release.c.from_on <= last


_INSTANT: Final = 5
"""How exact an instant is (`When.exactness`)."""


def _in_order(row: Row[Any]) -> tuple[int, int, int]:
    return row.title_id, max(row.season, 0), row.first


def _live(wanted: ComingFilter, *columns: Any) -> Select[Any]:
    of_title = release.join(title, release.c.title_id == title.c.id)
    query = select(*columns).select_from(of_title).where(title.c.ended_at.is_(None))
    if wanted.subscriber_id is not None:
        theirs = select(subscription.c.id).where(
            subscription.c.subscriber_id == wanted.subscriber_id,
            subscription.c.title_id == release.c.title_id,
            subscription.c.ended_at.is_(None),
        )
        query = query.where(theirs.exists())
    return query if wanted.kind is None else query.where(title.c.spec["kind"].as_string() == wanted.kind)


def _last_day(tx: Connection, behind: date, limit: int, wanted: ComingFilter) -> date | None:
    """Return the day on which the last of `limit` releases comes out after a day; None when there are fewer."""
    query = _live(wanted, release.c.from_on).where(DATED, release.c.from_on > behind)
    found: date | None = tx.execute(query.order_by(release.c.from_on).limit(1).offset(limit - 1)).scalar()
    return found


def _dated(tx: Connection, first: date, last: date | None, wanted: ComingFilter) -> list[Row[Any]]:
    # Whose title has ended is left out with the titles, and no page is much longer for it.
    query = select(release) if wanted == EVERYTHING else _live(wanted, release)
    query = query.where(DATED, release.c.from_on >= first - _DAY)
    query = query if last is None else query.where(release.c.from_on <= last + _DAY)
    return list(tx.execute(query).all())


def _undated(tx: Connection, limit: int | None, wanted: ComingFilter) -> list[Row[Any]]:
    """Return the first release without a day of each title: those with a month or a year first, then by name."""
    columns = (release.c.id, release.c.title_id, release.c.season, release.c.first, release.c.from_on, title.c.name)
    rows = tx.execute(_live(wanted, *columns).where(UNDATED, release.c.when_text != CANCELLED.show())).all()
    first = {row.title_id: row for row in sorted(rows, key=_in_order, reverse=True)}
    ordered = sorted(
        first.values(), key=lambda row: (row.from_on is None, row.from_on or date.min, row.name.casefold())
    )
    return [row for part in chunks([row.id for row in ordered[:limit]]) for row in _of_ids(tx, part)]


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
