"""The message that a link names, as it stands now, and the row by which it comes again (SPEC 12)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, and_, bindparam, insert, select

from reminder.core.dates.parse import load_when
from reminder.core.dates.when import When
from reminder.core.model.entities import Kind, Release, Subscriber, Title
from reminder.core.model.ledger import OPEN, Reason, Ref, State
from reminder.core.schedule.moments import AGAIN
from reminder.store.outbox_write import close
from reminder.store.people import load_people
from reminder.store.sql.codec import load_listing, load_release, ref_of
from reminder.store.sql.tables import (
    delivery,
    message,
    release,
    seen_release,
    subscriber,
    subscription,
    title,
)

LARGEST: Final = 2**63 - 1
"""A database takes no larger number."""


@dataclass(frozen=True, kw_only=True)
class ActedMessage:
    """A message to one person, with what has become of it and of what it is about.

    `title` and `release`, with its present date, are None for what is about none. `over` is the channel of the delivery
    that was named, `channels` are those over which it came, or is on its way. `muted_at` is since when the title is
    muted by command, `paused_until` when a pause for it alone ends.
    """

    id: int
    subscriber_id: int
    person: Subscriber
    kind: Kind
    ref: Ref
    heard: When | None
    change_no: int
    label: str
    others: int
    detail: Mapping[str, Any]
    decided_at: datetime
    title_id: int | None
    title: Title | None
    release: Release | None
    over: str | None
    channels: tuple[str, ...]
    is_followed: bool
    muted_at: datetime | None
    paused_until: datetime | None
    is_seen: bool

    @property
    def is_muted(self) -> bool:
        """Tell whether its person wants to hear nothing of the title, by command or by config."""
        return self.muted_at is not None or (self.title is not None and self.person.mutes(self.title))


def acted_message(
    tx: Connection, subscriber_id: int, message_id: int, delivery_id: int, *, to_act: bool
) -> ActedMessage | None:
    """Return a message of today's subscriber of this number, None where there is none.

    With `to_act` nobody else does anything for that person until the transaction ends.
    """
    if max(message_id, delivery_id) > LARGEST or not _is_told(tx, subscriber_id, to_act=to_act):
        return None
    row = tx.execute(_MESSAGE, {"id": message_id, "who": subscriber_id}).first()
    return None if row is None else _acted(tx, row, delivery_id)


def _is_told(tx: Connection, subscriber_id: int, *, to_act: bool) -> bool:
    if subscriber_id > LARGEST:
        return False
    live = select(subscriber.c.id).where(subscriber.c.id == subscriber_id, subscriber.c.ended_at.is_(None))
    return tx.execute(live.with_for_update() if to_act else live).first() is not None


_MESSAGE: Final = (
    select(message, title.c.key, title.c.spec, title.c.ended_at.label("title_ended_at"), subscription.c.muted_at)
    .add_columns(subscription.c.id.label("case_id"), subscription.c.ended_at, subscription.c.paused_until)
    .add_columns(seen_release.c.seen_at)
    .outerjoin(title, title.c.id == message.c.title_id)
    .outerjoin(
        subscription,
        and_(*(subscription.c[name] == message.c[name] for name in ("subscriber_id", "title_id"))),
    )
    .outerjoin(
        seen_release,
        and_(*(seen_release.c[name] == message.c[name] for name in ("subscriber_id", "title_id", "season", "first"))),
    )
    .where(message.c.id == bindparam("id"), message.c.subscriber_id == bindparam("who"))
)


def _acted(tx: Connection, row: Row[Any], delivery_id: int) -> ActedMessage:
    rows = tx.execute(select(delivery).where(delivery.c.message_id == row.id).order_by(delivery.c.id)).all()
    detail = row.detail or {}
    return ActedMessage(
        id=row.id,
        subscriber_id=row.subscriber_id,
        person=load_people(tx, [row.subscriber_id])[row.subscriber_id],
        kind=Kind(row.kind),
        ref=ref_of(row.season, row.first),
        heard=load_when(row.heard) if row.heard is not None else None,
        change_no=row.change_no,
        label=row.label,
        others=detail.get("others", 0),
        detail=detail,
        decided_at=row.decided_at,
        title_id=row.title_id,
        title=None if row.key is None else load_listing(row.key, row.spec).title,
        release=_present(tx, row),
        over=next((each.channel for each in rows if each.id == delivery_id), None),
        channels=tuple(dict.fromkeys(each.channel for each in rows if each.channel and each.state != State.SKIPPED)),
        is_followed=row.case_id is not None and row.ended_at is None and row.title_ended_at is None,
        muted_at=row.muted_at,
        paused_until=row.paused_until,
        is_seen=row.seen_at is not None,
    )


def _present(tx: Connection, row: Row[Any]) -> Release | None:
    """Return the release that a message is about with the date that it has now; None where it is about none."""
    if row.title_id is None:
        return None
    this = (release.c.title_id == row.title_id, release.c.season == row.season, release.c.first == row.first)
    found = tx.execute(select(release).where(*this, release.c.gone_at.is_(None))).first()
    if found is None:
        season, first = ref_of(row.season, row.first)
        return Release(season=season, first=first, label=row.label)
    return load_release(found.season, found.first, found.spec, found.when_text)


@dataclass(frozen=True, kw_only=True)
class Again:
    """When a message comes again, how long that is of use, and over which channels."""

    at: datetime
    useful_until: datetime
    channels: tuple[str, ...]


def put_again(tx: Connection, of: ActedMessage, again: Again, now: datetime) -> tuple[int, bool]:
    """Write the row by which a message comes again; return its number, and whether it was not there before.

    Asked for twice, it comes once. It is planned against the date that stands now.
    """
    anchor = f"{of.id} {again.at.isoformat()}"
    mine = (message.c.subscriber_id == of.subscriber_id, message.c.what == AGAIN, message.c.anchor == anchor)
    known = tx.execute(select(message.c.id).where(*mine, message.c.title_id == of.title_id)).scalar()
    if known is not None and _stands(tx, known):
        return known, False
    number = known if known is not None else _insert(tx, of, again, anchor, now)
    slots = [
        {"message_id": number, "subscriber_id": of.subscriber_id, "channel": name, "state": State.DUE, "asked": 1}
        for name in again.channels
    ]
    tx.execute(insert(delivery), [{**slot, "due_at": again.at, "tried_at": now} for slot in slots])
    return number, True


def _stands(tx: Connection, number: int) -> bool:
    """Tell whether a message has gone out somewhere, or will."""
    told = (delivery.c.message_id == number, delivery.c.state != State.SKIPPED)
    return tx.execute(select(delivery.c.id).where(*told).limit(1)).first() is not None


def _insert(tx: Connection, of: ActedMessage, again: Again, anchor: str, now: datetime) -> int:
    row = tx.execute(select(message).where(message.c.id == of.id)).one()
    kept = ("subscriber_id", "title_id", "season", "first", "kind", "label", "heard", "change_no", "detail")
    values = {
        **{name: row._mapping[name] for name in kept},
        "what": AGAIN,
        "anchor": anchor,
        "planned": of.release.when.show() if of.release is not None else row.planned,
        "at": again.at,
        "useful_until": again.useful_until,
        "decided_at": now,
    }
    made: int = tx.execute(insert(message).returning(message.c.id), values).scalar_one()
    return made


def close_message(tx: Connection, number: int, now: datetime) -> None:
    """Close what of a message has not gone out yet: its person has taken it back."""
    open_ = (delivery.c.message_id == number, delivery.c.state.in_(OPEN - {State.SENDING}))
    ids = tx.execute(select(delivery.c.id).where(*open_)).scalars().all()
    close(tx, ids, State.SKIPPED, Reason.TAKEN_BACK, now)


def close_told(tx: Connection, subscriber_id: int, what: str, anchor: str, now: datetime) -> None:
    """Close what has not gone out yet of a message about no title, by its key: it is true no more."""
    mine = (message.c.subscriber_id == subscriber_id, message.c.what == what, message.c.anchor == anchor)
    for number in tx.execute(select(message.c.id).where(*mine, message.c.title_id.is_(None))).scalars().all():
        close_message(tx, number, now)


@dataclass(frozen=True, kw_only=True)
class NamedDelivery:
    """A delivery by its number: whose, of which message, and over which channel."""

    person: Subscriber
    subscriber_id: int
    message_id: int
    channel: str


def named_delivery(tx: Connection, subscriber_id: int, delivery_id: int, *, to_act: bool) -> NamedDelivery | None:
    """Return a delivery to today's subscriber of this number, None where there is none."""
    if delivery_id > LARGEST or not _is_told(tx, subscriber_id, to_act=to_act):
        return None
    this = (delivery.c.id == delivery_id, delivery.c.subscriber_id == subscriber_id, delivery.c.channel.is_not(None))
    row = tx.execute(select(delivery.c.message_id, delivery.c.channel).where(*this)).first()
    if row is None:
        return None
    person = load_people(tx, [subscriber_id])[subscriber_id]
    return NamedDelivery(person=person, subscriber_id=subscriber_id, message_id=row.message_id, channel=row.channel)
