"""Terminals that lack letters."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminder.platform.terminal import nearest, register, spelt


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("when   who\n──────────", "when   who\n----------"),
        ("✓ All is well. ✗ not", "+ All is well. x not"),
        ("Wed 2 Jul · me · screen", "Wed 2 Jul * me * screen"),
        ("Amélie — Ça va… \N{LEFT DOUBLE QUOTATION MARK}oui\N{RIGHT DOUBLE QUOTATION MARK}", 'Amelie - Ca va... "oui"'),
        ("e\u0301t\u00e9", "ete"),
        ("Ærø, Łódź, Straße", "AEro, Lodz, Strasse"),
        ("进击的巨人", "?????"),
    ],
)
def test_an_ascii_terminal_shows_the_nearest_letters(text: str, shown: str) -> None:
    assert spelt(text, "ascii") == shown


def test_a_terminal_that_has_the_letter_shows_it() -> None:
    assert spelt("Amélie ─ 🎬", "latin-1") == "Amélie - ?"
    assert spelt("Amélie ─ 🎬", "utf-8") == "Amélie ─ 🎬"


def test_a_stream_writes_so_by_itself() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii", errors=register())
    stream.write("é ─")
    stream.flush()
    assert raw.getvalue() == b"e -"


@given(st.characters())
def test_whatever_stands_in_for_a_letter_is_ascii(letter: str) -> None:
    assert nearest(letter).isascii()
