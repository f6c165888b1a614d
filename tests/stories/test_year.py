"""A year of a show lived through in simulated time, its dates from a catalogue: each person hears what SPEC promises."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.support.catalogues import Catalogues, Mood
from tests.support.sourced import SourcedWorld
from tests.support.works import Episode, Film, Season, Show, weekly

BASE = 'channels: {post: "json://127.0.0.1:9/a", push: "json://127.0.0.1:9/b"}\n'
PEOPLE = """
subscribers:
  asha: {channels: [post], timezone: Asia/Kolkata}
  ravi: {channels: [push], timezone: America/New_York, at: 20:00, remind: [1d, day]}
watch: [%s]
"""
ME = "watch: [%s]\n"


@pytest.fixture
def there() -> Iterator[Catalogues]:
    with Catalogues(shows={7: Show(id=7, name="Harbour Lights", status="In Development")}) as made:
        yield made


def on_evening(world: SourcedWorld, *, season: int, day: str) -> None:
    """Have the catalogue know a premiere of two episodes in one evening."""
    show = world.there.shows[7]
    show.status = "Running"
    show.episodes = [Episode(season=season, number=n, on=day, hour=hour) for n, hour in ((1, "21:00"), (2, "22:00"))]
    show.seasons[0].premiere = day
    world.there.touch(7, world.clock.now())


def test_a_year_of_a_show_from_its_development_to_its_renewal(there: Catalogues) -> None:
    show = there.shows[7]
    world = SourcedWorld(PEOPLE % "Harbour Lights", "2025-11-01 12:00", there=there, base=BASE)
    world.live("2025-12-10 12:00").edit(PEOPLE % "{title: Harbour Lights, when: 2026}")
    world.live("2026-02-10 12:00").edit(PEOPLE % "{title: Harbour Lights, when: fall 2026}")
    world.live("2026-09-10 12:00")
    show.seasons = [Season(number=1, order=6)]
    on_evening(world, season=1, day="2026-10-08")
    world.live("2026-09-20 12:00")
    on_evening(world, season=1, day="2026-10-15")
    show.episodes += weekly(1, "2026-10-22", 4, "21:00", start=3)
    world.live("2026-10-25 12:00")
    show.episodes[4].on, show.episodes[5].on = "2026-12-03", "2026-12-10"  # a break in the middle
    there.touch(7, world.clock.now())
    world.live("2027-01-05 12:00")
    show.seasons.append(Season(number=2))
    there.touch(7, world.clock.now())
    world.live("2027-02-01 12:00")
    show.seasons[1].premiere = "2027-09-16"
    there.touch(7, world.clock.now())
    world.live("2027-03-01 12:00")

    assert world.lines("asha") == [
        "2026-09-01 09:00 asha/post: Harbour Lights season 1 is expected sometime in fall 2026; no day is known yet",
        "2026-09-12 09:00 asha/post: Harbour Lights season 1 now has a date: Friday, October 9, 2026, in 27 days",
        "2026-09-21 09:00 asha/post: Harbour Lights season 1 moved from October 9 to October 16, 2026",
        "2026-10-09 09:00 asha/post: Harbour Lights season 1 premieres in 7 days",
        "2026-10-15 09:00 asha/post: Harbour Lights season 1 premieres tomorrow at 6:30 AM",
        "2026-10-16 09:00 asha/post: Harbour Lights season 1 is out (since 6:30 AM)",
        "2026-10-23 09:00 asha/post: Harbour Lights season 1 episode 3 is out (since 6:30 AM)",
        "2026-10-27 09:00 asha/post: Harbour Lights season 1 episode 5 moved from November 6 to December 4, 2026",
        "2026-10-30 09:00 asha/post: Harbour Lights season 1 episode 4 is out (since 6:30 AM)",
        "2026-12-04 09:00 asha/post: Harbour Lights season 1 episode 5 is out (since 7:30 AM)",
        "2026-12-11 09:00 asha/post: The finale of Harbour Lights season 1 is out (since 7:30 AM)",
        "2027-02-03 09:00 asha/post: Harbour Lights season 2 now has a date: Thursday, September 16, 2027, in 225 days",
    ]
    assert world.lines("ravi") == [
        "2026-09-02 05:30 ravi/push: Harbour Lights season 1 is expected sometime in fall 2026; no day is known yet",
        "2026-09-12 05:30 ravi/push: Harbour Lights season 1 now has a date: Thursday, October 8, 2026, in 27 days",
        "2026-09-21 05:30 ravi/push: Harbour Lights season 1 moved from October 8 to October 15, 2026",
        "2026-10-15 05:30 ravi/push: Harbour Lights season 1 premieres tomorrow at 9:00 PM",
        "2026-10-16 05:30 ravi/push: Harbour Lights season 1 premieres today at 9:00 PM",
        "2026-10-23 05:30 ravi/push: Harbour Lights season 1 episode 3 comes out today at 9:00 PM",
        "2026-10-27 05:30 ravi/push: Harbour Lights season 1 episode 5 moved from November 5 to December 3, 2026",
        "2026-10-30 05:30 ravi/push: Harbour Lights season 1 episode 4 comes out today at 9:00 PM",
        "2026-12-04 06:30 ravi/push: Harbour Lights season 1 episode 5 comes out today at 9:00 PM",
        "2026-12-11 06:30 ravi/push: The finale of Harbour Lights season 1 comes out today at 9:00 PM",
        "2027-02-03 06:30 ravi/push: Harbour Lights season 2 now has a date: Thursday, September 16, 2027, in 226 days",
    ]
    assert world.told == []
    assert world.unexplained() == []
    premiere = next(
        item.words.plain() for item in world.arrived if "premieres tomorrow at 9:00 PM" in item.words.subject
    )
    assert "episodes 1 and 2 of 6 on Channel Nine" in premiere


@pytest.mark.parametrize("mood", [Mood.DOWN, Mood.NONSENSE, Mood.STRANGE, Mood.EMPTY, Mood.GONE, Mood.CROWDED])
def test_a_source_off_for_a_week_loses_nothing_cancels_nothing_and_is_told_once(there: Catalogues, mood: Mood) -> None:
    there.shows[7].seasons = [Season(number=1, order=8)]
    there.shows[7].episodes = weekly(1, "2026-10-08", 8)
    world = SourcedWorld(ME % "Harbour Lights", "2026-09-25 12:00", there=there)
    world.live("2026-09-29 12:00")
    there.mood = mood
    world.live("2026-10-06 12:00")
    there.mood = Mood.WELL
    there.shows[7].episodes[2].on = "2026-10-23"
    there.touch(7, world.clock.now())
    world.live("2026-10-12 12:00")

    trouble = [line for line in world.lines() if "does not answer" in line or "missing at its source" in line]
    assert len(trouble) == 1
    assert [line for line in world.lines() if line not in trouble] == [
        "2026-10-01 09:00 Harbour Lights season 1 premieres in 7 days",
        "2026-10-07 09:00 Harbour Lights season 1 episode 3 moved from October 22 to October 23, 2026",
        "2026-10-07 09:00 Harbour Lights season 1 premieres tomorrow",
        "2026-10-08 09:00 Harbour Lights season 1 is out today",
    ]
    assert world.unexplained() == []


def test_a_whole_season_on_one_day_is_one_message(there: Catalogues) -> None:
    there.shows[7].streams = True
    there.shows[7].seasons = [Season(number=1, premiere="2026-10-08", end="2026-10-08", order=10)]
    there.shows[7].episodes = [Episode(season=1, number=n, on="2026-10-08") for n in range(1, 11)]
    world = SourcedWorld("remind: [day]\n" + ME % "Harbour Lights", "2026-10-01 12:00", there=there)
    world.live("2026-10-20 12:00")
    assert world.lines() == ["2026-10-08 09:00 Harbour Lights season 1 is out today"]
    assert "all 10 episodes on Channel Nine" in world.arrived[0].words.plain()


def test_episodes_that_leave_the_list_are_withdrawn_after_two_answers_and_not_cancelled(there: Catalogues) -> None:
    there.shows[7].seasons = [Season(number=1, order=3)]
    there.shows[7].episodes = weekly(1, "2026-10-08", 3)
    world = SourcedWorld("remind: [day]\n" + ME % "Harbour Lights", "2026-10-01 12:00", there=there)
    world.live("2026-10-03 12:00")
    there.shows[7].episodes = there.shows[7].episodes[:1]
    there.touch(7, world.clock.now())
    world.live("2026-10-25 12:00")
    assert world.lines() == [
        "2026-10-05 09:00 Harbour Lights season 1 episode 2 no longer has a date: October 15 was withdrawn; "
        "no new date is known",
        "2026-10-08 09:00 Harbour Lights season 1 is out today",
    ]


def test_a_date_that_a_good_answer_takes_back_is_withdrawn(there: Catalogues) -> None:
    there.shows[7].seasons = [Season(number=1, premiere="2026-12-08", order=8)]
    world = SourcedWorld(ME % "Harbour Lights", "2026-10-01 12:00", there=there).live("2026-10-03 12:00")
    there.shows[7].seasons[0].premiere = None
    there.touch(7, world.clock.now())
    world.live("2026-10-06 12:00")
    assert world.lines() == [
        "2026-10-04 09:00 Harbour Lights season 1 no longer has a date: December 8 was withdrawn; no new date is known"
    ]


def test_a_correction_by_hand_outlives_what_the_source_says(there: Catalogues) -> None:
    there.shows[7].seasons = [Season(number=1, premiere="2026-12-08", order=8)]
    entry = "{title: Harbour Lights, when: 2026-12-10}"
    world = SourcedWorld("remind: [day]\n" + ME % entry, "2026-10-01 12:00", there=there).live("2026-10-03 12:00")
    there.shows[7].seasons[0].premiere = "2026-12-01"
    there.touch(7, world.clock.now())
    world.live("2026-12-20 12:00")
    assert world.lines() == ["2026-12-10 09:00 Harbour Lights season 1 is out today"]


def test_an_hour_can_be_shifted_by_hand(there: Catalogues) -> None:
    there.shows[7].seasons = [Season(number=1, order=1)]
    there.shows[7].episodes = weekly(1, "2026-12-08", 1, "21:00")
    entry = "{title: Harbour Lights, offset: +3h, remind: [release]}"
    world = SourcedWorld(ME % entry, "2026-12-01 12:00", there=there).live("2026-12-20 12:00")
    assert world.lines() == ["2026-12-09 10:30 Harbour Lights season 1 is out (since 10:30 AM)"]


def test_a_match_is_never_changed_in_silence(there: Catalogues) -> None:
    there.shows[7].seasons = [Season(number=1, premiere="2026-12-08")]
    world = SourcedWorld("remind: [day]\n" + ME % "Harbour Lights", "2026-10-01 12:00", there=there)
    world.live("2026-10-03 12:00")
    there.shows[7].name = "Harbor Lights"
    there.shows[9] = Show(id=9, name="Harbour Lights", seasons=[Season(number=1, premiere="2026-11-08")])
    world.live("2026-12-20 12:00")
    assert world.lines() == ["2026-12-08 09:00 Harbour Lights season 1 is out today"]


def test_a_title_that_is_not_plain_waits_for_someone_to_choose(there: Catalogues) -> None:
    there.shows[9] = Show(id=9, name="Harbour Lights", seasons=[Season(number=1, premiere="2026-11-08")])
    world = SourcedWorld("remind: [day]\n" + ME % "Harbour Lights", "2026-10-01 12:00", there=there)
    world.live("2026-10-03 12:00")
    world.edit("remind: [day]\n" + ME % "{title: Harbour Lights, source: tvmaze:9}").live("2026-11-20 12:00")
    assert world.lines() == ["2026-11-08 09:00 Harbour Lights season 1 is out today"]


def test_two_sources_that_differ_by_more_than_a_day_are_told_once(there: Catalogues) -> None:
    there.shows[7].imdb = "tt700"
    there.shows[7].seasons = [Season(number=1, premiere="2026-12-08")]
    world = SourcedWorld("remind: [day]\n" + ME % "Harbour Lights", "2026-10-01 12:00", there=there, more="tmdb")
    world.live("2026-10-02 12:00")
    there.shows[7].seasons[0].elsewhere = "2026-12-09"
    world.live("2026-10-04 12:00")
    assert world.told == []
    there.shows[7].seasons[0].elsewhere = "2026-12-15"
    there.touch(7, world.clock.now())
    world.live("2026-10-18 12:00")
    clash = "season 1 premiere: 2026-12-08, but tmdb says 2026-12-15"
    assert world.told == [f"Two sources differ about Harbour Lights: {clash} tvmaze counts; `reminder show` says why."]


def test_a_padded_film_of_tmdb_is_a_year_then_a_month_then_a_day(there: Catalogues) -> None:
    film = Film(id=3, name="Salt Road", dates=[("IN", 3, "2027-01-01", "")])
    there.films[3] = film
    entry = "{title: Salt Road, kind: film}"
    world = SourcedWorld(ME % entry, "2026-10-01 12:00", there=there, more="tmdb").live("2026-10-05 12:00")
    film.dates = [("US", 3, "2027-02-12", ""), ("IN", 3, "2027-06-01", "")]
    world.live("2026-11-05 12:00")
    film.dates = [("US", 3, "2027-02-12", ""), ("IN", 1, "2027-01-20", "Mumbai festival"), ("IN", 3, "2027-02-19", "")]
    world.live("2027-02-20 12:00")
    film.dates += [("IN", 4, "2027-04-02", "Prime Video")]
    world.live("2027-04-03 12:00")
    assert world.lines() == [
        "2026-11-06 09:00 Salt Road now has a date: Friday, February 19, 2027, in 105 days",
        "2027-02-12 09:00 Salt Road premieres in 7 days",
        "2027-02-18 09:00 Salt Road premieres tomorrow",
        "2027-02-19 09:00 Salt Road is out today",
        "2027-02-28 09:00 Salt Road has a new date: Friday, April 2, 2027, in 33 days",
        "2027-03-26 09:00 Salt Road premieres in 7 days",
        "2027-04-01 09:00 Salt Road premieres tomorrow",
        "2027-04-02 09:00 Salt Road is out today",
    ]


def test_500_shows_are_a_handful_of_calls_once_they_are_known(there: Catalogues) -> None:
    for number in range(100, 160):
        there.shows[number] = Show(id=number, name=f"Show {number}", seasons=[Season(number=1, premiere="2027-12-08")])
    titles = ", ".join(f"{{title: Show {n}, source: 'tvmaze:{n}'}}" for n in range(100, 160))
    world = SourcedWorld(ME % titles, "2026-10-01 12:00", there=there)
    assert world.refresh().calls == 60
    world.clock.advance(timedelta(days=1, hours=3))
    there.touch(100, world.clock.now() - timedelta(hours=2))
    report = world.refresh()
    assert (report.calls, report.unchanged, report.asked) == (2, 59, ["Show 100"])
