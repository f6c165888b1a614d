"""Asking the sources: what a silent one costs and changes, and what is asked about although no list names it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from reminder.daemon.build_sources import build_refresher
from reminder.store import followed
from reminder.store.asking_faults import asking_faults
from reminder.store.source_health import source_health
from reminder.store.sql.tables import title
from tests.support.catalogues import Catalogues, Mood
from tests.support.sourced import SourcedWorld
from tests.support.works import Episode, Film, Season, Show, event, weekly

WATCH = "watch: [Harbour Lights, Salt Road, Night Train]\n"


@pytest.fixture
def there() -> Iterator[Catalogues]:
    shows = {
        number: Show(
            id=number,
            name=name,
            imdb=f"tt{number}",
            seasons=[Season(number=1, order=3)],
            episodes=weekly(1, "2026-12-03", 3),
        )
        for number, name in enumerate(("Harbour Lights", "Salt Road", "Night Train"), 7)
    }
    with Catalogues(shows=shows) as made:
        yield made


def test_what_a_silent_source_could_not_match_is_looked_for_within_the_hour(there: Catalogues) -> None:
    there.mood = Mood.DOWN
    world = SourcedWorld(WATCH, "2026-10-01 12:00", there=there)
    report = world.refresh()
    assert set(report.silent) >= {"Harbour Lights", "Salt Road", "Night Train"}
    assert report.unclear == {}
    there.mood = Mood.WELL
    world.clock.advance(timedelta(hours=2))
    assert len(world.refresh().matched) == 3


def test_a_source_that_was_silent_from_the_beginning_is_told_to_the_operator(there: Catalogues) -> None:
    there.mood = Mood.DOWN
    world = SourcedWorld("watch: [Harbour Lights]\n", "2026-10-01 12:00", there=there)
    world.live("2026-10-03 12:00")
    with world.store.read() as tx:
        assert source_health(tx)["tvmaze"].is_failing
    assert [line for line in world.told if "tvmaze does not answer" in line] == world.told != []


def test_while_the_first_source_is_silent_no_other_takes_its_place(there: Catalogues) -> None:
    there.mood, there.moody = Mood.DOWN, "/tvmaze"
    world = SourcedWorld("watch: [Harbour Lights]\n", "2026-10-01 12:00", there=there, more="tmdb")
    assert world.refresh().matched == {}
    there.mood = Mood.WELL
    world.clock.advance(timedelta(hours=2))
    assert "tvmaze:7" in world.refresh().matched["Harbour Lights"]


def test_a_silent_second_source_is_not_waited_for_once_for_each_title(there: Catalogues) -> None:
    for number in range(20, 40):
        there.shows[number] = Show(id=number, name=f"Show {number}", imdb=f"tt{number}")
    there.mood, there.moody = Mood.DOWN, "/tmdb"
    watch = ", ".join(f"Show {number}" for number in range(20, 40))
    world = SourcedWorld(f"watch: [{watch}]\n", "2026-10-01 12:00", there=there, more="tmdb")
    assert len(world.refresh().asked) == 20
    assert len(there.asked("/tmdb")) == 3


def test_a_film_is_not_looked_for_among_series(there: Catalogues) -> None:
    there.films[3] = Film(id=3, name="Deep Water", imdb="tt3", dates=[("IN", 3, "2026-12-10", "")])
    watch = "watch: [{title: Deep Water, kind: film}]\n"
    world = SourcedWorld(watch, "2026-10-01 12:00", there=there, more="tmdb")
    assert world.refresh().asked == ["Deep Water"]
    assert there.asked("/tvmaze") == []


def test_each_title_is_asked_about_once_a_week_although_the_list_of_changes_does_not_name_it(there: Catalogues) -> None:
    world = SourcedWorld(WATCH, "2026-10-01 12:00", there=there)
    world.refresh()
    there.shows[7].episodes[0].on = "2026-12-04"  # and no one touches its number in the list
    for _ in range(5):
        world.clock.advance(timedelta(hours=27))
        assert world.refresh().unchanged == 3
    world.clock.advance(timedelta(hours=27))
    assert world.refresh().moved == ["Harbour Lights"]


def test_a_calendar_is_asked_for_once_in_a_pass_whatever_is_followed_of_it(there: Catalogues) -> None:
    there.feeds["sonarr"] = [
        line
        for number in range(10)
        for line in event(f"NzbDrone_episode_{number}", "20261101", f"Fog {number} - 1x01 - A")
    ]
    calendars = "calendars: [{url: '${SONARR_ICS}'}]\nwatch: []\n"
    world = SourcedWorld(calendars, "2026-10-01 12:00", there=there)
    assert len(world.refresh().asked) == 10
    assert len(there.asked("/feed/")) == 1
    assert len(world.refresh(everything=True).asked) == 10
    assert len(there.asked("/feed/")) == 2


def test_what_has_left_a_calendars_window_is_no_news(there: Catalogues) -> None:
    fog, salt = (
        event(f"NzbDrone_episode_{n}", "20261003", f"{name} - 1x01 - A") for n, name in enumerate(("Fog", "Salt"))
    )
    there.feeds["sonarr"] = [*fog, *salt]
    calendars = "calendars: [{url: '${SONARR_ICS}'}]\nwatch: []\n"
    world = SourcedWorld(calendars, "2026-10-01 12:00", there=there).live("2026-10-05 12:00")
    there.feeds["sonarr"] = salt
    world.live("2026-10-10 12:00")
    assert world.told == []
    assert world.refresh(everything=True).silent == {}


def test_a_calendar_that_is_silent_is_told_once_by_its_own_name(there: Catalogues) -> None:
    there.feeds["sonarr"] = event("NzbDrone_episode_1", "20261103", "Fog - 1x01 - A")
    calendars = "calendars: [{url: '${SONARR_ICS}', name: sonarr}]\nwatch: []\n"
    world = SourcedWorld(calendars, "2026-10-01 12:00", there=there).live("2026-10-02 12:00")
    there.mood = Mood.DOWN
    world.live("2026-10-05 12:00")
    assert [line.partition(":")[0] for line in world.told] == ["calendar sonarr does not answer"]
    with world.store.read() as tx:
        assert list(source_health(tx)) == ["calendar sonarr"]


# One title's failure


def break_release_of(world: SourcedWorld, name: str) -> None:
    """Have the database refuse every release of one title."""
    with world.store.write() as tx:
        of = tx.execute(select(title.c.id).where(title.c.name == name)).scalar_one()
        tx.execute(
            text(
                f"CREATE TRIGGER broken BEFORE UPDATE ON release WHEN NEW.title_id = {of} "
                "BEGIN SELECT RAISE(ABORT, 'it will not be written'); END"
            )
        )


def mend(world: SourcedWorld) -> None:
    with world.store.write() as tx:
        tx.execute(text("DROP TRIGGER broken"))


def faults(world: SourcedWorld) -> list[str]:
    with world.store.read() as tx:
        return [str(item) for item in asking_faults(tx).values()]


def test_what_the_database_refuses_of_one_title_stops_no_other_and_is_named_until_it_succeeds(
    there: Catalogues,
) -> None:
    world = SourcedWorld(WATCH, "2026-10-01 12:00", there=there)
    world.refresh()
    for show in there.shows.values():
        show.episodes = weekly(1, "2026-12-10", 3)
    break_release_of(world, "Salt Road")
    world.clock.advance(timedelta(hours=1))
    report = world.refresh(everything=True)
    assert sorted(report.moved) == ["Harbour Lights", "Night Train"]
    assert [fault.name for fault in report.failed.values()] == ["Salt Road"]
    (said,) = faults(world)
    assert said.startswith("Salt Road: asking for its dates failed: ")
    assert "it will not be written" in said
    world.clock.advance(timedelta(hours=2))
    assert [fault.name for fault in world.refresh().failed.values()] == ["Salt Road"]
    assert [line for line in world.told if line.startswith("Asking for dates failed")] == world.told
    assert len(world.told) == 1
    mend(world)
    world.clock.advance(timedelta(hours=2))
    assert world.refresh().moved == ["Salt Road"]
    assert faults(world) == []


class Exploding:
    """A source that breaks down over one entry, and over the list of what changed."""

    def __init__(self, real: Any, ref: str) -> None:
        self._real, self._ref = real, ref

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def fetch(self, ref: str, today: date) -> Any:
        if ref == self._ref:
            raise ZeroDivisionError("at http://key:secret@example.com")
        return self._real.fetch(ref, today)

    def changed(self, *_: object) -> Any:
        raise LookupError("no list")


def test_an_exception_in_a_source_is_the_titles_own_and_shows_no_address(there: Catalogues) -> None:
    world = SourcedWorld(WATCH, "2026-10-01 12:00", there=there)
    world.refresh()
    refresher = build_refresher(world.app, world.store, lambda *_: None)
    broken = {name: Exploding(source, "8") for name, source in refresher.there.sources.items()}
    refresher.there = replace(refresher.there, sources=broken)
    world.clock.advance(timedelta(days=2))
    report = refresher.refresh(world.clock.now())
    assert {fault.name: fault.why for fault in report.failed.values()} == {
        "tvmaze": "LookupError: no list",
        "Salt Road": "ZeroDivisionError",
    }
    assert sorted(report.asked) == ["Harbour Lights", "Night Train"]


def test_a_title_that_nobody_watches_any_more_is_no_fault(there: Catalogues) -> None:
    world = SourcedWorld(WATCH, "2026-10-01 12:00", there=there)
    world.refresh()
    for show in there.shows.values():
        show.episodes = weekly(1, "2026-12-10", 3)
    break_release_of(world, "Salt Road")
    world.refresh(everything=True)
    assert len(faults(world)) == 1
    world.edit("watch: [Harbour Lights, Night Train]\n")
    assert faults(world) == []


def test_a_title_whose_date_is_by_hand_now_is_no_fault_any_more(there: Catalogues) -> None:
    world = SourcedWorld(WATCH, "2026-10-01 12:00", there=there)
    world.refresh()
    for show in there.shows.values():
        show.episodes = weekly(1, "2026-12-10", 3)
    break_release_of(world, "Salt Road")
    world.refresh(everything=True)
    mend(world)
    world.edit("watch: [Harbour Lights, {title: Salt Road, premiere: 2026-12-01}, Night Train]\n")
    assert len(faults(world)) == 1
    world.refresh()
    assert faults(world) == []


def test_a_calendar_that_broke_down_and_is_taken_out_is_no_fault_any_more(there: Catalogues) -> None:
    there.feeds["sonarr"] = event("NzbDrone_episode_1", "20261101", "Fog - 1x01 - A")
    world = SourcedWorld("calendars: [{url: '${SONARR_ICS}'}]\nwatch: []\n", "2026-10-01 12:00", there=there)
    with world.store.write() as tx:
        tx.execute(
            text(
                "CREATE TRIGGER broken BEFORE INSERT ON title BEGIN SELECT RAISE(ABORT, 'it will not be written'); END"
            )
        )
    assert world.refresh().began == []
    assert ["calendar" in line for line in faults(world)] == [True]
    mend(world)
    world.edit("watch: []\n")
    world.refresh()
    assert faults(world) == []


@pytest.mark.parametrize("number", [0, 1, 2])
def test_an_episode_stated_twice_gives_one_date_and_the_others_are_dated_too(there: Catalogues, number: int) -> None:
    salt = there.shows[8]
    salt.episodes = [Episode(season=1, number=number, on="2026-12-04"), *salt.episodes]
    world = SourcedWorld(WATCH, "2026-10-01 12:00", there=there)
    assert world.refresh().failed == {}
    for _ in range(3):
        salt.episodes.reverse()
        world.clock.advance(timedelta(days=2))
        report = world.refresh(everything=True)
        assert (report.failed, report.moved) == ({}, [])


def test_a_daily_soap_of_sixteen_thousand_episodes_is_followed(there: Catalogues) -> None:
    many = weekly(1, "2026-12-03", 16_000)
    first = date(2026, 12, 3) - timedelta(days=15_998)
    for place, episode in enumerate(many):
        episode.on = (first + timedelta(days=place)).isoformat()
    there.shows[7].episodes = many
    world = SourcedWorld("watch: [Harbour Lights]\n", "2026-12-01 12:00", there=there)
    assert world.refresh().silent == {}
    with world.store.read() as tx:
        (known,) = followed.known_sources(tx).values()
    assert [release.first for release in known.releases][-2:] == [15_999, 16_000]
