"""Calendars lived with: films and episodes, runs without numbers, works that somebody lists, too; every message read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reminder.store.title_commands import kept_titles
from tests.support.catalogues import Catalogues
from tests.support.sourced import SourcedWorld
from tests.support.works import event


@pytest.fixture
def there() -> Iterator[Catalogues]:
    with Catalogues() as made:
        yield made


def feed(there: Catalogues, *events: tuple[str, str, str]) -> None:
    """Let the calendar hold these events: (uid, start, summary)."""
    there.feeds["sonarr"] = [line for uid, start, summary in events for line in event(uid, start, summary)]


def world_of(there: Catalogues, more: str, at: str = "2026-12-01 12:00") -> SourcedWorld:
    return SourcedWorld(f"calendars: [{{url: '${{SONARR_ICS}}', name: mine}}]\n{more}", at, there=there)


def names(world: SourcedWorld) -> list[str]:
    with world.store.read() as tx:
        return [item.listing.title.name for item in kept_titles(tx)]


THURSDAYS = [
    ("t1", "20261203", "Taskmaster"),
    ("t2", "20261210", "Taskmaster"),
    ("t3", "20261217", "Taskmaster"),
    ("t4", "20261224", "Taskmaster"),
]
EACH_ON_ITS_DAY = [
    "2026-12-03 09:00 Taskmaster is out today",
    "2026-12-10 09:00 Taskmaster is out today",
    "2026-12-17 09:00 Taskmaster is out today",
    "2026-12-24 09:00 Taskmaster is out today",
]


def test_several_days_under_one_name_are_told_each_on_its_day(there: Catalogues) -> None:
    feed(there, *THURSDAYS)
    world = world_of(there, "remind: [day]\nwatch: []\n").live("2026-12-27 12:00")
    assert world.lines() == EACH_ON_ITS_DAY


def test_days_that_come_into_the_calendar_one_by_one_are_a_run_as_well(there: Catalogues) -> None:
    feed(there, THURSDAYS[0])
    world = world_of(there, "remind: [day]\nwatch: []\n")
    for day, events in (("06", THURSDAYS[1:2]), ("13", THURSDAYS[2:3]), ("20", THURSDAYS[3:])):
        world.live(f"2026-12-{day} 12:00")
        feed(there, *events)
    assert world.live("2026-12-27 12:00").lines() == EACH_ON_ITS_DAY


def test_one_day_that_becomes_several_repeats_and_moves_nothing(there: Catalogues) -> None:
    feed(there, ("a", "20261203T203000Z", "New Show"))
    world = world_of(there, "remind: [2d, day]\nwatch: []\n").live("2026-12-02 12:00")
    feed(there, ("a", "20261203T203000Z", "New Show"), ("b", "20261210T203000Z", "New Show"))
    assert world.live("2026-12-12 12:00").lines() == [
        "2026-12-02 09:00 New Show premieres in 2 days",
        "2026-12-04 09:00 New Show is out (since 2:00 AM)",
        "2026-12-11 09:00 New Show is out (since 2:00 AM)",
    ]


def test_a_day_of_a_run_is_named_by_its_day_and_never_by_a_number(there: Catalogues) -> None:
    feed(there, ("NzbDrone_episode_9", "20261210T043000Z", "The Daily Show - A Guest"))
    world = world_of(there, "remind: [day]\nwatch: []\n").live("2026-12-11 12:00")
    (arrived,) = world.arrived
    assert arrived.words.subject == "The Daily Show comes out today at 10:00 AM"
    assert "344" not in arrived.words.plain()
    assert "20261210" not in arrived.words.plain()


def test_words_of_a_season_tell_its_premiere_and_its_finale(there: Catalogues) -> None:
    feed(
        there,
        ("a", "20261203", "Season 3 Premiere: Andor"),
        ("b", "20261204", "Euphoria (Season 4)"),
        ("c", "20261205", "Andor S03E02"),
        ("d", "20261205", "Season Finale: Andor"),
        ("e", "20261206", "Severance (season finale)"),
        ("f", "20261207", "Silo - Season 2 Finale"),
        ("g", "20261208", "Premiere: Landman S3"),
    )
    world = world_of(there, "remind: {premiere: [day], episode: [], finale: [day]}\nwatch: []\n")
    assert world.live("2026-12-10 12:00").lines() == [
        "2026-12-03 09:00 Andor season 3 is out today",
        "2026-12-04 09:00 Euphoria season 4 is out today",
        "2026-12-05 09:00 The finale of Andor season 3 is out today",
        "2026-12-06 09:00 The finale of Severance is out today",
        "2026-12-07 09:00 The finale of Silo season 2 is out today",
        "2026-12-08 09:00 Landman season 3 is out today",
    ]
    assert sorted(names(world)) == ["Andor", "Euphoria", "Landman", "Severance", "Silo"]


def test_a_season_that_is_named_on_several_days_repeats_and_moves_nothing(there: Catalogues) -> None:
    feed(there, ("a", "20261203", "Euphoria Season 4"))
    world = world_of(there, "remind: [1d, day]\nwatch: []\n").live("2026-12-02 12:00")
    feed(there, *((each, f"202612{day}", "Euphoria Season 4") for each, day in (("a", "03"), ("b", "10"), ("c", "17"))))
    world.live("2026-12-11 12:00")
    feed(there, ("b", "20261210", "Euphoria Season 4"), ("c", "20261217", "Euphoria Season 4"))
    assert world.live("2026-12-19 12:00").lines() == [
        "2026-12-02 09:00 Euphoria season 4 premieres tomorrow",
        "2026-12-03 09:00 Euphoria season 4 is out today",
        "2026-12-10 09:00 Euphoria season 4 is out today",
        "2026-12-17 09:00 Euphoria season 4 is out today",
    ]


def test_two_episodes_without_numbers_on_one_day_are_one_message(there: Catalogues) -> None:
    feed(there, ("a", "20261203T140000Z", "News"), ("b", "20261203T150000Z", "News"), ("c", "20261204", "News"))
    world = world_of(there, "remind: [day]\nwatch: []\n").live("2026-12-06 12:00")
    assert world.lines() == ["2026-12-03 09:00 News comes out today at 7:30 PM", "2026-12-04 09:00 News is out today"]


def test_only_premieres_lets_no_later_episode_through(there: Catalogues) -> None:
    feed(
        there,
        *((f"f{number}", f"202612{number + 1:02}", f"Frieren Episode {number}") for number in (2, 3, 4)),
        *((f"o{number}", f"202612{number + 1:02}", f"One Piece #{number + 1070}") for number in (2, 3)),
        ("s", "20261204", "Silo S03E01"),
        ("t", "20261205", "Silo S03E02"),
        ("k", "20261206", "薬屋のひとりごと 第1話"),
        ("l", "20261207", "薬屋のひとりごと 第2話"),
        ("u", "20261208", "Salt Road (Theatrical Release)"),
        *THURSDAYS,
        ("v", "20261209", "The Daily Show 2026-12-09"),
    )
    more = "remind: [day]\nwatch: []\n"
    config = f"calendars: [{{url: '${{SONARR_ICS}}', name: mine, only: premieres}}]\n{more}"
    world = SourcedWorld(config, "2026-12-01 12:00", there=there).live("2026-12-27 12:00")
    assert world.lines() == [
        "2026-12-04 09:00 Silo season 3 is out today",
        "2026-12-06 09:00 薬屋のひとりごと is out today",
        "2026-12-08 09:00 Salt Road is out today",
    ]


def test_only_premieres_tells_of_the_first_day_and_not_of_those_that_join_it(there: Catalogues) -> None:
    feed(there, THURSDAYS[0])
    config = "calendars: [{url: '${SONARR_ICS}', name: mine, only: premieres}]\nremind: [day]\nwatch: []\n"
    world = SourcedWorld(config, "2026-12-01 12:00", there=there).live("2026-12-02 12:00")
    feed(there, *THURSDAYS)
    assert world.live("2026-12-27 12:00").lines() == EACH_ON_ITS_DAY[:1]


def test_numbers_that_count_through_and_double_ones_are_named_as_they_are(there: Catalogues) -> None:
    feed(
        there,
        ("a", "20261203", "One Piece #1071"),
        ("b", "20261204", "Andor S02E03-E04"),
        ("c", "20261205", "[S02E05] Andor"),
    )
    world = world_of(there, "remind: [day]\nwatch: []\n").live("2026-12-06 12:00")
    assert world.lines() == [
        "2026-12-03 09:00 One Piece episode 1071 is out today",
        "2026-12-04 09:00 Andor season 2 episodes 3 and 4 are out today",
        "2026-12-05 09:00 Andor season 2 episode 5 is out today",
    ]


def test_what_somebody_lists_is_told_once_however_the_calendar_spells_it(there: Catalogues) -> None:
    feed(
        there,
        ("a", "20261210", "Breaking Bad — S05E09: Blood Money"),
        ("b", "20261211", "Dune: Part Three (2026)"),
        ("c", "20261212", "THE ELITE"),
        ("d", "20261213", "Law and Order 1x01"),
        ("e", "20261214", "Dune (1984)"),
    )
    listed = (
        "watch:\n"
        "  - {title: Breaking Bad, premiere: 2026-12-10}\n"
        '  - {title: "Dune: Part Three", premiere: 2026-12-11}\n'
        "  - {title: Élite, premiere: 2026-12-12}\n"
        '  - {title: "Law & Order", premiere: 2026-12-13}\n'
        '  - {title: "Dune (2021)", premiere: 2026-12-20}\n'
    )
    world = world_of(there, f"remind: [day]\n{listed}").live("2026-12-16 12:00")
    assert world.lines() == [
        "2026-12-10 09:00 Breaking Bad is out today",
        "2026-12-11 09:00 Dune: Part Three is out today",
        "2026-12-12 09:00 Élite is out today",
        "2026-12-13 09:00 Law & Order is out today",
        "2026-12-14 09:00 Dune (1984) is out today",
    ]


def test_a_film_and_a_series_of_one_name_are_two(there: Catalogues) -> None:
    feed(
        there,
        ("a", "20261203", "Alien: Earth 1x01"),
        ("b", "20261204", "Alien Earth (Theatrical Release)"),
        ("c", "20261205", "Silo 2x03"),
        ("d", "20261206", "Silo"),
        ("e", "20261207", "!!!"),
        ("f", "20261208", "???"),
        ("g", "20261209", "🎬"),
    )
    world = world_of(there, "remind: [day]\nwatch: []\n").live("2026-12-12 12:00")
    assert world.lines() == [
        "2026-12-03 09:00 Alien: Earth season 1 is out today",
        "2026-12-04 09:00 Alien Earth is out today",
        "2026-12-05 09:00 Silo season 2 episode 3 is out today",
        "2026-12-06 09:00 Silo is out today",
        "2026-12-07 09:00 !!! is out today",
        "2026-12-08 09:00 ??? is out today",
        "2026-12-09 09:00 🎬 is out today",
    ]


def test_a_title_muted_in_another_spelling_is_muted(there: Catalogues) -> None:
    feed(there, ("a", "20261203", "Dune: Part Three (2026)"), ("b", "20261204", "Dune"))
    world = world_of(there, 'remind: [day]\nmute: ["The Dune Part Three"]\nwatch: []\n').live("2026-12-06 12:00")
    assert names(world) == ["Dune: Part Three (2026)", "Dune"]
    assert world.lines() == ["2026-12-04 09:00 Dune is out today"]


def test_works_that_one_calendar_writes_differently_are_two(there: Catalogues) -> None:
    feed(
        there,
        ("a", "20261203", "The Bear"),
        ("b", "20261204", "Bear"),
        ("c", "20261205", "Élite 1x01"),
        ("d", "20261206", "Elite 3x01"),
    )
    world = world_of(there, "remind: [day]\nwatch: []\n").live("2026-12-08 12:00")
    assert world.lines() == [
        "2026-12-03 09:00 The Bear is out today",
        "2026-12-04 09:00 Bear is out today",
        "2026-12-05 09:00 Élite season 1 is out today",
        "2026-12-06 09:00 Elite season 3 is out today",
    ]


def test_a_name_that_a_calendar_comes_to_write_differently_is_the_same_title(there: Catalogues) -> None:
    feed(there, ("a", "20261205", "Dune Part Three"))
    world = world_of(there, "remind: [day]\nwatch: []\n").live("2026-12-03 12:00")
    feed(there, ("a", "20261205", "Dune: Part Three"))
    assert world.live("2026-12-08 12:00").lines() == ["2026-12-05 09:00 Dune Part Three is out today"]


def test_a_day_of_a_run_that_moves_is_known_by_its_uid(there: Catalogues) -> None:
    feed(there, *THURSDAYS)
    world = world_of(there, "remind: [day]\nwatch: []\n").live("2026-12-04 12:00")
    feed(there, THURSDAYS[0], ("t2", "20261212", "Taskmaster"), *THURSDAYS[2:])
    assert world.live("2026-12-18 12:00").lines() == [
        "2026-12-03 09:00 Taskmaster is out today",
        "2026-12-05 09:00 Taskmaster moved from December 10 to December 12, 2026",
        "2026-12-12 09:00 Taskmaster is out today",
        "2026-12-17 09:00 Taskmaster is out today",
    ]


RENAMED = {
    "another spelling": "Salt Road, Part 3",
    "other words": "Salt Road III",
    "with its year": "Salt Road: Part 3 (2026)",
    "with a number": "Salt Road: Part 3 S01E01",
    "with a note": "Salt Road: Part 3 at last",
}


@pytest.mark.parametrize("name", RENAMED.values(), ids=list(RENAMED))
def test_what_is_renamed_in_its_calendar_is_told_once_and_goes_on_moving(there: Catalogues, name: str) -> None:
    feed(there, ("u1", "20261212", "Salt Road: Part 3"), ("u2", "20261212", "Other"))
    world = world_of(there, "remind: [day]\nwatch: []\n").live("2026-12-02 12:00")
    feed(there, ("u2", "20261212", "Other"), ("u1", "20261212", name))
    world.live("2026-12-05 12:00")
    feed(there, ("u1", "20261213", name), ("u2", "20261212", "Other"))
    world.live("2026-12-15 12:00")
    assert names(world) == ["Salt Road: Part 3", "Other"]
    about = [line for line in world.lines() if "Salt Road" in line]
    moved, out = about
    assert moved.endswith("moved from December 12 to December 13, 2026")
    assert out.startswith("2026-12-13 09:00 Salt Road: Part 3")


@pytest.mark.parametrize("name", RENAMED.values(), ids=list(RENAMED))
def test_what_gets_another_name_and_another_day_at_once_is_the_same_event(there: Catalogues, name: str) -> None:
    feed(there, ("u1", "20261212", "Salt Road: Part 3"), ("u2", "20261212", "Other"))
    world = world_of(there, "remind: [7d, day]\nwatch: []\n").live("2026-12-06 12:00")
    feed(there, ("u2", "20261212", "Other"), ("u1", "20261219", name))
    world.live("2026-12-21 12:00")
    assert names(world) == ["Salt Road: Part 3", "Other"]
    moved, *_, out = [line for line in world.lines() if "Salt Road" in line and "7 days" not in line]
    assert moved.endswith("moved from December 12 to December 19, 2026")
    assert out.startswith("2026-12-19 09:00 Salt Road: Part 3")


def test_a_number_that_is_a_place_in_the_file_renames_nothing(there: Catalogues) -> None:
    feed(there, ("1", "20261212", "First"), ("2", "20261213", "Second"))
    world = world_of(there, "remind: [day]\nwatch: []\n").live("2026-12-06 12:00")
    feed(there, ("1", "20261213", "Second"), ("2", "20261219", "Third"))
    world.live("2026-12-21 12:00")
    assert names(world) == ["First", "Second", "Third"]


def test_an_identity_that_another_work_takes_over_renames_nothing(there: Catalogues) -> None:
    feed(there, ("1", "20261205", "First"), ("2", "20261212", "Second"))
    world = world_of(there, "remind: [day]\nwatch: []\n").live("2026-12-06 12:00")
    feed(there, ("1", "20261212", "Second"), ("2", "20261219", "Third"))
    world.live("2026-12-20 12:00")
    assert names(world) == ["First", "Second", "Third"]
    assert world.lines() == [
        "2026-12-05 09:00 First is out today",
        "2026-12-12 09:00 Second is out today",
        "2026-12-19 09:00 Third is out today",
    ]


def test_what_could_be_either_of_two_is_a_work_of_its_own(there: Catalogues) -> None:
    feed(there, ("u1", "20261212", "Salt Road"), ("u1", "20261212", "Salt Way"))
    world = world_of(there, "remind: [day]\nwatch: []\n").live("2026-12-02 12:00")
    feed(there, ("u1", "20261212", "Salt Path"))
    world.live("2026-12-05 12:00")
    assert names(world) == ["Salt Road", "Salt Way", "Salt Path"]


@pytest.mark.parametrize("word", ["Canceled: ", "[CANCELLED] ", "Abgesagt: "])
def test_what_its_name_calls_off_is_cancelled_and_no_work_of_its_own(there: Catalogues, word: str) -> None:
    feed(there, ("u1", "20261212", "Salt Road"), ("u2", "20261212", "Silo S03E02"))
    world = world_of(there, "remind: [7d, day]\nwatch: []\n").live("2026-12-06 12:00")
    feed(there, ("u1", "20261212", f"{word}Salt Road"), ("u2", "20261212", f"{word}Silo S03E02"))
    world.live("2026-12-15 12:00")
    assert names(world) == ["Salt Road", "Silo"]
    assert [line for line in world.lines() if "out" in line] == []
    assert any("Salt Road has been cancelled" in line for line in world.lines())


def test_what_the_operator_is_told_of_a_refused_calendar_is_whole_sentences(there: Catalogues) -> None:
    there.raw["/feed/sonarr.ics"] = b"<html>Sign in</html>"
    world = world_of(there, "watch: []\n").live("2026-12-02 12:00")
    said = " ".join(world.arrived[0].words.plain().split())
    assert "asking for its dates failed: it is no calendar. Everything else was asked about as always." in said


def weekly(there: Catalogues, first: str, rule: str, **more: str) -> None:
    there.feeds["sonarr"] = event("t@x", first, "Taskmaster", rrule=f"FREQ=WEEKLY{rule}", **more)


MOVED_SERIES = {
    "to the next day": ("20261204", ";COUNT=3", ["04", "11", "18"]),
    "to three days later": ("20261206", ";COUNT=3", ["06", "13", "20"]),
    "to the day before": ("20261202", ";COUNT=3", ["02", "09", "16"]),
    "by its rule": ("20261204", ";BYDAY=FR;UNTIL=20261218", ["04", "11", "18"]),
}


@pytest.mark.parametrize(("first", "rule", "days"), MOVED_SERIES.values(), ids=list(MOVED_SERIES))
def test_a_whole_series_that_goes_to_another_weekday_has_moved(
    there: Catalogues, first: str, rule: str, days: list[str]
) -> None:
    weekly(there, "20261203", ";COUNT=3")
    world = world_of(there, "remind: [2d, day]\nwatch: []\n", "2026-11-29 08:00").live("2026-11-30 12:00")
    weekly(there, first, rule)
    told = world.live("2026-12-27 12:00").lines()
    assert [line for line in told if line.endswith("is out today")] == [
        f"2026-12-{day} 09:00 Taskmaster is out today" for day in days
    ]
    (moved,) = [line for line in told if "moved" in line]
    assert "moved from December 3 to December" in moved


def test_a_series_that_ends_earlier_tells_of_no_day_that_is_left_out(there: Catalogues) -> None:
    weekly(there, "20261203", "")
    world = world_of(there, "remind: [day]\nwatch: []\n").live("2026-12-04 12:00")
    weekly(there, "20261203", ";UNTIL=20261211")
    told = world.live("2027-02-27 12:00").lines()
    assert [line for line in told if "is out today" in line] == EACH_ON_ITS_DAY[:2]
    assert len(told) == 3


def test_a_series_that_becomes_one_event_has_no_other_days(there: Catalogues) -> None:
    weekly(there, "20261203", "")
    world = world_of(there, "remind: [day]\nwatch: []\n").live("2026-12-02 12:00")
    there.feeds["sonarr"] = event("t@x", "20261203", "Taskmaster")
    told = world.live("2027-01-10 12:00").lines()
    assert [line for line in told if "is out today" in line] == EACH_ON_ITS_DAY[:1]


def test_of_two_instances_on_one_day_each_is_known_by_its_hour(there: Catalogues) -> None:
    rule = {"rrule": "FREQ=WEEKLY;COUNT=2", "rdate": "20261203T180000Z,20261210T180000Z"}
    there.feeds["sonarr"] = [
        *event("n@x", "20261203T140000Z", "News", **rule),
        *event("n@x", "20261203T140000Z", "News", status="CANCELLED", **{"recurrence-id": "20261203T140000Z"}),
        *event("n@x", "20261210T190000Z", "News", sequence="1", **{"recurrence-id": "20261210T180000Z"}),
    ]
    world = world_of(there, "remind: [day]\nwatch: []\n").live("2026-12-12 12:00")
    assert world.lines() == [
        "2026-12-03 09:00 News comes out today at 11:30 PM",
        "2026-12-10 09:00 News comes out today at 7:30 PM",
    ]
