"""Entries that a source does not know any more: looked up by their numbers elsewhere, and told as what they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from reminder.store.followed import known_sources
from reminder.store.source_health import source_health
from tests.support.catalogues import Catalogues, Mood
from tests.support.sourced import SourcedWorld
from tests.support.works import Episode, Season, Show, weekly

START = "2026-10-01 12:00"


def made(number: int, name: str, first: str = "2026-10-20") -> Show:
    return Show(
        id=number,
        name=name,
        streams=True,
        country=None,
        imdb=f"tt{name}",
        premiered="2026-10-20",
        seasons=[Season(number=1, order=3)],
        episodes=weekly(1, first, 3),
    )


@pytest.fixture
def there() -> Iterator[Catalogues]:
    with Catalogues(shows={7: made(7, "Fog")}) as catalogues:
        yield catalogues


def merge(there: Catalogues, old: int, new: int, first: str, *, redirects: bool) -> None:
    """Let an entry become another one, with other dates; its old number leads there, or to nothing."""
    name = there.shows[old].name
    there.shows[new] = made(new, name, first)
    if redirects:
        there.redirects[old] = new
    del there.shows[old]


def entry(world: SourcedWorld, key: str = "fog") -> str:
    with world.store.read() as tx:
        return known_sources(tx, [key])[key].pin.id


@pytest.mark.parametrize("redirects", [True, False])
def test_an_entry_that_became_another_is_followed_there(there: Catalogues, redirects: bool) -> None:
    world = SourcedWorld("watch: [Fog]\n", START, there=there).live("2026-10-05 12:00")
    merge(there, 7, 900, "2026-10-27", redirects=redirects)
    world.live("2026-10-28 12:00")
    assert [line for line in world.lines() if "another entry" not in line] == [
        "2026-10-07 09:00 Fog season 1 moved from October 20 to October 27, 2026",
        "2026-10-20 09:00 Fog season 1 premieres in 7 days",
        "2026-10-26 09:00 Fog season 1 premieres tomorrow",
        "2026-10-27 09:00 Fog season 1 is out today",
    ]
    (told,) = world.told
    assert told.startswith("Fog has another entry at its source: ")
    assert "It is tvmaze:900 there now" in told
    assert entry(world) == "tvmaze:900"
    with world.store.read() as tx:
        assert not source_health(tx)["tvmaze"].is_failing


@pytest.mark.parametrize("redirects", [True, False])
def test_what_the_config_pins_stays_pinned_and_the_advice_says_what_to_write(
    there: Catalogues, redirects: bool
) -> None:
    world = SourcedWorld("watch: [{title: Fog, source: 'tvmaze:7'}]\n", START, there=there).live("2026-10-05 12:00")
    merge(there, 7, 900, "2026-10-27", redirects=redirects)
    world.live("2026-10-28 12:00")
    assert "2026-10-07 09:00 Fog season 1 moved from October 20 to October 27, 2026" in world.lines()
    assert "2026-10-27 09:00 Fog season 1 is out today" in world.lines()
    (told,) = world.told
    assert "Write source: tvmaze:900 for this title to keep it." in told
    assert entry(world) == "tvmaze:7"
    with world.store.read() as tx:
        assert known_sources(tx, ["fog"])["fog"].stands_in == "tvmaze:900"


def test_a_number_that_leads_to_another_work_is_not_followed(there: Catalogues) -> None:
    world = SourcedWorld("watch: [Fog]\n", START, there=there).live("2026-10-05 12:00")
    there.shows[900] = made(900, "Another Show")
    there.redirects[7] = 900
    del there.shows[7]
    world.live("2026-10-09 12:00")
    assert entry(world) == "tvmaze:7"
    (told,) = world.told
    assert told.startswith("Fog is missing at its source: ")
    with world.store.read() as tx:
        assert not source_health(tx)["tvmaze"].is_failing


def test_a_second_source_takes_over_from_an_entry_that_is_gone_and_gives_back(there: Catalogues) -> None:
    watch = "watch: [{title: Fog, source: 'tvmaze:7'}]\n"
    world = SourcedWorld(watch, START, there=there, more="tmdb").live("2026-10-05 12:00")
    there.hidden.add("/tvmaze")
    for item, on in zip(there.shows[7].episodes, ("2026-10-27", "2026-11-03", "2026-11-10"), strict=True):
        item.on = on
    world.live("2026-10-15 12:00")
    assert [line for line in world.lines() if "missing" not in line] == [
        "2026-10-07 09:00 Fog season 1 moved from October 20 to October 27, 2026",
    ]
    (told,) = world.told
    assert told.startswith("Fog is missing at its source: tvmaze:7: it does not know this entry.")
    assert "Write source: tmdb:tv/7 for this title to keep it." in told
    there.hidden.clear()
    there.touch(7, world.clock.now())
    world.live("2026-10-28 12:00")
    assert [line for line in world.lines() if "missing" not in line][1:] == [
        "2026-10-20 09:00 Fog season 1 premieres in 7 days",
        "2026-10-26 09:00 Fog season 1 premieres tomorrow",
        "2026-10-27 09:00 Fog season 1 is out today",
    ]
    with world.store.read() as tx:
        assert known_sources(tx, ["fog"])["fog"].stands_in is None


@pytest.mark.parametrize("days", [1, 4])
def test_many_entries_gone_are_one_message_about_the_source(there: Catalogues, days: int) -> None:
    for number in range(20, 26):
        there.shows[number] = made(number, f"Show {number}")
    watch = ", ".join(show.name for show in there.shows.values())
    world = SourcedWorld(f"watch: [{watch}]\n", START, there=there).live("2026-10-05 12:00")
    there.mood = Mood.GONE
    world.clock.advance(timedelta(minutes=7))
    world.live(f"2026-10-{5 + days:02} 14:00")
    there.mood = Mood.WELL
    world.live("2026-10-19 12:00")
    (told,) = world.told
    assert told.startswith("tvmaze has lost 7 entries: it does not know this entry: ")
    assert len([line for line in world.lines() if "premieres in 7 days" in line]) == 7


def test_a_show_that_has_ended_and_lost_its_only_season_is_no_empty_answer(there: Catalogues) -> None:
    world = SourcedWorld("watch: [Fog]\n", START, there=there).live("2026-10-05 12:00")
    there.shows[7] = replace(there.shows[7], status="Ended", seasons=[], episodes=[])
    there.touch(7, world.clock.now())
    world.live("2026-10-28 12:00")
    assert world.lines() == [
        "2026-10-07 09:00 Fog season 1 no longer has a date: October 20 was withdrawn; no new date is known"
    ]


def test_a_date_that_goes_to_and_fro_is_told_to_the_operator_and_to_readers_once_it_stands(there: Catalogues) -> None:
    world = SourcedWorld("watch: [Fog]\n", START, there=there).live("2026-10-05 12:00")
    fog = there.shows[7]
    for day in range(6, 13):
        fog.episodes[0].on = "2026-10-23" if day % 2 else "2026-10-20"
        there.touch(7, world.clock.now())
        world.clock.advance(timedelta(hours=6))
        world.refresh(everything=True)
        world.settle()
        world.live(f"2026-10-{day:02} 12:00")
    restless = [line for line in world.told if line.startswith("A date of Fog goes to and fro")]
    assert len(restless) == 1
    fog.episodes[0].on = "2026-10-24"
    there.touch(7, world.clock.now())
    world.live("2026-10-16 12:00")
    assert [line for line in world.lines() if "moved" in line] == [
        "2026-10-07 09:00 Fog season 1 moved from October 20 to October 23, 2026",
        "2026-10-08 09:00 Fog season 1 moved from October 23 to October 20, 2026",
        "2026-10-09 09:00 Fog season 1 moved from October 20 to October 23, 2026",
        "2026-10-16 09:00 Fog season 1 moved from October 20 to October 24, 2026",
    ]


def test_another_release_s_notice_does_not_swallow_a_date_that_goes_to_and_fro(there: Catalogues) -> None:
    fog = there.shows[7] = made(7, "Fog", "2026-11-25")
    world = SourcedWorld("watch: [Fog]\n", START, there=there).live("2026-10-05 12:00")
    for day in range(6, 13):
        fog.episodes[0].on = "2026-11-28" if day % 2 else "2026-11-25"
        there.touch(7, world.clock.now())
        world.clock.advance(timedelta(hours=6))
        world.refresh(everything=True)
        world.settle()
        world.live(f"2026-10-{day:02} 12:00")
    before = len(world.lines())
    fog.episodes[2].on = "2026-12-11"
    there.touch(7, world.clock.now())
    told = world.live("2026-11-10 12:00").lines()[before:]
    assert told == [
        "2026-10-13 09:00 The finale of Fog season 1 moved from December 9 to December 11, 2026",
        "2026-10-14 09:00 Fog season 1 moved from November 28 to November 25, 2026",
    ]


WITHOUT_A_PAGE = {
    "a next episode": (
        Episode(season=1, number=2, on="2026-10-27"),
        "2026-10-27 09:00 Fog season 1 episode 2 is out today",
    ),
    "a premiere": (Episode(season=2, number=1, on="2026-11-05"), "2026-11-05 09:00 Fog season 2 is out today"),
}


@pytest.mark.parametrize(("coming", "told"), WITHOUT_A_PAGE.values(), ids=list(WITHOUT_A_PAGE))
def test_the_next_episode_counts_where_its_season_has_no_page_of_its_own(
    there: Catalogues, coming: Episode, told: str
) -> None:
    there.hidden |= {"/tvmaze", "/tmdb/3/tv/7/season"}
    there.shows[7] = replace(made(7, "Fog", "2026-10-20"), coming=coming)
    watch = "remind: [day]\nwatch: [{title: Fog, source: 'tmdb:tv/7'}]\n"
    world = SourcedWorld(watch, START, there=there, more="tmdb").live("2026-11-08 12:00")
    assert told in world.lines()


def test_a_next_episode_that_cannot_be_read_or_is_in_its_season_changes_nothing(there: Catalogues) -> None:
    there.hidden.add("/tvmaze")
    watch = "remind: [day]\nwatch: [{title: Fog, source: 'tmdb:tv/7'}]\n"
    told = []
    for coming in (None, Episode(season=1, number=2, on="2026-10-26"), Episode(season=1, number=2, on="soon")):
        there.shows[7] = replace(made(7, "Fog", "2026-10-20"), coming=coming)
        told.append(SourcedWorld(watch, START, there=there, more="tmdb").live("2026-11-08 12:00").lines())
    assert told[0] == told[1] == told[2]


SHIFTED = {
    "by an hour at night": ("01:00", "02:00"),
    "by three hours": ("02:00", "05:00"),
    "over midnight": ("00:30", "23:30"),
}


@pytest.mark.parametrize(("before", "after"), SHIFTED.values(), ids=list(SHIFTED))
def test_an_episode_of_which_nothing_was_told_shifts_its_hour_without_a_notice(
    there: Catalogues, before: str, after: str
) -> None:
    there.shows[7] = show = replace(made(7, "Fog"), streams=False, country=("US", "America/New_York"))
    show.episodes[:] = weekly(1, "2026-10-20", 3, hour=before)
    world = SourcedWorld("remind: [day]\nwatch: [Fog]\n", START, there=there).live("2026-10-22 12:00")
    for item in show.episodes[1:]:
        item.hour, item.on = after, item.on if after > before and after < "12" else _day_before(item.on)
    there.touch(7, world.clock.now())
    world.live("2026-11-08 12:00")
    assert [line for line in world.lines() if "moved" in line] == []
    assert len([line for line in world.lines() if "Fog season 1 episode 2" in line]) == 1


def test_a_show_that_goes_from_its_channel_to_a_streamer_on_the_same_days_is_no_news(there: Catalogues) -> None:
    there.shows[7] = show = replace(made(7, "Fog"), streams=False, country=("US", "America/New_York"))
    show.episodes[:] = weekly(1, "2026-10-20", 3, hour="21:00")
    world = SourcedWorld("remind: [day]\nwatch: [Fog]\n", START, there=there).live("2026-10-22 12:00")
    there.shows[7] = moved = replace(show, streams=True, country=None)
    for item in moved.episodes:
        item.hour = ""
    there.touch(7, world.clock.now())
    assert [line for line in world.live("2026-11-08 12:00").lines() if "moved" in line] == []


def test_the_hour_of_a_premiere_and_another_day_of_an_episode_are_news_as_before(there: Catalogues) -> None:
    there.shows[7] = show = replace(made(7, "Fog"), streams=False, country=("US", "America/New_York"))
    show.episodes[:] = weekly(1, "2026-10-20", 3, hour="20:00")
    world = SourcedWorld("remind: [day]\nwatch: [Fog]\n", START, there=there).live("2026-10-05 12:00")
    show.episodes[0].hour = "21:00"
    there.touch(7, world.clock.now())
    world.live("2026-10-10 12:00")
    show.episodes[1].on = "2026-10-28"
    there.touch(7, world.clock.now())
    told = [line for line in world.live("2026-10-20 12:00").lines() if "moved" in line]
    assert [line.split("moved")[0][17:] for line in told] == ["Fog season 1 ", "Fog season 1 episode 2 "]


def _day_before(on: str) -> str:
    return str(date.fromisoformat(on) - timedelta(days=1))
