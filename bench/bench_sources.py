"""What keeping 500 series and 200 films true costs: calls, seconds and memory, against catalogues on loopback.

The first refresh asks about each title once, at the pace that the source allows; the next day's asks TVmaze for its
list of changes first. The catalogues run in a process of their own, so that only the program's memory is counted.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.bench_start import COMMAND
from bench.world import Row
from tests.support.catalogues import KEY, Catalogues
from tests.support.works import Film, Season, Show, weekly

SERIES, FILMS = 500, 200
BEGINS = "2026-10-01T06:00:00+00:00"

RUN = """
import json, os, resource, sys, time
from datetime import UTC, datetime, timedelta
from reminder.daemon.app import App, read_config
from reminder.platform.clock import SystemClock
from reminder.platform.paths import this_machine
from reminder.sources import tmdb, tvmaze
from reminder.sources.cache import Rate

if sys.argv[2] == "free":
    tvmaze.RATE = tmdb.RATE = Rate(calls=10**9, seconds=1.0)
from pathlib import Path
machine = this_machine()
app = App(machine=machine, config=read_config(machine, Path(sys.argv[1])), clock=SystemClock())
now = datetime.fromisoformat(sys.argv[3])
store = app.open_store()
from reminder.daemon.build_sources import build_refresher
from reminder.store.listings import sync
from reminder.refresh.resolving import resolve_dates
with store.write() as tx:
    sync(tx, app.listed, now=now, grace=app.config.grace, resolve=resolve_dates)
told = []
refresher = build_refresher(app, store, lambda subject, lines, at: told.append(subject))
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
rows = []
for days in (0, 1, 2):
    before, began = peak(), time.perf_counter()
    cpu = time.process_time()
    report = refresher.refresh(now + timedelta(days=days * 1.2))
    rows.append({"calls": report.calls, "seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu,
                 "before": before, "peak": peak(), "unchanged": report.unchanged, "asked": len(report.asked)})
print(json.dumps({"rows": rows, "told": told}))
"""


def measure() -> list[Row]:
    """Return calls, seconds and memory of a first and of a later refresh."""
    shows = {number: _show(number) for number in range(1, SERIES + 1)}
    films = {number: _film(number) for number in range(1, FILMS + 1)}
    with Catalogues(shows=shows, films=films) as there, tempfile.TemporaryDirectory() as name:
        config = _config(Path(name), there)
        found = _run(config, there)
    first, later = found["rows"][0], found["rows"][1]
    paced = max(0.0, (SERIES - 20) / 20 * 10.5)
    what = f"{SERIES} series and {FILMS} films"
    return [
        Row(f"{what}: calls of the first refresh", str(first["calls"]), "one a title"),
        Row(f"{what}: seconds, unpaced", f"{first['seconds']:.1f} s ({first['cpu']:.1f} s of CPU)", ""),
        Row(f"{what}: at the pace that TVmaze allows", f"{paced:.0f} s", "20 calls in 10 s"),
        Row(f"{what}: memory before and at its peak", f"{first['before']:.0f} and {first['peak']:.0f} MiB", "90 MiB"),
        Row("the next day: calls for the series", str(later["calls"] - FILMS), "a handful"),
        Row("the next day: calls for the films", str(FILMS), "one a film"),
        Row("the next day: seconds, unpaced", f"{later['seconds']:.1f} s ({later['cpu']:.1f} s of CPU)", ""),
    ]


def _show(number: int) -> Show:
    episodes = weekly(1, "2026-10-08", 10, "21:00")
    old = [episode for season in range(2, 6) for episode in weekly(season, "2020-01-01", 10, "21:00")]
    return Show(id=number, name=f"Show {number}", seasons=[Season(number=1, order=10)], episodes=[*old, *episodes])


def _film(number: int) -> Film:
    dates = [(country, kind, "2026-12-10", "") for country in ("US", "GB", "DE", "FR", "IN") for kind in (3, 4)]
    return Film(id=number, name=f"Film {number}", dates=dates)


def _config(folder: Path, there: Catalogues) -> Path:
    series: list[dict[str, Any]] = [{"title": f"Show {n}", "source": f"tvmaze:{n}"} for n in range(1, SERIES + 1)]
    films = [{"title": f"Film {n}", "kind": "film", "source": f"tmdb:movie/{n}"} for n in range(1, FILMS + 1)]
    said = {
        "timezone": "Asia/Kolkata",
        "database": str(folder / "x.db"),
        "channels": {"screen": "console://"},
        "sources": {"tvmaze": {"url": there.tvmaze}, "tmdb": {"key": "${TMDB_TOKEN}", "url": there.tmdb}},
        "watch": series + films,
    }
    path = folder / "config.yaml"
    path.write_text(json.dumps(said))
    return path


def _run(config: Path, there: Catalogues) -> Any:
    del there
    done = subprocess.run(
        [str(Path(COMMAND).with_name("python")), "-c", RUN, str(config), "free", BEGINS],
        env={**os.environ, "TMDB_TOKEN": KEY},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout)


if __name__ == "__main__":
    began = time.perf_counter()
    for row in measure():
        print(row)
    print(timedelta(seconds=round(time.perf_counter() - began)), file=sys.stderr)
