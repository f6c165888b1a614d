"""Reads the summary of a calendar's event: which work, and which episode of it.

A number is an episode's only with a sign or a word beside it (`S02E03`, `2x03`, `#1071`, `Folge 5`, `第5話`); a bare
one belongs to the title (*Apollo 13*, *Babylon 5*). Separators and brackets around it are not part of the title.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from reminder.core.sourcing.answers import ReleaseKind, WorkForm
from reminder.core.sourcing.season_words import (
    CLOSING,
    DASHES,
    OPENING,
    SEASONS,
    Part,
    figure,
    says_finale,
    season_words,
    trimmed,
    without_season,
)

MOST: Final = 500
"""Of a summary no more is looked at; a title in a config is no longer either."""

_MOST_AT_ONCE: Final = 30
"""What would be more episodes in one event than this is no second number."""

_PIXELS: Final = (640, 480)
"""From these numbers on, `1920x1080` is the size of a picture."""


@dataclass(frozen=True, kw_only=True)
class SummaryParts:
    """The parts of a summary. `number` is the first episode, `last` the last; without `season` it counts through.

    `is_dated`: a day stands in the place of a number. `kind` is how a film comes out, where that is said. `part` is
    the part of its season that words name; a season without a word more stands for its first episode.
    """

    name: str
    form: WorkForm
    kind: ReleaseKind = ReleaseKind.EPISODE
    season: int | None = None
    number: int | None = None
    last: int | None = None
    is_dated: bool = False
    part: Part | None = None

    @property
    def is_numbered(self) -> bool:
        """Whether it is an episode by its number."""
        return self.number is not None

    @property
    def numbers(self) -> range:
        """The episodes that it names."""
        return range(0) if self.number is None else range(self.number, (self.last or self.number) + 1)


def read_summary(text: str) -> SummaryParts:
    """Given the summary of an event, return what it says; without a sign of more, it is the name of a work."""
    text = " ".join(text[:MOST].split())
    text = _PICTURES.sub("", text, count=1) or text
    text = _LABEL.sub("", text, count=1) or text
    return (
        _film(text) or _episode(text) or _seasoned(text) or _dated(text) or SummaryParts(name=text, form=WorkForm.FILM)
    )


_LABEL: Final = re.compile(
    r"^(?:\[(?:tv|tv shows?|shows?|series|serie|anime|films?|movies?|games?|new)\]|new(?: episode| season)?:)\s",
    re.IGNORECASE,
)
"""Tells the sort of a work, or that it is new, as in `[TV] Silo` and `NEW: Silo`; it is none of its name."""

_PICTURES: Final = re.compile(r"^(?:[\u2600-\u27bf\u2b00-\u2bff\U0001f300-\U0001faff]\ufe0f?\s?){1,4}(?<=\s)")
"""Signs that a program sets before a name to tell its sort: 📺, 🎬."""

_CALLED_OFF: Final = re.compile(
    r"^\s?(?P<open>[\[(])?(?:cancell?ed|abgesagt|annulée?|cancelad[oa]|annullat[oa]|geannuleerd|odwołane|отменено|aflyst|"
    r"inställt|avlyst|peruttu)(?(open)[\])]\s?[:–—-]?|\s?[:–—-])\s",
    re.IGNORECASE,
)


def without_cancelled(summary: str) -> str | None:
    """Return a summary without the word at its head that calls the event off (`Canceled: Silo`); None without one.

    Outlook and others write it there, each in its own language, and leave the event's STATUS as it was.
    """
    found = _CALLED_OFF.match(summary[:MOST])
    return summary[found.end() :].strip() or None if found else None


# Films ---------------------------------------------------------------------------------------------------------------

_OUT: Final = (
    r"(?P<cinema>(?:theatrical|cinemas?) release|in cinemas|in theat(?:er|re)s|im kino|kinostart|au cinéma|"
    r"sortie ciné(?:ma)?|en cines|al cinema)|"
    r"(?P<digital>digital release|on digital)|"
    r"(?P<physical>physical release|on (?:dvd|blu-ray|disc))|"
    r"(?P<some>(?:(?:us|uk|eu|world(?:wide)?|global) )?release(?: da(?:te|y))?)"
)
_RELEASE: Final = re.compile(rf"[\s(\[–—·|:-]\s?(?:{_OUT})\s?[)\]]?$", re.IGNORECASE)
_RELEASE_AT_HEAD: Final = re.compile(rf"(?:{_OUT})\s?[:–—|-]\s", re.IGNORECASE)
_RELEASES: Final = {
    "cinema": ReleaseKind.CINEMA,
    "digital": ReleaseKind.DIGITAL,
    "physical": ReleaseKind.PHYSICAL,
    "some": ReleaseKind.EPISODE,  # of what sort is not said
}


def _film(text: str) -> SummaryParts | None:
    head = _RELEASE_AT_HEAD.match(text)
    found = head or _RELEASE.search(text)
    name = trimmed(text[found.end() :] if head else text[: found.start()]) if found else ""
    # Without brackets or a dash, the words may be the title's own (*Murder in Cinemas*).
    is_apart = found is not None and (head or found[0][0] != " " or found[0].strip()[:1] in OPENING + DASHES)
    if not found or not name or not is_apart:
        return None
    return SummaryParts(name=name, form=WorkForm.FILM, kind=_RELEASES[found.lastgroup or ""])


# Episodes ------------------------------------------------------------------------------------------------------------

_EPISODES: Final = (
    "episodes", "episode", "épisodes", "épisode", "ép", "episodio", "episodi", "episódio", "folgen", "folge",
    "aflevering", "avsnitt", "afsnit", "odcinek", "серия", "эпизод", "bölüm", "puntata", "jakso", "epizoda", "epizód",
    "ep",
)  # fmt: skip
# Films are called so, too (*John Wick: Capítulo 4*): only behind a season.
_PARTS: Final = ("capítulo", "capitulo", "cap", "chapter", "odc", "afl", "díl")
# Behind their number, where a season stands there too (`2 сезон 3 серия`). In the plural they count (`8 Folgen`).
_NUMBERED: Final = (
    "серия", "эпизод", "выпуск", "bölüm", "odcinek", "rész", "díl", "jakso", "folge", "avsnitt", "afsnit",
    "aflevering", "épisode", "episodio", "episódio", "capítulo", "episode",
)  # fmt: skip

_BEFORE: Final = r"(?<![^\W_])"
_BEHIND: Final = r"(?:v\d|[a-d])?(?![^\W_])"
_GAP: Final = r"(?:\s?[-–—,./·:|_~]\s?|\s)?"
_N: Final = r"\d{1,5}"
_S: Final = rf"(?:(?:{'|'.join(SEASONS)})\.?\s?|[st]\s?)(?P<season>\d{{1,4}})"
_NTH: Final = r"(?:\.|-?(?:й|я|ый|ой|ая)|ª|º|st|nd|rd|th|[eèé](?:me|re)?)?"
_NTH_S: Final = rf"(?P<season>\d{{1,2}}){_NTH}\s(?:{'|'.join(SEASONS)})"
_E: Final = rf"(?:(?:{'|'.join(_EPISODES)})\.?|e)\s?"
# A second number has a sign of its own, or stands right behind the first.
_SECOND: Final = rf"\s?[-–—~&+]\s?(?:s\d{{1,4}}\s?)?(?:\d{{1,4}}[x×]|{_E})(?=\d){_N}"
_MORE: Final = rf"(?P<more>(?:{_SECOND}|[-–—~&+]{_N}|\s[&+]\s{_N}|e{_N}){{0,9}})"

_CODES: Final = tuple(
    re.compile(pattern + _MORE + _BEHIND, re.IGNORECASE)
    for pattern in (
        rf"{_BEFORE}{_S}{_GAP}(?:{_E}|(?:{'|'.join(_PARTS)})\.?\s?|[x×])(?P<number>{_N})",
        rf"{_BEFORE}(?P<season>\d{{1,4}})[x×](?P<number>{_N})",
        rf"{_BEFORE}{_E}(?P<number>{_N}),?\s?(?:of\s|\()?{_S}\)?",
        rf"{_BEFORE}{_NTH_S}{_GAP}(?:{_E}|(?:{'|'.join(_PARTS)})\.?\s?)(?P<number>{_N})",
        rf"{_BEFORE}(?:{_S}|{_NTH_S.replace('season', 'nth')}){_GAP}(?P<number>{_N}){_NTH}\s(?:{'|'.join(_NUMBERED)})",
    )
)
_COUNTED: Final = tuple(
    re.compile(pattern + _MORE + _BEHIND, re.IGNORECASE)
    for pattern in (
        rf"{_BEFORE}(?:{'|'.join(_EPISODES)})\.?\s?(?:#\s?)?(?P<number>{_N})",
        rf"(?:(?<=\s)|(?<=[(\[])|^)[#№]\s?(?P<number>{_N})",
        rf"{_BEFORE}e(?P<number>{_N})",
    )
)
_FIGURES: Final = r"\d{1,5}|[〇零一二三四五六七八九十百千]{1,9}"
_EASTERN: Final = re.compile(
    rf"(?:第?\s?(?P<season>{_FIGURES})\s?[期季]\s?|(?:시즌|シーズン)\s?(?P<other>\d{{1,4}})\s?)?"
    rf"(?:第\s?(?P<number>{_FIGURES})\s?[話话集回夜]|제?\s?(?P<korean>\d{{1,5}})\s?[회화]|(?P<bare>\d{{1,5}})\s?[話话集])"
)
_PART_BREAK: Final = re.compile(r"\s[-–—·|]\s|[「『]")


@dataclass(frozen=True, kw_only=True)
class _Code:
    """A number with its sign, and where it stands."""

    start: int
    end: int
    season: int | None
    number: int
    last: int | None = None


def _episode(text: str) -> SummaryParts | None:
    """Return the episode that a summary names: by a code that has a name before it, else by one at the head."""
    codes = _apart(_codes(text))
    for code in codes:
        name = trimmed(text[: code.start])
        if name:
            return _told(name, code, text)
    for code in codes:
        rest = trimmed(text[code.end :])
        if code.season is not None or text[code.end : code.end + 1] in {":", ""} or _is_apart(text, code):
            name = trimmed(_PART_BREAK.split(rest, maxsplit=1)[0])
            if name:
                return _told(name, code, text)
    return None


def _seasoned(text: str) -> SummaryParts | None:
    """Return what is told of a season without an episode's number: it begins, ends, or comes as a whole."""
    found = season_words(text)
    if found is None:
        return None
    if found.part is Part.FINALE:
        return SummaryParts(name=found.name, form=WorkForm.SERIES, season=found.season, is_dated=True, part=found.part)
    if found.part is Part.MIDDLE:
        return SummaryParts(name=found.name, form=WorkForm.SERIES, season=found.season, is_dated=True)
    if found.season is None:
        return SummaryParts(name=found.name, form=WorkForm.FILM, part=Part.PREMIERE)
    part = found.part if found.part is Part.SEASON and found.number is None else None
    return SummaryParts(name=found.name, form=WorkForm.SERIES, season=found.season, number=found.number or 1, part=part)


def _is_apart(text: str, code: _Code) -> bool:
    """Tell whether a number at the head is set apart from the name behind it by a dash or a bracket."""
    return text[code.end :].lstrip()[:1] in set(DASHES + CLOSING)


def _told(name: str, code: _Code, text: str) -> SummaryParts:
    said = without_season(name)
    season = said.season if code.season is None else code.season
    part = Part.FINALE if says_finale(text) else None
    return SummaryParts(
        name=said.name, form=WorkForm.SERIES, season=season, number=code.number, last=code.last, part=part
    )


def _apart(codes: Iterable[_Code]) -> list[_Code]:
    """Return the codes without those that are a part of an earlier one, as `Episode 3` is of `Season 2 Episode 3`."""
    apart: list[_Code] = []
    for code in codes:
        if not any(other.start <= code.start < other.end for other in apart):
            apart.append(code)
    return apart


def _codes(text: str) -> Iterator[_Code]:
    """Yield the numbers with a sign: first those that name a season, too."""
    for pattern in _CODES:
        for found in pattern.finditer(text):
            season, number = int(found["season"] or found["nth"]), int(found["number"])
            if (season, number) < _PIXELS or number < _PIXELS[1]:
                yield _code(found, season, number)
    yield from _eastern(text)
    for pattern in _COUNTED:
        for found in pattern.finditer(text):
            if _may_count(text, found):
                yield _code(found, None, int(found["number"]))


def _code(found: re.Match[str], season: int | None, number: int) -> _Code:
    said = re.findall(r"\d{1,5}", found["more"])
    last = int(said[-1]) if said else None
    is_more = last is not None and number < last <= number + _MOST_AT_ONCE
    return _Code(start=found.start(), end=found.end(), season=season, number=number, last=last if is_more else None)


def _may_count(text: str, found: re.Match[str]) -> bool:
    """Tell whether a sign without a word (`#`, `E`) counts episodes: then nothing but a separator follows it.

    *E3 2026* and *Love #9 Forever* are titles.
    """
    if len(found[0]) > 1 and found[0][:2].isalpha():
        return True
    rest = text[found.end() :].strip()
    return found.start() > 0 and (not rest or rest[0] in DASHES + CLOSING + OPENING)


def _eastern(text: str) -> Iterator[_Code]:
    for found in _EASTERN.finditer(text):
        season = found["season"] or found["other"]
        number = found["number"] or found["korean"] or found["bare"]
        yield _Code(
            start=found.start(), end=found.end(), season=figure(season) if season else None, number=figure(number)
        )


# Days ----------------------------------------------------------------------------------------------------------------

_DAY: Final = re.compile(
    r"(?<![^\W_])(?:(?P<y>(?:19|20)\d\d)([-./])(?P<m>\d{1,2})\2(?P<d>\d{1,2})|"
    r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>(?:19|20)\d\d))(?![^\W_])"
)


def _dated(text: str) -> SummaryParts | None:
    """Return an episode that is named by its day: `The Daily Show 2026-11-20`."""
    for found in _DAY.finditer(text):
        year, month, day = (
            int(found[long] or found[short]) for long, short in (("year", "y"), ("month", "m"), ("day", "d"))
        )
        name = trimmed(text[: found.start()]) or trimmed(_PART_BREAK.split(trimmed(text[found.end() :]), maxsplit=1)[0])
        if name and _is_day(year, month, day):
            return SummaryParts(name=name, form=WorkForm.SERIES, is_dated=True)
    return None


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
