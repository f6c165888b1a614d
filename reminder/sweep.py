"""One pass over what is due: record what came back, decide, claim, send. Once, for one `now`."""

from __future__ import annotations

import logging
import random
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from reminder.core.bundle import bundles
from reminder.core.check import Drop, Go, Hold, Outgoing, last_look
from reminder.core.decide import decide
from reminder.core.ledger import State
from reminder.core.model import Channel, Kind
from reminder.core.outlook import after
from reminder.core.plan import plan
from reminder.core.retry import Again, Failure, Parked, retry
from reminder.crew import Crew, Done, Parcel
from reminder.forecast import letter_of
from reminder.store import channels as channel_store
from reminder.store import ledger
from reminder.store.ledger import Outcome, Waiting
from reminder.store.people import find_people, load_people, reopen_channel
from reminder.store.store import Store
from reminder.store.stories import Case, Library, Settled, due_cases, next_moment, write_settled
from reminder.templates import Templates
from reminder.writing import Written, write

log = logging.getLogger(__name__)

DECIDE_BATCH: Final = 200
"""Subscriptions decided in one transaction: few enough that nobody waits long for the database."""

CLAIM_BATCH: Final = 64
"""(person, channel) pairs looked at in one go when claiming."""


@dataclass
class SweepReport:
    """What one pass did, and when there is more to do: `more` at once, `next_at` later."""

    decided: int = 0
    started: int = 0
    sent: int = 0
    failed: int = 0
    retrying: int = 0
    dropped: int = 0
    more: bool = False
    next_at: datetime | None = None


@dataclass(kw_only=True)
class Sweeper:
    """Does the passes for one daemon. `owner` names this process's start; no other has it."""

    store: Store
    crew: Crew
    channels: Mapping[str, Channel]
    templates: Templates
    grace: timedelta
    operator: str = ""
    owner: str = field(default_factory=lambda: uuid.uuid4().hex)
    jitter: random.Random = field(default_factory=random.Random)
    _unrecorded: list[Done] = field(default_factory=list)

    def sweep(self, now: datetime) -> SweepReport:
        """Do one pass at the instant `now` (UTC). Raises StoreError; what came back is then kept for the next pass."""
        report = SweepReport()
        self._record_finished(report, now)
        self._decide(report, now)
        self._send(report, now)
        with self.store.read() as tx:
            report.next_at = next_moment(tx)
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
            self._record(tx, self._unrecorded, report, now)
        # Only now: a write that failed is tried again with the next pass, before anything new is claimed.
        self._unrecorded = []

    def _record(self, tx: Connection, back: Sequence[Done], report: SweepReport, now: datetime) -> None:
        judged = [(done, [self._outcome(item, done, now) for item in done.parcel.items]) for done in back]
        outcomes = [outcome for _, found in judged for outcome in found]
        kept = ledger.record(tx, outcomes, self.owner, now)
        if kept < len(outcomes):
            log.warning("another daemon took over what was being sent", extra={"deliveries": len(outcomes) - kept})
        again = [item.id for item in outcomes if item.state is State.RETRYING]
        stale = ledger.supersede_stale(tx, again, now) if again else 0
        report.retrying += len(again) - stale
        report.sent += sum(item.state is State.SENT for item in outcomes)
        report.failed += sum(item.state is State.FAILED for item in outcomes)
        for done, found in judged:
            if isinstance(done.outcome, Failure):
                self._note_failure(tx, done, done.outcome, found, now)
            else:
                _log_sent(done)
        working = {done.parcel.channel.name for done in back if not isinstance(done.outcome, Failure)}
        if working:
            self._note_working(tx, working, now)

    def _outcome(self, item: Waiting, done: Done, now: datetime) -> Outcome:
        attempt = item.attempts + 1
        if not isinstance(done.outcome, Failure):
            return Outcome(id=item.id, attempt=attempt, state=State.SENT, reason=done.outcome.detail or None)
        verdict = retry(
            done.outcome,
            attempts=attempt,
            plain=done.parcel.plain,
            now=now,
            useful_until=item.useful_until,
            jitter=self.jitter.random(),
        )
        if isinstance(verdict, (Again, Parked)):
            plain = isinstance(verdict, Again) and verdict.plain
            return Outcome(
                id=item.id, attempt=attempt, state=State.RETRYING, reason=verdict.reason, due_at=verdict.at, plain=plain
            )
        return Outcome(id=item.id, attempt=attempt, state=State.FAILED, reason=verdict.reason)

    def _note_failure(
        self, tx: Connection, done: Done, failure: Failure, outcomes: Sequence[Outcome], now: datetime
    ) -> None:
        name = done.parcel.channel.name
        log.warning(
            "not sent",
            extra={"channel": name, "ref": done.parcel.ref, "why": failure.reason, "next_at": outcomes[0].due_at},
        )
        channel_store.note_failure(tx, name, failure.reason, now)
        if failure.kind.value == "channel":
            until = max((item.due_at for item in outcomes if item.due_at), default=now + timedelta(hours=1))
            if channel_store.park(tx, name, failure.reason, until, now):
                channel_store.tell_of_outage(tx, name, failure.reason, now)

    def _note_working(self, tx: Connection, names: set[str], now: datetime) -> None:
        channel_store.note_success(tx, names, now)
        for name in names & ledger.parked_channels(tx).keys():
            waiting = reopen_channel(tx, name, now)
            log.info("the channel works again", extra={"channel": name, "waiting": waiting})

    def _decide(self, report: SweepReport, now: datetime) -> None:
        with self.store.write() as tx:
            cases = due_cases(tx, now, DECIDE_BATCH, Library())
            settled = [self._settled(case, now) for case in cases]
            write_settled(tx, settled, now)
        report.decided = sum(len(item.decisions) for item in settled)
        report.more = len(cases) == DECIDE_BATCH

    def _settled(self, case: Case, now: datetime) -> Settled:
        """Decide about one subscription; one that cannot be planned is put off, so that it stops nobody else."""
        sub, story = case.subscription, case.story
        try:
            current = plan(sub, story, now, self.grace)
            decided = decide(sub, story, current, now)
            if decided.decisions:
                current = plan(*after(sub, story, decided, now, as_sent=False), now, self.grace)
        except Exception:
            log.exception(
                "this subscription cannot be planned; the next try is in an hour",
                extra={"subscriber": sub.subscriber.name, "title": sub.title.key},
            )
            return Settled(case=case, decisions=(), noticed_no=sub.noticed_no, next_due_at=now + timedelta(hours=1))
        return Settled(
            case=case,
            decisions=decided.decisions,
            noticed_no=decided.noticed_no,
            next_due_at=current.next_due_at,
        )

    def _send(self, report: SweepReport, now: datetime) -> None:
        with self.store.write() as tx:
            parcels = self._claim(tx, report, now)
        self.crew.start(parcels)
        report.started = len(parcels)

    def _claim(self, tx: Connection, report: SweepReport, now: datetime) -> list[Parcel]:
        parked = ledger.parked_channels(tx)
        room = {name: self._room(name, name in parked) for name in self.channels}
        parcels: list[Parcel] = []
        while True:
            full = {name for name, places in room.items() if places <= 0}
            pairs = ledger.due_pairs(tx, now, full=full, limit=CLAIM_BATCH)
            due = ledger.due_ids(tx, pairs, now)
            if not due:
                break
            for (_, name), waiting in ledger.by_pair(ledger.dressed(tx, self._enough(tx, due, room))).items():
                going = self._looked_over(tx, waiting, report, now)
                parts = bundles(going, waiting[0].subscriber, lambda item: (item.kind, item.lead)) if going else []
                places = room.get(name, 0)
                started = [self._parcel(part, now) for part in parts[:places]]
                ledger.claim(tx, [item.id for parcel in started for item in parcel.items], self.owner, now)
                parcels += started
                room[name] = places - len(parts)
        return parcels

    def _enough(
        self, tx: Connection, due: Mapping[tuple[int, str], Sequence[int]], room: Mapping[str, int]
    ) -> list[int]:
        """Return as many of what is due as can go now; all of it where it may have to go as one."""
        people = load_people(tx, {subscriber_id for subscriber_id, _ in due})
        ids: list[int] = []
        for (subscriber_id, name), found in due.items():
            person = people[subscriber_id]
            together = person.digest is not None or (person.burst and len(found) > person.burst)
            ids += found if together else found[: max(1, room.get(name, 1))]
        return ids

    def _room(self, name: str, is_parked: bool) -> int:
        room = self.crew.room(name)
        # A channel that failed by its own fault is tried with one message, not with all that wait.
        return min(room, 1) if is_parked else room

    def _looked_over(
        self, tx: Connection, waiting: Sequence[Waiting], report: SweepReport, now: datetime
    ) -> list[Waiting]:
        going = []
        for item in waiting:
            verdict = last_look(self._outgoing(item), now, self.grace)
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
        if verdict.state in {State.EXPIRED, State.FAILED}:
            ledger.look_again(tx, item, now)

    def _outgoing(self, item: Waiting) -> Outgoing:
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
            channel_gone=item.channel not in self.channels,
        )

    def _parcel(self, part: Sequence[Waiting], now: datetime) -> Parcel:
        written = self._write(part, now)
        return Parcel(
            channel=self.channels[part[0].channel],
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


def _log_sent(done: Done) -> None:
    for item in done.parcel.items:
        log.info(
            "sent",
            extra={
                "delivery": item.id,
                "channel": item.channel,
                "subscriber": item.subscriber.name,
                "title": item.title.name if item.title else None,
                "kind": str(item.kind),
            },
        )
