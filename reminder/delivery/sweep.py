"""Makes one pass over what is due at one `now`: records what was returned, decides, claims, sends."""

from __future__ import annotations

import logging
import math
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from reminder.core.errors import StoreDeadlock, StoreLocked
from reminder.core.model.entities import Channel
from reminder.core.text.language import ENGLISH
from reminder.delivery.claim import Claim
from reminder.delivery.decide_due import FEW, MANY, decide_due
from reminder.delivery.lease_keeper import LeaseKeeper
from reminder.delivery.lock_watch import LockWatch
from reminder.delivery.preload import LibraryLoader
from reminder.delivery.record import Recorder
from reminder.delivery.sender import NotTried, OutgoingMessage, Sender, SendResult
from reminder.notify.schemas import is_console
from reminder.platform.counters import Counters
from reminder.platform.failpoints import FailpointPlace, reach
from reminder.store import channels as channel_store
from reminder.store import outbox_write
from reminder.store.decisions import write_settled
from reminder.store.load_plans import next_moment
from reminder.store.outbox_read import due_pairs
from reminder.store.sql.store import Store
from reminder.texts.templates.engine import Templates

log = logging.getLogger(__name__)


@dataclass
class SweepReport:
    """The result of one pass, and when there is more to do: `more` at once, `next_at` later.

    With `wants_loading` something is due that waits until what sends is loaded. At `look_at` a pass may find that
    another daemon has died.
    """

    decided: int = 0
    started: int = 0
    sent: int = 0
    failed: int = 0
    retrying: int = 0
    given_up: int = 0
    more: bool = False
    next_at: datetime | None = None
    look_at: datetime | None = None
    wants_loading: bool = False

    @property
    def did_something(self) -> bool:
        """Tell whether another pass at the same instant may find more to do: what was lost is told as missed."""
        return bool(self.more or self.started or self.decided or self.given_up or self.sent or self.failed)


@dataclass(kw_only=True)
class Sweeper:
    """Does the passes for one daemon. `owner` names this process's start; no other has it.

    `web_address` is where people reach the page, and where links in messages lead; None where there are to be none.
    """

    store: Store
    sender: Sender
    channels: Mapping[str, Channel]
    templates: Templates
    grace: timedelta
    operator: str = ""
    lease_keeper: LeaseKeeper | None = None
    weekly: Callable[[Store, datetime], bool] | None = None
    counters: Counters = field(default_factory=Counters)
    loader: LibraryLoader | None = None
    owner: str = ""
    web_address: str | None = None
    _unrecorded: list[SendResult] = field(default_factory=list)
    _out: set[int] = field(default_factory=set)
    _in_doubt: bool = False
    _probing: set[str] = field(default_factory=set)
    _recorder: Recorder = field(init=False)
    _locks: LockWatch = field(init=False)

    def __post_init__(self) -> None:
        self.owner = self.owner or (self.lease_keeper.me.owner if self.lease_keeper else uuid.uuid4().hex)
        self._recorder = Recorder(owner=self.owner, counters=self.counters, operator=lambda: self.operator)
        self._locks = LockWatch(
            store=self.store, tell=lambda why, now: self.alarm("Reminders wait for a lock", f"{why}.", now=now)
        )

    def sweep(self, now: datetime) -> SweepReport:
        """Do one pass at `now` (UTC). Raises StoreError; what was returned is then kept for the next pass."""
        report = SweepReport()
        _again(lambda: self._record_finished(report, now))
        self._settle_doubt(now)
        soon = self.renew_leases(now)
        if self.weekly is not None:
            self.weekly(self.store, now)
        _again(lambda: self._decide(report, now))
        # What was returned in the meantime first: a crash repeats what has arrived and is not yet in the ledger.
        _again(lambda: self._record_finished(report, now))
        report.wants_loading = self._is_to_load(now)
        if not report.wants_loading:
            _again(lambda: self._send(report, now))
        _again(lambda: self._record_finished(report, now))
        with self.store.read() as tx:
            report.next_at = next_moment(tx)
        self._locks.look(report.next_at, now)
        report.look_at = now + soon if soon is not None else None
        return report

    def collect(self, now: datetime) -> SweepReport:
        """Only record what was returned: for the end, when nothing new shall start. Raises StoreError."""
        report = SweepReport()
        self._record_finished(report, now)
        return report

    def alarm(self, subject: str, *lines: str, now: datetime) -> None:
        """Tell the operator of a trouble that no channel has: the disk, the clock, a source. Raises StoreError."""
        with self.store.write() as tx:
            anchor = f"{subject} {now.isoformat()}"
            sentences = [ENGLISH.stopped(line) for line in lines]  # they follow each other on one line of a log
            channel_store.tell_operator(tx, self.operator, subject, sentences, anchor=anchor, now=now)

    def _record_finished(self, report: SweepReport, now: datetime) -> None:
        self._unrecorded += self.sender.finished()
        if not self._unrecorded:
            return
        try:
            with self.store.write() as tx:
                recorded = self._recorder.record(tx, self._unrecorded, now)
                reach(FailpointPlace.RECORD)
        except StoreLocked:
            self.renew_leases(now)  # which ends whoever is frozen, if that is who holds what is needed here
            raise
        reach(FailpointPlace.RECORDED)
        # Only now: a write that failed is tried again with the next pass, before anything new is claimed.
        self._probing -= {done.outgoing.channel.name for done in self._unrecorded}
        self._out -= {item.id for done in self._unrecorded for item in done.outgoing.items}
        self._unrecorded = []
        report.sent += recorded.sent
        report.failed += recorded.failed
        report.given_up += recorded.expired
        report.retrying += recorded.retrying

    def _settle_doubt(self, now: datetime) -> None:
        """Give up what we may have claimed without hearing of it: the connection was lost at the end of a claim."""
        if self._in_doubt:
            with self.store.write() as tx:
                outbox_write.give_up(tx, self.owner, self._out, now)
            self._in_doubt = False

    def renew_leases(self, now: datetime) -> timedelta | None:
        """Renew the leases of this daemon, and take over those of dead ones, where others share the database.

        Returns how soon a lease of another may end. Raises StoreError.
        """
        return self.lease_keeper.renew(self.store, now) if self.lease_keeper else None

    def _decide(self, report: SweepReport, now: datetime) -> None:
        with self.store.write() as tx:
            settled, report.more = decide_due(tx, now, self.grace, FEW if self.sender.in_flight else MANY)
            write_settled(tx, settled, now)
            if settled:
                reach(FailpointPlace.DECIDE)
        report.decided = sum(len(item.decisions) for item in settled)

    def _send(self, report: SweepReport, now: datetime) -> None:
        leased_at = self.lease_keeper.elapsed() if self.lease_keeper else math.inf
        self._in_doubt = True
        with self.store.write() as tx:
            claimed = self._claim(tx, leased_at).run(now)
            if claimed.outgoing_messages:
                reach(FailpointPlace.CLAIM)
        self._in_doubt = False
        # Only now: a claim that was not kept has started nothing.
        self._start(claimed.outgoing_messages)
        report.started = len(claimed.outgoing_messages)
        report.given_up, report.failed = report.given_up + claimed.given_up, report.failed + claimed.failed

    def _is_to_load(self, now: datetime) -> bool:
        """Tell whether something is due for a service while what sends is not loaded: words are written after that."""
        if self.loader is None or self.loader.is_done:
            return False
        local = {name for name, channel in self.channels.items() if channel.url and is_console(channel.url.reveal())}
        with self.store.read() as tx:
            return bool(due_pairs(tx, now, full=local, limit=1))

    def _claim(self, tx: Connection, leased_at: float) -> Claim:
        return Claim(
            tx=tx,
            owner=self.owner,
            sender=self.sender,
            channels=self.channels,
            templates=self.templates,
            grace=self.grace,
            probing=frozenset(self._probing),
            digest=self.lease_keeper.me.digest if self.lease_keeper else None,
            leased_at=leased_at,
            web_address=self.web_address,
        )

    def _start(self, outgoing_messages: Sequence[OutgoingMessage]) -> None:
        """Hand the messages to the sender; those that it could not take are given back with the next pass."""
        if not outgoing_messages:
            return
        self._probing |= {outgoing.channel.name for outgoing in outgoing_messages}
        self._out |= {item.id for outgoing in outgoing_messages for item in outgoing.items}
        try:
            reach(FailpointPlace.CLAIMED)
            self.sender.start(outgoing_messages)
        except Exception:
            back = NotTried(reason="it could not be started")
            self._unrecorded += [SendResult(outgoing=outgoing, outcome=back) for outgoing in outgoing_messages]
            raise


def _again(work: Callable[[], None]) -> None:
    """Do a transaction once more when two of them waited for each other. Raises StoreError."""
    try:
        work()
    except StoreDeadlock as error:
        log.info("deadlock, retrying", extra={"why": str(error)})
        work()
