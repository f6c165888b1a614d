"""Reads deliveries whose time has come, with all that the last look and the words need."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, Text, and_, bindparam, cast, not_, or_, select

from reminder.core.dates.parse import load_when
from reminder.core.dates.when import UNKNOWN, When
from reminder.core.model.entities import ASKED_FOR, Kind, Release, Subscriber, Title
from reminder.core.model.lead import Lead
from reminder.core.model.ledger import OPEN, Ref, State
from reminder.core.schedule.moments import AGAIN
from reminder.core.schedule.said import Told
from reminder.core.sending.retry import Refused
from reminder.store.people import load_people
from reminder.store.sql.any_of import one_of, one_of_those, pair_of_those, these
from reminder.store.sql.codec import read_release, read_title, ref_of
from reminder.store.sql.tables import (
    ASKED_DELIVERY,
    OPEN_DELIVERY,
    delivery,
    message,
    release,
    seen_release,
    subscription,
    title,
)

MOST_AT_ONCE: Final = 500
"""Deliveries looked at in one go: a backlog of thousands is worked off in parts."""


@dataclass(frozen=True, kw_only=True)
class PendingDelivery:
    """A delivery whose time has come, beside all that the last look and the words need.

    `at` is the message's own moment, `tried_at` when it was last tried or decided. `release.when` is the date now.
    `title` is None for what is about no title. `heard` goes with notices. `meanwhile` is what has been said since it
    was decided of the same release on the same channel, for a reminder that nobody has asked for again. `is_asked`
    tells that it is a test or a code that somebody has asked for, `is_seen` that the person has seen the release.
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
    refused: Refused
    at: datetime
    tried_at: datetime
    last_reason: str | None
    ended_at: datetime | None
    is_muted: bool
    paused_until: datetime | None
    meanwhile: tuple[Told, ...] = ()
    is_asked: bool = False
    is_seen: bool = False


def asked_ids(tx: Connection, now: datetime) -> list[int]:
    """Return the tests and codes that somebody has asked for and that are due at `now`, the oldest first, locked."""
    return list(tx.execute(_ASKED, {"now": now}).scalars())


_ASKED: Final = (
    select(delivery.c.id)
    .join(message, delivery.c.message_id == message.c.id)
    .where(ASKED_DELIVERY, delivery.c.due_at <= bindparam("now"), message.c.kind.in_(sorted(ASKED_FOR)))
    .order_by(delivery.c.due_at, delivery.c.id)
    .limit(MOST_AT_ONCE)
    .with_for_update(of=delivery, skip_locked=True)
)


def due_pairs(
    tx: Connection, now: datetime, *, full: Collection[str], busy: Collection[int] = (), limit: int
) -> list[tuple[int, str]]:
    """Return (subscriber, channel) pairs with a delivery due at `now`, oldest first.

    Channels that are `full` and people who are `busy` (others have them) are left out.
    """
    query = select(delivery.c.subscriber_id, delivery.c.channel).where(OPEN_DELIVERY, delivery.c.due_at <= now)
    if full:
        query = query.where(delivery.c.channel.not_in(sorted(full)))
    if busy:
        query = query.where(not_(one_of(delivery.c.subscriber_id, busy)))
    rows = tx.execute(query.order_by(delivery.c.due_at).limit(limit))
    return list(dict.fromkeys((row.subscriber_id, row.channel) for row in rows))


def due_ids(tx: Connection, pairs: Sequence[tuple[int, str]], now: datetime) -> dict[tuple[int, str], list[int]]:
    """Return what is due at `now` for these pairs, oldest first, locked: what goes together is seen together."""
    if not pairs:
        return {}
    found: dict[tuple[int, str], list[int]] = defaultdict(list)
    for row in tx.execute(_OLDEST, {"now": now, **these(pairs)}):
        found[row.subscriber_id, row.channel].append(row.id)
    return dict(found)


def all_due_ids(tx: Connection, pairs: Sequence[tuple[int, str]], now: datetime) -> dict[tuple[int, str], list[int]]:
    """Return what `due_ids` does, but of each pair everything: of so many pairs as that leaves room for."""
    if not pairs:
        return {}
    found: dict[tuple[int, str], list[int]] = defaultdict(list)
    rows = tx.execute(_BY_PAIR, {"now": now, **these(pairs)}).all()
    for row in rows[:MOST_AT_ONCE]:
        found[row.subscriber_id, row.channel].append(row.id)
    if len(rows) > MOST_AT_ONCE and len(found) > 1:
        del found[next(reversed(found))]  # it may have been cut
    return {pair: found[pair] for pair in pairs if pair in found}


_DUE: Final = (
    select(delivery.c.id, delivery.c.subscriber_id, delivery.c.channel)
    .where(OPEN_DELIVERY, delivery.c.due_at <= bindparam("now"))
    .where(pair_of_those(delivery.c.subscriber_id, delivery.c.channel))
    .with_for_update(skip_locked=True)
)
_OLDEST: Final = _DUE.order_by(delivery.c.due_at, delivery.c.id).limit(MOST_AT_ONCE)
_BY_PAIR: Final = _DUE.order_by(delivery.c.subscriber_id, delivery.c.channel, delivery.c.due_at, delivery.c.id).limit(
    MOST_AT_ONCE + 1
)


def dressed(
    tx: Connection, ids: Sequence[int], people: Mapping[int, Subscriber] | None = None
) -> list[PendingDelivery]:
    """Return these deliveries with all that the last look and the words need, oldest first.

    Their people are read, unless the caller has them.
    """
    return _dressed(tx, tx.execute(_THESE, {"ids": ids}).all(), people)


def all_waiting(tx: Connection) -> list[PendingDelivery]:
    """Return every open delivery, due or not, oldest first."""
    return _dressed(tx, tx.execute(_WAITING).all())


_OF_MESSAGE: Final = (
    *(message.c.title_id, message.c.season, message.c.first, message.c.kind, message.c.lead, message.c.label),
    *(message.c.planned, message.c.heard, message.c.detail, message.c.useful_until, message.c.at),
)
_THEIRS: Final = and_(
    subscription.c.subscriber_id == message.c.subscriber_id, subscription.c.title_id == message.c.title_id
)
_WAITING: Final = (
    select(delivery, *_OF_MESSAGE, subscription.c.ended_at, subscription.c.muted_at, subscription.c.paused_until)
    .add_columns(seen_release.c.seen_at)
    .join(message, delivery.c.message_id == message.c.id)
    .outerjoin(subscription, _THEIRS)
    .outerjoin(
        seen_release,
        and_(*(seen_release.c[name] == message.c[name] for name in ("subscriber_id", "title_id", "season", "first"))),
    )
    .where(OPEN_DELIVERY)
    .order_by(delivery.c.due_at, delivery.c.id)
)
_THESE: Final = _WAITING.where(one_of_those(delivery.c.id, "ids"))


def _dressed(
    tx: Connection, rows: Sequence[Row[Any]], people: Mapping[int, Subscriber] | None = None
) -> list[PendingDelivery]:
    if people is None:
        people = load_people(tx, {row.subscriber_id for row in rows})
    about = _about(tx, sorted({row.title_id for row in rows if row.title_id is not None}))
    told = _meanwhile(tx, [row.id for row in rows if row.kind == Kind.REMINDER and not row.asked])
    return [_waiting(row, people[row.subscriber_id], about, tuple(told[row.id])) for row in rows]


def _meanwhile(tx: Connection, ids: Sequence[int]) -> Mapping[int, list[Told]]:
    found: dict[int, list[Told]] = defaultdict(list)
    for row in tx.execute(_SINCE, {"ids": ids}) if ids else ():
        told = Told(kind=Kind(row.kind), what=row.what, planned=load_when(row.planned), at=row.closed_at)
        found[row.id].append(told)
    return found


_OTHER, _OTHERS = message.alias("other"), delivery.alias("other_delivery")
_SINCE: Final = (
    select(delivery.c.id, _OTHER.c.kind, _OTHER.c.what, _OTHER.c.planned, _OTHERS.c.closed_at)
    .join(message, delivery.c.message_id == message.c.id)
    .join(
        _OTHER, and_(*(_OTHER.c[name] == message.c[name] for name in ("subscriber_id", "title_id", "season", "first")))
    )
    .join(_OTHERS, and_(_OTHERS.c.message_id == _OTHER.c.id, _OTHERS.c.channel == delivery.c.channel))
    .where(one_of_those(delivery.c.id, "ids"), _OTHER.c.id != message.c.id)
    .where(
        or_(
            _OTHERS.c.state == State.SENDING,
            and_(_OTHERS.c.state == State.SENT, _OTHERS.c.closed_at >= message.c.decided_at),
            # What somebody has put off to this very hour goes before the lead that would say the same.
            and_(_OTHER.c.what == AGAIN, _OTHERS.c.state.in_(OPEN), _OTHERS.c.due_at <= delivery.c.due_at),
        )
    )
)


@dataclass(frozen=True, kw_only=True)
class _About:
    """The present state of the titles of some deliveries."""

    titles: dict[int, Title] = field(default_factory=dict)
    releases: dict[tuple[int, Ref], Release] = field(default_factory=dict)


def _about(tx: Connection, ids: Sequence[int]) -> _About:
    about = _About()
    for id_, key, spec in tx.execute(_TITLES, {"ids": ids}):
        about.titles[id_] = read_title(key, spec)
    for id_, season, first, spec, when_text in tx.execute(_RELEASES, {"ids": ids}):
        item = read_release(season, first, spec, when_text)
        about.releases[id_, item.ref] = item
    return about


_TITLES: Final = select(title.c.id, title.c.key, cast(title.c.spec, Text)).where(one_of_those(title.c.id, "ids"))
_RELEASES: Final = select(
    release.c.title_id, release.c.season, release.c.first, cast(release.c.spec, Text), release.c.when_text
).where(one_of_those(release.c.title_id, "ids"), release.c.gone_at.is_(None))


def _waiting(row: Row[Any], person: Subscriber, about: _About, meanwhile: tuple[Told, ...]) -> PendingDelivery:
    work = about.titles.get(row.title_id)
    ref = ref_of(row.season, row.first)
    gone = Release(season=ref[0], first=ref[1], label=row.label, when=UNKNOWN)
    detail = row.detail or {}
    return PendingDelivery(
        id=row.id,
        message_id=row.message_id,
        channel=row.channel,
        subscriber_id=row.subscriber_id,
        subscriber=person,
        title=work,
        release=about.releases.get((row.title_id, ref), gone),
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
        refused=Refused(row.refused or Refused.NEVER),
        at=row.at,
        tried_at=row.tried_at,
        last_reason=row.reason,
        ended_at=row.ended_at,
        is_muted=work is not None and (person.mutes(work) or row.muted_at is not None),
        is_seen=row.seen_at is not None,
        paused_until=_later(row.paused_until, person.paused_until) if work is not None else None,
        meanwhile=meanwhile,
        is_asked=bool(row.asked) and row.kind in ASKED_FOR,
    )


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((at for at in (one, other) if at is not None), default=None)


def by_pair(waiting: Iterable[PendingDelivery]) -> dict[tuple[int, str], list[PendingDelivery]]:
    """Return deliveries grouped by person and channel, each group in its order."""
    groups: dict[tuple[int, str], list[PendingDelivery]] = defaultdict(list)
    for item in waiting:
        groups[item.subscriber_id, item.channel].append(item)
    return dict(groups)
