"""What a sweep costs when nothing is due, by how many subscriptions there are."""

from __future__ import annotations

import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert

from bench.world import Row, make_app
from reminder.daemon.build_delivery import build_sweeper
from reminder.delivery.sender import InlineSender
from reminder.delivery.sweep import Sweeper
from reminder.notify.fake import FakeTransport
from reminder.store.sql.store import Store
from reminder.store.sql.tables import subscriber, subscription, title

SWEEPS = 300


def measure() -> list[Row]:
    """Return the median of a sweep at a thousand and at a million subscriptions, and their ratio."""
    small, large = _sweep_ms(1_000), _sweep_ms(1_000_000)
    return [
        Row("sweep, 1,000 subscriptions, none due", f"{small:.2f} ms"),
        Row("sweep, 1,000,000 subscriptions, none due", f"{large:.2f} ms = {large / small:.2f} times", "1.5 times"),
    ]


def _sweep_ms(subscriptions: int) -> float:
    with tempfile.TemporaryDirectory() as name:
        app = make_app(Path(name), "timezone: UTC\nchannels: {screen: console://}\nwatch: [x]\n")
        store = app.open_store()
        fill(store, subscriptions)
        sweeper = build_sweeper(app, store, InlineSender(FakeTransport()))
        times = [_timed(sweeper) for _ in range(SWEEPS)]
        store.close()
        return 1000 * statistics.median(times)


def _timed(sweeper: Sweeper) -> float:
    began = time.perf_counter()
    sweeper.sweep(datetime.now(UTC))
    return time.perf_counter() - began


def fill(store: Store, subscriptions: int) -> None:
    """Insert so many subscriptions of a thousand people each to its share of titles, all due in a year."""
    people = min(1_000, subscriptions)
    titles = subscriptions // people
    later = datetime.now(UTC) + timedelta(days=365)
    row = {"ladder": {"premiere": ["7d"]}, "since": {}, "began_at": later, "next_due_at": later}
    with store.write() as tx:
        tx.execute(insert(subscriber), [{"id": n, "name": f"p{n}", "profile": {}} for n in range(1, people + 1)])
        spec = {"name": "x", "premiere": "TBA"}
        tx.execute(
            insert(title),
            [{"id": n, "key": f"t{n}", "name": "x", "origin": "command", "spec": spec} for n in range(1, titles + 1)],
        )
        for number in range(1, titles + 1):
            tx.execute(
                insert(subscription),
                [{**row, "subscriber_id": person, "title_id": number} for person in range(1, people + 1)],
            )
