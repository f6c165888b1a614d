"""Rows as each version of the tables held them, in `tests/data/versions/VERSION.json`, for the tests of migrations.

When a version is released, its rows are written once and kept for good:

    python -m tests.support.versions

Until then the file of the newest version is written anew when the tables change.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import JSON, Connection, Date, DateTime, MetaData, Table, insert, select, text

from reminder.core.model.ledger import Slot, State
from reminder.core.schedule.listing import ListedEntry
from reminder.core.schedule.season import parse_drop
from reminder.refresh.resolving import resolve_dates
from reminder.store import channels
from reminder.store.identity import DATABASE, SENDING, SIGNING
from reminder.store.outbox_write import DeliveryOutcome, claim, record
from reminder.store.sql.migrate import HEAD
from reminder.store.sql.store import Store, scratch_store
from reminder.store.sql.tables import delivery, meta, metadata
from reminder.store.title_commands import put as put_title
from tests.support.rules import GRACE, a_title, person
from tests.support.stores import NOW, case_of, decision, listed, put, settle, uses

FOLDER: Final = Path(__file__).parent.parent / "data" / "versions"
KEPT: Final = tuple(sorted(file.stem for file in FOLDER.glob("*.json")))
"""The versions whose rows are kept, the oldest first."""

Rows = dict[str, list[dict[str, Any]]]


def rows_of(version: str) -> Rows:
    """Return the rows of a version by table, a table before those that refer to it."""
    found: Rows = json.loads((FOLDER / f"{version}.json").read_text())
    return found


def put_rows(tx: Connection, rows: Mapping[str, list[dict[str, Any]]]) -> None:
    """Insert rows into tables as they are in this database, whatever today's tables are."""
    there = MetaData()
    there.reflect(tx)
    for column in (column for table in there.tables.values() for column in table.c if isinstance(column.type, JSON)):
        column.type = JSON(none_as_null=True)
    for name, lines in rows.items():
        table = there.tables[name]
        if name == "meta":
            tx.execute(table.delete())  # what the script itself wrote
        tx.execute(insert(table), [_loaded(tx, table, line) for line in lines])
        if tx.dialect.name == "postgresql" and "id" in table.c:
            tx.execute(text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name}"))


def _loaded(tx: Connection, table: Table, line: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _value(tx, table.c[name].type, value) for name, value in line.items()}


def _value(tx: Connection, kind: Any, value: Any) -> Any:
    if isinstance(kind, Date) and value is not None:
        return date.fromisoformat(value)
    if not isinstance(kind, DateTime) or value is None:
        return value
    at = datetime.fromisoformat(value)
    return at.replace(tzinfo=None) if tx.dialect.name == "sqlite" else at


def dump(tx: Connection) -> Rows:
    """Return every row of today's tables that has any."""
    found = {
        table.name: [dict(row._mapping) for row in tx.execute(select(table).order_by(*table.primary_key.columns))]
        for table in metadata.sorted_tables
    }
    return {name: [_dumped(row) for row in rows] for name, rows in found.items() if rows}


def _dumped(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value.astimezone(UTC).isoformat()
        if isinstance(value, datetime)
        else value.isoformat()
        if isinstance(value, date)
        else value
        for name, value in row.items()
    }


def live(store: Store) -> None:
    """Fill a database with a little of everything: titles, dates that moved, messages in every state."""
    season = a_title("Silo", "2025-07-11", season=3, episodes=10, drop=parse_drop("weekly"))
    people = [person(channels=uses("mail", "phone")), person(name="ravi", zone="America/New_York", burst=0)]
    put(store, listed(a_title(), season, people=people))
    put(store, listed(a_title(when="2025-07-16"), season, people=people), NOW + timedelta(days=1))
    with store.write() as tx:
        put_title(tx, ListedEntry(title=a_title("Dune", "TBA", note="šž 🎬 <b>")), NOW, GRACE, resolve_dates)
        case = case_of(tx, "asha", "ballard")
        for what, state in (("retrying", State.DUE), ("sent", State.SENT), ("skipped", State.SKIPPED)):
            slots = tuple(Slot(channel=name, state=state, reason="why") for name in ("mail", "phone"))
            settle(tx, case, decision(case, what, slots=slots), next_due_at=NOW + timedelta(days=7))
        claim(tx, list(tx.execute(select(delivery.c.id).where(delivery.c.state == State.DUE)).scalars()), "me", NOW)
        again = DeliveryOutcome(id=1, attempt=1, state=State.RETRYING, reason="503", due_at=NOW + timedelta(hours=1))
        record(tx, [again], "me", NOW)
        channels.park(tx, "mail", "401", NOW + timedelta(hours=1), NOW)
        channels.tell_of_outage(tx, "mail", "401", NOW)
        for key in (DATABASE, SENDING, SIGNING):
            tx.execute(meta.update().where(meta.c.key == key).values(value=f"the {key} of this file"))
        # A lease is by the database's own clock, and this file shall not change from day to day.
        tx.execute(delivery.update().where(delivery.c.lease_until.is_not(None)).values(lease_until=NOW))


def keep() -> None:
    """Write the rows of the newest version."""
    store = scratch_store()
    live(store)
    with store.read() as tx:
        rows = dump(tx)
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{HEAD}.json").write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    keep()
