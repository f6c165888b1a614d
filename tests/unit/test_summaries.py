"""What the summaries of real calendars say: which work, which episode, and what is only a number in a title."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminder.core.sourcing.answers import ReleaseKind, WorkForm
from reminder.core.sourcing.season_words import Part, Seasoned, season_words
from reminder.core.sourcing.summaries import MOST, SummaryParts, read_summary, without_cancelled

#: (summary, title, season, number, last of several)
EPISODES: list[tuple[str, str, int | None, int, int | None]] = [
    # with a season
    ("Breaking Bad — S05E09: Blood Money", "Breaking Bad", 5, 9, None),
    ("Breaking Bad - S01E01 - Pilot", "Breaking Bad", 1, 1, None),
    ("Breaking Bad — S01E01 Pilot", "Breaking Bad", 1, 1, None),
    ("Breaking Bad · S03E05 · Más", "Breaking Bad", 3, 5, None),
    ("Severance S02E03 – Who Is Alive?", "Severance", 2, 3, None),
    ("Severance S2E4", "Severance", 2, 4, None),
    ("Severance · T2E3", "Severance", 2, 3, None),
    ("Harbour Lights - 1x02 - Fog", "Harbour Lights", 1, 2, None),
    ("Silo (S02E03)", "Silo", 2, 3, None),
    ("Silo [2x03] The Title", "Silo", 2, 3, None),
    ("Silo {2x03}", "Silo", 2, 3, None),
    ("Silo 2x03 (repeat)", "Silo", 2, 3, None),
    ("Silo s02.e03", "Silo", 2, 3, None),
    ("Silo: S2 E3", "Silo", 2, 3, None),
    ("Silo S2 Ep 3", "Silo", 2, 3, None),
    ("Silo, Season 2 Ep. 3", "Silo", 2, 3, None),
    ("Silo (Season 2, Episode 3)", "Silo", 2, 3, None),
    ("Silo Episode 3 of Season 2", "Silo", 2, 3, None),
    ("Silo.S02E03.720p", "Silo", 2, 3, None),
    ("Silo S02E03v2", "Silo", 2, 3, None),
    ("Fallout | S2:E4", "Fallout", 2, 4, None),
    ("Fallout 2×04", "Fallout", 2, 4, None),
    ("Dark (S01/E05)", "Dark", 1, 5, None),
    ("Dark (Staffel 1, Folge 2)", "Dark", 1, 2, None),
    ("Dark – Folge 2 (Staffel 1)", "Dark", 1, 2, None),
    ("La casa de papel Temporada 2 Capítulo 3", "La casa de papel", 2, 3, None),
    ("Lupin Saison 1 Épisode 4", "Lupin", 1, 4, None),
    ("Gomorra Stagione 2 Episodio 3", "Gomorra", 2, 3, None),
    ("Vikings Seizoen 3 Aflevering 4", "Vikings", 3, 4, None),
    ("Wiedźmin Sezon 2 Odcinek 1", "Wiedźmin", 2, 1, None),
    ("Кухня Сезон 1 Серия 3", "Кухня", 1, 3, None),
    ("薬屋のひとりごと 第2期 第3話", "薬屋のひとりごと", 2, 3, None),
    ("오징어 게임 시즌 2 3화", "오징어 게임", 2, 3, None),
    ("👁️ Dandadan Season 2 Episode 3", "Dandadan", 2, 3, None),
    ("Doctor Who S00E01", "Doctor Who", 0, 1, None),
    ("Late Talk 2023x232", "Late Talk", 2023, 232, None),
    # the number in front
    ("S01E01 Widow's Bay", "Widow's Bay", 1, 1, None),
    ("S02E03 - Andor", "Andor", 2, 3, None),
    ("[S02E03] Slow Horses", "Slow Horses", 2, 3, None),
    ("【2x03】Silo", "Silo", 2, 3, None),
    ("📺 S02E03 · Silo · A Title", "Silo", 2, 3, None),
    ("Folge 5: Silo", "Silo", None, 5, None),
    ("Season 2 Episode 3: The Pitt", "The Pitt", 2, 3, None),
    ("Saison 2 épisode 4 : Lupin", "Lupin", 2, 4, None),
    ("Staffel 2, Folge 3: Dark", "Dark", 2, 3, None),
    ("Temporada 2 Capítulo 3 - Élite", "Élite", 2, 3, None),
    # the number before its word
    ("Кухня 2 сезон 3 серия", "Кухня", 2, 3, None),
    ("2 сезон, 3-я серия: Кухня", "Кухня", 2, 3, None),
    ("Dark, 2. Staffel, 3. Folge", "Dark", 2, 3, None),
    ("2ª temporada, episódio 3 - Cangaço Novo", "Cangaço Novo", 2, 3, None),
    ("Leyla 2. Sezon 3. Bölüm", "Leyla", 2, 3, None),
    ("Spy x Family Season 2 Part 2 Episode 3", "Spy x Family Season 2 Part 2", None, 3, None),
    # counted through
    ("One Piece #1071", "One Piece", None, 1071, None),
    ("One Piece (#1071)", "One Piece", None, 1071, None),
    ("The Young and the Restless - Ep. #12753", "The Young and the Restless", None, 12753, None),
    ("Frieren: Beyond Journey's End - Episode 5", "Frieren: Beyond Journey's End", None, 5, None),
    ("Frieren — épisode 12", "Frieren", None, 12, None),
    ("Frieren: Beyond Journey's End Aflevering 2", "Frieren: Beyond Journey's End", None, 2, None),
    ("Tatort (Folge 1234)", "Tatort", None, 1234, None),
    ("Kanojo EP12", "Kanojo", None, 12, None),
    ("Kanojo E12", "Kanojo", None, 12, None),
    ("薬屋のひとりごと 第十二話「名前」", "薬屋のひとりごと", None, 12, None),
    ("「薬屋のひとりごと」第5話", "薬屋のひとりごと", None, 5, None),
    ("名侦探柯南 第783集", "名侦探柯南", None, 783, None),
    ("오징어 게임 제5회", "오징어 게임", None, 5, None),
    # several
    ("Andor S01E01-E02", "Andor", 1, 1, 2),
    ("Andor S01E01E02", "Andor", 1, 1, 2),
    ("Andor S01E01E02E03", "Andor", 1, 1, 3),
    ("Andor S01E01-02", "Andor", 1, 1, 2),
    ("Andor S01E01-S01E02", "Andor", 1, 1, 2),
    ("Andor S01E01 & E02", "Andor", 1, 1, 2),
    ("Andor 1x03-04", "Andor", 1, 3, 4),
    ("Andor 1x03-1x04", "Andor", 1, 3, 4),
    ("Andor (Staffel 1, Folgen 1-7)", "Andor", 1, 1, 7),
    ("Andor Episodes 1-3", "Andor", None, 1, 3),
    ("Andor S02E03 - 24 Hours", "Andor", 2, 3, None),
    ("Andor S02E03 - 4 Weddings", "Andor", 2, 3, None),
    ("Andor S02E03-1080p", "Andor", 2, 3, None),
    # a number that is the title's beside one that is an episode's
    ("24 - 9x01", "24", 9, 1, None),
    ("1923 S02E05", "1923", 2, 5, None),
    ("The 100 S01E100", "The 100", 1, 100, None),
    ("3x3 1x01", "3x3", 1, 1, None),
    ("Babylon 5 S01E02", "Babylon 5", 1, 2, None),
    ("30 Rock S05E20", "30 Rock", 5, 20, None),
    ("9-1-1 S08E01", "9-1-1", 8, 1, None),
    ("S.W.A.T. S06E02", "S.W.A.T.", 6, 2, None),
    ("Catch-22 1x01", "Catch-22", 1, 1, None),
    ("Ballard (2025) S01E01", "Ballard (2025)", 1, 1, None),
]

OPENINGS = [
    ("📺 9-1-1: Nashville — S2 premiere", "9-1-1: Nashville", 2),
    ("📺 9-1-1 — S10 premiere", "9-1-1", 10),
    ("Silo - Season 3 Premiere", "Silo", 3),
    ("Silo (S3 premiere)", "Silo", 3),
    ("Dark: Staffel 2 Auftakt", "Dark", 2),
    ("Lupin, saison 4 première", "Lupin", 4),
]

#: (summary, title, season, part)
SEASONS: list[tuple[str, str, int | None, Part]] = [
    ("Season 3 Premiere: Andor", "Andor", 3, Part.PREMIERE),
    ("Premiere: Landman S3", "Landman", 3, Part.PREMIERE),
    ("Season premiere - Yellowjackets S4", "Yellowjackets", 4, Part.PREMIERE),
    ("Silo Season 3 Premieres!", "Silo", 3, Part.PREMIERE),
    ("The Bear — Season 5 premiere on FX", "The Bear", 5, Part.PREMIERE),
    ("THE BEAR SEASON 5 PREMIERE", "THE BEAR", 5, Part.PREMIERE),
    ("The Boys S5 Final Season", "The Boys", 5, Part.PREMIERE),
    ("Silo: Series Premiere", "Silo", None, Part.PREMIERE),
    ("(New Season) Silo", "Silo", None, Part.PREMIERE),
    ("The Boys: The Final Season", "The Boys", None, Part.PREMIERE),
    ("Nouvelle saison : Lupin", "Lupin", None, Part.PREMIERE),
    ("Bridgerton Season 4 Part 2", "Bridgerton", 4, Part.MIDDLE),
    ("Dark Staffel 3, Teil 2", "Dark", 3, Part.MIDDLE),
    ("Stranger Things - Season 5 (Vol. 2)", "Stranger Things", 5, Part.MIDDLE),
    ("Bridgerton: Season 4 Part 1", "Bridgerton", 4, Part.PREMIERE),
    ("Silo Season 2: 8 episodes", "Silo", 2, Part.SEASON),
    ("Euphoria Season 4", "Euphoria", 4, Part.SEASON),
    ("Euphoria (Season 4)", "Euphoria", 4, Part.SEASON),
    ("Euphoria | Season 4 | HBO", "Euphoria", 4, Part.SEASON),
    ("Euphoria S4 on HBO", "Euphoria", 4, Part.SEASON),
    ("[S2] Andor", "Andor", 2, Part.SEASON),
    ("S02 - Andor", "Andor", 2, Part.SEASON),
    ("Severance [Season 3]", "Severance", 3, Part.SEASON),
    ("Silo returns (season 3)", "Silo", 3, Part.SEASON),
    ("Frieren 2nd Season", "Frieren", 2, Part.SEASON),
    ("2nd Season of Frieren", "Frieren", 2, Part.SEASON),
    ("Frieren: Second Season", "Frieren", 2, Part.SEASON),
    ("The White Lotus - Season Four", "The White Lotus", 4, Part.SEASON),
    ("Rome Season II", "Rome", 2, Part.SEASON),
    ("Temporada 2 de Elite", "Elite", 2, Part.SEASON),
    ("Dark – 3. Staffel", "Dark", 3, Part.SEASON),
    ("Staffel 3: Dark", "Dark", 3, Part.SEASON),
    ("Кухня 2 сезон", "Кухня", 2, Part.SEASON),
    ("Doctor Who (Series 3)", "Doctor Who", 3, Part.SEASON),
    ("Stranger Things Season 5 (Netflix)", "Stranger Things", 5, Part.SEASON),
    ("Andor (season finale)", "Andor", None, Part.FINALE),
    ("Season Finale: Andor", "Andor", None, Part.FINALE),
    ("Series Finale of Lost", "Lost", None, Part.FINALE),
    ("Dark Staffelfinale", "Dark", None, Part.FINALE),
    ("Andor - Finale", "Andor", None, Part.FINALE),
    ("Andor S2 Finale", "Andor", 2, Part.FINALE),
    ("Andor - Season 2 Finale", "Andor", 2, Part.FINALE),
    ("Lost (Mid-Season Finale)", "Lost", None, Part.MIDDLE),
]

#: (summary, title, season, number, whether it ends its season)
NUMBERED_AND_SEASONED: list[tuple[str, str, int | None, int, bool]] = [
    ("Andor S02E12 (Season Finale)", "Andor", 2, 12, True),
    ("Andor 2x12 [Finale]", "Andor", 2, 12, True),
    ("Season Finale: Andor S02E12", "Andor", 2, 12, True),
    ("Season Premiere: Silo S03E01", "Silo", 3, 1, False),
    ("Frieren 2nd Season #5", "Frieren", 2, 5, False),
    ("Frieren Season 2 - #5", "Frieren", 2, 5, False),
    ("Lost S06E17 The End", "Lost", 6, 17, False),
    ("Frieren S2 - 05", "Frieren", 2, 5, False),
    ("Frieren 2nd Season - 05 (1080p)", "Frieren", 2, 5, False),
    ("Silo Season 3: 04", "Silo", 3, 4, False),
    ("Friends S10E17 The Last One", "Friends", 10, 17, False),
]

LABELLED = ["[TV] Silo", "[Movie] Silo", "[ANIME] Silo", "[game] Silo"]

CALLED_OFF = [
    ("Canceled: Silo S03E01", "Silo S03E01"),
    ("CANCELLED - Silo", "Silo"),
    ("[Cancelled] Silo", "Silo"),
    ("Abgesagt: Silo", "Silo"),
    ("Annulé : Silo", "Silo"),
    ("Geannuleerd: Silo", "Silo"),
    ("Cancelled", None),
    ("Canceled:", None),
    ("Cancelled Lives", None),
    ("Not Cancelled: Silo", None),
]

TITLES = [
    "[REC] 4",
    "Premiere",
    "S2 premiere",
    "The Premiere",
    "The Finale",
    "The Grand Finale",
    "Season of the Witch",
    "Series 7: The Contenders",
    "World Series 2026",
    "Premiere Night",
    "Final Fantasy",
    "Mission: Impossible – The Final Reckoning",
    "Stranger Things 5 Premiere",
    "Eurovision - Final",
    "Galaxy S24 launch",
    "Season 2",
    "Final Season",
    "[TV]",
    "Apollo 13",
    "Babylon 5",
    "Blade Runner 2049",
    "Room 237",
    "2012",
    "9-1-1",
    "4x4",
    "E3 2026",
    "U2 3D",
    "Se7en",
    "Love #9 Forever",
    "#1 Cheerleader Camp",
    "John Wick: Chapter 4",
    "John Wick: Capítulo 4",
    "Star Wars: Episode IV",
    "Mission: Impossible – Dead Reckoning Part 2",
    "Nature 1920x1080",
    "Kanojo - 12",
    "Frieren – Band 14",
    "Murder in Cinemas",
    "The Release",
    "Press Release",
    "UFC 300",
    "S.W.A.T.",
    "E",
    "!!!",
    "???",
    "🎬",
    "Dune: Part Three (2026)",
    "11/22/63",
    "Report 2026-13-40",
]

DATED = [
    ("The Daily Show 2026-11-20", "The Daily Show"),
    ("The Daily Show - 2026.11.20 - A Guest", "The Daily Show"),
    ("The Daily Show (2026/11/20)", "The Daily Show"),
    ("tagesschau 20.11.2026", "tagesschau"),
    ("[2026-11-20] The Daily Show", "The Daily Show"),
]

FILMS = [
    ("Salt Road (Theatrical Release)", "Salt Road", ReleaseKind.CINEMA),
    ("Salt Road (Cinemas Release)", "Salt Road", ReleaseKind.CINEMA),
    ("Salt Road (Digital Release)", "Salt Road", ReleaseKind.DIGITAL),
    ("Salt Road (Physical Release)", "Salt Road", ReleaseKind.PHYSICAL),
    ("Apollo 13 – in cinemas", "Apollo 13", ReleaseKind.CINEMA),
    ("Kinostart: Salt Road", "Salt Road", ReleaseKind.CINEMA),
    ("Salt Road (Kinostart)", "Salt Road", ReleaseKind.CINEMA),
    ("Digital Release: Salt Road", "Salt Road", ReleaseKind.DIGITAL),
    ("Release: Salt Road", "Salt Road", ReleaseKind.EPISODE),
    ("Salt Road - US Release", "Salt Road", ReleaseKind.EPISODE),
    ("Salt Road [Release Date]", "Salt Road", ReleaseKind.EPISODE),
]


@pytest.mark.parametrize(("summary", "name", "season", "number", "last"), EPISODES)
def test_an_episode_is_known_by_the_sign_beside_its_number(
    summary: str, name: str, season: int | None, number: int, last: int | None
) -> None:
    assert read_summary(summary) == SummaryParts(
        name=name, form=WorkForm.SERIES, season=season, number=number, last=last
    )


@pytest.mark.parametrize("summary", TITLES)
def test_a_number_without_a_sign_is_the_titles(summary: str) -> None:
    assert read_summary(summary) == SummaryParts(name=summary, form=WorkForm.FILM)


@pytest.mark.parametrize(("summary", "name"), DATED)
def test_a_day_in_the_place_of_a_number_is_an_episodes(summary: str, name: str) -> None:
    assert read_summary(summary) == SummaryParts(name=name, form=WorkForm.SERIES, is_dated=True)


@pytest.mark.parametrize(("summary", "name", "kind"), FILMS)
def test_how_a_film_comes_out_is_no_part_of_its_title(summary: str, name: str, kind: ReleaseKind) -> None:
    assert read_summary(summary) == SummaryParts(name=name, form=WorkForm.FILM, kind=kind)


def test_the_numbers_of_several_are_all_of_them() -> None:
    assert list(read_summary("Andor S01E03-E05").numbers) == [3, 4, 5]
    assert list(read_summary("Andor").numbers) == []


@given(st.text(max_size=MOST))
def test_every_summary_with_something_in_it_names_a_work(summary: str) -> None:
    assert bool(read_summary(summary).name) == bool(summary.split())


def test_of_a_long_summary_the_beginning_counts() -> None:
    assert read_summary("a" * 600 + " S01E02") == SummaryParts(name="a" * MOST, form=WorkForm.FILM)


@pytest.mark.parametrize(("summary", "name", "season"), OPENINGS)
def test_the_premiere_of_a_season_is_its_first_episode(summary: str, name: str, season: int) -> None:
    assert read_summary(summary) == SummaryParts(name=name, form=WorkForm.SERIES, season=season, number=1)


@pytest.mark.parametrize(("summary", "name", "season", "part"), SEASONS)
def test_words_of_a_season_are_no_part_of_the_title(summary: str, name: str, season: int | None, part: Part) -> None:
    said = season_words(summary)
    assert (said, read_summary(summary).name) == (Seasoned(name=name, season=season, part=part), name)


@pytest.mark.parametrize(("summary", "name", "season", "number", "ends"), NUMBERED_AND_SEASONED)
def test_words_of_a_season_beside_a_number_are_none_of_the_title_either(
    summary: str, name: str, season: int | None, number: int, ends: bool
) -> None:
    told = read_summary(summary)
    assert (told.name, told.season, told.number) == (name, season, number)
    assert (told.part is Part.FINALE) is ends


@pytest.mark.parametrize(
    ("summary", "name", "season", "number"),
    [
        ("Silo s03e07 - finale", "Silo", 3, 7),
        ("Silo - 3x08 - Finale", "Silo", 3, 8),
        ('Silo (S03E10): "The Finale"', "Silo", 3, 10),
    ],
)
def test_finale_alone_behind_a_number_is_one(summary: str, name: str, season: int, number: int) -> None:
    said = read_summary(summary)
    assert (said.name, said.season, said.number, said.part) == (name, season, number, Part.FINALE)


@pytest.mark.parametrize("summary", ["Silo S03E07 - The Finale Countdown", "Silo S03E07 - Semifinale"])
def test_a_name_that_goes_on_is_no_finale(summary: str) -> None:
    assert read_summary(summary).part is None


@pytest.mark.parametrize(
    ("summary", "name", "season"),
    [
        ("Severance season 3 release", "Severance", 3),
        ("Andor Staffel 3 Start", "Andor", 3),
        ("Lupin (Season 4 release date)", "Lupin", 4),
        ("📺 Holiday Games — S2026 premiere", "Holiday Games", 2026),
        ("NEW: The Pitt S3 E1 (HBO Max)", "The Pitt", 3),
    ],
)
def test_a_season_that_comes_out_is_its_first_episode(summary: str, name: str, season: int) -> None:
    said = read_summary(summary)
    assert (said.name, said.season, said.number) == (name, season, 1)


@pytest.mark.parametrize(
    "summary",
    [
        "Outward 2 (Full Release) [PC, PlayStation 5, Xbox Series X|S]",
        "Fable [Xbox Series X]",
        "Gears: Day Zero (PC, Xbox Series X/S)",
    ],
)
def test_a_console_is_no_season(summary: str) -> None:
    assert read_summary(summary) == SummaryParts(name=summary, form=WorkForm.FILM)


@pytest.mark.parametrize(("summary", "name"), [("🎥 Hamnet", "Hamnet"), ("🎬 Avatar 4", "Avatar 4"), ("⭐️ Up", "Up")])
def test_a_picture_before_a_film_is_none_of_its_name(summary: str, name: str) -> None:
    assert read_summary(summary) == SummaryParts(name=name, form=WorkForm.FILM)


@pytest.mark.parametrize("summary", LABELLED)
def test_a_label_of_the_sort_is_none_of_the_name(summary: str) -> None:
    assert read_summary(summary) == SummaryParts(name="Silo", form=WorkForm.FILM)


@pytest.mark.parametrize(("summary", "rest"), CALLED_OFF)
def test_a_word_at_the_head_calls_an_event_off(summary: str, rest: str | None) -> None:
    assert without_cancelled(summary) == rest
