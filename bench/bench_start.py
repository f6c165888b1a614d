"""How quickly a command answers, and what it takes of the processor against loading SQLAlchemy."""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.world import Row

RUNS = 7
TURNS = 9
ARTICLE = """Ballard premieres July 9 on Prime Video

LOS ANGELES, May 23, 2025 - Prime Video announced today that Ballard, the Bosch spin-off starring Maggie Q, will
premiere on July 9, 2025 with all ten episodes. The series follows Detective Renée Ballard as she runs the underfunded
cold case division of the LAPD. Season 2 has not been ordered yet, the streaming service said.
"""
AIMS = {"--help": 0.8, "plan": 2.2, "health": 2.0, "list": 2.0}
COMMAND = str(Path(sys.executable).with_name("reminder"))


def measure() -> list[Row]:
    """Return the medians, in seconds."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "config.yaml"
        config.write_text(_fifty_titles(Path(folder)))
        return [
            Row("reminder --help", f"{_median('--help'):.2f} s", "under 0.25 s"),
            Row("reminder plan, 50 titles", f"{_median('--config', str(config), 'plan'):.2f} s", "under 0.6 s"),
            *_looking(config),
            _reading(Path(folder), config),
        ]


def _looking(config: Path) -> list[Row]:
    """Return what commands that look take of the processor, against loading SQLAlchemy: the least of nine, in turn."""
    named = ("--config", str(config))
    _processor(*named, "run", "--once")
    commands = {
        "sqlalchemy": (sys.executable, "-c", "import sqlalchemy"),
        "--help": (COMMAND, "--help"),
        **{name: (COMMAND, *named, name) for name in ("plan", "health", "list")},
    }
    for command in commands.values():
        _processor_of(command)  # the first look at a config leaves in the database that it is known
    turns = [{name: _processor_of(command) for name, command in commands.items()} for _ in range(TURNS)]
    least = {name: min(turn[name] for turn in turns) for name in commands}
    base = least.pop("sqlalchemy")
    return [
        Row(
            f"reminder {name}, processor time",
            f"{seconds:.2f} s, {seconds / base:.2f} times",
            f"{AIMS[name]} times importing SQLAlchemy ({base:.2f} s)",
        )
        for name, seconds in least.items()
    ]


def _reading(folder: Path, config: Path) -> Row:
    """Return what reading an announcement takes of the processor, against a list: the least of nine, in turn."""
    article = folder / "article.txt"
    article.write_text(ARTICLE)
    commands = {"list": ["list"], "read": ["read", str(article)]}
    _processor("--config", str(config), "run", "--once")
    turns = [
        {name: _processor("--config", str(config), *command) for name, command in commands.items()}
        for _ in range(TURNS)
    ]
    least = {name: min(turn[name] for turn in turns) for name in commands}
    ratio = least["read"] / least["list"]
    return Row(
        "reminder read, processor time against reminder list",
        f"{least['read']:.2f} s, {ratio:.2f} times",
        "1.3 times the list of d492b3c",
    )


def _processor(*arguments: str) -> float:
    return _processor_of((COMMAND, *arguments))


def _processor_of(command: Sequence[str]) -> float:
    """Return the seconds that a command takes of the processor; `health` may find that no daemon runs, and fails."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    assert done.returncode in {0, 1}
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


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
