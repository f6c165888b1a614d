"""What languages cost: memory, and messages composed for a thousand people in ten of them against in one."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bench.world import Row
from reminder.core.dates.when import When
from reminder.core.model.entities import Kind, Release, Subscriber, Title
from reminder.core.model.lead import Lead
from reminder.delivery.render import MessageContext, Renderer
from reminder.texts.languages.catalogue import OVER, SHIPPED
from reminder.texts.languages.choice import language_of
from reminder.texts.languages.compiling import compiled
from reminder.texts.languages.known import KNOWN
from reminder.texts.templates.engine import Templates

NOW = datetime(2025, 7, 2, 9, tzinfo=UTC)
PEOPLE, TIMES, BATCHES = 1_000, 15, 5
CODES = tuple(KNOWN)

SPOKEN = """
import sys
import reminder.daemon.factory, reminder.delivery.sweep, reminder.delivery.render
from bench.bench_languages import memory, read_by, write
write(read_by(["en"], several=True))
before = memory()
write(read_by(["en"], several=True))
if sys.argv[1] != "en":
    write(read_by(sys.argv[1].split(","), several=True))
print(before, memory(), "babel" in sys.modules)
"""


def measure() -> list[Row]:
    """Return memory with none but English and with ten languages, and the rates of ten against one."""
    with tempfile.TemporaryDirectory() as name:
        folder = _as_built(Path(name))
        english, loaded = _memory_of("en", folder)
        ten, _ = _memory_of(",".join(CODES), folder)
    rows = [
        Row(
            "memory, none but English",
            f"{english:.1f} MiB, Babel {'' if loaded else 'not '}loaded",
            "0",
        ),
        Row("memory, ten languages", f"{ten:.1f} MiB more", "at most 20 MiB"),
    ]
    for several, what in ((False, "one title that moved"), (True, "a title each")):
        one, many = _rate(["en"], several=several), _rate(CODES, several=several)
        rows.append(
            Row(
                f"{PEOPLE:,} people, {what}: ten languages against English",
                f"{many / one:.2f} ({many:,.0f}/s against {one:,.0f}/s)",
                "at least 0.8",
            )
        )
    return rows


def read_by(codes: list[str] | tuple[str, ...], *, several: bool) -> list[MessageContext]:
    """Return a message to each of the people, who read these languages in turn, of one title or of a title each."""
    title, release = (
        Title(key="t", name="Ballard", season=2, platform="Prime Video"),
        Release(season=2, last=10, total=10),
    )
    contexts = []
    for number in range(PEOPLE):
        on = date(2025, 7, 9) + timedelta(days=number % 90 if several else 0)
        if several or not contexts:
            title, release = (
                replace(title, key=f"t{number}", name=f"Ballard {number}"),
                replace(release, when=When.day(on)),
            )
        person = Subscriber(name=f"p{number}", zone=ZoneInfo("Europe/Berlin"), language=codes[number % len(codes)])
        contexts.append(
            MessageContext(
                kind=Kind.REMINDER, subscriber=person, title=title, release=release, lead=Lead.parse("7d"), heard=None
            )
        )
    return contexts


def write(contexts: list[MessageContext]) -> None:
    """Write what a sweep writes to all of them."""
    renderer = Renderer(templates=Templates({}), now=NOW)
    for context in contexts:
        renderer.write([context])


def _rate(codes: list[str] | tuple[str, ...], *, several: bool) -> float:
    """Return how many messages are written in a second, the best of several times: others use the machine too."""
    for code in codes:
        language_of(code)
    contexts = read_by(codes, several=several)
    best = min(_seconds(contexts) for _ in range(TIMES))
    return PEOPLE / best


def _seconds(contexts: list[MessageContext]) -> float:
    began = time.process_time()
    for _ in range(BATCHES):
        write(contexts)
    return (time.process_time() - began) / BATCHES


def _as_built(folder: Path) -> Path:
    """Return a folder with the languages as an installed package has them: compiled, nothing beside."""
    for po in SHIPPED.glob("*/LC_MESSAGES/reminder.po"):
        mo = folder / po.relative_to(SHIPPED).with_suffix(".mo")
        mo.parent.mkdir(parents=True)
        mo.write_bytes(compiled(po.read_bytes()))
    return folder


def _memory_of(codes: str, folder: Path) -> tuple[float, bool]:
    said = subprocess.run(
        [sys.executable, "-c", SPOKEN, codes],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, OVER: str(folder)},
    ).stdout.split()
    return float(said[1]) - float(said[0]), said[2] == "True"


def memory() -> float:
    """Return the resident memory of this process, in MiB."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024
