"""Titles and calendars that the last pass over the sources failed about, kept until a pass succeeds about them."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Final

from sqlalchemy import Connection, delete, insert, select, update

from reminder.store.sql.tables import meta, title

KEY: Final = "asking faults"
"""The key in `meta` under which they stand."""

WHOLE: Final = "the whole pass"
"""Stands in the place of a title's key for a pass that failed as a whole."""


@dataclass(frozen=True, kw_only=True)
class RefreshFault:
    """A failure in asking about one title or calendar: its name as people know it, and why. It holds no secret."""

    name: str
    why: str
    is_title: bool = True

    def __str__(self) -> str:
        return f"{self.name}: asking for its dates failed: {self.why}"


def asking_faults(tx: Connection) -> dict[str, RefreshFault]:
    """Return what failed and has not succeeded since, by the title's key; titles that nobody watches are left out."""
    said = tx.execute(select(meta.c.value).where(meta.c.key == KEY)).scalar()
    found = {key: RefreshFault(**spec) for key, spec in json.loads(said).items()} if said else {}
    keys = [key for key, fault in found.items() if fault.is_title]
    watched = select(title.c.key).where(title.c.key.in_(keys), title.c.ended_at.is_(None))
    live = set(tx.execute(watched).scalars()) if keys else set()
    return {key: fault for key, fault in found.items() if not fault.is_title or key in live}


def note_faults(
    tx: Connection, failed: Mapping[str, RefreshFault], succeeded: Collection[str]
) -> tuple[RefreshFault, ...]:
    """Keep what failed, and let go of what succeeded; return what failed now and had not before."""
    known = asking_faults(tx)
    left = {key: fault for key, fault in known.items() if key not in succeeded} | dict(failed)
    if left != known or not left:
        _keep(tx, left)
    return tuple(fault for key, fault in failed.items() if key not in known)


def _keep(tx: Connection, faults: Mapping[str, RefreshFault]) -> None:
    if not faults:
        tx.execute(delete(meta).where(meta.c.key == KEY))
        return
    value = json.dumps({key: asdict(item) for key, item in faults.items()})
    if tx.execute(update(meta).where(meta.c.key == KEY).values(value=value)).rowcount == 0:
        tx.execute(insert(meta).values(key=KEY, value=value))
