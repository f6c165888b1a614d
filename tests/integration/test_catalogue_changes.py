"""What catalogues do to a show, lived from eight days before the change to its finale: every message of every day.

The dates are days of 2026. Where nothing else is said, messages come at nine.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from tests.support.catalogues import Catalogues
from tests.support.changing import (
    Change,
    all_at_once,
    at_once,
    drop_season_2,
    end_before_season_2,
    enter_again,
    insert,
    insert_and_put_off,
    join_seasons,
    lengthen,
    lived,
    move_all,
    one_a_week,
    renumber_season_2,
    shorten,
    show,
    shuffle,
    split,
    state_again,
    swap,
    take_out,
    two_seasons,
    word,
)
from tests.support.sourced import SourcedWorld
from tests.support.works import Show


@dataclass(frozen=True)
class Story:
    """A change, and the messages of the days around it; `tmdb` says which of them TMDB has in other words."""

    name: str
    make: Callable[[], Show]
    change: Change
    until: str
    lines: list[str]
    tmdb: dict[str, str] = field(default_factory=dict)


STORIES = [
    Story(
        "the first episode taken out before it comes",
        lambda: show(4, "2026-03-25"),
        take_out(1),
        "04-18",
        [
            "03-18 season 1 premieres in 7 days",
            "03-22 season 1 moved from March 25 to April 1, 2026",
            "03-25 season 1 premieres in 7 days",
            "03-31 season 1 premieres tomorrow",
            "04-01 season 1 is out today",
            "04-08 season 1 episode 2 is out today",
            "04-15 The finale of season 1 is out today",
        ],
        {"04-15 The finale of season 1 is out today": "04-15 season 1 episode 3 is out today"},
    ),
    Story(
        "two seasons made one",
        lambda: two_seasons("2026-03-30"),
        join_seasons,
        "04-22",
        [
            "03-30 season 1 episode 5 is out today",
            "04-06 season 1 episode 6 is out today",
            "04-13 season 1 episode 7 is out today",
            "04-20 The finale of season 1 is out today",
        ],
        {"04-20 The finale of season 1 is out today": "04-20 season 1 episode 8 is out today"},
    ),
    Story(
        "a whole season made weekly",
        lambda: at_once(4, "2026-03-25"),
        one_a_week,
        "04-18",
        [
            "03-18 season 1 premieres in 7 days",
            "03-24 season 1 premieres tomorrow",
            "03-25 season 1 is out today",
            "04-01 season 1 episode 2 is out today",
            "04-08 season 1 episode 3 is out today",
            "04-15 The finale of season 1 is out today",
        ],
        {"04-15 The finale of season 1 is out today": "04-15 season 1 episode 4 is out today"},
    ),
    Story(
        "an episode put in on the day of another",
        lambda: show(6, "2026-03-11"),
        insert_and_put_off(3),
        "04-24",
        [
            "03-18 season 1 episode 2 is out today",
            "03-25 season 1 episode 3 is out today",
            "04-01 season 1 episode 4 is out today",
            "04-08 season 1 episode 5 is out today",
            "04-15 season 1 episode 6 is out today",
            "04-22 The finale of season 1 is out today",
        ],
        {"04-22 The finale of season 1 is out today": "04-22 season 1 episode 7 is out today"},
    ),
    Story(
        "a season of 20 split in two, on the same days",
        lambda: show(20, "2026-01-31"),
        split(10),
        "04-19",
        [
            "03-14 season 1 episode 7 is out today",
            "03-21 season 1 episode 8 is out today",
            "03-28 season 1 episode 9 is out today",
            "04-04 season 2 premieres in 7 days",
            "04-04 The finale of season 1 is out today",
            "04-10 season 2 premieres tomorrow",
            "04-11 season 2 is out today",
            "04-18 season 2 episode 2 is out today",
        ],
        {"04-04 The finale of season 1 is out today": "04-04 season 1 episode 10 is out today"},
    ),
    Story(
        "a season of 20 split in two, the second half 13 weeks later",
        lambda: show(20, "2026-01-31"),
        split(10, by=91),
        "07-19",
        [
            "03-14 season 1 episode 7 is out today",
            "03-21 season 1 episode 8 is out today",
            "03-21 season 2 moved from April 11 to July 11, 2026",
            "03-28 season 1 episode 9 is out today",
            "04-04 The finale of season 1 is out today",
            "07-04 season 2 premieres in 7 days",
            "07-10 season 2 premieres tomorrow",
            "07-11 season 2 is out today",
            "07-18 season 2 episode 2 is out today",
        ],
        {"04-04 The finale of season 1 is out today": "04-04 season 1 episode 10 is out today"},
    ),
    Story(
        "a season shortened, which says so",
        lambda: show(10, "2026-02-20"),
        shorten(8),
        "04-26",
        [
            "03-13 season 1 episode 4 is out today",
            "03-20 season 1 episode 5 is out today",
            "03-21 season 1 episode 9 no longer has a date: April 17 was withdrawn; no new date is known",
            "03-27 season 1 episode 6 is out today",
            "04-03 season 1 episode 7 is out today",
            "04-10 The finale of season 1 is out today",
        ],
        {
            "03-21 season 1 episode 9 no longer has a date: April 17 was withdrawn; no new date is known": "03-22 season 1 episode 9 no longer has a date: April 17 was withdrawn; no new date is known",
            "04-10 The finale of season 1 is out today": "04-10 season 1 episode 8 is out today",
        },
    ),
    Story(
        "a season shortened without a word",
        lambda: show(10, "2026-02-20", ordered=False),
        shorten(8, says_so=False),
        "04-26",
        [
            "03-13 season 1 episode 4 is out today",
            "03-20 season 1 episode 5 is out today",
            "03-22 season 1 episode 9 no longer has a date: April 17 was withdrawn; no new date is known",
            "03-27 season 1 episode 6 is out today",
            "04-03 season 1 episode 7 is out today",
            "04-10 season 1 episode 8 is out today",
        ],
    ),
    Story(
        "a season lengthened",
        lambda: show(6, "2026-02-27"),
        lengthen(2),
        "04-19",
        [
            "03-13 season 1 episode 3 is out today",
            "03-20 season 1 episode 4 is out today",
            "03-27 season 1 episode 5 is out today",
            "04-03 season 1 episode 6 is out today",
            "04-10 season 1 episode 7 is out today",
            "04-17 The finale of season 1 is out today",
        ],
        {"04-17 The finale of season 1 is out today": "04-17 season 1 episode 8 is out today"},
    ),
    Story(
        "an announced season cancelled",
        lambda: two_seasons("2026-03-30"),
        end_before_season_2,
        "04-22",
        [
            "03-22 season 2 no longer has a date: March 30 was withdrawn; no new date is known",
        ],
    ),
    Story(
        "an announced season taken out without a word",
        lambda: two_seasons("2026-03-30"),
        drop_season_2,
        "04-22",
        [
            "03-22 season 2 no longer has a date: March 30 was withdrawn; no new date is known",
        ],
    ),
    Story(
        "an announced season far ahead cancelled",
        lambda: two_seasons("2026-06-30"),
        end_before_season_2,
        "07-22",
        [
            "03-22 season 2 no longer has a date: June 30 was withdrawn; no new date is known",
        ],
    ),
    Story(
        "a season filed under another number",
        lambda: two_seasons("2026-03-30"),
        renumber_season_2,
        "04-22",
        [
            "03-23 season 3 premieres in 7 days",
            "03-29 season 3 premieres tomorrow",
            "03-30 season 3 is out today",
            "04-06 season 3 episode 2 is out today",
            "04-13 season 3 episode 3 is out today",
            "04-20 The finale of season 3 is out today",
        ],
        {"04-20 The finale of season 3 is out today": "04-20 season 3 episode 4 is out today"},
    ),
    Story(
        "everything pulled forward, the premiere to yesterday",
        lambda: show(6, "2026-03-25"),
        move_all(-6),
        "04-26",
        [
            "03-18 season 1 premieres in 7 days",
            "03-22 season 1 moved from March 25 to March 19, 2026",
            "03-26 season 1 episode 2 is out today",
            "04-02 season 1 episode 3 is out today",
            "04-09 season 1 episode 4 is out today",
            "04-16 season 1 episode 5 is out today",
            "04-23 The finale of season 1 is out today",
        ],
        {"04-23 The finale of season 1 is out today": "04-23 season 1 episode 6 is out today"},
    ),
    Story(
        "everything put off by a week",
        lambda: show(4, "2026-03-25"),
        move_all(7),
        "04-26",
        [
            "03-18 season 1 premieres in 7 days",
            "03-22 season 1 moved from March 25 to April 1, 2026",
            "03-25 season 1 premieres in 7 days",
            "03-31 season 1 premieres tomorrow",
            "04-01 season 1 is out today",
            "04-08 season 1 episode 2 is out today",
            "04-15 season 1 episode 3 is out today",
            "04-22 The finale of season 1 is out today",
        ],
        {"04-22 The finale of season 1 is out today": "04-22 season 1 episode 4 is out today"},
    ),
    Story(
        "an episode put in between",
        lambda: show(8, "2026-02-25"),
        insert(5, "2026-03-23"),
        "04-18",
        [
            "03-18 season 1 episode 4 is out today",
            "03-22 season 1 episode 5 now has a date: Monday, March 23, 2026, tomorrow",
            "03-23 season 1 episode 5 is out today",
            "03-25 season 1 episode 6 is out today",
            "04-01 season 1 episode 7 is out today",
            "04-08 season 1 episode 8 is out today",
            "04-15 The finale of season 1 is out today",
        ],
        {"04-15 The finale of season 1 is out today": "04-15 season 1 episode 9 is out today"},
    ),
    Story(
        "an episode 0 put in before the premiere",
        lambda: show(4, "2026-03-25"),
        insert(0, "2026-03-22"),
        "04-18",
        [
            "03-18 season 1 premieres in 7 days",
            "03-21 12:00 season 1 episode 0 now has a date: Sunday, March 22, 2026, tomorrow",
            "03-22 season 1 episode 0 is out today",
            "03-24 season 1 premieres tomorrow",
            "03-25 season 1 is out today",
            "04-01 season 1 episode 2 is out today",
            "04-08 season 1 episode 3 is out today",
            "04-15 The finale of season 1 is out today",
        ],
        {"04-15 The finale of season 1 is out today": "04-15 season 1 episode 4 is out today"},
    ),
    Story(
        "an episode taken out of the middle",
        lambda: show(6, "2026-03-18"),
        take_out(3),
        "04-26",
        [
            "03-17 season 1 premieres tomorrow",
            "03-18 season 1 is out today",
            "03-25 season 1 episode 2 is out today",
            "04-08 season 1 episode 3 is out today",
            "04-15 season 1 episode 4 is out today",
            "04-22 The finale of season 1 is out today",
        ],
        {"04-22 The finale of season 1 is out today": "04-22 season 1 episode 5 is out today"},
    ),
    Story(
        "an episode's date that cannot be read",
        lambda: show(4, "2026-03-18"),
        word(2, "2026-02-30", "garbage"),
        "04-12",
        [
            "03-17 season 1 premieres tomorrow",
            "03-18 season 1 is out today",
            "03-25 season 1 episode 2 is out today",
            "04-01 season 1 episode 3 is out today",
            "04-08 The finale of season 1 is out today",
        ],
        {"04-08 The finale of season 1 is out today": "04-08 season 1 episode 4 is out today"},
    ),
    Story(
        "an episode's date emptied",
        lambda: show(4, "2026-03-18"),
        word(2, ""),
        "04-12",
        [
            "03-17 season 1 premieres tomorrow",
            "03-18 season 1 is out today",
            "03-22 season 1 episode 2 no longer has a date: March 25 was withdrawn; no new date is known",
            "04-01 season 1 episode 3 is out today",
            "04-08 The finale of season 1 is out today",
        ],
        {"04-08 The finale of season 1 is out today": "04-08 season 1 episode 4 is out today"},
    ),
    Story(
        "two episodes that change places",
        lambda: show(6, "2026-03-18"),
        swap(3, 4),
        "04-26",
        [
            "03-17 season 1 premieres tomorrow",
            "03-18 season 1 is out today",
            "03-25 season 1 episode 2 is out today",
            "04-01 season 1 episode 3 is out today",
            "04-08 season 1 episode 4 is out today",
            "04-15 season 1 episode 5 is out today",
            "04-22 The finale of season 1 is out today",
        ],
        {"04-22 The finale of season 1 is out today": "04-22 season 1 episode 6 is out today"},
    ),
    Story(
        "every episode entered again",
        lambda: show(4, "2026-03-18"),
        enter_again,
        "04-12",
        [
            "03-17 season 1 premieres tomorrow",
            "03-18 season 1 is out today",
            "03-25 season 1 episode 2 is out today",
            "04-01 season 1 episode 3 is out today",
            "04-08 The finale of season 1 is out today",
        ],
        {"04-08 The finale of season 1 is out today": "04-08 season 1 episode 4 is out today"},
    ),
    Story(
        "the whole season on its first day",
        lambda: show(4, "2026-03-25"),
        all_at_once,
        "04-18",
        [
            "03-18 season 1 premieres in 7 days",
            "03-24 season 1 premieres tomorrow",
            "03-25 season 1 is out today",
        ],
    ),
    Story(
        "the answer in another order",
        lambda: show(4, "2026-03-18"),
        shuffle,
        "04-12",
        [
            "03-17 season 1 premieres tomorrow",
            "03-18 season 1 is out today",
            "03-25 season 1 episode 2 is out today",
            "04-01 season 1 episode 3 is out today",
            "04-08 The finale of season 1 is out today",
        ],
        {"04-08 The finale of season 1 is out today": "04-08 season 1 episode 4 is out today"},
    ),
    Story(
        "an episode stated a second time, two days later",
        lambda: show(4, "2026-03-18"),
        state_again(2, 2),
        "04-12",
        [
            "03-17 season 1 premieres tomorrow",
            "03-18 season 1 is out today",
            "03-25 season 1 episode 2 is out today",
            "04-01 season 1 episode 3 is out today",
            "04-08 The finale of season 1 is out today",
        ],
        {"04-08 The finale of season 1 is out today": "04-08 season 1 episode 4 is out today"},
    ),
]


@pytest.mark.parametrize("source", ["tvmaze", "tmdb"])
@pytest.mark.parametrize("story", STORIES, ids=[story.name for story in STORIES])
def test_each_kind_of_change_is_told_once_and_in_true_words(story: Story, source: str) -> None:
    found = lived(story.make, story.change, story.until, source=source)
    expected = [story.tmdb.get(line, line) if source == "tmdb" else line for line in story.lines]
    assert sorted(line.replace("Cours ", "") for line in found.lines) == sorted(expected)
    assert found.told == ()
    assert found.unexplained == ()


@pytest.mark.parametrize(
    ("make", "change", "until", "lines"),
    [
        (
            lambda: show(10, "2026-02-20"),
            shorten(8),
            "04-26",
            [
                "03-21 The finale of season 1 moved from April 24 to April 10, 2026",
                "04-03 The finale of season 1 comes out in 7 days",
                "04-09 The finale of season 1 comes out tomorrow",
                "04-10 The finale of season 1 is out today",
            ],
        ),
        (
            lambda: show(6, "2026-02-27"),
            lengthen(2),
            "04-19",
            [
                "03-21 The finale of season 1 moved from April 3 to April 17, 2026",
                "04-10 The finale of season 1 comes out in 7 days",
                "04-16 The finale of season 1 comes out tomorrow",
                "04-17 The finale of season 1 is out today",
            ],
        ),
    ],
)
def test_who_follows_the_finale_hears_of_the_finale_whatever_its_number(
    make: Callable[[], Show], change: Change, until: str, lines: list[str]
) -> None:
    found = lived(make, change, until, source="tvmaze", follow="finale")
    assert [line.replace("Cours ", "") for line in found.lines] == lines


def test_a_title_that_goes_from_its_source_to_a_date_by_hand_and_back_keeps_its_thread() -> None:
    sourced, by_hand = "watch: [Cours]\n", "watch: [{title: Cours, premiere: 2026-04-10}]\n"
    with Catalogues(shows={7: show(4, "2026-04-09")}) as there:
        world = SourcedWorld(sourced, "2026-03-12 12:00", there=there)
        world.live("2026-04-02 12:00").edit(by_hand).live("2026-04-04 12:00").edit(sourced).live("2026-04-10 12:00")
        lines = world.lines()
        world.close()
    assert lines == [
        "2026-04-02 09:00 Cours season 1 premieres in 7 days",
        "2026-04-03 09:00 Cours moved from April 9 to April 10, 2026",
        "2026-04-05 09:00 Cours season 1 moved from April 10 to April 9, 2026",
        "2026-04-08 09:00 Cours season 1 premieres tomorrow",
        "2026-04-09 09:00 Cours season 1 is out today",
    ]
