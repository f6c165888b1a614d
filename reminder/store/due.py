"""Finds subscriptions that are due, person by person: as many as are decided about in one transaction."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import Final

from sqlalchemy import Connection, bindparam, func, select

from reminder.store.people import lock_people
from reminder.store.sql.any_of import one_of_those
from reminder.store.sql.tables import subscription

MOST_OF_ONE: Final = 2_000
"""So many subscriptions of one person are decided in one transaction, however many are due."""


_PERSON: Final = subscription.c.subscriber_id
_IS_DUE: Final = subscription.c.next_due_at <= bindparam("now")
_LIVES: Final = subscription.c.ended_at.is_(None)
_FIRST: Final = select(_PERSON).where(_LIVES, _IS_DUE).limit(bindparam("most"))
_OLDEST: Final = _FIRST.order_by(subscription.c.next_due_at)
_NEWEST: Final = _FIRST.order_by(subscription.c.next_due_at.desc())
_THEIRS: Final = one_of_those(_PERSON, "people")
_HOW_MANY: Final = select(_PERSON, func.count().label("due")).where(_THEIRS, _IS_DUE).group_by(_PERSON)
_ROWS: Final = (
    select(subscription.c.id, _PERSON)
    .where(_THEIRS, _LIVES, _IS_DUE)
    .order_by(subscription.c.next_due_at, subscription.c.id)
)


@dataclass(frozen=True, kw_only=True)
class DueRows:
    """The numbers of subscriptions that are due, and whether there are more of them."""

    rows: tuple[int, ...]
    more: bool


def due_rows(tx: Connection, now: datetime, limit: int) -> DueRows:
    """Return subscriptions whose next moment is at or before `now`: some `limit` of them, each person's all together.

    Together, so that what is due at once for one person can go as one; the people are kept to this transaction. They
    are taken from the oldest and from the newest that is due in turn: a date that moved under many makes them all due
    at once, and what comes due after that must not wait for them.
    """
    rows: list[int] = []
    people, more = _due_people(tx, now, limit)
    for group in _groups(tx, people, now, limit):
        if len(rows) >= limit:
            return DueRows(rows=tuple(rows), more=True)
        theirs = _rows_of(tx, lock_people(tx, group), now)
        for person in group:
            if rows and len(rows) + len(theirs.get(person, ())) > limit:
                return DueRows(rows=tuple(rows), more=True)
            rows += theirs.get(person, ())
    return DueRows(rows=tuple(rows), more=more and bool(rows))


def _due_people(tx: Connection, now: datetime, limit: int) -> tuple[list[int], bool]:
    """Return who has anything due, from both ends in turn, and whether there may be more than was looked at."""
    asked = {"now": now, "most": limit // 2 + 1}
    oldest = tx.execute(_OLDEST, asked).scalars().all()
    more = len(oldest) > limit // 2
    newest = tx.execute(_NEWEST, asked).scalars().all() if more else ()
    in_turn = [id_ for pair in zip_longest(oldest, newest) for id_ in pair if id_ is not None]
    return list(dict.fromkeys(in_turn)), more


def _groups(tx: Connection, people: Sequence[int], now: datetime, limit: int) -> Iterator[list[int]]:
    """Yield people in their order, as many at once as have some `limit` subscriptions due, and one at least."""
    due = _how_many(tx, people, now)
    group: list[int] = []
    size = 0
    for person in people:
        if group and size + due[person] > limit:
            yield group
            group, size = [], 0
        group.append(person)
        size += due[person]
    if group:
        yield group


def _how_many(tx: Connection, people: Sequence[int], now: datetime) -> Counter[int]:
    """Return how many subscriptions of each of these people are due, by the index alone."""
    rows = tx.execute(_HOW_MANY, {"people": people, "now": now})
    return Counter({row.subscriber_id: row.due for row in rows})


def _rows_of(tx: Connection, people: Collection[int], now: datetime) -> dict[int, list[int]]:
    theirs: dict[int, list[int]] = defaultdict(list)
    for row in tx.execute(_ROWS, {"people": people, "now": now}):
        if len(theirs[row.subscriber_id]) < MOST_OF_ONE:
            theirs[row.subscriber_id].append(row.id)
    return theirs
