"""Streaming services, channels and cinemas, and how texts name them."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from reminder.announcements.reading.patterns import Pattern, uncased
from reminder.announcements.vocabulary import either, entries, expression, load

CINEMAS: Final = "Cinemas"

_CINEMAS: Final = uncased(rf"\b(?:{either('cinemas')})\b")
_PREPOSITION: Final = rf"(?:{either('before-platforms')})"


@dataclass(frozen=True, kw_only=True)
class NamedPlatform:
    """A platform that a text names, at `start` to `end`; `placed` when the text says that something comes there."""

    name: str
    start: int
    end: int
    placed: bool


def _compiled() -> Pattern:
    """Return the pattern of all names: `HBO Max` before `HBO`, and `Sky Atlantic` before the plain `Sky`."""
    spellings = []
    for number, name in sorted(enumerate(_NAMES), key=lambda each: -len(each[1])):
        spelt = {name} if name in PLAIN_WORDS else {name, name.upper()}
        words = [
            *map(expression, entries(_SERVICES[name])),
            *(re.escape(each).replace(r"\ ", r"\s+") for each in spelt),
        ]
        spellings.append(rf"(?P<p{number}>{'|'.join(words)})")
    return Pattern(rf"(?<![\w+])(?:{'|'.join(spellings)})(?![\w+])")


_TABLES: Final = load("services")
_SERVICES: Final[dict[str, str]] = {**_TABLES["streaming"], **_TABLES["channels"]}
_NAMES: Final = tuple(_SERVICES)
PLAIN_WORDS: Final = frozenset(entries(_TABLES["plain"]["words"]))
_PATTERN: Final = _compiled()
_PLACED: Final = uncased(
    rf"(?:(?:^|[^\w]){_PREPOSITION}|,)\s*(?:the\s+|den\s+|la\s+)?(?:(?:{either('platform-words')})\s+)*$"
)


# `The AMC-owned service`.
_OWNS: Final = Pattern(r"-(?:owned|backed|produced|based|led|affiliated|set)\b")
_STUDIO: Final = Pattern(r"\s+(?:Television\s+|Entertainment\s+)?(?:Studios?|Productions?|Pictures|Films)\b")


@functools.lru_cache(maxsize=256)  # a sentence is asked for again with each date in it
def platforms(text: str) -> tuple[NamedPlatform, ...]:
    """Given a sentence, return the platforms that it names, in order; cinemas are one of them."""
    return tuple(sorted([*_services(text), *_in_cinemas(text)], key=lambda named: named.start))


def is_platform(text: str) -> bool:
    """Tell whether a text is nothing but the name of a platform."""
    found = _PATTERN.fullmatch(text.strip())
    return found is not None


def _services(text: str) -> Iterator[NamedPlatform]:
    for found in _PATTERN.finditer(text):
        name = _NAMES[int((found.lastgroup or "p0")[1:])]
        if _STUDIO.match(text, found.end()) or _OWNS.match(text, found.end()):
            continue  # who makes it, not where it comes out
        placed = bool(_PLACED.search(text[: found.start()]))
        owner = text[found.end() : found.end() + 2].lower() in {"'s", "’s"}
        if (
            name in PLAIN_WORDS
            and " " not in found[0]
            and not (placed or owner or (found.start() == 0 and name != "Fox") or _is_labelled(text, found.start()))
        ):
            continue
        yield NamedPlatform(name=name, start=found.start(), end=found.end(), placed=placed)


def _is_labelled(text: str, start: int) -> bool:
    return text[:start].rstrip().endswith((":", "("))


def _in_cinemas(text: str) -> Iterator[NamedPlatform]:
    for found in _CINEMAS.finditer(text):
        if found[0].lower().endswith("screens") and found[0].lower().startswith("hit") and _PATTERN.search(text):
            continue  # those of a channel
        yield NamedPlatform(name=CINEMAS, start=found.start(), end=found.end(), placed=True)
