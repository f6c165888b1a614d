"""Plays through a stretch of time at once: the real sweep on a simulated clock and a scratch database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from reminder.delivery.sender import InlineSender, OutgoingMessage, SendResult
from reminder.delivery.sweep import Sweeper
from reminder.notify.transport import Sent, Transport
from reminder.platform.clock import SimulatedClock
from reminder.store.choices import PersonChoices
from reminder.store.followed import Resolve
from reminder.store.listings import ListedConfig, sync
from reminder.store.sql.store import Store
from reminder.texts.templates.engine import Templates


class RecordingSender(InlineSender):
    """Sends at once, tells `seen` of each message just before, and keeps how each went for `told`.

    The sweep is told that everything was sent: days pass in a moment here, and a failing service would be tried
    thousands of times before it could recover.
    """

    def __init__(self, transport: Transport, seen: Callable[[OutgoingMessage], None]) -> None:
        super().__init__(transport)
        self._seen = seen
        self._told: list[SendResult] = []

    def finished(self) -> list[SendResult]:
        """Return what was sent since the last call."""
        done = super().finished()
        self._told += done
        return [replace(item, outcome=Sent()) for item in done]

    def told(self) -> list[SendResult]:
        """Return what the sweeps have collected since the last call."""
        told, self._told = self._told, []
        return told

    def start(self, outgoing_messages: Sequence[OutgoingMessage]) -> None:
        """Send these now, one after the other."""
        for outgoing in outgoing_messages:
            self._seen(outgoing)
            super().start([outgoing])


@dataclass(frozen=True, kw_only=True)
class Simulation:
    """A stretch of time lived through over a transport, from `start` (included) to `end` (not).

    `choices` are what people have chosen for themselves, beside what is `listed`.
    """

    listed: ListedConfig
    store: Store
    transport: Transport
    templates: Templates
    grace: timedelta
    resolve: Resolve
    start: datetime
    end: datetime
    choices: tuple[PersonChoices, ...] = ()

    def run(self, seen: Callable[[OutgoingMessage], None] = lambda outgoing: None) -> Iterator[SendResult]:
        """Yield each message as it is sent; `seen` hears of it just before."""
        clock = SimulatedClock(self.start)
        sender = RecordingSender(self.transport, seen)
        with self.store.write() as tx:
            sync(tx, self.listed, now=self.start, grace=self.grace, resolve=self.resolve)
            for each in self.choices:
                each.make(tx, self.start, self.grace)
        sweeper = Sweeper(
            store=self.store, sender=sender, channels=self.listed.channels, templates=self.templates, grace=self.grace
        )
        while (now := clock.now()) < self.end:
            yield from _settle(sweeper, sender, now)
            following = sweeper.sweep(now).next_at
            if following is None:
                return
            clock.set(max(following, now + timedelta(seconds=1)))


def _settle(sweeper: Sweeper, sender: RecordingSender, now: datetime) -> Iterator[SendResult]:
    """Sweep at `now` until nothing more is due."""
    while True:
        report = sweeper.sweep(now)
        yield from sender.told()
        if not report.did_something:
            return


def arrived(done: SendResult) -> bool:
    """Tell whether a message was accepted."""
    return isinstance(done.outcome, Sent)
