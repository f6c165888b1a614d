"""Subscriptions whose pointer has come due, with all that a plan needs to know of them, and what was decided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

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
from reminder.store.people import load_people
from reminder.store.tables import (
    OPEN_DELIVERY,
    date_change,
    delivery,
    message,
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


def due_cases(tx: Connection, now: datetime, limit: int, library: Library | None = None) -> list[Case]:
    """Return the subscriptions whose next moment is at or before `now`, the oldest first, locked for this transaction."""
    query = _live().where(subscription.c.next_due_at <= now).order_by(subscription.c.next_due_at).limit(limit)
    return _cases(tx, query.with_for_update(skip_locked=True), library)


def due_rows(tx: Connection, now: datetime, limit: int) -> list[int]:
    """Return the numbers of the subscriptions that `due_cases` would read."""
    due = select(subscription.c.id).where(subscription.c.ended_at.is_(None), subscription.c.next_due_at <= now)
    return list(tx.execute(due.order_by(subscription.c.next_due_at).limit(limit)).scalars())


def case_at(tx: Connection, row: int) -> list[Case]:
    """Return the live subscription of this number, alone, if it is one."""
    return _cases(tx, _live().where(subscription.c.id == row))


def put_off(tx: Connection, row: int, until: datetime) -> None:
    """Look at a subscription not before `until`."""
    tx.execute(update(subscription).where(subscription.c.id == row).values(next_due_at=until))


def all_cases(tx: Connection, *, title_key: str | None = None, name: str | None = None) -> list[Case]:
    """Return the live subscriptions, of one title or one person if asked, in the order of titles and people."""
    query = _live().order_by(subscription.c.title_id, subscription.c.subscriber_id)
    if title_key is not None:
        query = query.where(
            subscription.c.title_id == select(title.c.id).where(title.c.key == title_key).scalar_subquery()
        )
    if name is not None:
        person = select(subscriber.c.id).where(subscriber.c.name == name).scalar_subquery()
        query = query.where(subscription.c.subscriber_id == person)
    return _cases(tx, query)


def _live() -> Select[Any]:
    return select(subscription).where(subscription.c.ended_at.is_(None))


def _cases(tx: Connection, query: Select[Any], library: Library | None = None) -> list[Case]:
    rows = tx.execute(query).all()
    shelf = library if library is not None else Library()
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
        ),
    )


def _fill(tx: Connection, shelf: Library, rows: Sequence[Row[Any]]) -> None:
    people = {row.subscriber_id for row in rows} - shelf.people.keys()
    for part in chunks(sorted(people)):
        shelf.people.update(load_people(tx, part))
    missing = {row.title_id for row in rows} - shelf.titles.keys()
    for part in chunks(sorted(missing)):
        _fill_titles(tx, shelf, part)


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


def newest_row(tx: Connection) -> datetime | None:
    """Return the newest instant that the ledger has recorded, None when it is empty."""
    newest: datetime | None = tx.execute(select(func.max(delivery.c.tried_at))).scalar()
    return newest
