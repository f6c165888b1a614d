"""The shape of a season in words: its number, how many episodes, and how they come out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from reminder.announcements.reading.patterns import Pattern, uncased
from reminder.announcements.vocabulary import either, filled, load, numbered
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

# What the patterns of `shape.toml` name in braces.
_PARTS: Final = {
    "number": _NUMBER,
    "number-word": any_of(NUMBER_OF),
    "roman": any_of(_ROMAN),
    "ordinal": _ORDINAL,
    "ordinal-word": any_of(ORDINALS),
    "adjectives": _ADJECTIVES,
    "episode-word": _EPISODES,
    "season-word": _SEASON,
}
_SHAPES: Final = load("shape")


def _patterns(name: str) -> tuple[Pattern, ...]:
    return tuple(uncased(filled(text, _PARTS)) for text in _SHAPES[name])


_SEASON_FORMS: Final = _patterns("seasons")
_TOTALS: Final = _patterns("totals")
_FIRST_OF: Final = uncased(filled(_SHAPES["first"], _PARTS))
_PARTIAL: Final = uncased(rf"\b(?:{either('partial')})\s*$")
_DAYS: Final = any_of([*WEEKDAY_OF, *(f"{day}s" for day in WEEKDAY_OF)])
_WEEKLY: Final = uncased(rf"\b(?:(?:every|each)\s+(?:following\s+|subsequent\s+)?(?:{_DAYS})\b|{either('weekly')})")
_EACH_WEEK: Final = (
    rf"(?:(?:(?:every|each)\s+(?:following\s+|subsequent\s+)?(?:{_DAYS}))\b|{either('weekly')}|{either('a-week')})"
)
_PACE: Final = uncased(
    rf"\b(?P<n>{_NUMBER})\s+(?:at\s+a\s+time\b|{_ADJECTIVES}{_EPISODES}\s+"
    rf"(?:(?!then|and|puis|dann|und|luego|poi|depois|potem|a\s)\w+\s+)?{_EACH_WEEK})"
)
_PACED: Final = uncased(rf"\b{_EACH_WEEK}\s+(?:[^\W\d]\w*\s+){{0,4}}?(?P<n>{_NUMBER})\s+{_ADJECTIVES}{_EPISODES}")
_MOST_A_WEEK: Final = 5
_MAGAZINES: Final = Pattern(r"\b(?:Entertainment|Publishers)\s+Weekly\b|\bWeekly\s+(?=[A-Z])")
_DAILY: Final = uncased(rf"\b(?:{either('daily')})\b")
_ALL: Final = _patterns("all-at-once")
_NOT_ALL: Final = uncased(r"\bnot\s+all\b|n['’]t\s+(?:\w+\s+){0,4}all\b")
_SPLIT: Final = uncased(rf"\b(?:{either('split')})\b")
_AS_THEY_COME: Final = uncased(r"\bas\s+they\s+(?:come|air|drop|are)\b")
_REST: Final = uncased(filled(_SHAPES["rest"], _PARTS))
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
            if _is_pace(text, found):
                continue
            return SeenNumber(number=number, start=found.start(), end=found.end())
    return None


def _is_pace(text: str, found: re.Match[str]) -> bool:
    """Tell whether a number is how many come each week: `two episodes a week`, `jede Woche zwei Folgen`.

    A number that is one word with what it counts (`a four-episode series, weekly`) is the whole season's.
    """
    is_joined = "-" in found[0]
    return not is_joined and (_number(found["n"]) or 0) <= _MOST_A_WEEK and paces(text) is not None


def paces(text: str) -> SeenNumber | None:
    """Given a sentence, return how many episodes it says come each week, None when it does not say."""
    for pattern in (_PACE, _PACED):
        for found in pattern.finditer(text):
            number = _number(found["n"])
            if number and 1 < number <= _MOST_A_WEEK:
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
