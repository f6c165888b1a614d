"""A household to live in: one config, one clock that is stepped by hand, one database, and all that arrives.

    world = World("watch: [{title: Ballard, premiere: 2025-07-09}]", at="2025-06-20 12:00")
    world.live("2025-07-08 12:00")          # as the daemon does: a look at each moment that comes due
    world.edit("watch: [{title: Ballard, premiere: 2025-07-16}]")
    world.at("2025-07-10 09:00").once()     # as `run --once` does
    assert world.lines() == [...]

Times are local to `zone` and written `2025-07-08 12:00`. Everything is the real thing but for the transport.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import gettempdir
from typing import Final, Self
from zoneinfo import ZoneInfo

from sqlalchemy import select

from reminder.config.load import parse_config
from reminder.core.dates.when import When
from reminder.core.model.lead import Lead
from reminder.core.model.ledger import State
from reminder.core.schedule.explain import Explained, explain
from reminder.core.schedule.season import ladder_role
from reminder.core.text.content import Words
from reminder.daemon.app import App
from reminder.daemon.build_delivery import build_sweeper
from reminder.delivery.sender import InlineSender, OutgoingMessage
from reminder.delivery.sweep import Sweeper
from reminder.notify.fake import FakeTransport
from reminder.notify.transport import Sent
from reminder.platform.clock import SimulatedClock
from reminder.platform.paths import Machine
from reminder.refresh.resolving import resolve_dates
from reminder.store.history import Filter, history
from reminder.store.listings import sync
from reminder.store.load_plans import SubscriptionSnapshot, all_cases
from reminder.store.sql.store import Store, scratch_store
from reminder.store.sql.tables import delivery, message

MAIL: Final = """
timezone: Asia/Kolkata
channels: {mail: "json://127.0.0.1:9/"}
"""
"""What a story's config begins with unless it says something else: one person, one channel."""

MOST_ROUNDS: Final = 1000
"""So many sweeps at one instant are a circle."""


@dataclass(frozen=True, kw_only=True)
class Arrived:
    """A message that a channel took."""

    at: datetime
    subscriber: str
    channel: str
    kind: str
    words: Words

    def line(self, zone: ZoneInfo) -> str:
        """Return it as the tables of stories write it: `2025-07-02 09:00 Ballard premieres in 7 days`."""
        return arrival_line(self.at.astimezone(zone), self.subscriber, self.channel, self.words.subject)


def arrival_line(local: datetime, subscriber: str, channel: str, subject: str) -> str:
    """Return an arrival as a line; whom it reached stands in it when there is a choice: `asha/phone`."""
    who = "" if (subscriber, channel) == ("me", "mail") else f" {subscriber}/{channel}:"
    return f"{local:%Y-%m-%d %H:%M}{who} {subject}"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One delivery as the ledger has it."""

    subscriber: int
    channel: str | None
    key: str
    kind: str
    lead: str | None
    state: State
    reason: str | None
    attempts: int

    def __str__(self) -> str:
        return f"{self.lead or self.kind}: {self.state}" + (f" ({self.reason})" if self.reason else "")


class Postman(InlineSender):
    """Sends at once, and enters what was taken."""

    def __init__(self, transport: FakeTransport, book: list[Arrived]) -> None:
        super().__init__(transport)
        self._book = book

    def start(self, outgoing_messages: Sequence[OutgoingMessage]) -> None:
        """Send these now."""
        for outgoing in outgoing_messages:
            super().start([outgoing])
            if isinstance(self._done[-1].outcome, Sent):
                self._book.append(_arrived(outgoing))


def _arrived(outgoing: OutgoingMessage) -> Arrived:
    return Arrived(
        at=outgoing.written_at,
        subscriber=outgoing.items[0].subscriber.name,
        channel=outgoing.channel.name,
        kind=str(outgoing.kind),
        words=outgoing.words,
    )


@dataclass
class World:
    """See the top of this file."""

    config: str
    start: str
    zone: str = "Asia/Kolkata"
    base: str = MAIL
    environ: Mapping[str, str] = field(default_factory=dict)
    file: str = "config.yaml"

    def __post_init__(self) -> None:
        self.store = self.make_store()
        self.clock = SimulatedClock(self.instant(self.start))
        self.transport = FakeTransport()
        self.arrived: list[Arrived] = []
        self.app = self._read()
        self.begin()

    def make_store(self) -> Store:
        """Return the database to live on: a new one."""
        return scratch_store()

    def instant(self, local: str) -> datetime:
        """Return a local time of this world as an instant."""
        return datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(self.zone))

    def _read(self) -> App:
        nowhere = Path(gettempdir()) / "no-such-folder"
        machine = Machine(environ=self.environ, user_config=nowhere, user_state=nowhere, root=nowhere)
        config = parse_config(self.base + self.config, self.file, environ=self.environ, system_zone=self.zone)
        return App(machine=machine, config=config, clock=self.clock)

    @property
    def questions(self) -> tuple[str, ...]:
        """Return what `check` asks about names."""
        with self.store.dry() as tx:
            return sync(
                tx, self.app.listed, now=self.clock.now(), grace=self.app.config.grace, resolve=resolve_dates
            ).questions

    def begin(self) -> Self:
        """Start anew, as a process does: sync the config, and take a sweeper that remembers nothing."""
        self.app.config_sync.begin(self.store, self.app.clock.now())
        self.sweeper: Sweeper = build_sweeper(self.app, self.store, Postman(self.transport, self.arrived))
        return self

    def edit(self, config: str, *, base: str | None = None) -> Self:
        """Write another config and reload it."""
        self.config = config
        self.base = self.base if base is None else base
        self.app = self._read()
        return self.begin()

    def at(self, local: str) -> Self:
        """Step the clock; nothing ran in between."""
        self.clock.set(self.instant(local))
        return self

    def settle(self) -> Self:
        """Sweep until nothing is due now; what fails is tried again later."""
        for _ in range(MOST_ROUNDS):
            report = self.sweeper.sweep(self.clock.now())
            if not report.started and not report.more:
                return self
        raise AssertionError(f"at {self.clock.now()} the sweeps go in a circle")

    def once(self) -> Self:
        """Do what `run --once` does: start, try each due delivery, end."""
        return self.begin().settle()

    def live(self, until: str) -> Self:
        """Let time pass as the daemon does: a look at each moment that comes due, up to `until` (included)."""
        end = self.instant(until)
        self.settle()
        while (following := self.sweeper.sweep(self.clock.now()).next_at) is not None and following <= end:
            self.clock.set(max(following, self.clock.now() + timedelta(seconds=1)))
            self.settle()
        if self.clock.now() < end:
            self.clock.set(end)
        return self

    def lines(self, who: str | None = None) -> list[str]:
        """Return what arrived, one line each, at this world's time; of one subscriber if asked.

        What arrived within one minute stands in the order of its text: who is served first is nobody's business.
        """
        return sorted(item.line(ZoneInfo(self.zone)) for item in self.arrived if who in {None, item.subscriber})

    def rows(self) -> list[Row]:
        """Return the ledger, oldest first."""
        message_key = (message.c.title_id, message.c.season, message.c.first, message.c.what, message.c.anchor)
        columns = (message.c.kind, message.c.lead, message.c.subscriber_id.label("of"), *message_key)
        query = select(delivery, *columns).join(message, delivery.c.message_id == message.c.id)
        with self.store.read() as tx:
            return [
                Row(
                    subscriber=row.of,
                    channel=row.channel,
                    key=f"{row.title_id} {row.season} {row.first} {row.what} {row.anchor}",
                    kind=row.kind,
                    lead=row.lead,
                    state=State(row.state),
                    reason=row.reason,
                    attempts=row.attempts,
                )
                for row in tx.execute(query.order_by(delivery.c.id))
            ]

    def why(self) -> list[str]:
        """Return what `why` says of every title: what was, will be and will not be sent, and for what reason.

        One line each, as `2025-07-02 7d for 2025-07-09: sent`; the ledger's own lines first.
        """
        with self.store.read() as tx:
            lines = [
                self._why(line.due_at, line.subscriber, line.channel, line.release, line.lead or line.kind, line.when)
                + f": {line.state}{'' if line.state is State.SENT else f' ({line.reason})'}"
                for line in reversed(history(tx, Filter()))
            ]
            for case in all_cases(tx):
                lines += [
                    self._why(item.at, name, channel, item.release.label, item.lead or item.kind, item.release.when)
                    + f": {f'not sent ({item.reason})' if item.reason else 'to come'}"
                    for item in self.explained(case)
                    for name in [case.subscription.subscriber.name]
                    for channel in item.channels or (None,)
                ]
        return lines

    def _why(
        self, at: datetime | None, name: str, channel: str | None, release: str | None, what: str, when: When
    ) -> str:
        on = f"{at.astimezone(ZoneInfo(self.zone)):%Y-%m-%d}" if at else "never"
        who = "" if name == "me" and channel in {"mail", None} else f" {name}/{channel or 'all'}"
        return f"{on}{who} {release + ' ' if release not in {None, 'premiere'} else ''}{what} for {when.json()}"

    def explained(self, case: SubscriptionSnapshot) -> tuple[Explained, ...]:
        """Return what is said of one subscription beside the ledger."""
        end = datetime.max.replace(tzinfo=UTC)
        grace = self.app.config.grace
        return explain(case.subscription, case.story, now=self.clock.now(), end=end, grace=grace)

    def unexplained(self) -> list[str]:
        """Return every rung of every ladder of which neither the ledger nor `why` says a word, and what lacks a reason."""
        found = [line for line in self.why() if line.endswith(("()", "(None)"))]
        with self.store.read() as tx:
            lines = {(line.subscriber, line.title, line.release, line.lead) for line in history(tx, Filter())}
            for case in all_cases(tx):
                sub = case.subscription
                who = (sub.subscriber.name, sub.title.name)
                said = lines | {(*who, item.release.label, item.lead) for item in self.explained(case)}
                rungs = [
                    (*who, dated.release.label, lead)
                    for dated in case.story.releases
                    for lead in sub.ladder.of(ladder_role(sub.title, dated.release))
                ]
                found += [f"{rung}: nothing is said" for rung in rungs if not any(same_rung(row, rung) for row in said)]
        return found

    def close(self) -> None:
        """Close the database."""
        self.store.close()


def same_rung(row: tuple[str, str | None, str | None, str | None], rung: tuple[str, str, str, Lead]) -> bool:
    """Tell whether a line is about this person, title, release and lead, however the lead was spelt then."""
    return row[:3] == rung[:3] and row[3] is not None and Lead.parse(row[3]) == rung[3]
