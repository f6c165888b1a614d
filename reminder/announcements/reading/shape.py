"""The shape of a season in words: its number, how many episodes, and how they come out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from reminder.announcements.reading.patterns import Pattern, uncased
from reminder.announcements.vocabulary import either, numbered
from reminder.core.dates.month_names import WEEKDAY_OF, any_of, words

SEASON_WORD: Final = words("season staffel saison temporada stagione sezon sezonu series")
NUMBER_OF: Final = numbered("cardinals")
ORDINALS: Final = numbered("ordinals")
_ROMAN: Final = {"ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8}

_EPISODES: Final = rf"(?:{either('episodes')})"
_NUMBER: Final = rf"(?:{any_of(NUMBER_OF)}|\d{{1,3}})"
_ORDINAL: Final = rf"(?:{any_of(ORDINALS)}|\d{{1,2}}(?:st|nd|rd|th|\.|ª|a|ème|ᵉ|e))"
_ADJECTIVES: Final = rf"(?:(?:{either('before-episodes')})\s+){{0,2}}"
_SEASON: Final = rf"(?:{any_of([*SEASON_WORD, 'saga', 'Staffeln'])})"

_SEASON_FORMS: Final = tuple(
    uncased(pattern)
    for pattern in (
        rf"\b(?:season|staffel|saison|temporada|stagione|sezon|series)(?:\s+|\s*:\s*)(?P<n>\d{{1,2}}|"
        rf"{any_of(NUMBER_OF)}|{any_of(_ROMAN)})\b(?!\s*(?:%|percent|years|{_EPISODES}))",
        rf"\b(?P<o>{_ORDINAL})[\s-]+(?:and\s+(?:final|last)\s+|(?:und\s+)?letzte[nr]?\s+|(?:\w+-)?(?:new|full|"
        rf"ever)\s+)?{_SEASON}\b(?!\s+of\s+(?:the\s+)?year)",
        rf"\b(?:temporada|stagione|saison)\s+(?P<p>{any_of(ORDINALS)})\b",
        r"(?<!\w)S(?:0?(?P<s>[1-9]\d?))(?!\w)",
    )
)
_TOTALS: Final = tuple(
    uncased(pattern)
    for pattern in (
        rf"\b(?P<n>{_NUMBER})[\s-](?:episode|part|chapter|hour|ep)\b(?!\s+(?:premiere|debut|launch|opener|"
        rf"finale|event\s+premiere)|\s+(?:\w+\s+)?(?:saga|trilogy|franchise|film\s+series|podcast)\b)",
        r"\b(?P<n>" + any_of(NUMBER_OF) + r"|\d{1,2})-?(?:teilige[nrs]?|teiler|folgige[nrs]?)\b",
        rf"\b(?P<n>{_NUMBER})\s+{_ADJECTIVES}{_EPISODES}",
        rf"\b(?P<n>{_NUMBER})\s+(?:le|gli|i|los|las|les|os|as|die)\s+{_EPISODES}",
        r"\b(?:episodes|folgen|épisodes|episodios|episodi|episódios|liczba\s+odcinków)\s*:\s*(?P<n>\d{1,3})\b",
    )
)
_FIRST_OF: Final = uncased(
    rf"(?:\b(?:first|ersten(?:\s+beiden)?|premiers?|primeros?|primi|primeiros|pierwsze|dos\s+primeros|"
    rf"double)\s+(?P<a>{_NUMBER})(?!\s+(?:seasons?|years?|films?|months?|"
    rf"books?)\b)(?:\s+{_ADJECTIVES})?\s*{_EPISODES}?|\b(?P<b>{_NUMBER})\s+(?:premiers|primeros|primi|"
    rf"primeiros|pierwsze)\s+{_EPISODES}|\b(?P<c>{_NUMBER})[\s-](?:episode|part|hour)\s+(?:series\s+|"
    rf"season\s+)?(?:premiere|debut|launch|opener)\b|\b(?:{either('begins-with')})"
    rf"\s+(?:[\w ,./:]{{0,60}}?\s)?with\s+(?:the\s+first\s+|its\s+first\s+|"
    rf"a\s+)?(?P<d>{_NUMBER})\s+{_ADJECTIVES}{_EPISODES}|\b(?P<f>dwoma|trzema|"
    rf"czterema)\s+(?:pierwszymi\s+)?odcinkami|\b(?P<j>{_NUMBER})\s+{_EPISODES},?\s+(?:with|followed\s+by|"
    rf"(?:and\s+)?then|puis|dann|luego|poi|depois|potem)\b|\bersten\s+(?P<g>beiden)\s+{_EPISODES}|"
    rf"\b(?P<h>double)[\s-](?:episode|bill|header)|\b(?P<i>{_NUMBER})\s+{_ADJECTIVES}{_EPISODES}\s+(?:on|"
    rf"at)\s+(?:launch|premiere))"
)
_PARTIAL: Final = uncased(rf"\b(?:{either('partial')})\s*$")
_DAYS: Final = any_of([*WEEKDAY_OF, *(f"{day}s" for day in WEEKDAY_OF)])
_WEEKLY: Final = uncased(rf"\b(?:(?:every|each)\s+(?:following\s+|subsequent\s+)?(?:{_DAYS})\b|{either('weekly')})")
_MAGAZINES: Final = Pattern(r"\b(?:Entertainment|Publishers)\s+Weekly\b|\bWeekly\s+(?=[A-Z])")
_DAILY: Final = uncased(rf"\b(?:{either('daily')})\b")
# One for each language, so that a text pays for its own alone.
_ALL: Final = tuple(
    uncased(text)
    for text in (
        rf"\ball\s+(?:of\s+(?:the\s+|its\s+)?)?(?:{_NUMBER}\s+)?{_ADJECTIVES}(?:{_EPISODES}|of\s+them|"
        rf"of\s+which)(?=.{{0,90}}?\b(?:available|at\s+once|go(?:es|ing)?\s+live|drop\w*|together|"
        rf"same\s+(?:day|date|time)|releas\w+|stream\w*|arriv\w*|launch\w*|land\w*|premier\w*|debut\w*|"
        rf"on\s+\w+|will|once|simultaneously)\b)",
        rf"\b(?:releasing|dropping|drops?|release|launch(?:ing)?|releases|premieres?|"
        rf"debuts?)\s+all\s+(?:{_NUMBER}\s+)?{_EPISODES}|\ball\s+at\s+once\b|\bin\s+(?:one\s+go|its\s+entirety|"
        rf"full)\b|\bin\s+one\s+sitting\b|\b(?:full|entire|whole|complete)\s+(?:\w+[\s-]){{0,3}}(?:season|"
        rf"series)\s+(?:\w+\s+){{0,3}}(?:drops?|available|arrives?|at\s+once|will)|\bbox\s?set\b|"
        rf"\bwith\s+all\s+(?:{_NUMBER}\s+)?{_EPISODES}",
        rf"\balle\s+(?:{_NUMBER}\s+)?{_EPISODES}|\b(?:sofort|komplett|auf\s+einmal|"
        rf"auf\s+einen\s+schlag)\s+(?:abrufbar|verfügbar)|\b(?:sämtliche)\s+{_EPISODES}",
        rf"\b(?:tous\s+les|les|l['’]intégralité\s+des)"
        rf"\s+(?:{_NUMBER}\s+)?{_EPISODES}\s+(?:\w+\s+){{0,4}}(?:disponibles?|en\s+ligne|d['’]un\s+coup)|"
        rf"\bd['’]un\s+(?:seul\s+)?coup\b|\btous\s+les\s+{_EPISODES}|\bl['’]intégralité\b",
        rf"\b(?:todos\s+los|los)\s+(?:{_NUMBER}\s+)?{_EPISODES}\s+(?:\w+\s+){{0,3}}(?:disponibles|"
        rf"desde\s+el\s+primer|de\s+golpe)|\bde\s+(?:una\s+(?:sola\s+)?vez|golpe)\b",
        rf"\btutti\s+(?:e\s+\w+\s+)?gli\s+{_EPISODES}|\btutti\s+insieme\b|\bin\s+un['’]unica\s+soluzione\b|"
        rf"\bde\s+uma\s+(?:só\s+|única\s+)?vez\b|\btodos\s+os\s+(?:{_NUMBER}\s+)?{_EPISODES}|\bwszystki(?:e|"
        rf"ch)\s+(?:{_NUMBER}\s+)?{_EPISODES}|\b(?:od\s+razu|naraz)\b",
    )
)
_NOT_ALL: Final = uncased(r"\bnot\s+all\b|n['’]t\s+(?:\w+\s+){0,4}all\b")
_SPLIT: Final = uncased(rf"\b(?:{either('split')})\b")
_AS_THEY_COME: Final = uncased(r"\bas\s+they\s+(?:come|air|drop|are)\b")
_REST: Final = uncased(
    rf"\b(?:{either('remaining')})\s+(?P<n>{_NUMBER})\s+{_EPISODES}|\b(?P<m>{_NUMBER})\s+(?:remaining|"
    rf"{_EPISODES}\s+(?:restants|restantes|rimanenti|restanti))\b"
)
_LOOKS_BACK: Final = uncased(rf"\b(?:{either('looks-back')})\b")
_MOST_EPISODES: Final = 200


@dataclass(frozen=True, kw_only=True)
class SeenNumber:
    """A number of the shape, and where in its sentence it was read."""

    number: int
    start: int
    end: int


def seasons(text: str) -> tuple[SeenNumber, ...]:
    """Given a sentence, return the season numbers in it, in order."""
    return tuple(sorted(_seasons(text), key=lambda seen: seen.start))


def _seasons(text: str) -> Iterator[SeenNumber]:
    for pattern in _SEASON_FORMS:
        for found in pattern.finditer(text):
            word = next(value for value in found.groupdict().values() if value).lower()
            number = _number(word) or ORDINALS.get(word) or _ROMAN.get(word)
            if number and number <= 60:
                yield SeenNumber(number=number, start=found.start(), end=found.end())


def episodes(text: str) -> SeenNumber | None:
    """Given a sentence, return how many episodes the whole season has, None when it does not say."""
    if _LOOKS_BACK.search(text):
        return None
    for pattern in _TOTALS:
        for found in pattern.finditer(text):
            number = _number(found["n"])
            if (
                not number
                or not 1 < number <= _MOST_EPISODES
                or (_PARTIAL.search(text[: found.start()]) and not _is_whole(text, found))
            ):
                continue
            if _FIRST_OF.search(text, max(0, found.start() - 30)) and _within_first(text, found):
                continue
            return SeenNumber(number=number, start=found.start(), end=found.end())
    return None


def _is_whole(text: str, found: re.Match[str]) -> bool:
    """Tell whether a number behind `with` is of the whole season: nothing weekly follows it."""
    before = text[: found.start()].rstrip().lower()
    number = _number(found["n"]) or 0
    return (
        number > 3
        and before.endswith(("with", "mit", "con", "avec", "com"))
        and not _WEEKLY.search(text)
        and not _FIRST_OF.search(text)
    )


def _within_first(text: str, found: re.Match[str]) -> bool:
    return any(first.start() <= found.start() < first.end() for first in _FIRST_OF.finditer(text))


def first_drop(text: str) -> int | None:
    """Given a sentence, return how many episodes come out on the first day, None when it does not say."""
    found = _FIRST_OF.search(text)
    if not found:
        return None
    if found["g"] or found["h"]:
        return 2
    word = next(value for value in found.groupdict().values() if value)
    return _number(word.lower())


def rest(text: str) -> int | None:
    """Given a sentence, return how many episodes it says remain, None when it does not."""
    found = _REST.search(text)
    return _number(found["n"] or found["m"]) if found else None


def is_all(text: str) -> bool:
    """Tell whether a sentence says that the whole season comes out at once."""
    return (
        any(pattern.search(text) for pattern in _ALL)
        and not _AS_THEY_COME.search(text)
        and not _NOT_ALL.search(text)
        and not _WEEKLY.search(text)
        and not _LOOKS_BACK.search(text)
    )


def is_split(text: str) -> bool:
    """Tell whether a sentence says that the season comes out in parts."""
    return bool(_SPLIT.search(text))


def is_weekly(text: str) -> bool:
    """Tell whether a sentence says that an episode comes out each week."""
    return bool(_WEEKLY.search(_MAGAZINES.sub("", text)))


def is_daily(text: str) -> bool:
    """Tell whether a sentence says that an episode comes out each day."""
    return bool(_DAILY.search(text)) and bool(re.search(rf"\b{_EPISODES}\b", text, re.IGNORECASE))


def _number(word: str) -> int | None:
    digits = re.match(r"\d+", word)
    return int(digits[0]) if digits else NUMBER_OF.get(word.lower())
