"""Tells what each date in a sentence is the date of: a coming release, or something that must be ignored."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from reminder.announcements.reading import signs
from reminder.announcements.reading.cues import CueRole
from reminder.announcements.reading.judge import Judge
from reminder.announcements.reading.mentions import Mention
from reminder.announcements.reading.patterns import Pattern
from reminder.announcements.vocabulary import either


@dataclass(frozen=True, kw_only=True)
class DateVerdict:
    """The role of a date, and how plainly the text states it (0 to 1)."""

    mention: Mention
    role: CueRole
    strength: float


# What somebody did on a day of the week: `as he presented the pilot in Los Angeles on Wednesday`.
_TOLD = Pattern(
    rf"\b(?:{either('told')})\b[^.;:]{{0,60}}$",
    re.IGNORECASE,
)


def verdicts(found: Sequence[Mention], published: dt.date | None) -> tuple[DateVerdict, ...]:
    """Given the dates of one sentence, in order, return what each is the date of."""
    if not found:
        return ()
    sentence = found[0].sentence
    judge = Judge(sentence.text, [(each.start - sentence.start, each.end - sentence.start) for each in found])
    judged = tuple(_verdict(judge, each, published) for each in found)
    days = [
        each.mention
        for each in judged
        if each.role is CueRole.RELEASE and not each.mention.relative and _is_later(each.mention, published)
    ]
    # `Today the date was announced: July 31`.
    said = tuple(
        replace(each, role=CueRole.SAID)
        if (each.mention.relative or each.mention.value.on == published)
        and any(_is_other_day(each.mention, day) for day in days)
        else each
        for each in judged
    )
    return _replaced(said)


def _replaced(judged: tuple[DateVerdict, ...]) -> tuple[DateVerdict, ...]:
    """Return the verdicts; a date is an old one where its sentence goes on to say what comes `now`, `instead` of it."""
    releases = [each for each in judged if each.role is CueRole.RELEASE]
    for earlier, later in pairwise(releases):
        at = earlier.mention.sentence.start
        between = earlier.mention.sentence.text[earlier.mention.end - at : later.mention.start - at] + signs.leading(
            later.mention.text
        )
        if earlier.strength >= signs.MOVED and signs.MOVED_ON.fullmatch(between):
            judged = tuple(replace(each, role=CueRole.OLD) if each is earlier else each for each in judged)
    for earlier, later in pairwise(releases):
        between = earlier.mention.sentence.text[
            earlier.mention.end - earlier.mention.sentence.start : later.mention.start - later.mention.sentence.start
        ]
        if signs.INSTEAD.search(between) and _is_other_day(earlier.mention, later.mention):
            judged = tuple(replace(each, role=CueRole.OLD) if each is earlier else each for each in judged)
    return judged


def _verdict(judge: Judge, mention: Mention, published: dt.date | None) -> DateVerdict:
    start, end = mention.start - mention.sentence.start, mention.end - mention.sentence.start
    if _is_stamp(mention, judge, published):
        return DateVerdict(mention=mention, role=CueRole.STAMP, strength=1)
    role, strength = judge.role(start, end)
    if mention.relative and _looks_said(mention, published):
        role = CueRole.SAID
    if (
        role is CueRole.SAID
        and mention.value.is_dated
        and not mention.relative
        and not signs.NUMBERED.fullmatch(mention.text)
        and _is_later(mention, published)
    ):
        role, strength = judge.role(start, end, said=False)
    if role in {CueRole.RELEASE, CueRole.UNSAID} and _is_over(mention, published):
        role = CueRole.PAST
    if role in {CueRole.RELEASE, CueRole.UNSAID} and _has_just_been(mention, published):
        role = CueRole.PAST
    if role is CueRole.PAST and not (mention.inferred or mention.relative) and _is_later(mention, published):
        role, strength = CueRole.RELEASE, 0.4
    return DateVerdict(mention=mention, role=role, strength=strength)


def _is_other_day(relative: Mention, day: Mention) -> bool:
    return relative.value.is_dated and day.value.is_dated and _span(relative) != _span(day)


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
    span = _span(mention)
    return bool(span and published and span[0] > published + dt.timedelta(days=1))


def _is_over(mention: Mention, published: dt.date | None) -> bool:
    span = _span(mention)
    return bool(span and published and span[1] < published)


def _has_just_been(mention: Mention, published: dt.date | None) -> bool:
    """Tell whether a month or day without a year is more likely to have been lately than to be of the next year."""
    span = _span(mention)
    if not (span and published and mention.inferred) or signs.IS_NEXT.search(mention.text):
        return False
    long = signs.LONG_AHEAD if mention.value.is_dated else signs.LONG_AHEAD_OF_MONTH
    return span[0].year > published.year and (span[0] - published).days > long


def _span(mention: Mention) -> tuple[dt.date, dt.date] | None:
    value = mention.value
    on = value.day_in(value.zone) if value.at and value.zone else None
    return (on, on) if on else value.span()


def _is_stamp(mention: Mention, judge: Judge, published: dt.date | None) -> bool:
    """Tell whether a date is the article's own: in a dateline, a byline, or alone on the line it was printed on."""
    sentence = mention.sentence
    before = sentence.text[: mention.start - sentence.start]
    after = sentence.text[mention.end - sentence.start :]
    if signs.TWEET.search(before):
        return True
    if signs.NUMERIC.fullmatch(mention.text) and signs.CLOCK.match(after) and not signs.FROM_DAY.search(before):
        return True
    if mention.value.on is None or (published and mention.value.on > published + dt.timedelta(days=1)):
        return False
    if not before.strip() and not mention.inferred and re.match(r"\s*[–—-]\s", after) and judge.is_said:
        return True
    if judge.has_release and not re.match(r"\s*(?:[)\]]?\s*[–—-]|\))", after):
        return False
    if sentence.text.startswith(("•", "–", "-", "*")) and published and mention.value.on > published:
        return False  # an entry of a list
    alone = len(before.split()) + len(after.split()) <= 8 and not judge.has_release
    dateline = (
        len(before) <= 50 and bool(re.match(r"\s*(?:[)\]]?\s*[–—-]|\))", after)) and bool(signs.DATELINE.match(before))
    )
    return dateline or (alone and (not before.strip() or bool(signs.STAMP_LINE.search(sentence.text))))
