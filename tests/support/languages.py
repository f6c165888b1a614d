"""Languages for tests: messages of every sort in one, and two that nobody speaks, laid over those that there are."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from bench.messages import ACCENTED, MIRRORED, path_of, pretended, template, text_of
from reminder.core.dates.when import CANCELLED, UNKNOWN, When
from reminder.core.model.entities import HourStyle, Kind, Release, Role, Title, TitleKind
from reminder.core.model.lead import Lead
from reminder.core.text.language import Language
from reminder.core.text.message import (
    AskedFrom,
    ReaderSettings,
    Topic,
    Words,
    compose,
    compose_code,
    compose_test,
    compose_trouble,
)
from reminder.texts.languages.known import KnownLanguage

NOW: Final = datetime(2025, 7, 2, 3, 30, tzinfo=UTC)
KINDS: Final = (Kind.REMINDER, Kind.WINDOW, Kind.MISSED, Kind.ANNOUNCED, Kind.MOVED, Kind.WITHDRAWN, Kind.CANCELLED)
RELEASES: Final = (
    Release(),
    Release(last=10, total=10),
    Release(last=1, total=1),
    Release(season=2, first=1, last=2, total=10),
    Release(first=3, last=3, total=10, role=Role.EPISODE, label="episode 3"),
    Release(first=3, last=4, role=Role.EPISODE, label="episodes 3-4"),
    Release(first=5, last=7, total=10, role=Role.EPISODE, label="episodes 5-7"),
    Release(first=10, last=10, total=10, role=Role.FINALE, label="finale"),
    Release(first=20250709, last=20250709, role=Role.EPISODE, label="episode of 2025-07-09"),
)
NAME: Final = "Q7"
"""A title without a word in it: what is left of a message is words of the language."""
PLATFORM: Final = "RTX"

PSEUDO: Final = KnownLanguage(code="en-XA", name="Pseudo", english_name="Pseudo")
RIGHT_TO_LEFT: Final = KnownLanguage(code="ar", name="Mirrored", english_name="Mirrored")


def lay_over(folder: Path, known: KnownLanguage) -> None:
    """Write a language that nobody speaks into a folder: accented and longer by two fifths, or from right to left."""
    letters, longer = (MIRRORED, 0.0) if known is RIGHT_TO_LEFT else (ACCENTED, 0.4)
    path = path_of(known, folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text_of(pretended(known, template(), letters, longer)))


def messages_in(language: Language, number: int) -> Iterator[Words]:
    """Yield so many messages about releases, the same in each language, then those that are about none."""
    chance = random.Random(13)
    made = 0
    while made < number:
        topic = _topic(chance)
        zone = ZoneInfo(chance.choice(["Europe/Berlin", "Asia/Kolkata", "America/Sao_Paulo"]))
        style = chance.choice(list(HourStyle))
        reader = ReaderSettings(zone=zone, hour_style=style, language=language)
        if topic.kind is not Kind.REMINDER and not (topic.release.when.is_dated or topic.kind is not Kind.ANNOUNCED):
            continue
        yield compose(topic, reader, NOW)
        made += 1
    reader = ReaderSettings(zone=ZoneInfo("UTC"), language=language)
    for asked in (AskedFrom("1.2.3.4"), AskedFrom("1.2.3.4", "Q7"), AskedFrom("1.2.3.4", "Q7", "RTX")):
        yield compose_code("12345678", asked, language)
    yield compose_test("c1", NOW, reader)
    for waiting in (0, 1, 3):
        yield compose_trouble("c1", "HTTP 401", reader, NOW, waiting=waiting)


def _topic(chance: random.Random) -> Topic:
    kind = chance.choice(KINDS)
    title = Title(
        key="x",
        name=NAME,
        season=chance.choice([None, 2, 2026]),
        kind=chance.choice([None, TitleKind.GAME]),
        platform=chance.choice([None, PLATFORM, "cinemas", f"on {PLATFORM}"]),
    )
    lead = Lead.parse(chance.choice(["7d", "2h", "90m", "day", "release", "+3h"])) if kind is Kind.REMINDER else None
    return Topic(
        kind=kind,
        title=title,
        release=replace(chance.choice(RELEASES), when=_when(chance)),
        heard=_when(chance),
        lead=lead,
        others=chance.choice([0, 1, 5]),
        finale=_when(chance),
    )


def _when(chance: random.Random) -> When:
    day = date(2025, 7, 2) + timedelta(days=chance.choice([-300, -40, -3, -2, -1, 0, 1, 2, 3, 7, 30, 61, 92, 123, 250]))
    ways = {
        "day": When.day(day),
        "exact": When.exact(NOW + timedelta(minutes=chance.choice([-3000, -90, 0, 1, 61, 120, 1500, 4000, 90_000]))),
        "month": When.month(day.year, day.month),
        "quarter": When.quarter(day.year, (day.month + 2) // 3),
        "season": When.season(day.year, chance.choice(["spring", "summer", "autumn", "fall"])),
        "year": When.year(day.year),
        "unknown": UNKNOWN,
        "cancelled": CANCELLED,
    }
    return ways[chance.choice(["day", "day", "exact", "exact", *ways])]
