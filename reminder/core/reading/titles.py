"""Which title an announcement is about, among all the names that it drops."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, takewhile, zip_longest

from reminder.core.reading.clues import (
    CAST,
    CLUES,
    ELSEWHERE_AFTER,
    LOOK_BACK,
    NAME,
    PAIRS,
    RELEASE_OF,
    SPEECH_AFTER,
    SPEECH_BEFORE,
    is_elsewhere,
)
from reminder.core.reading.cues import Role, cues, says_release
from reminder.core.reading.names import WEEKDAY_OF
from reminder.core.reading.naming import is_person, is_plain, is_spoken, may_be, may_be_quoted, tails, tidy
from reminder.core.reading.platforms import Named, is_platform, platforms
from reminder.core.reading.sentences import Sentence
from reminder.core.reading.shape import seasons


@dataclass(frozen=True, kw_only=True)
class Spotted:
    """A name that may be a title, where it stands, and how much that place speaks for it."""

    name: str
    start: int
    end: int
    weight: float
    quoted: bool = False


@dataclass(kw_only=True)
class Candidate:
    """A name with all the places it was seen at; `score` adds up what speaks for it."""

    name: str
    score: float = 0.0
    quoted: bool = False
    at: list[tuple[Sentence, Spotted]] = field(default_factory=list)

    @property
    def first(self) -> Sentence:
        """Return the sentence it was seen in first."""
        return self.at[0][0]


def spotted(sentence: Sentence) -> Iterator[Spotted]:
    """Given a sentence, yield the names in it that may be titles."""
    yield from _quoted(sentence.text)
    services = platforms(sentence.text)
    for clue in CLUES:
        for found in clue.pattern.finditer(sentence.text):
            name = tidy(found["t"])
            if clue.label and sentence.heading and NAME.fullmatch(sentence.text):
                continue  # a name with a colon in it: `Salt Road: The Return`
            if clue.label and not sentence.heading and any(word.islower() and len(word) > 3 for word in name.split()):
                continue
            if clue.label and name.isupper() and len(name) > 3:
                continue  # a city: NEW DELHI: ...
            weekday = clue.weight == _PLAIN and name.lower() in WEEKDAY_OF
            if (
                name
                and (weekday or may_be(name))
                and not is_plain(name)
                and (clue.certain or not is_person(sentence.text, found.start("t"), name))
                and not _is_of_service(sentence.text, found.start("t"), name, services)
            ):
                yield Spotted(name=name, start=found.start("t"), end=found.start("t") + len(name), weight=clue.weight)


def _headed(found: Sequence[Sentence]) -> Iterator[tuple[Sentence, Spotted]]:
    """Yield the names that stand alone on a line, and come again in the text, or head what says when it comes."""
    whole = "\n".join(sentence.text for sentence in found).casefold()
    for sentence, after in zip_longest(found, found[1:]):
        name = sentence.text
        alone = sentence.heading and NAME.fullmatch(name) and may_be(name) and tidy(name) == name and " as " not in name
        heads = after is not None and not after.heading and says_release(after.text)
        if alone and (heads or whole.count(name.casefold()) > 1):
            yield sentence, Spotted(name=name, start=0, end=len(name), weight=1.5)


def _is_of_service(text: str, start: int, name: str, services: Sequence[Named]) -> bool:
    """Tell whether a name is a part of that of a service, or ends with one, or is one of two that share a sentence."""
    at = max(text.find(name, start), start)
    return any(
        (
            service.start <= at < service.end <= at + len(name)
            and (
                at + len(name) == service.end or text.startswith((" and ", " & ", " di ", " de ", " von "), service.end)
            )
        )
        or at < service.start < at + len(name) == service.end
        or service.start < at < service.end
        or at < service.start < service.end < at + len(name)
        for service in services
    )


def candidates(found: Sequence[Sentence], known: Iterable[str] = ()) -> list[Candidate]:
    """Given the sentences of a text (and names stated beside it), return the names that may be its title, best first."""
    seen: dict[str, Candidate] = {}
    people = {_key(name) for sentence in found for name in _people(sentence.text)}
    for number, sentence in enumerate(found):
        spots = list(spotted(sentence))
        # Three and more in one sentence are a list: of credits, of episodes.
        listed = 0.35 if _is_list(spots) else 1.0
        seasoned = {_key(spot.name) for spot in spots if spot.weight >= _PLAIN}
        for spot in spots:
            if _key(spot.name) in people and not spot.quoted and spot.weight < _PLAIN:
                continue
            candidate = seen.setdefault(_key(spot.name), Candidate(name=spot.name))
            candidate.at.append((sentence, spot))
            candidate.quoted |= spot.quoted
            few = listed if spot.quoted else 0.35 if len(seasoned) >= _SEVERAL and spot.weight >= _PLAIN else 1.0
            candidate.score += _worth(sentence, spot, number) * few
    for sentence, spot in _headed(found):
        candidate = seen.setdefault(_key(spot.name), Candidate(name=spot.name))
        candidate.at.append((sentence, spot))
        candidate.score += spot.weight
    _in_full(found, seen)
    _doubt_openers(found, seen)
    _whole_names(seen)
    for name in known:
        if _key(name) in seen:
            seen[_key(name)].score += 3
    _count(found, seen)
    if not any(candidate.score >= _SPOKEN_FOR for candidate in seen.values()):
        _repeated(found, seen, people)
        _in_full(found, seen)
    _without_number(found, seen)
    return sorted(seen.values(), key=lambda candidate: -candidate.score)


def _repeated(found: Sequence[Sentence], seen: dict[str, Candidate], people: set[str]) -> None:
    """Take as candidates, where nothing speaks for a title, the names that a text comes back to."""
    whole = "\n".join(sentence.text for sentence in found)
    folded = whole.casefold()
    for sentence in found:
        for match in NAME.finditer(sentence.text):
            name = max(tails(tidy(match[0])), key=lambda tail: (folded.count(tail.casefold()), len(tail)))
            if _key(name) in people or not may_be(name) or is_person(sentence.text, match.start(), name):
                continue
            spot = Spotted(name=name, start=match.start(), end=match.start() + len(name), weight=0.4)
            candidate = seen.setdefault(_key(name), Candidate(name=name))
            candidate.at.append((sentence, spot))
            candidate.score += 0.4
    for candidate in seen.values():
        inside = any(spot.start > 0 for _, spot in candidate.at)
        if candidate.score < _SPOKEN_FOR or not inside or whole.count(candidate.name) < 2:
            candidate.score = 0.0


def _in_full(found: Sequence[Sentence], seen: dict[str, Candidate]) -> None:
    """Lengthen a name by the small words that always follow it: `Historias lamentables`, in languages that write so."""
    whole = "\n".join(sentence.text for sentence in found)
    if len(_ENGLISH.findall(whole)) >= len(_SENTENCE_CASE.findall(whole)):
        return
    for candidate in seen.values():
        name = candidate.name
        places = [match.end() for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", whole)]
        behind = [_SMALL.match(whole, place) for place in places]
        if candidate.quoted or len(places) < 2 or not all(behind):
            continue
        words = zip(*((match[0] if match else "").split() for match in behind), strict=False)
        longest = [alike[0] for alike in takewhile(lambda each: len(set(each)) == 1, words)]
        while longest and (len(longest[-1]) < 4 or cues(longest[-1])):
            longest = longest[:-1]
        candidate.name = " ".join([name, *longest])


def _without_number(found: Sequence[Sentence], seen: dict[str, Candidate]) -> None:
    """Call `Salt Road 4` just `Salt Road` in a text that speaks of its fourth season."""
    numbers = {shown.number for sentence in found for shown in seasons(sentence.text)}
    for candidate in seen.values():
        numbered = _NUMBERED.fullmatch(candidate.name)
        if numbered and int(numbered[2]) in numbers:
            short = seen.get(_key(numbered[1]))
            candidate.score += max(short.score, 0) if short else 0
            candidate.at.extend(short.at if short else [])
            candidate.name = numbered[1]


def _is_list(spots: Sequence[Spotted]) -> bool:
    """Tell whether three or more quoted names follow close upon each other."""
    quoted = sorted((spot for spot in spots if spot.quoted), key=lambda spot: spot.start)
    return sum(after.start - before.end <= _NEXT_TO for before, after in pairwise(quoted)) >= 2


def _doubt_openers(found: Sequence[Sentence], seen: dict[str, Candidate]) -> None:
    """Take from a single word what it earned only by opening one sentence, where any word has a capital."""
    whole = "\n".join(sentence.text for sentence in found)
    for candidate in seen.values():
        opens = all(spot.start == 0 and not sentence.heading for sentence, spot in candidate.at)
        if opens and " " not in candidate.name and not candidate.quoted and whole.count(candidate.name) == 1:
            candidate.score *= 0.3


def _whole_names(seen: dict[str, Candidate]) -> None:
    """Give to a name that is written in full (`Star Wars: Andor`) what its short form earned."""
    for key, candidate in seen.items():
        whole = next((other for name, other in seen.items() if name.endswith(f": {key}") and other.score > 0), None)
        if whole and candidate.score > 0:
            whole.score += candidate.score
            candidate.score = 0
        short = seen.get(key.split(": ", maxsplit=1)[0])
        if short and short is not candidate and 2 * len(candidate.at) >= len(short.at) and candidate.score > 0:
            candidate.score += max(short.score, 0)
            short.score = 0
        head = seen.get(re.split(r"\s[–—-]\s", key)[0])
        if head and head is not candidate and head.score > 0:
            head.score += max(candidate.score, 0)
            candidate.score = 0
        if own := _part_of_two(key, candidate, seen):
            own.score += max(candidate.score, 0)
            candidate.score = 0
        bare = seen.get(key.removeprefix("the "))
        if bare and bare is not candidate and len(bare.at) > len(candidate.at):
            bare.score += max(candidate.score, 0)
            candidate.score = 0
        made = _MADE_BY.match(key)
        if made and (own := seen.get(key[made.end() :])):
            own.score += max(candidate.score, 0)
            candidate.score = 0


def _part_of_two(key: str, candidate: Candidate, seen: dict[str, Candidate]) -> Candidate | None:
    """Return the first of two titles that stood joined (`Salt Road and Dead Air`), where each stands alone elsewhere."""
    parts = re.split(r"\s(?:and|&|und|et|y|e|i)\s", key)
    if candidate.quoted or len(parts) < 2:
        return None
    alone = [seen[part] for part in parts if part in seen]
    long = [seen[part] for part in parts if part in seen and " " in part]
    return alone[0] if len(alone) == len(parts) else long[0] if long else None


def _worth(sentence: Sentence, spot: Spotted, number: int) -> float:
    """Return what one place says for a name: less further down, little or nothing where it is only brought up."""
    if is_elsewhere(sentence.text, spot.start):
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
    for pattern in PAIRS:
        for found in pattern.finditer(text):
            name = tidy(found[1].rstrip(",."), quoted=True)
            speech = SPEECH_AFTER.match(text, found.end() - 1) or (
                found[1].rstrip().endswith((",", ".")) and len(name.split()) > 6
            )
            before = text[max(0, found.start() - LOOK_BACK) : found.start()]
            nickname = _NAME_BEFORE.search(before) and _NAME_AFTER.match(text, found.end())
            speech = speech or SPEECH_BEFORE.search(before)
            if name and not speech and not nickname and may_be_quoted(name):
                weight = 0.3 if is_spoken(name) else 1.0 if is_platform(name) else 2.4
                weight += 0.8 * bool(_RELEASED.search(before)) + 1.0 * bool(_TITLED.search(before))
                weight = 0.3 if _EPISODE.search(before) else weight
                yield Spotted(name=name, start=found.start(), end=found.end(), weight=weight, quoted=True)


_PLAIN = 2.5
_MADE_BY = re.compile(r"(?:\w+\s)?\w+'s\s")
_SPOKEN_FOR = 0.8
# Small words behind a name, and the words by which English is told from languages that write titles like sentences.
_SMALL = re.compile(r"(?:\s[a-zà-ÿąćęłńóśźż]+){1,4}")
_ENGLISH = re.compile(r"\b(?:the|of|and|to|will)\b")
_SENTENCE_CASE = re.compile(r"\b(?:de|la|el|le|les|que|di|il|della|da|do|em|na|w|się)\b")
_NUMBERED = re.compile(r"(.*\w{2,})\s([2-9])")
_TITLED = re.compile(
    r"\b(?:titled|entitled|called|titula|titulad[ao]|intitul\w+|si\s+intitola|intitolat[ao]|heißt|namens|mit\s+dem\s+titel|pod\s+tytułem|zatytułowan\w+)\s*[:,]?\s*$",
    re.IGNORECASE,
)
_EPISODE = re.compile(
    r"\b(?:episode|folge|episodio|épisode|capítulo|puntata|odcinek|odcinki\w*)\W+(?:\w+\W+){0,2}(?:titled|entitled|called|titulad[ao]|intitul\w+|intitolat[ao]|zatytułowan\w+)\s*$",
    re.IGNORECASE,
)
_RELEASED = re.compile(rf"\b{RELEASE_OF}\s*$", re.IGNORECASE)
_NAME_BEFORE = re.compile(r"[A-Z]\w+\s$")
_NAME_AFTER = re.compile(r"\s[A-Z][a-z]+")
_NEXT_TO = 8
_SEVERAL = 3


def _place(sentence: Sentence) -> float:
    if sentence.paragraph == 0:
        return 2.2 if sentence.heading else 1.6
    return 1.4 if sentence.heading or sentence.paragraph == 1 else 1.0


def _count(found: Sequence[Sentence], seen: dict[str, Candidate]) -> None:
    """Add what it says for a name that the text comes back to it, and take it from names inside longer names."""
    whole = "\n".join(sentence.text for sentence in found)
    times: dict[str, int] = defaultdict(int)
    for key, candidate in seen.items():
        times[key] = len(re.findall(rf"(?<!\w){re.escape(candidate.name)}(?!\w)", whole))
    for key, candidate in seen.items():
        inside = max(
            (times[other] for other in seen if other != key and re.search(rf"(?<!\w){re.escape(key)}(?!\w)", other)),
            default=0,
        )
        alone = max(0, times[key] - inside)
        candidate.score += min(alone, 8) * 0.5
        candidate.score *= 0.5 if _has_surname(candidate, whole) else 1.0
        if inside and alone <= inside / 2 and not candidate.quoted:
            candidate.score *= 0.4
        for sentence, spot in candidate.at:
            released = any(cue.role is Role.RELEASE and 0 <= cue.start - spot.end <= 30 for cue in cues(sentence.text))
            candidate.score += 0.8 * released


def _has_surname(candidate: Candidate, whole: str) -> bool:
    """Tell whether the last word of a name stands alone elsewhere, as that of a person does."""
    words = candidate.name.split()
    if candidate.quoted or not 2 <= len(words) <= 3 or any(spot.weight >= _PLAIN for _, spot in candidate.at):
        return False
    return bool(re.search(rf"(?<![\w’'-])(?<!{re.escape(words[-2])} ){re.escape(words[-1])}(?!\w)", whole))


def _key(name: str) -> str:
    return name.casefold().replace("’", "'")
