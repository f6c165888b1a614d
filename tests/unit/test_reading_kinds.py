"""Others of the kinds that were once read wrong, and the fresh batches, which are to be read no worse than they were."""

from __future__ import annotations

from datetime import date

import pytest

from reminder.announcements.reading.announcement import read
from reminder.announcements.reading.sentences import sentences
from tests.support.fresh import FOLDER, figures, load

PUBLISHED = date(2025, 5, 23)


@pytest.mark.parametrize(
    ("text", "premiere"),
    [
        ("We have to wait until July 9 for “Dead Air”.", "2025-07-09"),
        ("Auf „Dead Air“ müssen wir noch bis zum 9. Juli warten.", "2025-07-09"),
        ("Hulu shows a trailer ahead of the July 9 debut of “Dead Air”.", "2025-07-09"),
        ("“Dead Air” moves from June 6 to July 9 and then again to August 1.", "2025-08-01"),
        ("“Dead Air” streams on Hulu on July 9, after its theatrical run on April 4.", "2025-07-09"),
        ("Today, Hulu unveiled the trailer for “Dead Air”.", None),
        ("Heute hat Netflix den Trailer zu „Dead Air“ enthüllt.", None),
        ("“Dead Air” was pulled; the network will hold the July 9 premiere. A new date will be announced.", None),
        ("“Dead Air” is in theaters now. Its sequel arrives in January.", None),
        ("“Dead Air” is out. Starting June 1, subscribers can enjoy more new content.", None),
        ("Thirty Seconds to Mars made the song of “Dead Air”, and the band is on tour with it.", None),
        ("“Dead Air” premieres on Disney+ on Juneteenth.", "2025-06-19"),
    ],
)
def test_a_date_is_chosen_by_what_it_is_of(text: str, premiere: str | None) -> None:
    assert read(text, PUBLISHED).written() == premiere


@pytest.mark.parametrize(
    "sentence",
    [
        "Jury selection is scheduled to begin on July 9.",
        "Refunds start on July 9.",
        "A “Dead Air” pop-up opens in Brooklyn on July 9.",
        "The city opens its “Dead Air” roller coaster on July 9.",
        "A restored print of “Dead Air” will be shown in Paris on July 9.",
        "The quarterly call is set for July 9.",
        "Starting July 9, the ad-free plan will cost $17.99.",
        "“Dead Air” leaves Netflix on July 9.",
        "New outfits arrive in the shop on July 9.",
        "The gates open on July 9.",
        "Paramount moved its upfront presentation to July 9.",
        "We are hosting a 20-hour charity stream on July 9.",
        "Der Prozess um “Dead Air” beginnt am 9. Juli.",
        "Das Volksfest startet am 9. Juli.",
        "La huelga arranca el 9 de julio.",
        "Karten gibt es ab dem 9. Juli.",
    ],
)
def test_what_is_no_work_brings_no_date(sentence: str) -> None:
    assert read(f"A word about “Dead Air”. {sentence}", PUBLISHED).written() is None


@pytest.mark.parametrize(
    "sentence",
    [
        "The whodunnit begins on July 9.",
        "The second season of “Dead Air” opens on July 9.",
        "Starting July 9, all episodes will be on Hulu.",
        "Hulu kicks off the eight-part series on July 9.",
        "Die Krimiserie startet am 9. Juli.",
        "The show was filmed in Leeds and begins on July 9.",
        "“Dead Air”, which begins on July 9, is a comedy.",
        "La serie arranca el 9 de julio.",
        "It is set for July 9.",
    ],
)
def test_what_is_said_of_a_work_brings_its_date(sentence: str) -> None:
    assert read(f"A word about “Dead Air”. {sentence}", PUBLISHED).written() == "2025-07-09"


def test_a_sentence_ends_before_a_title_in_italics() -> None:
    found = sentences("It opens on July 9. *Dead Air* follows. _Salt Road_ is later.")
    assert len(found) == 3


@pytest.mark.parametrize("form", ["text", "page"])
def test_the_fresh_batches_are_read_no_worse_than_they_were(form: str) -> None:
    row = figures([case for path in FOLDER.glob("*.yaml") for case in load(path)], form)
    assert row.days[0] / row.days[1] >= 0.94
    assert row.invented[0] / row.invented[1] <= 0.035
    assert row.fields["title"][0] / row.fields["title"][1] >= 0.86
    assert row.fields["platform"][0] / row.fields["platform"][1] >= 0.95
