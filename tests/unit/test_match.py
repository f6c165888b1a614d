"""Which entry is meant, and which of two sources counts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reminder.core.dates.parse import parse_when
from reminder.core.model.entities import Release
from reminder.core.sourcing.answers import Match, Stated, WorkForm, split_id
from reminder.core.sourcing.compare import clashes, order
from reminder.core.sourcing.match import Plain, Unclear, plainest
from reminder.core.sourcing.select_release import SelectedRelease


def match(ref: int, name: str, year: int | None = None) -> Match:
    return Match(source="tvmaze", ref=str(ref), name=name, form=WorkForm.SERIES, year=year, service="Apple TV+")


FOUND = (match(1, "Severance", 2022), match(2, "Severance: The Lexington Letter"), match(3, "The Office", 2001))


@pytest.mark.parametrize(
    ("words", "ref"),
    [("Severance", "1"), ("severance", "1"), ("SEVERANCE!", "1"), ("the office", "3"), ("Office", "3")],
)
def test_the_only_one_of_that_name_is_plainly_meant(words: str, ref: str) -> None:
    found = plainest(words, FOUND)
    assert isinstance(found, Plain)
    assert found.match.ref == ref


def test_two_of_one_name_are_asked_about_and_a_year_tells_them_apart() -> None:
    both = (match(3, "The Office", 2001), match(4, "The Office", 2005))
    assert plainest("The Office", both) == Unclear(matches=both, why="2 have that name", share_the_name=True)
    for words in ("The Office 2005", "The Office (2005)"):
        found = plainest(words, both)
        assert isinstance(found, Plain)
        assert found.match.ref == "4"


def test_one_of_another_name_is_never_taken_without_asking() -> None:
    assert isinstance(plainest("Sever", FOUND[:1]), Unclear)


def test_a_title_that_is_a_year_is_a_title() -> None:
    found = plainest("1899", (match(5, "1899", 2022),))
    assert isinstance(found, Plain)


def test_nothing_found_is_said() -> None:
    assert plainest("Xyzzy", ()) == Unclear(matches=(), why="nothing was found")


def test_accents_and_ampersands_are_no_difference() -> None:
    assert isinstance(plainest("Elite & Cafe", (match(6, "Élite and Café"),)), Plain)


def test_a_match_tells_what_a_person_needs_to_know_it_by() -> None:
    assert str(replace(FOUND[0], country="US")) == "Severance (2022), series, Apple TV+, US: tvmaze:1"


def test_an_entry_is_pinned_by_source_and_number() -> None:
    assert split_id("TVmaze:44933") == ("tvmaze", "44933")
    assert split_id("tmdb:movie/603") == ("tmdb", "movie/603")
    for wrong in ("44933", "tvmaze:", ":1", "tvmaze:1 2"):
        with pytest.raises(ValueError, match="tvmaze:44933"):
            split_id(wrong)


def at(on: str, ref: int = 1) -> SelectedRelease:
    when = parse_when(on)
    stated = (Stated(raw=on, when=when, on=when.on),)
    return SelectedRelease(release=Release(first=ref, when=when, label=f"episode {ref}"), stated=stated, why="")


def test_two_sources_may_differ_by_a_day() -> None:
    assert clashes([at("2026-04-17")], [at("2026-04-18")], "tmdb") == ()


def test_two_sources_that_differ_by_more_than_a_day_are_told() -> None:
    (clash,) = clashes([at("2026-04-17"), at("2026-04-24", 2)], [at("2026-04-19"), at("2026-04-24", 2)], "tmdb")
    assert str(clash) == "episode 1: 2026-04-17, but tmdb says 2026-04-19"


def test_a_source_that_knows_no_day_contradicts_none() -> None:
    assert clashes([at("2026-04-17")], [at("2026"), at("TBA", 2)], "tmdb") == ()
    assert clashes([at("TBA")], [at("2026-04-17")], "tmdb") == ()


def test_the_pinned_source_counts_else_the_one_that_knows_the_form() -> None:
    assert order(["tmdb", "tvmaze"], WorkForm.SERIES)[0] == ["tvmaze", "tmdb"]
    assert order(["tvmaze", "tmdb"], WorkForm.FILM)[0] == ["tmdb", "tvmaze"]
    names, why = order(["tvmaze", "tmdb"], WorkForm.SERIES, "tmdb")
    assert names[0] == "tmdb"
    assert why == "it is the one the title is pinned to"
