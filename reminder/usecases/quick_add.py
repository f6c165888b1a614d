"""Tells what somebody has put into the one field for adding: a link, an entry of a source, an announcement or a name.

A phone that shares a page gives its address alone, or behind the page's title: `Ballard is back https://example.org/…`.
Nothing is fetched or searched for here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from reminder.config.source_parsers import parse_source
from reminder.core.dates.behind_name import date_behind

MOST_BESIDE: Final = 280
"""Characters beside a link up to which the link is meant; more is an announcement that happens to hold one."""
MOST_NAME: Final = 160
"""No work has a longer name that anybody would write out."""
LEAST_TEXT: Final = 15
"""A shorter line says nothing but a name."""

MOST_URL: Final = 2000
"""Characters of an address: what is longer is none that anybody shares."""

_URL: Final = re.compile(
    rf"https?://[^\s<>\"“”«»`\u200b-\u200f\u202a-\u202e\u2060-\u2069]{{1,{MOST_URL}}}", re.IGNORECASE
)
_BARE_URL: Final = re.compile(r"(?:www\.[^\s/]+\.[a-z]{2,63}(?:/\S*)?|(?:[a-z\d-]+\.)+[a-z]{2,63}/\S*)", re.IGNORECASE)
_AFTER_URL: Final = frozenset(".,;:!?'*_\u2019")
_BRACKETS: Final = ((")", "("), ("]", "["), ("}", "{"))
_LONG_NAME: Final = 25
_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_OF_SEASON: Final = re.compile(
    r"(\S.{0,160}?)[,:]? (?:season|staffel|saison|temporada|stagione|seizoen|sezon|сезон) (\d{1,3})", re.IGNORECASE
)
_SENTENCES: Final = re.compile(r"[.!?…]\S?\s+\S|[\u3002\uff01\uff1f]")


@dataclass(frozen=True, kw_only=True)
class GivenLink:
    """A page to be read; `beside` is what stood with its address, which may be the page's title."""

    url: str
    beside: str = ""


@dataclass(frozen=True, kw_only=True)
class GivenEntry:
    """An entry of a source, as a config writes it: `tvmaze:44933`."""

    id: str


@dataclass(frozen=True, kw_only=True)
class GivenText:
    """An announcement."""

    text: str


@dataclass(frozen=True, kw_only=True)
class GivenName:
    """The name of a work, with the season and the date that stand behind it: `Severance season 3, July 9, 2027`."""

    name: str
    season: int | None = None
    premiere: str | None = None

    def fields(self) -> dict[str, str]:
        """Return what is said of the title, as a config spells it."""
        season = None if self.season is None else str(self.season)
        said = {"title": self.name, "season": season, "premiere": self.premiere}
        return {name: value for name, value in said.items() if value is not None}


Given = GivenLink | GivenEntry | GivenText | GivenName


def understand(text: str, says_date: Callable[[str], bool], *, url: str = "", title: str = "") -> Given | None:
    """Return what was given: in the one field, or by a phone in three; None for nothing.

    `says_date` tells of a line that may be a name or an announcement whether a date of release can be read in it. It is
    asked of few lines.
    """
    whole = _joined(title, text)
    urls = [url.strip()] if url.strip() else [_trimmed(found) for found in _URL.findall(whole)]
    if urls:
        given = _with_url(whole, urls[-1])
        if given is not None:
            return given
    if len(whole) <= MOST_URL and _BARE_URL.fullmatch(whole):
        return _page(f"https://{whole}", "")
    entry = _entry(whole)
    if entry is not None or not whole:
        return entry
    is_text = _is_text(whole) or (_may_be_text(whole) and says_date(whole))
    return GivenText(text=whole) if is_text else _name(" ".join(whole.split()))


def named_in(text: str) -> GivenName | None:
    """Return the title that a text names in which no announcement was read: one line, or a name and its date."""
    if len(text) > MOST_NAME:
        return None
    name = _name(" ".join(text.split()))
    return name if name.premiere is not None or "\n" not in text else None


def looks_like_prose(name: str) -> bool:
    """Tell whether what would be taken for a name is rather a sentence: long, and with a year or an end of its own."""
    return len(name) > _LONG_NAME and bool(_YEAR.search(name) or _SENTENCES.search(name) or name.endswith("."))


def _name(words: str) -> GivenName:
    dated = date_behind(words)
    name, premiere = dated[:2] if dated else (words, None)
    found = _OF_SEASON.fullmatch(name)
    season = int(found[2]) if found else None
    return GivenName(name=found[1] if found else name, season=season, premiere=premiere)


def _joined(title: str, text: str) -> str:
    title, text = title.strip(), text.strip()
    return text if not title or title in text else f"{title}\n{text}".strip()


def _trimmed(url: str) -> str:
    """Return an address without the marks of the sentence that it stands in."""
    while url and (url[-1] in _AFTER_URL or _closes_more_than_it_opens(url)):
        url = url[:-1]
    return url


def _closes_more_than_it_opens(url: str) -> bool:
    return any(url[-1] == end and url.count(end) > url.count(start) for end, start in _BRACKETS)


def _with_url(whole: str, url: str) -> GivenLink | GivenEntry | None:
    """Return the page that is meant by a text with an address in it, None where the text itself is."""
    beside = " ".join(whole.replace(url, " ").split())
    return None if len(beside) > MOST_BESIDE else _page(url, beside)


def _page(url: str, beside: str) -> GivenLink | GivenEntry:
    return _entry(url) or GivenLink(url=url, beside=beside)


def _entry(words: str) -> GivenEntry | None:
    try:
        entry = parse_source(words)
    except ValueError:
        return None
    return GivenEntry(id=entry) if ":" in entry else None


def _is_text(whole: str) -> bool:
    return len(whole) > MOST_NAME or len(whole.splitlines()) > 1


def _may_be_text(whole: str) -> bool:
    """Tell whether a line is long enough for an announcement, and has a digit or two sentences."""
    has_marks = any(mark.isdigit() for mark in whole) or _SENTENCES.search(whole) is not None
    return len(whole) >= LEAST_TEXT and has_marks
