"""Subscribers and channels as the config lists them, kept beside what only the database knows of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, Text, bindparam, cast, delete, insert, or_, select, update

from reminder.core.model.channels import base_name
from reminder.core.model.entities import Channel, Subscriber
from reminder.core.model.own import Own
from reminder.core.schedule.listing import channels_since, former_hours, former_uses
from reminder.core.sending.retry import Refused
from reminder.store.refusals import forget_refusals, reopen
from reminder.store.sql.any_of import one_of, one_of_those
from reminder.store.sql.codec import dump_own, dump_subscriber, load_own, load_subscriber, read_person
from reminder.store.sql.row_fallback import whole_or_each
from reminder.store.sql.tables import (
    CHOOSING,
    CONFIGURED,
    OPEN_DELIVERY,
    channel,
    delivery,
    streak,
    subscriber,
    subscription,
)
from reminder.store.titles import chunks

CONFIG: Final = "config"
IMPORT: Final = "import"
WEB: Final = "web"

LISTED: Final = "listing"
"""The origin of a subscription that is listed for a person."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """A subscriber with the number of its row."""

    id: int
    subscriber: Subscriber


def sync_people(tx: Connection, wanted: Iterable[Subscriber], now: datetime) -> dict[str, Person]:
    """Make the listed subscribers the ones in the database; return them by name, with what they have chosen.

    Whoever is gone is kept, ended. Those who were imported or have joined are left alone, but for one whom the config
    lists by now: then they are the config's, and keep what they have chosen.
    """
    wanted = tuple(wanted)
    rows = {row.name: row for row in tx.execute(select(subscriber).where(CONFIGURED))}
    imported = _named(tx, [person.name for person in wanted if person.name not in rows])
    people: dict[str, Person] = {}
    for person in wanted:
        row = rows.pop(person.name, None) or imported.get(person.name)
        people[person.name] = _insert(tx, person) if row is None else _update(tx, row, person, now)
    for row in rows.values():
        if row.ended_at is None:
            _let_go(tx, row, now)
    return people


def _let_go(tx: Connection, row: Row[Any], now: datetime) -> None:
    """End somebody whom the config lists no more; who had joined before it did is again who has joined."""
    own = load_own(row.own) if row.own is not None else Own()
    this = update(subscriber).where(subscriber.c.id == row.id)
    if own.joined is None:
        tx.execute(this.values(ended_at=now))
        return
    kept = dump_own(replace(own, joined=None))
    tx.execute(this.values(origin=WEB, profile=dump_subscriber(own.joined), own=kept))
    listed = (subscription.c.subscriber_id == row.id, subscription.c.ended_at.is_(None))
    ended = update(subscription).where(*listed, subscription.c.origin == LISTED)
    tx.execute(ended.values(ended_at=now, next_due_at=None))
    look_again(tx, row.id, now)


def _take_in(tx: Connection, row: Row[Any], known: Subscriber, person: Subscriber) -> Own | None:
    """Return what somebody has chosen whom the config lists by now; the addresses of who has joined stay beside it."""
    own = load_own(row.own) if row.own is not None else None
    if own is None or row.origin != WEB:
        return own
    own, renamed = replace(own, joined=known).beside(person.channels)
    tx.execute(update(subscriber).where(subscriber.c.id == row.id).values(own=dump_own(own)))
    for old, new in renamed.items():
        if not tx.execute(select(channel.c.name).where(channel.c.name == new)).first():
            tx.execute(insert(channel).values(name=new, fingerprint=""))
        waits = (OPEN_DELIVERY, delivery.c.subscriber_id == row.id, delivery.c.channel == old)
        tx.execute(update(delivery).where(*waits).values(channel=new))
    return own


def _named(tx: Connection, names: Sequence[str]) -> dict[str, Row[Any]]:
    asked = (tx.execute(select(subscriber).where(subscriber.c.name.in_(part))) for part in chunks(names))
    return {row.name: row for rows in asked for row in rows}


def _insert(tx: Connection, person: Subscriber) -> Person:
    values = {"name": person.name, "profile": dump_subscriber(person)}
    row_id: int = tx.execute(insert(subscriber).returning(subscriber.c.id), values).scalar_one()
    return Person(id=row_id, subscriber=person)


def _update(tx: Connection, row: Row[Any], person: Subscriber, now: datetime) -> Person:
    known = load_subscriber(row.name, row.profile)
    row_id: int = row.id
    channels = channels_since(known.channels, person.channels, now)
    former = former_uses(known, person.channels, now)
    kept = replace(person, channels=channels, former=former_hours(known, person, now), former_uses=former)
    own = _take_in(tx, row, known, person)
    if kept != known or row.ended_at is not None or row.origin != CONFIG:
        values = {"profile": dump_subscriber(kept), "ended_at": None, "origin": CONFIG}
        tx.execute(update(subscriber).where(subscriber.c.id == row_id).values(values))
        reopen(tx, moved_addresses(row_id, known, kept), now)
        leave_channels(tx, row_id, known, kept, now)
        look_again(tx, row_id, now)
    return Person(id=row_id, subscriber=kept if own is None else own.over(kept))


def leave_channels(tx: Connection, subscriber_id: int, before: Subscriber, after: Subscriber, now: datetime) -> None:
    """Have what waits for a person on channels that they no longer use looked at now: it may go elsewhere."""
    left = {use.name for use in before.channels} - {use.name for use in after.channels}
    if left:
        theirs = (delivery.c.subscriber_id == subscriber_id, delivery.c.channel.in_(sorted(left)))
        tx.execute(update(delivery).where(OPEN_DELIVERY, *theirs, delivery.c.due_at > now).values(due_at=now))


def moved_addresses(subscriber_id: int, before: Subscriber, after: Subscriber) -> list[tuple[int, str]]:
    """Return on which shared channels a person has another address now: what one refused, another may take."""
    return [
        (subscriber_id, use.name)
        for use in after.channels
        if use.address is not None and before.address_on(use.name) not in {None, use.address}
    ]


def pause(tx: Connection, name: str, until: datetime | None, now: datetime) -> bool:
    """Let a person hear nothing until an instant, None to end a pause; return whether there is such a person."""
    rows = list(tx.execute(select(subscriber.c.id).where(subscriber.c.name == name)).scalars())
    for row_id in rows:
        tx.execute(update(subscriber).where(subscriber.c.id == row_id).values(paused_until=until))
        look_again(tx, row_id, now)
    return bool(rows)


def look_again(tx: Connection, subscriber_id: int, now: datetime) -> None:
    """Set every pointer of a person to now: another zone, hour or ladder moves their moments."""
    mine = (subscription.c.subscriber_id == subscriber_id) & subscription.c.ended_at.is_(None)
    tx.execute(update(subscription).where(mine).values(next_due_at=now))


def load_people(tx: Connection, ids: Iterable[int] | None = None) -> dict[int, Subscriber]:
    """Return subscribers by the number of their row: all, or those asked for."""
    if ids is None:
        return _people(tx, _PEOPLE)
    return _people(tx, _THESE_PEOPLE, ids=sorted(set(ids)))


def lock_people(tx: Connection, ids: Iterable[int]) -> set[int]:
    """Lock these people for this transaction; return those whom no other has locked. On SQLite it has them all already.

    What is due for one person is decided and bundled by one daemon: two would make two digests of it. The rows are
    locked, not numbers in the server's memory, so that there may be any number of them.
    """
    asked = sorted(set(ids))
    if tx.dialect.name == "sqlite":
        return set(asked)
    free = select(subscriber.c.id).order_by(subscriber.c.id).with_for_update(key_share=True, skip_locked=True)
    return set(tx.execute(free.where(one_of(subscriber.c.id, asked))).scalars())


def people_on(tx: Connection, channel_name: str) -> dict[int, Subscriber]:
    """Return those of today's subscribers who use this channel, by the number of their row.

    Without those who are imported and have chosen nothing: they have one channel each, so nobody could be told of it.
    """
    # The database finds who may be meant by the text of the settings, so that not everybody's are read for it.
    said = json.dumps({"name": channel_name})[1:-1]
    named = [cast(column, Text).contains(said, autoescape=True) for column in (subscriber.c.profile, subscriber.c.own)]
    found = _people(tx, _PEOPLE.where(CHOOSING, subscriber.c.ended_at.is_(None), or_(*named)))
    return {id_: who for id_, who in found.items() if channel_name in {use.name for use in who.channels}}


def people_beside(tx: Connection, channel_name: str) -> list[Subscriber]:
    """Return those of today's subscribers who have chosen an address of their own on a shared channel, or further ones.

    Whom the config lists, and has chosen none, is not among them.
    """
    said = json.dumps({"name": channel_name})[1:-2]  # `bot` begins `bot#2` as well
    named = cast(subscriber.c.own, Text).contains(said, autoescape=True)
    found = _people(tx, _PEOPLE.where(subscriber.c.own.is_not(None), subscriber.c.ended_at.is_(None), named))
    return [who for who in found.values() if channel_name in {base_name(use.name) for use in who.channels}]


_PEOPLE: Final = select(
    subscriber.c.id,
    subscriber.c.name,
    cast(subscriber.c.profile, Text).label("profile"),
    cast(subscriber.c.own, Text).label("own"),
    subscriber.c.paused_until,
)
_THESE_PEOPLE: Final = _PEOPLE.where(one_of_those(subscriber.c.id, "ids"))
_NAMED: Final = _PEOPLE.where(subscriber.c.name == bindparam("name"))
_PRESENT: Final = _NAMED.where(subscriber.c.ended_at.is_(None))


def _person(row: Row[Any]) -> Subscriber:
    person = read_person(row.name, row.profile, row.own)
    return person if row.paused_until is None else replace(person, paused_until=row.paused_until)


def _people(tx: Connection, query: Select[Any], **asked: Any) -> dict[int, Subscriber]:
    """Return whom a query finds; whoever cannot be read is left out, and said to be."""
    return dict(
        whole_or_each(
            lambda: [(row.id, _person(row)) for row in tx.execute(query, asked)],
            lambda: tx.execute(query.with_only_columns(subscriber.c.id), asked).scalars().all(),
            lambda id_: [(row.id, _person(row)) for row in tx.execute(_PEOPLE.where(subscriber.c.id == id_))],
            lambda _: None,
        )
    )


def find_people(tx: Connection, name: str) -> dict[int, Subscriber]:
    """Return the subscriber of this name by the number of the row; empty when there is none."""
    return _people(tx, _NAMED, name=name)


def present_person(tx: Connection, name: str) -> Person | None:
    """Return today's subscriber of this name, None where there is none."""
    found = _people(tx, _PRESENT, name=name)
    return next((Person(id=id_, subscriber=person) for id_, person in found.items()), None)


def sync_channels(tx: Connection, wanted: Mapping[str, Channel], now: datetime) -> tuple[str, ...]:
    """Keep each channel's name and fingerprint; return those whose address changed: they are tried again at once."""
    known = {row.name: row for row in tx.execute(select(channel))}
    changed = []
    for item in wanted.values():
        row = known.get(item.name)
        if row is None:
            tx.execute(insert(channel).values(name=item.name, fingerprint=item.fingerprint))
        elif item.url is not None and row.fingerprint != item.fingerprint:
            # Without its secret an address is not known: a command run without them changes nothing.
            changed.append(item.name)
            tx.execute(update(channel).where(channel.c.name == item.name).values(fingerprint=item.fingerprint))
            for name in (item.name, *(name for name in known if name != item.name == base_name(name))):
                forget_refusals(tx, name)
                reopen_channel(tx, name, now, refused=None)
    return tuple(changed)


def take_kinds(tx: Connection, wanted: Mapping[str, Channel], now: datetime) -> None:
    """Let the addresses that people have brought to shared channels take what these say now: it is no choice of theirs.

    One that has not proved itself takes nothing but its code.
    """
    for item in wanted.values():
        if not item.is_shared:
            continue
        said = json.dumps({"name": item.name})[1:-2]  # `bot` begins `bot#2` as well
        named = cast(subscriber.c.own, Text).contains(said, autoescape=True)
        rows = tx.execute(select(subscriber.c.id, subscriber.c.own).where(subscriber.c.own.is_not(None), named)).all()
        for row in rows:
            own = load_own(row.own)
            taking = own.taking(item.name, item.only)
            if taking != own:
                tx.execute(update(subscriber).where(subscriber.c.id == row.id).values(own=dump_own(taking)))
                look_again(tx, row.id, now)


def know_channels(tx: Connection, wanted: Mapping[str, Channel]) -> None:
    """Know those of the config's channels that are not known yet; nobody uses them before a sync."""
    known = set(tx.execute(select(channel.c.name)).scalars())
    for item in wanted.values():
        if item.name not in known:
            tx.execute(insert(channel).values(name=item.name, fingerprint=item.fingerprint))


def reopen_channel(tx: Connection, name: str, now: datetime, *, refused: Refused | None = Refused.BEFORE) -> int:
    """Let what is parked on a channel be tried at `now`; return how many deliveries wait there.

    `refused` is how what was refused there stands from now on: by default, something else has gone through since.
    """
    tx.execute(update(channel).where(channel.c.name == name).values(parked_at=None, reason=None, next_at=None))
    tx.execute(delete(streak).where(streak.c.channel == name, streak.c.subscriber_id == 0))
    here = (delivery.c.channel == name, OPEN_DELIVERY)
    waits = update(delivery).where(*here, delivery.c.refused == Refused.WAITS)
    tx.execute(waits.values(refused=refused, plain=0))
    waiting = update(delivery).where(*here, delivery.c.due_at > now)
    return tx.execute(waiting.values(due_at=now)).rowcount
