"""Claims what is due: as much as its endpoints can carry now, checked once more, as messages with their words."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection

from reminder.core.model.entities import ASKED_FOR, Channel, Kind, Subscriber
from reminder.core.model.ledger import NO_WORDS, UNREADABLE, State
from reminder.core.schedule.digest import bundles
from reminder.core.sending.presend_check import GiveUp, Go, Postpone, Reroute, last_look
from reminder.core.text.hints import DeliveryHints, hints_of, together
from reminder.delivery.delivery_facts import DeliveryFacts
from reminder.delivery.forecast import context_of
from reminder.delivery.render import Rendered, Renderer
from reminder.delivery.sender import RESTS, OutgoingMessage, Sender
from reminder.store import channels as channel_store
from reminder.store import outbox_write
from reminder.store.daemons import newest_config
from reminder.store.decisions import PUT_OFF
from reminder.store.identity import sending_identity, signing_key
from reminder.store.moving import move
from reminder.store.outbox_read import PendingDelivery, all_due_ids, asked_ids, by_pair, dressed, due_ids, due_pairs
from reminder.store.people import load_people, lock_people
from reminder.store.refusals import Refusal, queue_refused, refusals
from reminder.store.sql.any_of import Pair
from reminder.store.sql.row_fallback import whole_or_each
from reminder.texts.templates.engine import Templates

if TYPE_CHECKING:
    from reminder.delivery.message_links import MessageLinks

log = logging.getLogger(__name__)

CLAIM_BATCH: Final = 250
"""(person, channel) pairs looked at in one go."""

CLAIM_MOST: Final = 250
"""Messages claimed in one transaction, or few more: until it ends, nothing that came back is recorded."""

IN_ORDER: Final = 64
"""So many of one person's deliveries on one channel are put in the order of their moments."""

Part = tuple[PendingDelivery, ...]
"""What goes out as one message."""


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """The messages that one claim took, and what it closed instead."""

    outgoing_messages: tuple[OutgoingMessage, ...]
    given_up: int
    failed: int


@dataclass(kw_only=True)
class Claim:
    """One claim, in one transaction. `probing` are parked channels whose one try is in flight already.

    `digest` is that of our config where other daemons share the database, None where there are none. `leased_at` is
    what the messages say of when they were claimed. `web_address` is where people reach the page, None where nobody
    does: then messages lead nowhere.
    """

    tx: Connection
    owner: str
    sender: Sender
    channels: Mapping[str, Channel]
    templates: Templates
    grace: timedelta
    probing: frozenset[str]
    digest: str | None
    leased_at: float
    web_address: str | None = None
    _parked: Mapping[str, datetime] = field(default_factory=dict)
    _room: dict[str, int] = field(default_factory=dict)
    _busy: set[int] = field(default_factory=set)
    _given_up: int = 0
    _failed: int = 0
    _origin: str = ""
    _facts: DeliveryFacts = field(init=False)
    _renderer: Renderer = field(init=False)
    _links: MessageLinks | None = None

    def run(self, now: datetime) -> Claimed:
        """Claim what is due at `now` until nothing more is, or nothing more can be carried. Raises StoreError."""
        self._parked = outbox_write.parked_channels(self.tx)
        self._facts = DeliveryFacts(tx=self.tx, channels=self.channels, parked=self._parked)
        for name in self._parked:
            channel_store.queue_behind(self.tx, name, now)
        self._room = {name: self._places(channel) for name, channel in self.channels.items()}
        self._renderer = Renderer(templates=self.templates, now=now)
        self._origin = sending_identity(self.tx)
        self._links = self._message_links(now) if self.web_address else None
        outgoing_messages = self._asked_for(now)
        outbox_write.claim(self.tx, _ids(outgoing_messages), self.owner, now)
        while len(outgoing_messages) < CLAIM_MOST and (pairs := self._due(now)):
            taken = self._take(pairs, now)
            outbox_write.claim(self.tx, _ids(taken), self.owner, now)
            outgoing_messages += taken
        return Claimed(outgoing_messages=tuple(outgoing_messages), given_up=self._given_up, failed=self._failed)

    def _asked_for(self, now: datetime) -> list[OutgoingMessage]:
        """Take what somebody waits for before all else: each by itself, on channels too that are parked."""
        ids = asked_ids(self.tx, now)
        waiting = whole_or_each(
            lambda: dressed(self.tx, ids) if ids else [],
            lambda: ids,
            lambda id_: dressed(self.tx, [id_]),
            lambda id_: outbox_write.postpone(self.tx, [id_], now + PUT_OFF, UNREADABLE),
        )
        going = [(item,) for item in waiting if self._may_judge(item) and self._goes(item, now) and self._urge(item)]
        return list(self._outgoing(going, now))

    def _may_judge(self, item: PendingDelivery) -> bool:
        return item.channel in self.channels or self._may_give_up()

    def _urge(self, item: PendingDelivery) -> bool:
        """Take a place on the channel's lane, though it be full or parked; False where its service wants no more."""
        if not self.sender.urge(self._address_of(item)):
            return False
        self._room[item.channel] = self._room.get(item.channel, 1) - 1
        return True

    def _places(self, channel: Channel) -> int:
        room = self.sender.room(channel)
        if channel.name not in self._parked:
            return room
        # A channel that failed by its own fault is tried with one message, not with all that wait.
        return 0 if channel.name in self.probing else min(room, 1)

    def _due(self, now: datetime) -> list[Pair]:
        full = {name for name, places in self._room.items() if places <= 0}
        return due_pairs(self.tx, now, full=full, busy=self._busy, limit=CLAIM_BATCH)

    def _take(self, pairs: Sequence[Pair], now: datetime) -> list[OutgoingMessage]:
        """Return the messages of these pairs; none when some of them turn out to have to wait: then ask again."""
        unknown = {name for _, name in pairs} - self._room.keys()
        self._room |= {name: self._places(self.channels[name]) for name in unknown if name in self.channels}
        unknown -= self._room.keys()
        if unknown and not self._may_give_up():
            self._room |= dict.fromkeys(unknown, 0)
            return []
        shared = any(channel.is_shared for channel in self.channels.values())
        refused = refusals(self.tx, pairs) if shared else {}
        if queue_refused(self.tx, refused, now):
            return []
        people, readable = _readable(self.tx, pairs, now)
        due = self._locked_due(readable, people, now)
        taken: list[OutgoingMessage] = []
        for pair, waiting in sorted(by_pair(self._dressed(due, people, now)).items(), key=_longest_waiting):
            taken += self._of_pair(pair, waiting, refused.get(pair), now)
        return taken

    def _may_give_up(self) -> bool:
        """Tell whether a channel that is not in our config is in none: another daemon may have a newer one."""
        return self.digest is None or newest_config(self.tx) in {None, self.digest}

    def _locked_due(
        self, pairs: Sequence[Pair], people: Mapping[int, Subscriber], now: datetime
    ) -> dict[Pair, list[int]]:
        """Return what is due for those pairs that nobody else has; for who may get several as one, all of it."""
        whole = {id_ for id_, person in people.items() if person.digest or person.burst}
        locked = lock_people(self.tx, whole)
        self._busy |= whole - locked
        due = all_due_ids(self.tx, [pair for pair in pairs if pair[0] in locked], now)
        due |= due_ids(self.tx, [pair for pair in pairs if pair[0] not in whole], now)
        if not due:
            self._busy.update(people)  # others have it all: to ask again within this transaction would find the same
        return due

    def _dressed(
        self, due: Mapping[Pair, Sequence[int]], people: Mapping[int, Subscriber], now: datetime
    ) -> list[PendingDelivery]:
        return whole_or_each(
            lambda: dressed(self.tx, _enough(due, people, self._room), people),
            lambda: [id_ for ids in due.values() for id_ in ids],
            lambda id_: dressed(self.tx, [id_]),
            lambda id_: outbox_write.postpone(self.tx, [id_], now + PUT_OFF, UNREADABLE),
        )

    def _of_pair(
        self, pair: Pair, waiting: Sequence[PendingDelivery], refusal: Refusal | None, now: datetime
    ) -> list[OutgoingMessage]:
        if self._put_off_by_rest(pair[1], waiting, now):
            return []
        going = [self._facts.with_present_count(item) for item in sorted(waiting, key=_turn) if self._goes(item, now)]
        if refusal is not None:
            going.sort(key=lambda item: item.tried_at)  # the hourly try takes another one each time
        parts = bundles(going, waiting[0].subscriber, lambda item: (item.kind, item.lead)) if going else []
        if refusal is not None:
            parts = _one_try(self.tx, parts, refusal, now)
        places = max(0, self._room.get(pair[1], 0))
        outgoing_messages = list(self._outgoing(parts[:places], now))
        self._room[pair[1]] = places - len(outgoing_messages)
        return outgoing_messages

    def _put_off_by_rest(self, name: str, waiting: Sequence[PendingDelivery], now: datetime) -> bool:
        """Put off what waits for one address that is left alone while others on the channel are not."""
        if name not in self.channels:
            return False
        rest = self.sender.rest(self._address_of(waiting[0]))
        if rest > 0:
            until = now + timedelta(seconds=rest)
            outbox_write.postpone(self.tx, [item.id for item in waiting], until, RESTS)
        return rest > 0

    def _address_of(self, item: PendingDelivery) -> Channel:
        """Return the channel of a delivery as it leads to its person."""
        return self.channels[item.channel].to(item.subscriber.address_on(item.channel))

    def _goes(self, item: PendingDelivery, now: datetime) -> bool:
        """Take the last look at a delivery; hold or close it when it does not go."""
        verdict = last_look(self._facts.of(item, now), now, self.grace)
        if isinstance(verdict, Postpone):
            outbox_write.postpone(self.tx, [item.id], verdict.until, verdict.reason)
        elif isinstance(verdict, Reroute):
            move(self.tx, item, verdict.channels, now)
        elif isinstance(verdict, GiveUp):
            self._give_up(item, verdict, now)
        return isinstance(verdict, Go)

    def _give_up(self, item: PendingDelivery, verdict: GiveUp, now: datetime) -> None:
        outbox_write.close(self.tx, [item.id], verdict.state, verdict.reason, now)
        self._given_up += 1
        self._failed += verdict.state is State.FAILED
        if item.kind is Kind.CODE:
            outbox_write.wipe_codes(self.tx, [item.message_id])
        if verdict.state in {State.EXPIRED, State.FAILED}:
            outbox_write.look_again(self.tx, item.subscriber_id, item.message_id, now)

    def _outgoing(self, parts: Iterable[Part], now: datetime) -> Iterator[OutgoingMessage]:
        """Yield each part with its words; one that has none is put off, so that it stops nobody else."""
        for part in parts:
            try:
                yield self._outgoing_message(part, now)
            except Exception:
                log.exception("message not rendered", extra={"deliveries": [item.id for item in part]})
                if len(part) > 1:
                    yield from self._outgoing([(item,) for item in part], now)
                else:
                    outbox_write.postpone(self.tx, [part[0].id], now + PUT_OFF, NO_WORDS)

    def _message_links(self, now: datetime) -> MessageLinks:
        from reminder.delivery.message_links import LinkSigner, MessageLinks

        return MessageLinks(address=self.web_address or "", signer=LinkSigner(signing_key(self.tx), now))

    def _outgoing_message(self, part: Part, now: datetime) -> OutgoingMessage:
        written = self._write(part)
        first = part[0]
        channel = self._address_of(first)
        words = written.words if self._links is None else self._links.added_to(written.words, part, channel, now)
        return OutgoingMessage(
            channel=channel,
            items=tuple(part),
            kind=written.kind,
            words=replace(words, hints=together([_hints(item, now) for item in part])),
            plain=any(item.plain for item in part),
            written_at=now,
            leased_at=self.leased_at,
            origin=self._origin,
        )

    def _write(self, part: Part) -> Rendered:
        written = self._renderer.write([context_of(item) for item in part])
        for problem in written.problems:
            log.warning("template not used", extra={"why": problem})
        return written


def _hints(item: PendingDelivery, now: datetime) -> DeliveryHints:
    until = item.useful_until
    return hints_of(item.kind, item.title, item.release, item.subscriber, useful_until=until, now=now)


def _ids(outgoing_messages: Iterable[OutgoingMessage]) -> list[int]:
    return [item.id for outgoing in outgoing_messages for item in outgoing.items]


def _turn(item: PendingDelivery) -> tuple[bool, datetime, int]:
    """Return by what one person's messages on one channel are put in order: what was asked for, then by the moment."""
    return item.kind not in ASKED_FOR, item.at, item.id


def _longest_waiting(of_pair: tuple[Pair, Sequence[PendingDelivery]]) -> datetime:
    """Return since when the message is due that goes first of these: one that was tried meanwhile is due anew.

    Where an endpoint takes one message, to try, it is not always one for whom it has just failed.
    """
    return min(of_pair[1], key=_turn).due_at


def _one_try(tx: Connection, parts: list[Part], refusal: Refusal, now: datetime) -> list[Part]:
    """Return one message to try an address with that has refused; the rest goes at once if that one is taken."""
    rest = [item.id for part in parts[1:] for item in part]
    if rest:
        outbox_write.postpone(tx, rest, now + channel_store.LONGEST_PARKED, refusal.reason)
    return parts[:1]


def _readable(
    tx: Connection, pairs: Sequence[tuple[int, str]], now: datetime
) -> tuple[dict[int, Subscriber], list[tuple[int, str]]]:
    """Return the people of these pairs, and their pairs; what is due for whoever cannot be read is put off."""
    ids = {subscriber_id for subscriber_id, _ in pairs}
    people = load_people(tx, ids)
    for id_ in ids - people.keys():
        outbox_write.postpone_person(tx, id_, now, now + PUT_OFF, UNREADABLE)
    return people, [pair for pair in pairs if pair[0] in people]


def _enough(due: Mapping[Pair, Sequence[int]], people: Mapping[int, Subscriber], room: Mapping[str, int]) -> list[int]:
    """Return as many of what is due as can go now or have to be put in order; all of it where it may go as one.

    Whoever comes after the first `CLAIM_MOST` has the next turn.
    """
    ids: list[int] = []
    for (subscriber_id, name), found in due.items():
        person = people[subscriber_id]
        together = person.digest is not None or (person.burst and len(found) > person.burst)
        ids += found if together else found[: min(CLAIM_MOST, max(IN_ORDER, room.get(name, 1)))]
        if len(ids) >= CLAIM_MOST:
            break
    return ids
