"""What a page of releases asks the database: those of one person or of everybody, found by their dates or their names.

A page first reads a few columns of all that may stand on it, and then whole releases of what does.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    Connection,
    FromClause,
    Row,
    Select,
    Text,
    Tuple,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
)

from reminder.core.dates.parse import load_when
from reminder.core.dates.when import CANCELLED
from reminder.core.model.entities import Release, Title
from reminder.store.sql.any_of import one_of_those
from reminder.store.sql.codec import read_release, read_title
from reminder.store.sql.row_fallback import whole_or_each
from reminder.store.sql.tables import DATED, UNDATED, release, subscription, title

ChoiceKind = tuple[bool, bool, bool]
"""Whether one person's releases are asked for, whether those of some titles, and whether these are few."""


@dataclass(frozen=True, kw_only=True)
class ReleaseChoice:
    """The releases that a page is about: those that one person follows, by their number, or those of these titles.

    None stands for everybody, and for all titles. Of few titles the releases are found by title (`is_of_few`), else by
    their dates, where they are walked until there are enough.
    """

    subscriber_id: int | None = None
    title_ids: Collection[int] | None = None
    is_of_few: bool = False

    @property
    def kind(self) -> ChoiceKind:
        """Return what a statement depends on."""
        return self.subscriber_id is not None, self.title_ids is not None, self.is_of_few

    @property
    def values(self) -> dict[str, Any]:
        """Return what such a statement is given."""
        given = {"who": self.subscriber_id, "titles": None if self.title_ids is None else sorted(self.title_ids)}
        return {name: value for name, value in given.items() if value is not None}


# The columns of the unique key, in its order: the one index in which each release is looked up.
_THEIRS: Final = (subscription.c.subscriber_id == bindparam("who"), subscription.c.ended_at.is_(None))
_OF_TITLE: Final = release.join(title, release.c.title_id == title.c.id)


def _chosen(kind: ChoiceKind, *columns: Any) -> Select[Any]:
    """Return the statement for releases of a kind of choice. To build one costs more than to run it: keep it."""
    of_one, of_titles, is_of_few = kind
    query = select(*columns).select_from(_OF_TITLE).where(title.c.ended_at.is_(None))
    if of_one:
        follows = select(literal(1)).where(*_THEIRS, subscription.c.title_id == release.c.title_id)
        query = query.where(follows.exists())
    if not of_titles:
        return query
    # A sum is no column of an index: the titles are looked up for each release that is walked, and not the other way.
    number = release.c.title_id if is_of_few else release.c.title_id + literal_column("0")
    return query.where(one_of_those(number, "titles"))


# By their dates ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class DatedRow:
    """A release with a day, in a few columns. `on` is its day (an instant's in UTC), `at` the instant of one."""

    id: int
    title_id: int
    name: str
    on: date
    at: datetime | None

    def day_in(self, zone: tzinfo) -> date:
        """Return its day where somebody is."""
        return self.at.astimezone(zone).date() if self.at else self.on


def dated_rows(tx: Connection, choice: ReleaseChoice, first: date, last: date | None) -> list[DatedRow]:
    """Return the releases whose day may lie from `first` up to `last`, both included; None for no end.

    An instant stands in the database under its day in UTC: it is a day off at most, wherever one is.
    """
    days = {"first": first, "last": last or date.max}
    instants = {"from": first - _A_DAY_OFF, "to": date.max if last is None else last + _A_DAY_OFF}
    return [_dated(row) for row in tx.execute(_between(choice.kind), {**days, **instants, **choice.values}).all()]


_A_DAY_OFF: Final = timedelta(days=1)


@cache
def _between(kind: ChoiceKind) -> Select[Any]:
    query = _chosen(kind, release.c.id, release.c.title_id, title.c.name, release.c.from_on, *_EXACT)
    query = query.where(DATED, release.c.from_on >= bindparam("from"), release.c.from_on <= bindparam("to"))
    is_between = and_(release.c.from_on >= bindparam("first"), release.c.from_on <= bindparam("last"))
    return query.where(or_(release.c.exact == _INSTANT, is_between))


_EXACT: Final = (release.c.exact, release.c.when_text)
_INSTANT: Final = 5
"""How exact an instant is (`When.exactness`)."""


def _dated(row: Row[Any]) -> DatedRow:
    at = _instant(row.when_text) if row.exact == _INSTANT else None
    return DatedRow(id=row.id, title_id=row.title_id, name=row.name, on=row.from_on, at=at)


def _instant(when_text: str) -> datetime | None:
    try:
        return load_when(when_text).at
    except (ValueError, KeyError):  # a zone that tzdata has dropped: the release itself cannot be read either
        return None


def day_of_nth(tx: Connection, choice: ReleaseChoice, first: date, count: int) -> date | None:
    """Return the day in UTC of the `count`th release from `first` on; None when there are fewer."""
    asked = {"first": first, "before": count - 1, **choice.values}
    found: date | None = tx.execute(_from(choice.kind), asked).scalar()
    return found


@cache
def _from(kind: ChoiceKind) -> Select[Any]:
    query = _chosen(kind, release.c.from_on).where(DATED, release.c.from_on >= bindparam("first"))
    return query.order_by(release.c.from_on).limit(1).offset(bindparam("before"))


@dataclass(frozen=True, kw_only=True)
class UndatedRow:
    """A release without a day, in a few columns. `to_on` is the last day that it may come out, None for no date."""

    id: int
    title_id: int
    name: str
    to_on: date | None
    exact: int


def undated_rows(tx: Connection, choice: ReleaseChoice, *, within: tuple[date, date] | None = None) -> list[UndatedRow]:
    """Return the first release without a day of each title; `within` keeps those that may come out in a span.

    A year is no such span: it says nothing of any month.
    """
    span = {} if within is None else {"first": within[0], "last": within[1]}
    first: dict[int, Row[Any]] = {}
    for row in tx.execute(_without_day(choice.kind, within=within is not None), {**span, **choice.values}).all():
        known = first.get(row.title_id)
        if known is None or _in_order(row) < _in_order(known):
            first[row.title_id] = row
    return [_undated(row) for row in first.values()]


def _undated(row: Row[Any]) -> UndatedRow:
    return UndatedRow(id=row.id, title_id=row.title_id, name=row.name, to_on=row.to_on, exact=row.exact)


@cache
def _without_day(kind: ChoiceKind, *, within: bool) -> Select[Any]:
    columns = (release.c.title_id, release.c.season, release.c.first, release.c.id, title.c.name, release.c.to_on)
    query = _chosen(kind, *columns, release.c.exact).where(UNDATED, _IS_EXPECTED)
    if not within:
        return query
    query = query.where(release.c.from_on <= bindparam("last"), release.c.to_on >= bindparam("first"))
    return query.where(release.c.exact > _A_YEAR)


_IS_EXPECTED: Final = release.c.when_text != CANCELLED.show()
_A_YEAR: Final = 1


def _in_order(row: Row[Any]) -> tuple[int, int]:
    return max(row.season, 0), row.first


def undated_between(tx: Connection, choice: ReleaseChoice, first: date | None, last: date | None) -> list[UndatedRow]:
    """Return those of the first releases without a day of each title whose last possible day lies from `first` on.

    It is `last` at most; None for no bound. What has no date at all is not among them.
    """
    begins = date.min if first is None else first - _LONGEST
    asked = {"begins": begins, "first": first or date.min, "last": last or date.max, **choice.values}
    return [_undated(row) for row in tx.execute(_ending(choice.kind), asked).all()]


def undated_without_end(tx: Connection, choice: ReleaseChoice) -> list[UndatedRow]:
    """Return those of the first releases without a day of each title of which no date is known."""
    return [_undated(row) for row in tx.execute(_endless(choice.kind), choice.values).all()]


_LONGEST: Final = timedelta(days=366)
"""No span is longer than a year: what ends from a day on has not begun earlier than that before it."""


@cache
def _ending(kind: ChoiceKind) -> Select[Any]:
    query = _first_of_title(kind)
    query = query.where(release.c.from_on >= bindparam("begins"), release.c.from_on <= bindparam("last"))
    return query.where(release.c.to_on >= bindparam("first"), release.c.to_on <= bindparam("last"))


@cache
def _endless(kind: ChoiceKind) -> Select[Any]:
    return _first_of_title(kind).where(release.c.from_on.is_(None), release.c.to_on.is_(None))


def _first_of_title(kind: ChoiceKind) -> Select[Any]:
    columns = (release.c.id, release.c.title_id, title.c.name, release.c.to_on, release.c.exact)
    other = release.alias("other")
    before = select(literal(1)).where(
        other.c.title_id == release.c.title_id,
        other.c.gone_at.is_(None),
        other.c.exact < _A_DAY,
        other.c.when_text != CANCELLED.show(),
        _place_in_title(other) < _place_in_title(release),
    )
    return _chosen(kind, *columns).where(UNDATED, _IS_EXPECTED, ~before.exists())


def _place_in_title(of: FromClause) -> Tuple:
    """Return the place of a release in its title, as `_in_order` has it; of two in one place the older row counts."""
    return tuple_(case((of.c.season < 0, 0), else_=of.c.season), of.c.first, of.c.id)


_A_DAY: Final = 4
"""How exact a day is (`When.exactness`)."""


def begin_of_nth(tx: Connection, choice: ReleaseChoice, first: date | None, count: int) -> date | None:
    """Return when the `count`th release without a day may come out at the earliest, of those from `first` on.

    None when there are fewer.
    """
    asked = {"first": first or date.min, "before": count - 1, **choice.values}
    found: date | None = tx.execute(_undated_from(choice.kind), asked).scalar()
    return found


@cache
def _undated_from(kind: ChoiceKind) -> Select[Any]:
    query = _chosen(kind, release.c.from_on).where(UNDATED, release.c.from_on >= bindparam("first"))
    return query.order_by(release.c.from_on).limit(1).offset(bindparam("before"))


def has_undated(tx: Connection, choice: ReleaseChoice) -> bool:
    """Tell whether there is any release without a day."""
    return tx.execute(_any_without_day(choice.kind), choice.values).first() is not None


@cache
def _any_without_day(kind: ChoiceKind) -> Select[Any]:
    return _chosen(kind, release.c.id).where(UNDATED, _IS_EXPECTED).limit(1)


# Whether there are any ------------------------------------------------------------------------------------------------


def is_following(tx: Connection, subscriber_id: int | None) -> bool:
    """Tell whether somebody, or anybody, follows a title that is watched."""
    if subscriber_id is None:
        return tx.execute(_ANY).first() is not None
    return tx.execute(_ANY_OF_THEIRS, {"who": subscriber_id}).first() is not None


_ANY: Final = select(title.c.id).where(title.c.ended_at.is_(None)).limit(1)
_ANY_OF_THEIRS: Final = _ANY.select_from(subscription.join(title, subscription.c.title_id == title.c.id)).where(
    *_THEIRS
)


def followed_ids(tx: Connection, subscriber_id: int, most: int) -> list[int]:
    """Return the numbers of titles that somebody follows, at most so many."""
    ids: str | None = tx.execute(_THEIR_IDS, {"who": subscriber_id, "most": most}).scalar_one()
    return [int(id_) for id_ in ids.split(",")] if ids else []


_SOME_OF_THEIRS: Final = select(subscription.c.title_id).where(*_THEIRS).limit(bindparam("most")).subquery()
_THEIR_IDS: Final = select(func.aggregate_strings(cast(_SOME_OF_THEIRS.c.title_id, Text), ","))


# Whole ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class AgendaRelease:
    """A release with its title, both by their numbers too, and when it was first seen."""

    id: int
    title_id: int
    title: Title
    release: Release


def whole_releases(tx: Connection, ids: Sequence[int]) -> dict[int, AgendaRelease]:
    """Return these releases by their numbers; one that cannot be read is left out."""
    found = whole_or_each(
        lambda: [_whole(row) for row in tx.execute(_WHOLE, {"ids": ids})],
        lambda: ids,
        lambda id_: [_whole(row) for row in tx.execute(_WHOLE, {"ids": [id_]})],
        lambda _: None,
    )
    return {item.id: item for item in found}


_WHOLE: Final = (
    select(
        *(release.c.id, release.c.title_id, release.c.season, release.c.first, release.c.when_text),
        *(cast(release.c.spec, Text).label("spec"), title.c.key, cast(title.c.spec, Text).label("title_spec")),
    )
    .select_from(_OF_TITLE)
    .where(one_of_those(release.c.id, "ids"))
)


def _whole(row: Row[Any]) -> AgendaRelease:
    return AgendaRelease(
        id=row.id,
        title_id=row.title_id,
        title=read_title(row.key, row.title_spec),
        release=read_release(row.season, row.first, row.spec, row.when_text),
    )
