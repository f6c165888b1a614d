"""How each person's use of a channel fares: a channel of one's own as a whole, a shared one by one's own address."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, func, select, union_all

from reminder.core.model.channels import base_name
from reminder.core.model.entities import Subscriber
from reminder.core.model.ledger import State
from reminder.core.model.own import is_proved
from reminder.core.sending.streak import Streak
from reminder.store.people import load_people
from reminder.store.sql.any_of import Pair, one_of_those, pair_of_those, these
from reminder.store.sql.tables import CHOOSING, OPEN_DELIVERY, channel, delivery, message, refused_address, subscriber
from reminder.store.streaks import WHOLE, streaks_at
from reminder.store.titles import chunks


@dataclass(frozen=True, kw_only=True)
class ChannelUseState:
    """How one person's use of a channel fares.

    `failing_since` is when it last began to fail, `reason` what its service said, in its own words. It `is_broken` when
    what is due there is kept, and tried at `next_at`. `waiting` counts this person's own deliveries. Of an address that
    has not proved itself only the `reason` is given: nothing but a code goes there, and no reminder waits for it.
    """

    last_success_at: datetime | None = None
    failing_since: datetime | None = None
    reason: str | None = None
    is_broken: bool = False
    next_at: datetime | None = None
    waiting: int = 0


def people_listed(tx: Connection) -> dict[int, Subscriber]:
    """Return those of today's subscribers whom the config lists, or who choose for themselves, by their number."""
    query = select(subscriber.c.id).where(CHOOSING, subscriber.c.ended_at.is_(None)).order_by(subscriber.c.id)
    return load_people(tx, tx.execute(query).scalars().all())


def use_states(
    tx: Connection, people: Mapping[int, Subscriber], shared: Collection[str]
) -> dict[Pair, ChannelUseState]:
    """Return how every channel of these people fares; `shared` are the channels on which each has an address."""
    pairs = [(id_, use.name) for id_, person in people.items() for use in person.channels]
    facts = _Facts.of(tx, pairs, shared)
    states = {pair: facts.state_of(pair, is_shared=base_name(pair[1]) in shared) for pair in pairs}
    unproved = {(id_, use.name) for id_, person in people.items() for use in person.channels if not is_proved(use)}
    return states | {pair: ChannelUseState(reason=facts.tried.get(pair)) for pair in unproved}


@dataclass(frozen=True, kw_only=True)
class _Facts:
    channels: Mapping[str, Row[Any]]
    refused: Mapping[Pair, Row[Any]] = field(default_factory=dict)
    streaks: Mapping[Pair, Streak] = field(default_factory=dict)
    waiting: Mapping[Pair, int] = field(default_factory=dict)
    tried: Mapping[Pair, str | None] = field(default_factory=dict)
    arrived: Mapping[Pair, datetime] = field(default_factory=dict)

    @classmethod
    def of(cls, tx: Connection, pairs: Sequence[Pair], shared: Collection[str]) -> _Facts:
        own = [pair for pair in pairs if base_name(pair[1]) in shared]
        ends = {*own, *((WHOLE, name) for _, name in pairs)}
        return cls(
            channels={row.name: row for row in tx.execute(_CHANNELS)},
            refused={(row.subscriber_id, row.channel): row for row in _refused(tx, own)},
            streaks={pair: found for part in chunks(sorted(ends)) for pair, found in streaks_at(tx, part).items()},
            waiting=_waiting(tx, pairs),
            tried=_tried(tx, own),
            arrived=_arrived(tx, own),
        )

    def state_of(self, pair: Pair, *, is_shared: bool) -> ChannelUseState:
        row = self.channels.get(pair[1])
        if row is None:
            return ChannelUseState()
        last = self.arrived.get(pair) if is_shared else row.last_success_at
        state = ChannelUseState(last_success_at=last, waiting=self.waiting.get(pair, 0))
        streak = self.streaks.get(pair if is_shared else (WHOLE, pair[1]))
        held = row if row.parked_at is not None else self.refused.get(pair)
        if held is not None:
            since = min(held.parked_at, streak.since) if streak else held.parked_at
            return replace(state, failing_since=since, reason=held.reason, is_broken=True, next_at=held.next_at)
        if is_shared:
            return replace(state, failing_since=streak.since if streak else None, reason=self.tried.get(pair))
        return _of_own(row, state, streak)


def _of_own(row: Row[Any], state: ChannelUseState, streak: Streak | None) -> ChannelUseState:
    """Return how a channel that is not shared fares while it is not broken: as its last try went."""
    if row.last_failure_at is None or (state.last_success_at and row.last_failure_at <= state.last_success_at):
        return state
    return replace(state, failing_since=streak.since if streak else row.last_failure_at, reason=row.last_failure)


_CHANNELS: Final = select(channel)
_REFUSED: Final = select(refused_address).where(
    pair_of_those(refused_address.c.subscriber_id, refused_address.c.channel)
)
_AT_THESE: Final = pair_of_those(delivery.c.subscriber_id, delivery.c.channel)
_WAITING: Final = (
    select(delivery.c.subscriber_id, delivery.c.channel, func.count().label("number"))
    .where(OPEN_DELIVERY, _AT_THESE)
    .group_by(delivery.c.subscriber_id, delivery.c.channel)
)
_TRIED: Final = (
    select(delivery.c.subscriber_id, delivery.c.channel, delivery.c.reason)
    .where(OPEN_DELIVERY, _AT_THESE, delivery.c.attempts > 0)
    .order_by(delivery.c.tried_at)
)


def _refused(tx: Connection, pairs: Sequence[Pair]) -> list[Row[Any]]:
    return [row for part in chunks(pairs) for row in tx.execute(_REFUSED, these(part))]


def _waiting(tx: Connection, pairs: Sequence[Pair]) -> dict[Pair, int]:
    parts = (tx.execute(_WAITING, these(part)) for part in chunks(pairs))
    return {(row.subscriber_id, row.channel): row.number for rows in parts for row in rows}


def _tried(tx: Connection, pairs: Sequence[Pair]) -> dict[Pair, str | None]:
    """Return what was last said to what waits there and was tried."""
    parts = (tx.execute(_TRIED, these(part)) for part in chunks(pairs))
    return {(row.subscriber_id, row.channel): row.reason for rows in parts for row in rows}


def _arrived(tx: Connection, pairs: Sequence[Pair]) -> dict[Pair, datetime]:
    """Return when something last arrived at these addresses, found by the index of people's messages."""
    people, names = sorted({id_ for id_, _ in pairs}), sorted({name for _, name in pairs})
    parts = (tx.execute(_ARRIVED, {"people": part, "names": names}) for part in chunks(people))
    return {(row.subscriber_id, row.channel): row.at for rows in parts for row in rows}


_ARRIVED: Final = (
    select(
        delivery.c.subscriber_id,
        delivery.c.channel,
        func.max(delivery.c.closed_at, type_=delivery.c.closed_at.type).label("at"),
    )
    .join(message, delivery.c.message_id == message.c.id)
    .where(delivery.c.state == State.SENT, one_of_those(message.c.subscriber_id, "people"))
    .where(delivery.c.channel.in_(bindparam("names", expanding=True)))
    .group_by(delivery.c.subscriber_id, delivery.c.channel)
)


def is_any_broken(tx: Connection, subscriber_id: int) -> bool:
    """Tell whether any channel of the config is broken, or any address of this person: mostly none is."""
    return tx.execute(_BROKEN, {"who": subscriber_id}).first() is not None


_BROKEN: Final = union_all(
    select(channel.c.name).where(channel.c.parked_at.is_not(None)),
    select(refused_address.c.channel).where(refused_address.c.subscriber_id == bindparam("who")),
).limit(1)
