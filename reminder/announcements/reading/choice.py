"""Chooses, among the dates of a text, the one on which its title comes out; or none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reminder.announcements.reading.belonging import NamesOfText, belongs_elsewhere, is_of_others
from reminder.announcements.reading.cues import CueRole
from reminder.announcements.reading.patterns import uncased
from reminder.announcements.reading.platforms import platforms
from reminder.announcements.reading.roles import DateVerdict
from reminder.announcements.reading.signs import MOVED
from reminder.announcements.vocabulary import either
from reminder.core.dates.when import UNKNOWN, Precision, When

_BONUS: Final = {
    Precision.EXACT: 0.35,
    Precision.DAY: 0.35,
    Precision.MONTH: 0.15,
    Precision.QUARTER: 0.1,
    Precision.SEASON: 0.1,
    Precision.YEAR: 0.0,
}
_LEAST: Final = 0.85
_NEARLY: Final = 0.2
_LEFT_OVER: Final = 0.55
_RIVAL: Final = 0.4
_AGAINST: Final = 0.25
# `This year some 20 new series will arrive`: of none of them in particular.
_MANY: Final = uncased(rf"\b(?:{either('many')})\s+(?:(?!season|episode)[\w-]+\s+){{0,4}}(?:{either('many-works')})\b")
_AFTER: Final = uncased(r"\b(?:after|following|nach|après|tras|dopo|após|po)\b")
# `... gets a trailer, but no release date`, `a new date will be announced`: a day in another sentence is of
# something else.
_NO_DATE: Final = uncased(
    r"\b(?:no|without\s+an?|yet\s+to\s+(?:set|announce|confirm|reveal)\s+an?|not\s+(?:yet\s+)?(?:announced|"
    r"set|confirmed|revealed)\s+an?)\s+(?:(?:new|official|firm|confirmed|exact)\s+)*(?:release|premiere|"
    r"launch|air|return|transmission|start)\s+date\b"
    r"|\bnew\s+(?:release\s+|premiere\s+)?date\s+(?:will\s+be|is\s+to\s+be|has\s+(?:not|yet)|hasn|was\s+not|wasn)"
)
_FIRST: Final = 8
_ALREADY: Final = uncased(r"\b(?:bereits|schon|already|déjà|già|já|już)\b[^.;,]{0,30}$")
LESS_PLAIN: Final = "less plain"
"""Another date of release, or one of another title."""
_NOT_ASKED: Final = frozenset({CueRole.STAMP, CueRole.SAID, CueRole.HISTORY, CueRole.UNSAID})


@dataclass(frozen=True, kw_only=True)
class ChosenDate:
    """The date that was taken (UNKNOWN: none), how sure that is (0 to 1), and the others with why not.

    `rival` is another day that is nearly as plain, if there is one.
    """

    value: When = UNKNOWN
    verdict: DateVerdict | None = None
    confidence: float = 0.0
    others: tuple[tuple[DateVerdict, str], ...] = ()
    rival: DateVerdict | None = None


def is_named(verdict: DateVerdict) -> bool:
    """Tell whether a text says in so many words that something comes out on this date."""
    return verdict.role is CueRole.RELEASE and verdict.strength >= 0.5


def _that_count(judged: Sequence[DateVerdict], text: NamesOfText) -> Sequence[DateVerdict]:
    """Return the dates; of a text that says that there is none yet, those beside the title and those moved to."""
    if not any(_NO_DATE.search(sentence.text) for sentence in text.sentences[:_FIRST]):
        return judged
    return [each for each in judged if each.strength >= MOVED or text.has_title(each.mention.sentence)]


def choose_date(judged: Sequence[DateVerdict], text: NamesOfText) -> ChosenDate:
    """Given what each date is the date of, return the release's, and why the others are not."""
    judged = _that_count(judged, text)
    scored = [(_score(verdict, text), verdict) for verdict in judged]
    able = [pair for pair in scored if pair[0] >= _LEAST]
    if not able:
        return _left_over(judged, text)
    score, best = max(able, key=lambda pair: (round(pair[0], 3), -pair[1].mention.start))
    best = _first_of_near(best, score, able)
    best = _within_span(best, _own(judged, CueRole.RELEASE, text))
    return ChosenDate(
        value=_sharpest(best, [verdict for _, verdict in able]),
        verdict=best,
        rival=_rival(best, score, able),
        confidence=_confidence(best, score, able),
        others=_others(judged, best),
    )


def _rival(best: DateVerdict, score: float, able: Sequence[tuple[float, DateVerdict]]) -> DateVerdict | None:
    """Return another day of release that is nearly as plain as the one that was taken, if there is one."""
    close = [pair for pair in able if pair[0] > score - _RIVAL and _is_close(pair[1], best)]
    return max(close, key=lambda pair: pair[0])[1] if close else None


def _left_over(judged: Sequence[DateVerdict], text: NamesOfText) -> ChosenDate:
    """Return, where nothing is plain enough, the only day of release to come, else the only day of a later part."""
    days: dict[object, DateVerdict] = {}
    for role in (CueRole.RELEASE, CueRole.LATER_PART):
        own = [each for each in _own(judged, role, text) if each.mention.value.is_dated]
        days = days or {_day(each.mention.value): each for each in reversed(own)}
    if len(days) != 1:
        return ChosenDate(others=_others(judged, None))
    (only,) = days.values()
    return ChosenDate(value=only.mention.value, verdict=only, confidence=_LEFT_OVER, others=_others(judged, only))


def _own(judged: Sequence[DateVerdict], role: CueRole, text: NamesOfText) -> list[DateVerdict]:
    """Return the dates of a role that are of no other title."""
    return [each for each in judged if each.role is role and belongs_elsewhere(each, text) <= 0]


def _is_close(other: DateVerdict, best: DateVerdict) -> bool:
    """Tell whether another date of release is a day, and not the one that was taken."""
    return other.mention.value.is_dated and is_named(other) and _day(other.mention.value) != _day(best.mention.value)


def _first_of_near(best: DateVerdict, score: float, able: Sequence[tuple[float, DateVerdict]]) -> DateVerdict:
    """Return the first day in the text that is nearly as plain as the best: a text says first what it is about."""
    if not best.mention.value.is_dated:
        return best
    days = [(other, each) for other, each in able if each.mention.value.is_dated and is_named(each)]
    near = [each for other, each in days if other >= score - _NEARLY]
    first = min([best, *near], key=lambda verdict: verdict.mention.start)
    early = [each for _, each in days if _is_already(each, first)]
    return next(iter([*early, *(each for each in near if _precedes(each, first))]), first)


def _is_already(other: DateVerdict, first: DateVerdict) -> bool:
    """Tell whether a text says of an earlier day that it is out by `already` then: `schon ab dem 10. Oktober`."""
    sentence = other.mention.sentence
    span, earlier = first.mention.value.span(), other.mention.value.span()
    said = _ALREADY.search(sentence.text, 0, other.mention.start - sentence.start)
    return bool(said and span and earlier and earlier < span)


def _precedes(other: DateVerdict, first: DateVerdict) -> bool:
    """Tell whether a sentence goes on to say what came before: `in all cinemas on June 19 after opening on June 12`."""
    sentence = first.mention.sentence
    if other.mention.sentence.start != sentence.start or other.mention.start < first.mention.end:
        return False
    between = sentence.text[first.mention.end - sentence.start : other.mention.start - sentence.start]
    span, earlier = first.mention.value.span(), other.mention.value.span()
    return bool(span and earlier and earlier < span and _AFTER.search(between))


def _within_span(best: DateVerdict, able: Sequence[DateVerdict]) -> DateVerdict:
    """Return the verdict on a day, else a month, in the month, season or year first chosen, where there is one."""
    span = best.mention.value.span()
    if not best.mention.value.is_coarse or span is None:
        return best
    days = [
        verdict
        for verdict in able
        if (on := verdict.mention.value.own_day())
        and (span[0] <= on <= span[1] or (_is_guess(best, verdict) and on.month == span[0].month))
    ]
    return (days or [verdict for verdict in able if _narrows(verdict, span)] or [best])[0]


def _is_guess(coarse: DateVerdict, day: DateVerdict) -> bool:
    """Tell whether a month's year was concluded, and that of a day was written: the day knows better."""
    mention = coarse.mention
    return mention.precision is Precision.MONTH and mention.inferred and not day.mention.inferred and is_named(day)


def _narrows(verdict: DateVerdict, whole: tuple[dt.date, dt.date]) -> bool:
    """Tell whether a date is named, and says more exactly what a span said."""
    span = verdict.mention.value.span()
    return is_named(verdict) and span is not None and whole[0] <= span[0] and span[1] <= whole[1] and span != whole


def _confidence(best: DateVerdict, score: float, able: Sequence[tuple[float, DateVerdict]]) -> float:
    mention = best.mention
    rivals = {_day(each.mention.value) for other, each in able if other > score - _AGAINST and is_named(each)}
    agreeing = sum(_day(each.mention.value) == _day(mention.value) for _, each in able)
    doubt = 0.08 * mention.inferred + 0.12 * mention.relative + 0.2 * mention.conflict + 0.1 * (len(rivals) > 1)
    doubt += 0.1 * best.is_far
    return max(0.2, min(0.98, 0.4 + 0.3 * score + 0.05 * min(agreeing, 3) - doubt))


def _score(verdict: DateVerdict, text: NamesOfText) -> float:
    """Return how much speaks for a date; below the least it is not taken."""
    mention, sentence = verdict.mention, verdict.mention.sentence
    with_title = text.has_title(sentence)
    if not _may_be_taken(verdict, with_title=with_title):
        return 0.0
    score = verdict.strength + _BONUS[mention.precision] + 0.3 * with_title
    score += 0.1 * sentence.heading + max(0.0, 0.2 - 0.02 * sentence.paragraph)
    score -= 0.15 * mention.conflict + 0.1 * mention.relative
    score += 0.2 * (verdict.role is CueRole.UNSAID)
    return score - belongs_elsewhere(verdict, text)


def _may_be_taken(verdict: DateVerdict, *, with_title: bool) -> bool:
    """Tell whether a date is said plainly enough for how exact it is."""
    mention, text = verdict.mention, verdict.mention.sentence.text
    if verdict.role is CueRole.UNSAID:
        return with_title and mention.value.is_dated and not mention.relative and bool(platforms(text))
    if verdict.role is not CueRole.RELEASE:
        return False
    if mention.value.is_coarse and (verdict.strength < 0.7 or is_of_others(verdict, with_title=with_title)):
        return False
    return mention.precision is not Precision.YEAR or (verdict.strength >= 0.9 and not _MANY.search(text))


def _sharpest(best: DateVerdict, able: Sequence[DateVerdict]) -> When:
    """Return the instant that another sentence gives for the same day, if one does; else the date itself."""
    if best.mention.precision is not Precision.DAY:
        return best.mention.value
    for verdict in able:
        value = verdict.mention.value
        if value.precision is Precision.EXACT and _day(value) == _day(best.mention.value):
            return value
    return best.mention.value


def _day(value: When) -> object:
    return value.own_day() or value.json()


def _others(judged: Sequence[DateVerdict], best: DateVerdict | None) -> tuple[tuple[DateVerdict, str], ...]:
    """Return the dates not taken, each once, with the reason."""
    seen = {_day(best.mention.value)} if best else set()
    others = []
    for verdict in judged:
        day = _day(verdict.mention.value)
        if verdict is best or day in seen or verdict.role in _NOT_ASKED:
            continue
        seen.add(day)
        others.append((verdict, LESS_PLAIN if verdict.role is CueRole.RELEASE else str(verdict.role)))
    return tuple(others)
