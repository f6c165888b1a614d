"""Names in running text, without marks and beside no word that titles stand with: which of them may be a title."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from reminder.announcements.reading.candidates import Spotted, folded
from reminder.announcements.reading.clues import LOOK_BACK, NAME, is_elsewhere
from reminder.announcements.reading.language import leans_english
from reminder.announcements.reading.naming import is_headline, is_person, is_plain, may_be, tidy
from reminder.announcements.reading.patterns import Pattern, uncased
from reminder.announcements.reading.platforms import is_platform, platforms
from reminder.announcements.reading.sentences import Sentence
from reminder.announcements.vocabulary import either
from reminder.core.dates.month_names import ENGLISH_MONTHS, ENGLISH_WEEKDAYS, any_of

# Where somebody is or something takes place: `in Leeds`, `at Gamescom`.
_PLACE_BEFORE: Final = uncased(rf"\b(?:{either('in-places')})\s+(?:the\s+)?[“\"'‘«„*_]?$")
# Who does something to a work, or says something: a studio, a person, a fair.
_DOES: Final = Pattern(
    rf"[”\"’»*_]?(?:,[^,.]{{3,60}},)?\s+(?:(?:has|have|had|is|are|was|will|also|just|now|today|officially|"
    rf"finally|recently|late)\s+){{0,3}}(?:\w+ly\s+)?(?:{either('acts-or-says')})\b"
)
# Of which a work is the object, or whose work it is: before a name they leave little doubt.
_OBJECT_BEFORE: Final = Pattern(
    rf"\b(?:{either('before-objects')})\s+(?:up\s+|back\s+|off\s+|out\s+|on\s+)?[“\"'‘«„*_]?$"
)
_OWNED_BEFORE: Final = Pattern(r"[a-zA-Z](?:['’]s|s['’])\s+$")
_ROLE_AFTER: Final = Pattern(r"[”\"’»*_]?(?:-(?:directed|led|created|starring|style|based|area)|\s\()")
_HYPHENED: Final = Pattern(r"-(?:directed|led|created|starring|style|based|produced|winning|nominated)$")
# What a reader is asked to do with it: `Wishlist Salt Road`.
_ASKS_FOR: Final = Pattern(rf"^(?:{either('asks-for')})\s+(?=[A-Z])")
# Numbers, and days of the week that come again.
_COUNTS: Final = uncased(
    rf"^\d[\d.,:]*(?:-\w+)?(?!\s)|^\d[^a-zA-Z]*$|^(?:{any_of(ENGLISH_WEEKDAYS)})s\b|"
    rf"^(?:{any_of(ENGLISH_MONTHS)})\b\.?\s\d"
)
# Who says something that stands before: `joked Ana Rhys`.
_SAYS_BEFORE: Final = Pattern(rf"[,”\"’»]\s+(?:{either('says')})\s+$")
_PARAGRAPHS: Final = 3
_WORDS: Final = 9


def unmarked(found: Sequence[Sentence], people: set[str]) -> Iterator[tuple[Sentence, Spotted]]:
    """Given the sentences of a text and the people in it, yield the names at its head that may be of a work."""
    whole = "\n".join(sentence.text for sentence in found)
    if not leans_english(whole):
        return
    for sentence in found:
        if sentence.paragraph >= _PARAGRAPHS:
            return
        if not is_headline(sentence.text):
            yield from ((sentence, spot) for spot in _in(sentence, people) if not _has_surname(spot.name, whole))


def _in(sentence: Sentence, people: set[str]) -> Iterator[Spotted]:
    text = sentence.text
    services = platforms(text)
    for match in NAME.finditer(text):
        name = tidy(_ASKS_FOR.sub("", match[0]) if match.start() == 0 else match[0], headline=False)
        if not name or folded(name) in people or not _may_be_unmarked(name):
            continue
        start = max(text.find(name, match.start()), match.start())
        end = start + len(name)
        if any(service.start < end and start < service.end for service in services):
            continue
        if weight := _weight(text, start, name):
            yield Spotted(name=name, start=start, end=end, weight=weight)


def _may_be_unmarked(name: str) -> bool:
    is_number = len(name.split()) > _WORDS or _COUNTS.search(name)
    return not is_number and may_be(name) and not is_plain(name) and not is_platform(name)


def _has_surname(name: str, whole: str) -> bool:
    """Tell whether the last of two words of a name stands alone elsewhere, as that of a person does."""
    words = name.split()
    if len(words) != 2 or words[0] in {"The", "A", "An"}:
        return False
    return re.search(rf"(?<![\w’'-])(?<!{re.escape(words[0])} ){re.escape(words[1])}(?![\w-])", whole) is not None


def _weight(text: str, start: int, name: str) -> float:
    """Return how much speaks for a name being that of a work, 0 where it is that of somebody or of a place."""
    before = text[max(0, start - LOOK_BACK) : start]
    end = start + len(name)
    if (
        is_person(text, start, name)
        or is_elsewhere(text, start)
        or _PLACE_BEFORE.search(before)
        or _SAYS_BEFORE.search(before)
    ):
        return 0.0
    if _DOES.match(text, end) or _ROLE_AFTER.match(text, end) or _HYPHENED.search(name):
        return 0.0
    if _OBJECT_BEFORE.search(before) or _OWNED_BEFORE.search(before):
        return 1.0
    return 0.6 if start else 0.5
