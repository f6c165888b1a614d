"""A wording is English text everywhere, and knows what it was made of where it is to be said otherwise."""

from __future__ import annotations

import copy
import pickle

import pytest

from reminder.core.wording import KeyProblem, MonthWording, Wording, wording_of


class Loud:
    """A language in which every text is shouted, and its forms of numbers are told apart by a mark."""

    def gettext(self, text: str, /) -> str:
        return {"you do not follow %(title)s": "%(title)s: NOT FOLLOWED", "the config": "THE CONFIG"}.get(text, text)

    def ngettext(self, one: str, many: str, number: int, /) -> str:
        return f"{'1' if number == 1 else 'n'}: {one if number == 1 else many}"

    def month(self, year: int, number: int, /) -> str:
        return f"{year}/{number}"


@pytest.mark.parametrize(
    ("wording", "english", "loud"),
    [
        (Wording("you do not follow %(title)s", title="Silo"), "you do not follow Silo", "Silo: NOT FOLLOWED"),
        (Wording("you do not follow %(title)s", title="100%"), "you do not follow 100%", "100%: NOT FOLLOWED"),
        (Wording("you do not follow %(title)s", title=Wording("the config")), "you do not follow the config", "THE CONFIG: NOT FOLLOWED"),
        (Wording("100% of it"), "100% of it", "100% of it"),
        (Wording.of_number("%(num)s day", "%(num)s days", 1), "1 day", "1: 1 day"),
        (Wording.of_number("%(num)s day of %(title)s", "%(num)s days of %(title)s", 3, title="Silo"), "3 days of Silo", "n: 3 days of Silo"),
        (Wording("%(month)s!", month=MonthWording.of("July 2025", year=2025, month=7)), "July 2025!", "2025/7!"),
        (KeyProblem.of("drop", Wording("the config")), "drop: the config", "drop: THE CONFIG"),
    ],
)  # fmt: skip
def test_a_wording_is_its_english_and_can_be_said_otherwise(wording: Wording, english: str, loud: str) -> None:
    assert (str(wording), wording == english, wording.translated(Loud())) == (english, True, loud)
    for other in (copy.deepcopy(wording), pickle.loads(pickle.dumps(wording))):
        assert (other, other.translated(Loud())) == (english, loud)


def test_a_place_without_a_value_is_found_at_once() -> None:
    with pytest.raises(KeyError):
        Wording("%(one)s and %(two)s", one="1")


def test_what_an_error_says_keeps_its_wording() -> None:
    said = Wording("the config")
    assert wording_of(ValueError(said)) is said
    assert wording_of(ValueError("plain")) == "plain"
    assert wording_of(OSError(2, "No such file")) == "[Errno 2] No such file"
