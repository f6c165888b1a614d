"""Keeps what could not be read of calendars when they were last read, by the calendar's name."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import Connection, delete, insert, select

from reminder.store.sql.tables import meta

KEY: Final = "calendar remarks"
"""The key in `meta` under which they stand."""


def calendar_remarks(tx: Connection) -> dict[str, list[str]]:
    """Return what could not be read of each calendar that was not read whole."""
    said = tx.execute(select(meta.c.value).where(meta.c.key == KEY)).scalar()
    return dict(json.loads(said)) if said else {}


def note_remarks(tx: Connection, remarks: Mapping[str, Sequence[str]]) -> None:
    """Keep what could not be read of the calendars that were read now; one that was read whole has nothing kept."""
    known = calendar_remarks(tx)
    left = {name: list(said) for name, said in {**known, **remarks}.items() if said}
    if left == known:
        return
    tx.execute(delete(meta).where(meta.c.key == KEY))
    if left:
        tx.execute(insert(meta).values(key=KEY, value=json.dumps(left)))
