"""Tells what each date in a sentence is the date of: a coming release, or something that must be ignored."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from reminder.announcements.reading import signs
from reminder.announcements.reading.cues import CueRole
from reminder.announcements.reading.judge import Judge
from reminder.announcements.reading.mentions import Mention
from reminder.announcements.reading.patterns import Pattern, uncased
from reminder.announcements.vocabulary import either


@dataclass(frozen=True, kw_only=True)
class DateVerdict:
    """The role of a date, and how plainly the text states it (0 to 1).

    `is_far`: its year was not written, and it is so far ahead that the day before a year may be meant.
    """

    mention: Mention
    role: CueRole
    strength: float
    is_far: bool = False


# What somebody did on a day of the week: `as he presented the pilot in Los Angeles on Wednesday`.
_TOLD: Final = uncased(rf"\b(?:{either('told')})\b[^.;:]{{0,60}}$")


_OPEN: Final = frozenset({CueRole.RELEASE, CueRole.UNSAID})
_DASH_BEHIND: Final = Pattern(r"\s*[–—-]\s")
_DATELINE_BEHIND: Final = Pattern(r"\s*(?:[)\]]?\s*[–—-]|\))")
_CITY: Final = 50
_ALONE: Final = 8


def verdicts(found: Sequence[Mention], published: dt.date | None) -> tuple[DateVerdict, ...]:
    """Given the dates of one sentence, in order, return what each is the date of."""
    if not found:
        return ()
    sentence = found[0].sentence
    judge = Judge(sentence.text, [(each.start - sentence.start, each.end - sentence.start) for each in found])
    judged = [_verdict(judge, each, published) for each in found]
    judged = _as(CueRole.SAID, judged, list(_days_of_saying(judged, published)))
    return tuple(_as(CueRole.OLD, judged, list(_replaced(judged))))


def _as(role: CueRole, judged: Sequence[DateVerdict], these: Sequence[DateVerdict]) -> list[DateVerdict]:
    """Return the verdicts, some of them with another role."""
    return [replace(each, role=role) if any(each is other for other in these) else each for each in judged]


def _days_of_saying(judged: Sequence[DateVerdict], published: dt.date | None) -> Iterator[DateVerdict]:
    """Yield the days on which another one was said: `Today the date was announced: July 31`."""
    releases = [each.mention for each in judged if each.role is CueRole.RELEASE]
    days = [mention for mention in releases if not mention.relative and _is_later(mention, published)]
    for each in judged:
        is_today = each.mention.relative or each.mention.value.on == published
        if is_today and any(_is_other_day(each.mention, day) for day in days):
            yield each


def _replaced(judged: Sequence[DateVerdict]) -> Iterator[DateVerdict]:
    """Yield the dates of release of which the sentence goes on to say what comes `now`, or `instead` of it."""
    for earlier, later in pairwise(each for each in judged if each.role is CueRole.RELEASE):
        at = earlier.mention.sentence.start
        between = earlier.mention.sentence.text[earlier.mention.end - at : later.mention.start - at]
        is_moved_on = signs.MOVED_ON.fullmatch(between + signs.leading(later.mention.text))
        if (earlier.strength >= signs.MOVED and is_moved_on) or (
            signs.INSTEAD.search(between) and _is_other_day(earlier.mention, later.mention)
        ):
            yield earlier


def _verdict(judge: Judge, mention: Mention, published: dt.date | None) -> DateVerdict:
    if _is_stamp(mention, judge, published):
        return DateVerdict(mention=mention, role=CueRole.STAMP, strength=1)
    role, strength = _role_by_words(judge, mention, published)
    is_far = _is_far(mention, role, published)
    if is_far:
        strength *= signs.FAR_AHEAD
    elif role in _OPEN and (_is_over(mention, published) or _has_just_been(mention, published)):
        role = CueRole.PAST
    if role is CueRole.PAST and _is_written(mention) and _is_later(mention, published):
        role, strength = CueRole.RELEASE, 0.4
    return DateVerdict(mention=mention, role=role, strength=strength, is_far=is_far)


def _role_by_words(judge: Judge, mention: Mention, published: dt.date | None) -> tuple[CueRole, float]:
    """Return what the words around a date say that it is of."""
    start, end = mention.start - mention.sentence.start, mention.end - mention.sentence.start
    role, strength = judge.role(start, end)
    if mention.relative and _looks_said(mention, published):
        return CueRole.SAID, strength
    if role is CueRole.SAID and _is_day_ahead(mention, published):
        return judge.role(start, end, said=False)
    return role, strength


def _is_far(mention: Mention, role: CueRole, published: dt.date | None) -> bool:
    """Tell whether a day without a year is one of what is to come, though it may as well have been lately."""
    if role is not CueRole.RELEASE or _is_over(mention, published) or not _has_just_been(mention, published):
        return False
    return signs.AHEAD.search(mention.sentence.text, 0, mention.start - mention.sentence.start) is not None


def _is_written(mention: Mention) -> bool:
    """Tell whether a date was written in full."""
    return not (mention.inferred or mention.relative)


def _is_day_ahead(mention: Mention, published: dt.date | None) -> bool:
    """Tell whether a date is a day to come, and no weekday with its number, of the week in which something was said."""
    is_day = mention.value.is_dated and not mention.relative and not signs.NUMBERED.fullmatch(mention.text)
    return is_day and _is_later(mention, published)


def _is_other_day(relative: Mention, day: Mention) -> bool:
    return relative.value.is_dated and day.value.is_dated and relative.value.days() != day.value.days()


def _looks_said(mention: Mention, published: dt.date | None) -> bool:
    """Tell whether `on Monday` is the day on which something was said: today's weekday, or a past verb behind it."""
    after = mention.sentence.text[mention.end - mention.sentence.start :]
    if re.match(r"\s+(?:\w+ly\s+)?(?:\w+ed|dropped|said|shared|gave|took|set)\b", after):
        return True
    if mention.text.lower().startswith("on ") and _TOLD.search(
        mention.sentence.text, 0, mention.start - mention.sentence.start
    ):
        return True
    if mention.value.on != published:
        return False
    before = mention.sentence.text[: mention.start - mention.sentence.start]
    at_start = not before.strip("\"'“‘*_ ") and signs.DONE.search(after[: signs.HEDGED])
    return mention.text.lower().startswith(("on ", "am ")) or bool(
        at_start or signs.DONE.search(before[-signs.BESIDE :])
    )


def _is_later(mention: Mention, published: dt.date | None) -> bool:
    span = mention.value.days()
    return bool(span and published and span[0] > published + dt.timedelta(days=1))


def _is_over(mention: Mention, published: dt.date | None) -> bool:
    span = mention.value.days()
    return bool(span and published and span[1] < published)


def _has_just_been(mention: Mention, published: dt.date | None) -> bool:
    """Tell whether a month or day without a year is more likely to have been lately than to be of the next year."""
    span = mention.value.days()
    if not (span and published and mention.inferred) or signs.IS_NEXT.search(mention.text):
        return False
    long = signs.LONG_AHEAD if mention.value.is_dated else signs.LONG_AHEAD_OF_MONTH
    return span[0].year > published.year and (span[0] - published).days > long


def _is_stamp(mention: Mention, judge: Judge, published: dt.date | None) -> bool:
    """Tell whether a date is the article's own: in a dateline, a byline, or alone on the line it was printed on."""
    text, at = mention.sentence.text, mention.sentence.start
    before, after = text[: mention.start - at], text[mention.end - at :]
    if _is_printed(mention, before, after):
        return True
    if not _may_be_of_article(mention, published):
        return False
    few = len(before.split()) + len(after.split()) <= _ALONE
    if not (before.strip() or mention.inferred) and judge.is_said and _DASH_BEHIND.match(after):
        return True
    if _DATELINE_BEHIND.match(after) and len(before) <= _CITY and signs.DATELINE.match(before):
        return True
    return few and not judge.has_release and _is_line_of_its_own(mention.sentence.text, before)


def _is_line_of_its_own(text: str, before: str) -> bool:
    return not before.strip() or bool(signs.STAMP_LINE.search(text))


def _is_printed(mention: Mention, before: str, after: str) -> bool:
    """Tell whether a date stands as a page or a post is stamped."""
    is_numeric = signs.NUMERIC.fullmatch(mention.text) and signs.CLOCK.match(after)
    return bool(signs.TWEET.search(before) or (is_numeric and not signs.FROM_DAY.search(before)))


def _may_be_of_article(mention: Mention, published: dt.date | None) -> bool:
    """Tell whether a date is a day not after the one of the article, of which an entry of a list never is."""
    if mention.value.on is None or published is None:
        return mention.value.on is not None
    is_entry = mention.sentence.text.startswith(("•", "–", "-", "*"))
    return mention.value.on <= published + dt.timedelta(days=not is_entry)
