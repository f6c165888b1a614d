from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given

from reminder.core.dates.when import UNKNOWN, When, WhenError
from reminder.core.model.drop import Drop, ListedDrop, Pace
from reminder.core.schedule.season import SeasonError, dump_drop, parse_drop, parse_episodes
from tests.support.whens import drops

JULY_9 = When.day(date(2025, 7, 9))


@pytest.mark.parametrize(
    ("text", "drop"),
    [
        ("all", Drop(pace=Pace.ALL)),
        ("Weekly", Drop(pace=Pace.WEEKLY)),
        ("daily", Drop(pace=Pace.DAILY)),
        ("2 then weekly", Drop(pace=Pace.WEEKLY, first=2)),
        (" 3  then daily ", Drop(pace=Pace.DAILY, first=3)),
        ("1 then weekly", Drop(pace=Pace.WEEKLY)),
    ],
)
def test_a_drop_is_read(text: str, drop: Drop) -> None:
    assert parse_drop(text) == drop


def test_a_list_of_drops_is_read() -> None:
    drop = parse_drop(
        [{"episodes": "4", "premiere": "July 9, 2025"}, {"episodes": 3, "premiere": None}, {"episodes": 1}]
    )
    assert drop == Drop(
        pace=Pace.LISTED,
        listed=(
            ListedDrop(episodes=4, premiere=JULY_9),
            ListedDrop(episodes=3, premiere=UNKNOWN),
            ListedDrop(episodes=1, premiere=UNKNOWN),
        ),
    )


SHAPES = "write all, weekly, daily, 2 then weekly, or a list of {episodes: N, premiere: WHEN}"


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("monthly", f'"monthly" is not a way to drop a season: {SHAPES}'),
        ("two then weekly", '"two then weekly" is not a way to drop a season: write 2 then weekly'),
        ("2 then all", f'"2 then all" is not a way to drop a season: {SHAPES}'),
        ("0 then weekly", '"0" is not a number of episodes: write one from 1 to 5000'),
        ([], f"the list of drops is empty: {SHAPES}"),
        (
            [{"premiere": "2025-07-09"}],
            "a drop in a list needs its number of episodes: write {episodes: N, premiere: WHEN}",
        ),
        ([{"episodes": 1, "on": "x"}], 'a drop in a list does not know "on": write {episodes: N, premiere: WHEN}'),
        ([{"episodes": "many"}], '"many" is not a number of episodes: write one from 1 to 5000'),
    ],
)
def test_a_drop_that_cannot_be_read_is_refused_with_the_way_to_write_it(written: Any, problem: str) -> None:
    with pytest.raises(SeasonError) as caught:
        parse_drop(written)
    assert str(caught.value) == problem


def test_a_date_in_a_list_of_drops_is_refused_like_any_other() -> None:
    with pytest.raises(
        WhenError, match=r'^"09/07/2025" is ambiguous: write 2025-07-09 \(July 9\) or 2025-09-07 \(September 7\)$'
    ):
        parse_drop([{"episodes": 1, "premiere": "09/07/2025"}])


@pytest.mark.parametrize("written", ["0", "-1", "5001", "99999999999", "1.5", "", "ten", "\u0661"])
def test_a_number_of_episodes_is_a_number_of_episodes(written: str) -> None:
    with pytest.raises(SeasonError, match="is not a number of episodes: write one from 1 to 5000"):
        parse_episodes(written)


@given(drops)
def test_a_stored_drop_loads_as_itself(drop: Drop) -> None:
    assert parse_drop(json.loads(json.dumps(dump_drop(drop)))) == drop
