"""The outbox: deliveries are claimed before they leave and closed after, under a lease and a fence (DESIGN, 3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    func,
    literal_column,
    select,
    tuple_,
    update,
)

from reminder.core.dates import load_when
from reminder.core.lead import Lead
from reminder.core.ledger import OPEN, Ref, State
from reminder.core.model import Kind, Release, Subscriber, Title
from reminder.core.when import UNKNOWN, When
from reminder.store.codec import load_listing, load_release, ref_of
from reminder.store.people import load_people
from reminder.store.tables import (
    OPEN_DELIVERY,
    SENDING_DELIVERY,
    channel,
    delivery,
    message,
    release,
    subscription,
    title,
)
from reminder.store.titles import chunks

MOST_AT_ONCE: Final = 500
"""Deliveries looked at in one go: a backlog of thousands is worked off in parts."""

LEASE: Final = timedelta(minutes=2)
"""How long a claim holds unless it is renewed: longer than any one send, short enough that others take over soon."""


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A delivery whose time has come, beside all that the last look and the words need.

    `release.when` is the date now. `title` is None for what is about no title. `heard` goes with notices.
    """

    id: int
    message_id: int
    channel: str
    subscriber_id: int
    subscriber: Subscriber
    title: Title | None
    release: Release
    kind: Kind
    lead: Lead | None
    planned: When
    heard: When | None
    others: int
    detail: dict[str, Any]
    useful_until: datetime
    due_at: datetime
    attempts: int
    plain: bool
    last_reason: str | None
    ended_at: datetime | None
    is_muted: bool


def due_pairs(tx: Connection, now: datetime, *, full: Collection[str], limit: int) -> list[tuple[int, str]]:
    """Return (subscriber, channel) pairs with a delivery due at `now`, oldest first, leaving out the `full` channels."""
    query = select(delivery.c.subscriber_id, delivery.c.channel).where(OPEN_DELIVERY, delivery.c.due_at <= now)
    if full:
        query = query.where(delivery.c.channel.not_in(sorted(full)))
    rows = tx.execute(query.order_by(delivery.c.due_at).limit(limit))
    return list(dict.fromkeys((row.subscriber_id, row.channel) for row in rows))


def due_ids(tx: Connection, pairs: Sequence[tuple[int, str]], now: datetime) -> dict[tuple[int, str], list[int]]:
    """Return what is due at `now` for these pairs, oldest first, locked: what goes together is seen together."""
    if not pairs:
        return {}
    columns = (delivery.c.id, delivery.c.subscriber_id, delivery.c.channel)
    query = select(*columns).where(OPEN_DELIVERY, delivery.c.due_at <= now, _among(pairs))
    query = query.order_by(delivery.c.due_at, delivery.c.id).limit(MOST_AT_ONCE)
    found: dict[tuple[int, str], list[int]] = defaultdict(list)
    for row in tx.execute(query.with_for_update(skip_locked=True)):
        found[row.subscriber_id, row.channel].append(row.id)
    return dict(found)


def dressed(tx: Connection, ids: Sequence[int]) -> list[Waiting]:
    """Return these deliveries with all that the last look and the words need, oldest first."""
    return _dressed(tx, [row for part in chunks(ids) for row in tx.execute(_open().where(delivery.c.id.in_(part)))])


def all_waiting(tx: Connection) -> list[Waiting]:
    """Return every open delivery, due or not, oldest first."""
    return _dressed(tx, tx.execute(_open()).all())


def _open() -> Select[Any]:
    columns = (message.c.title_id, message.c.season, message.c.first, message.c.kind, message.c.lead, message.c.label)
    more = (message.c.planned, message.c.heard, message.c.detail, message.c.useful_until)
    query = select(delivery, message.c.id.label("of"), *columns, *more)
    query = query.join(message, delivery.c.message_id == message.c.id).where(OPEN_DELIVERY)
    return query.order_by(delivery.c.due_at, delivery.c.id)


def _among(pairs: Sequence[tuple[int, str]]) -> ColumnElement[bool]:
    people = {subscriber_id for subscriber_id, _ in pairs}
    exact = tuple_(delivery.c.subscriber_id, delivery.c.channel).in_(pairs)
    return and_(delivery.c.subscriber_id.in_(people), exact)


def _dressed(tx: Connection, rows: Sequence[Row[Any]]) -> list[Waiting]:
    people = load_people(tx, {row.subscriber_id for row in rows})
    title_ids = {row.title_id for row in rows if row.title_id is not None}
    titles = {
        row.id: load_listing(row.key, row.spec).title
        for row in tx.execute(select(title).where(title.c.id.in_(title_ids)))
    }
    releases = _releases(tx, title_ids)
    standing = _standing(tx, people, title_ids)
    return [_waiting(row, people, titles, releases, standing) for row in rows]


def _releases(tx: Connection, title_ids: Collection[int]) -> dict[tuple[int, Ref], Release]:
    query = select(release).where(release.c.title_id.in_(title_ids), release.c.gone_at.is_(None))
    return {
        (row.title_id, ref_of(row.season, row.first)): load_release(row.season, row.first, row.spec, row.when_text)
        for row in tx.execute(query)
    }


def _standing(tx: Connection, people: Iterable[int], titles: Iterable[int]) -> dict[tuple[int, int], Any]:
    columns = (subscription.c.subscriber_id, subscription.c.title_id, subscription.c.ended_at, subscription.c.muted_at)
    mine = subscription.c.subscriber_id.in_(set(people)) & subscription.c.title_id.in_(set(titles))
    return {(row.subscriber_id, row.title_id): row for row in tx.execute(select(*columns).where(mine))}


def _waiting(
    row: Row[Any],
    people: dict[int, Subscriber],
    titles: dict[int, Title],
    releases: dict[tuple[int, Ref], Release],
    standing: dict[tuple[int, int], Any],
) -> Waiting:
    person, work = people[row.subscriber_id], titles.get(row.title_id)
    ref = ref_of(row.season, row.first)
    gone = Release(season=ref[0], first=ref[1], label=row.label, when=UNKNOWN)
    mine = standing.get((row.subscriber_id, row.title_id))
    detail = row.detail or {}
    return Waiting(
        id=row.id,
        message_id=row.of,
        channel=row.channel,
        subscriber_id=row.subscriber_id,
        subscriber=person,
        title=work,
        release=releases.get((row.title_id, ref), gone),
        kind=Kind(row.kind),
        lead=Lead.parse(row.lead) if row.lead else None,
        planned=load_when(row.planned),
        heard=load_when(row.heard) if row.heard is not None else None,
        others=detail.get("others", 0),
        detail=detail,
        useful_until=row.useful_until,
        due_at=row.due_at,
        attempts=row.attempts,
        plain=bool(row.plain),
        last_reason=row.reason,
        ended_at=mine.ended_at if mine else None,
        is_muted=work is not None and (work.key in person.muted or (mine is not None and mine.muted_at is not None)),
    )


def look_again(tx: Connection, item: Waiting, now: datetime) -> None:
    """Have the subscription of a delivery that was lost looked at again: the person may be told what was missed."""
    mine = (subscription.c.subscriber_id == item.subscriber_id) & subscription.c.ended_at.is_(None)
    works = select(message.c.title_id).where(message.c.id == item.message_id).scalar_subquery()
    tx.execute(update(subscription).where(mine, subscription.c.title_id == works).values(next_due_at=now))


def hold(tx: Connection, ids: Sequence[int], until: datetime, reason: str) -> None:
    """Put deliveries off to `until`; they were not tried."""
    tx.execute(update(delivery).where(delivery.c.id.in_(ids)).values(due_at=until, reason=reason))


def close(tx: Connection, ids: Sequence[int], state: State, reason: str, now: datetime) -> None:
    """Close deliveries that will not be sent, with the reason."""
    values = {"state": state, "reason": reason, "closed_at": now, "tried_at": now, "due_at": None}
    tx.execute(update(delivery).where(delivery.c.id.in_(ids)).values(values))


def claim(tx: Connection, ids: Sequence[int], owner: str, now: datetime) -> None:
    """Take deliveries for `owner`: from here on a crash may repeat them, and nothing can lose them."""
    if not ids:
        return
    values = {
        "state": State.SENDING,
        "owner": owner,
        "lease_until": lease_end(tx),
        "attempts": delivery.c.attempts + 1,
        "tried_at": now,
    }
    for part in chunks(ids):
        tx.execute(update(delivery).where(delivery.c.id.in_(part)).values(values))


def lease_end(tx: Connection, lease: timedelta = LEASE) -> ColumnElement[datetime]:
    """Return the end of a lease that begins now, by the database's own clock: hosts may disagree."""
    seconds = int(lease.total_seconds())
    if tx.dialect.name == "sqlite":
        return literal_column(f"strftime('%Y-%m-%d %H:%M:%f000', 'now', '+{seconds} seconds')")
    return func.now() + lease


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How one claimed delivery went. `due_at` is set when it is to be tried again.

    `attempt` is the claim's number, the fence; `made` how many attempts count from now on, when it never left.
    """

    id: int
    attempt: int
    made: int | None = None
    state: State
    reason: str | None
    due_at: datetime | None = None
    plain: bool = False


_RECORD = (
    update(delivery)
    .where(
        delivery.c.id == bindparam("of"),
        delivery.c.owner == bindparam("by"),
        delivery.c.attempts == bindparam("attempt"),
        delivery.c.state == State.SENDING,
    )
    .values(
        state=bindparam("new_state"),
        reason=bindparam("why"),
        due_at=bindparam("next_at"),
        plain=bindparam("as_plain"),
        attempts=bindparam("made"),
        tried_at=bindparam("now"),
        closed_at=bindparam("ended"),
        owner=None,
        lease_until=None,
    )
)


def record(tx: Connection, outcomes: Sequence[Outcome], owner: str, now: datetime) -> int:
    """Write how deliveries went; return how many were still ours. One that another took over is left alone."""
    if not outcomes:
        return 0
    rows = [
        {
            "of": item.id,
            "by": owner,
            "attempt": item.attempt,
            "made": item.attempt if item.made is None else item.made,
            "new_state": item.state,
            "why": item.reason,
            "next_at": item.due_at,
            "as_plain": int(item.plain),
            "now": now,
            "ended": None if item.due_at else now,
        }
        for item in outcomes
    ]
    return tx.execute(_RECORD, rows).rowcount


def supersede_stale(tx: Connection, ids: Sequence[int], now: datetime) -> int:
    """Close those of `ids` that a newer message about the same release has overtaken on the same channel."""
    newer_message, newer = message.alias("newer_message"), delivery.alias("newer")
    overtaken = (
        select(delivery.c.id)
        .join(message, delivery.c.message_id == message.c.id)
        .join(
            newer_message,
            and_(
                newer_message.c.subscriber_id == message.c.subscriber_id,
                newer_message.c.title_id == message.c.title_id,
                newer_message.c.season == message.c.season,
                newer_message.c.first == message.c.first,
                newer_message.c.id > message.c.id,
            ),
        )
        .join(newer, and_(newer.c.message_id == newer_message.c.id, newer.c.channel == delivery.c.channel))
        .where(delivery.c.id.in_(ids), delivery.c.state == State.RETRYING)
        .where(newer.c.state.in_([*OPEN, State.SENT]))
    )
    found = list(tx.execute(overtaken).scalars())
    if found:
        close(tx, found, State.SUPERSEDED, "a later message about the same release says it all", now)
    return len(found)


def renew(tx: Connection, owner: str) -> int:
    """Hold on to what `owner` has on its way and may soon lose, for one more lease; return how many that are."""
    soon = delivery.c.lease_until < lease_end(tx, LEASE / 2)
    mine = update(delivery).where(SENDING_DELIVERY, delivery.c.owner == owner, soon)
    return tx.execute(mine.values(lease_until=lease_end(tx))).rowcount


def pull_in(tx: Connection, now: datetime) -> int:
    """Let what was tried by a clock that has since been set back be tried at `now`; return how many that are.

    Their waits were counted from an instant that has yet to come.
    """
    ahead = update(delivery).where(OPEN_DELIVERY, delivery.c.tried_at > now)
    return tx.execute(ahead.values(due_at=now, tried_at=now)).rowcount


def take_over(tx: Connection, now: datetime, *, all_of_them: bool) -> int:
    """Hand back what a dead daemon held: everything on SQLite, where there is one daemon; else what its lease freed."""
    query = update(delivery).where(SENDING_DELIVERY)
    if not all_of_them:
        query = query.where(delivery.c.lease_until < func.now())
    values = {"state": State.RETRYING, "due_at": now, "reason": "taken over: it may have arrived", "owner": None}
    return tx.execute(query.values(values)).rowcount


def hand_back(tx: Connection, owner: str, now: datetime) -> int:
    """Give up what this process claimed and did not finish, so that the next one goes on at once."""
    mine = update(delivery).where(SENDING_DELIVERY, delivery.c.owner == owner)
    values = {"state": State.RETRYING, "due_at": now, "reason": "stopped while sending: it may have arrived"}
    return tx.execute(mine.values(values)).rowcount


def parked_channels(tx: Connection) -> dict[str, datetime]:
    """Return the channels that failed by their own fault, and since when."""
    rows = tx.execute(select(channel.c.name, channel.c.parked_at).where(channel.c.parked_at.is_not(None)))
    return {row.name: row.parked_at for row in rows}


def by_pair(waiting: Iterable[Waiting]) -> dict[tuple[int, str], list[Waiting]]:
    """Return deliveries grouped by person and channel, each group in its order."""
    groups: dict[tuple[int, str], list[Waiting]] = defaultdict(list)
    for item in waiting:
        groups[item.subscriber_id, item.channel].append(item)
    return dict(groups)
