"""A date that a hint or a help shows lies ahead: nobody who copies one is told that it is past."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import reminder
from reminder.config.starter import Answers, starter_config
from reminder.core.dates.parse import parse_instant, parse_when
from reminder.core.dates.spelling import EXAMPLE_YEAR
from reminder.core.dates.when import WhenError
from reminder.core.dates.zones import find_zone

HERE = Path(reminder.__file__).parent
DATED = re.compile(r"\b20\d\d-[01]\d\b|\b(?:January|July|December|Q[1-4]|spring|summer|fall)(?: \d{1,2},)? 20\d\d\b")
ELSEWHERE = {
    "core/text": "notes for translators: what a sentence is filled with",
    "texts/templates/engine.py": "a message as a template meets it",
    "usecases/rows/fields.py": "how an answer of the API looks",
    "config/schema/json_schema.py": "the version of a schema",
    "platform/clock.py": "the clock of a test",
    "cli/commands/read.py": "the day of an announcement, which lies behind",
}


def told(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield the texts of a file, with their lines, that are no docstrings."""
    documents = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documents:
            yield node.lineno, node.value


def test_no_text_has_a_year_of_its_own() -> None:
    found = []
    for file in sorted(HERE.rglob("*.py")):
        path = file.relative_to(HERE).as_posix()
        if path.startswith(tuple(ELSEWHERE)):
            continue
        said = told(ast.parse(file.read_text(encoding="utf-8")))
        found += [f"{path}:{line}: {text[:60]}" for line, text in said if DATED.search(text)]
    found += [file.name for file in HERE.rglob("*.html") if DATED.search(file.read_text(encoding="utf-8"))]
    assert found == []


@pytest.mark.parametrize("text", ["soonish", "tomorrow", "31/31/2025"])
def test_what_is_no_date_is_answered_with_one_that_lies_ahead(text: str) -> None:
    with pytest.raises(WhenError, match=f"write (it as|the date as) {EXAMPLE_YEAR}-07-09"):
        parse_when(text)


@pytest.mark.parametrize("text", ["July 2025", "TBA", "Q3 2025"])
def test_what_is_no_one_day_is_answered_with_one_that_lies_ahead(text: str) -> None:
    with pytest.raises(WhenError, match=f"write {EXAMPLE_YEAR}-07-09 or {EXAMPLE_YEAR}-07-09 20:00"):
        parse_instant(text, find_zone("Asia/Kolkata"))


def test_the_title_of_a_new_config_is_to_come() -> None:
    assert f"#  premiere: July 9, {EXAMPLE_YEAR}" in starter_config(Answers())
