"""The words by which announcements are read are data: every entry can be used, every group is, and the wheel has them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

from reminder.announcements.vocabulary import LANGUAGES, either, entries, expression, load

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "reminder" / "announcements" / "vocabulary"
READER = ROOT / "reminder" / "announcements"


def groups(name: str) -> Iterator[tuple[str, str]]:
    for section, found in load(name).items():
        if section not in {"cardinals", "ordinals"}:
            yield from found.items()


def test_an_entry_is_an_expression_with_a_space_for_any_gap() -> None:
    assert entries("\nse estrenó, fue,\nestrenad[ao]s? (?:en|\\\n    el)") == (
        "se estrenó",
        "fue",
        "estrenad[ao]s? (?:en|el)",
    )
    assert expression("se estrenó") == r"se\s+estrenó"
    assert expression("\n  (?:new|\n  old) season\\b") == r"(?:new|old)\s+season\b"


@pytest.mark.parametrize("name", [*LANGUAGES, "names", "services"])
def test_every_entry_can_be_used(name: str) -> None:
    wrong = []
    for group, text in groups(name):
        for entry in entries(text):
            try:
                re.compile(expression(entry))
            except re.error as error:
                wrong.append(f"{group}: {entry}: {error}")
    assert wrong == []


@pytest.mark.parametrize("name", [*LANGUAGES, "names"])
def test_a_group_that_nothing_reads_is_not_there(name: str) -> None:
    read = "\n".join(path.read_text("utf-8") for path in READER.rglob("*.py"))
    read += "".join((FOLDER / f"{each}.toml").read_text("utf-8") for each in ("clues", "forms", "shape"))
    assert [group for group, _ in groups(name) if not re.search(rf"[\"'{{]{group}[\"'}}]", read)] == []


def test_the_words_of_all_languages_are_read_together() -> None:
    assert {"premieres?", "startet", "sortira", "estrena", "esce", "estreia", "zadebiutuje"} <= {
        *either("release-verbs").split("|")
    }


def test_no_line_is_too_long_to_be_read() -> None:
    lines = [(path.name, line) for path in FOLDER.glob("*.toml") for line in path.read_text("utf-8").splitlines()]
    assert [(name, line) for name, line in lines if len(line) > 120] == []


def test_the_wheel_has_every_file() -> None:
    inside = {each.distribution_path for each in WheelBuilder(str(ROOT)).recurse_included_files()}
    files = {f"reminder/announcements/vocabulary/{path.name}" for path in FOLDER.glob("*.toml")}
    assert len(files) == len(LANGUAGES) + 5
    assert files <= inside
