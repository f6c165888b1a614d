"""Importing people whose addresses are of many kinds, against people whose addresses are all alike."""

from __future__ import annotations

import csv
import os
import random
import resource
import string
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from bench.world import Row, make_app

PEOPLE = int(os.environ.get("BENCH_PEOPLE", "100000"))
COMMAND = str(Path(sys.executable).with_name("reminder"))
SIGNS = string.ascii_letters + string.digits
CHANNELS = f"""
  hook: json://127.0.0.1:9/{{address}}
  bot: tgram://123456789:{"a" * 35}/{{address}}
  topic: ntfys://ntfy.example.org/{{address}}?priority=high
  room: matrixs://token@matrix.example.org/{{address}}
  mail: mailtos://me:secret@smtp.example.org?from=me@example.org&to={{address}}
"""


def measure() -> list[Row]:
    """Return seconds of the processor for each import, and how they stand to the first."""
    chance = random.Random(1)

    def word(low: int, high: int) -> str:
        return "".join(chance.choices(SIGNS, k=chance.randint(low, high)))

    kinds: dict[str, Callable[[], str]] = {
        "hook": lambda: str(chance.randint(10**6, 10**7 - 1)),
        "bot": lambda: str(chance.choice([1, -1]) * chance.randint(10**5, 10**12)),
        "topic": lambda: word(4, 24),
        "room": lambda: f"!{word(18, 18)}:{word(3, 12).lower()}.org",
        "mail": lambda: f"{word(3, 14)}.{word(3, 14)}@{word(4, 12).lower()}.com",
    }
    alike = _import({"hook": kinds["hook"]})
    mixed = _import({name: kind for name, kind in kinds.items() if name != "hook"})
    return [
        Row(f"{PEOPLE:,} people, addresses all alike", f"{alike:.1f} s of the processor"),
        Row(f"{PEOPLE:,} people, four kinds, nearly none alike", f"{mixed:.1f} s, {mixed / alike:.2f} times"),
    ]


def _import(kinds: dict[str, Callable[[], str]]) -> float:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        people = folder / "people.csv"
        with people.open("w", newline="") as out:
            table = csv.writer(out)
            table.writerow(["subscriber", "timezone", "channel", "address", "titles"])
            names = list(kinds)
            for number in range(PEOPLE):
                channel = names[number % len(names)]
                table.writerow([f"person {number}", "Europe/Berlin", channel, kinds[channel](), "Ballard"])
        watch = f"channels:{CHANNELS}subscribers: {{}}\nwatch: [{{title: Ballard, premiere: 2199-07-09}}]\n"
        make_app(folder, f"timezone: UTC\n{watch}")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [COMMAND, "--config", str(folder / "config.yaml"), "import", str(people)]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
