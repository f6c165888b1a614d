"""The API: what a widget and a dashboard ask again and again, beside 10,000 titles and a ledger of 20,000."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.page_world import OTHER, OWNER, fill
from bench.world import Row
from reminder.core.model.secret import Secret
from reminder.store.sql.store import open_store
from reminder.usecases.tokens import Scope, make_token
from tests.support.pages import HERE, House

RUNS = 100
CONFIG = f"""
name: bench
web: {{}}
timezone: Asia/Kolkata
operator: {OWNER}
channels: {{phone: "json://127.0.0.1:9/1", mail: "json://127.0.0.1:9/2", post: "json://127.0.0.1:9/3"}}
subscribers: {{{OWNER}: {{channels: [phone, mail]}}, {OTHER}: {{channels: [phone, post]}}}}
"""
CALLS = (
    ("/summary", "50 ms"),
    ("/upcoming?limit=50", "50 ms"),
    ("/summary?mine=true", "50 ms"),
    ("/upcoming?limit=50&mine=true", "50 ms"),
    ("/upcoming?limit=50&kind=film", ""),
    ("/titles?limit=50", ""),
    ("/titles/5000", ""),
    ("/history?limit=50", ""),
    ("/channels", ""),
)
SLOW = ("/plan?limit=50",)


class _OnDisk(House):
    folder: Path

    def make_store(self) -> Any:
        return open_store(Secret(str(self.folder / "reminder.db")))

    def begin(self) -> Any:
        return self  # the titles are put there past the config


def measure() -> list[Row]:
    """Return the processor time that the server takes over one request, without the wire."""
    with tempfile.TemporaryDirectory() as name:
        _OnDisk.folder = Path(name)
        house = _OnDisk(CONFIG, at="2026-01-01 12:00", base="")
        fill(house.store, house.clock.now())
        with house.store.write() as tx:
            made = make_token(tx, OWNER, name="bench", scope=Scope.READ, now=house.clock.now())
        sent = {"Authorization": f"Bearer {made.text}"}
        rows = [_row(house, sent, path, goal, RUNS) for path, goal in CALLS]
        return [*rows, *(_row(house, sent, path, "", 3) for path in SLOW)]


def _row(house: House, sent: dict[str, str], path: str, goal: str, runs: int) -> Row:
    client = house.site_app.test_client()  # a new one: nobody has asked it too often yet
    took, size = [], 0
    for _ in range(runs + 1):
        began = time.process_time()
        answer = client.get(f"/api/v1{path}", base_url=HERE, headers=sent)
        took.append(time.process_time() - began)
        size = len(answer.data)
        assert answer.status_code == 200, f"{path}: {answer.status} {answer.text[:200]}"
    took = sorted(took[1:])
    p99 = took[min(len(took) - 1, int(len(took) * 0.99))]
    figure = f"p50 {statistics.median(took) * 1000:.1f} ms, p99 {p99 * 1000:.1f} ms"
    return Row(f"{path}, {size / 1024:.0f} KiB", figure, goal)
