"""What came back, into the ledger: each delivery's next state, and how its channel fares."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from reminder.core.ledger import State
from reminder.core.retry import Again, Failure, FailureKind, GaveUp, Verdict, retry
from reminder.crew import Done, NotTried
from reminder.machine.tally import Tally
from reminder.notify.transport import Sent
from reminder.store import channels, ledger
from reminder.store.ledger import Outcome
from reminder.store.people import reopen_channel
from reminder.store.refusals import park_address, reopen
from reminder.store.waiting import Waiting

log = logging.getLogger(__name__)


@dataclass
class Recorded:
    """How many deliveries ended, and how many will be tried again."""

    sent: int = 0
    failed: int = 0
    retrying: int = 0


@dataclass(kw_only=True)
class Recorder:
    """Records for one daemon; `owner` is the one that claimed."""

    owner: str
    tally: Tally = field(default_factory=Tally)
    operator: Callable[[], str] = str
    jitter: random.Random = field(default_factory=random.Random)

    def record(self, tx: Connection, back: Sequence[Done], now: datetime) -> Recorded:
        """Write what came of these parcels, in as few statements as there can be."""
        judged = [(done, self._outcomes(done, now)) for done in back]
        channels.hold_channels(tx, {done.parcel.channel.name for done in back})
        outcomes = [outcome for _, found in judged for outcome in found]
        kept = ledger.record(tx, outcomes, self.owner, now)
        if kept < len(outcomes):
            log.warning("another daemon took over what was being sent", extra={"deliveries": len(outcomes) - kept})
        again = [item.id for item in outcomes if item.state is State.RETRYING]
        stale = ledger.supersede_stale(tx, again, now) if again else 0
        lost = {item.id for item in outcomes if item.state is State.FAILED}
        for item in (item for done in back for item in done.parcel.items):
            if item.id in lost:
                ledger.look_again(tx, item, now)
        for done, found in judged:
            self._count(done, found)
            if isinstance(done.outcome, Failure):
                self._note_failure(tx, done, done.outcome, found, now)
            elif isinstance(done.outcome, Sent):
                _log_sent(done)
        sent = [done.parcel for done in back if isinstance(done.outcome, Sent)]
        self._note_working(tx, {parcel.channel.name for parcel in sent}, now)
        reopen(tx, {(each.items[0].subscriber_id, each.channel.name) for each in sent if each.channel.is_shared}, now)
        return Recorded(
            sent=sum(item.state is State.SENT for item in outcomes),
            failed=sum(item.state is State.FAILED for item in outcomes),
            retrying=len(again) - stale,
        )

    def _count(self, done: Done, outcomes: Sequence[Outcome]) -> None:
        if isinstance(done.outcome, NotTried):
            return
        for item, outcome in zip(done.parcel.items, outcomes, strict=True):
            self.tally.count(str(outcome.state), item.channel, str(item.kind))

    def _outcomes(self, done: Done, now: datetime) -> list[Outcome]:
        jitter = self.jitter.random()
        found = [self._outcome(item, done, now, jitter) for item in done.parcel.items]
        # What went as one goes as one again: each at its own time would come one by one.
        together = max((item.due_at for item in found if item.due_at), default=None)
        return [replace(item, due_at=together) if item.due_at else item for item in found]

    def _outcome(self, item: Waiting, done: Done, now: datetime, jitter: float) -> Outcome:
        attempt = item.attempts + 1
        if isinstance(done.outcome, Sent):
            return Outcome(id=item.id, attempt=attempt, state=State.SENT, reason=done.outcome.detail or None)
        if isinstance(done.outcome, NotTried):
            return _put_back(item, done.outcome, now)
        failure, plain = done.outcome, done.parcel.plain
        verdict = retry(failure, attempts=attempt, plain=plain, now=now, useful_until=item.useful_until, jitter=jitter)
        if isinstance(verdict, GaveUp) and failure.kind is not FailureKind.MESSAGE and now < item.useful_until:
            # It is lost only when its use is over: then it is told as missed.
            verdict = Again(at=item.useful_until, reason=failure.reason)
        return _judged(item, attempt, verdict)

    def _note_failure(
        self, tx: Connection, done: Done, failure: Failure, outcomes: Sequence[Outcome], now: datetime
    ) -> None:
        name = done.parcel.channel.name
        log.warning(
            "not sent",
            extra={"channel": name, "ref": done.parcel.ref, "why": failure.reason, "next_at": outcomes[0].due_at},
        )
        channels.note_failure(tx, name, failure.reason, now)
        if failure.kind is FailureKind.CHANNEL:
            pair = (done.parcel.items[0].subscriber_id, name)
            until = max((item.due_at for item in outcomes if item.due_at), default=now + timedelta(hours=1))
            if failure.is_address and done.parcel.channel.is_shared:
                if park_address(tx, pair, failure.reason, until, now):
                    channels.tell_of_refusal(tx, pair, failure.reason, now)
            elif channels.park(tx, name, failure.reason, until, now):
                # On a shared one nobody may have another channel: then the operator is who can mend it.
                also = self.operator() if done.parcel.channel.is_shared else ""
                channels.tell_of_outage(tx, name, failure.reason, now, also=also)

    def _note_working(self, tx: Connection, names: set[str], now: datetime) -> None:
        if not names:
            return
        channels.note_success(tx, names, now)
        for name in names & ledger.parked_channels(tx).keys():
            waiting = reopen_channel(tx, name, now)
            log.info("the channel works again", extra={"channel": name, "waiting": waiting})


def _put_back(item: Waiting, outcome: NotTried, now: datetime) -> Outcome:
    """Return a delivery that never left to where it was; it made no attempt."""
    state = State.RETRYING if item.attempts else State.DUE
    due_at = now + timedelta(seconds=outcome.seconds)
    return Outcome(
        id=item.id,
        attempt=item.attempts + 1,
        made=item.attempts,
        state=state,
        reason=outcome.reason,
        due_at=due_at,
        plain=item.plain,
    )


def _judged(item: Waiting, attempt: int, verdict: Verdict) -> Outcome:
    if isinstance(verdict, GaveUp):
        return Outcome(id=item.id, attempt=attempt, state=State.FAILED, reason=verdict.reason)
    plain = isinstance(verdict, Again) and verdict.plain
    return Outcome(
        id=item.id, attempt=attempt, state=State.RETRYING, reason=verdict.reason, due_at=verdict.at, plain=plain
    )


def _log_sent(done: Done) -> None:
    for item in done.parcel.items:
        log.info(
            "sent",
            extra={
                "delivery": item.id,
                "channel": item.channel,
                "subscriber": item.subscriber.name,
                **({"title": item.title.name} if item.title else {}),
                "kind": str(item.kind),
            },
        )
