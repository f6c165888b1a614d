"""Where a sentence ends, and where it only looks so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminder.announcements.reading.sentences import sentences


@pytest.mark.parametrize(
    "text",
    [
        "It airs at 9 p.m. ET on HBO.",
        "It returns on Sept. 22 with ten episodes.",
        "Die Serie startet am 9. Juli bei Sky.",
        "Die 2. Staffel kommt.",
        "Madam C.J. Walker built a company.",
        "It opens in the U.S. and Canada.",
        "Dr. No and Mr. Jones meet.",
        "Premiera 12 marca 2025 r. na platformie.",
    ],
)
def test_a_dot_inside_a_sentence_does_not_end_it(text: str) -> None:
    assert [sentence.text for sentence in sentences(text)] == [text]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("It arrives on July 9. All episodes drop.", ["It arrives on July 9.", "All episodes drop."]),
        ("It airs at 9 p.m. The finale follows.", ["It airs at 9 p.m.", "The finale follows."]),
        ("“Wait!” she said. Then it came.", ["“Wait!” she said.", "Then it came."]),
        ("Why now? Because.", ["Why now?", "Because."]),
        ("A headline\n\nA paragraph.", ["A headline", "A paragraph."]),
        ("Title: X\nSeason: 2", ["Title: X", "Season: 2"]),
    ],
)
def test_a_text_falls_into_its_sentences(text: str, pieces: list[str]) -> None:
    assert [sentence.text for sentence in sentences(text)] == pieces


def test_lines_wrapped_at_one_width_are_one_paragraph() -> None:
    text = (
        "The long-awaited second season of the series will finally arrive\n"
        "on the service in the autumn, and its makers promise more of it,\n"
        "which is what they always say."
    )
    assert len(sentences(text)) == 1


@given(st.text(alphabet=st.sampled_from("ABab .!?\n\"'9p.m"), max_size=120))
def test_sentences_quote_the_text_in_order_and_lose_nothing_but_space(text: str) -> None:
    found = sentences(text)
    end = 0
    for sentence in found:
        assert sentence.start >= end
        assert text[sentence.start : sentence.end] == sentence.text
        end = sentence.end
    assert "".join("".join(each.text.split()) for each in found) == "".join(text.split())


@pytest.mark.parametrize("piece", ["word ", "x", "1.", "Ab, "])
def test_no_sentence_is_endless(piece: str) -> None:
    text = piece * 2_000
    found = sentences(text)
    assert max(len(sentence.text) for sentence in found) <= 800
    assert "".join("".join(each.text.split()) for each in found) == "".join(text.split())
