"""Chooses, among the dates of a text, the one on which its title comes out; or none."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reminder.announcements.reading.candidates import Candidate, Spotted
from reminder.announcements.reading.clues import ELSEWHERE_AFTER, NAME, is_elsewhere
from reminder.announcements.reading.cues import CueRole
from reminder.announcements.reading.merging import PLAIN
from reminder.announcements.reading.naming import may_be
from reminder.announcements.reading.patterns import Pattern
from reminder.announcements.reading.platforms import is_platform, platforms
from reminder.announcements.reading.roles import DateVerdict
from reminder.announcements.reading.sentences import Sentence
from reminder.announcements.reading.signs import MOVED
from reminder.announcements.reading.subjects import PRONOUN
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
# What someone does besides: the date is of that.
_OTHER_WORK: Final = Pattern(
    rf"\b(?:{either('other-work')})\b",
    re.IGNORECASE,
)
# `This year some 20 new series will arrive`: of none of them in particular.
_MANY: Final = Pattern(
    r"\b(?:[1-9]\d|dozens\s+of|many|several|viele|molt[ei]|much[ao]s|muit[ao]s|(?:de\s+)?nombreu(?:ses|x)|"
    r"wiele)\s+(?:(?!season|episode)[\w-]+\s+){0,4}(?:series?|shows|films|movies|titles|originals|serien|"
    r"séries|títulos|titoli|filmów|seriali)\b",
    re.IGNORECASE,
)
# `Starting June 1, subscribers can enjoy the new content`: of a service's month, not of one title.
_CONTENT: Final = Pattern(
    r"\b(?:(?:the|of|that|this|some|new|more|all)\s+(?:\w+\s+)?(?:content|titles|line-?up|library|slate|"
    r"offerings|originals|schedule|films\s+and\s+(?:series|shows)|movies\s+and\s+(?:series|shows|tv)|"
    r"shows\s+and\s+(?:movies|films))|subscribers\s+(?:can|will))\b",
    re.IGNORECASE,
)
# `The weekend's newcomers include Dead Air, which opens on July 9`: of one of others.
_LISTED: Final = Pattern(
    r"\b(?:newcomers|slate|line-?up|schedule|roster|offerings|contenders)\s+(?:(?:that|"
    r"which)\s+)?(?:also\s+)?includ(?:es?|ing)\b|\b(?:joins|join|alongside)\s[^.;]{0,60}\bincluding\b",
    re.IGNORECASE,
)
_INSERTED: Final = Pattern(r"[”\"’»*_]?,")
# A name that does something itself, behind which stands a verb: `..., and “Dead Air” follows on July 16`.
_DOES: Final = Pattern(rf"[”\"’»*_]?\s+(?:{either('does')})\b")
_AFTER: Final = Pattern(r"\b(?:after|following|nach|après|tras|dopo|após|po)\b", re.IGNORECASE)
# `..., whose final season begins on July 9`: that of the name in front of it.
_WHOSE: Final = Pattern(r"[”\"’»*_]?,\s+whose\b")
# `... gets a trailer, but no release date`, `a new date will be announced`: a day in another sentence is of
# something else.
_NO_DATE: Final = Pattern(
    r"\b(?:no|without\s+an?|yet\s+to\s+(?:set|announce|confirm|reveal)\s+an?|not\s+(?:yet\s+)?(?:announced|"
    r"set|confirmed|revealed)\s+an?)\s+(?:(?:new|official|firm|confirmed|exact)\s+)*(?:release|premiere|"
    r"launch|air|return|transmission|start)\s+date\b"
    r"|\bnew\s+(?:release\s+|premiere\s+)?date\s+(?:will\s+be|is\s+to\s+be|has\s+(?:not|yet)|hasn|was\s+not|wasn)",
    re.IGNORECASE,
)
_PLAYS: Final = Pattern(r"\s+as\s+(?:[\w-]+\s+){0,3}[A-ZÀ-Ž]")
_FIRST: Final = 8
_ALREADY: Final = Pattern(r"\b(?:bereits|schon|already|déjà|già|já|już)\b[^.;,]{0,30}$", re.IGNORECASE)
_OTHERS: Final = 2
_MARKS: Final = "\\-–—•*·'\"‘’“”„«» "
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


def choose_date(
    judged: Sequence[DateVerdict], title: Candidate | None, names: Sequence[Candidate], found: Sequence[Sentence]
) -> ChosenDate:
    """Given what each date is the date of, return the release's, and why the others are not."""
    if any(_NO_DATE.search(sentence.text) for sentence in found[:_FIRST]):
        judged = [each for each in judged if each.strength >= MOVED or (title and _names(each.mention.sentence, title))]
    scored = [(_score(verdict, title, names, found), verdict) for verdict in judged]
    able = [(score, verdict) for score, verdict in scored if score >= _LEAST]
    if not able:
        return _left_over(judged, title, names, found)
    best_score, best = max(able, key=lambda pair: (round(pair[0], 3), -pair[1].mention.start))
    best = _first_of_near(best, best_score, able)
    inside = [each for each in judged if each.role is CueRole.RELEASE and not _is_of_another(each, title, names, found)]
    best = _within_span(best, inside)
    value = _sharpest(best, [verdict for _, verdict in able])
    rivals = {_day(verdict.mention.value) for score, verdict in able if score > best_score - 0.25 and is_named(verdict)}
    agreeing = sum(_day(verdict.mention.value) == _day(best.mention.value) for _, verdict in able)
    close = [pair for pair in able if _is_close(pair[1], best) and pair[0] > best_score - _RIVAL]
    return ChosenDate(
        value=value,
        verdict=best,
        rival=max(close, key=lambda pair: pair[0])[1] if close else None,
        confidence=_confidence(best, best_score, agreeing=agreeing, rivals=len(rivals)),
        others=_others(judged, best),
    )


def _left_over(
    judged: Sequence[DateVerdict], title: Candidate | None, names: Sequence[Candidate], found: Sequence[Sentence]
) -> ChosenDate:
    """Return, where nothing is plain enough, the only day of release to come, else the only day of a later part."""
    days: dict[object, DateVerdict] = {}
    for role in (CueRole.RELEASE, CueRole.LATER_PART):
        able = [
            each
            for each in judged
            if each.role is role and each.mention.value.is_dated and not _is_of_another(each, title, names, found)
        ]
        days = {_day(each.mention.value): each for each in reversed(able)}
        if days:
            break
    if len(days) != 1:
        return ChosenDate(others=_others(judged, None))
    (only,) = days.values()
    return ChosenDate(value=only.mention.value, verdict=only, confidence=_LEFT_OVER, others=_others(judged, only))


def _is_of_another(
    verdict: DateVerdict, title: Candidate | None, names: Sequence[Candidate], found: Sequence[Sentence]
) -> bool:
    return _belongs_elsewhere(verdict, title, names, found) > 0


def _is_close(other: DateVerdict, best: DateVerdict) -> bool:
    """Tell whether another date of release is a day, and not the one that was taken."""
    return other.mention.value.is_dated and is_named(other) and _day(other.mention.value) != _day(best.mention.value)


def _first_of_near(best: DateVerdict, score: float, able: Sequence[tuple[float, DateVerdict]]) -> DateVerdict:
    """Return the first day in the text that is nearly as plain as the best: a text says first what it is about."""
    if not best.mention.value.is_dated:
        return best
    near = [each for other, each in able if other >= score - _NEARLY and each.mention.value.is_dated and is_named(each)]
    first = min([best, *near], key=lambda verdict: verdict.mention.start)
    early = [each for _, each in able if each.mention.value.is_dated and is_named(each) and _is_already(each, first)]
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
        if (on := _on(verdict.mention.value))
        and (span[0] <= on <= span[1] or (_is_guess(best, verdict) and on.month == span[0].month))
    ]
    return (days or [verdict for verdict in able if _narrows(verdict, span)] or [best])[0]


def _on(value: When) -> dt.date | None:
    """Return the day of a date, where it has one."""
    return value.day_in(value.zone) if value.at and value.zone else value.on


def _is_guess(coarse: DateVerdict, day: DateVerdict) -> bool:
    """Tell whether a month's year was concluded, and that of a day was written: the day knows better."""
    mention = coarse.mention
    return mention.precision is Precision.MONTH and mention.inferred and not day.mention.inferred and is_named(day)


def _narrows(verdict: DateVerdict, whole: tuple[dt.date, dt.date]) -> bool:
    """Tell whether a date is named, and says more exactly what a span said."""
    span = verdict.mention.value.span()
    return is_named(verdict) and span is not None and whole[0] <= span[0] and span[1] <= whole[1] and span != whole


def _confidence(best: DateVerdict, score: float, *, agreeing: int, rivals: int) -> float:
    mention = best.mention
    doubt = 0.08 * mention.inferred + 0.12 * mention.relative + 0.2 * mention.conflict + 0.1 * (rivals > 1)
    return max(0.2, min(0.98, 0.4 + 0.3 * score + 0.05 * min(agreeing, 3) - doubt))


def _score(
    verdict: DateVerdict, title: Candidate | None, names: Sequence[Candidate], found: Sequence[Sentence]
) -> float:
    """Return how much speaks for a date; below the least it is not taken."""
    mention, sentence = verdict.mention, verdict.mention.sentence
    if verdict.role not in {CueRole.RELEASE, CueRole.UNSAID}:
        return 0.0
    with_title = title is not None and _names(sentence, title)
    dated = mention.value.is_dated and not mention.relative
    if verdict.role is CueRole.UNSAID and not (with_title and dated and platforms(sentence.text)):
        return 0.0
    if mention.value.is_coarse and (verdict.strength < 0.7 or _is_of_others(verdict, with_title=with_title)):
        return 0.0
    if mention.precision is Precision.YEAR and (verdict.strength < 0.9 or _MANY.search(sentence.text)):
        return 0.0
    score = verdict.strength + _BONUS[mention.precision] + 0.3 * with_title
    score += 0.1 * sentence.heading + max(0.0, 0.2 - 0.02 * sentence.paragraph)
    score -= 0.15 * mention.conflict + 0.1 * mention.relative
    score += 0.2 * (verdict.role is CueRole.UNSAID)
    return score - _belongs_elsewhere(verdict, title, names, found)


def _is_of_others(verdict: DateVerdict, *, with_title: bool) -> bool:
    """Tell whether a sentence that does not name the title names others in front of a month, season or year."""
    sentence = verdict.mention.sentence
    if with_title or PRONOUN.match(sentence.text):
        return False
    before = sentence.text[: verdict.mention.start - sentence.start]
    named = [
        name
        for found in NAME.finditer(before)
        if " " in (name := found[0]) and not platforms(name) and may_be(name) and not _is_cast(before, found)
    ]
    return len(named) >= _OTHERS


def _is_cast(text: str, found: re.Match[str]) -> bool:
    """Tell whether a name is of who plays somebody: `has added Ana Rhys as attorney Jo Dane`."""
    return _PLAYS.match(text, found.end()) is not None


def _names(sentence: Sentence, title: Candidate) -> bool:
    return re.search(rf"(?<!\w){re.escape(title.name)}(?!\w)", sentence.text, re.IGNORECASE) is not None


def _belongs_elsewhere(
    verdict: DateVerdict, title: Candidate | None, names: Sequence[Candidate], found: Sequence[Sentence]
) -> float:
    """Return how much speaks for a date being that of another title that its sentence, or the one before, names."""
    sentence = verdict.mention.sentence
    at = verdict.mention.start - sentence.start
    if _CONTENT.search(sentence.text) and not (title and _names(sentence, title)):
        return 1.5
    if title is None:
        return 0.0
    if _OTHER_WORK.search(sentence.text[:at]) or _is_listed(sentence.text[:at], title):
        return 1.5
    if _names(sentence, title) is False and _in_brackets(sentence.text, at):
        return 1.5
    if re.match(rf"[{_MARKS}]*{re.escape(title.name)}[{_MARKS}]*:", sentence.text, re.IGNORECASE):
        return 0.0  # `'Salt Road': the drama that follows 'Dead Air' arrives on Monday`
    near = _nearest(sentence, at, title, names)
    behind = near is not title and PRONOUN.match(sentence.text) and not _names_before(near, sentence, at)
    if near is not None and not behind:
        return 0.0 if near is title else 1.5
    before = next((other for other in reversed(found) if other.end <= sentence.start), None)
    if before is None or before.paragraph != sentence.paragraph or not PRONOUN.match(sentence.text):
        return 0.0
    subject = _nearest(before, len(before.text), title, names)
    return 0.0 if subject is None or subject is title else 1.0


def _is_listed(before: str, title: Candidate) -> bool:
    """Tell whether a date is of one of those that a list includes, of which the title is none."""
    listed = _LISTED.search(before)
    return listed is not None and title.name.casefold() not in before[listed.end() :].casefold()


def _in_brackets(text: str, at: int) -> bool:
    """Tell whether a date stands in brackets inside a sentence: it is of the name in front of them."""
    return text.rfind("(", 1, at) > text.rfind(")", 0, at)


def _names_before(candidate: Candidate | None, sentence: Sentence, at: int) -> bool:
    return candidate is not None and any(
        where.start == sentence.start and spot.end <= at for where, spot in candidate.at
    )


def _nearest(sentence: Sentence, at: int, title: Candidate, names: Sequence[Candidate]) -> Candidate | None:
    """Return the title that stands nearest in front of a place in a sentence, else behind it."""
    places: list[tuple[int, Candidate]] = []
    for candidate in names:
        for where, spot in candidate.at:
            if where.start != sentence.start or (
                candidate is not title and not _counts(candidate, title, sentence, spot)
            ):
                continue
            places.append((spot.end - at if spot.end <= at else 1000 + spot.start - at, candidate))
    if _is_subject(sentence, at, title, places):
        return title
    before = [place for place in places if place[0] <= 0]
    if before:
        return max(before, key=lambda place: (place[0], place[1] is title))[1]
    return min(places, key=lambda place: (place[0], place[1] is not title))[1] if places else None


def _is_subject(sentence: Sentence, at: int, title: Candidate, places: Sequence[tuple[int, Candidate]]) -> bool:
    """Tell whether a sentence begins with the title, and names others only in what it inserts between two commas."""
    spot = next((spot for where, spot in title.at if where.start == sentence.start and spot.start <= 1), None)
    if spot is None or not _INSERTED.match(sentence.text, spot.end):
        return False
    last = max((gap for gap, other in places if gap <= 0 and other is not title), default=None)
    return last is not None and "," in sentence.text[at + last : at] and not _DOES.match(sentence.text, at + last)


def _counts(candidate: Candidate, title: Candidate, sentence: Sentence, spot: Spotted) -> bool:
    """Tell whether a name is a title of its own there: marked as one, and neither part of the other nor brought up."""
    mine, other = title.name.casefold(), candidate.name.casefold()
    if (
        (
            (_inside(other, mine) or _inside(mine, other))
            and not _WHOSE.match(sentence.text, spot.end)
            and not (spot.quoted and _stands_apart(title, sentence, spot))
        )
        or (is_elsewhere(sentence.text, spot.start) and not _DOES.match(sentence.text, spot.end))
        or ELSEWHERE_AFTER.match(sentence.text, spot.end - spot.quoted)
        or _in_brackets(sentence.text, spot.start + 1)
    ):
        return False
    return (candidate.quoted or spot.weight >= PLAIN) and spot.weight >= 1 and not is_platform(candidate.name)


def _stands_apart(title: Candidate, sentence: Sentence, spot: Spotted) -> bool:
    """Tell whether a sentence that has a name like the title also has the title itself, elsewhere in it."""
    return any(
        where.start == sentence.start and (own.end <= spot.start or spot.end <= own.start) for where, own in title.at
    )


def _inside(part: str, whole: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(part)}(?!\w)", whole) is not None


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
    return value.day_in(value.zone) if value.at and value.zone else value.on or value.json()


def _others(judged: Sequence[DateVerdict], best: DateVerdict | None) -> tuple[tuple[DateVerdict, str], ...]:
    """Return the dates not taken, each once, with the reason."""
    seen = {_day(best.mention.value)} if best else set()
    others = []
    for verdict in judged:
        day = _day(verdict.mention.value)
        if verdict is best or day in seen or verdict.role in _NOT_ASKED:
            continue
        seen.add(day)
        others.append((verdict, "less plain" if verdict.role is CueRole.RELEASE else str(verdict.role)))
    return tuple(others)
