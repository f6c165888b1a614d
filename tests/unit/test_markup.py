"""A title may hold anything; each form of a message shows it as the text it is."""

from __future__ import annotations

import re
import unicodedata
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from reminder.core.text.content import GAP, BodyLine, Words
from reminder.core.text.markup import clean, escape_html, escape_markdown, isolated, markdown_link, web_link

MARKDOWN = MarkdownIt("commonmark")
SPECIAL = st.text(alphabet=st.sampled_from(" *_`[]()<>~|&#-+=.!:1\\ab/@\n"), max_size=20)
TEXTS = st.text(max_size=30) | SPECIAL | st.lists(SPECIAL, max_size=3).map(" ".join)


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.tags: set[str] = set()

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self.tags.add(tag)


def seen(html: str) -> str:
    """Return what a reader sees of an HTML fragment."""
    parser = _Text()
    parser.feed(html)
    parser.close()
    return parser.text.strip()


def tags(html: str) -> set[str]:
    parser = _Text()
    parser.feed(html)
    return parser.tags


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("Ballard", "Ballard"),
        ("  Two\n lines\tand\r\na tab ", "Two lines and a tab"),
        ("nul\x00 bell\x07 escape\x1b[31m", "nul bell escape[31m"),
        ("evil\u202egnp.exe", "evilgnp.exe"),
        ("\u2066open isolate", "open isolate"),
        ("lone \ud83d surrogate", "lone surrogate"),
        ("\ufeffBOM", "BOM"),
        ("paragraph\u2029separator", "paragraph separator"),
        ("👩‍👩‍👧 family 🏴‍☠️", "👩‍👩‍👧 family 🏴‍☠️"),
        ("e\u0301 stays as it is written", "e\u0301 stays as it is written"),
        ("@everyone <b> *x*", "@everyone <b> *x*"),
        ("\x00\u202e", ""),
    ],
)
def test_cleaning_drops_controls_and_joins_lines_and_nothing_else(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ballard", "Ballard"),
        ("千と千尋の神隠し", "千と千尋の神隠し"),
        ("\u05e9\u05d8\u05d9\u05e1\u05dc", "\u2068\u05e9\u05d8\u05d9\u05e1\u05dc\u2069"),
        ("\u0627\u0644\u0647\u064a\u0628\u0629 2", "\u2068\u0627\u0644\u0647\u064a\u0628\u0629 2\u2069"),
        ("Shtisel \u05e9\u05d8\u05d9\u05e1\u05dc", "\u2068Shtisel \u05e9\u05d8\u05d9\u05e1\u05dc\u2069"),
        ("\u05e9\u05d8\u202e\u05d9\u05e1\u05dc", "\u2068\u05e9\u05d8\u05d9\u05e1\u05dc\u2069"),
    ],
)
def test_only_right_to_left_titles_stand_in_isolates(text: str, shown: str) -> None:
    assert isolated(text) == shown


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("https://example.com/a_b?c=d&e=(f)#g", "https://example.com/a_b?c=d&e=(f)#g"),
        ("HTTP://example.com", "HTTP://example.com"),
        (" https://example.com/two words ", "https://example.com/two%20words"),
        ('https://example.com/"><script>', "https://example.com/%22%3E%3Cscript%3E"),
        ("https://example.com/\u202egnp", "https://example.com/gnp"),
        ("https://example.com/名前", "https://example.com/名前"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("ftp://example.com/x", None),
        ("https:///no-host", None),
        ("https://[broken", None),
        ("example.com", None),
        ("", None),
        (None, None),
    ],
)
def test_a_link_is_a_web_address_or_nothing(text: str | None, link: str | None) -> None:
    assert web_link(text) == link


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("Ballard premieres in 7 days", "Ballard premieres in 7 days"),
        ("at 7:00 PM (IST), all 10 episodes!", "at 7:00 PM (IST), all 10 episodes!"),
        ("<b>M*A*S*H</b>", r"\<b\>M\*A\*S\*H\</b\>"),
        ("snake_case `code` ~~gone~~ ||spoiler||", r"snake\_case \`code\` \~\~gone\~\~ \|\|spoiler\|\|"),
        ("[x](y) ![z](w)", r"\[x\](y) !\[z\](w)"),
        ("Tom &amp; Jerry", r"Tom \&amp; Jerry"),
        ("# 1 Happy Family USA", r"\# 1 Happy Family USA"),
        ("- one", r"\- one"),
        ("-# small", r"\-\# small"),
        ("1. FC Nürnberg", r"1\. FC Nürnberg"),
        ("24) hours", r"24\) hours"),
        ("1899", "1899"),
        ("3.5", "3.5"),
        (":tada: <@1> @everyone", r"\:tada: \<@1\> @everyone"),
        ("a\\b", r"a\\b"),
        ("see https://example.com/a_b_c.", "see <https://example.com/a_b_c>."),
    ],
)
def test_markdown_escapes_what_would_become_markup(text: str, markdown: str) -> None:
    assert escape_markdown(text) == markdown
    assert seen(MARKDOWN.render(markdown)) == text


@given(TEXTS)
def test_any_text_comes_out_of_markdown_as_it_went_in(text: str) -> None:
    shown = MARKDOWN.render(escape_markdown(clean(text)))
    assert seen(shown) == clean(text)
    assert tags(shown) <= {"p", "a"}


@given(TEXTS)
def test_any_text_comes_out_of_a_markdown_link_as_it_went_in(text: str) -> None:
    shown = MARKDOWN.render("see " + markdown_link(clean(text) or "x", "https://example.com/(a)"))
    assert seen(shown) == f"see {clean(text) or 'x'}"
    assert 'href="https://example.com/%28a%29"' in shown


@given(TEXTS)
def test_any_text_comes_out_of_html_as_it_went_in(text: str) -> None:
    words = Words(subject="s", body=(BodyLine(text=f"x{clean(text)}x"),))
    assert seen(words.html()) == f"x{clean(text)}x"
    assert tags(words.html()) == {"p"}
    assert not re.search(r"<(?!/?p>)", words.html())


@given(TEXTS)
def test_nothing_is_left_to_clean_after_cleaning(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert not [char for char in clean(text) if unicodedata.category(char) in {"Cc", "Cs"}]


def test_an_attribute_cannot_be_left() -> None:
    assert escape_html("\"'<>&") == "&quot;&#x27;&lt;&gt;&amp;"


def test_one_body_has_three_forms() -> None:
    words = Words(
        subject="2 reminders: A* and B",
        body=(
            BodyLine(text="Two <things>"),
            BodyLine(link="https://example.com/x?a=1&b=2"),
            GAP,
            BodyLine(text="A* is out", item=True),
            BodyLine(text="B [x] is out", link="https://example.com/(b)", item=True),
            GAP,
            BodyLine(text="That is all."),
        ),
    )
    assert words.plain() == (
        "Two <things>\n"
        "https://example.com/x?a=1&b=2\n"
        "\n"
        "- A* is out\n"
        "- B [x] is out\n"
        "  https://example.com/(b)\n"
        "\n"
        "That is all."
    )
    assert words.markdown() == (
        "Two \\<things\\>  \n"
        "<https://example.com/x?a=1&b=2>\n"
        "\n"
        "- A\\* is out\n"
        "- [B \\[x\\] is out](https://example.com/%28b%29)\n"
        "\n"
        "That is all."
    )
    assert words.html() == (
        "<p>Two &lt;things&gt;<br>\n"
        '<a href="https://example.com/x?a=1&amp;b=2">https://example.com/x?a=1&amp;b=2</a></p>\n'
        "<ul>\n"
        "<li>A* is out</li>\n"
        '<li><a href="https://example.com/(b)">B [x] is out</a></li>\n'
        "</ul>\n"
        "<p>That is all.</p>"
    )


def test_short_words_keep_the_subject_and_the_first_line() -> None:
    words = Words(
        subject="s", body=(BodyLine(text="one"), BodyLine(link="https://example.com")), link="https://example.com"
    )
    assert words.short() == Words(subject="s", body=(BodyLine(text="one"),))
