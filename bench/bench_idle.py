"""What the daemon costs while nothing is due: memory, processor, and writes to the database."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.bench_start import COMMAND, _fifty_titles
from bench.world import Row

SETTLE, WATCHED = 5.0, 40.0


def measure() -> list[Row]:
    """Return resident memory, share of one processor, and whether the database file changed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        config = folder / "config.yaml"
        config.write_text(_fifty_titles(folder))
        with subprocess.Popen(
            [COMMAND, "--config", str(config), "run"],
            stderr=subprocess.DEVNULL,
            env={**os.environ, "RUNTIME_DIRECTORY": name},
        ) as daemon:
            try:
                time.sleep(SETTLE)
                before, files = _cpu(daemon.pid), _database(folder)
                time.sleep(WATCHED)
                share = (_cpu(daemon.pid) - before) / WATCHED
                memory = _memory(daemon.pid)
                changed = _database(folder) != files
            finally:
                daemon.terminate()
                daemon.wait()
    return [
        Row("idle daemon, resident memory", f"{memory:.0f} MiB", "under 90 MiB"),
        Row("idle daemon, processor", f"{100 * share:.2f} %", "under 0.1 %"),
        Row(f"idle daemon, database written in {WATCHED:.0f} s", "yes" if changed else "no", "no"),
    ]


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory(pid: int) -> float:
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def _database(folder: Path) -> list[tuple[str, int, int]]:
    return sorted((path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in folder.glob("x.db*"))


if __name__ == "__main__":
    sys.stdout.write("\n".join(f"{row.what}: {row.figure}" for row in measure()) + "\n")
