"""Relates the names of a text to each other, once all are seen: short forms, parts, names inside names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from reminder.announcements.reading.candidates import Candidate, Spotted, folded
from reminder.announcements.reading.cues import CueRole, cues
from reminder.announcements.reading.patterns import Pattern
from reminder.announcements.reading.sentences import Sentence
from reminder.announcements.reading.shape import seasons
from reminder.announcements.vocabulary import either

PLAIN: Final = 2.5
_FULL_NAME = Pattern(
    rf"(?<![\w’'-])(?!(?:{either('no-forenames')})\s)[A-ZÀ-Ž][a-zà-ž]+\s([A-ZÀ-Ž][a-zà-ž]+)(?=,?\s+(?:will|"
    rf"has|is|was|as|who|said|says|and)\b|,|\.)"
)
_OWNER = Pattern(r"([A-ZÀ-Ž][\w-]+)['’]s\s(?=[A-ZÀ-Ž])")
_OTHERS_WORK = 3.0
_NUMBERED = Pattern(r"(.*\w{2,})\s([2-9])")


def without_number(found: Sequence[Sentence], seen: dict[str, Candidate]) -> None:
    """Call `Salt Road 4` just `Salt Road` in a text that speaks of its fourth season."""
    numbers = {shown.number for sentence in found for shown in seasons(sentence.text)}
    for candidate in seen.values():
        numbered = _NUMBERED.fullmatch(candidate.name)
        if numbered and int(numbered[2]) in numbers:
            short = seen.get(folded(numbered[1]))
            candidate.score += max(short.score, 0) if short else 0
            candidate.at.extend(short.at if short else [])
            candidate.name = numbered[1]


def doubt_openers(found: Sequence[Sentence], seen: dict[str, Candidate]) -> None:
    """Take from a single word what it earned only by opening one sentence, where any word has a capital."""
    whole = "\n".join(sentence.text for sentence in found)
    for candidate in seen.values():
        opens = all(spot.start == 0 and not sentence.heading for sentence, spot in candidate.at)
        if opens and " " not in candidate.name and not candidate.quoted and whole.count(candidate.name) == 1:
            candidate.score *= 0.3


def doubt_surnames(found: Sequence[Sentence], seen: dict[str, Candidate]) -> None:
    """Take from a word that is somebody's last name elsewhere what it earned, and from what they made besides."""
    surnames = {match[1] for sentence in found for match in _FULL_NAME.finditer(sentence.text)}
    for candidate in seen.values():
        owner = _OWNER.match(candidate.name)
        if candidate.quoted or (owner[1] if owner else candidate.name) not in surnames:
            continue
        candidate.score = -_OTHERS_WORK if owner else 0.3 * candidate.score
        candidate.name = candidate.name[owner.end() :] if owner else candidate.name


def whole_names(seen: dict[str, Candidate]) -> None:
    """Give to a name that is written in full (`Star Wars: Andor`) what its short form earned."""
    for key, candidate in seen.items():
        for related in _RELATED:
            giver, taker = related(key, candidate, seen) or (candidate, candidate)
            if giver is not taker:
                taker.score += max(giver.score, 0)
                giver.score = 0


_Related = tuple[Candidate, Candidate] | None


def _behind_colon(key: str, candidate: Candidate, seen: dict[str, Candidate]) -> _Related:
    whole = next((other for name, other in seen.items() if name.endswith(f": {key}") and other.score > 0), None)
    return (candidate, whole) if whole and candidate.score > 0 else None


def _before_colon(key: str, candidate: Candidate, seen: dict[str, Candidate]) -> _Related:
    short = seen.get(key.split(": ", maxsplit=1)[0])
    is_whole = short and 2 * len(candidate.at) >= len(short.at) and candidate.score > 0
    return (short, candidate) if short and is_whole else None


def _before_dash(key: str, candidate: Candidate, seen: dict[str, Candidate]) -> _Related:
    head = seen.get(re.split(r"\s[–—-]\s", key)[0])
    return (candidate, head) if head and head.score > 0 else None


def _part_of_two(key: str, candidate: Candidate, seen: dict[str, Candidate]) -> _Related:
    """Relate two titles that stood joined (`Salt Road and Dead Air`) to the first, where they stand alone elsewhere."""
    parts = re.split(r"\s(?:and|&|und|et|y|e|i)\s", key)
    if candidate.quoted or len(parts) < 2:
        return None
    alone = [seen[part] for part in parts if part in seen]
    long = [seen[part] for part in parts if part in seen and " " in part]
    own = alone if len(alone) == len(parts) else long
    return (candidate, own[0]) if own else None


def _without_article(key: str, candidate: Candidate, seen: dict[str, Candidate]) -> _Related:
    bare = seen.get(key.removeprefix("the "))
    return (candidate, bare) if bare and len(bare.at) > len(candidate.at) else None


# How two names may be one; each gives the name that loses its score, and the one that takes it.
_RELATED: Final = (_behind_colon, _before_colon, _before_dash, _part_of_two, _without_article)


def count(found: Sequence[Sentence], seen: dict[str, Candidate]) -> None:
    """Add what it says for a name that the text comes back to it, and take it from names inside longer names."""
    whole = "\n".join(sentence.text for sentence in found)
    times = {key: len(_alone(candidate.name).findall(whole)) for key, candidate in seen.items()}
    for key, candidate in seen.items():
        own = _alone(key)
        inside = max((times[other] for other in seen if other != key and own.search(other)), default=0)
        alone = max(0, times[key] - inside)
        candidate.score += min(alone, 8) * 0.5
        if _has_surname(candidate, whole):
            candidate.score *= 0.5
        if inside and alone <= inside / 2 and not candidate.quoted:
            candidate.score *= 0.4
        for sentence, spot in candidate.at:
            candidate.score += 0.8 * _is_released(sentence, spot)


def _alone(name: str) -> re.Pattern[str]:
    """Return the pattern of a name that is no part of a longer word."""
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")


def _is_released(sentence: Sentence, spot: Spotted) -> bool:
    """Tell whether a word of release stands close behind a name."""
    return any(cue.role is CueRole.RELEASE and 0 <= cue.start - spot.end <= 30 for cue in cues(sentence.text))


def _has_surname(candidate: Candidate, whole: str) -> bool:
    """Tell whether the last word of a name stands alone elsewhere, as that of a person does."""
    words = candidate.name.split()
    if candidate.quoted or not 2 <= len(words) <= 3 or any(spot.weight >= PLAIN for _, spot in candidate.at):
        return False
    return bool(re.search(rf"(?<![\w’'-])(?<!{re.escape(words[-2])} ){re.escape(words[-1])}(?!\w)", whole))
