"""Databases for tests, SQLite and PostgreSQL alike, and short ways to fill them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event, insert, select

from reminder.core.model.entities import Channel, ChannelUse, Kind, Release, Subscriber, Title
from reminder.core.model.ledger import Decision, Slot, State
from reminder.core.model.secret import Secret
from reminder.core.schedule.listing import ListedEntry
from reminder.refresh.resolving import resolve_dates
from reminder.store.decisions import Settled, write_settled
from reminder.store.due import due_rows
from reminder.store.listings import ListedConfig, sync
from reminder.store.load_plans import SubscriptionSnapshot, all_cases, cases_at
from reminder.store.sql.store import Store, open_store
from reminder.store.sql.tables import channel, delivery, message
from reminder.store.writer import SyncReport
from tests.support.postgres import server
from tests.support.rules import GRACE, a_title, at, person

SQLITE = "sqlite"
POSTGRESQL = "postgresql"
BOTH = (SQLITE, POSTGRESQL)

NOW = at("2025-07-02 09:00")
PATIENCE = 0.2
"""Seconds that a test's writer waits for a lock."""


@cache
def migrated() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "reminder.db"
        open_store(Secret(str(path))).close()
        return path.read_bytes()


@dataclass(frozen=True, kw_only=True)
class Rig:
    """A database at the newest version, one store open on it, and as many more as a test asks for."""

    kind: str
    database: Secret
    store: Store
    closing: ExitStack

    def another(self, patience: float = 10) -> Store:
        """Return a store with connections of its own, as another process has."""
        store = open_store(self.database, patience=patience)
        self.closing.callback(store.close)
        return store

    def rows(self, query: Any) -> list[Any]:
        """Return what a query finds."""
        with self.store.read() as tx:
            return list(tx.execute(query).all())

    def write(self, statement: Any, rows: Sequence[Mapping[str, Any]] | None = None) -> None:
        """Run a statement of the test's own."""
        with self.store.write() as tx:
            tx.execute(statement, rows or {})


@contextmanager
def rig_of(kind: str, folder: Path) -> Iterator[Rig]:
    """Make a database of one kind for one test."""
    with ExitStack() as closing:
        if kind == SQLITE:
            path = folder / "reminder.db"
            path.write_bytes(migrated())
            database = Secret(str(path))
        else:
            database = closing.enter_context(server().lent())
        store = open_store(database)
        closing.callback(store.close)
        yield Rig(kind=kind, database=database, store=store, closing=closing)


def uses(*names: str) -> tuple[ChannelUse, ...]:
    """Return channels as a subscriber uses them."""
    return tuple(ChannelUse(name=name) for name in names)


def listed(*titles: Title | ListedEntry, people: Iterable[Subscriber] | None = None, **over: Any) -> ListedConfig:
    """Return what a config lists: these titles for these people (Asha), over the channels `mail` and `phone`."""
    base = ListedConfig(
        name="home",
        subscribers=tuple(people) if people is not None else (person(),),
        channels=channels(mail="1", phone="1"),
        titles=tuple(item if isinstance(item, ListedEntry) else ListedEntry(title=item) for item in titles),
    )
    return replace(base, **over)


def channels(**fingerprints: str) -> dict[str, Channel]:
    """Return channels by name, each with its fingerprint; an empty one stands for a secret that is missing."""
    address = Secret("json://127.0.0.1:9/")
    return {
        name: Channel(name=name, url=address if text else None, fingerprint=text) for name, text in fingerprints.items()
    }


def put(store: Store, what: ListedConfig, now: datetime = NOW, grace: timedelta = GRACE) -> SyncReport:
    """Sync what a config lists, at `now`."""
    with store.write() as tx:
        return sync(tx, what, now=now, grace=grace, resolve=resolve_dates)


def case_of(tx: Connection, name: str = "asha", key: str | None = None) -> SubscriptionSnapshot:
    """Return the one subscription of this person, of this title if they follow several."""
    (case,) = all_cases(tx, name=name, title_key=key)
    return case


def due_cases(tx: Connection, now: datetime, limit: int) -> list[SubscriptionSnapshot]:
    """Return the subscriptions that a sweep looks at, as it does: which are due, and then those that still are."""
    return cases_at(tx, due_rows(tx, now, limit).rows, now)


def decision(
    case: SubscriptionSnapshot, what: str = "reminder", channels: Sequence[str] = ("mail",), **over: Any
) -> Decision:
    """Return a decision about a case's first release: due now on these channels, but for what `over` says."""
    dated = case.story.releases[0].release if case.story.releases else Release()
    base = Decision(
        ref=dated.ref,
        what=what,
        anchor=dated.when.json() or "",
        kind=Kind.REMINDER,
        lead="7d",
        release=dated,
        planned=dated.when,
        heard=None,
        change_no=0,
        at=NOW,
        due_at=NOW,
        useful_until=NOW + timedelta(days=9),
        slots=tuple(Slot(channel=name, state=State.DUE) for name in channels),
    )
    return replace(base, **over)


def settle(
    tx: Connection,
    case: SubscriptionSnapshot,
    *decisions: Decision,
    now: datetime = NOW,
    next_due_at: datetime | None = None,
) -> None:
    """Store decisions about a case."""
    write_settled(tx, [Settled(case=case, decisions=decisions, noticed_no=0, next_due_at=next_due_at)], now)


def due(store: Store, **kinds: Sequence[str]) -> dict[str, int]:
    """Store messages about Asha's Ballard, each due on its channels; return the deliveries by `what/channel`."""
    put(store, listed(a_title(), people=[person(channels=uses("mail", "phone"))]))
    with store.write() as tx:
        for what, names in kinds.items():
            case = case_of(tx)
            settle(tx, case, decision(case, what, names))
    return ids(store)


def ids(store: Store) -> dict[str, int]:
    """Return the number of every delivery by its message's `what` and its channel."""
    query = select(delivery.c.id, message.c.what, delivery.c.channel).join(message)
    with store.read() as tx:
        return {f"{row.what}/{row.channel}": row.id for row in tx.execute(query.order_by(delivery.c.id))}


def states(store: Store) -> dict[str, str]:
    """Return the state of every delivery by its message's `what` and its channel."""
    query = select(delivery.c.state, message.c.what, delivery.c.channel).join(message)
    with store.read() as tx:
        return {f"{row.what}/{row.channel}": row.state for row in tx.execute(query.order_by(delivery.c.id))}


def know_channel(store: Store, *names: str) -> None:
    """Have the database know channels that no config lists."""
    with store.write() as tx:
        tx.execute(insert(channel), [{"name": name, "fingerprint": ""} for name in names])


@dataclass
class Statements:
    """What was sent to the database: each statement with its parameters."""

    sent: list[tuple[str, Any]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.sent)


@contextmanager
def watching(store: Store) -> Iterator[Statements]:
    """Note every statement that goes to the database meanwhile, but for those that open and end transactions."""
    seen = Statements()

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE")):
            seen.sent.append((statement, parameters[0] if isinstance(parameters, list) else parameters))

    event.listen(store.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(store.engine, "before_cursor_execute", note)
