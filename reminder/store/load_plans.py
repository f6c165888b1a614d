"""Subscriptions whose pointer has come due, with all that a plan needs to know of them, and what was decided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, Text, and_, bindparam, cast, func, literal, select, update

from reminder.core.dates.parse import load_when
from reminder.core.model.entities import Kind, Subscriber, Title
from reminder.core.model.ledger import OPEN, DateChange, Dated, RecordedMessage, Ref, State, Subscription, TitleHistory
from reminder.core.schedule.calendar_events import CalendarTitle
from reminder.store.people import load_people
from reminder.store.sql.any_of import one_of, one_of_those
from reminder.store.sql.codec import read_ladder, read_release, read_since, read_title, ref_of
from reminder.store.sql.tables import (
    CHOOSING,
    OPEN_DELIVERY,
    Instant,
    date_change,
    delivery,
    message,
    meta,
    release,
    seen_release,
    subscriber,
    subscription,
    title,
)


@dataclass(frozen=True, kw_only=True)
class SubscriptionSnapshot:
    """One subscription to look at: its row, its people and title, and its story.

    `is_own` tells that its person follows the title by choice, beside what is listed for them.
    """

    id: int
    subscriber_id: int
    title_id: int
    next_due_at: datetime | None
    subscription: Subscription
    story: TitleHistory
    is_own: bool = False


@dataclass
class TitleCache:
    """The people and titles that several looks within one transaction share, read once."""

    people: dict[int, Subscriber] = field(default_factory=dict)
    titles: dict[int, Title] = field(default_factory=dict)
    releases: dict[int, tuple[Dated, ...]] = field(default_factory=dict)
    changes: dict[int, tuple[DateChange, ...]] = field(default_factory=dict)
    settled_before: datetime | None = None


OWN: Final = "own"
PRUNED: Final = "pruned"
"""The key in `meta` of the instant before which messages may have been taken out of the ledger."""


def cases_at(
    tx: Connection, rows: Sequence[int], now: datetime, library: TitleCache | None = None
) -> list[SubscriptionSnapshot]:
    """Return which of these subscriptions are still due at `now`, locked for this transaction, the oldest first."""
    answer_cache = library if library is not None else TitleCache()
    return _cases(tx, tx.execute(_STILL_DUE, {"ids": rows, "now": now}).all(), answer_cache)


def case_at(tx: Connection, row: int) -> list[SubscriptionSnapshot]:
    """Return the live subscription of this number, alone, if it is one."""
    return these_cases(tx, (row,))


def these_cases(tx: Connection, rows: Sequence[int]) -> list[SubscriptionSnapshot]:
    """Return the live ones among the subscriptions of these numbers, in their order."""
    return _cases(tx, tx.execute(_LIVE_OF_THESE, {"ids": rows}).all())


def put_off(tx: Connection, row: int, now: datetime, until: datetime) -> None:
    """Look at a subscription that cannot be read not before `until`; from now on it is known to be late."""
    since = func.coalesce(subscription.c.put_off_at, literal(now, Instant()))
    tx.execute(update(subscription).where(subscription.c.id == row).values(next_due_at=until, put_off_at=since))


def all_cases(
    tx: Connection,
    *,
    title_key: str | None = None,
    title_ids: Sequence[int] | None = None,
    name: str | None = None,
    due_before: datetime | None = None,
) -> list[SubscriptionSnapshot]:
    """Return the live subscriptions in the order of titles and people: if asked those of one title, some, one person.

    With `due_before` only those that are to be looked at before then. Those of people who are imported, and have
    chosen nothing for themselves, are returned only for one of them, by name: there may be a million.
    """
    people = select(subscriber.c.id).where(CHOOSING if name is None else subscriber.c.name == name)
    query = _LIVE.where(subscription.c.subscriber_id.in_(people))
    if title_key is not None:
        keyed = select(title.c.id).where(title.c.key == title_key).scalar_subquery()
        query = query.where(subscription.c.title_id == keyed)
    if title_ids is not None:
        query = query.where(one_of(subscription.c.title_id, title_ids))
    if due_before is not None:
        query = query.where(subscription.c.next_due_at < due_before)
    return _cases(tx, tx.execute(query.order_by(subscription.c.title_id, subscription.c.subscriber_id)).all())


def followed_by(tx: Connection, name: str) -> tuple[Subscriber, int, list[CalendarTitle]] | None:
    """Return a person, their number and what they follow, in the order of titles; None where nobody is called so.

    What was sent is left out of the histories.
    """
    person = tx.execute(
        select(subscriber.c.id).where(subscriber.c.name == name, subscriber.c.ended_at.is_(None))
    ).first()
    if person is None:
        return None
    rows = tx.execute(_LIVE.where(subscription.c.subscriber_id == person.id).order_by(subscription.c.title_id)).all()
    library = TitleCache(people=load_people(tx, {person.id}))
    _fill(tx, library, rows)
    cases = (_case(row, library, ()) for row in rows)
    followed = [CalendarTitle(id=case.title_id, subscription=case.subscription, history=case.story) for case in cases]
    return library.people[person.id], person.id, followed


_AS_TEXT: Final = ("ladder", "since")
_LIVE: Final = select(
    *(column for column in subscription.c if column.name not in _AS_TEXT),
    *(cast(subscription.c[name], Text).label(name) for name in _AS_TEXT),
).where(subscription.c.ended_at.is_(None))
_LIVE_OF_THESE: Final = _LIVE.where(one_of_those(subscription.c.id, "ids")).order_by(subscription.c.id)
_STILL_DUE: Final = (
    _LIVE.where(one_of_those(subscription.c.id, "ids"), subscription.c.next_due_at <= bindparam("now"))
    .order_by(subscription.c.next_due_at, subscription.c.id)
    .with_for_update(skip_locked=True)
)


def _cases(tx: Connection, rows: Sequence[Row[Any]], library: TitleCache | None = None) -> list[SubscriptionSnapshot]:
    answer_cache = library if library is not None else TitleCache()
    if rows:
        answer_cache.settled_before = settled_before(tx)
    _fill(tx, answer_cache, rows)
    ids = [row.id for row in rows]
    told, seen = _recorded(tx, ids), _seen(tx, ids)
    return [_case(row, answer_cache, tuple(told.get(row.id, ())), seen.get(row.id, _NOTHING)) for row in rows]


_NOTHING: Final[frozenset[Ref]] = frozenset()


def _case(
    row: Row[Any],
    answer_cache: TitleCache,
    recorded: tuple[RecordedMessage, ...],
    seen: frozenset[Ref] = _NOTHING,
) -> SubscriptionSnapshot:
    return SubscriptionSnapshot(
        id=row.id,
        subscriber_id=row.subscriber_id,
        title_id=row.title_id,
        next_due_at=row.next_due_at,
        is_own=row.origin == OWN,
        subscription=Subscription(
            subscriber=answer_cache.people[row.subscriber_id],
            title=answer_cache.titles[row.title_id],
            ladder=read_ladder(row.ladder),
            began_at=row.began_at,
            since=read_since(row.since),
            noticed_no=row.noticed_no,
            muted=row.muted_at is not None,
            paused_until=row.paused_until,
            seen=seen,
        ),
        story=TitleHistory(
            releases=answer_cache.releases.get(row.title_id, ()),
            changes=answer_cache.changes.get(row.title_id, ()),
            recorded=recorded,
            settled_before=answer_cache.settled_before,
        ),
    )


def _fill(tx: Connection, answer_cache: TitleCache, rows: Sequence[Row[Any]]) -> None:
    people = {row.subscriber_id for row in rows} - answer_cache.people.keys()
    if people:
        answer_cache.people.update(load_people(tx, people))
    missing = {row.title_id for row in rows} - answer_cache.titles.keys()
    if missing:
        _fill_titles(tx, answer_cache, sorted(missing))


def library_of(tx: Connection, ids: Sequence[int]) -> TitleCache:
    """Return these titles with their releases and changes, and nobody yet."""
    answer_cache = TitleCache()
    _fill_titles(tx, answer_cache, ids)
    return answer_cache


def _fill_titles(tx: Connection, answer_cache: TitleCache, ids: Sequence[int]) -> None:
    for id_, key, spec in tx.execute(_TITLES, {"ids": ids}):
        answer_cache.titles[id_] = read_title(key, spec)
    releases: dict[int, list[Dated]] = defaultdict(list)
    for row in tx.execute(_RELEASES, {"ids": ids}):
        item = read_release(row.season, row.first, row.spec, row.when_text)
        releases[row.title_id].append(Dated(release=item, seen_at=row.seen_at))
    answer_cache.releases.update({key: tuple(found) for key, found in releases.items()})
    answer_cache.changes.update(date_changes(tx, ids))


_TITLES: Final = select(title.c.id, title.c.key, cast(title.c.spec, Text)).where(one_of_those(title.c.id, "ids"))
_RELEASES: Final = (
    select(*(column for column in release.c if column.name != "spec"), cast(release.c.spec, Text).label("spec"))
    .where(one_of_those(release.c.title_id, "ids"), release.c.gone_at.is_(None))
    .order_by(release.c.season, release.c.first)
)
_CHANGES: Final = select(date_change).where(one_of_those(date_change.c.title_id, "ids")).order_by(date_change.c.no)


def date_changes(tx: Connection, ids: Sequence[int]) -> dict[int, tuple[DateChange, ...]]:
    """Return every change of these titles' dates, oldest first, by the title's number."""
    changes: dict[int, list[DateChange]] = defaultdict(list)
    for row in tx.execute(_CHANGES, {"ids": ids}):
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
        corrects=bool(row.corrects),
    )


def _seen(tx: Connection, ids: Sequence[int]) -> dict[int, frozenset[Ref]]:
    """Return the releases that somebody has seen, by their subscription."""
    found: dict[int, set[Ref]] = defaultdict(set)
    for row in tx.execute(_SEEN, {"ids": ids}) if ids else ():
        found[row.id].add(ref_of(row.season, row.first))
    return {key: frozenset(refs) for key, refs in found.items()}


_SEEN: Final = (
    select(subscription.c.id, seen_release.c.season, seen_release.c.first)
    .join(
        seen_release,
        and_(
            seen_release.c.subscriber_id == subscription.c.subscriber_id,
            seen_release.c.title_id == subscription.c.title_id,
        ),
    )
    .where(one_of_those(subscription.c.id, "ids"))
)


def _recorded(tx: Connection, ids: Sequence[int]) -> dict[int, list[RecordedMessage]]:
    """Return the messages of each subscription, oldest first, each with its deliveries summed up."""
    found: dict[int, list[RecordedMessage]] = defaultdict(list)
    by_message: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in tx.execute(_TOLD, {"ids": ids}):
        by_message[row.id].append(row)
    for rows in by_message.values():
        found[rows[0].case_id].append(_summed(rows))
    return found


_THEIRS: Final = and_(
    message.c.subscriber_id == subscription.c.subscriber_id, message.c.title_id == subscription.c.title_id
)
_TOLD: Final = (
    select(subscription.c.id.label("case_id"), message, delivery.c.channel, delivery.c.state, delivery.c.closed_at)
    .select_from(subscription.join(message, _THEIRS).join(delivery, delivery.c.message_id == message.c.id))
    .where(one_of_those(subscription.c.id, "ids"))
    .order_by(message.c.id)
)


_PRECEDENCE = (State.SENT, State.FAILED, State.EXPIRED, State.SUPERSEDED, State.SKIPPED)


def _summed(rows: Sequence[Row[Any]]) -> RecordedMessage:
    first = rows[0]
    states = {State(row.state) for row in rows}
    is_open = states & OPEN
    sent = [row.closed_at for row in rows if row.state == State.SENT]
    return RecordedMessage(
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
        arrived=tuple((row.channel, row.closed_at) for row in rows if _arrived(row)),
    )


def _arrived(row: Row[Any]) -> bool:
    """Tell whether a delivery has reached its channel, or may still."""
    return bool(row.channel) and (row.state == State.SENT or row.state in OPEN)


def next_moment(tx: Connection) -> datetime | None:
    """Return the earliest instant at which anything is to be decided or tried, None when nothing waits."""
    first = (tx.execute(query).scalar() for query in (_FIRST_POINTER, _FIRST_DELIVERY))
    return min((at for at in first if at is not None), default=None)


_FIRST_POINTER: Final = select(func.min(subscription.c.next_due_at)).where(subscription.c.next_due_at.is_not(None))
_FIRST_DELIVERY: Final = select(func.min(delivery.c.due_at)).where(OPEN_DELIVERY)


def settled_before(tx: Connection) -> datetime | None:
    """Return the instant before which the ledger may have been pruned, None when it never was."""
    said = tx.execute(_PRUNED).scalar()
    return datetime.fromisoformat(said) if said else None


_PRUNED: Final = select(meta.c.value).where(meta.c.key == PRUNED)


def newest_row(tx: Connection) -> datetime | None:
    """Return the newest instant that the ledger has recorded, None when it is empty."""
    newest: datetime | None = tx.execute(select(func.max(delivery.c.tried_at))).scalar()
    return newest
