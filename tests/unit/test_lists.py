"""What other programs export, each in its own shape, read as one list of titles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminder.core.lists import ListError, Wanted, read_list, summary
from reminder.core.source import Form

IMDB = """\
Position,Const,Created,Modified,Description,Title,Original Title,URL,Title Type,IMDb Rating,Runtime (mins),Year,Genres
1,tt700,2026-01-02,2026-01-02,,Harbour Lights,Harbour Lights,https://example.com,TV Series,8.1,50,2026,Drama
2,tt701,2026-01-02,2026-01-02,,Salt Road,Salt Road,https://example.com,Movie,7.0,120,2027,Drama
3,tt702,2026-01-02,2026-01-02,,Fog,Fog,https://example.com,TV Episode,7.0,50,2026,Drama
4,tt703,2026-01-02,2026-01-02,,Low Tide,Low Tide,https://example.com,Video Game,7.0,,2026,Action
"""
YAMTRACK = """\
media_id,source,media_type,title,image,season_number,episode_number,score,status,notes,start_date,end_date,progress
77,tmdb,tv,Harbour Lights,,,,,In progress,,,,3
78,tmdb,movie,Salt Road,,,,,Planning,,,,0
77,tmdb,season,Harbour Lights,,1,,,In progress,,,,3
9,igdb,game,Low Tide,,,,,Planning,,,,0
79,tmdb,movie,Old News,,,,,Completed,,,,1
"""
TV_TIME = """\
tv_show_name,tv_show_id,is_followed,created_at
Harbour Lights,4001,1,2024-01-01 10:00:00
Harbour Lights,4001,1,2024-01-02 10:00:00
No More Of It,4002,0,2024-01-02 10:00:00
"""
TV_TIME_FILMS = """\
created_at,entity_type,movie_name,release_date,type,uuid
2024-01-01 10:00:00,movie,Salt Road,2027-03-01 00:00:00,towatch,a-1
2024-01-01 10:00:00,movie,Old News,2020-03-01 00:00:00,follow,a-2
2024-01-02 10:00:00,movie,Old News,2020-03-01 00:00:00,watch,a-2
"""
TRAKT = """\
[{"rank": 1, "listed_at": "2026-01-01T00:00:00.000Z", "type": "show",
  "show": {"title": "Harbour Lights", "year": 2026, "ids": {"trakt": 1, "slug": "x", "imdb": "tt700", "tmdb": 77}}},
 {"rank": 2, "type": "movie", "movie": {"title": "Salt Road", "year": 2027, "ids": {"imdb": "tt701", "tmdb": 78}}},
 {"rank": 3, "type": "person", "person": {"name": "Somebody"}}]
"""


@pytest.mark.parametrize(
    ("text", "kind", "titles"),
    [
        (
            IMDB,
            "IMDb",
            [
                Wanted(name="Harbour Lights", year=2026, form=Form.SERIES, ids={"imdb": "tt700"}, line=2),
                Wanted(name="Salt Road", year=2027, form=Form.FILM, ids={"imdb": "tt701"}, line=3),
            ],
        ),
        (
            YAMTRACK,
            "Yamtrack",
            [
                Wanted(name="Harbour Lights", form=Form.SERIES, ids={"tmdb": "tv/77"}, line=2),
                Wanted(name="Salt Road", form=Form.FILM, ids={"tmdb": "movie/78"}, line=3),
            ],
        ),
        (TV_TIME, "TV Time", [Wanted(name="Harbour Lights", ids={"thetvdb": "4001"}, line=2)]),
        (TV_TIME_FILMS, "TV Time", [Wanted(name="Salt Road", year=2027, form=Form.FILM, line=2)]),
        (
            TRAKT,
            "Trakt",
            [
                Wanted(
                    name="Harbour Lights", year=2026, form=Form.SERIES, ids={"imdb": "tt700", "tmdb": "tv/77"}, line=1
                ),
                Wanted(name="Salt Road", year=2027, form=Form.FILM, ids={"imdb": "tt701", "tmdb": "movie/78"}, line=2),
            ],
        ),
        ("title;year\nHarbour Lights;2026\n", "plain CSV", [Wanted(name="Harbour Lights", year=2026, line=2)]),
        ("Title,Type\n1899,show\n", "plain CSV", [Wanted(name="1899", form=Form.SERIES, line=2)]),
        (
            "\ufeffHarbour Lights\n# a remark\n\n  No  \n",
            "plain text",
            [Wanted(name="Harbour Lights", line=1), Wanted(name="No", line=4)],
        ),
        ('["Harbour Lights"]', "JSON", [Wanted(name="Harbour Lights", line=1)]),
        ('{"shows": [{"title": "Harbour Lights"}]}', "JSON", [Wanted(name="Harbour Lights", line=1)]),
        ('title\n"Fog, and Salt"\n', "plain CSV", [Wanted(name="Fog, and Salt", line=2)]),
    ],
    ids=[
        "IMDb",
        "Yamtrack",
        "TV Time",
        "films of TV Time",
        "Trakt",
        "semicolons",
        "a title that is a year",
        "lines",
        "names",
        "a mapping",
        "quotes",
    ],
)
def test_each_export_is_told_by_its_shape(text: str, kind: str, titles: list[Wanted]) -> None:
    found = read_list(text)
    assert found.kind == kind
    assert list(found.titles) == titles


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (IMDB, "2 titles, 1 of them films, 2 left out: episodes, games, people, what was dropped or completed"),
        (TV_TIME, "1 title, 1 left out: episodes, games, people, what was dropped or completed"),
        ("Harbour Lights\n", "1 title"),
    ],
)
def test_what_is_left_out_is_counted(text: str, says: str) -> None:
    assert summary(read_list(text)) == says


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("  \n", "empty"),
        ("{not json", "cannot be read"),
        ("[]", "no titles"),
        ("a,b\n1,2\n", "no column is called title, name"),
        ("[" * 5000, "cannot be read"),
    ],
)
def test_what_is_no_list_says_what_can_be_read(text: str, says: str) -> None:
    with pytest.raises(ListError, match=says):
        read_list(text)


@given(st.text(max_size=200))
def test_any_text_is_a_list_or_says_why_not(text: str) -> None:
    try:
        found = read_list(text)
    except ListError:
        return
    assert all(item.name for item in found.titles)
