"""A web page as the standard library parses it: its paragraphs, and what it says of itself."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from typing import Any, Final

from reminder.announcements.reading.announcement import Hints
from reminder.announcements.reading.sentences import one_line

LEAST: Final = 80
"""Characters: what is shorter is taken for no article."""

_SKIPPED: Final = frozenset(
    [
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
    ]
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


class Page(HTMLParser):
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
        return inside if len(inside) >= LEAST else _paragraphs(self._parts)

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
