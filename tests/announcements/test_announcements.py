"""What is proposed from an announcement, and when the answer is no."""

from __future__ import annotations

import sys
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminder.announcements.reading.announcement import Hints, read
from reminder.core.dates.when import UNKNOWN, Precision
from tests.support.announcements import FOLDER, Case, counters, load

PUBLISHED = date(2025, 5, 23)
CASES = [case for path in sorted(FOLDER.glob("*.yaml")) for case in load(path)]

# What the measured set reaches, with room for one slip: a change that reads worse is noticed here.
FLOORS = {"title": 0.93, "premiere": 0.97, "platform": 0.93, "season": 0.95, "episodes": 0.95, "drop": 0.93}


def test_the_set_is_large_enough_to_measure_with() -> None:
    assert len(CASES) >= 80
    assert sum(case.none is not None for case in CASES) >= 25
    assert len({case.name for case in CASES}) == len(CASES)


def test_the_set_is_read_no_worse_than_it_was() -> None:
    rows = {field: counters(CASES, field) for field in FLOORS}
    worse = {field: row for field, row in rows.items() if min(row.recall, row.precision) < FLOORS[field]}
    assert not worse


@pytest.mark.parametrize("case", [case for case in CASES if case.none], ids=lambda case: case.name)
def test_no_date_is_made_up_where_there_is_none_to_take(case: Case) -> None:
    assert case.read.premiere == UNKNOWN


def test_each_part_says_which_sentence_it_was_read_from_and_how_sure_it_is() -> None:
    text = "“Dead Air” arrives on Hulu on July 9. All eight episodes drop at once. A trailer is out."
    found = read(text, PUBLISHED)
    assert (found.title, found.written(), found.platform) == ("Dead Air", "2025-07-09", "Hulu")
    assert (found.episodes, found.drop) == (8, "all")
    assert found.evidence["premiere"] == "“Dead Air” arrives on Hulu on July 9."
    assert found.evidence["drop"] == "All eight episodes drop at once."
    assert set(found.evidence) == set(found.confidence) == {"title", "premiere", "platform", "episodes", "drop"}
    assert all(0 < sure < 1 for sure in found.confidence.values())


def test_a_year_that_was_not_written_is_marked_as_inferred() -> None:
    assert read("“Dead Air” premieres July 9 on Hulu.", PUBLISHED).inferred == ("year",)
    assert read("“Dead Air” premieres July 9, 2025 on Hulu.", PUBLISHED).inferred == ()
    assert read("“Dead Air” premieres tomorrow on Hulu.", PUBLISHED).inferred == ("day",)


def test_an_instant_is_written_with_its_offset() -> None:
    found = read("“Dead Air” premieres Sunday, July 13 at 9 p.m. ET on HBO.", PUBLISHED)
    assert found.written() == "2025-07-13T21:00-04:00"
    assert found.precision is Precision.EXACT


def test_a_date_that_was_not_taken_is_shown_with_the_reason() -> None:
    text = "“Dead Air” premieres on July 9 on Hulu. The season finale airs on August 27."
    (other,) = read(text, PUBLISHED).alternatives
    assert (other.field, other.value, other.reason) == ("premiere", "2025-08-27", "finale")


@pytest.mark.parametrize(
    ("text", "published"),
    [
        ("date 2025-05-23 “Dead Air” premieres July 9.", date(2025, 5, 23)),
        ("date: 2025-05 “Dead Air” premieres July 9.", date(2025, 5, 1)),
        ("LONDON, May 23, 2025 – “Dead Air” is a new series.", date(2025, 5, 23)),
        ("“Dead Air” is a new series.\n\nPublished on 23 May 2025. Updated 24 May 2025.", date(2025, 5, 23)),
        ("By Jo Doe | May 23, 2025 | 9:15 am\n\n“Dead Air” is a new series.", date(2025, 5, 23)),
        ("“Dead Air” premieres on July 9, 2025.", None),
    ],
)
def test_the_articles_own_day_is_found_in_it_and_is_never_the_premiere(text: str, published: date | None) -> None:
    found = read(text)
    assert found.published == published
    assert found.premiere.on != date(2025, 5, 23)


def test_the_day_that_is_given_outweighs_the_one_that_is_found() -> None:
    assert read("date 2020-01-01 “Dead Air” premieres July 9.", PUBLISHED).written() == "2025-07-09"


def test_of_a_month_alone_no_tomorrow_is_made() -> None:
    assert read("date 2025-05 “Dead Air” premieres tomorrow on Hulu.").premiere == UNKNOWN


def test_what_a_page_states_beside_its_text_helps_to_find_the_title() -> None:
    text = "Ash, a new drama with Lena Fox, arrives on July 9. Lena Fox is back."
    assert read(text, PUBLISHED, Hints(names=("Ash",))).title == "Ash"


def test_an_empty_text_proposes_nothing() -> None:
    found = read("")
    assert found.title is None
    assert found.premiere == UNKNOWN
    assert found.written() is None
    assert not found.evidence


@pytest.mark.parametrize(
    ("sentence", "drop", "episodes"),
    [
        ("All ten episodes arrive on the same day.", "all", 10),
        ("The ten-part season launches with two episodes, followed by a new one every Friday.", "2 then weekly", 10),
        ("New episodes air weekly.", "weekly", None),
        ("A two-episode premiere is followed by weekly instalments.", "2 then weekly", None),
        ("The eight episodes air daily.", "daily", 8),
        ("Die ersten zwei Folgen erscheinen sofort, danach wöchentlich eine.", "2 then weekly", None),
        ("Les six épisodes seront disponibles d'un coup.", "all", 6),
        ("Los ocho capítulos llegan de una vez.", "all", 8),
        ("Gli otto episodi escono ogni settimana.", "weekly", 8),
        ("Os dez episódios chegam de uma só vez.", "all", 10),
        ("Sześć odcinków pojawi się co tydzień.", "weekly", 6),
        ("The actor told Entertainment Weekly about it.", None, None),
        ("All eight episodes of season one are now streaming.", None, None),
    ],
)
def test_the_shape_of_the_season_is_read(sentence: str, drop: str | None, episodes: int | None) -> None:
    found = read(f"“Dead Air” premieres on July 9. {sentence}", PUBLISHED)
    assert (found.drop, found.episodes) == (drop, episodes)


def test_how_many_remain_is_read_before_and_behind_the_number() -> None:
    start = "“Dead Air” premieres with two episodes on July 9."
    assert read(f"{start} The remaining six episodes follow weekly.", PUBLISHED).episodes == 8
    assert read(f"{start} The six remaining episodes follow weekly.", PUBLISHED).episodes == 8


@pytest.mark.parametrize(
    "piece",
    [
        "“Aa bb ",
        "«a ",
        "ABC ",
        "July 9 ",
        "A.",
        "season 2 of Foo Bar ",
        "1st Season ",
        "moved from July 9 to ",
        "llega Aa bb cc ",
        "Aa Bb's ",
        "‘A’ B’ ",
    ],
)
def test_a_text_made_to_be_slow_is_read_all_the_same(piece: str) -> None:
    longer_than_any_sentence = piece * (1_000 // len(piece))
    read(longer_than_any_sentence, PUBLISHED)
    read("July 9.«a will be “Aa bb 1/2/25 10:00 " + longer_than_any_sentence, PUBLISHED)


PHRASES = (
    "The Salt Road|season 2|of|premieres|July 9|the two remaining|episodes|trailer|Part Two:|if|not|until|Netflix’s|“|”|"
    "(|)|moved from|to|Staffel|ab|1st|finale|and|,|.|?|-|‘Ash’|Friday|2026|will be released|by|Emmy-winning"
)


@given(st.lists(st.sampled_from(PHRASES.split("|")), max_size=60).map(" ".join))
def test_no_order_of_the_words_of_announcements_stops_the_reading(text: str) -> None:
    read(text, PUBLISHED)


@given(st.text(max_size=400), st.none() | st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_no_text_whatever_stops_the_reading(text: str, published: date | None) -> None:
    read(text, published)


def _calls(text: str) -> int:
    """Return how many functions are called to read a text: the work it makes, on any machine."""
    count = 0

    def note(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        read(text, PUBLISHED)
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize(
    "piece",
    ["Salt Road{0} and Dead Air{0} premiere on July 9. ", "“Salt Road{0}” moved from July 9 to July {0}. "],
    ids=["names with dates", "moves"],
)
def test_the_work_grows_no_faster_than_the_text(piece: str) -> None:
    short = "".join(piece.format(number) for number in range(130))
    long = "".join(piece.format(number) for number in range(260))
    assert _calls(long) < 2.6 * _calls(short)


@pytest.mark.parametrize(
    ("text", "title", "premiere"),
    [
        (
            "“Dead Air” arrives on July 9. “Night Orchard” follows on July 16. “Salt Road” opens on July 23.",
            "Dead Air",
            "2025-07-09",
        ),
        (
            "Two series return.\n\nDead Air\n\nIt premieres on July 9.\n\nSalt Road\n\nIt premieres on July 16.",
            "Dead Air",
            "2025-07-09",
        ),
    ],
)
def test_of_several_titles_the_first_is_proposed_with_its_own_date(text: str, title: str, premiere: str) -> None:
    found = read(text, PUBLISHED)
    assert (found.title, found.written()) == (title, premiere)
    assert any(other.field == "premiere" for other in found.alternatives)
    assert all(0 < sure < 1 for sure in found.confidence.values())


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Netflix has renewed Dana Hartigan's Salt Road for a second season.", "Salt Road"),
        ("The Emmy-winning Dead Air premieres on July 9.", "Dead Air"),
        ("The Big Picture Paramount+ renewed “Salt Road” for Season 3.", "Salt Road"),
        ("Fans of CBS All Access wait: “Salt Road” premieres on July 9.", "Salt Road"),
        ("What was then called The Lantern, now titled Salt Road, premieres on July 9.", "Salt Road"),
        ("Another film that was delayed is “Lantern”. “Salt Road” premieres on July 9.", "Salt Road"),
        ("‘Hummin’ Low’ premieres on July 9.", "Hummin’ Low"),
        ("“The First” premieres on July 9.", "The First"),
    ],
)
def test_a_name_is_freed_of_what_stands_around_it(text: str, title: str) -> None:
    assert read(text, PUBLISHED).title == title


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("“Dead Air” won't begin filming until September 9.", "filming"),
        ("The re-release of “Dead Air” was pushed back to September 9.", "extra"),
        ("HBO Max launches on September 9.", "extra"),
        ("“Dead Air” comes not on September 9.", "old date"),
    ],
)
def test_a_date_of_something_else_is_not_taken(text: str, reason: str) -> None:
    found = read(text, PUBLISHED)
    assert found.premiere == UNKNOWN
    assert [other.reason for other in found.alternatives if other.field == "premiere"] == [reason]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("“Dead Air” hits screens 01/02/2027 on Hulu.", [("01/02/2027", "two ways")]),
        ("“Dead Air” premieres on Feb. 30, 2027.", [("Feb. 30, 2027", "no such day")]),
        ("„Dead Air“ startet am 31.04.2027.", [("31.04.2027", "no such day")]),
        ("“Dead Air” comes on 2027-02-29, in some countries on 03/04/2027.",
         [("2027-02-29", "no such day"), ("03/04/2027", "two ways")]),
        ("“Dead Air” premieres 02/02/2027.", []),
        ("“Dead Air” premieres 25/07/2027.", []),
        ("“Dead Air” is set in 31/31/1492.", []),
    ],
)  # fmt: skip
def test_a_day_that_cannot_be_read_is_named_with_the_reason(text: str, found: list[tuple[str, str]]) -> None:
    others = read(text, PUBLISHED).alternatives
    assert [(other.value, other.reason) for other in others if other.field == "premiere"] == found


def test_what_was_shared_back_in_a_month_lies_behind_and_what_is_back_in_one_ahead() -> None:
    assert read("“Dead Air” returns; the cast shared hints back in January.", PUBLISHED).premiere == UNKNOWN
    assert read("“Dead Air” will be back in January on Hulu.", PUBLISHED).written() == "2026-01"


def test_a_sentence_is_shown_without_the_marks_of_a_pages_italics() -> None:
    found = read("Hulu said that *Dead Air* arrives on July 9, with two episodes, then weekly.", PUBLISHED)
    assert found.evidence["premiere"] == "Hulu said that Dead Air arrives on July 9, with two episodes, then weekly."
    assert (found.title, found.drop) == ("Dead Air", "2 then weekly")
