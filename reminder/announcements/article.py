"""Turns what holds an announcement into plain text: text as it is, a web page without what stands around the article.

With the extra `articles` a page goes through trafilatura; without it through a small parser of our own, which keeps
paragraphs, headings and lists, and is less good at telling the article from the rest of the page.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from typing import Final

from reminder.announcements.page import LEAST, Page
from reminder.announcements.reading.announcement import MOST_READ, Hints
from reminder.announcements.reading.patterns import Pattern, uncased
from reminder.announcements.reading.sentences import one_line


@dataclass(frozen=True, kw_only=True)
class Article:
    """The text of an announcement, and what its page states beside it."""

    text: str
    hints: Hints = field(default_factory=Hints)


MOST_PARSED: Final = 3_000_000
"""Characters of a page: more than any article needs, counted before it is parsed."""

_IS_HTML: Final = uncased(r"<(?:!doctype\s+html|html|head|body|article|main|div|section|p|h[1-6]|meta)\b[^>]{0,500}>")
_CHARSET: Final = uncased(r"<meta[^<>]{1,200}?charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([\w-]{1,40})")
_IN_TYPE: Final = uncased(r"charset\s{0,9}=\s{0,9}[\"']?([\w-]{1,40})")
_LOOKED_AT: Final = 4096
# A `<` that no `>` closes before the next one. Scripts and mistakes have some; html.parser searches the rest of the
# page for each.
_OPEN: Final = Pattern(r"<(?![!?])(?=[^<>]*+(?:<|\Z))")
_OPEN_COMMENT: Final = Pattern(r"<(?=[!?][^<>]*+(?:<|\Z))")
_MOST_OPEN: Final = 100


def article_from(content: bytes | str, content_type: str = "", *, extractor: bool = True) -> Article:
    """Given a text or a web page, and what a server called it, return the article in it.

    With `extractor=False` the page is read by the parser of our own even where the extra is installed.
    """
    text = content if isinstance(content, str) else _decoded(content, content_type)
    text = text.removeprefix("\ufeff")
    if "html" not in content_type.lower() and not _IS_HTML.search(text[:_LOOKED_AT]):
        return Article(text=text)
    text = _closed(text[:MOST_PARSED])
    page = Page()
    page.feed(text)
    page.close()
    found = _extracted(text) if extractor else None
    body = _as_set(found, page.everything()) if found else page.text()
    return Article(text=_with_headline(body, page.headline()), hints=page.hints())


def _closed(html: str) -> str:
    """Return a page whose tags are closed: where more than a mistake's worth are not, their signs are read as text."""
    for pattern in (_OPEN, _OPEN_COMMENT):
        if pattern.count(html) > _MOST_OPEN:
            html = pattern.sub("&lt;", html)
    return html


def _decoded(content: bytes, content_type: str) -> str:
    """Return the text: in the charset that the server or the page names, else UTF-8, else as Windows wrote it."""
    named = _IN_TYPE.search(content_type)
    stated = _CHARSET.search(content[:_LOOKED_AT].decode("latin-1"))
    names = [named[1] if named else "", stated[1] if stated else "", "utf-8", "cp1252"]
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        names.insert(0, "utf-16")
    for name in filter(None, names):
        try:
            return content.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode("latin-1")


def _extracted(html: str) -> str | None:
    """Return the article as trafilatura finds it; None without the extra, and where it finds next to nothing."""
    try:
        from trafilatura import extract
    except ImportError:
        return None
    found = extract(
        html, output_format="markdown", include_formatting=True, include_comments=False, include_links=False
    )
    return _unmarked(found) if found and len(found) >= LEAST else None


def _as_set(found: str, page: str) -> str:
    """Return the paragraphs of a page that the extractor found: it may cut one at each name in italics or in a link."""
    whole = _letters(found[:MOST_READ])
    starts = {whole[at : at + _START] for at in range(len(whole))}
    kept = []
    for paragraph in page.split("\n\n", _MOST_PARAGRAPHS)[:_MOST_PARAGRAPHS]:
        letters = _letters(paragraph)
        if letters and (len(letters) < _START or letters[:_START] in starts) and letters in whole:
            kept.append(paragraph)
    return "\n\n".join(kept) if sum(len(_letters(each)) for each in kept) >= _ENOUGH * len(whole) else found


def _letters(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum())


# Of what the extractor finds, so much must be paragraphs of the page for these to be taken instead.
_ENOUGH: Final = 0.8
_MOST_PARAGRAPHS: Final = 5_000
_START: Final = 12
_MARKS: Final = (
    (Pattern(r"\*\*|__"), ""),
    (Pattern(r"(?m)^(?:#{1,6}|[-*+>])\s+"), ""),
    (Pattern(r"\\([*_#\[\]])"), r"\1"),
)


def _unmarked(markdown: str) -> str:
    """Return Markdown as text that keeps only `*emphasis*`: titles are often set in italics."""
    for pattern, instead in _MARKS:
        markdown = pattern.sub(instead, markdown)
    # Each line is a paragraph there, not a part of one.
    return re.sub(r"\n+", "\n\n", markdown)


def _with_headline(text: str, headline: str) -> str:
    return text if not headline or headline in one_line(text[: 2 * len(headline) + 200]) else f"{headline}\n\n{text}"
