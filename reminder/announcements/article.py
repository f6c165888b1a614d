"""Turns what holds an announcement into plain text: text as it is, a web page without what stands around the article.

With the extra `articles` a page goes through trafilatura; without it through a small parser of our own, which keeps
paragraphs, headings and lists, and is less good at telling the article from the rest of the page.
"""

from __future__ import annotations

import codecs
import datetime as dt
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from typing import Any, Final

from reminder.announcements.reading.announcement import MOST_READ, Hints
from reminder.announcements.reading.patterns import Pattern
from reminder.announcements.reading.sentences import one_line


@dataclass(frozen=True, kw_only=True)
class Article:
    """The text of an announcement, and what its page states beside it."""

    text: str
    hints: Hints = field(default_factory=Hints)


MOST_PARSED: Final = 3_000_000
"""Characters of a page: more than any article needs, counted before it is parsed."""

_IS_HTML: Final = Pattern(
    r"<(?:!doctype\s+html|html|head|body|article|main|div|section|p|h[1-6]|meta)\b[^>]{0,500}>", re.IGNORECASE
)
_CHARSET: Final = Pattern(r"<meta[^<>]{1,200}?charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([\w-]{1,40})", re.IGNORECASE)
_IN_TYPE: Final = Pattern(r"charset\s{0,9}=\s{0,9}[\"']?([\w-]{1,40})", re.IGNORECASE)
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
    page = _Page()
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
    return _unmarked(found) if found and len(found) >= _LEAST else None


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


_LEAST: Final = 80
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


# A page, parsed ------------------------------------------------------------------------------------------------------

_SKIPPED: Final = frozenset(
    {
        "script",
        "style",
        "nav",
        "footer",
        "aside",
        "form",
        "noscript",
        "svg",
        "button",
        "template",
        "iframe",
        "select",
        "figure",
    }
)
_BLOCKS: Final = frozenset(
    [
        "p",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "li",
        "dt",
        "dd",
        "td",
        "th",
        "blockquote",
        "div",
        "section",
        "article",
        "main",
        "header",
        "br",
        "tr",
        "pre",
        "title",
        "figcaption",
    ]
)
_ITALIC: Final = frozenset({"em", "i", "cite"})
_VOID: Final = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
_WHERE: Final = frozenset({"article", "main"})
_PUBLISHED_KEYS: Final = (
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "parsely-pub-date",
    "pubdate",
    "dc.date",
    "date",
)


class _Page(HTMLParser):
    """Collects paragraphs, inside `article` or `main` where there is one, and what the page says of itself."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._inside: list[str] = []
        self._skip = 0
        self._within = 0
        self._script: list[str] | None = None
        self._heading: list[str] = []
        self._in_h1 = False
        self._meta: dict[str, str] = {}
        self._blocks: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a block, a script of data, or a part that is passed over."""
        given = {name: value or "" for name, value in attrs}
        if tag == "meta":
            self._note(given)
        if tag == "script" and given.get("type", "").strip().lower() == "application/ld+json":
            self._script = []
        if tag == "time" and "datetime" in given:
            self._meta.setdefault("time", given["datetime"])
        if tag in _SKIPPED:
            self._skip += 1
        self._within += tag in _WHERE
        self._in_h1 = self._in_h1 or tag == "h1"
        self._edge(tag)

    def handle_endtag(self, tag: str) -> None:
        """End a block, a script of data, or a part that was passed over."""
        if tag == "script" and self._script is not None:
            self._blocks.append("".join(self._script))
            self._script = None
        if tag in _SKIPPED:
            self._skip = max(0, self._skip - 1)
        self._within = max(0, self._within - (tag in _WHERE))
        if tag == "h1":
            self._in_h1 = False
        self._edge(tag)

    def handle_data(self, data: str) -> None:
        """Keep what is text."""
        if self._script is not None:
            self._script.append(data)
        elif not self._skip:
            self._put(data)
            if self._in_h1:
                self._heading.append(data)

    def text(self) -> str:
        """Return the paragraphs, a blank line between them."""
        inside = _paragraphs(self._inside)
        return inside if len(inside) >= _LEAST else _paragraphs(self._parts)

    def everything(self) -> str:
        """Return all paragraphs of the page that are not passed over, a blank line between them."""
        return _paragraphs(self._parts)

    def headline(self) -> str:
        """Return the page's headline, empty when it has none."""
        return one_line(unescape(self._meta.get("og:title", ""))) or one_line("".join(self._heading))

    def hints(self) -> Hints:
        """Return what the page states: names of works, and the article's own day. Never a date of release."""
        data = [item for block in self._blocks for item in _things(block)]
        names = dict.fromkeys(name for item in data for name in _names_of(item))
        stated = [str(item.get("datePublished", "")) for item in data if _kinds(item) & _ARTICLES]
        stated += [self._meta[key] for key in (*_PUBLISHED_KEYS, "time") if key in self._meta]
        days = [day for text in stated if (day := _day(text))]
        return Hints(names=tuple(names), published=days[0] if days else None)

    def _note(self, given: dict[str, str]) -> None:
        key = given.get("property") or given.get("name") or given.get("itemprop") or ""
        if key and given.get("content"):
            self._meta.setdefault(key.lower(), given["content"])

    def _edge(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._put("\n\n")
        elif tag in _ITALIC:
            self._put("*")

    def _put(self, text: str) -> None:
        self._parts.append(text)
        if self._within:
            self._inside.append(text)


def _paragraphs(parts: list[str]) -> str:
    pieces = (one_line(piece) for piece in re.split(r"\n\s*\n", "".join(parts)))
    return "\n\n".join(piece for piece in pieces if piece.strip("* "))


# JSON-LD: a hint at most, for many pages state in it what their text does not say. Source: schema.org.

_ARTICLES: Final = frozenset(
    {"Article", "NewsArticle", "BlogPosting", "ReportageNewsArticle", "WebPage", "AnalysisNewsArticle"}
)
_WORKS: Final = frozenset(
    {"Movie", "TVSeries", "TVSeason", "TVEpisode", "VideoGame", "CreativeWorkSeries", "CreativeWorkSeason"}
)
_DEEP: Final = 6


def _things(block: str) -> Iterator[dict[str, Any]]:
    cleaned = re.sub(r"<!--|-->|/\*<!\[CDATA\[\*/|/\*\]\]>\*/|[\x00-\x1f]", " ", block)
    cleaned = re.sub(r",(\s*[}\]])", r"\1", cleaned).strip().rstrip(";")
    try:
        yield from _within(json.loads(cleaned), 0)
    except (ValueError, RecursionError):
        return


def _within(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth > _DEEP:
        return
    if isinstance(value, dict):
        yield value
        for part in ("@graph", "about", "mentions", "mainEntity", "itemReviewed", "partOfSeries"):
            yield from _within(value.get(part), depth + 1)
    elif isinstance(value, list):
        for item in value:
            yield from _within(item, depth + 1)


def _kinds(item: dict[str, Any]) -> set[str]:
    kind = item.get("@type")
    return {str(each) for each in (kind if isinstance(kind, list) else [kind])}


def _names_of(item: dict[str, Any]) -> Iterator[str]:
    name = item.get("name")
    if _kinds(item) & _WORKS and isinstance(name, str) and name.strip():
        yield one_line(unescape(name))


def _day(text: str) -> dt.date | None:
    """Return the day of a timestamp in its own offset: the publisher's day, not ours."""
    try:
        return dt.date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None
