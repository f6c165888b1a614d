"""Spots the names in a sentence that may be titles: in marks, or beside words that titles stand with."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from reminder.announcements.reading.candidates import Spotted
from reminder.announcements.reading.clues import (
    ACTS,
    CLUES,
    CUT,
    CUT_HEADLINE,
    LOOK_BACK,
    NAME,
    PAIRS,
    RELEASE_OF,
    SPEECH_AFTER,
    SPEECH_BEFORE,
    SPEECH_COLON,
    Clue,
)
from reminder.announcements.reading.cues import says_release
from reminder.announcements.reading.merging import PLAIN
from reminder.announcements.reading.naming import (
    is_headline,
    is_person,
    is_plain,
    is_spoken,
    may_be,
    may_be_quoted,
    tidy,
)
from reminder.announcements.reading.patterns import Pattern, uncased
from reminder.announcements.reading.platforms import NamedPlatform, is_platform, platforms
from reminder.announcements.reading.sentences import Sentence
from reminder.announcements.vocabulary import either
from reminder.core.dates.month_names import WEEKDAY_OF

_SMALL: Final = frozenset({"the", "and", "for", "with"})
_OWNS: Final = Pattern(r"['’]s\s+[a-z]")
_GOES_ON: Final = Pattern(r"\s+[a-z]")
_TITLED: Final = uncased(rf"\b(?:{either('titled')})\s*[:,]?\s*$")
_EPISODE: Final = uncased(
    r"\b(?:patch|update|expansion|add-on|dlc|song|single|track)\b(?:[^.;]|\.\d){0,24}[\s,]$|\b(?:episode|"
    r"folge|episodio|épisode|capítulo|puntata|odcinek|odcinki\w*)\W+(?:\w+\W+){0,2}(?:titled|entitled|"
    r"called|titulad[ao]|intitul\w+|intitolat[ao]|zatytułowan\w+)\s*$"
)
_RELEASED: Final = uncased(rf"\b{RELEASE_OF}\s*$")
_NAME_BEFORE: Final = Pattern(r"[A-Z]\w+\s$")
_NAME_AFTER: Final = Pattern(r"\s[A-Z][a-z]+")


@dataclass(frozen=True, kw_only=True)
class _Place:
    """A name beside a clue, where it stands in its sentence, and the services that the sentence names."""

    sentence: Sentence
    clue: Clue
    name: str
    start: int
    services: Sequence[NamedPlatform]

    @property
    def end(self) -> int:
        return self.start + len(self.name)


def spotted(sentence: Sentence) -> Iterator[Spotted]:
    """Given a sentence, yield the names in it that may be titles."""
    text = sentence.text
    yield from _quoted(text)
    services = platforms(text)
    headline = is_headline(text)
    for clue in CLUES:
        for found in clue.pattern.finditer(text):
            name = _with_subtitle(text, found) if clue.label else tidy(found["t"], headline=headline)
            start = max(text.find(name, found.start("t")), found.start("t"))
            place = _Place(sentence=sentence, clue=clue, name=name, start=start, services=services)
            if name and not any(rules_out(place) for rules_out in _NO_TITLE):
                yield Spotted(name=name, start=start, end=place.end, weight=clue.weight)


def _is_no_headline(place: _Place) -> bool:
    return place.clue.headline and not (place.sentence.heading and place.sentence.paragraph <= 1)


def _is_no_label(place: _Place) -> bool:
    """Tell whether what stands before a colon is none: a part of `Salt Road: The Return`, words, or a city."""
    if not place.clue.label:
        return False
    if place.sentence.heading:
        is_part = NAME.fullmatch(place.sentence.text) is not None
    else:
        is_part = any(word.islower() and len(word) > 2 and word not in _SMALL for word in place.name.split())
    return is_part or (place.name.isupper() and len(place.name) > 3)


def _is_owner(place: _Place) -> bool:
    """Tell whether a name is of who made the work: `the second season of Ana Rhys's drama`."""
    return place.clue.certain and len(place.name.split()) == 2 and bool(_OWNS.match(place.sentence.text, place.end))


def _is_no_name(place: _Place) -> bool:
    is_weekday = place.clue.weight == PLAIN and place.name.lower() in WEEKDAY_OF
    return not (is_weekday or may_be(place.name)) or is_plain(place.name)


def _is_somebody(place: _Place) -> bool:
    text = place.sentence.text
    return not place.clue.certain and (is_person(text, place.start, place.name) or bool(ACTS.match(text, place.end)))


def _is_of_service(place: _Place) -> bool:
    """Tell whether a name is a part of that of a service, or ends with one, or is one of two that share a sentence."""
    text = place.sentence.text
    at = max(text.find(place.name, place.start), place.start)
    end = at + len(place.name)
    return any(
        (service.start <= at < service.end <= end and _shares(text, service.end, end))
        or at < service.start < end == service.end
        or service.start < at < service.end
        or at < service.start < service.end < end
        for service in place.services
    )


# What a name beside a clue may be instead of a title.
_NO_TITLE: Final[Sequence[Callable[[_Place], bool]]] = (
    _is_no_headline,
    _is_no_label,
    _is_owner,
    _is_no_name,
    _is_somebody,
    _is_of_service,
)


def _shares(text: str, service_end: int, end: int) -> bool:
    return end == service_end or text.startswith((" and ", " & ", " di ", " de ", " von "), service_end)


def _with_subtitle(text: str, found: re.Match[str]) -> str:
    """Return a label as a name, with what follows its colon where that is a part of it: `Salt Road: The Return`."""
    whole = NAME.match(text)
    if whole and whole.end() > found.end("t") and _GOES_ON.match(text, whole.end()):
        rest = whole[0].partition(": ")[2]
        if rest and may_be(rest) and not CUT.search(f" {rest}") and not CUT_HEADLINE.search(f" {rest}"):
            return tidy(whole[0])
    return tidy(found["t"])


def _quoted(text: str) -> Iterator[Spotted]:
    headline = is_headline(text)
    for pattern in PAIRS:
        for found in pattern.finditer(text):
            name = tidy(found[1].rstrip(",."), quoted=True)
            before = text[max(0, found.start() - LOOK_BACK) : found.start()]
            is_nickname = not headline and _NAME_BEFORE.search(before) and _NAME_AFTER.match(text, found.end())
            if name and may_be_quoted(name) and not is_nickname and not _is_speech(text, found, name, before):
                weight = _weight_of_quoted(name, before)
                yield Spotted(name=name, start=found.start(), end=found.end(), weight=weight, quoted=True)


def _is_speech(text: str, found: re.Match[str], name: str, before: str) -> bool:
    """Tell whether what stands in marks is what somebody says."""
    return bool(
        SPEECH_AFTER.match(text, found.end() - 1)
        or (found[1].rstrip().endswith((",", ".")) and len(name.split()) > 6)
        or SPEECH_BEFORE.search(before)
        or (is_spoken(name) and SPEECH_COLON.search(before))
    )


def _weight_of_quoted(name: str, before: str) -> float:
    if _EPISODE.search(before):
        return 0.3
    weight = 0.3 if is_spoken(name) else 1.0 if is_platform(name) else 2.4
    return weight + 0.8 * bool(_RELEASED.search(before)) + 1.0 * bool(_TITLED.search(before))


def headed(found: Sequence[Sentence]) -> Iterator[tuple[Sentence, Spotted]]:
    """Yield the names that stand alone on a line, and come again in the text, or head what says when it comes."""
    whole = "\n".join(sentence.text for sentence in found).casefold()
    heads = False  # whether what follows, up to the next heading, says when something comes
    for sentence in reversed(found):
        name = sentence.text
        alone = sentence.heading and NAME.fullmatch(name) and may_be(name) and tidy(name) == name and " as " not in name
        if alone and (heads or whole.count(name.casefold()) > 1):
            yield sentence, Spotted(name=name, start=0, end=len(name), weight=1.5)
        heads = says_release(name) or (heads and not sentence.heading)
