"""Calendar feeds: 2,000 events written for the first time, again after a change elsewhere, and not at all."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.world import Row
from reminder.core.model.secret import Secret
from reminder.store.sql.store import open_store
from reminder.usecases.people import pause
from reminder.usecases.tokens import Scope, make_token
from tests.support.pages import HERE, House

TITLES = 2_000
RUNS = 20


def measure() -> list[Row]:
    """Return how long the server takes over one request, without the wire."""
    with tempfile.TemporaryDirectory() as name:
        house = _house(Path(name))
        client = house.browser().client
        path = _address(house)
        cold, first = _took(lambda: client.get(path, base_url=HERE))
        headers = {"If-None-Match": first.headers["ETag"]}
        unchanged = [_took(lambda: client.get(path, base_url=HERE, headers=headers))[0] for _ in range(RUNS)]
        whole = [_took(lambda: client.get(path, base_url=HERE))[0] for _ in range(RUNS)]
        after = []
        for _ in range(5):
            _write(house)
            after.append(_took(lambda: client.get(path, base_url=HERE, headers=headers))[0])
        events = first.data.count(b"BEGIN:VEVENT")
        return [
            Row(
                f"a feed of {events:,} events, {len(first.data) // 1024:,} KiB, cold", f"{cold * 1000:,.0f} ms", "2.5 s"
            ),
            Row("unchanged, 304", f"{statistics.median(unchanged) * 1000:.1f} ms", "5 ms"),
            Row("unchanged, whole", f"{statistics.median(whole) * 1000:.1f} ms"),
            Row("after a write that changes nothing of it", f"{statistics.median(after) * 1000:,.0f} ms"),
        ]


def _took(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    found = work()
    return time.perf_counter() - began, found


def _house(folder: Path) -> House:
    class _OnDisk(House):
        def make_store(self) -> Any:
            return open_store(Secret(str(folder / "reminder.db")))

    titles = "\n".join(f"  - {{title: Title {number}, premiere: {_day(number)}}}" for number in range(TITLES))
    return _OnDisk(f"web: {{}}\nwatch:\n{titles}", at="2026-01-01 12:00")


def _day(number: int) -> str:
    return f"{2026 + number % 2}-{number % 12 + 1:02}-{number % 28 + 1:02}"


def _address(house: House) -> str:
    with house.store.write() as tx:
        made = make_token(tx, "me", name="phone", scope=Scope.FEED, now=house.clock.now())
    return f"/feed/{made.text}.ics"


def _write(house: House) -> None:
    with house.store.write() as tx:
        pause(tx, "me", house.clock.now().date(), house.clock.now())
