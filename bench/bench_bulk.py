"""A million subscribers: brought in from a file, and again, their title moved, the config reloaded, all told."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.world import Row, drain, endpoint, make_app, sender_pool_of
from reminder.daemon.app import App
from reminder.daemon.build_delivery import build_sweeper
from reminder.store.sql.store import Store

PEOPLE = int(os.environ.get("BENCH_PEOPLE", "1000000"))
TOLD = min(PEOPLE, 100_000)
COMMAND = str(Path(sys.executable).with_name("reminder"))


def measure() -> list[Row]:
    """Return seconds, rates and memory."""
    with tempfile.TemporaryDirectory() as name, endpoint() as port:
        folder = Path(name)
        _write_people(folder / "people.csv")
        _config(folder, port, "2199-07-09")
        rows = [*_imported(folder, "imported"), *_imported(folder, "the same again")]
        rows.append(_exported(folder))
        rows.append(_reloaded(folder, port, "2199-07-09", "reload, nothing changed", "quick"))
        rows.append(_reloaded(folder, port, "2199-08-09", f"a date moved under {PEOPLE:,}"))
        rows += _told(folder, port)
    return rows


def _write_people(path: Path) -> None:
    zones = ("Asia/Kolkata", "America/New_York", "Europe/Berlin", "Australia/Sydney")
    with path.open("w", newline="") as out:
        table = csv.writer(out)
        table.writerow(["subscriber", "timezone", "at", "channel", "address", "titles", "remind"])
        for number in range(PEOPLE):
            table.writerow(
                [f"person {number}", zones[number % 4], f"{8 + number % 3:02}:00", "hook", number, "Ballard", "day"]
            )


def _text(port: int, when: str) -> str:
    return (
        "timezone: UTC\nburst: 0\nnotices: []\nsubscribers: {me: {channels: [screen]}}\n"
        f"channels: {{screen: console://, hook: 'json://127.0.0.1:{port}/{{address}}'}}\n"
        f"delivery: {{concurrency: 16}}\nwatch:\n  - {{title: Ballard, premiere: {when}}}\n"
    )


def _config(folder: Path, port: int, when: str) -> App:
    return make_app(folder, _text(port, when))


def _imported(folder: Path, what: str) -> list[Row]:
    began = time.monotonic()
    with subprocess.Popen(
        [COMMAND, "--config", str(folder / "config.yaml"), "import", str(folder / "people.csv")],
        stderr=subprocess.DEVNULL,
    ) as process:
        most = 0.0
        while process.poll() is None:
            most = max(most, _memory(process.pid))
            time.sleep(0.2)
    seconds = time.monotonic() - began
    assert process.returncode == 0
    size = (folder / "bench.db").stat().st_size / 2**20
    return [
        Row(f"{PEOPLE:,} people {what}", f"{seconds:.0f} s = {PEOPLE / seconds:,.0f}/s"),
        Row("  memory at most; database", f"{most:.0f} MiB; {size:.0f} MiB", "under 250 MiB"),
    ]


def _memory(pid: int) -> float:
    try:
        text = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in text.splitlines() if line.startswith("VmRSS")), 0.0)


def _exported(folder: Path) -> Row:
    began = time.monotonic()
    target = folder / "out.csv"
    subprocess.run(
        [COMMAND, "--config", str(folder / "config.yaml"), "export", str(target)],
        check=True,
        stderr=subprocess.DEVNULL,
    )
    seconds = time.monotonic() - began
    return Row(f"{PEOPLE:,} people exported", f"{seconds:.0f} s, {target.stat().st_size / 2**20:.0f} MiB")


def _reloaded(folder: Path, port: int, when: str, what: str, goal: str = "") -> Row:
    app = _config(folder, port, when)
    store = app.open_store()
    began = time.monotonic()
    app.config_sync.begin(store, app.clock.now(), force=True)
    seconds = time.monotonic() - began
    store.close()
    return Row(what, f"{1000 * seconds:.0f} ms", goal)


def _told(folder: Path, port: int) -> list[Row]:
    """Plan the moved date, then let some of them come due at once."""
    app = _config(folder, port, "2199-08-09")
    store = app.open_store()
    began = time.monotonic()
    sweeper = build_sweeper(app, store, sender_pool_of(app, 16))
    while sweeper.sweep(datetime.now(UTC)).more:
        pass
    planned = time.monotonic() - began
    _make_due(store)
    most = _memory(os.getpid())
    sent, seconds = drain(sweeper, seconds=600.0)
    sweeper.sender.close()
    store.close()
    return [
        Row(f"{PEOPLE:,} plans made anew", f"{planned:.0f} s = {PEOPLE / planned:,.0f}/s"),
        Row(f"{sent:,} due at once, decided and sent", f"{seconds:.0f} s = {sent / seconds:,.0f}/s"),
        Row("  memory before, after", f"{most:.0f}, {_memory(os.getpid()):.0f} MiB", "under 250 MiB"),
    ]


def _make_due(store: Store) -> None:
    """Have the title come out today for the first of them, who have followed it since yesterday."""
    today = datetime.now(UTC).date()
    since = (datetime.now(UTC) - timedelta(days=3)).strftime("%Y-%m-%d %H:%M:%S.%f")
    with store.write() as tx:
        tx.exec_driver_sql("UPDATE release SET when_text = ?, seen_at = ?", (str(today - timedelta(days=1)), since))
        tx.exec_driver_sql(
            "UPDATE subscription SET began_at = ?, next_due_at = ?, noticed_no = 99 WHERE id <= ?", (since, since, TOLD)
        )


if __name__ == "__main__":
    for line in measure():
        print(f"{line.what:52} {line.figure:28} {line.goal}")
