"""Sessions of a PostgreSQL that hold our rows or tables locked for long: psql left in a transaction, another tool."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, text

from reminder.store.sql.tables import metadata

AFTER: Final = timedelta(minutes=1)
"""A lock is worth a word once something has been due, and the lock been held, for so long."""

MOST: Final = 3
"""So many people are named with a lock; more are an ellipsis."""


@dataclass(frozen=True, kw_only=True)
class Blocker:
    """A session that holds locks, by the server's own clock since `since_at` (None where we may not see it)."""

    pid: int
    program: str
    role: str
    since_at: datetime | None
    people: tuple[str, ...] = ()

    @property
    def transaction(self) -> tuple[int, datetime | None]:
        """Return what tells this lock from the next one, whoever else it comes to keep waiting."""
        return self.pid, self.since_at

    def __str__(self) -> str:
        whose = f"the rows of {', '.join(self.people)}" if self.people else "rows or tables of ours"
        since = f" since {self.since_at:%Y-%m-%d %H:%M} UTC" if self.since_at else ""
        return f"{whose} are locked by {self.program} ({self.role}, pid {self.pid}){since}: end its transaction"


def overdue_blockers(tx: Connection, oldest_at: datetime | None, now: datetime) -> tuple[Blocker, ...]:
    """Return who holds locks, once the oldest of what is overdue, due since `oldest_at`, is over a minute late."""
    return () if oldest_at is None or now - oldest_at < AFTER else blockers(tx, now)


def blockers(tx: Connection, now: datetime, held_for: timedelta = AFTER) -> tuple[Blocker, ...]:
    """Return who may keep what is overdue at `now` from being decided or tried; nobody on SQLite.

    `held_for` is how long a transaction must have lasted, by the server's clock.
    """
    if tx.dialect.name == "sqlite":
        return ()
    rows = tx.execute(_SESSIONS, {"tables": sorted(metadata.tables), "seconds": held_for.total_seconds()}).all()
    return tuple(
        Blocker(
            pid=row.pid,
            program=row.program,
            role=row.role,
            since_at=row.since_at.astimezone(UTC) if row.since_at else None,
            people=_people(tx, row.pid, now),
        )
        for row in rows
    )


def _people(tx: Connection, pid: int, now: datetime) -> tuple[str, ...]:
    """Return some of those whose own row the session has locked and for whom something is overdue."""
    found = tx.execute(_LOCKED_PEOPLE, {"pid": pid, "before": now - AFTER, "most": MOST + 1}).scalars().all()
    return (*found[:MOST], "…") if len(found) > MOST else tuple(found)


_SESSIONS: Final = text("""
    SELECT DISTINCT held.pid, coalesce(nullif(session.application_name, ''), 'a program without a name') AS program,
        session.usename AS role, session.xact_start AS since_at
    FROM pg_locks AS held
    JOIN pg_stat_activity AS session ON session.pid = held.pid
    JOIN pg_class AS known ON known.oid = held.relation
    WHERE held.locktype = 'relation' AND held.granted AND held.mode <> 'AccessShareLock'
        AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND known.relname = ANY(:tables) AND held.pid <> pg_backend_pid()
        AND coalesce(session.xact_start < clock_timestamp() - make_interval(secs => :seconds), true)
    ORDER BY since_at, held.pid
""")

# Whoever locks a row writes the number of their transaction into it, and holds a lock on that number.
_LOCKED_PEOPLE: Final = text("""
    SELECT DISTINCT person.name
    FROM subscriber AS person
    JOIN subscription AS due ON due.subscriber_id = person.id AND due.next_due_at < :before
    JOIN pg_locks AS held ON held.locktype = 'transactionid' AND held.granted AND held.transactionid = person.xmax
    WHERE held.pid = :pid
    ORDER BY person.name
    LIMIT :most
""")
