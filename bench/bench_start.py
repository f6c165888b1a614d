"""How quickly a command answers: `--help`, and `plan` for 50 titles."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.world import Row

RUNS = 7
COMMAND = str(Path(sys.executable).with_name("reminder"))


def measure() -> list[Row]:
    """Return the medians, in seconds."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "config.yaml"
        config.write_text(_fifty_titles(Path(folder)))
        return [
            Row("reminder --help", f"{_median('--help'):.2f} s", "under 0.25 s"),
            Row("reminder plan, 50 titles", f"{_median('--config', str(config), 'plan'):.2f} s", "under 0.6 s"),
        ]


def _fifty_titles(folder: Path) -> str:
    titles = "".join(f"  - {{title: Title {n}, premiere: 2199-0{n % 9 + 1}-1{n % 10}}}\n" for n in range(50))
    return f"timezone: UTC\ndatabase: {folder / 'x.db'}\nchannels: {{screen: console://}}\nwatch:\n{titles}"


def _median(*arguments: str) -> float:
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        subprocess.run([COMMAND, *arguments], check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - began)
    return statistics.median(times)
