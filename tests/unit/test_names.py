"""One comparison of names: as written first, then without what people spell differently."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminder.core.model.names import Index, as_written, has_year, name_of, without_year

ONE_NAME = [
    ("Dune: Part Three", "Dune Part Three"),
    ("Dune: Part Three", "Dune — Part Three"),
    ("Dune: Part Three (2026)", "DUNE: PART THREE"),
    ("Élite", "Elite"),
    ("Shōgun", "Shogun"),
    ("Pokémon", "Pokemon"),
    ("Łódź", "Lodz"),
    ("Sørensen", "Sorensen"),
    ("Cœur", "Coeur"),
    ("Ёлки", "Елки"),
    ("Οδύσσεια", "Οδυσσεια"),
    ("Law & Order", "Law and Order"),
    ("Will & Grace", "WILL AND GRACE"),
    ("The Bear", "Bear"),
    ("Bear, The", "The Bear"),
    ("A Knight of the Seven Kingdoms", "Knight of the Seven Kingdoms"),
    ("La Casa de Papel", "Casa de Papel"),
    ("S.W.A.T.", "SWAT"),
    ("M*A*S*H", "MASH"),
    ("Mr. Robot", "Mr Robot"),
    ("WALL·E", "Wall-E"),
    ("Ocean’s Eleven", "Oceans Eleven"),
    ("Ocean’s Eleven", "Ocean's Eleven"),
    ("Ballard", "\u200bBallard"),
    ("Ballard", "Bal\u00adlard\ufeff"),
    ("Ballard", "Ｂａｌｌａｒｄ"),
    ("Ballard (2025)", "Ｂａｌｌａｒｄ（２０２５）"),
    ("スター・ウォーズ", "スターウォーズ"),
    ("ガンダム", "ｶﾞﾝﾀﾞﾑ"),
    ("The Office (2005)", "The Office 2005"),
    ("The Office [2005]", "Office 2005"),
    ("Über™ Alles", "Uber Alles"),
    ("Straße", "STRASSE"),
    ("L.A. Confidential", "LA Confidential"),
    ("Alien³", "Alien 3".replace(" ", "")),
    ("¿Quién mató a Sara?", "Quien mato a Sara"),
]

TWO_NAMES = [
    ("Dune (1984)", "Dune (2021)"),
    ("Wonder Woman", "Wonder Woman 1984"),
    ("Blade Runner", "Blade Runner 2049"),
    ("The Office 2001", "The Office (2005)"),
    ("!!!", "???"),
    ("🎬", "🎭"),
    ("!!!", ""),
    ("ガンダム", "カンダム"),
    ("हिंदी", "हद"),
    ("Die Hard", "Hard"),
    ("LA Confidential", "Confidential"),
    ("The", "A"),
    ("9-1-1", "911"),
    ("1923", "1924"),
    ("Dune", "Dune 2"),
]


@pytest.mark.parametrize(("one", "other"), ONE_NAME)
def test_two_spellings_are_one_name(one: str, other: str) -> None:
    assert name_of(one).means(name_of(other))
    assert name_of(other).means(name_of(one))
    assert Index.of([(one, 1)]).find(other) == (1,)
    assert Index.of([(other, 1)]).find(one) == (1,)


@pytest.mark.parametrize(("one", "other"), TWO_NAMES)
def test_two_names_stay_two(one: str, other: str) -> None:
    assert not name_of(one).means(name_of(other))
    assert not name_of(other).means(name_of(one))
    assert Index.of([(one, 1)]).find(other) == ()


def test_what_is_written_so_comes_before_what_is_only_spelt_otherwise() -> None:
    index = Index.of([("The Bear", 1), ("Bear", 2), ("Elite", 3), ("Élite", 4), ("Solo", 5)])
    assert [index.find(name) for name in ("bear", "THE  BEAR", "Élite", "elite", "The Solo")] == [
        (2,), (1,), (4,), (3,), (5,),
    ]  # fmt: skip
    assert index.find("A Bear") == (1, 2)


def test_a_year_beside_a_name_decides_where_both_have_one() -> None:
    index = Index[int]()
    for year in (2001, 2005):
        index.add("The Office", year, year)
    index.add("Office", 0)
    assert index.find("The Office") == (2001, 2005)
    assert index.find("The Office", 2005) == (2005,)
    assert index.find("The Office (2001)") == (2001, 0)
    assert index.find("The Office 2005") == (2005,)
    assert index.find("The Office", 1999) == (0,)


def test_a_year_is_read_off_the_end_of_a_name() -> None:
    said = {name: without_year(name) for name in ("House (2004)", "House 2004", "1899", "Blade Runner 2049", "House")}
    assert said == {
        "House (2004)": "House",
        "House 2004": "House",
        "1899": None,
        "Blade Runner 2049": "Blade Runner",
        "House": None,
    }
    assert has_year("House (2004)", 2004)
    assert not has_year("House of 2004 Cards", 2004)


@given(st.text(max_size=40))
def test_every_name_is_its_own_and_none_is_compared_as_nothing(name: str) -> None:
    known = name_of(name)
    assert known.means(known)
    assert bool(known.plain) == bool(name.split())
    assert as_written(unicodedata.normalize("NFD", name)) == as_written(name)
