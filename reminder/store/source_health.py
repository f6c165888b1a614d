"""Sources as a whole: whether each answers, and how many titles wait for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from reminder.store.sql.tables import followed, source, title


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
    """Return the watched titles of a source whose last look ended in one of these silences, and of which none was told."""
    mine = select(followed.c.title_key, title.c.name, followed.c.silence).where(
        followed.c.source == name, followed.c.silence.is_not(None), followed.c.told.is_(None)
    )
    rows = tx.execute(mine.join(title, title.c.key == followed.c.title_key).where(title.c.ended_at.is_(None)))
    heads = tuple(f"{name}: {reason}" for reason in reasons)
    return {row.title_key: row.name for row in rows if row.silence.startswith(heads)}
