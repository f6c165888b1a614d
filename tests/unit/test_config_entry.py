"""A title read from a command line, by the rules of the config."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from reminder.config.entry import read_listing
from reminder.core.dates.parse import parse_when
from reminder.core.dates.when import UNKNOWN
from reminder.core.errors import WrongInput
from reminder.core.model.lead import Ladder
from reminder.core.schedule.listing import ListedEntry

KOLKATA = ZoneInfo("Asia/Kolkata")
PEOPLE = ("asha", "ravi")


def read(before: ListedEntry | None = None, **said: str) -> ListedEntry:
    words = {key.removesuffix("_"): text for key, text in said.items()}
    return read_listing(words, PEOPLE, KOLKATA, before)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2025-07-09", "2025-07-09"),
        ("2025-07-09 20:00", "2025-07-09 20:00 Asia/Kolkata"),
        ("July 9, 2025 at 8 PM", "2025-07-09 20:00 Asia/Kolkata"),
        ("2025-07-09 20:00 America/New_York", "2025-07-09 20:00 America/New_York"),
        ("Q3 2025", "2025-Q3"),
        ("", "TBA"),
    ],
)
def test_a_time_without_a_zone_is_in_the_configs(written: str, meant: str) -> None:
    assert read(title="X", premiere=written).title.premiere.show() == parse_when(meant).show()


def test_lists_are_written_with_commas_or_as_in_the_config() -> None:
    assert read(title="X", remind="7d, day").title.remind == Ladder.parse(["7d", "day"])
    assert read(title="X", remind="{finale: [1d]}").title.remind == Ladder.parse({"finale": ["1d"]})
    assert read(title="X", remind="none").title.remind == Ladder.parse([])
    assert read(title="X", for_="asha,ravi").followers == {"asha": None, "ravi": None}
    assert read(title="X", for_="{asha: {remind: [1d]}}").followers == {"asha": Ladder.parse(["1d"])}
    assert read(title="X").followers is None


def test_what_is_not_said_stays_and_an_empty_text_takes_it_back() -> None:
    before = read(title="X", premiere="2025-07-09", platform="Netflix", for_="asha")
    after = read(before, platform="", note="n")
    assert (after.title.platform, after.title.note) == (None, "n")
    assert (after.title.premiere, after.followers) == (before.title.premiere, before.followers)
    undone = read(before, premiere="", for_="")
    assert (undone.title.premiere, undone.followers) == (UNKNOWN, None)


def test_the_key_follows_the_text_unless_there_is_an_id() -> None:
    plain = read(title="X")
    assert read(plain, title="Y").title.key == "y"
    assert read(plain, season="2").title.key == "x #2"
    named = read(title="X", id="x-1")
    assert read(named, title="Y").title.key == "x-1"
    assert read(plain, id="x-1").title.key == "x-1"
    assert read(named, id="").title.key == "x"


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        (
            {"premiere": "09/07/2025"},
            '--premiere: "09/07/2025" is ambiguous: write 2025-07-09 (July 9) or 2025-09-07 (September 7)',
        ),
        ({"drop": "weekly"}, "--drop: weekly needs the number of episodes: add --episodes N"),
        ({"drop": "[{episodes: 4"}, '--drop: the "{" here is not closed, or a "," is missing'),
        ({"remind": "{premier: [1d]}"}, "--remind.premier: unknown key, did you mean premiere?"),
        ({"for_": "ahsa"}, '--for: there is no subscriber "ahsa": did you mean asha?'),
        ({"episodes": "0"}, '--episodes: "0" is not a number of episodes: write one from 1 to 5000'),
        ({"link": "x"}, '--link: "x" is not a web address: write it from https:// on'),
    ],
)
def test_what_is_wrong_names_its_option(said: dict[str, str], problem: str) -> None:
    with pytest.raises(WrongInput) as caught:
        read(None, **{"title": "X", **said})
    assert caught.value.problems == (problem,)
