"""Patterns that are compiled when they are needed: they find what `re` finds, and leave out what cannot match."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reminder.announcements.reading.needed import needed_by
from reminder.announcements.reading.patterns import Pattern
from reminder.announcements.reading.sentences import sentences
from tests.support.announcements import load
from tests.support.patterns import every_pattern

FOLDER = Path(__file__).parents[1] / "data" / "announcements"


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        (r"\bpremieres?\b", [("premiere",)]),
        (r"\b(?:on|in)\s+(?:may|june)\b", [("on", "in"), ("may", "june")]),
        (r"(?:new\s+)?season", [("season",)]),
        (r"(?:new\s+){0,2}season", [("season",)]),
        (r"(?:new\s+){1,2}season", [("new",), ("season",)]),
        (r"(?:\d+|season)", []),
        (r"(?i:STAFFEL|Saison)(?!\s+of)", [("staffel", "saison")]),
        (r"(?<!not )(?P<name>late|soon)\b", [("late", "soon")]),
        (r"[Ss]tars?[\])(|]", [("tar",)]),
        (r"a\(b\|cd", [("cd",)]),
        (r"(?m)^(?:Title|Titel)\s*:", [("title", "titel")]),
        (r"(?:first|(?:second|third)\s+half) of", [("first", "second", "third"), ("of",)]),
        (r"x{2,3}yes*z", [("ye",)]),
    ],
)
def test_the_words_that_a_pattern_needs_are_found_in_its_text(pattern: str, needed: list[tuple[str, ...]]) -> None:
    found = needed_by(pattern)

    assert [set(words) for words in found] == [set(words) for words in needed]


def test_no_pattern_leaves_out_a_sentence_that_it_matches() -> None:
    cases = [case for path in sorted(FOLDER.glob("*.yaml")) for case in load(path)]
    texts = {sentence.text for case in cases for sentence in sentences(case.text)}
    wrong = [
        (name, text)
        for name, pattern in every_pattern().items()
        for text in texts
        if not pattern.may_match(text) and pattern.compiled.search(text)
    ]

    assert len(texts) > 300
    assert wrong == []


def test_a_text_without_a_word_that_it_needs_does_not_compile_a_pattern() -> None:
    pattern = Pattern(r"\b(?:staffel|folge)\s+\d", re.IGNORECASE)

    assert pattern.search("The season begins in May") is None
    assert pattern.fullmatch("The season begins in May") is None
    assert pattern.match("The season begins in May") is None
    assert list(pattern.finditer("The season begins in May")) == []
    assert pattern.split("one, two") == ["one, two"]
    assert pattern.sub("", "one, two") == "one, two"
    assert "compiled" not in vars(pattern)
    assert pattern.search("Die STAFFEL 2 kommt") is not None
    assert "compiled" in vars(pattern)
