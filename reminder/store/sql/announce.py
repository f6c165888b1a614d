"""Telling the daemons of a PostgreSQL that another program has written something."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, func, select

TOPIC: Final = "reminder"
"""The name under which PostgreSQL hands on what is told, within one database."""


def announce(tx: Connection) -> None:
    """Have whoever listens hear of this transaction once it is committed; a SQLite file is looked at instead."""
    if tx.dialect.name != "sqlite":
        tx.execute(select(func.pg_notify(TOPIC, "")))
