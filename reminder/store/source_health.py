"""Sources as a whole: whether each answers, and how many titles wait for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, text, update

from reminder.store.sql.errors import translated
from reminder.store.sql.store import Store
from reminder.store.sql.tables import followed, source, title

LOCK = 7_261_002
"""The advisory lock of whoever asks the sources; any number that nobody else uses."""


@dataclass(frozen=True, kw_only=True)
class Health:
    """Whether a source answers, and up to where its list of changes was read.

    `failing_since` is when it last fell silent, and `reason` why; both stay when it answers again.
    """

    name: str
    mark: str | None = None
    last_success_at: datetime | None = None
    failing_since: datetime | None = None
    reason: str | None = None
    told_at: datetime | None = None

    @property
    def is_failing(self) -> bool:
        """Tell whether it has given no answer since it last fell silent."""
        since, answered = self.failing_since, self.last_success_at
        return since is not None and (answered is None or answered < since)


def source_health(tx: Connection) -> dict[str, Health]:
    """Return what is known of each source that was ever asked."""
    return {row.name: Health(**row._mapping) for row in tx.execute(select(source))}


def source_states(tx: Connection, names: Iterable[str]) -> dict[str, Health]:
    """Return how these sources stand, one that was never asked too."""
    known = source_health(tx)
    return {name: known.get(name, Health(name=name)) for name in names}


def note_health(tx: Connection, health: Health) -> None:
    """Keep what is known of a source."""
    values = {name: getattr(health, name) for name in Health.__dataclass_fields__ if name != "name"}
    if tx.execute(update(source).where(source.c.name == health.name).values(**values)).rowcount == 0:
        tx.execute(insert(source).values(name=health.name, **values))


def waiting_for(tx: Connection) -> dict[str, int]:
    """Return of how many watched titles the last look gave no answer, by the source's name as people see it."""
    watched = select(title.c.key).where(title.c.ended_at.is_(None))
    silent = select(followed.c.source, followed.c.ref).where(followed.c.silence.is_not(None), followed.c.source != "")
    return Counter(_seen_as(row.source, row.ref) for row in tx.execute(silent.where(followed.c.title_key.in_(watched))))


def _seen_as(name: str, ref: str) -> str:
    return f"calendar {ref.partition('/')[0]}" if name == "ical" else name


def silent_titles(tx: Connection, name: str, reasons: Sequence[str]) -> dict[str, str]:
    """Return the watched titles of a source whose last look ended in one of these silences, and was told to nobody."""
    mine = select(followed.c.title_key, title.c.name, followed.c.silence).where(
        followed.c.source == name, followed.c.silence.is_not(None), followed.c.told.is_(None)
    )
    rows = tx.execute(mine.join(title, title.c.key == followed.c.title_key).where(title.c.ended_at.is_(None)))
    heads = tuple(f"{name}: {reason}" for reason in reasons)
    return {row.title_key: row.name for row in rows if row.silence.startswith(heads)}


@contextmanager
def alone(store: Store) -> Iterator[bool]:
    """Be the only one that asks the sources of a database; False when another is at it. On SQLite one daemon is alone.

    Raises StoreError.
    """
    if store.is_sqlite:
        yield True
        return
    with translated(store.place), store.engine.connect() as connection:
        has_lock = bool(connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": LOCK}).scalar())
        connection.commit()
        try:
            yield has_lock
        finally:
            if has_lock:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": LOCK})
                connection.commit()
