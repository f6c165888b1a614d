"""Who made a work stands before its name; looking for that takes at most twice the steps for twice the text."""

from __future__ import annotations

import random

import pytest

from reminder.announcements.reading.clues import MAKER
from tests.support.steps import Steps


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Ana Rhys's Salt Road", "Salt Road"),
        ("Ana Rhys and Joe Dane’s Salt Road", "Salt Road"),
        ("Jo-Ann O. Smith's Salt Road", "Jo-Ann O. Smith's Salt Road"),
        ("The Warden's Daughter", "The Warden's Daughter"),
    ],
)
def test_a_maker_before_a_name_is_not_a_part_of_it(text: str, rest: str) -> None:
    assert MAKER.sub("", text) == rest


def test_words_without_sense_cost_no_more_than_they_are_long() -> None:
    dice = random.Random(7)
    steps = Steps(MAKER.compiled)
    costs = []
    for length in (400, 800):
        words = "".join(dice.choice("1A") for _ in range(length))
        text = " ".join(words[at : at + 40] for at in range(0, length, 40)) + "’s"
        costs.append(steps.match(text))
    assert costs[1] <= 2.6 * max(costs[0], length)
