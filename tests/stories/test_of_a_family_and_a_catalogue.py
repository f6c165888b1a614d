"""Stories of a household whose dates come from a catalogue: what changes there, and every message that arrives."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from tests.support.catalogues import Catalogues
from tests.support.sourced import SourcedWorld
from tests.support.works import Season, Show, weekly

HOME = "timezone: Europe/Berlin\nchannels: {mail: json://127.0.0.1:9/u}\n"
WHOLE = "Harbour Lights season 1"
BEGINNING = [
    f"2026-06-26 09:00 {WHOLE} premieres in 7 days",
    f"2026-07-02 09:00 {WHOLE} premieres tomorrow",
    f"2026-07-03 09:00 {WHOLE} is out today",
]


@pytest.fixture
def there() -> Iterator[Catalogues]:
    with Catalogues() as made:
        made.shows[1] = Show(
            id=1,
            name="Harbour Lights",
            streams=True,
            country=None,
            seasons=[Season(number=1, premiere="2026-07-03", end="2026-08-07", order=6)],
            episodes=weekly(1, "2026-07-03", 6),
        )
        yield made


@pytest.fixture
def home(there: Catalogues) -> SourcedWorld:
    """Return a household that has followed a show of six weekly episodes since June 20."""
    return SourcedWorld("watch: [Harbour Lights]", "2026-06-20 12:00", zone="Europe/Berlin", base=HOME, there=there)


def put_off(there: Catalogues, first: int, weeks: int) -> None:
    """Let the episodes from this one on come so many weeks later."""
    for item in there.shows[1].episodes[first - 1 :]:
        item.on = str(date.fromisoformat(item.on) + timedelta(weeks=weeks))


def out(*days: str) -> list[str]:
    """Return the messages of the episodes from the second on, which are out these days of July and August."""
    names = [*(f"{WHOLE} episode {number}" for number in (2, 3, 4, 5)), f"The finale of {WHOLE}"]
    return [f"2026-{day} 09:00 {name} is out today" for day, name in zip(days, names, strict=True)]


def test_an_episode_put_off_is_told_once_and_again_on_its_day(there: Catalogues, home: SourcedWorld) -> None:
    home.live("2026-07-08 12:00")
    put_off(there, 2, 1)
    assert home.live("2026-08-20 12:00").lines() == [
        *BEGINNING,
        f"2026-07-09 00:00 {WHOLE} episode 2 moved from July 10 to July 17, 2026",
        *out("07-17", "07-24", "07-31", "08-07", "08-14"),
    ]


def test_a_break_of_three_weeks_is_one_notice(there: Catalogues, home: SourcedWorld) -> None:
    home.live("2026-07-11 12:00")
    put_off(there, 3, 3)
    assert home.live("2026-09-10 12:00").lines() == [
        *BEGINNING,
        *out("07-10", "08-07", "08-14", "08-21", "08-28")[:1],
        f"2026-07-12 09:00 {WHOLE} episode 3 moved from July 17 to August 7, 2026",
        *out("07-10", "08-07", "08-14", "08-21", "08-28")[1:],
    ]


def test_a_show_that_its_catalogue_renames_is_told_under_the_name_that_was_written(
    there: Catalogues, home: SourcedWorld
) -> None:
    home.live("2026-07-04 12:00")
    there.shows[1].name = "Harbor Lights (2026)"
    assert home.live("2026-08-20 12:00").lines() == [*BEGINNING, *out("07-10", "07-17", "07-24", "07-31", "08-07")]


def test_from_the_catalogue_to_a_date_by_hand_and_back_is_a_move_each_time(
    there: Catalogues, home: SourcedWorld
) -> None:
    home.live("2026-06-27 12:00").edit("watch: [{title: Harbour Lights, premiere: 2026-07-04}]")
    home.live("2026-06-29 12:00").edit("watch: [Harbour Lights]")
    told = [line for line in home.live("2026-07-02 12:00").lines() if "premieres" not in line]
    assert told == [
        "2026-06-28 09:00 Harbour Lights moved from July 3 to July 4, 2026",
        f"2026-06-30 09:00 {WHOLE} moved from July 4 to July 3, 2026",
    ]
