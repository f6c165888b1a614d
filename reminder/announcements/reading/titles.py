"""Picks the title that an announcement is about from all the names that it drops."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from reminder.announcements.reading.candidates import Candidate, Spotted, folded, note
from reminder.announcements.reading.clues import CAST, ELSEWHERE_AFTER, NAME, NEW_WORK, is_elsewhere
from reminder.announcements.reading.merging import (
    PLAIN,
    count,
    doubt_openers,
    doubt_surnames,
    whole_names,
    without_number,
)
from reminder.announcements.reading.naming import is_person, may_be, tails, tidy
from reminder.announcements.reading.sentences import Sentence
from reminder.announcements.reading.spotting import headed, spotted
from reminder.announcements.reading.unmarked import unmarked

FIRST_NAMED: Final = 2.5
FIRST_UNMARKED: Final = 1.0
UNMARKED: Final = 0.5
_SPOKEN_FOR: Final = 0.8
_NEXT_TO: Final = 8
_SEVERAL: Final = 3
_FEW: Final = 0.35
# No announcement drops more names; each is compared with the others.
_MOST_NAMES: Final = 120
_MOST_COUNTED: Final = 1000


def candidates(found: Sequence[Sentence], known: Iterable[str] = ()) -> list[Candidate]:
    """Given a text's sentences (and names stated beside it), return the names that may be its title, best first."""
    seen: dict[str, Candidate] = {}
    people = {folded(name) for sentence in found for name in _people(sentence.text)}
    for number, sentence in enumerate(found):
        _note_names(sentence, number, seen, people)
    for sentence, spot in headed(found):
        note(seen, sentence, spot, spot.weight)
    marked = any(candidate.quoted and candidate.score > 1 for candidate in seen.values())
    if not marked:
        _unmarked(found, seen, people)
    _weigh(found, seen, known)
    if _best(seen) < _SPOKEN_FOR:
        _repeated(found, seen, people)
    if not marked and _best(seen) <= 0:
        _unmarked(found, seen, people)
    without_number(found, seen)
    return sorted(seen.values(), key=lambda candidate: -candidate.score)


def _best(seen: dict[str, Candidate]) -> float:
    return max((candidate.score for candidate in seen.values()), default=0.0)


def _note_names(sentence: Sentence, number: int, seen: dict[str, Candidate], people: set[str]) -> None:
    """Take the names of a sentence as candidates; three and more are a list, of credits or episodes, and earn less."""
    spots = list(spotted(sentence))
    in_list = _FEW if _is_list(spots) else 1.0
    of_several = _FEW if _has_several_seasons(spots) else 1.0
    for spot in spots:
        is_season = spot.weight >= PLAIN
        name = folded(spot.name)
        part = in_list if spot.quoted else of_several if is_season else 1.0
        if (spot.quoted or is_season or name not in people) and (name in seen or len(seen) < _MOST_NAMES):
            note(seen, sentence, spot, _worth(sentence, spot, number) * part)


def _weigh(found: Sequence[Sentence], seen: dict[str, Candidate], known: Iterable[str]) -> None:
    """Compare the candidates with each other and with the whole text, and change what each has earned."""
    _favour_first(seen)
    doubt_surnames(found, seen)
    doubt_openers(found, seen)
    whole_names(seen)
    for name in known:
        if folded(name) in seen:
            seen[folded(name)].score += 3
    count(found, seen)


def _favour_first(seen: dict[str, Candidate]) -> None:
    """Add to the name in marks that stands first at the head of a text: a text names first what it is about."""
    places = [
        (sentence.start + spot.start, candidate)
        for candidate in seen.values()
        for sentence, spot in candidate.at
        if spot.quoted
        and spot.weight >= 1
        and sentence.paragraph == 0
        and not is_elsewhere(sentence.text, spot.start)
        and not ELSEWHERE_AFTER.match(sentence.text, spot.end - 1)
    ]
    if places:
        min(places, key=lambda place: place[0])[1].score += FIRST_NAMED


def _repeated(found: Sequence[Sentence], seen: dict[str, Candidate], people: set[str]) -> None:
    """Take as candidates, where nothing speaks for a title, the names that a text comes back to."""
    whole = "\n".join(sentence.text for sentence in found)
    times = _counter(whole.casefold())
    for sentence in found:
        for match in NAME.finditer(sentence.text):
            name = max(tails(tidy(match[0])), key=lambda tail: (times(tail.casefold()), len(tail)))
            if folded(name) in people or not may_be(name) or is_person(sentence.text, match.start(), name):
                continue
            spot = Spotted(name=name, start=match.start(), end=match.start() + len(name), weight=0.4)
            note(seen, sentence, spot, spot.weight)
    for candidate in seen.values():
        inside = any(spot.start > 0 for _, spot in candidate.at)
        if candidate.score < _SPOKEN_FOR or not inside or whole.count(candidate.name) < 2:
            candidate.score = min(candidate.score, 0.0)


def _unmarked(found: Sequence[Sentence], seen: dict[str, Candidate], people: set[str]) -> None:
    """Take as candidates, where a text marks no names, those at its head; the first of them earns more."""
    first = FIRST_UNMARKED
    for sentence, spot in unmarked(found, people):
        note(seen, sentence, spot, UNMARKED * spot.weight * _place(sentence) + first)
        first = 0


def _counter(whole: str) -> Callable[[str], int]:
    """Return how to ask how often a name stands in a text; of more names than any text has, it is not counted."""
    seen: dict[str, int] = {}

    def times(name: str) -> int:
        if name not in seen and len(seen) < _MOST_COUNTED:
            seen[name] = whole.count(name)
        return seen.get(name, 0)

    return times


def _has_several_seasons(spots: Sequence[Spotted]) -> bool:
    """Tell whether the seasons of three or more names are spoken of."""
    return len({folded(spot.name) for spot in spots if spot.weight >= PLAIN}) >= _SEVERAL


def _is_list(spots: Sequence[Spotted]) -> bool:
    """Tell whether three or more quoted names follow close upon each other."""
    quoted = sorted((spot for spot in spots if spot.quoted), key=lambda spot: spot.start)
    return sum(after.start - before.end <= _NEXT_TO for before, after in pairwise(quoted)) >= 2


def _worth(sentence: Sentence, spot: Spotted, number: int) -> float:
    """Return what one place says for a name: less further down, little or nothing where it is only brought up."""
    if is_elsewhere(sentence.text, spot.start) and not NEW_WORK.match(sentence.text, spot.end):
        return -1.0
    value = spot.weight * _place(sentence) / (1 + 0.06 * number)
    in_brackets = sentence.text[: spot.start].endswith("(")
    belongs = ELSEWHERE_AFTER.match(sentence.text, spot.end - spot.quoted)
    return value * (0.3 if belongs or in_brackets else 1.0)


def _place(sentence: Sentence) -> float:
    if sentence.paragraph == 0:
        return 2.2 if sentence.heading else 1.6
    return 1.4 if sentence.heading or sentence.paragraph == 1 else 1.0


def _people(text: str) -> Iterator[str]:
    """Yield the names in a list of cast or crew."""
    for found in CAST.finditer(text):
        for name in re.split(r",\s+(?:and\s+)?|\s+(?:and|&)\s+|\s*\([^)]*\)", found["names"]):
            if 2 <= len(name.split()) <= 3:
                yield name.strip()
