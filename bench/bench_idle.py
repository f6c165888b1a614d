"""What the daemon costs while nothing is due: memory, processor, and writes to the database; with the page too."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from bench.bench_start import COMMAND, _fifty_titles
from bench.world import Row

SETTLE, WATCHED = 5.0, 40.0


def measure() -> list[Row]:
    """Return resident memory, share of one processor, and whether the database file changed."""
    return [*_idle("idle daemon", page=False), *_idle("idle daemon with the page", page=True)]


def _idle(what: str, *, page: bool) -> Iterator[Row]:
    port = _free_port()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        config = folder / "config.yaml"
        config.write_text(_fifty_titles(folder) + (f"\nweb: {{listen: 127.0.0.1:{port}}}\n" if page else ""))
        with subprocess.Popen(
            [COMMAND, "--config", str(config), "run"],
            stderr=subprocess.DEVNULL,
            env={**os.environ, "RUNTIME_DIRECTORY": name},
        ) as daemon:
            try:
                time.sleep(SETTLE)
                if page:
                    _load_page(f"http://127.0.0.1:{port}/sign-in")
                    time.sleep(SETTLE)
                before, files = _cpu(daemon.pid), _database(folder)
                time.sleep(WATCHED)
                share = (_cpu(daemon.pid) - before) / WATCHED
                memory = _memory(daemon.pid)
                changed = _database(folder) != files
            finally:
                daemon.terminate()
                daemon.wait()
    yield Row(f"{what}, resident memory", f"{memory:.0f} MiB", "under 95 MiB" if page else "under 90 MiB")
    yield Row(f"{what}, processor", f"{100 * share:.2f} %", "under 0.1 %")
    yield Row(f"{what}, database written in {WATCHED:.0f} s", "yes" if changed else "no", "no")


def _load_page(address: str) -> None:
    """Look at a page, so that what it needs is loaded; the server may still be starting."""
    for _ in range(60):
        with contextlib.suppress(OSError), urllib.request.urlopen(address) as answer:
            answer.read()
            return
        time.sleep(1)
    raise SystemExit(f"{address} does not answer")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


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
