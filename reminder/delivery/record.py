"""Records send results: sets each delivery's next state and updates channel health."""

from __future__ import annotations

import logging
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from reminder.core.model.entities import Kind
from reminder.core.model.ledger import State
from reminder.core.sending.retry import Failure, GaveUp, Refused, RetryAt, UseOver, Verdict, retry
from reminder.delivery.channel_health import ChannelHealth, end_of, is_refused, note_reached
from reminder.delivery.sender import NotTried, SendResult
from reminder.notify.transport import Sent
from reminder.platform.counters import Counters
from reminder.store import channels, outbox_write
from reminder.store.outbox_read import PendingDelivery
from reminder.store.outbox_write import DeliveryOutcome
from reminder.store.sql.any_of import Pair

log = logging.getLogger(__name__)


@dataclass
class RecordReport:
    """The number of deliveries that ended, and of those that will be tried again."""

    sent: int = 0
    failed: int = 0
    expired: int = 0
    retrying: int = 0

    def count(self, outcomes: Sequence[DeliveryOutcome]) -> None:
        """Count what came of these."""
        self.sent += sum(item.state is State.SENT for item in outcomes)
        self.failed += sum(item.state is State.FAILED for item in outcomes)
        self.expired += sum(item.state is State.EXPIRED for item in outcomes)
        self.retrying += sum(item.state is State.RETRYING for item in outcomes)


@dataclass(kw_only=True)
class Recorder:
    """Records for one daemon; `owner` is the one that claimed."""

    owner: str
    counters: Counters = field(default_factory=Counters)
    operator: Callable[[], str] = str
    jitter: random.Random = field(default_factory=random.Random)

    def record(self, tx: Connection, back: Sequence[SendResult], now: datetime) -> RecordReport:
        """Write what came of these messages, in as few statements as there can be."""
        back = [_without_code(done) for done in back]
        channels.lock_channels(tx, {done.outgoing.channel.name for done in back})
        note_reached(tx, back, now)
        recorded = RecordReport()
        for part in _in_turn(back):
            self._record(tx, part, recorded, now)
        return recorded

    def _record(self, tx: Connection, back: Sequence[SendResult], recorded: RecordReport, now: datetime) -> None:
        standing = ChannelHealth.of(tx, back, now=now, operator=self.operator())
        judged = [(done, self._outcomes(done, now)) for done in map(standing.judged, back)]
        outcomes = [outcome for _, found in judged for outcome in found]
        kept = outbox_write.record(tx, outcomes, self.owner, now)
        if kept < len(outcomes):
            log.warning("outcomes left to another daemon", extra={"deliveries": len(outcomes) - kept})
        recorded.count(outcomes)
        self._look_after(tx, back, outcomes, recorded, now)
        outbox_write.wipe_codes(tx, _codes(back))
        for done, found in judged:
            self._count(done, found)
            if isinstance(done.outcome, Failure):
                next_at = max((each.due_at for each in found if each.due_at), default=None)
                _log_failure(done, done.outcome, next_at)
                standing.failed(done, done.outcome, next_at)
            elif isinstance(done.outcome, Sent):
                _log_sent(done)
        recorded.failed += standing.settle([done for done in back if isinstance(done.outcome, Sent)])

    def _look_after(
        self,
        tx: Connection,
        back: Sequence[SendResult],
        outcomes: Sequence[DeliveryOutcome],
        recorded: RecordReport,
        now: datetime,
    ) -> None:
        """Close what a newer message has overtaken, and have those looked at again who lost one."""
        again = [item.id for item in outcomes if item.state is State.RETRYING]
        recorded.retrying -= outbox_write.supersede_stale(tx, again, now) if again else 0
        lost = {item.id for item in outcomes if item.state in {State.FAILED, State.EXPIRED}}
        for item in _items(back):
            if item.id in lost:
                outbox_write.look_again(tx, item.subscriber_id, item.message_id, now)

    def _count(self, done: SendResult, outcomes: Sequence[DeliveryOutcome]) -> None:
        if isinstance(done.outcome, NotTried):
            return
        for item, outcome in zip(done.outgoing.items, outcomes, strict=True):
            self.counters.count(str(outcome.state), item.channel, str(item.kind))

    def _outcomes(self, done: SendResult, now: datetime) -> list[DeliveryOutcome]:
        jitter = self.jitter.random()
        found = [self._outcome(item, done, now, jitter) for item in done.outgoing.items]
        # What went as one goes as one again: each at its own time would come one by one.
        together = max((item.due_at for item in found if item.due_at), default=None)
        return [replace(item, due_at=together) if item.due_at else item for item in found]

    def _outcome(self, item: PendingDelivery, done: SendResult, now: datetime, jitter: float) -> DeliveryOutcome:
        attempt = item.attempts + 1
        if isinstance(done.outcome, Sent):
            return DeliveryOutcome(id=item.id, attempt=attempt, state=State.SENT, reason=done.outcome.detail or None)
        if isinstance(done.outcome, NotTried):
            return _put_back(item, done.outcome)
        if item.is_asked and item.kind is Kind.TEST:  # it has shown what somebody wanted to see
            return DeliveryOutcome(id=item.id, attempt=attempt, state=State.FAILED, reason=done.outcome.reason)
        verdict = retry(
            done.outcome,
            attempts=attempt,
            plain=done.outgoing.plain,
            now=now,
            useful_until=item.useful_until,
            jitter=jitter,
            refused=item.refused,
        )
        return _judged(item, attempt, verdict, is_refused=is_refused(done))


def _in_turn(back: Sequence[SendResult]) -> Iterator[list[SendResult]]:
    """Yield what was returned in parts in which nothing fails at an end after something has gone through there."""
    part: list[SendResult] = []
    worked: set[Pair] = set()
    for done in back:
        end = end_of(done)
        if isinstance(done.outcome, Failure) and end in worked:
            yield part
            part, worked = [], set()
        if isinstance(done.outcome, Sent):
            worked.add(end)
        part.append(done)
    yield part


def _items(back: Sequence[SendResult]) -> Iterator[PendingDelivery]:
    return (item for done in back for item in done.outgoing.items)


def _codes(back: Sequence[SendResult]) -> list[int]:
    return [item.message_id for item in _items(back) if item.kind is Kind.CODE]


def _without_code(done: SendResult) -> SendResult:
    """Return what came of a message with nothing in its words of the code that it brought: services repeat texts."""
    if done.outgoing.kind is not Kind.CODE or isinstance(done.outcome, NotTried):
        return done
    code = str(done.outgoing.items[0].detail["code"])
    if isinstance(done.outcome, Sent):
        return replace(done, outcome=replace(done.outcome, detail=_hidden(code, done.outcome.detail)))
    return replace(done, outcome=replace(done.outcome, reason=_hidden(code, done.outcome.reason)))


def _hidden(code: str, text: str) -> str:
    """Return a text without the code, however its signs are parted there."""
    return re.sub(_PARTED.join(map(re.escape, code)), "…", text)


_PARTED: Final = r"(?:%20|[\W_]){0,3}"


def _put_back(item: PendingDelivery, outcome: NotTried) -> DeliveryOutcome:
    """Return a delivery that never left to where it was; it made no attempt."""
    state = State.RETRYING if item.attempts else State.DUE
    return DeliveryOutcome(
        id=item.id,
        attempt=item.attempts + 1,
        made=item.attempts,
        state=state,
        reason=outcome.reason,
        due_at=item.due_at,
        plain=item.plain,
    )


def _judged(item: PendingDelivery, attempt: int, verdict: Verdict, *, is_refused: bool) -> DeliveryOutcome:
    if isinstance(verdict, GaveUp | UseOver):
        state = State.FAILED if isinstance(verdict, GaveUp) else State.EXPIRED
        return DeliveryOutcome(id=item.id, attempt=attempt, state=state, reason=verdict.reason)
    return DeliveryOutcome(
        id=item.id,
        attempt=attempt,
        state=State.RETRYING,
        reason=verdict.reason,
        due_at=verdict.at,
        plain=is_refused or (isinstance(verdict, RetryAt) and verdict.plain),
        refused=Refused.WAITS if is_refused and item.refused is Refused.NEVER else item.refused,
    )


def _log_failure(done: SendResult, failure: Failure, next_at: datetime | None) -> None:
    name = done.outgoing.channel.name
    log.warning(
        "not sent", extra={"channel": name, "ref": done.outgoing.ref, "why": failure.reason, "next_at": next_at}
    )


def _log_sent(done: SendResult) -> None:
    for item in done.outgoing.items:
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
