"""Titles as people and catalogues write them arrive as the text they are, and ping nobody; and people's own words."""

from __future__ import annotations

import html
import re

import pytest

from reminder.config.load import parse_config
from reminder.core.errors import ConfigError
from reminder.core.text.markup import clean
from tests.support.world import MAIL, World

HELL = {
    "a year": ("1899", "1899"),
    "a no": ("No", "No"),
    "an on": ("On", "On"),
    "leading zeros": ("007", "007"),
    "a percentage": ("3%", "3%"),
    "markup": ('"<b>Bold</b> & Brave"', "<b>Bold</b> & Brave"),
    "an emoji": ('"The 👩‍👩‍👧 Family"', "The 👩‍👩‍👧 Family"),
    "stars and scores": ('"*_Star_* `x` [a](http://b) ~~no~~"', "*_Star_* `x` [a](http://b) ~~no~~"),
    "a mention": ('"@everyone and <@123>"', "@everyone and <@123>"),
    "a template": ('"{{ 7 * 7 }} {% if %}"', "{{ 7 * 7 }} {% if %}"),
    "a dollar": ('"${HOME}"', "${HOME}"),
    "a hash": ('"#1 Happy Family USA"', "#1 Happy Family USA"),
    "a colon": ('"Alien: Earth"', "Alien: Earth"),
    "quotes": ('"It\'s \\"quoted\\""', 'It\'s "quoted"'),
    "a backslash": (r'"C:\\new\\table"', r"C:\new\table"),
}


def told(title: str, more: str = "") -> World:
    """Return a world in which one title was told of."""
    config = f"{more}\nremind: [day]\nwatch: [{{title: {title}, premiere: 2025-07-09}}]"
    world = World(config, "2025-06-20 12:00").live("2025-08-01 12:00")
    assert len(world.arrived) == 1
    return world


@pytest.mark.parametrize(("written", "title"), HELL.values(), ids=HELL)
def test_a_title_arrives_as_the_text_it_is(written: str, title: str) -> None:
    words = told(written).arrived[0].words
    assert words.subject == f"{title} is out today"
    assert words.plain() == "Wednesday, July 9, 2025"


@pytest.mark.parametrize(("written", "title"), HELL.values(), ids=HELL)
def test_a_title_in_the_text_of_a_digest_is_escaped(written: str, title: str) -> None:
    config = f"digest: daily\nremind: [day]\nwatch: [{{title: {written}, premiere: 2025-07-09}}, {{title: Z, premiere: 2025-07-09}}]"
    words = World(config, "2025-06-20 12:00").live("2025-08-01 12:00").arrived[0].words
    without_tags = re.sub(r"</?(?:p|ul|li|br|a|b|strong)(?: [^>]*)?/?>", " ", words.html())
    assert f"{title} is out today" in html.unescape(without_tags)
    assert "<b>Bold" not in words.html()


@pytest.mark.parametrize("title", ["1899", "No", "On", "007"])
def test_a_bare_title_is_its_text(title: str) -> None:
    world = World(f"watch: [{title}]", "2025-06-20 12:00")
    world.at("2025-06-21 08:00").edit(f"watch: [{{title: {title}, premiere: 2025-07-09, remind: []}}]")
    world.live("2025-08-01 12:00")
    assert [line[17:] for line in world.lines()] == [
        f"{title} now has a date: Wednesday, July 9, 2025, in 18 days",
    ]


def test_right_to_left_letters_do_not_turn_the_rest_of_the_line() -> None:
    subject = told('"כאן 2"').arrived[0].words.subject
    assert "כאן 2" in subject
    assert subject.endswith(" is out today")
    assert "\u202e" not in told('"\\u202Eevil\\u202C"').arrived[0].words.subject


@pytest.mark.parametrize(
    "code", ["\\a", "\\e[31m", "\\r\\nBcc: x@example.com", "\\u0085", "\\u2028", "\\u200E", "\\uFEFF"]
)
def test_control_characters_do_not_arrive(code: str) -> None:
    words = told(f'"Bal{code}lard"').arrived[0].words
    for text in (words.subject, words.plain()):
        assert clean(text.replace("\n", " ")) == text.replace("\n", " ")
    assert "\x1b" not in words.html()


def test_a_nul_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"watch\[0\]: .*cannot be stored"):
        parse_config(MAIL + 'watch: ["Bal\\0lard"]', "config.yaml")


def test_five_hundred_characters_arrive() -> None:
    title = "Ballard " * 62 + "end."
    assert len(title) == 500
    assert told(f'"{title}"').arrived[0].words.subject == f"{title} is out today"


def test_peoples_own_words_replace_subject_and_body() -> None:
    templates = """
templates:
  reminder: {subject: "{{ title }}, {{ subscriber }}!", body: "{{ body }} Enjoy."}
"""
    words = told("Ballard", templates).arrived[0].words
    assert (words.subject, words.plain()) == ("Ballard, me!", "Wednesday, July 9, 2025 Enjoy.")


def test_a_template_that_comes_out_empty_leaves_the_built_in_words() -> None:
    words = told("Ballard", 'templates: {reminder: {subject: "{{ platform }}"}}').arrived[0].words
    assert words.subject == "Ballard is out today"


def test_a_template_cannot_be_written_by_a_title() -> None:
    templates = 'templates: {reminder: {subject: "{{ title }} is here"}}'
    assert told('"{{ 7 * 7 }}"', templates).arrived[0].words.subject == "{{ 7 * 7 }} is here"
