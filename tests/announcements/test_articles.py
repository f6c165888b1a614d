"""From a page to its text: what is kept, what is left out, and what a page states beside its article."""

from __future__ import annotations

from datetime import date

import pytest

from reminder.announcements.article import article_from
from reminder.announcements.reading.announcement import read

STORY = (
    "<p>Hulu has set a premiere date for its pirate-radio drama <em>Dead Air</em>. The series will debut on "
    "Wednesday, April&nbsp;16, and all eight episodes will be available at once.</p>"
    "<p>Created by Mona Aldous, it follows two siblings who run an illegal station from a trawler in the North Sea, "
    "and the men who would like to see it sunk.</p>"
)


def page(body: str, head: str = "") -> str:
    return (
        f"<!doctype html><html><head><title>Dead Air | The Daily Reel</title>{head}</head><body>"
        "<nav><a href=/>Home</a> <a href=/tv>Premieres on May 1, 2030</a></nav>"
        f"<main><article><h1>Dead Air sets its date</h1>{body}</article></main>"
        "<footer>Copyright 2019 The Daily Reel. Updated June 3, 2031.</footer>"
        "<script>var when = 'premieres on July 4, 2033';</script></body></html>"
    )


BOTH = pytest.mark.parametrize("extractor", [True, False], ids=["with the extra", "without it"])


@BOTH
def test_the_article_is_kept_and_what_stands_around_it_is_not(extractor: bool) -> None:
    text = article_from(page(STORY), extractor=extractor).text
    assert "Hulu has set a premiere date" in text
    assert "Dead Air sets its date" in text
    assert not any(other in text for other in ("2030", "2031", "2033", "Home"))


@BOTH
def test_a_page_reads_like_its_text(extractor: bool) -> None:
    article = article_from(page(STORY), extractor=extractor)
    found = read(article.text, date(2025, 3, 4), article.hints)
    assert (found.title, found.written(), found.platform) == ("Dead Air", "2025-04-16", "Hulu")
    assert (found.drop, found.episodes) == ("all", 8)


@BOTH
@pytest.mark.parametrize(
    "head",
    [
        '<meta property="article:published_time" content="2025-03-04T22:30:00-05:00">',
        '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2025-03-04T22:30:00-05:00"}</script>',
        '<script type="application/ld+json"><!-- {"@graph": [{"@type": ["Article"], "datePublished": "2025-03-04",}]} --></script>',
    ],
    ids=["meta", "json-ld", "json-ld, broken"],
)
def test_the_day_a_page_was_published_is_the_publishers_day(extractor: bool, head: str) -> None:
    assert article_from(page(STORY, head), extractor=extractor).hints.published == date(2025, 3, 4)


def test_names_of_works_are_hints_and_their_dates_are_none() -> None:
    data = (
        '{"@graph": [{"@type": "NewsArticle", "headline": "Something", "about": '
        '{"@type": "TVSeries", "name": "Dead Air", "datePublished": "2031-01-01"}}, {"@type": "Person", "name": "Jo"}]}'
    )
    hints = article_from(page(STORY, f'<script type="application/ld+json">{data}</script>')).hints
    assert hints.names == ("Dead Air",)
    assert hints.published is None


@pytest.mark.parametrize("block", ["", "{", "[[[[", "null", '{"@type": 3}', "\x00", '{"a": ' * 2000])
def test_json_ld_that_cannot_be_read_is_passed_over(block: str) -> None:
    head = f'<script type="application/ld+json">{block}</script>'
    assert "Hulu" in article_from(page(STORY, head), extractor=False).text


def test_plain_text_stays_as_it_is() -> None:
    text = "“Dead Air” premieres on July 9 & more <soon>.\n\nA second line."
    assert article_from(text).text == text


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("Das läuft am 9. März.".encode(), ""),
        ("Das läuft am 9. März.".encode("latin-1"), "text/plain; charset=iso-8859-1"),
        ("Das läuft am 9. März.".encode("cp1252"), ""),
        ("Das läuft am 9. März.".encode("utf-16"), ""),
        ("\ufeffDas läuft am 9. März.".encode(), "text/plain; charset=no-such"),
    ],
)
def test_text_is_decoded_as_it_was_encoded(content: bytes, kind: str) -> None:
    assert article_from(content, kind).text == "Das läuft am 9. März."


def test_a_page_may_name_its_own_charset() -> None:
    html = page(STORY.replace("siblings", "Geschwister aus Köln"), '<meta charset="iso-8859-1">')
    assert "Köln" in article_from(html.encode("latin-1"), extractor=False).text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>", ""),
        ("<html>", ""),
        ("<html><body></body></html>", ""),
        ("<div>" * 3000 + "deep", "deep"),
        ("<p>a<p>b</div></p>", "a\n\nb"),
    ],
)
@BOTH
def test_a_broken_page_is_read_as_far_as_it_goes(html: str, text: str, extractor: bool) -> None:
    assert article_from(html, "text/html", extractor=extractor).text == text


def test_a_paragraph_is_not_cut_at_a_name_in_italics_or_in_a_link() -> None:
    page = (
        "<html><body><nav><a href='/'>Home</a></nav><article><p><em>Dead Air</em>, the new <a href='/1'><em>Salt Road"
        "</em></a> series, arrives on July 9.</p></article></body></html>"
    )
    assert article_from(page).text == "*Dead Air*, the new *Salt Road* series, arrives on July 9."
