"""Picks the title that an announcement is about from all the names that it drops."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

from reminder.announcements.reading.candidates import Candidate, Spotted, folded
from reminder.announcements.reading.clues import (
    ACTS,
    CAST,
    CLUES,
    CUT,
    CUT_HEADLINE,
    ELSEWHERE_AFTER,
    LOOK_BACK,
    NAME,
    NEW_WORK,
    PAIRS,
    RELEASE_OF,
    SPEECH_AFTER,
    SPEECH_BEFORE,
    SPEECH_COLON,
    is_elsewhere,
)
from reminder.announcements.reading.cues import says_release
from reminder.announcements.reading.merging import (
    PLAIN,
    count,
    doubt_openers,
    doubt_surnames,
    whole_names,
    without_number,
)
from reminder.announcements.reading.naming import (
    is_headline,
    is_person,
    is_plain,
    is_spoken,
    may_be,
    may_be_quoted,
    tails,
    tidy,
)
from reminder.announcements.reading.patterns import Pattern
from reminder.announcements.reading.platforms import NamedPlatform, is_platform, platforms
from reminder.announcements.reading.sentences import Sentence
from reminder.announcements.reading.unmarked import unmarked
from reminder.announcements.vocabulary import either
from reminder.core.dates.month_names import WEEKDAY_OF


def spotted(sentence: Sentence) -> Iterator[Spotted]:
    """Given a sentence, yield the names in it that may be titles."""
    yield from _quoted(sentence.text)
    services = platforms(sentence.text)
    headline = is_headline(sentence.text)
    for clue in CLUES:
        for found in clue.pattern.finditer(sentence.text):
            name = _with_subtitle(sentence.text, found) if clue.label else tidy(found["t"], headline=headline)
            start = max(sentence.text.find(name, found.start("t")), found.start("t"))
            if clue.headline and not (sentence.heading and sentence.paragraph <= 1):
                continue
            if clue.label and sentence.heading and NAME.fullmatch(sentence.text):
                continue  # a name with a colon in it: `Salt Road: The Return`
            if (
                clue.label
                and not sentence.heading
                and any(word.islower() and len(word) > 2 and word not in _SMALL for word in name.split())
            ):
                continue
            if clue.label and name.isupper() and len(name) > 3:
                continue  # a city: NEW DELHI: ...
            if clue.certain and len(name.split()) == 2 and _OWNS.match(sentence.text, start + len(name)):
                continue  # `the second season of Ana Rhys's drama`
            weekday = clue.weight == PLAIN and name.lower() in WEEKDAY_OF
            if (
                name
                and (weekday or may_be(name))
                and not is_plain(name)
                and (clue.certain or not is_person(sentence.text, start, name))
                and (clue.certain or not ACTS.match(sentence.text, start + len(name)))
                and not _is_of_service(sentence.text, start, name, services)
            ):
                yield Spotted(name=name, start=start, end=start + len(name), weight=clue.weight)


def _with_subtitle(text: str, found: re.Match[str]) -> str:
    """Return a label as a name, with what follows its colon where that is a part of it: `Salt Road: The Return`."""
    whole = NAME.match(text)
    if whole and whole.end() > found.end("t") and _GOES_ON.match(text, whole.end()):
        rest = whole[0].partition(": ")[2]
        if rest and may_be(rest) and not CUT.search(f" {rest}") and not CUT_HEADLINE.search(f" {rest}"):
            return tidy(whole[0])
    return tidy(found["t"])


def _headed(found: Sequence[Sentence]) -> Iterator[tuple[Sentence, Spotted]]:
    """Yield the names that stand alone on a line, and come again in the text, or head what says when it comes."""
    whole = "\n".join(sentence.text for sentence in found).casefold()
    heads = False  # whether what follows, up to the next heading, says when something comes
    for sentence in reversed(found):
        name = sentence.text
        alone = sentence.heading and NAME.fullmatch(name) and may_be(name) and tidy(name) == name and " as " not in name
        if alone and (heads or whole.count(name.casefold()) > 1):
            yield sentence, Spotted(name=name, start=0, end=len(name), weight=1.5)
        heads = says_release(name) or (heads and not sentence.heading)


def _is_of_service(text: str, start: int, name: str, services: Sequence[NamedPlatform]) -> bool:
    """Tell whether a name is a part of that of a service, or ends with one, or is one of two that share a sentence."""
    at = max(text.find(name, start), start)
    end = at + len(name)
    return any(
        (service.start <= at < service.end <= end and _shares(text, service.end, end))
        or at < service.start < end == service.end
        or service.start < at < service.end
        or at < service.start < service.end < end
        for service in services
    )


def _shares(text: str, service_end: int, end: int) -> bool:
    return end == service_end or text.startswith((" and ", " & ", " di ", " de ", " von "), service_end)


def candidates(found: Sequence[Sentence], known: Iterable[str] = ()) -> list[Candidate]:
    """Given a text's sentences (and names stated beside it), return the names that may be its title, best first."""
    seen: dict[str, Candidate] = {}
    people = {folded(name) for sentence in found for name in _people(sentence.text)}
    for number, sentence in enumerate(found):
        spots = list(spotted(sentence))
        # Three and more in one sentence are a list: of credits, of episodes.
        listed = 0.35 if _is_list(spots) else 1.0
        seasoned = {folded(spot.name) for spot in spots if spot.weight >= PLAIN}
        for spot in spots:
            if folded(spot.name) in people and not spot.quoted and spot.weight < PLAIN:
                continue
            if len(seen) >= _MOST_NAMES and folded(spot.name) not in seen:
                continue
            candidate = seen.setdefault(folded(spot.name), Candidate(name=spot.name))
            candidate.at.append((sentence, spot))
            candidate.quoted |= spot.quoted
            few = listed if spot.quoted else 0.35 if len(seasoned) >= _SEVERAL and spot.weight >= PLAIN else 1.0
            candidate.score += _worth(sentence, spot, number) * few
    for sentence, spot in _headed(found):
        candidate = seen.setdefault(folded(spot.name), Candidate(name=spot.name))
        candidate.at.append((sentence, spot))
        candidate.score += spot.weight
    marked = any(candidate.quoted and candidate.score > 1 for candidate in seen.values())
    if not marked:
        _unmarked(found, seen, people)
    _weigh(found, seen, known)
    if not any(candidate.score >= _SPOKEN_FOR for candidate in seen.values()):
        _repeated(found, seen, people)
    if not marked and not any(candidate.score > 0 for candidate in seen.values()):
        _unmarked(found, seen, people)
    without_number(found, seen)
    return sorted(seen.values(), key=lambda candidate: -candidate.score)


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
            candidate = seen.setdefault(folded(name), Candidate(name=name))
            candidate.at.append((sentence, spot))
            candidate.score += 0.4
    for candidate in seen.values():
        inside = any(spot.start > 0 for _, spot in candidate.at)
        if candidate.score < _SPOKEN_FOR or not inside or whole.count(candidate.name) < 2:
            candidate.score = min(candidate.score, 0.0)


def _unmarked(found: Sequence[Sentence], seen: dict[str, Candidate], people: set[str]) -> None:
    """Take as candidates, where a text marks no names, those at its head; the first of them earns more."""
    first = FIRST_UNMARKED
    for sentence, spot in unmarked(found, people):
        candidate = seen.setdefault(folded(spot.name), Candidate(name=spot.name))
        candidate.at.append((sentence, spot))
        candidate.score += UNMARKED * spot.weight * _place(sentence) + first
        first = 0


def _counter(whole: str) -> Callable[[str], int]:
    """Return how to ask how often a name stands in a text; of more names than any text has, it is not counted."""
    seen: dict[str, int] = {}

    def times(name: str) -> int:
        if name not in seen and len(seen) < _MOST_COUNTED:
            seen[name] = whole.count(name)
        return seen.get(name, 0)

    return times


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


def _people(text: str) -> Iterator[str]:
    """Yield the names in a list of cast or crew."""
    for found in CAST.finditer(text):
        for name in re.split(r",\s+(?:and\s+)?|\s+(?:and|&)\s+|\s*\([^)]*\)", found["names"]):
            if 2 <= len(name.split()) <= 3:
                yield name.strip()


def _quoted(text: str) -> Iterator[Spotted]:
    headline = is_headline(text)
    for pattern in PAIRS:
        for found in pattern.finditer(text):
            name = tidy(found[1].rstrip(",."), quoted=True)
            speech = SPEECH_AFTER.match(text, found.end() - 1) or (
                found[1].rstrip().endswith((",", ".")) and len(name.split()) > 6
            )
            before = text[max(0, found.start() - LOOK_BACK) : found.start()]
            nickname = not headline and _NAME_BEFORE.search(before) and _NAME_AFTER.match(text, found.end())
            speech = speech or SPEECH_BEFORE.search(before) or (is_spoken(name) and SPEECH_COLON.search(before))
            if name and not speech and not nickname and may_be_quoted(name):
                weight = 0.3 if is_spoken(name) else 1.0 if is_platform(name) else 2.4
                weight += 0.8 * bool(_RELEASED.search(before)) + 1.0 * bool(_TITLED.search(before))
                weight = 0.3 if _EPISODE.search(before) else weight
                yield Spotted(name=name, start=found.start(), end=found.end(), weight=weight, quoted=True)


_SMALL = frozenset({"the", "and", "for", "with"})
_OWNS = Pattern(r"['’]s\s+[a-z]")
_GOES_ON = Pattern(r"\s+[a-z]")
FIRST_NAMED = 2.5
FIRST_UNMARKED = 1.0
UNMARKED = 0.5
_SPOKEN_FOR = 0.8
_TITLED = Pattern(
    rf"\b(?:{either('titled')})\s*[:,]?\s*$",
    re.IGNORECASE,
)
_EPISODE = Pattern(
    r"\b(?:patch|update|expansion|add-on|dlc|song|single|track)\b(?:[^.;]|\.\d){0,24}[\s,]$|\b(?:episode|"
    r"folge|episodio|épisode|capítulo|puntata|odcinek|odcinki\w*)\W+(?:\w+\W+){0,2}(?:titled|entitled|"
    r"called|titulad[ao]|intitul\w+|intitolat[ao]|zatytułowan\w+)\s*$",
    re.IGNORECASE,
)
_RELEASED = Pattern(rf"\b{RELEASE_OF}\s*$", re.IGNORECASE)
_NAME_BEFORE = Pattern(r"[A-Z]\w+\s$")
_NAME_AFTER = Pattern(r"\s[A-Z][a-z]+")
_NEXT_TO = 8
_SEVERAL = 3
# No announcement drops more names; each is compared with the others.
_MOST_NAMES = 120
_MOST_COUNTED = 1000


def _place(sentence: Sentence) -> float:
    if sentence.paragraph == 0:
        return 2.2 if sentence.heading else 1.6
    return 1.4 if sentence.heading or sentence.paragraph == 1 else 1.0
