"""No text costs more than it is long: what reaches a pattern is bounded, and so are the steps for a letter more."""

from __future__ import annotations

import functools
import itertools
import random

import pytest

from reminder.announcements.article import MOST_PARSED, article_from
from reminder.announcements.reading.announcement import MOST_READ, read
from reminder.announcements.reading.sentences import MOST_SENTENCES, sentences
from reminder.announcements.reading.tamed import tamed
from tests.support.patterns import every_pattern, signs_of, work_of

RUN = 12_000
LONG = 2_000
MOST_STEPS = 3_000
PATTERNS = every_pattern()
# Signs and pieces, in no order that repeats itself: what no rule about runs makes shorter.
MIXTURES = (
    (":", "1 "),
    ("×", "A", "'"),
    (". ", "A"),
    ("A ", "Aa ", "1 "),
    ("July 9 ", "on ", "A "),
    ("Season ", "1 ", "Aa "),
    ("starring ", "Aa ", "and ", ", "),
    ("all ", "ten ", "episodes ", "with ", "new "),
    ("“", "”", '"', "'", "Aa "),
    ("Netflix", "’s ", "Aa ", "+"),
    ("\n", "A", " ", "- "),
    ("(", ")", "–", "Aa "),
)


def test_every_pattern_of_the_reader_is_known() -> None:
    assert len(PATTERNS) > 200
    assert {"clues.NAME", "forms._FORMS[0][0]", "cues._TABLE[0][2]", "article._IS_HTML"} <= PATTERNS.keys()


def test_of_a_run_of_any_sign_that_a_pattern_names_a_few_reach_it() -> None:
    """Cost is a function of length: where the length has a bound, so has the cost, whatever the pattern."""
    signs = sorted({sign for pattern in PATTERNS.values() for sign in signs_of(pattern)})
    runs = [*signs, *("".join(pair) for pair in itertools.permutations(signs, 2))]
    grown = {
        run: (len(tamed(run * RUN)), len(tamed(run * RUN * 2)))
        for run in runs
        if len(tamed(run * 40)) > 48 or len(tamed(run * 80)) > 48
    }

    assert len(signs) > 40
    assert grown == {}


@pytest.mark.parametrize("pieces", MIXTURES)
def test_each_letter_of_a_text_costs_a_bounded_number_of_steps_however_long_it_is(pieces: tuple[str, ...]) -> None:
    drawn = random.Random("".join(pieces)).choices(pieces, k=LONG)
    text = "".join(drawn)[:LONG]

    steps = [work_of(functools.partial(read, text[:length])) // length for length in (LONG // 4, LONG)]

    assert max(steps) <= MOST_STEPS


def test_no_more_sentences_are_read_than_an_announcement_has() -> None:
    assert len(sentences("It is out. " * MOST_READ)) == MOST_SENTENCES


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Ballard premieres on July 9, 2025!!!", "Ballard premieres on July 9, 2025!!!"),
        ("Soon......\n\nMay 4", "Soon......\n\nMay 4"),
        ("-" * 80 + "\nMay 4", "-" * 8 + "\nMay 4"),
        ("Soon" + "=*" * 40 + "\n\nMay 4", "Soon" + "=*" * 6 + "\n\nMay 4"),
        ("Soon" + " \n" * 40 + "May 4", "Soon" + " \n" * 6 + "\n\nMay 4"),
        ("* - " * 3 + "May 4", "* - " * 3 + "May 4"),
        ("h" + "a" * 300, "h" + "a" * 8),
        ("https://example.com/" + "".join(map(str, range(30))), None),
    ],
)
def test_a_text_that_is_tamed_keeps_its_words_and_paragraphs(text: str, kept: str | None) -> None:
    assert tamed(text) == kept if kept is not None else tamed(text).replace(" ", "") == text


@pytest.mark.parametrize(
    "piece",
    [
        "<a ",
        "<a",
        "</a",
        '<p x="',
        "<p x='",
        "<!--",
        "<!",
        "<?",
        "<![CDATA[",
        "<script></a",
        "&#",
        "<div><b ",
        "<p/",
        "<p x=y ",
    ],
)
def test_a_tag_that_is_never_closed_makes_a_page_no_slower_for_coming_again(piece: str) -> None:
    short, long = (
        work_of(functools.partial(article_from, "<html>" + piece * times, extractor=False)) for times in (2000, 4000)
    )

    assert long < 2.2 * short + 1000


def test_a_page_is_cut_before_it_is_parsed() -> None:
    page = "<html><p>Ballard premieres on July 9.</p>" + f"<p>{'x' * MOST_PARSED}</p><p>The end</p>"
    text = article_from(page, extractor=False).text

    assert text.startswith("Ballard premieres on July 9.")
    assert "The end" not in text


def test_a_page_with_a_few_mistakes_is_read_as_before() -> None:
    page = "<html><script>for (i = 0; i<n; i++) {}</script><p>1 < 2</p><!-- <b>no</b> --><p>Ballard premieres on July 9.</p>"

    assert "Ballard premieres on July 9." in article_from(page, extractor=False).text
    assert "no" not in article_from(page, extractor=False).text
