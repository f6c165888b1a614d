"""Lists that other programs export, each in its own shape, are read as one list of titles."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminder.core.lists import PROGRAMS, ListError, Wanted, read_list, read_text, summary
from reminder.core.lists.programs import SHAPES
from reminder.core.lists.values import LeftOutReason
from reminder.core.sourcing.answers import WorkForm

DATA: Final = Path(__file__).parent.parent / "data" / "lists"

Title = tuple[str, int | None, str | None, int | None, dict[str, str]]

LIGHTS_IDS: Final = {"imdb": "tt0000700", "tmdb": "tv/77", "thetvdb": "4001"}
ROAD_IDS: Final = {"imdb": "tt0000701", "tmdb": "movie/78"}


def lights(year: int | None = 2026, /, **ids: str) -> Title:
    return ("Harbour Lights", year, "series", None, ids)


def road(year: int | None = 2027, /, **ids: str) -> Title:
    return ("Salt Road", year, "film", None, ids)


CASES: Final[list[tuple[str, str, list[Title], dict[str, int]]]] = [
    (
        "trakt-watchlist.json",
        "Trakt",
        [
            lights(**LIGHTS_IDS),
            road(**ROAD_IDS),
            ("Low Tide", 2020, "series", 3, {"imdb": "tt0000703", "tmdb": "tv/79", "thetvdb": "4003"}),
        ],
        {"episodes": 1, "people": 1},
    ),
    (
        "stremio.json",
        "Stremio",
        [lights(None, imdb="tt0000700"), road(None, imdb="tt0000701")],
        {"dropped": 1, "not on the watchlist": 1, "watched": 1},
    ),
    ("trakt-history.json", "Trakt", [], {"episodes": 1, "watched": 1}),
    ("trakt-ratings-shows.json", "Trakt", [], {"watched": 1}),
    ("trakt-watched-shows.json", "Trakt", [], {"watched": 1}),
    ("trakt-hidden-dropped.json", "Trakt", [], {"hidden": 1}),
    (
        "trakt-watchlist.csv",
        "Trakt",
        [
            lights(**LIGHTS_IDS),
            road(**ROAD_IDS),
            ("Low Tide", 2020, "series", 3, {"imdb": "tt0000703", "tmdb": "tv/79", "thetvdb": "4003"}),
        ],
        {"episodes": 1},
    ),
    ("trakt-history.csv", "Trakt", [], {"episodes": 1, "watched": 1}),
    (
        "tvtime-user_tv_show_data.csv",
        "TV Time",
        [lights(None, thetvdb="4001"), ("Doctor Who", 2005, "series", None, {"thetvdb": "4007"})],
        {"not followed": 1},
    ),
    ("tvtime-followed_tv_show.csv", "TV Time", [lights(None, thetvdb="4001")], {"archived": 1, "not followed": 1}),
    ("tvtime-tracking-prod-records.csv", "TV Time", [road()], {"watched": 2}),
    (
        "tvtime-tracking-prod-records-v2.csv",
        "TV Time",
        [lights(None, thetvdb="4001")],
        {"episodes": 2, "archived": 1, "not followed": 1, "music and the like": 1},
    ),
    ("tvtime-series.json", "TV Time", [lights(None, imdb="tt0000700", thetvdb="4001")], {"dropped": 1}),
    (
        "simkl.json",
        "SIMKL",
        [
            lights(**LIGHTS_IDS),
            ("Low Tide", 2025, "series", None, {"imdb": "tt0000703"}),
            ("Salt Spirits", 2027, "film", None, {"tmdb": "movie/99"}),
            road(**ROAD_IDS),
        ],
        {"dropped": 2, "completed": 1},
    ),
    (
        "simkl.csv",
        "SIMKL",
        [lights(**LIGHTS_IDS), road(**ROAD_IDS), ("Low Tide", 2025, "series", None, {})],
        {"dropped": 1, "completed": 1},
    ),
    (
        "yamtrack.csv",
        "Yamtrack",
        [
            lights(None, tmdb="tv/77"),
            ("Low Tide", None, "series", 3, {"tmdb": "tv/79"}),
            road(None, tmdb="movie/78"),
            ("Fog Children", None, "series", None, {}),
        ],
        {"completed": 2, "episodes": 1, "dropped": 1, "books and comics": 1, "games": 1},
    ),
    (
        "imdb-watchlist.csv",
        "IMDb",
        [
            lights(imdb="tt0000700"),
            road(imdb="tt0000701"),
            ("A Night of Lamps", 2026, "film", None, {"imdb": "tt0000706"}),
            ("Four Evenings", 2026, "series", None, {"imdb": "tt0000707"}),
        ],
        {"watched": 1, "episodes": 1, "games": 1},
    ),
    (
        "imdb-old.csv",
        "IMDb",
        [road(imdb="tt0000701"), ("Four Evenings", 2026, "series", None, {"imdb": "tt0000707"})],
        {},
    ),
    ("imdb-ratings.csv", "IMDb", [], {"watched": 2, "episodes": 1}),
    (
        "letterboxd-watchlist.csv",
        "Letterboxd",
        [road(), ("Love, Salt & Robots", None, "film", None, {})],
        {},
    ),
    ("letterboxd-watched.csv", "Letterboxd", [], {"watched": 1}),
    ("letterboxd-diary.csv", "Letterboxd", [], {"watched": 1}),
    ("letterboxd-ratings.csv", "Letterboxd", [], {"watched": 1}),
    ("letterboxd-list.csv", "Letterboxd", [road(), ("Old News", 2011, "film", None, {})], {}),
    (
        "tmdb-watchlist.csv",
        "TMDB",
        [lights(imdb="tt0000700", tmdb="tv/77"), road(**ROAD_IDS)],
        {"episodes": 1},
    ),
    ("sonarr.json", "Sonarr", [lights(**LIGHTS_IDS, tvmaze="7")], {"unmonitored": 1}),
    ("radarr.json", "Radarr", [road(**ROAD_IDS)], {"there as a file": 1, "unmonitored": 1}),
    ("seriesguide-shows.json", "SeriesGuide", [lights(**LIGHTS_IDS)], {"hidden": 1}),
    ("seriesguide-minimal.json", "SeriesGuide", [("", None, "series", None, {"tmdb": "tv/77"})], {}),
    ("seriesguide-movies.json", "SeriesGuide", [road(**ROAD_IDS)], {"watched": 1, "not on the watchlist": 1}),
    ("seriesguide-lists.json", "SeriesGuide", [("", None, "series", None, {"tmdb": "tv/77"})], {"episodes": 1}),
    (
        "mediatracker.csv",
        "MediaTracker",
        [
            ("", None, "film", None, {"imdb": "tt0000701"}),
            ("", None, "series", None, {"tmdb": "tv/77"}),
            ("", None, "series", 3, {"thetvdb": "4001"}),
        ],
        {"watched": 1, "episodes": 1},
    ),
    (
        "mediatracker.json",
        "MediaTracker",
        [lights(**LIGHTS_IDS)],
        {"watched": 1, "games": 1, "not on the watchlist": 1},
    ),
    (
        "ryot.json",
        "Ryot",
        [lights(None, tmdb="tv/77"), ("", None, "film", None, {"tmdb": "movie/78"})],
        {"watched": 1, "dropped": 1, "books and comics": 1},
    ),
    ("watcharr.json", "Watcharr", [road(**ROAD_IDS), lights(tmdb="tv/77")], {"dropped": 1, "completed": 1}),
    (
        "anilist.json",
        "AniList",
        [("Fog Children", 2026, "series", None, {}), ("Shio no Michi", 2027, "film", None, {})],
        {"dropped": 1, "completed": 1, "books and comics": 1},
    ),
    ("anilist-both.json", "AniList", [("Fog Children", None, "series", None, {})], {"books and comics": 1}),
    ("kitsu.json", "Kitsu", [("Fog Children", 2026, "series", None, {})], {"dropped": 1, "books and comics": 1}),
    (
        "myanimelist.xml",
        "MyAnimeList",
        [("Fog & Children", None, "series", None, {}), ("Salt Spirits", None, "film", None, {})],
        {"dropped": 1, "completed": 1},
    ),
    (
        "myanimelist-api.json",
        "MyAnimeList",
        [("Fog Children", 2026, "series", None, {})],
        {"dropped": 1, "completed": 1},
    ),
    (
        "jellyfin.json",
        "Jellyfin",
        [lights(**LIGHTS_IDS), road(imdb="tt0000701")],
        {"watched": 1, "episodes": 1, "music and the like": 1},
    ),
    ("plex.json", "Plex", [lights(**LIGHTS_IDS), road(imdb="tt0000701")], {"watched": 1, "episodes": 1}),
    ("plex.rss", "Plex", [lights(thetvdb="4001"), road(imdb="tt0000701")], {}),
    ("steam.json", "Steam", [], {"games": 1}),
    ("list.jsonl", "JSON", [lights(imdb="tt0000700")], {"dropped": 1}),
    (
        "list.txt",
        "plain text",
        [
            ("Harbour Lights", None, None, None, {}),
            ("Love, Salt & Robots", None, None, None, {}),
            ("Low Tide", 2020, None, None, {}),
            ("", None, None, None, {"tvmaze": "7"}),
            ("", None, None, None, {"imdb": "tt0000701"}),
        ],
        {"watched": 1},
    ),
    (
        "list.md",
        "plain text",
        [(name, None, None, None, {}) for name in ("Harbour Lights", "Low Tide", "I, Claudius", "10,000 BC")],
        {"watched": 1},
    ),
    (
        "plain.csv",
        "plain CSV",
        [("Harbour Lights", 2026, None, None, {}), ("Low Tide", 2020, None, 3, {})],
        {},
    ),
]


def as_tuple(item: Wanted) -> Title:
    return (item.name, item.year, str(item.form) if item.form else None, item.season, dict(item.ids))


@pytest.mark.parametrize(("file", "kind", "titles", "left_out"), CASES, ids=[case[0] for case in CASES])
def test_each_export_is_known_by_its_program_and_gives_what_is_waited_for(
    file: str, kind: str, titles: list[Title], left_out: dict[str, int]
) -> None:
    found = read_list((DATA / file).read_bytes(), file)
    assert found.kind == kind
    assert [as_tuple(item) for item in found.titles] == titles
    assert found.reasons == left_out


def test_every_program_of_the_table_has_an_export_here_and_every_file_is_in_the_table() -> None:
    assert set(PROGRAMS) <= {kind for _, kind, _, _ in CASES}
    assert {path.name for path in DATA.iterdir()} == {file for file, *_ in CASES}


def test_a_shape_is_recognised_by_columns_that_it_reads_or_that_only_it_has() -> None:
    assert all(mark and all(mark) for shape in SHAPES for mark in shape.marks)
    assert all(not shape.lacks & mark for shape in SHAPES for mark in shape.marks)


@pytest.mark.parametrize(
    "columns",
    [
        "Title,Year,Type",
        "TITLE;YEAR;TYPE",
        "title\tyear\ttype",
        '"Title","Year","Type"',
        "title|year|type",
        "  title , year , type ",
        "Titel;Jahr;Typ",
        "sep=;\nTitle;Year;Type",
        '"sep=,"\nTitle,Year,Type',
        "My list\nas of today\n\nTitle,Year,Type",
    ],
)
def test_tables_are_read_in_the_dialects_and_encodings_of_spreadsheets(columns: str) -> None:
    mark = next(mark for mark in "\t|;," if mark in columns.splitlines()[-1])
    text = f'{columns}\n"Café ""Lumière"""{mark}2027{mark}movie\n"Low\nTide"{mark}2020{mark}show\n'
    titles = [('Café "Lumière"', 2027, "film"), ("Low Tide", 2020, "series")]
    encodings = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252")
    read, wanted = {}, {}
    for ends, encoding in itertools.product(("\n", "\r\n", "\r"), encodings):
        result = read_list(text.replace("\n", ends).encode(encoding))
        read[ends, encoding] = ([as_tuple(item)[:3] for item in result.titles], result.encoding)
        wanted[ends, encoding] = (titles, "Windows-1252" if encoding == "cp1252" else "")
    assert read == wanted


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        ("Love, Death & Robots", ["Love, Death & Robots"]),
        ("- Breaking Bad\n* Arrow\n+ House\n• Dark\n– Silo", ["Breaking Bad", "Arrow", "House", "Dark", "Silo"]),
        ("[ ] House\n[] Arrow\n[x] Lost\n☐ Dark\n☑ Silo", ["House", "Arrow", "Dark"]),
        ("- [ ] House\n- [X] Lost", ["House"]),
        ("1. Arrow\n2. House", ["Arrow", "House"]),
        ("1) Arrow\n2) [ ] House", ["Arrow", "House"]),
        ("12. Arrow\n11. House\n10. Dark", ["Arrow", "House", "Dark"]),
        ("9. Bundesliga", ["9. Bundesliga"]),
        ("1899\n24\n10,000 BC\n#blackAF\n@midnight\n*Batteries Not Included\n[REC]\n.hack", None),
        ("The Good, the Bad and the Ugly\nI, Claudius\nMe, Myself & Irene", None),
        ("Steins;Gate\nChaos;Head\nNOS4A2", None),
        ("# films\n\n##\nArrow", ["Arrow"]),
        ('"Weird Al" Story\n"Arrow"', ['"Weird Al" Story', "Arrow"]),
        ("Dune: Part Three\nSpider-Man: Brand New Day\n3%\n86\nM*A*S*H", None),
        ("title", []),
        ("Arrow\n\u200bHouse\u202e\n\ufeffDark", ["Arrow", "House", "Dark"]),
    ],
)
def test_a_text_is_one_title_a_line_without_bullets_boxes_and_numbers(lines: str, names: list[str] | None) -> None:
    expected = lines.split("\n") if names is None else names
    assert [item.name for item in read_text(lines).titles] == expected


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("  \n", "empty"),
        ("{not json", "cannot be read"),
        ("[]", "no titles"),
        ('{"a": 1}', "no titles"),
        ("[" * 5000, "cannot be read|nested"),
        ("[" * 200_000, "cannot be read|nested"),
        ("a,b\n1,2\n", "title,year.*subscriber,channel,address,titles"),
        ("Maria Musterfrau,bot,12345,*\n", "title,year.*subscriber,channel,address,titles"),
        ("Arrow,2012\nHouse,2004\n", "title,year"),
        ("Arrow;2012;\nHouse;2004;\n", "title,year"),
        ('title,year\n"Arrow,2012\nHouse,2004\n', "line 2: a quotation mark is opened here and never closed"),
        ("Title,Author,My Rating,ISBN13\nArrow,Somebody,4,123\n", "books"),
        ("Book Id,Title,Author,Author l-f\n1,Arrow,Somebody,x\n", "books"),
        ("Title,Authors,ISBN/UID,Format,Read Status\nArrow,Somebody,1,paperback,read\n", "books"),
        ('[{"title": "Arrow", "author": "Somebody", "isbn": "1"}]', "books"),
        ("Track Name,Artist Name,Album Name,Title\na,b,c,d\n", "music"),
        ("<!DOCTYPE html><html><body>Arrow</body></html>", "web page"),
        ("\n <html>\n<p>Arrow", "web page"),
        ("<opml version='2.0'><body/></opml>", r"XML \(opml\)"),
        ("<rss><channel><title>News of the day</title><item><title>Arrow</title></item></channel></rss>", "News of"),
        (
            "<rss><channel><title>Plex News</title><item><title>A new look</title></item></channel></rss>",
            "does not say that it is a watchlist of Plex",
        ),
        (
            "<rss><channel><title>The Plex Blog</title><item><title>A new look</title>"
            "<guid>https://www.plex.tv/?p=1</guid><category>News</category></item></channel></rss>",
            "does not say that it is a watchlist of Plex",
        ),
        ("<GoodreadsResponse><reviews/></GoodreadsResponse>", "goodreadsresponse"),
        ("<myanimelist><anime>", "XML that cannot be read"),
        ("<myanimelist/>", "the list is empty"),
        ('<!DOCTYPE x [<!ENTITY a "aa">]><myanimelist>&a;</myanimelist>', "entities"),
        ("<a>" * 1000, "nested too deep"),
        ("BEGIN:VCALENDAR\nEND:VCALENDAR\n", "calendars:"),
        ("timezone: Asia/Kolkata\nwatch:\n  - Arrow\n", "config"),
        ("word " * 100 + "\n" + "and so on " * 60, "reminder read"),
        ('{"lists": [{"id": 1, "series_id": 5, "series_type": 0, "score": 3}]}', "AniList's, .* no names"),
        ('{"response": {"items": [{"name": ""}]}}', "no titles"),
        ("%PDF-1.7", "a PDF"),
        ("SQLite format 3\0", "a database"),
        ("{\\rtf1 Arrow}", "RTF"),
    ],
)
def test_what_is_no_list_is_called_by_its_name_with_what_to_do(text: str, says: str) -> None:
    with pytest.raises(ListError, match=says):
        read_list(text.encode())


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"Arrow\0\1\2House\0", "not a text"),
        (b"title\nCaf\x81\n", "not UTF-8 text: save the file as UTF-8"),
        ("Властелин колец\nСаша\n".encode("cp1251"), "its encoding is not known: save the file as UTF-8"),
        (b"\xff\xfea", "says that it is UTF-16, and it is not"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old Excel"),
        (b"\x89PNG\r\n", "a picture"),
    ],
)
def test_bytes_that_are_no_text_are_called_by_their_name(raw: bytes, says: str) -> None:
    with pytest.raises(ListError, match=says):
        read_list(raw)


PEOPLE: Final = [
    "name,channel,address,titles\nMaria Musterfrau,bot,12345,*\n",
    "titles,address,channel,name\n*,12345,bot,Maria Musterfrau\n",
    "Name,E-Mail\nMaria Musterfrau,maria@example.org\n",
    "Name;Email Address\nMaria Musterfrau;\n",
    "Name\tTelegram\nMaria Musterfrau\t@maria\n",
    "NAME,CHAT ID\nMaria Musterfrau,12345\n",
    "Name,chat-id\nMaria Musterfrau,12345\n",
    "Timestamp;Name;Telegram;Timezone\n30.11.2026 09:00:00;Maria Musterfrau;maria;Berlin\n",
    "Zeitstempel;Name;Handynummer\n30.11.2026;Maria Musterfrau;0151 1234567\n",
    "sep=;\nName;Kanal\nMaria Musterfrau;bot\n",
    "Members of the club\n\nName,Channel\nMaria Musterfrau,bot\n",
    "Vorname,Nachname\nMaria,Musterfrau\n",
    "Title,First Name,Last Name\nMs,Maria,Musterfrau\n",
    "Name,Username\nMaria Musterfrau,maria\n",
    "title,who\nMaria Musterfrau,maria@example.org\n",
    "title,who\nMaria Musterfrau,@maria_m\n",
    "title,who\nMaria Musterfrau,+49 151 12345678\n",
    "title,who\nMaria Musterfrau,tgram://123:abc/45\n",
    "Maria Musterfrau <maria@example.org>\n",
    "Maria Musterfrau\nmailto://maria:secret@example.org\n",
    "mail,kanal\nmaria@example.org,bot\n",
    "- subscriber: Maria Musterfrau\n  channel: bot\n  address: 12345\n",
    "First Name,Middle Name,E-mail 1 - Value\nMaria,,\n",
    "Name,Age\nMaria Musterfrau,30\n",
    "Subscriber Name,Show\nMaria Musterfrau,Arrow\n",
    '["maria@example.org"]',
    "Maria Musterfrau (Berlin), 0151 234 56 78\nSam, 0160/5551234\n",
    "title,who\nMaria Musterfrau,call 0151-23456789\n",
    "BEGIN:VCARD\nFN:Maria Musterfrau\nEND:VCARD\n",
    '[{"name": "Maria Musterfrau", "channel": "bot", "address": 12345}]',
    '{"people": [{"name": "Maria Musterfrau"}]}',
    '{"users": [\n  {"name": "Maria Musterfrau",\n   "email": null}]}',
    '[{"title": "Maria Musterfrau", "note": "maria@example.org"}]',
    '{"name": "Maria Musterfrau", "telegram": "@maria"}\n{"name": "Sam", "telegram": "@sam"}\n',
]


@pytest.mark.parametrize("text", PEOPLE)
def test_a_file_of_people_is_asked_about_and_none_of_their_data_is_repeated(text: str) -> None:
    with pytest.raises(ListError) as refused:
        read_list(text.encode())
    assert "which column is the subscriber? To bring people in, name the columns as in" in str(refused.value)
    assert "Maria" not in str(refused.value)
    assert "maria" not in str(refused.value)


def test_titles_that_look_a_little_like_people_are_titles() -> None:
    text = "title,network,notes\n@midnight,Comedy Central,at 9\nThe Office,NBC,\n"
    assert [item.name for item in read_text(text).titles] == ["@midnight", "The Office"]


@pytest.mark.parametrize(
    ("file", "says"),
    [
        ("imdb-watchlist.csv", "4 titles, 2 of them films, 3 left out: 1 watched, 1 episode, 1 game"),
        ("tvtime-user_tv_show_data.csv", "2 titles, 1 left out: 1 not followed"),
        ("tvtime-tracking-prod-records-v2.csv", "1 title, 5 left out: 2 episodes, 1 archived"),
        ("radarr.json", "1 title, 1 of them a film, 2 left out: 1 there as a file, 1 unmonitored"),
    ],
)
def test_what_is_left_out_is_counted_by_its_reason(file: str, says: str) -> None:
    assert summary(read_list((DATA / file).read_bytes(), file)).startswith(says)


@pytest.mark.parametrize(
    ("row", "ids"),
    [
        ("title,imdb\nArrow,https://www.imdb.com/title/tt2193021/\n", {"imdb": "tt2193021"}),
        ("title,url\nArrow,https://www.themoviedb.org/tv/1412-arrow\n", {"tmdb": "tv/1412"}),
        ("title,url\nArrow,https://www.tvmaze.com/shows/4/arrow\n", {"tvmaze": "4"}),
        ("title,tmdb_id\nArrow,1412\n", {}),
        ("title,type,TMDb ID\nArrow,tv,1412\n", {"tmdb": "tv/1412"}),
        ("title,type,tmdb id\nArrow,tv,1412.0\n", {"tmdb": "tv/1412"}),
        ("title,tvdbId\nArrow,0257655\n", {"thetvdb": "257655"}),
        ("title,tvdb,imdb,tvmaze\nArrow,0,None,-1\n", {}),
        ("imdb_id\ntt2193021\n", {"imdb": "tt2193021"}),
        ("IMDb ID;rank\ntt2193021;1\n", {"imdb": "tt2193021"}),
        ('{"title": "Arrow", "imdb_id": "tt2193021"}', {"imdb": "tt2193021"}),
        ("title,TVmaze ID\nArrow,4\n", {"tvmaze": "4"}),
    ],
)
def test_numbers_of_catalogues_are_read_in_any_spelling(row: str, ids: dict[str, str]) -> None:
    (found,) = read_text(row).titles
    assert found.ids == ids


@pytest.mark.parametrize(
    ("said", "reasons"),
    [
        ("status\nOn-Hold\nDropped\nSTOPPED WATCHING\nPlan to watch", {"dropped": 2}),
        ("Status\nabgebrochen\ngesehen\nläuft", {"dropped": 1, "watched": 1}),
        ("watched\nyes\nno\n\n0\n1\nx", {"watched": 3}),
        ("monitored\nTrue\nFalse\n", {"unmonitored": 1}),
        ("Archived\ntrue\nfalse", {"archived": 1}),
        ("Date watched\n2024-01-01\n-", {"watched": 1}),
        ("episode\n3\n", {"episodes": 1}),
        ("type\ntvEpisode\nTV Episode\nVideo Game\nmanga\nMovie\npodcastSeries", {
            "episodes": 2, "games": 1, "books and comics": 1, "music and the like": 1}),
    ],
)  # fmt: skip
def test_states_are_read_in_any_spelling(said: str, reasons: dict[str, int]) -> None:
    head, *rows = said.split("\n")
    text = "\n".join([f"title,{head}", *(f"Title {number},{row}" for number, row in enumerate(rows))])
    assert read_text(text).reasons == reasons


def test_a_season_is_not_wanted_again_where_the_whole_title_is() -> None:
    found = read_text("title,season\nSilo,2\nSilo,3\nSilo,\nDark,1\n")
    assert [(item.name, item.season) for item in found.titles] == [("Silo", None), ("Dark", 1)]


@given(st.binary(max_size=300))
def test_any_bytes_are_a_list_or_say_why_not(raw: bytes) -> None:
    try:
        found = read_list(raw)
    except ListError:
        return
    assert all(item.name or item.ids for item in found.titles)


@given(st.text(max_size=200))
def test_any_text_is_a_list_or_says_why_not(text: str) -> None:
    try:
        found = read_text(text)
    except ListError:
        return
    assert all(item.name or item.ids for item in found.titles)


EXPORTS: Final = [(DATA / file).read_bytes() for file, *_ in CASES]


@given(st.data())
def test_a_mutated_export_is_a_list_or_says_why_not(data: st.DataObject) -> None:
    raw = bytearray(data.draw(st.sampled_from(EXPORTS)))
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(raw)))
        end = data.draw(st.integers(at, min(len(raw), at + 40)))
        raw[at:end] = data.draw(
            st.one_of(st.binary(max_size=6), st.sampled_from([b'"', b"[", b"\r", b"\xff\xfe", b"{}"]))
        )
    try:
        found = read_list(bytes(raw), data.draw(st.sampled_from(["", "watched.csv", "x.json"])))
    except ListError:
        return
    assert all((item.name or item.ids) and "\n" not in item.name for item in found.titles)
    assert all(letter < "\ud800" or letter > "\udfff" for item in found.titles for letter in item.name)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "title",
                        "show",
                        "ids",
                        "imdb",
                        "data",
                        "lists",
                        "entries",
                        "status",
                        "id",
                        "type",
                        "relationships",
                        "included",
                        "Items",
                        "name",
                        "7",
                        "Guid",
                    ]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=20,
    )
)
def test_json_of_any_shape_is_a_list_or_says_why_not(value: object) -> None:
    import json

    try:
        read_text(json.dumps(value) or "")
    except ListError:
        return


@pytest.mark.parametrize("form", [WorkForm.SERIES, WorkForm.FILM])
def test_a_title_is_called_by_its_name_its_year_and_its_season_or_by_its_number(form: WorkForm) -> None:
    assert Wanted(name="Silo", year=2023, season=2, form=form).words == "Silo (2023), season 2"
    assert Wanted(name="", ids={"tvmaze": "7"}, form=form).words == "tvmaze:7"


MARKED_DOWN: Final[dict[str, tuple[str, list[str], dict[str, int]]]] = {
    "a table": ("| Title | Year |\n|---|---|\n| Silo | 2023 |\n| Dark | 2017 |\n", ["Silo", "Dark"], {}),
    "a table with its columns aligned": ("|Title|Year|\n|:--|:-:|\n|Silo|2023|\n", ["Silo"], {}),
    "one column": ("| Title |\n| :---: |\n| Silo |\n", ["Silo"], {}),
    "a table below other text": (
        "# My list\n\nNotes\n\n| # | Title |\n|--:|---|\n| 1 | [Silo](https://x.example) |\n",
        ["Silo"],
        {},
    ),
    "two tables": (
        "## Dropped\n\n| Title |\n|---|\n| Silo |\n\n## Watching\n\n| Title |\n|---|\n| Dark |\n",
        ["Dark"],
        {"dropped": 1},
    ),
    "a table of a database": (
        "+-------+------+\n| title | year |\n+-------+------+\n| Silo  | 2023 |\n+-------+------+\n",
        ["Silo"],
        {},
    ),
    "a table of Org": ("| title | year |\n|-------+------|\n| Silo  | 2023 |\n", ["Silo"], {}),
    "links": ("- [Silo](https://x.example/a)\n- [[Dark]]\n- [[Andor (TV)|Andor]]\n", ["Silo", "Dark", "Andor"], {}),
    "stress": ("- **Silo**\n- *Dark* (2017)\n- `Andor`\n", ["Silo", "Dark", "Andor"], {}),
    "no stress": ("M*A*S*H\n*batteries not included\nA_B_C\n", ["M*A*S*H", "*batteries not included", "A_B_C"], {}),
    "struck through": ("- ~~Silo~~\n- Dark\n", ["Dark"], {"watched": 1}),
    "rules": ("Silo\n---\nDark\n***\nAndor\n\n===\n", ["Silo", "Dark", "Andor"], {}),
    "front matter": ("---\ntags: [tv]\ndate: 2026-01-01\n---\n- Silo\n", ["Silo"], {}),
    "sections": ("# Series\n- Silo\n## Watched\n- Dark\n## To watch\n- Andor\n", ["Silo", "Andor"], {"watched": 1}),
    "sections without signs": ("Movies:\nDune\nDropped:\nSilo\n", ["Dune"], {"dropped": 1}),
    "titles of signs": ("!!!\n???\n-30-\n", ["!!!", "???", "-30-"], {}),
}


@pytest.mark.parametrize(("text", "titles", "reasons"), MARKED_DOWN.values(), ids=list(MARKED_DOWN))
def test_what_marks_a_text_is_no_title_and_none_of_one(text: str, titles: list[str], reasons: dict[str, int]) -> None:
    found = read_text(text)
    assert ([item.name for item in found.titles], found.reasons) == (titles, reasons)


def test_a_link_to_a_catalogue_names_the_work() -> None:
    (found,) = read_text("- [Silo](https://www.imdb.com/title/tt14688458/)\n").titles
    assert (found.name, dict(found.ids)) == ("Silo", {"imdb": "tt14688458"})


def test_a_heading_says_of_which_sort_the_titles_below_it_are() -> None:
    found = read_text("Movies:\nDune\n\nTV shows:\nSilo\n")
    assert [item.form for item in found.titles] == [WorkForm.FILM, WorkForm.SERIES]


OF_SOMETHING_ELSE = {
    "shares": "symbol,name,price\nAAPL,Apple Inc.,190.2\n",
    "goods": "SKU;Name;Preis;Menge\n1;Salz;2;3\n",
    "goods with titles": "title,price,condition\nLamp,3,new\n",
    "places": "city,name,latitude\nParis,Eiffel Tower,48\n",
    "names and nothing that says of what": "name,notes\nSalt,good\n",
    "shares in JSON": '[{"symbol": "A", "name": "Apple", "price": 3}]',
    "servers in lines of JSON": '{"name": "a", "host": "b"}\n{"name": "c", "host": "d"}\n',
}


@pytest.mark.parametrize("text", OF_SOMETHING_ELSE.values(), ids=list(OF_SOMETHING_ELSE))
def test_a_table_that_does_not_say_that_it_is_of_titles_is_asked_about(text: str) -> None:
    with pytest.raises(
        ListError, match=r"it does not say that it is a list of series and films .*: if it is, "
    ) as caught:
        read_text(text)
    assert any(
        word in str(caught.value) for word in ('call the column of the titles "title"', "leave such columns out")
    )


@pytest.mark.parametrize(
    "text",
    [
        "name\nSilo\n",
        "Name,Status,Tags\nSilo,Watching,x\n",
        "name,network,rating\nSilo,Apple TV+,5\n",
        "title,notes\nSilo,good\n",
        "title,year,price\nSilo,2023,3\n",
        '[{"name": "Silo"}]',
        '[{"id": 1, "name": "Silo", "premiered": "2023-05-05"}]',
    ],
)
def test_a_table_that_says_so_is_read(text: str) -> None:
    assert [item.name for item in read_text(text).titles] == ["Silo"]


@pytest.mark.parametrize(
    "text",
    [
        "tv_show_name,tv_show_id,archived,is_followed\nSilo,1,1,0\n",
        "tv_show_name,tv_show_id,archived,active\nSilo,1,1,0\n",
        "title,followed,archived\nSilo,0,1\n",
    ],
)
def test_what_is_archived_is_counted_as_that_and_not_as_unfollowed(text: str) -> None:
    assert read_text(text).reasons == {"archived": 1}


STATED: Final[dict[str, tuple[str, list[str], dict[str, int]]]] = {
    "by the list in JSON": (
        '{"watchlist": {"tv": [{"title": "Silo"}]}, "watched": {"tv": [{"title": "Old"}]}, "dropped": [{"title": "Dark"}]}',
        ["Silo"],
        {"watched": 1, "dropped": 1},
    ),
    "by a count": (
        "| name | playcount | imdb |\n|---|---|---|\n| Old | 2 | tt1 |\n| Silo | 0 | tt2 |\n",
        ["Silo"],
        {"watched": 1},
    ),
    "by a column in another language": ("Titel;Gesehen\nOld;ja\nSilo;nein\n", ["Silo"], {"watched": 1}),
    "by the list's name": ("title,list\nSilo,Watchlist\nDark,Dropped\n", ["Silo"], {"dropped": 1}),
    "by a heading that is underlined": (
        "Watching\n--------\nSilo\n\nDropped\n-------\nDark\n",
        ["Silo"],
        {"dropped": 1},
    ),
    "by boxes and crosses": (
        "[x] Old\n[ ] Silo\n[-] Dark\n[/] Andor\n\u274c Lost\n",
        ["Silo", "Andor"],
        {"dropped": 2, "watched": 1},
    ),
    "by other bullets": ("\u27a4 Silo\n\u2192 Dark\n> Andor\n", ["Silo", "Dark", "Andor"], {}),
}


@pytest.mark.parametrize(("text", "titles", "reasons"), STATED.values(), ids=list(STATED))
def test_what_became_of_a_title_is_read_however_it_is_said(
    text: str, titles: list[str], reasons: dict[str, int]
) -> None:
    found = read_text(text)
    assert ([item.name for item in found.titles], found.reasons) == (titles, reasons)


@pytest.mark.parametrize(
    ("line", "name", "year", "season"),
    [
        ("Silo (Season 3)", "Silo", None, 3),
        ("Dark - Staffel 2", "Dark", None, 2),
        ("Slow Horses S6", "Slow Horses", None, 6),
        ("Dune, 2021", "Dune", 2021, None),
        ("Dune - 2021", "Dune", 2021, None),
        ("Dune [2021]", "Dune", 2021, None),
        ("Space: 1999", "Space: 1999", None, None),
        ("Blade Runner 2049", "Blade Runner 2049", None, None),
        ("1923", "1923", None, None),
        ("Season of the Witch", "Season of the Witch", None, None),
    ],
)
def test_a_line_may_name_the_year_and_the_season(line: str, name: str, year: int | None, season: int | None) -> None:
    (found,) = read_text(f"{line}\n").titles
    assert (found.name, found.year, found.season) == (name, year, season)


def test_a_table_of_tv_shows_is_one_of_series() -> None:
    (found,) = read_text("TV Show,Season,Status\nSilo,3,watching\n").titles
    assert (found.name, found.season, found.form) == ("Silo", 3, WorkForm.SERIES)


@pytest.mark.parametrize(
    ("text", "kind", "titles"),
    [
        ("- title: Silo\n  year: 2023\n- title: Dark\n", "YAML", [("Silo", 2023, None), ("Dark", None, None)]),
        (
            "# mine\nfilms:\n  - name: \"Dune: Part Three\"\n    year: 2026 # soon\nshows:\n  - {title: Silo, season: 3}\n",
            "YAML",
            [("Dune: Part Three", 2026, None), ("Silo", None, 3)],
        ),
        ("- title: 'It'\n  status: completed\n- title: Fog\n  status: ~\n", "YAML", [("Fog", None, None)]),
        ("Watched:\n- title: Lost\nWatching:\n- title: Silo\n", "YAML", [("Silo", None, None)]),
        ("- Alien: Romulus\n- Title: The Film\n", "plain text", [("Alien: Romulus", None, None), ("Title: The Film", None, None)]),
        ("watchlist:\n  - Silo\n  - Dark\n", "plain text", [("Silo", None, None), ("Dark", None, None)]),
    ],
)  # fmt: skip
def test_yaml_is_read_by_its_keys_and_a_title_with_a_colon_is_no_yaml(
    text: str, kind: str, titles: list[tuple[str, int | None, int | None]]
) -> None:
    found = read_text(text)
    assert (found.kind, [(each.name, each.year, each.season) for each in found.titles]) == (kind, titles)


def test_people_and_books_in_yaml_are_called_by_their_name() -> None:
    with pytest.raises(ListError, match="a list of people"):
        read_text("- name: Anna\n  email: anna@example.com\n")
    with pytest.raises(ListError, match="a list of books"):
        read_text("- title: Moby-Dick\n  isbn: 123\n")


# Lists as people keep them in Markdown, YAML and notes ---------------------------------------------------------------


def _read(text: str) -> list[tuple[str, int | None, int | None, WorkForm | None]]:
    return [(item.name, item.year, item.season, item.form) for item in read_list(text.encode()).titles]


def _left(text: str) -> list[tuple[str, LeftOutReason]]:
    return [(item.item.name, item.reason) for item in read_list(text.encode()).dropped]


def test_each_table_of_a_file_in_markdown_has_its_own_header() -> None:
    text = (
        "# My list\n\n## Series\n\n| Title | Where |\n|---|---|\n| Silo | Apple |\n\n"
        "## Films\n\n| Director | Title |\n|---|---|\n| Ana Rhys | Dune |\n\n"
        "## Manga\n\n| Title | Creator |\n|---|---|\n| Berserk | Miura |\n"
    )
    assert _read(text) == [("Silo", None, None, WorkForm.SERIES), ("Dune", None, None, WorkForm.FILM)]
    assert _left(text) == [("Berserk", LeftOutReason.BOOK)]


@pytest.mark.parametrize("header", ["Movie/Show Name", "Title / Name", "Film/Serie"])
def test_a_column_of_either_is_one_of_titles_and_the_words_above_are_none(header: str) -> None:
    text = (
        f"# My list\nHow I rate:\n\n- :heart: I loved it\n\n| {header} | Rating |\n| --- | --- |\n| Silo | :heart: |\n"
    )
    assert [name for name, *_ in _read(text)] == ["Silo"]


@pytest.mark.parametrize(
    ("heading", "reason"),
    [
        ("Finished Anime", LeftOutReason.COMPLETED),
        ("Movies watched (2025)", LeftOutReason.WATCHED),
        ("Already seen", LeftOutReason.WATCHED),
        ("Not finished manga", LeftOutReason.BOOK),
    ],
)
def test_a_heading_of_several_words_says_what_became_of_what_stands_below(heading: str, reason: LeftOutReason) -> None:
    assert _left(f"## {heading}\n\n- Silo\n") == [("Silo", reason)]
    assert _left(f"## {heading}\n\n| Title | EP |\n|---|---|\n| Silo | 1 |\n") == [("Silo", reason)]


@pytest.mark.parametrize("heading", ["Not finished anime", "To watch", "The Watched Ones", "Before 1990 - 0/3"])
def test_a_heading_that_says_no_such_thing_leaves_nothing_out(heading: str) -> None:
    assert [name for name, *_ in _read(f"## {heading}\n\n- Silo\n")] == ["Silo"]


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("- [ ] The Mule `movie`", ("The Mule", None, None, WorkForm.FILM)),
        ("- The Rookie #show", ("The Rookie", None, None, WorkForm.SERIES)),
        ("Cube (1997) (horror)", ("Cube", 1997, None, None)),
        ("Zardoz (1974) !", ("Zardoz", 1974, None, None)),
        ("Dark Fury (2004) (34m) +", ("Dark Fury", 2004, None, None)),
        ("- [Sable](<https://example.org/wiki/Sable_(film)>)", ("Sable", None, None, None)),
        ("- [Control](https://example.org/wiki/Control_(film)) (2007)", ("Control", 2007, None, None)),
        ("* *Severance* – S3 (Apple TV+)", ("Severance", None, 3, None)),
        ("*batteries not included", ("*batteries not included", None, None, None)),
        ("Movie 43 (part two)", ("Movie 43 (part two)", None, None, None)),
    ],
)
def test_what_stands_around_a_title_is_none_of_it(
    line: str, read: tuple[str, int | None, int | None, WorkForm | None]
) -> None:
    assert _read(f"{line}\n") == [read]


def test_marks_behind_a_title_say_what_became_of_it_and_bold_lines_may_be_headings() -> None:
    text = "**Currently watching**\n* Silo\n* Andor \u2705\n* Lost \u274c\n**Watched:**\n* Heat\n"
    assert [name for name, *_ in _read(text)] == ["Silo"]
    left = [("Andor", LeftOutReason.WATCHED), ("Lost", LeftOutReason.DROPPED), ("Heat", LeftOutReason.WATCHED)]
    assert _left(text) == left


def test_yaml_may_have_bare_names_beside_entries_with_keys() -> None:
    text = "shows:\n  - title: Silo\n    season: 4\n  - 1899\n  - No\ndone:\n  - Heat\n"
    assert [(name, season) for name, _, season, _ in _read(text)] == [("Silo", 4), ("1899", None), ("No", None)]
    assert _left(text) == [("Heat", LeftOutReason.COMPLETED)]
    assert [name for name, *_ in _read("- Silo\n- Alien: Romulus\n")] == ["Silo", "Alien: Romulus"]


def test_a_german_column_says_when_a_title_comes_out() -> None:
    (item,) = read_list("Titel;Plattform;Start\nDer Schwarm;ZDF;5. März 2030\n".encode()).titles
    assert (item.premiere, item.platform) == ("5. März 2030", "ZDF")
