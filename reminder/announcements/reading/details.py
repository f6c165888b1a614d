"""Reads platform and shape of a release from the date's own sentence first, then from its neighbours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Generic, TypeVar

from reminder.announcements.reading.clues import NAME
from reminder.announcements.reading.cues import CueRole, cues
from reminder.announcements.reading.patterns import Pattern, uncased
from reminder.announcements.reading.platforms import CINEMAS, NamedPlatform, platforms
from reminder.announcements.reading.roles import DateVerdict
from reminder.announcements.reading.sentences import Sentence
from reminder.announcements.reading.shape import (
    episodes,
    first_drop,
    is_all,
    is_daily,
    is_split,
    is_weekly,
    paces,
    rest,
    seasons,
)
from reminder.announcements.vocabulary import either

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Read(Generic[T]):
    """A value, the sentence it was read from, and how sure that is (0 to 1)."""

    value: T
    sentence: Sentence
    confidence: float


_JOINED: Final = uncased(r"\s*(?:,|and|und|et|y|e|i|&|/|,\s+and|as\s+well\s+as)\s*(?:on\s+|the\s+)?(?:the\s+)?")
# Where clips are shown, which is not where the work comes out.
_SHOWN_ON: Final = frozenset({"YouTube", "Facebook Watch"})
_CLIP: Final = uncased(rf"\b(?:{either('clips')})\b")
_OWNER_BEFORE: Final = Pattern(rf"(?P<t>{NAME.text})['’]s?[”\"’»*_]?\s+(?:(?:upcoming|new|next|own|current|hit)\s+)?$")
# `Salt Road was renewed for a second season`, `Hulu renewed Salt Road for season 2`.
_OWNER_RENEWED: Final = Pattern(
    rf"(?P<t>{NAME.text})[”\"’»*_]?,?\s+(?:(?:was|is|has|have|had|been|got|gets|also|just|already|"
    rf"recently)\s+){{0,3}}(?:renewed|picked\s+up)\s+for\s+(?:an?\s+|its\s+)?$"
    rf"|\brenew(?:s|ed)\s+[“\"‘«*_]?(?P<u>{NAME.text})[”\"’»*_]?\s+for\s+(?:an?\s+|its\s+)?$"
)
# `New episodes daily except Wednesdays`.
_EXCEPT: Final = uncased(r"\b(?:except|excluding|but\s+not|other\s+than)\b")
_FIRST_SENTENCES: Final = 16
# A season that is named before its date is more likely meant than one behind it.
_BEHIND: Final = 40
_AFTERWARDS: Final = uncased(
    rf"[\s,(]*(?:[\w+&]+\s+(?:and|und|et|y)\s+)*\b(?:the\s+)?(?:{either('afterwards')})\b[^.;]{{0,14}}"
)
_COMING: Final = uncased(rf"\b(?:{either('coming')})\b")
_ORDERED: Final = uncased(rf"\b(?:{either('ordered')})\b")


# Who announces, renews or orders a series is where it comes out.
_DECIDES: Final = uncased(
    rf"\s+(?:(?:has|have|is|hat|a|ha|ya|just|finally|today|officially|also)\s+)*(?:{either('decides')})\b"
)


def read_platform(found: Sequence[Sentence], verdict: DateVerdict | None) -> Read[str] | None:
    """Given the sentences and the date that was taken, return where it comes out; None when that is not said."""
    scores: dict[str, float] = defaultdict(float)
    where: dict[str, tuple[float, Sentence]] = {}
    for sentence in found:
        for named in _placed(sentence):
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


def _placed(sentence: Sentence) -> Iterator[NamedPlatform]:
    """Yield the platforms that a sentence names; of two that are joined (`BBC One and iPlayer`) the first one."""
    last: NamedPlatform | None = None
    for named in platforms(sentence.text):
        joined = last is not None and _JOINED.fullmatch(sentence.text, last.end, named.start)
        if not joined and not (named.name in _SHOWN_ON and _CLIP.search(sentence.text)):
            yield named
        last = named


def _weight(sentence: Sentence, named: NamedPlatform, verdict: DateVerdict | None) -> float:
    """Return how much a platform named in a sentence counts: most beside the date, little where the text looks back."""
    text = sentence.text
    if verdict and sentence.start == verdict.mention.sentence.start:
        return _weight_beside(text, named, verdict.mention.start - sentence.start)
    owns = text[named.end : named.end + 2] in {"'s", "’s"}
    placed = (named.placed and not owns) or bool(_DECIDES.match(text, named.end))
    looks_back = any(cue.role is CueRole.PAST for cue in cues(text))
    value = (0.35 + 0.35 * placed) * (0.4 if looks_back else 1.0) * (0.5 if named.name == CINEMAS else 1.0)
    return value * (1.6 if sentence.paragraph == 0 or sentence.heading else 1.0)


def _weight_beside(text: str, named: NamedPlatform, at: int) -> float:
    """Return how much a platform counts in the sentence of the date, which stands `at` a place of it."""
    gap = named.start - at if named.start >= at else at - named.end
    value = 2.5 + 1.5 * named.placed + 2.0 * max(0.0, 1 - gap / 90)
    passed = _is_second(text, named) or _is_past(text, named) or _is_rival(text, named, at)
    return value * 0.2 if passed else value


def _is_second(text: str, named: NamedPlatform) -> bool:
    """Tell whether a platform is named as where the release can be seen afterwards: `the next day on Hulu`."""
    return bool(
        _AFTERWARDS.search(text[max(0, named.start - 40) : named.start]) or _AFTERWARDS.match(text[named.end :])
    )


def _is_rival(text: str, named: NamedPlatform, at: int) -> bool:
    """Tell whether a platform behind the date is only the owner of something else: `against AMC's hit`."""
    return named.start > at and text[named.end : named.end + 2] in {"'s", "’s"}


def _is_past(text: str, named: NamedPlatform) -> bool:
    """Tell whether the part of the sentence that names a platform looks back: `which premiered on ITV in May`."""
    start = max(text.rfind(mark, 0, named.start) for mark in ",;(") + 1
    ends = [at for mark in ",;)" if (at := text.find(mark, named.end)) >= 0]
    roles = {(cue.role, cue.verb) for cue in cues(text[start : min(ends, default=len(text))])}
    return (CueRole.PAST, True) in roles and (CueRole.RELEASE, True) not in roles


def read_season(found: Sequence[Sentence], verdict: DateVerdict | None, title: str | None = None) -> Read[int] | None:
    """Given the sentences, the date and title that were taken, return the season's number; None when it is not said.

    A season of another work (`Dead Air's second season`) is none.
    """
    found = [_own(sentence, title) for sentence in found] if title else found
    if verdict and (near := _season_near(verdict)):
        return Read(value=near, sentence=verdict.mention.sentence, confidence=0.93)
    if headed := _in_heading(found):
        return headed
    if verdict is None:
        return _ordered(found) or _spoken_of(found)
    return _ordered([sentence for sentence in found if sentence.paragraph == 0]) or _spoken_of(found) or _ordered(found)


def _in_heading(found: Sequence[Sentence]) -> Read[int] | None:
    """Return the season that a heading at the top of the text names."""
    for sentence in found:
        if sentence.heading and sentence.paragraph < 2 and (numbers := seasons(sentence.text)):
            return Read(value=max(seen.number for seen in numbers), sentence=sentence, confidence=0.85)
    return None


def _own(sentence: Sentence, title: str) -> Sentence:
    """Return a sentence without the seasons of works that are not the title."""
    text = sentence.text
    for seen in reversed(seasons(text)):
        owner = _OWNER_BEFORE.search(text, 0, seen.start)
        names = [owner["t"].casefold()] if owner else []
        if renewed := _OWNER_RENEWED.search(text, 0, seen.start):
            names.append((renewed["t"] or renewed["u"]).casefold())
        same = title.casefold()
        if names and not any(name in same or same in name for name in names):
            text = text[: seen.start] + "…" * (seen.end - seen.start) + text[seen.end :]
    return replace(sentence, text=text) if text != sentence.text else sentence


def _season_near(verdict: DateVerdict) -> int | None:
    """Return the season that the date's sentence speaks of: the last one named before it, else the first after."""
    sentence = verdict.mention.sentence
    numbers = seasons(sentence.text)
    at = verdict.mention.start - sentence.start
    gaps = [(at - seen.end if seen.end <= at else _BEHIND + seen.start - at, seen.number) for seen in numbers]
    return min(gaps)[1] if gaps else None


def _ordered(found: Sequence[Sentence]) -> Read[int] | None:
    """Return the season that a text without a date says was ordered, or will come."""
    for sentence in found:
        numbers = seasons(sentence.text)
        if numbers and (_ORDERED.search(sentence.text) or _COMING.search(sentence.text)):
            return Read(value=max(seen.number for seen in numbers), sentence=sentence, confidence=0.8)
    return None


def _spoken_of(found: Sequence[Sentence]) -> Read[int] | None:
    """Return the first season that is spoken of as what the text is about: neither over nor only ordered."""
    for sentence in found[:_FIRST_SENTENCES]:
        text = sentence.text
        if not _ORDERED.search(text) and (numbers := seasons(text)):
            return Read(value=numbers[0].number, sentence=sentence, confidence=0.65)
    return None


def read_episodes(found: Sequence[Sentence], verdict: DateVerdict | None) -> Read[int] | None:
    """Return how many episodes the season has; None when that is not said, or could only be told as all at once."""
    if _first(found, lambda text: paces(text) is not None):
        return None  # without a word for their pace, all of them would be told of the first day
    if (split := first_with_rest(found)) and (remaining := rest(split[0].text) or rest_of(found)):
        return Read(value=split[1] + remaining, sentence=split[0], confidence=0.7)
    if (begins := _first_drop(found)) and (remaining := rest_of(found)):
        return Read(value=begins[1] + remaining, sentence=begins[0], confidence=0.7)
    for sentence in _nearest_first(found, verdict):
        seen = None if rest(sentence.text) else episodes(sentence.text)
        if seen:
            return Read(value=seen.number, sentence=sentence, confidence=0.85)
    return None


def read_drop(found: Sequence[Sentence]) -> Read[str] | None:
    """Return how the episodes come out, as a config writes it; None when that is not said."""
    if _first(found, lambda text: paces(text) is not None):
        return None  # several each week: a config has no word for it
    weekly, daily = _first(found, is_weekly), _first(found, is_daily)
    if daily and _EXCEPT.search(daily.text):
        weekly = None
    sentence = weekly or daily
    if sentence is None:
        whole = None if _first(found, is_split) else _first(found, is_all)
        return Read(value="all", sentence=whole, confidence=0.9) if whole else None
    pace = "weekly" if weekly else "daily"
    first = _first_drop(found) or first_with_rest(found)
    if first and first[1] > 1:
        return Read(value=f"{first[1]} then {pace}", sentence=first[0], confidence=0.85)
    return Read(value=pace, sentence=sentence, confidence=0.8)


def _first_drop(found: Sequence[Sentence]) -> tuple[Sentence, int] | None:
    """Return the number of episodes that a sentence says come out first, with that sentence."""
    return next(((sentence, number) for sentence in found if (number := first_drop(sentence.text))), None)


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


def _first(found: Sequence[Sentence], says: Callable[[str], bool]) -> Sentence | None:
    return next((sentence for sentence in found if says(sentence.text)), None)


def _nearest_first(found: Sequence[Sentence], verdict: DateVerdict | None) -> Iterator[Sentence]:
    if verdict:
        yield verdict.mention.sentence
    yield from found
