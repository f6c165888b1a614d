"""The words of lists: states in plain words, and names as parts of them are looked for."""

from __future__ import annotations

import string
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminder.core.model.ledger import State
from reminder.core.model.names import plain, searchable
from reminder.core.text.coming_words import day_heading
from reminder.core.text.ledger_words import STATE_WORDS


def test_every_state_has_words() -> None:
    assert set(STATE_WORDS) == set(State)


TODAY = date(2025, 12, 30)
HEADINGS = {
    date(2025, 12, 29): ("Yesterday", "Monday, December 29"),
    date(2025, 12, 30): ("Today", "Tuesday, December 30"),
    date(2025, 12, 31): ("Tomorrow", "Wednesday, December 31"),
    date(2026, 1, 1): ("Thursday, January 1, 2026", ""),
}


def test_a_day_is_called_by_a_word_where_it_is_near() -> None:
    assert {on: day_heading(on, TODAY) for on in HEADINGS} == HEADINGS


SEARCHED = {
    "The Crown": "the crown",
    "  Don't  Look-Up! ": "dont look up",
    "Law & Order": "law and order",
    "Été": "ete",
    "Łódź": "lodz",
    "S.W.A.T.": "s w a t",
    "!!!": "",
    "": "",
}


def test_a_name_is_looked_for_without_accents_and_marks() -> None:
    assert {name: searchable(name) for name in SEARCHED} == SEARCHED


@given(st.text(st.sampled_from(string.printable + "\x00\x1b\x7f"), max_size=30))
def test_names_of_plain_letters_are_read_as_all_others_are(text: str) -> None:
    """They take a shorter way: a letter that takes the long way in the same name must not change it."""
    assert searchable(text) == " ".join(searchable(f"{text} \u00e9").split()[:-1])


@pytest.mark.parametrize("name", ["Ballard", "Été 85", "The Crown"])
def test_what_is_looked_for_is_compared_as_names_are(name: str) -> None:
    assert searchable(name).endswith(plain(name))
