"""Titles and their releases in the database, and the record of every date that changed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Executable, Row, and_, bindparam, insert, select, update

from reminder.core.dates.when import When
from reminder.core.model.ledger import DateChange, Dated, Ref
from reminder.core.schedule.listing import KnownRelease, ListedEntry, ListingChanges
from reminder.store.sql.codec import dump_listing, dump_release, load_listing, load_release, ref_of, season_column
from reminder.store.sql.tables import date_change, release, subscription, title

T = TypeVar("T")

CHUNK = 500
"""How many values go into one `IN (…)`: SQLite takes no more than some thousands."""

SOURCE: Final = title.c.spec["sourced"]["source"].as_string()
"""The source that a title's dates are from, NULL where they are written by hand."""


def chunks(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """Yield `items` in parts that fit one statement."""
    return (items[start : start + CHUNK] for start in range(0, len(items), CHUNK))


def listings(tx: Connection, origin: str | None = None, *, lock: bool = False) -> list[ListedEntry]:
    """Return the titles that someone lists, of one origin or all, in the order they came; `lock` holds them.

    What is read to be written again is locked, so that on a server nobody's choice of a title is lost in between.
    """
    query = select(title.c.key, title.c.spec).where(title.c.ended_at.is_(None)).order_by(title.c.id)
    query = query if origin is None else query.where(title.c.origin == origin)
    query = query.with_for_update() if lock else query
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


@dataclass(frozen=True, kw_only=True)
class PutTitle:
    """A title that was just written: its row, the number of its newest date change, and what that did to it.

    `had_ended` tells that nobody watched it before, `is_back` that it was not listed: it had ended, or went on for
    those alone who follow it by choice.
    """

    id: int
    listing: ListedEntry
    last_no: int = 0
    is_new: bool = False
    is_changed: bool = False
    is_first_answer: bool = False
    had_ended: bool = False
    is_back: bool = False


_UPDATE_TITLE: Final = (
    update(title)
    .where(title.c.id == bindparam("of"))
    .values({name: bindparam(name) for name in ("name", "origin", "spec", "ended_at")})
)


def put_titles(tx: Connection, titles: Sequence[ListedEntry], origin: str) -> list[PutTitle]:
    """Insert or update titles; return them in the same order."""
    rows = known_titles(tx, [item.title.key for item in titles])
    values = {item.title.key: _title_columns(item, origin) for item in titles}
    new = [{"key": key, **columns} for key, columns in values.items() if key not in rows]
    ids = _insert_titles(tx, new)
    changed = {key for key, row in rows.items() if _differs(row, values[key])}
    if changed:
        tx.execute(_UPDATE_TITLE, [{"of": rows[key].id, **values[key]} for key in changed])
    return [
        _put(item, rows[key], origin, is_changed=key in changed)
        if (key := item.title.key) in rows
        else PutTitle(id=ids[key], listing=item, is_new=True, is_changed=True)
        for item in titles
    ]


def _put(item: ListedEntry, row: Row[Any], origin: str, *, is_changed: bool) -> PutTitle:
    """Return a title that was there already, given its row as it was before."""
    had_ended = row.ended_at is not None
    return PutTitle(
        id=row.id,
        listing=item,
        last_no=row.last_no,
        is_changed=is_changed,
        had_ended=had_ended,
        is_back=had_ended or _is_listed_again(row, origin),
        is_first_answer=item.title.sourced is not None and "sourced" not in row.spec,
    )


def _is_listed_again(row: Row[Any], origin: str) -> bool:
    """Tell whether a title is listed again for others than those who went on with it by choice."""
    return bool(row.origin != origin and row.spec.get("followers") == {})


def _differs(row: Row[Any], values: Mapping[str, Any]) -> bool:
    return any(row._mapping[name] != value for name, value in values.items())


def _title_columns(item: ListedEntry, origin: str) -> dict[str, Any]:
    return {"name": item.title.name, "origin": origin, "spec": dump_listing(item), "ended_at": None}


def _insert_titles(tx: Connection, rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    if not rows:
        return {}
    return {row.key: row.id for row in tx.execute(insert(title).returning(title.c.id, title.c.key), rows)}


WHEN_COLUMNS: Final = ("when_text", "from_on", "to_on", "exact")


def when_columns(when: When) -> dict[str, Any]:
    """Return what a release's row says of its date: as it is written, and in the form that can be sorted."""
    first_on, last_on = when.span() or (when.day_in(UTC), when.day_in(UTC))
    return dict(zip(WHEN_COLUMNS, (when.show(), first_on, last_on, when.exactness), strict=True))


_THIS_RELEASE: Final = and_(
    release.c.title_id == bindparam("of_title"),
    release.c.season == bindparam("of_season"),
    release.c.first == bindparam("of_first"),
)
_INSERT_RELEASE: Final = insert(release)
_UPDATE_RELEASE: Final = (
    update(release)
    .where(_THIS_RELEASE)
    .values({name: bindparam(name) for name in ("spec", *WHEN_COLUMNS, "seen_at", "gone_at")})
)
_END_RELEASE: Final = update(release).where(_THIS_RELEASE).values(gone_at=bindparam("at"))
_INSERT_CHANGE: Final = insert(date_change)
_LAST_CHANGE: Final = update(title).where(title.c.id == bindparam("of")).values(last_no=bindparam("no"))


def date_rows(
    title_id: int, dates: ListingChanges, known: Collection[Ref], now: datetime
) -> Iterator[tuple[Executable, dict[str, Any]]]:
    """Yield what a new look at a title's dates writes, as statements with their rows; each change is kept (SPEC 5)."""
    for dated in dates.kept:
        ref = dated.release.ref
        if ref in known:
            yield _UPDATE_RELEASE, {**_this_release(title_id, ref), **_release_columns(dated)}
        else:
            key = {"title_id": title_id, "season": season_column(ref[0]), "first": ref[1]}
            yield _INSERT_RELEASE, {**key, **_release_columns(dated)}
    for ref in dates.gone:
        yield _END_RELEASE, {**_this_release(title_id, ref), "at": now}
    for change in dates.changes:
        yield _INSERT_CHANGE, _change_row(title_id, change)
    if dates.changes:
        yield _LAST_CHANGE, {"of": title_id, "no": dates.changes[-1].no}


def _this_release(title_id: int, ref: Ref) -> dict[str, Any]:
    return {"of_title": title_id, "of_season": season_column(ref[0]), "of_first": ref[1]}


def _release_columns(dated: Dated) -> dict[str, Any]:
    item = dated.release
    return {"spec": dump_release(item), **when_columns(item.when), "seen_at": dated.seen_at, "gone_at": None}


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


def end_titles(tx: Connection, ids: Sequence[int], now: datetime) -> None:
    """Unsubscribe everyone from titles; they are kept, so that what was sent is known when one comes back."""
    for part in chunks(ids):
        tx.execute(update(title).where(title.c.id.in_(part)).values(ended_at=now))
        theirs = subscription.c.title_id.in_(part) & subscription.c.ended_at.is_(None)
        tx.execute(update(subscription).where(theirs).values(ended_at=now, next_due_at=None))


def end_listed(tx: Connection, ids: Collection[int], now: datetime) -> None:
    """Unsubscribe from titles everyone for whom they were listed; who follows them by choice goes on."""
    for part in chunks(sorted(ids)):
        listed = (subscription.c.title_id.in_(part), subscription.c.ended_at.is_(None))
        ended = update(subscription).where(*listed, subscription.c.origin == "listing")
        tx.execute(ended.values(ended_at=now, next_due_at=None))


def chosen_titles(tx: Connection, ids: Sequence[int]) -> set[int]:
    """Return which of these titles somebody follows by their own choice."""
    query = select(subscription.c.title_id).where(subscription.c.ended_at.is_(None), subscription.c.origin == "own")
    parts = (tx.execute(query.where(subscription.c.title_id.in_(part)).distinct()) for part in chunks(ids))
    return {id_ for rows in parts for id_ in rows.scalars()}
