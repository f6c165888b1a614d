"""Subscriptions whose pointer has come due, with all that a plan needs to know of them, and what was decided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, bindparam, func, insert, select, update

from reminder.core.dates import load_when
from reminder.core.lead import Ladder
from reminder.core.ledger import (
    OPEN,
    DateChange,
    Dated,
    Decision,
    Reason,
    Recorded,
    State,
    Story,
    Subscription,
)
from reminder.core.model import Kind, Subscriber, Title
from reminder.store.codec import load_listing, load_release, load_since, ref_of, season_column
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


@dataclass(frozen=True, kw_only=True)
class Settled:
    """What was decided for one case, and when it must be looked at next."""

    case: Case
    decisions: tuple[Decision, ...]
    noticed_no: int
    next_due_at: datetime | None


def write_settled(tx: Connection, settled: Sequence[Settled], now: datetime) -> None:
    """Store what was decided for many subscriptions at once: messages, deliveries, and each pointer moved on."""
    pairs = [(item.case, decision) for item in settled for decision in item.decisions]
    ids = _put_messages(tx, pairs, now)
    rows = [row for (case, decision), id_ in zip(pairs, ids, strict=True) for row in _slots(id_, case, decision, now)]
    if rows:
        tx.execute(insert(delivery), rows)
    for (case, decision), id_ in zip(pairs, ids, strict=True):
        _supersede_open(tx, id_, case, decision, now)
    moved = [
        {"case_id": item.case.id, "next_due_at": item.next_due_at, "noticed_no": item.noticed_no} for item in settled
    ]
    if moved:
        tx.execute(_MOVE_POINTER, moved)


_MOVE_POINTER = (
    update(subscription)
    .where(subscription.c.id == bindparam("case_id"))
    .values(next_due_at=bindparam("next_due_at"), noticed_no=bindparam("noticed_no"))
)


def _put_messages(tx: Connection, pairs: Sequence[tuple[Case, Decision]], now: datetime) -> list[int]:
    """Insert the messages, or reopen those that a skip has left, and return their numbers in the same order."""
    new = [_message_row(case, decision, now) for case, decision in pairs if decision.reopens is None]
    fresh: Iterator[int] = iter(())
    if new:
        made = tx.execute(insert(message).returning(message.c.id, sort_by_parameter_order=True), new)
        fresh = iter(made.scalars().all())
    ids = []
    for _, decision in pairs:
        if decision.reopens is None:
            ids.append(next(fresh))
        else:
            tx.execute(update(message).where(message.c.id == decision.reopens).values(_verdict(decision, now)))
            ids.append(decision.reopens)
    return ids


def _message_row(case: Case, decision: Decision, now: datetime) -> dict[str, Any]:
    return {
        "subscriber_id": case.subscriber_id,
        "title_id": case.title_id,
        "season": season_column(decision.ref[0]),
        "first": decision.ref[1],
        "what": decision.what,
        "anchor": decision.anchor,
        **_verdict(decision, now),
    }


def _verdict(decision: Decision, now: datetime) -> dict[str, Any]:
    return {
        "kind": decision.kind,
        "lead": decision.lead,
        "label": decision.release.label,
        "planned": decision.planned.show(),
        "heard": decision.heard.show() if decision.heard else None,
        "change_no": decision.change_no,
        "at": decision.at,
        "useful_until": decision.useful_until,
        "decided_at": now,
        "detail": {"others": decision.others} if decision.others else None,
    }


def _slots(message_id: int, case: Case, decision: Decision, now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "message_id": message_id,
            "subscriber_id": case.subscriber_id,
            "channel": slot.channel,
            "state": slot.state,
            "reason": slot.reason,
            "due_at": decision.due_at if slot.state is State.DUE else None,
            "tried_at": now,
            "closed_at": None if slot.state is State.DUE else now,
        }
        for slot in decision.slots
    ]


def _supersede_open(tx: Connection, message_id: int, case: Case, decision: Decision, now: datetime) -> None:
    """Close what still waits about this release on channels that now get something newer (SPEC 4, "One at a time")."""
    if not decision.channels or not any(line.state in OPEN for line in case.story.recorded):
        return
    older = select(message.c.id).where(
        message.c.subscriber_id == case.subscriber_id,
        message.c.title_id == case.title_id,
        message.c.season == season_column(decision.ref[0]),
        message.c.first == decision.ref[1],
        message.c.id < message_id,
    )
    mine = delivery.c.message_id.in_(older) & delivery.c.channel.in_(decision.channels)
    values = {"state": State.SUPERSEDED, "reason": Reason.BY_LATER, "closed_at": now, "tried_at": now, "due_at": None}
    tx.execute(update(delivery).where(mine, OPEN_DELIVERY).values(values))


def next_moment(tx: Connection) -> datetime | None:
    """Return the earliest instant at which anything is to be decided or tried, None when nothing waits."""
    pointer = tx.execute(select(func.min(subscription.c.next_due_at)).where(subscription.c.next_due_at.is_not(None)))
    first = tx.execute(select(func.min(delivery.c.due_at)).where(OPEN_DELIVERY))
    return min((at for at in (pointer.scalar(), first.scalar()) if at is not None), default=None)


def newest_row(tx: Connection) -> datetime | None:
    """Return the newest instant that the ledger has recorded, None when it is empty."""
    newest: datetime | None = tx.execute(select(func.max(delivery.c.tried_at))).scalar()
    return newest
