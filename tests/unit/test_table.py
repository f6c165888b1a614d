"""Tables that fit the terminal."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from reminder.cli.table import Column, table, wrapped

COLUMNS = (
    Column(key="at", heading="when", whole=True),
    Column(key="who", heading="who", obvious=True),
    Column(key="what", heading="what", style="bold"),
    Column(key="why", heading="why", below=True),
)
ROWS: list[dict[str, Any]] = [
    {"at": "Wed 9 Jul 2025", "who": "asha", "what": "Ballard premieres in 7 days", "why": "503 Service Unavailable"},
    {"at": "Thu 10 Jul 2025", "who": "asha", "what": "1899", "why": None},
]


def drawn(rows: list[dict[str, Any]], width: int | None) -> list[str]:
    return ["".join(text for text, _ in line) for line in table(rows, COLUMNS, width)]


def test_with_room_every_row_is_one_line() -> None:
    assert drawn(ROWS, None) == [
        "when              who    what                          why",
        "─" * 78,
        "Wed 9 Jul 2025    asha   Ballard premieres in 7 days   503 Service Unavailable",
        "Thu 10 Jul 2025   asha   1899",
    ]


def test_too_narrow_leaves_out_what_is_obvious_then_moves_the_reason_below() -> None:
    assert drawn(ROWS, 72)[0] == "when              what                          why"
    assert drawn(ROWS, 50)[2:5] == [
        "Wed 9 Jul 2025    Ballard premieres in 7 days",
        "    503 Service Unavailable",
        "Thu 10 Jul 2025   1899",
    ]


def test_the_rest_is_folded_between_words() -> None:
    assert drawn(ROWS, 36)[2:4] == ["Wed 9 Jul 2025    Ballard premieres", "                  in 7 days"]


def test_a_text_goes_below_only_where_it_would_be_hard_to_read() -> None:
    rows = [{"at": "x", "who": "a", "what": "b", "why": "one two three four five six seven eight nine ten"}]
    assert drawn(rows, 50)[2:] == ["x      b      one two three four five six seven", "              eight nine ten"]
    assert drawn(rows, 36)[2:4] == ["x      b", "    one two three four five six"]


LONG_WORDS = {
    "at": "Wed 9 Jul 2025",
    "who": "asha",
    "what": "Supercalifragilistic Expialidocious",
    "why": "Floccinauci",
}


def test_no_line_is_wider_than_the_terminal_even_if_words_must_break() -> None:
    lines = [(width, line) for width in range(26, 90) for line in drawn([*ROWS, LONG_WORDS], width)]
    assert [(width, line) for width, line in lines if cell_len(line) > width] == []


def test_a_column_that_gives_way_stays_as_long_as_there_is_room() -> None:
    columns = (Column(key="at", heading="when", whole=True), Column(key="what", heading="what", give_way=True))
    row = {"at": "Wed 9 Jul 2025 09:00", "what": "Foundation season 3 premiere"}

    def lines(width: int) -> list[str]:
        return ["".join(text for text, _ in line) for line in table([row], columns, width)][2:]

    assert lines(35) == [
        "Wed 9 Jul 2025 09:00   Foundation",
        "                       season 3",
        "                       premiere",
    ]
    assert lines(28) == ["Wed 9 Jul 2025 09:00", "    Foundation season 3", "    premiere"]


def test_a_column_that_is_empty_everywhere_is_left_out() -> None:
    assert "why" not in drawn([{**ROWS[0], "why": ""}], None)[0]


def test_nothing_in_a_cell_can_turn_a_terminal_about() -> None:
    (line,) = drawn([{"at": "x", "who": "a", "what": "one\x1b[31m\ntwo\r", "why": "w"}], None)[2:]
    assert line == "x      a     one[31m two   w"


@pytest.mark.parametrize(
    "text", ["", "one", "one two", "a-word-that-is-far-too-long for it", "映画の題名は長いことがある"]
)
def test_wrapped_lines_are_no_wider_than_asked(text: str) -> None:
    assert all(cell_len(line) <= 8 for line in wrapped(text, 8))


@given(st.text(), st.integers(2, 40))
def test_wrapping_loses_no_letter(text: str, width: int) -> None:
    assert "".join("".join(wrapped(text, width)).split()) == "".join(text.split())


def test_one_text_that_is_longer_than_any_line_pads_no_other_row() -> None:
    rows = [{**ROWS[0], "what": "x" * 500}, *ROWS]
    head, line, first, second, third = drawn(rows, None)
    assert [head, line[:60], second, third] == [head, "─" * 60, *drawn(ROWS, None)[2:]]
    assert first == f"Wed 9 Jul 2025    asha   {'x' * 500}   503 Service Unavailable"
    assert len(head) == len(drawn(ROWS, None)[0])
