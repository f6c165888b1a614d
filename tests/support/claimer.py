"""One of several sweepers on one database, as a process of its own: claims what is due until nothing is."""

from __future__ import annotations

import json
import sys
from datetime import datetime

from reminder.core.model.secret import Secret
from reminder.store.outbox_read import due_ids, due_pairs
from reminder.store.outbox_write import claim
from reminder.store.sql.store import open_store

A_FEW = 3
"""Pairs that are looked at in one go: few, so that the sweepers meet often."""


def claim_all(database: Secret, owner: str, now: datetime) -> list[int]:
    """Claim until nothing is due; return the numbers in the order they were claimed."""
    store = open_store(database)
    mine: list[int] = []
    misses = 0
    while misses < 5:
        with store.write() as tx:
            pairs = due_pairs(tx, now, full=(), limit=A_FEW)
            found = [id_ for ids in due_ids(tx, pairs, now).values() for id_ in ids]
            claim(tx, found, owner, now)
        mine += found
        misses = 0 if found else misses + 1
    store.close()
    return mine


if __name__ == "__main__":
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    claimed = claim_all(Secret(sys.stdin.readline().strip()), sys.argv[1], datetime.fromisoformat(sys.argv[2]))
    sys.stdout.write(json.dumps(claimed))
