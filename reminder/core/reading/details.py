"""Where the release comes out, and in what shape: read from the date's own sentence first, then from its neighbours."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from reminder.core.reading.cues import Role, cues
from reminder.core.reading.platforms import CINEMAS, Named, platforms
from reminder.core.reading.roles import Verdict
from reminder.core.reading.sentences import Sentence
from reminder.core.reading.shape import episodes, first_drop, is_all, is_daily, is_weekly, rest, seasons

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Read(Generic[T]):
    """A value, the sentence it was read from, and how sure that is (0 to 1)."""

    value: T
    sentence: Sentence
    confidence: float


_AHEAD: Final = re.compile(
    r"\b(?:already|in\s+development|in\s+the\s+works|has\s+been\s+renewed|been\s+picked\s+up|renewed\s+for|potential|possible|after|following|since|"
    r"last|previous|ended|premiered|debuted|came\s+out|launched|aired|concluded|first\s+aired|se\s+estrenó|estreou|miał|spanning|ran\s+for|startete|lief)\b",
    re.IGNORECASE,
)
_AFTERWARDS: Final = re.compile(
    r"[\s,(]*(?:[\w+&]+\s+(?:and|und|et|y)\s+)*\b(?:the\s+)?(?:(?:next|following)\s+(?:day|night|morning)|day\s+after|am\s+(?:nächsten|folgenden)\s+tag|le\s+lendemain|al\s+día\s+siguiente|"
    r"il\s+giorno\s+dopo|no\s+dia\s+seguinte|następnego\s+dnia)\b[^.;]{0,14}",
    re.IGNORECASE,
)
_RENEWED: Final = re.compile(
    r"\b(?:renew\w*|commission\w*|order\w*|picks?\s+up|picked\s+up|return\w*|coming|upcoming|new|next|delayed|aura|renouvel\w*|renov\w*|rinnov\w*|zamówi\w*|verlänger\w*|setzt|fortgesetzt|set\s+for|date\s+for)\b",
    re.IGNORECASE,
)


def read_platform(found: Sequence[Sentence], verdict: Verdict | None) -> Read[str] | None:
    """Given the sentences and the date that was taken, return where it comes out; None when that is not said."""
    scores: dict[str, float] = defaultdict(float)
    where: dict[str, tuple[float, Sentence]] = {}
    for sentence in found:
        for named in platforms(sentence.text):
            weight = _weight(sentence, named, verdict)
            scores[named.name] += weight
            if weight > where.get(named.name, (-1.0, sentence))[0]:
                where[named.name] = (weight, sentence)
    if not scores:
        return None
    best = max(scores, key=lambda name: scores[name])
    if scores[best] <= 0.12:
        return None
    total = sum(max(score, 0.0) for score in scores.values())
    return Read(value=best, sentence=where[best][1], confidence=min(0.97, 0.4 + 0.55 * scores[best] / total))


def _weight(sentence: Sentence, named: Named, verdict: Verdict | None) -> float:
    """Return how much a platform named in a sentence counts: most beside the date, little where the text looks back."""
    if verdict and sentence.start == verdict.mention.sentence.start:
        at = verdict.mention.start - sentence.start
        gap = named.start - at if named.start >= at else at - named.end
        value = 2.5 + 1.5 * named.placed + 2.0 * max(0.0, 1 - gap / 90)
        return value * 0.2 if _is_second(sentence.text, named) else value
    looks_back = any(cue.role is Role.PAST for cue in cues(sentence.text))
    value = (0.35 + 0.35 * named.placed) * (0.4 if looks_back else 1.0) * (0.5 if named.name == CINEMAS else 1.0)
    return value * (1.6 if sentence.paragraph == 0 or sentence.heading else 1.0)


def _is_second(text: str, named: Named) -> bool:
    """Tell whether a platform is named as where the release can be seen afterwards: `the next day on Hulu`."""
    return bool(
        _AFTERWARDS.search(text[max(0, named.start - 40) : named.start]) or _AFTERWARDS.match(text[named.end :])
    )


def read_season(found: Sequence[Sentence], verdict: Verdict | None) -> Read[int] | None:
    """Given the sentences and the date that was taken, return the number of the season; None when it is not said."""
    if verdict and (near := _season_near(verdict)):
        return Read(value=near, sentence=verdict.mention.sentence, confidence=0.93)
    for sentence in found:
        if sentence.heading and sentence.paragraph < 2 and (numbers := seasons(sentence.text)):
            return Read(value=max(seen.number for seen in numbers), sentence=sentence, confidence=0.85)
    return _renewed(found, verdict) or _first_said(found)


def _season_near(verdict: Verdict) -> int | None:
    """Return the season that the date's sentence speaks of: the last one named before it, else the first after."""
    sentence = verdict.mention.sentence
    numbers = seasons(sentence.text)
    at = verdict.mention.start - sentence.start
    before = [seen for seen in numbers if seen.end <= at]
    chosen = before[-1:] or numbers[:1]
    return chosen[0].number if chosen else None


def _renewed(found: Sequence[Sentence], verdict: Verdict | None) -> Read[int] | None:
    """Return the season that is spoken of as the coming one."""
    for sentence in found:
        numbers = seasons(sentence.text)
        if not numbers or not _RENEWED.search(sentence.text):
            continue
        if verdict and re.search(r"\balready\b|in\s+development|in\s+the\s+works", sentence.text, re.IGNORECASE):
            continue
        return Read(value=max(seen.number for seen in numbers), sentence=sentence, confidence=0.8)
    return None


def _first_said(found: Sequence[Sentence]) -> Read[int] | None:
    for sentence in found[:12]:
        numbers = seasons(sentence.text)
        if numbers and not _AHEAD.search(sentence.text):
            return Read(value=numbers[0].number, sentence=sentence, confidence=0.6)
    return None


def read_episodes(found: Sequence[Sentence], verdict: Verdict | None) -> Read[int] | None:
    """Return how many episodes the season has; None when that is not said."""
    if (split := first_with_rest(found)) and (remaining := rest(split[0].text) or rest_of(found)):
        return Read(value=split[1] + remaining, sentence=split[0], confidence=0.7)
    for sentence in _nearest_first(found, verdict):
        seen = episodes(sentence.text)
        if seen:
            return Read(value=seen.number, sentence=sentence, confidence=0.85)
    return None


def read_drop(found: Sequence[Sentence]) -> Read[str] | None:
    """Return how the episodes come out, as a config writes it; None when that is not said."""
    weekly = _first(found, is_weekly)
    first_of_two = first_with_rest(found)
    daily = _first(found, is_daily)
    first = next(((sentence, number) for sentence in found if (number := first_drop(sentence.text))), None)
    first = first or first_of_two
    pace = "weekly" if weekly else "daily" if daily else None
    sentence = weekly or daily
    if pace and sentence and first and first[1] > 1:
        return Read(value=f"{first[1]} then {pace}", sentence=first[0], confidence=0.85)
    if pace and sentence:
        return Read(value=pace, sentence=sentence, confidence=0.8)
    whole = _first(found, is_all)
    return Read(value="all", sentence=whole, confidence=0.9) if whole else None


def rest_of(found: Sequence[Sentence]) -> int | None:
    """Return how many episodes are said to remain."""
    return next((number for sentence in found if (number := rest(sentence.text))), None)


def first_with_rest(found: Sequence[Sentence]) -> tuple[Sentence, int] | None:
    """Return the number of episodes in the first drop, where another sentence counts the remaining ones."""
    if not rest_of(found):
        return None
    return next(
        (
            (sentence, seen.number)
            for sentence in found
            if not rest(sentence.text) and (seen := episodes(sentence.text))
        ),
        None,
    )


def _first(found: Sequence[Sentence], says: object) -> Sentence | None:
    return next((sentence for sentence in found if callable(says) and says(sentence.text)), None)


def _nearest_first(found: Sequence[Sentence], verdict: Verdict | None) -> Iterator[Sentence]:
    if verdict:
        yield verdict.mention.sentence
    yield from found
