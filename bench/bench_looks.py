"""What a look costs of the processor: `plan`, `check`, `show` and `upcoming` against importing SQLAlchemy alone."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bench.world import Row

COMMAND = str(Path(sys.executable).with_name("reminder"))
ALONE = (sys.executable, "-c", "import sqlalchemy")
RUNS = 9
SHOWS, EPISODES = 200, 25
CROWD = 100
TITLES = 10_000
HEAD = "timezone: Europe/Berlin\nchannels: {screen: console://}\nsources: {tvmaze: {ask: false}}\n"


def measure() -> list[Row]:
    """Return the least of nine runs, in turn, as multiples of the least of the import."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shows, many, one, season = _calendar(folder), _many(folder), _one(folder), _season(folder)
        looks = {
            f"plan, {SHOWS * EPISODES:,} events to come": (*shows, "plan"),
            f"check, {SHOWS * EPISODES:,} events to come": (*shows, "check"),
            f"show ONE of {TITLES:,} titles": (*many, "show", "Title 77"),
            f"upcoming -n 50 of {TITLES:,} titles": (*many, "upcoming", "-n", "50"),
            "plan, one title": (*one, "plan"),
            "plan, a daily season of 5,000 episodes": (*season, "plan"),
            "check, a daily season of 5,000 episodes": (*season, "check"),
            f"plan, {CROWD} titles for {CROWD} people": (*_crowd(folder), "plan"),
        }
        alone, found = float("inf"), dict.fromkeys(looks, float("inf"))
        for _ in range(RUNS):
            alone = min(alone, _processor(ALONE))
            for what, words in looks.items():
                found[what] = min(found[what], _processor(words))
        rows = [Row("import sqlalchemy", f"{alone:.2f} s")]
        return rows + [Row(what, f"{took:.2f} s, {took / alone:.1f} times", "10 times") for what, took in found.items()]


def _processor(words: Sequence[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _taken(folder: Path, name: str, text: str) -> tuple[str, ...]:
    """Write a config, bring it into its database, and return how to call a command with it."""
    config = folder / f"{name}.yaml"
    config.write_text(f"{HEAD}database: {folder / name}.db\n{text}")
    subprocess.run([COMMAND, "-c", str(config), "run", "--once"], check=True, capture_output=True)
    return COMMAND, "-c", str(config)


def _today() -> date:
    return datetime.now(UTC).date()


def _calendar(folder: Path) -> tuple[str, ...]:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//bench//EN"]
    for show in range(SHOWS):
        for episode in range(1, EPISODES + 1):
            on = _today() + timedelta(days=7 * episode + show % 7)
            lines += ["BEGIN:VEVENT", f"UID:{show}-{episode}@bench", "DTSTAMP:20250101T000000Z"]
            lines += [
                f"DTSTART:{on:%Y%m%d}T{20 - show % 5}0000Z",
                f"SUMMARY:Show {show} S01E{episode:02}",
                "END:VEVENT",
            ]
    (folder / "shows.ics").write_text("\r\n".join([*lines, "END:VCALENDAR", ""]))
    return _taken(folder, "shows", f"calendars: [{{name: shows, url: {folder / 'shows.ics'}}}]\n")


def _many(folder: Path) -> tuple[str, ...]:
    days = (_today() + timedelta(days=1 + number % 700) for number in range(TITLES))
    titles = (f"  - {{title: Title {number}, premiere: {on}, platform: Netflix}}" for number, on in enumerate(days))
    return _taken(folder, "many", "watch:\n" + "\n".join(titles) + "\n")


def _one(folder: Path) -> tuple[str, ...]:
    return _taken(folder, "one", f"watch: [{{title: Ballard, premiere: {_today() + timedelta(days=30)}}}]\n")


def _season(folder: Path) -> tuple[str, ...]:
    on = _today() + timedelta(days=10)
    return _taken(folder, "season", f"watch: [{{title: Long, premiere: {on}, episodes: 5000, drop: daily}}]\n")


def _crowd(folder: Path) -> tuple[str, ...]:
    people = ", ".join(f"p{number}: {{}}" for number in range(CROWD))
    titles = (
        f"  - {{title: Title {number}, premiere: {_today() + timedelta(days=10 + number)}}}" for number in range(CROWD)
    )
    return _taken(folder, "crowd", f"subscribers: {{{people}}}\nwatch:\n" + "\n".join(titles) + "\n")
