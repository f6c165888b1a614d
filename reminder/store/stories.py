"""Subscriptions whose pointer has come due, with all that a plan needs to know of them, and what was decided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import zip_longest
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, and_, func, select, update

from reminder.core.dates import load_when
from reminder.core.lead import Ladder
from reminder.core.ledger import (
    OPEN,
    DateChange,
    Dated,
    Recorded,
    State,
    Story,
    Subscription,
)
from reminder.core.model import Kind, Subscriber, Title
from reminder.store.codec import load_listing, load_release, load_since, ref_of
from reminder.store.people import hold_people, load_people
from reminder.store.tables import (
    CONFIGURED,
    OPEN_DELIVERY,
    date_change,
    delivery,
    message,
    meta,
    release,
    subscriber,
    subscription,
    title,
)
from reminder.store.titles import chunks


@dataclass(frozen=True, kw_only=True)
class Case:
    """One subscription to look at: its row, its people and title, and its story."""

    id: int
    subscriber_id: int
    title_id: int
    next_due_at: datetime | None
    subscription: Subscription
    story: Story


@dataclass
class Library:
    """What several looks within one transaction share: people and titles, read once."""

    people: dict[int, Subscriber] = field(default_factory=dict)
    titles: dict[int, Title] = field(default_factory=dict)
    releases: dict[int, tuple[Dated, ...]] = field(default_factory=dict)
    changes: dict[int, tuple[DateChange, ...]] = field(default_factory=dict)
    settled_before: datetime | None = None


PRUNED: Final = "pruned"
"""The key in `meta` of the instant before which messages may have been taken out of the ledger."""

PEOPLE_AT_ONCE: Final = 50
"""People whose due subscriptions are looked up in one go."""

MOST_OF_ONE: Final = 2_000
"""So many subscriptions of one person are decided in one transaction, however many are due."""


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
    for part in chunks(people, PEOPLE_AT_ONCE):
        held = hold_people(tx, part)
        theirs = _rows_of(tx, held, now)
        for person in part:
            if rows and len(rows) + len(theirs.get(person, ())) > limit:
                return DueRows(rows=tuple(rows), more=True)
            rows += theirs.get(person, ())
    return DueRows(rows=tuple(rows), more=more and bool(rows))


def _due_people(tx: Connection, now: datetime, limit: int) -> tuple[list[int], bool]:
    """Return who has anything due, from both ends in turn, and whether there may be more than was looked at."""
    at = subscription.c.next_due_at
    due = select(subscription.c.subscriber_id).where(subscription.c.ended_at.is_(None), at <= now).limit(limit // 2 + 1)
    oldest = tx.execute(due.order_by(at)).scalars().all()
    more = len(oldest) > limit // 2
    newest = tx.execute(due.order_by(at.desc())).scalars().all() if more else ()
    in_turn = [id_ for pair in zip_longest(oldest, newest) for id_ in pair if id_ is not None]
    return list(dict.fromkeys(in_turn)), more


def _rows_of(tx: Connection, people: Collection[int], now: datetime) -> dict[int, list[int]]:
    theirs: dict[int, list[int]] = defaultdict(list)
    query = select(subscription.c.id, subscription.c.subscriber_id).where(
        subscription.c.subscriber_id.in_(people), subscription.c.ended_at.is_(None), subscription.c.next_due_at <= now
    )
    for row in tx.execute(query.order_by(subscription.c.next_due_at, subscription.c.id)):
        if len(theirs[row.subscriber_id]) < MOST_OF_ONE:
            theirs[row.subscriber_id].append(row.id)
    return theirs


def cases_at(tx: Connection, rows: Sequence[int], now: datetime, library: Library | None = None) -> list[Case]:
    """Return those of these subscriptions that are still due at `now`, locked for this transaction, the oldest first."""
    shelf = library if library is not None else Library()
    due = _live().where(subscription.c.next_due_at <= now).order_by(subscription.c.next_due_at, subscription.c.id)
    parts = [due.where(subscription.c.id.in_(part)).with_for_update(skip_locked=True) for part in chunks(rows)]
    return [case for query in parts for case in _cases(tx, query, shelf)]


def due_cases(tx: Connection, now: datetime, limit: int, library: Library | None = None) -> list[Case]:
    """Return the subscriptions that `due_rows` finds."""
    return cases_at(tx, due_rows(tx, now, limit).rows, now, library)


def case_at(tx: Connection, row: int) -> list[Case]:
    """Return the live subscription of this number, alone, if it is one."""
    return _cases(tx, _live().where(subscription.c.id == row))


def put_off(tx: Connection, row: int, until: datetime) -> None:
    """Look at a subscription not before `until`."""
    tx.execute(update(subscription).where(subscription.c.id == row).values(next_due_at=until))


def all_cases(tx: Connection, *, title_key: str | None = None, name: str | None = None) -> list[Case]:
    """Return the live subscriptions, of one title or one person if asked, in the order of titles and people.

    Those of people who are imported are returned only for one of them, by name: there may be a million.
    """
    query = _live().order_by(subscription.c.title_id, subscription.c.subscriber_id)
    if title_key is not None:
        query = query.where(
            subscription.c.title_id == select(title.c.id).where(title.c.key == title_key).scalar_subquery()
        )
    if name is not None:
        person = select(subscriber.c.id).where(subscriber.c.name == name).scalar_subquery()
        return _cases(tx, query.where(subscription.c.subscriber_id == person))
    ours = select(subscriber.c.id).where(CONFIGURED)
    return _cases(tx, query.where(subscription.c.subscriber_id.in_(ours)))


def _live() -> Select[Any]:
    return select(subscription).where(subscription.c.ended_at.is_(None))


def _cases(tx: Connection, query: Select[Any], library: Library | None = None) -> list[Case]:
    rows = tx.execute(query).all()
    shelf = library if library is not None else Library()
    if rows:
        shelf.settled_before = settled_before(tx)
    _fill(tx, shelf, rows)
    told = _recorded(tx, [row.id for row in rows])
    return [_case(row, shelf, tuple(told.get(row.id, ()))) for row in rows]


def _case(row: Row[Any], shelf: Library, recorded: tuple[Recorded, ...]) -> Case:
    return Case(
        id=row.id,
        subscriber_id=row.subscriber_id,
        title_id=row.title_id,
        next_due_at=row.next_due_at,
        subscription=Subscription(
            subscriber=shelf.people[row.subscriber_id],
            title=shelf.titles[row.title_id],
            ladder=Ladder.load(row.ladder),
            began_at=row.began_at,
            since=load_since(row.since),
            noticed_no=row.noticed_no,
            muted=row.muted_at is not None,
        ),
        story=Story(
            releases=shelf.releases.get(row.title_id, ()),
            changes=shelf.changes.get(row.title_id, ()),
            recorded=recorded,
            settled_before=shelf.settled_before,
        ),
    )


def _fill(tx: Connection, shelf: Library, rows: Sequence[Row[Any]]) -> None:
    people = {row.subscriber_id for row in rows} - shelf.people.keys()
    for part in chunks(sorted(people)):
        shelf.people.update(load_people(tx, part))
    missing = {row.title_id for row in rows} - shelf.titles.keys()
    for part in chunks(sorted(missing)):
        _fill_titles(tx, shelf, part)


def library_of(tx: Connection, ids: Sequence[int]) -> Library:
    """Return these titles with their releases and changes, and nobody yet."""
    shelf = Library()
    for part in chunks(ids):
        _fill_titles(tx, shelf, part)
    return shelf


def _fill_titles(tx: Connection, shelf: Library, ids: Sequence[int]) -> None:
    for row in tx.execute(select(title).where(title.c.id.in_(ids))):
        shelf.titles[row.id] = load_listing(row.key, row.spec).title
    releases: dict[int, list[Dated]] = defaultdict(list)
    here = select(release).where(release.c.title_id.in_(ids), release.c.gone_at.is_(None))
    for row in tx.execute(here.order_by(release.c.season, release.c.first)):
        item = load_release(row.season, row.first, row.spec, row.when_text)
        releases[row.title_id].append(Dated(release=item, seen_at=row.seen_at))
    shelf.releases.update({key: tuple(found) for key, found in releases.items()})
    shelf.changes.update(date_changes(tx, ids))


def date_changes(tx: Connection, ids: Sequence[int]) -> dict[int, tuple[DateChange, ...]]:
    """Return every change of these titles' dates, oldest first, by the title's number."""
    changes: dict[int, list[DateChange]] = defaultdict(list)
    for row in tx.execute(select(date_change).where(date_change.c.title_id.in_(ids)).order_by(date_change.c.no)):
        changes[row.title_id].append(_change(row))
    return {key: tuple(found) for key, found in changes.items()}


def _change(row: Row[Any]) -> DateChange:
    return DateChange(
        no=row.no,
        ref=ref_of(row.season, row.first),
        before=load_when(row.before),
        after=load_when(row.after),
        source=row.source,
        seen_at=row.seen_at,
    )


def _recorded(tx: Connection, ids: Sequence[int]) -> dict[int, list[Recorded]]:
    """Return the messages of each subscription, oldest first, each with its deliveries summed up."""
    found: dict[int, list[Recorded]] = defaultdict(list)
    same = and_(message.c.subscriber_id == subscription.c.subscriber_id, message.c.title_id == subscription.c.title_id)
    tables = subscription.join(message, same).join(delivery, delivery.c.message_id == message.c.id)
    columns = (subscription.c.id.label("case_id"), message, delivery.c.state, delivery.c.closed_at)
    for part in chunks(ids):
        query = select(*columns).select_from(tables).where(subscription.c.id.in_(part))
        by_message: dict[int, list[Row[Any]]] = defaultdict(list)
        for row in tx.execute(query.order_by(message.c.id)):
            by_message[row.id].append(row)
        for rows in by_message.values():
            found[rows[0].case_id].append(_summed(rows))
    return found


_PRECEDENCE = (State.SENT, State.FAILED, State.EXPIRED, State.SUPERSEDED, State.SKIPPED)


def _summed(rows: Sequence[Row[Any]]) -> Recorded:
    first = rows[0]
    states = {State(row.state) for row in rows}
    is_open = states & OPEN
    sent = [row.closed_at for row in rows if row.state == State.SENT]
    return Recorded(
        id=first.id,
        ref=ref_of(first.season, first.first),
        what=first.what,
        kind=Kind(first.kind),
        planned=load_when(first.planned),
        change_no=first.change_no,
        at=first.at,
        decided_at=first.decided_at,
        useful_until=first.useful_until,
        state=State.RETRYING if is_open else next(state for state in _PRECEDENCE if state in states),
        sent_at=max(sent, default=None),
        closed_at=max((row.closed_at for row in rows if row.closed_at), default=None),
    )


def next_moment(tx: Connection) -> datetime | None:
    """Return the earliest instant at which anything is to be decided or tried, None when nothing waits."""
    pointer = tx.execute(select(func.min(subscription.c.next_due_at)).where(subscription.c.next_due_at.is_not(None)))
    first = tx.execute(select(func.min(delivery.c.due_at)).where(OPEN_DELIVERY))
    return min((at for at in (pointer.scalar(), first.scalar()) if at is not None), default=None)


def settled_before(tx: Connection) -> datetime | None:
    """Return the instant before which the ledger may have been pruned, None when it never was."""
    said = tx.execute(select(meta.c.value).where(meta.c.key == PRUNED)).scalar()
    return datetime.fromisoformat(said) if said else None


def newest_row(tx: Connection) -> datetime | None:
    """Return the newest instant that the ledger has recorded, None when it is empty."""
    newest: datetime | None = tx.execute(select(func.max(delivery.c.tried_at))).scalar()
    return newest
