from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminder.core.dates.parse import parse_when
from reminder.core.dates.when import CANCELLED, When
from reminder.core.model.entities import Follow, Role, Title, TitleKind
from reminder.core.schedule.season import (
    SeasonError,
    dump_drop,
    ladder_role,
    parse_drop,
    parse_episodes,
    season_problems,
    season_warnings,
    unfold,
)
from tests.support.whens import drops, whens

JULY_9 = When.day(date(2025, 7, 9))
Row = tuple[str, int, int | None, str]


def title(premiere: str | None = "2025-07-09", *, drop: Any = None, **fields: Any) -> Title:
    shape = None if drop is None else parse_drop(drop)
    return Title(key="ballard", name="Ballard", premiere=parse_when(premiere), drop=shape, **fields)


def rows(of: Title) -> list[Row]:
    return [(release.label, release.first, release.last, release.when.show()) for release in unfold(of)]


titles = st.builds(
    Title,
    key=st.just("ballard"),
    name=st.just("Ballard"),
    season=st.none() | st.integers(1, 30),
    premiere=whens,
    cancelled=st.booleans(),
    episodes=st.none() | st.integers(1, 30),
    drop=st.none() | drops,
    follow=st.sampled_from(Follow),
)


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        (title(), [("premiere", 1, None, "2025-07-09")]),
        (title(None), [("premiere", 1, None, "TBA")]),
        (title(season=2), [("season 2 premiere", 1, None, "2025-07-09")]),
        (title(episodes=10), [("premiere", 1, 10, "2025-07-09")]),
        (title(episodes=10, drop="all"), [("premiere", 1, 10, "2025-07-09")]),
        (title(episodes=10, season=2), [("season 2 premiere", 1, 10, "2025-07-09")]),
        (
            title(episodes=4, drop="weekly"),
            [
                ("premiere", 1, 1, "2025-07-09"),
                ("episode 2", 2, 2, "2025-07-16"),
                ("episode 3", 3, 3, "2025-07-23"),
                ("finale", 4, 4, "2025-07-30"),
            ],
        ),
        (
            title(episodes=3, drop="daily", season=2),
            [
                ("season 2 premiere", 1, 1, "2025-07-09"),
                ("episode 2", 2, 2, "2025-07-10"),
                ("finale", 3, 3, "2025-07-11"),
            ],
        ),
        (
            title(episodes=4, drop="2 then weekly"),
            [("premiere", 1, 2, "2025-07-09"), ("episode 3", 3, 3, "2025-07-16"), ("finale", 4, 4, "2025-07-23")],
        ),
        (title(episodes=2, drop="2 then weekly"), [("premiere", 1, 2, "2025-07-09")]),
        (title(episodes=1, drop="weekly"), [("premiere", 1, 1, "2025-07-09")]),
        (title(drop="weekly"), [("premiere", 1, None, "2025-07-09")]),
        # steps over a clock change keep the hour in the zone that was written; offsets know of none
        (
            title("2025-10-29 21:00 America/New_York", episodes=2, drop="weekly"),
            [
                ("premiere", 1, 1, "2025-10-29 21:00 America/New_York"),
                ("finale", 2, 2, "2025-11-05 21:00 America/New_York"),
            ],
        ),
        (
            title("2025-10-29T21:00-04:00", episodes=2, drop="weekly"),
            [("premiere", 1, 1, "2025-10-29T21:00-04:00"), ("finale", 2, 2, "2025-11-05T21:00-04:00")],
        ),
        # what is coarse does not become exact by stepping
        (
            title("summer 2025", episodes=3, drop="weekly"),
            [("premiere", 1, 1, "summer 2025"), ("episode 2", 2, 2, "TBA"), ("finale", 3, 3, "TBA")],
        ),
        (
            title(None, episodes=2, drop="daily"),
            [("premiere", 1, 1, "TBA"), ("finale", 2, 2, "TBA")],
        ),
        # listed drops
        (
            title(
                None,
                drop=[
                    {"episodes": 2, "premiere": "2025-07-09"},
                    {"episodes": 1, "premiere": "2025-07-16"},
                    {"episodes": 3, "premiere": "August 2025"},
                    {"episodes": 4, "premiere": "TBA"},
                ],
            ),
            [
                ("premiere", 1, 2, "2025-07-09"),
                ("episode 3", 3, 3, "2025-07-16"),
                ("episodes 4-6", 4, 6, "2025-08"),
                ("finale", 7, 10, "TBA"),
            ],
        ),
        (title(drop=[{"episodes": 5}, {"episodes": 5}]), [("premiere", 1, 5, "2025-07-09"), ("finale", 6, 10, "TBA")]),
        (title(drop=[{"episodes": 5}]), [("premiere", 1, 5, "2025-07-09")]),
    ],
)
def test_a_title_unfolds_into_a_release_for_each_drop(of: Title, expected: list[Row]) -> None:
    assert rows(of) == expected


@pytest.mark.parametrize(
    ("follow", "shape", "labels", "roles", "ladder_roles"),
    [
        ("episodes", "weekly", ["premiere", "episode 2", "finale"], ["premiere", "episode", "finale"], None),
        ("premiere", "weekly", ["premiere"], ["premiere"], None),
        ("finale", "weekly", ["finale"], ["finale"], ["premiere"]),
        ("finale", "all", ["premiere"], ["premiere"], ["premiere"]),
        ("premiere", "all", ["premiere"], ["premiere"], None),
        ("finale", "3 then weekly", ["premiere"], ["premiere"], ["premiere"]),
    ],
)
def test_a_follower_hears_of_what_they_follow_and_of_the_finale_with_the_premieres_ladder(
    follow: str, shape: str, labels: list[str], roles: list[str], ladder_roles: list[str] | None
) -> None:
    of = title(episodes=3, drop=shape, follow=Follow(follow))
    releases = unfold(of)
    assert [release.label for release in releases] == labels
    assert [release.role for release in releases] == roles
    assert [ladder_role(of, release) for release in releases] == (ladder_roles or roles)


def test_a_season_on_one_day_knows_how_many_episodes_it_has() -> None:
    (release,) = unfold(title(episodes=10))
    assert (release.first, release.last, release.total, release.role) == (1, 10, 10, Role.PREMIERE)
    assert {release.total for release in unfold(title(episodes=10, drop="weekly"))} == {10}


def test_a_cancelled_title_has_only_cancelled_releases() -> None:
    of = title(episodes=3, drop="weekly", cancelled=True)
    assert [(release.ref, release.when) for release in unfold(of)] == [((None, n), CANCELLED) for n in (1, 2, 3)]


@pytest.mark.parametrize(
    ("of", "problems"),
    [
        (title(), ()),
        (title(episodes=10, drop="weekly"), ()),
        (title(drop="all"), ()),
        (title(drop="weekly"), ("drop: weekly needs the number of episodes: add episodes: N",)),
        (title(drop="2 then daily"), ("drop: 2 then daily needs the number of episodes: add episodes: N",)),
        (title(episodes=2, drop="2 then weekly"), ()),
        (
            title(episodes=2, drop="3 then weekly"),
            ("drop: 3 then weekly starts with more than episodes: 2: write drop: all",),
        ),
        (title(None, episodes=3, drop=[{"episodes": 1, "premiere": "2025"}, {"episodes": 2}]), ()),
        (
            title(None, episodes=10, drop=[{"episodes": 5}, {"episodes": 2}]),
            (
                "the drops add up to 7 episodes, but episodes says 10: correct one of them "
                "(a drop without a date yet is {episodes: N, premiere: TBA})",
            ),
        ),
        (
            title(None, drop=[{"episodes": 5000}, {"episodes": 1}]),
            ("the drops add up to 5001 episodes: at most 5000",),
        ),
        (
            title("2025-07-09", drop=[{"episodes": 1, "premiere": "2025-07-10"}]),
            ("the first drop's date 2025-07-10 contradicts premiere: 2025-07-09: write it once",),
        ),
        (title("2025-07-09T07:00Z", drop=[{"episodes": 1, "premiere": "2025-07-09T00:00-07:00"}]), ()),
        (
            title(
                None,
                drop=[
                    {"episodes": 1, "premiere": "2025-07-16"},
                    {"episodes": 1},
                    {"episodes": 1, "premiere": "July 9, 2025"},
                ],
            ),
            ("a drop on 2025-07-09 stands after one on 2025-07-16: list them in the order in which they come out",),
        ),
        (
            title(
                None,
                drop=[
                    {"episodes": 1, "premiere": "2025-07-09 21:00 America/New_York"},
                    {"episodes": 1, "premiere": "2025-07-09"},
                    {"episodes": 1, "premiere": "2025"},
                ],
            ),
            (),
        ),
    ],
)
def test_a_season_that_contradicts_itself_says_how_to_write_it(of: Title, problems: tuple[str, ...]) -> None:
    assert season_problems(of) == problems


@pytest.mark.parametrize(
    ("of", "count"),
    [
        (title(follow=Follow.FINALE), 1),
        (title(follow=Follow.FINALE, episodes=10), 0),
        (title(follow=Follow.FINALE, kind=TitleKind.FILM), 0),
        (title(follow=Follow.FINALE, drop=[{"episodes": 1}]), 0),
        (title(), 0),
    ],
)
def test_following_a_finale_that_is_not_known_is_worth_a_warning(of: Title, count: int) -> None:
    assert len(season_warnings(of)) == count


@given(titles)
def test_the_releases_of_a_title_are_distinct_in_order_and_complete(of: Title) -> None:
    releases = unfold(of)
    assert releases
    assert len({release.ref for release in releases}) == len(releases)
    assert len({release.label for release in releases}) == len(releases)
    if of.follow is Follow.EPISODES:
        assert releases[0].first == 1
        assert releases[-1].last == releases[-1].total
        assert all(one.last is not None and one.last + 1 == two.first for one, two in pairwise(releases))


@given(titles)
def test_what_one_follower_hears_of_is_part_of_what_the_other_hears_of(of: Title) -> None:
    fields = {name: getattr(of, name) for name in of.__dataclass_fields__ if name != "follow"}
    every = unfold(Title(**fields, follow=Follow.EPISODES))
    assert unfold(Title(**fields, follow=Follow.PREMIERE)) == every[:1]
    assert unfold(Title(**fields, follow=Follow.FINALE)) == every[-1:]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("all at once", "all"),
        ("binge", "all"),
        ("every Friday", "weekly"),
        ("Fridays", "weekly"),
        ("once a week", "weekly"),
        ("every day", "daily"),
        ("two then weekly", "2 then weekly"),
        ("3 episodes, then weekly", "3 then weekly"),
    ],
)
def test_a_drop_in_other_words_is_answered_with_ours(written: str, meant: str) -> None:
    with pytest.raises(SeasonError, match=f"write {meant}$"):
        parse_drop(written)
    assert dump_drop(parse_drop(meant)) == meant


@pytest.mark.parametrize("written", ["10 episodes", "10x", "10 eps"])
def test_a_number_of_episodes_stands_alone(written: str) -> None:
    with pytest.raises(SeasonError, match=r"write 10$"):
        parse_episodes(written)
