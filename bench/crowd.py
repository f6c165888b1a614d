"""Very many imported people in a SQLite database, written by the database itself, a million in seconds."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import text

from reminder.core.model.entities import ChannelUse, Subscriber
from reminder.core.model.lead import DEFAULT_LADDER
from reminder.store.sql.codec import dump_subscriber
from reminder.store.sql.store import Store

FIRST: Final = 1_000
"""The number of the first of them."""

_NUMBERS: Final = "WITH RECURSIVE n(i) AS (SELECT :first UNION ALL SELECT i + 1 FROM n WHERE i < :last) "


def crowd(store: Store, count: int, *, channel: str = "hook") -> None:
    """Add so many people, each with an address of their own on a shared channel, and no digests."""
    use = ChannelUse(name=channel, address="@@")
    person = Subscriber(name="p", zone=ZoneInfo("UTC"), burst=0, remind=DEFAULT_LADDER, channels=(use,))
    values = {"first": FIRST, "last": FIRST + count - 1, "profile": json.dumps(dump_subscriber(person))}
    with store.write() as tx:
        tx.execute(
            text(
                f"INSERT INTO subscriber (id, name, origin, profile) {_NUMBERS}"
                "SELECT i, 'p' || i, 'import', replace(:profile, '@@', i) FROM n"
            ),
            values,
        )


def follow(store: Store, name: str, count: int, *, since: datetime, due: datetime) -> None:
    """Have the first so many of them follow a title since then; each is to be looked at when it is `due`."""
    with store.write() as tx:
        tx.execute(
            text(
                f"INSERT INTO subscription (subscriber_id, title_id, ladder, since, began_at, noticed_no, next_due_at) "
                f"{_NUMBERS} SELECT i, (SELECT id FROM title WHERE name = :name), :ladder, '{{}}', :since, 0, :due"
                " FROM n"
            ),
            {
                "first": FIRST,
                "last": FIRST + count - 1,
                "name": name,
                "ladder": json.dumps(DEFAULT_LADDER.dump()),
                "since": _kept(since),
                "due": _kept(due),
            },
        )


def _kept(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S.%f")
