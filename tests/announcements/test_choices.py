"""Where two titles or two days are close, both are handed on, each with its sentence and what follows from it."""

from __future__ import annotations

from datetime import date

from reminder.announcements.reading.announcement import read

PUBLISHED = date(2025, 5, 23)


def test_two_titles_that_are_close_are_both_handed_on_with_the_date_of_each() -> None:
    found = read("“Dead Air” arrives on July 9.\n\n“Salt Road” opens on July 23.", PUBLISHED)
    choice = next(choice for choice in found.choices if choice.field == "title")
    assert [option.value for option in choice.options] == ["Dead Air", "Salt Road"]
    assert [option.sentence for option in choice.options] == [
        "“Dead Air” arrives on July 9.",
        "“Salt Road” opens on July 23.",
    ]
    assert [option.reading.written() for option in choice.options] == ["2025-07-09", "2025-07-23"]
    assert found.title == "Dead Air"


def test_two_days_that_are_close_are_both_handed_on_with_their_sentences() -> None:
    text = "“Dead Air” premieres on HBO on July 9.\n\n“Dead Air” premieres on Sky on July 16."
    found = read(text, PUBLISHED)
    choice = next(choice for choice in found.choices if choice.field == "premiere")
    assert [option.value for option in choice.options] == ["2025-07-09", "2025-07-16"]
    assert [option.reading.platform for option in choice.options] == ["HBO", "Sky"]
    assert choice.options[0].value == found.written()


def test_where_one_title_and_one_day_stand_out_there_is_nothing_to_choose() -> None:
    text = "“Dead Air” premieres on July 9 on Hulu. The season finale of “Dead Air” airs on August 27."
    assert read(text, PUBLISHED).choices == ()
    assert read("", PUBLISHED).choices == ()
