"""`import` of lists through the command: what is asked of the sources, what is watched then, and what is refused."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reminder.config.list_file import read_list_file
from reminder.config.people_file import PeopleFile, holds_people
from reminder.core.errors import WrongInput
from tests.support.catalogues import KEY, Catalogues, Mood
from tests.support.commands import Shell
from tests.support.works import Film, Season, Show, weekly
from tests.unit.test_lists import CASES, DATA, PEOPLE

LIGHTS: Final = "tvmaze:7"
TIDE: Final = "tvmaze:9"
ROAD: Final = "tmdb:movie/78"


@pytest.fixture
def there() -> Iterator[Catalogues]:
    shows = [
        Show(id=7, name="Harbour Lights", premiered="2026-10-08", imdb="tt0000700", seasons=[Season(number=1, order=3)],
             episodes=weekly(1, "2026-10-08", 3, "21:00")),
        Show(id=9, name="Low Tide", premiered="2020-01-01", imdb="tt0000703"),
        Show(id=20, name="The Office", premiered="2001-01-01"),
        Show(id=21, name="The Office", premiered="2005-01-01"),
    ]  # fmt: skip
    with Catalogues(shows={show.id: show for show in shows}) as made:
        made.films[78] = Film(
            id=78, name="Salt Road", primary="2027-03-01", imdb="tt0000701", dates=[("IN", 3, "2027-03-01", "")]
        )
        made.films[5] = Film(
            id=5, name="Low Tide", primary="2027-05-01", imdb="tt0000720", dates=[("IN", 3, "2027-05-01", "")]
        )
        yield made


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: Catalogues) -> Shell:
    made = Shell(tmp_path, monkeypatch).at("2026-10-01T06:00:00Z")
    monkeypatch.setenv("TMDB_TOKEN", KEY)
    return made.write(
        "timezone: Asia/Kolkata\nchannels: {screen: console://, bot: 'tgram://1:x/{address}'}\n"
        f'sources: {{tvmaze: {{url: "{there.tvmaze}"}}, tmdb: {{key: "${{TMDB_TOKEN}}", url: "{there.tmdb}"}}}}\n'
        "watch: []\n"
    )


def written(shell: Shell, content: str | bytes, name: str = "list.csv") -> str:
    file = shell.home / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(file)


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            # A time of its own: each worker has to make the same archive, for it names a test.
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


@pytest.mark.parametrize(
    ("file", "entries", "unmatched"),
    [
        ("trakt-watchlist.json", [LIGHTS, ROAD, TIDE], []),
        ("trakt-watchlist.csv", [LIGHTS, ROAD, TIDE], []),
        ("trakt-history.json", [], []),
        ("trakt-hidden-dropped.json", [], []),
        ("tvtime-user_tv_show_data.csv", [LIGHTS], ["Doctor Who (2005)"]),
        ("tvtime-tracking-prod-records-v2.csv", [LIGHTS], []),
        ("simkl.json", [LIGHTS, TIDE, "tmdb:movie/99", ROAD], []),
        ("simkl.csv", [LIGHTS, ROAD], ["Low Tide (2025)"]),
        ("imdb-watchlist.csv", [LIGHTS, ROAD], ["A Night of Lamps (2026)", "Four Evenings (2026)"]),
        ("imdb-ratings.csv", [], []),
        ("letterboxd-watchlist.csv", [ROAD], ["Love, Salt & Robots"]),
        ("letterboxd-watched.csv", [], []),
        ("sonarr.json", [LIGHTS], []),
        ("radarr.json", [ROAD], []),
        ("jellyfin.json", [LIGHTS, ROAD], []),
        ("plex.json", [LIGHTS, ROAD], []),
        ("stremio.json", [LIGHTS, ROAD], []),
        ("plex.rss", [LIGHTS, ROAD], []),
        ("watcharr.json", [ROAD, "tmdb:tv/77"], []),
        ("myanimelist.xml", [], ["Fog & Children", "Salt Spirits"]),
        ("steam.json", [], []),
        ("plain.csv", [LIGHTS, TIDE], []),
        ("list.txt", [LIGHTS, TIDE, ROAD], ["Love, Salt & Robots"]),
    ],
)
def test_an_export_is_watched_by_its_numbers_and_names(
    shell: Shell, file: str, entries: list[str], unmatched: list[str]
) -> None:
    tried = shell.run("import", str(DATA / file), "--dry-run", "--json")
    assert tried.status == 0, tried.err
    assert shell.run("list", "--json").json() == []
    found = shell.run("import", str(DATA / file), "--json").json()
    assert found == tried.json()
    assert [row["entry"] for row in found["added"]] == entries
    assert [row["title"] for row in found["unmatched"]] == unmatched
    (left_out,) = [reasons for name, _, _, reasons in CASES if name == file]
    assert (found["reasons"], found["left_out"]) == (left_out, sum(left_out.values()))
    again = shell.run("import", str(DATA / file), "--json").json()
    assert (again["added"], len(again["known"])) == ([], len(entries) + len(found["known"]))


DATED: Final = {
    "own.csv": 'Title,Premiere,Platform\nAntimatter Falls,2027-07-09,Prime Video\nThe Office,"March 1, 2027",Peacock\n'
    "Salt Road,2027-01-01,\nGone By,2020-01-01,HBO\nTwo Ways,01/02/2027,\nOnly A Year,2027,\n",
    "own.yaml": "- title: Antimatter Falls\n  premiere: 2027-07-09\n  platform: Prime Video\n"
    "- title: The Office\n  premiere: March 1, 2027\n- title: Salt Road\n  premiere: 2027-01-01\n"
    "- title: Gone By\n  premiere: 2020-01-01\n- title: Two Ways\n  premiere: 01/02/2027\n"
    "- title: Only A Year\n  premiere: 2027\n",
    "own.json": '[{"title": "Antimatter Falls", "releaseDate": "2027-07-09T00:00:00.000Z", "network": "Prime Video"},'
    ' {"title": "The Office", "releaseDate": "2027-03-01 00:00:00"}, {"title": "Salt Road", "releaseDate": "2027"},'
    ' {"title": "Gone By", "releaseDate": "2020-01-01"}, {"title": "Two Ways", "releaseDate": "01/02/2027"},'
    ' {"title": "Only A Year", "releaseDate": 2027}]',
}
"""A list of one's own in three forms, with what no source knows, knows twice, knows, and with dates of no use."""


@pytest.mark.parametrize("name", list(DATED))
def test_what_no_source_is_sure_of_is_watched_by_the_list_s_own_date(shell: Shell, name: str) -> None:
    listed = written(shell, DATED[name], name)
    found = shell.run("import", listed, "--json").json()
    assert [(row["title"], row["entry"], row["premiere"]) for row in found["added"]] == [
        ("Antimatter Falls", None, "2027-07-09"),
        ("The Office", None, "2027-03-01"),
        ("Salt Road", ROAD, None),
    ]
    reasons = {row["title"].partition(" (")[0]: row["reason"] for row in found["unmatched"]}
    assert list(reasons) == ["Gone By", "Two Ways", "Only A Year"]
    assert reasons["Gone By"].endswith("; the list's date is past: 2020-01-01")
    assert "; premiere: " in reasons["Two Ways"]
    assert ";" not in reasons["Only A Year"]
    shown = {row["title"]: row for row in shell.run("upcoming", "--json").json()}
    falls = shown["Antimatter Falls"]
    assert (falls["local_date"], falls["platform"]) == ("2027-07-09", "Prime Video")
    assert shown["Salt Road"]["local_date"] is None  # what its source says counts, once that is asked
    again = shell.run("import", listed)
    assert "0 are watched now, 3 were already, 3 could not be matched." in again.err


def test_how_many_are_watched_by_the_list_s_own_date_is_said(shell: Shell) -> None:
    listed = written(shell, DATED["own.csv"])
    said = shell.run("import", listed, "--dry-run").err
    assert "3 would be watched (2 of them by the list's own date), 0 were already" in said


def test_a_season_limits_a_title_to_it(shell: Shell) -> None:
    shell.run("import", str(DATA / "plain.csv"))
    assert [(row["title"], row["season"]) for row in shell.run("list", "--json").json()] == [
        ("Harbour Lights", None),
        ("Low Tide", 3),
    ]


def test_numbers_go_before_names_and_give_a_name_where_there_is_none(shell: Shell, there: Catalogues) -> None:
    listed = written(shell, "type,externalSrc,externalId\nmovie,imdb,tt0000701\ntv,imdb,tt0000700\ntv,imdb,tt0000999\n")
    found = shell.run("import", listed, "--json").json()
    assert [(row["title"], row["entry"]) for row in found["added"]] == [("Salt Road", ROAD), ("Harbour Lights", LIGHTS)]
    assert [(row["title"], row["reason"]) for row in found["unmatched"]] == [
        ("imdb:tt0000999", "no source that is set up knows its number")
    ]
    assert there.asked("search") == []


def test_two_works_of_one_name_are_two_titles(shell: Shell) -> None:
    listed = written(
        shell,
        "title,year,type,imdb\nLow Tide,2020,show,tt0000703\nLow Tide,2027,movie,tt0000720\n"
        "The Office,2005,show,\nThe Office,2001,show,\nthe office,2005,,\nHarbour Lights,,,\nHarbor Lights,,,tt0000700\n",
    )
    found = shell.run("import", listed, "--json").json()
    assert [(row["title"], row["entry"]) for row in found["added"]] == [
        ("Low Tide", TIDE),
        ("Low Tide (2027)", "tmdb:movie/5"),
        ("The Office", "tvmaze:21"),
        ("The Office (2001)", "tvmaze:20"),
        ("Harbour Lights", LIGHTS),
    ]
    assert found["known"] == ["the office", "Harbor Lights"]
    assert len(shell.run("import", listed, "--json").json()["added"]) == 0


def test_what_the_config_lists_is_known_in_any_spelling_whether_or_not_a_daemon_has_run(
    shell: Shell, there: Catalogues
) -> None:
    shell.write(shell.config.read_text().replace("watch: []", "watch: [harbour-lights, {title: Fog, premiere: TBA}]"))
    found = shell.run("import", written(shell, "title\nThe Harbour Lights\nFOG\nLow Tide\n"), "--json").json()
    assert (found["known"], [row["entry"] for row in found["added"]]) == (["The Harbour Lights", "FOG"], [TIDE])
    assert not there.asked("Harbour")


# People --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", PEOPLE)
def test_nothing_of_a_file_of_people_leaves_this_machine(shell: Shell, there: Catalogues, text: str) -> None:
    for words in ([], ["--dry-run"], ["--json"], ["--dry-run", "--no-films"]):
        found = shell.run("import", written(shell, text), *words)
        assert found.status == 2
        assert "which column is the subscriber?" in found.err
    assert there.sink.requests == []


def test_an_archive_with_only_people_in_it_asks_nobody(shell: Shell, there: Catalogues) -> None:
    raw = zipped({"members.csv": PEOPLE[0], "profile.csv": PEOPLE[2], "people.json": PEOPLE[-3]})
    assert shell.run("import", written(shell, raw, "x.zip"), "--dry-run").status == 2
    assert there.sink.requests == []


# Archives ------------------------------------------------------------------------------------------------------------


def member(name: str) -> bytes:
    return (DATA / name).read_bytes()


ARCHIVES: Final[dict[str, tuple[dict[str, bytes], str, str, list[str]]]] = {
    "TV Time": (
        {
            "gdpr/access_token.csv": b"access_token,user_id\nsecret,1\n",
            "gdpr/user_tv_show_data.csv": member("tvtime-user_tv_show_data.csv") + b"Low Tide,1,4003,1,0,1\n",
            "gdpr/followed_tv_show.csv": member("tvtime-followed_tv_show.csv"),
            "gdpr/tracking-prod-records.csv": member("tvtime-tracking-prod-records.csv"),
            "gdpr/tracking-prod-records-v2.csv": member("tvtime-tracking-prod-records-v2.csv"),
        },
        "TV Time",
        "gdpr/user_tv_show_data.csv, gdpr/tracking-prod-records.csv",
        ["Harbour Lights", "Doctor Who", "Salt Road"],
    ),
    "Letterboxd": (
        {
            "profile.csv": b"Date Joined,Username,Given Name,Email Address\n2019,sam,Sam,sam@example.org\n",
            "watched.csv": member("letterboxd-watched.csv"),
            "diary.csv": member("letterboxd-diary.csv"),
            "likes/films.csv": b"Date,Name,Year,Letterboxd URI\n2024-01-01,Liked,2001,https://boxd.it/x\n",
            "deleted/watchlist.csv": b"Date,Name,Year,Letterboxd URI\n2024-01-01,Gone,2001,https://boxd.it/x\n",
            "lists/best.csv": member("letterboxd-list.csv"),
            "watchlist.csv": member("letterboxd-watchlist.csv"),
        },
        "Letterboxd",
        "watchlist.csv",
        ["Salt Road", "Love, Salt & Robots"],
    ),
    "Trakt": (
        {
            "user-profile.json": b'{"username": "sam", "name": "Sam"}',
            "watched-history.json": member("trakt-history.json"),
            "ratings-shows.json": member("trakt-ratings-shows.json"),
            "lists-watchlist.json": member("trakt-watchlist.json"),
            "hidden/hidden-dropped.json": b'[{"hidden_at": "2025-01-01T00:00:00.000Z", "show": {"title": "Harbour Lights",'
            b' "year": 2026, "ids": {"trakt": 1, "slug": "x"}}}]',
        },
        "Trakt",
        "lists-watchlist.json",
        ["Salt Road", "Low Tide"],
    ),
    "SIMKL": (
        {"SimklBackup.json": member("simkl.json")},
        "SIMKL",
        "SimklBackup.json",
        ["Harbour Lights", "Low Tide", "Salt Spirits", "Salt Road"],
    ),
    "MyAnimeList": (
        {"animelist.xml.gz": gzip.compress(member("myanimelist.xml"))},
        "MyAnimeList",
        "animelist.xml.gz",
        ["Fog & Children", "Salt Spirits"],
    ),
    "a text": ({"list.txt": b"Arrow\nHouse\n", "photo.png": b"\x89PNG"}, "plain text", "list.txt", ["Arrow", "House"]),
}


@pytest.mark.parametrize(("members", "kind", "file", "titles"), ARCHIVES.values(), ids=ARCHIVES)
def test_the_list_within_an_archive_is_found_and_named(
    tmp_path: Path, members: dict[str, bytes], kind: str, file: str, titles: list[str]
) -> None:
    for order in (members, dict(reversed(members.items()))):
        (tmp_path / "export.zip").write_bytes(zipped(order))
        found = read_list_file(tmp_path / "export.zip")
        assert (found.kind, sorted(found.member.split(", "))) == (kind, sorted(file.split(", ")))
        assert {item.name for item in found.titles} == set(titles)


def encrypted() -> bytes:
    raw = bytearray(zipped({"watchlist.csv": member("letterboxd-watchlist.csv")}))
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    return bytes(raw)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (zipped({"photo.png": b"x", "notes.pdf": b"y"}), "a ZIP archive without a list of titles in it"),
        (zipped({"a.csv": b"title\nArrow\n", "b.csv": b"title\nHouse\n"}), "has 2 files that may be lists"),
        (zipped({"xl/workbook.xml": b"<x/>", "[Content_Types].xml": b"<x/>"}), "an Excel workbook: save the sheet"),
        (zipped({"word/document.xml": b"<x/>"}), "a Word document"),
        (zipped({"mimetype": b"x", "content.xml": b"<x/>"}), "an OpenDocument file"),
        (encrypted(), "a ZIP archive with a password"),
        (zipped({"a.csv": b"title\n" + b"Arrow\n" * 9}) [:40], "a ZIP archive that is damaged"),
        (zipped({"bomb.csv": b"title\n" + b"\n" * 34_000_000}), "bomb.csv in it is too large"),
        (b"PK\x05\x06" + b"\0" * 18, "an empty ZIP archive"),
        (gzip.compress(b"title\n" + b"\n" * 34_000_000), "unpacked it is larger than 32 MiB"),
        (gzip.compress(member("myanimelist.xml"))[:-20], "a gzip archive without its end"),
        (b"\x1f\x8bnothing", "a gzip archive that is damaged"),
    ],
)  # fmt: skip
def test_an_archive_that_is_no_list_is_refused_with_what_to_do(tmp_path: Path, raw: bytes, says: str) -> None:
    (tmp_path / "x.zip").write_bytes(raw)
    with pytest.raises(WrongInput, match=says):
        read_list_file(tmp_path / "x.zip")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_whatever_bytes_come_the_whole_import_reads_them_or_says_why_not(tmp_path: Path, data: st.DataObject) -> None:
    sources = [*(member(name) for name, *_ in CASES), zipped(ARCHIVES["Trakt"][0]), b"subscriber,titles\nsam,*\n"]
    raw = bytearray(data.draw(st.one_of(st.binary(max_size=200), st.sampled_from(sources))))
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, len(raw)))
        raw[at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=9))
    file = tmp_path / "any"
    file.write_bytes(bytes(raw))
    try:
        if holds_people(file):
            assert all(line > 0 for line, _ in PeopleFile(path=file).values())
        else:
            read_list_file(file)
    except WrongInput as refused:
        assert str(file) in str(refused)  # noqa: PT017  both ways are right


# What is said --------------------------------------------------------------------------------------------------------


def test_what_a_list_is_and_what_is_left_out_is_said(shell: Shell) -> None:
    said = shell.run("import", str(DATA / "imdb-watchlist.csv")).err
    assert "imdb-watchlist.csv: IMDb, 4 titles, 2 of them films, 3 left out: 1 watched, 1 episode, 1 game.\n" in said
    assert "2 are watched now, 0 were already, 2 could not be matched.\n" in said
    said = shell.run("import", written(shell, "title\nCafé\n".encode("cp1252"))).err
    assert "plain CSV, 1 title; read as Windows-1252: save it as UTF-8 if letters are wrong.\n" in said
    said = shell.run("import", str(DATA / "trakt-history.json")).err
    assert "Nothing in it is waited for: what you wait for is in Trakt's watchlist" in said


def test_series_that_were_watched_are_taken_when_asked_for(shell: Shell) -> None:
    found = shell.run("import", str(DATA / "imdb-ratings.csv"), "--watched", "--json").json()
    assert [row["entry"] for row in found["added"]] == [LIGHTS]


def test_thousands_of_titles_with_one_reason_are_one_line(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REMINDER_OFFLINE", "1")
    shell.write("timezone: Asia/Kolkata\nchannels: {screen: console://}\nwatch: []\n")
    listed = written(shell, "title\n" + "".join(f"Nowhere {number}\n" for number in range(2000)))
    found = shell.run("import", listed, "--dry-run")
    shown = " ".join(found.out.split())
    assert len(found.out.splitlines()) < 20
    assert "2000 titles: Nowhere 0 (2), Nowhere 1 (3)" in shown
    assert "sources are switched off by REMINDER_OFFLINE" in shown
    assert len(shell.run("import", listed, "--dry-run", "--json").json()["unmatched"]) == 2000


def test_sources_that_are_switched_off_are_named_as_such(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REMINDER_OFFLINE", "1")
    shell.write("timezone: Asia/Kolkata\nchannels: {screen: console://}\nwatch: []\n")
    found = shell.run("import", str(DATA / "trakt-watchlist.json"), "--json").json()
    assert {row["reason"] for row in found["unmatched"]} == {"sources are switched off by REMINDER_OFFLINE"}


def test_a_source_that_is_silent_is_a_failure_and_what_is_not_known_is_none(shell: Shell, there: Catalogues) -> None:
    listed = written(shell, "title\nHarbour Lights\nXyzzy\n")
    there.mood = Mood.DOWN
    assert shell.run("import", listed).status == 1
    there.mood = Mood.WELL
    assert shell.run("import", listed).status == 0
