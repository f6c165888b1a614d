"""One pass over what is due: record what came back, decide, claim, send. Once, for one `now`."""

from __future__ import annotations

import logging
import math
import uuid
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from reminder.core.bundle import bundles
from reminder.core.check import Drop, Go, Hold, Outgoing, last_look
from reminder.core.ledger import State
from reminder.core.model import Channel, Kind, Subscriber
from reminder.crew import Crew, Done, NotTried, Parcel
from reminder.deciding import FEW, MANY, PUT_OFF, decide_due
from reminder.errors import StoreTangled
from reminder.failpoints import Place, reach
from reminder.forecast import letter_of
from reminder.presence import Presence
from reminder.recording import Recorder
from reminder.salvage import whole_or_each
from reminder.store import channels as channel_store
from reminder.store import ledger
from reminder.store.daemons import newest_config
from reminder.store.decisions import write_settled
from reminder.store.people import find_people, hold_people, load_people
from reminder.store.refusals import Refusal, queue_refused, refusals
from reminder.store.store import Store
from reminder.store.stories import next_moment
from reminder.store.waiting import Waiting, all_due_ids, by_pair, dressed, due_ids, due_pairs
from reminder.tally import Tally
from reminder.templates import Templates
from reminder.writing import Written, write

log = logging.getLogger(__name__)

CLAIM_BATCH: Final = 64
"""(person, channel) pairs looked at in one go when claiming."""

UNREADABLE: Final = "it cannot be read"

CLAIM_MOST: Final = 250
"""Parcels claimed in one transaction, or few more: until it ends, nothing that came back is recorded."""


Part = tuple[Waiting, ...]


@dataclass
class SweepReport:
    """What one pass did, and when there is more to do: `more` at once, `next_at` later.

    At `look_at` a pass may find that another daemon has died.
    """

    decided: int = 0
    started: int = 0
    sent: int = 0
    failed: int = 0
    retrying: int = 0
    dropped: int = 0
    more: bool = False
    next_at: datetime | None = None
    look_at: datetime | None = None

    @property
    def did_something(self) -> bool:
        """Tell whether another pass at the same instant may find more to do: what was lost is told as missed."""
        return bool(self.more or self.started or self.decided or self.dropped or self.sent or self.failed)


@dataclass(kw_only=True)
class Sweeper:
    """Does the passes for one daemon. `owner` names this process's start; no other has it."""

    store: Store
    crew: Crew
    channels: Mapping[str, Channel]
    templates: Templates
    grace: timedelta
    operator: str = ""
    presence: Presence | None = None
    weekly: Callable[[Store, datetime], bool] | None = None
    tally: Tally = field(default_factory=Tally)
    owner: str = ""
    _unrecorded: list[Done] = field(default_factory=list)
    _out: set[int] = field(default_factory=set)
    _in_doubt: bool = False
    _probing: set[str] = field(default_factory=set)
    _recorder: Recorder = field(init=False)

    def __post_init__(self) -> None:
        self.owner = self.owner or (self.presence.me.owner if self.presence else uuid.uuid4().hex)
        self._recorder = Recorder(owner=self.owner, tally=self.tally, operator=lambda: self.operator)

    def sweep(self, now: datetime) -> SweepReport:
        """Do one pass at the instant `now` (UTC). Raises StoreError; what came back is then kept for the next pass."""
        report = SweepReport()
        _again(lambda: self._record_finished(report, now))
        self._settle_doubt(now)
        soon = self.keep(now)
        if self.weekly is not None:
            self.weekly(self.store, now)
        _again(lambda: self._decide(report, now))
        # What came back in the meantime first: a crash repeats what has arrived and is not yet in the ledger.
        _again(lambda: self._record_finished(report, now))
        _again(lambda: self._send(report, now))
        _again(lambda: self._record_finished(report, now))
        with self.store.read() as tx:
            report.next_at = next_moment(tx)
        report.look_at = now + soon if soon is not None else None
        return report

    def collect(self, now: datetime) -> SweepReport:
        """Only record what came back: for the end, when nothing new shall start. Raises StoreError."""
        report = SweepReport()
        self._record_finished(report, now)
        return report

    def alarm(self, subject: str, *lines: str, now: datetime) -> None:
        """Tell the operator of a trouble that no channel has: the disk, the clock, a source. Raises StoreError."""
        with self.store.write() as tx:
            for subscriber_id, person in find_people(tx, self.operator).items():
                uses = [use.name for use in person.channels if use.takes(Kind.TROUBLE, None)]
                detail = {"subject": subject, "lines": list(lines)}
                channel_store.tell(
                    tx, subscriber_id, uses, anchor=f"{subject} {now.isoformat()}", detail=detail, now=now
                )

    def _record_finished(self, report: SweepReport, now: datetime) -> None:
        self._unrecorded += self.crew.finished()
        if not self._unrecorded:
            return
        with self.store.write() as tx:
            recorded = self._recorder.record(tx, self._unrecorded, now)
            reach(Place.RECORD)
        reach(Place.RECORDED)
        # Only now: a write that failed is tried again with the next pass, before anything new is claimed.
        self._probing -= {done.parcel.channel.name for done in self._unrecorded}
        self._out -= {item.id for done in self._unrecorded for item in done.parcel.items}
        self._unrecorded = []
        report.sent += recorded.sent
        report.failed += recorded.failed
        report.retrying += recorded.retrying

    def _settle_doubt(self, now: datetime) -> None:
        """Give up what we may have claimed without hearing of it: the connection was lost at the end of a claim."""
        if self._in_doubt:
            with self.store.write() as tx:
                ledger.give_up(tx, self.owner, self._out, now)
            self._in_doubt = False

    def keep(self, now: datetime) -> timedelta | None:
        """Where others share the database: hold on to what is ours, and take what a dead daemon held.

        Returns how soon a lease of another may end. Raises StoreError.
        """
        return self.presence.keep(self.store, now) if self.presence else None

    def _decide(self, report: SweepReport, now: datetime) -> None:
        with self.store.write() as tx:
            settled, report.more = decide_due(tx, now, self.grace, FEW if self.crew.in_flight else MANY)
            write_settled(tx, settled, now)
            if settled:
                reach(Place.DECIDE)
        report.decided = sum(len(item.decisions) for item in settled)

    def _send(self, report: SweepReport, now: datetime) -> None:
        leased_at = self.presence.elapsed() if self.presence else math.inf
        self._in_doubt = True
        with self.store.write() as tx:
            parcels = [replace(parcel, leased_at=leased_at) for parcel in self._claim(tx, report, now)]
            if parcels:
                reach(Place.CLAIM)
        self._in_doubt = False
        # Only now: a claim that was not kept has started nothing.
        self._start(parcels)
        report.started = len(parcels)

    def _start(self, parcels: Sequence[Parcel]) -> None:
        """Hand the parcels to the crew; those that it could not take are given back with the next pass."""
        if not parcels:
            return
        self._probing |= {parcel.channel.name for parcel in parcels}
        self._out |= {item.id for parcel in parcels for item in parcel.items}
        try:
            reach(Place.CLAIMED)
            self.crew.start(parcels)
        except Exception:
            back = NotTried(seconds=0.0, reason="it could not be started")
            self._unrecorded += [Done(parcel=parcel, outcome=back) for parcel in parcels]
            raise

    def _claim(self, tx: Connection, report: SweepReport, now: datetime) -> list[Parcel]:
        parked = ledger.parked_channels(tx)
        for name in parked:
            channel_store.queue_behind(tx, name, now)
        room = {name: self._room(channel, name in parked) for name, channel in self.channels.items()}
        shared = any(channel.is_shared for channel in self.channels.values())
        parcels: list[Parcel] = []
        busy: set[int] = set()
        while len(parcels) < CLAIM_MOST and (
            pairs := due_pairs(tx, now, full=_full(room), busy=busy, limit=CLAIM_BATCH)
        ):
            unknown = {name for _, name in pairs} - room.keys()
            if unknown and not self._may_drop(tx):
                room |= dict.fromkeys(unknown, 0)
                continue
            refused = refusals(tx, pairs) if shared else {}
            if queue_refused(tx, refused, now):
                continue
            people, pairs = _readable(tx, pairs, now)
            due = self._held(tx, pairs, people, busy, now)
            before = len(parcels)
            for pair, waiting in by_pair(self._dressed(tx, due, people, room, now)).items():
                name = pair[1]
                going = self._looked_over(tx, waiting, parked, report, now)
                parts = bundles(going, waiting[0].subscriber, lambda item: (item.kind, item.lead)) if going else []
                if pair in refused:
                    parts = _one_try(tx, parts, refused[pair], now)
                places = max(0, room.get(name, 0))
                started = list(self._parcels(tx, parts[:places], now))
                parcels += started
                room[name] = places - len(started)
            ledger.claim(tx, [item.id for parcel in parcels[before:] for item in parcel.items], self.owner, now)
        return parcels

    def _may_drop(self, tx: Connection) -> bool:
        """Tell whether a channel that is not in our config is in none: another daemon may have a newer one."""
        return self.presence is None or newest_config(tx) in {None, self.presence.me.digest}

    def _held(
        self,
        tx: Connection,
        pairs: Sequence[tuple[int, str]],
        people: Mapping[int, Subscriber],
        busy: set[int],
        now: datetime,
    ) -> dict[tuple[int, str], list[int]]:
        """Return what is due for those pairs that nobody else has; for who may get several as one, all of it.

        Adds whom another has to `busy`.
        """
        whole = {id_ for id_, person in people.items() if person.digest or person.burst}
        mine = hold_people(tx, whole)
        busy |= whole - mine
        due = all_due_ids(tx, [pair for pair in pairs if pair[0] in mine], now)
        due |= due_ids(tx, [pair for pair in pairs if pair[0] not in whole], now)
        busy |= set() if due else people.keys()
        return due

    def _dressed(
        self,
        tx: Connection,
        due: Mapping[tuple[int, str], Sequence[int]],
        people: Mapping[int, Subscriber],
        room: Mapping[str, int],
        now: datetime,
    ) -> list[Waiting]:
        return whole_or_each(
            lambda: dressed(tx, _enough(due, people, room)),
            lambda: [id_ for ids in due.values() for id_ in ids],
            lambda id_: dressed(tx, [id_]),
            lambda id_: ledger.hold(tx, [id_], now + PUT_OFF, UNREADABLE),
        )

    def _room(self, channel: Channel, is_parked: bool) -> int:
        room = self.crew.room(channel)
        if not is_parked:
            return room
        # A channel that failed by its own fault is tried with one message, not with all that wait.
        return 0 if channel.name in self._probing else min(room, 1)

    def _looked_over(
        self, tx: Connection, waiting: Sequence[Waiting], parked: Container[str], report: SweepReport, now: datetime
    ) -> list[Waiting]:
        going = []
        for item in waiting:
            verdict = last_look(self._outgoing(tx, item, parked), now, self.grace)
            if isinstance(verdict, Go):
                going.append(item)
            elif isinstance(verdict, Hold):
                ledger.hold(tx, [item.id], verdict.until, verdict.reason)
            else:
                self._drop(tx, item, verdict, report, now)
        return going

    def _drop(self, tx: Connection, item: Waiting, verdict: Drop, report: SweepReport, now: datetime) -> None:
        ledger.close(tx, [item.id], verdict.state, verdict.reason, now)
        report.dropped += 1
        report.failed += verdict.state is State.FAILED
        if verdict.state in {State.EXPIRED, State.FAILED}:
            ledger.look_again(tx, item, now)

    def _outgoing(self, tx: Connection, item: Waiting, parked: Container[str]) -> Outgoing:
        broken = item.detail.get("channel")
        if item.detail.get("address"):
            works = not refusals(tx, [(item.subscriber_id, str(broken))])
        else:
            works = broken is not None and broken not in parked
        return Outgoing(
            kind=item.kind,
            subscriber=item.subscriber,
            planned=item.planned,
            present=item.release.when if item.title else None,
            useful_until=item.useful_until,
            attempts=item.attempts,
            last_reason=item.last_reason,
            ended_at=item.ended_at,
            is_muted=item.is_muted,
            channel_works=works,
            channel_gone=not self._still_serves(item),
        )

    def _still_serves(self, item: Waiting) -> bool:
        """Tell whether the config has the channel, and the person still uses it: it may be somebody else's now."""
        channel = self.channels.get(item.channel)
        uses = [use for use in item.subscriber.channels if use.name == item.channel]
        return channel is not None and any(use.address is not None or not channel.is_shared for use in uses)

    def _parcels(self, tx: Connection, parts: Iterable[Sequence[Waiting]], now: datetime) -> Iterator[Parcel]:
        """Yield each part with its words; one that has none is put off, so that it stops nobody else."""
        for part in parts:
            try:
                yield self._parcel(part, now)
            except Exception:
                log.exception("no words could be found for this", extra={"deliveries": [item.id for item in part]})
                if len(part) > 1:
                    yield from self._parcels(tx, [(item,) for item in part], now)
                else:
                    ledger.hold(tx, [part[0].id], now + PUT_OFF, "no words could be found for it")

    def _parcel(self, part: Sequence[Waiting], now: datetime) -> Parcel:
        written = self._write(part, now)
        return Parcel(
            channel=self.channels[part[0].channel].to(part[0].subscriber.address_on(part[0].channel)),
            items=tuple(part),
            kind=written.kind,
            words=written.words,
            plain=any(item.plain for item in part),
            written_at=now,
        )

    def _write(self, part: Sequence[Waiting], now: datetime) -> Written:
        written = write([letter_of(item) for item in part], self.templates, now)
        for problem in written.problems:
            log.warning("a template could not be used", extra={"why": problem})
        return written


def _again(work: Callable[[], None]) -> None:
    """Do a transaction once more when two of them waited for each other. Raises StoreError."""
    try:
        work()
    except StoreTangled as error:
        log.info("once more", extra={"why": str(error)})
        work()


def _one_try(tx: Connection, parts: list[Part], refusal: Refusal, now: datetime) -> list[Part]:
    """Return one message to try an address with that has refused; the rest goes at once if that one is taken."""
    rest = [item.id for part in parts[1:] for item in part]
    if rest:
        ledger.hold(tx, rest, now + channel_store.LONGEST_PARKED, refusal.reason)
    return parts[:1]


def _full(room: Mapping[str, int]) -> set[str]:
    return {name for name, places in room.items() if places <= 0}


def _readable(
    tx: Connection, pairs: Sequence[tuple[int, str]], now: datetime
) -> tuple[dict[int, Subscriber], list[tuple[int, str]]]:
    """Return the people of these pairs, and their pairs; what is due for whoever cannot be read is put off."""
    ids = {subscriber_id for subscriber_id, _ in pairs}
    people = load_people(tx, ids)
    for id_ in ids - people.keys():
        ledger.hold_person(tx, id_, now, now + PUT_OFF, UNREADABLE)
    return people, [pair for pair in pairs if pair[0] in people]


def _enough(
    due: Mapping[tuple[int, str], Sequence[int]], people: Mapping[int, Subscriber], room: Mapping[str, int]
) -> list[int]:
    """Return as many of what is due as can go now; all of it where it may have to go as one.

    Whoever comes after the first `CLAIM_MOST` has the next turn.
    """
    ids: list[int] = []
    for (subscriber_id, name), found in due.items():
        person = people[subscriber_id]
        together = person.digest is not None or (person.burst and len(found) > person.burst)
        ids += found if together else found[: min(CLAIM_MOST, max(1, room.get(name, 1)))]
        if len(ids) >= CLAIM_MOST:
            break
    return ids
