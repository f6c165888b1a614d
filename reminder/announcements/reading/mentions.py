"""A grammar of dates in running text: every mention with its place, its precision, and its value as a `When`.

Nothing is made more exact than it was said. What needs the day of publication (a missing year, `this Friday`,
`next month`) is left out when that day is not known.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from reminder.announcements.reading.clock import with_clock
from reminder.announcements.reading.forms import readings
from reminder.announcements.reading.patterns import uncased
from reminder.announcements.reading.sentences import Sentence, sentences
from reminder.announcements.reading.years import real_date
from reminder.core.dates.month_names import ENGLISH_MONTHS, ENGLISH_SEASONS
from reminder.core.dates.when import Precision, When


@dataclass(frozen=True, kw_only=True)
class Mention:
    """A date that a text speaks of: `text[start:end]`, and what it means.

    `inferred` says that the year was not written but found from the day of publication; `relative` that the whole
    date was (`tomorrow`, `this Friday`); `conflict` that a weekday stands beside it which that day does not have.
    """

    start: int
    end: int
    text: str
    sentence: Sentence
    value: When
    inferred: bool = False
    relative: bool = False
    conflict: bool = False

    @property
    def precision(self) -> Precision:
        """Return how exact the date is."""
        return self.value.precision


def mentions(text: str, published: dt.date | None = None) -> tuple[Mention, ...]:
    """Given a text and the day it was published, return every date in it, in order; their spans never overlap."""
    return tuple(found for sentence in sentences(text) for found in mentions_in(sentence, published))


def mentions_in(sentence: Sentence, published: dt.date | None = None, *, english: bool = False) -> tuple[Mention, ...]:
    """Given one sentence, return its dates in order, each with the clock time and zone that stand beside it.

    `english` says that the whole text is: then names of months and seasons of other languages are none.
    """
    kept: list[Mention] = []
    for mention in sorted(
        _all(sentence, published, english=english), key=lambda found: (found.start - found.end, found.start)
    ):
        if all(mention.end <= other.start or other.end <= mention.start for other in kept):
            kept.append(mention)
    kept.sort(key=lambda found: found.start)
    kept = list(_without_apposed(kept, published))
    kept = [_of_one_year(*near) for near in zip(kept, [None, *kept], [*kept[1:], None], strict=False)]
    dated = with_clock(
        sentence.text, [(found.start - sentence.start, found.end - sentence.start, found.value) for found in kept]
    )
    return tuple(replace(found, value=value) for found, value in zip(kept, dated, strict=True))


def _without_apposed(found: Sequence[Mention], published: dt.date | None) -> Iterator[Mention]:
    """Yield dates without a `today` that the day behind it explains: `premieres today, February 4`.

    What was written counts, and is of the year in which it lies nearest to the day of publication.
    """
    explained: Mention | None = None
    for mention, behind in zip(found, [*found[1:], None], strict=False):
        if behind is not None and published and _is_explained(mention, behind, published):
            explained = behind
        elif mention is explained and mention.inferred and published and mention.value.on:
            yield replace(mention, value=When.day(_nearest(mention.value.on, published)))
        else:
            yield mention


def _is_explained(relative: Mention, day: Mention, published: dt.date) -> bool:
    """Tell whether a day from about then stands right behind `today`, `this Friday`; no other is the same day."""
    if day.value.on is None or abs((_nearest(day.value.on, published) - published).days) > _ABOUT_THEN:
        return False
    between = relative.sentence.text[relative.end - relative.sentence.start : day.start - day.sentence.start]
    return relative.relative and relative.value.is_dated and _is_plain_day(day) and bool(_APPOSED.fullmatch(between))


def _is_plain_day(mention: Mention) -> bool:
    return mention.value.is_dated and not mention.relative


_ABOUT_THEN: Final = 14
_APPOSED: Final = uncased(r"\s?[,(]\s?(?:the\s|den\s|dem\s|le\s|el\s|il\s)?")


def _nearest(day: dt.date, published: dt.date) -> dt.date:
    """Return that day of the year in which it lies nearest to the day of publication."""
    years = (published.year - 1, published.year, published.year + 1)
    days = [on for year in years if (on := real_date(year, day.month, day.day))]
    return min(days, key=lambda on: abs((on - published).days), default=day)


def _of_one_year(mention: Mention, before: Mention | None, behind: Mention | None) -> Mention:
    """Return a day without a year with that of a day to which it is joined (`March 5 or April 12, 2025`)."""
    day = mention.value.on
    if not (mention.inferred and day):
        return mention
    if last := _joined(mention, behind):
        year = last.year - ((day.month, day.day) > (last.month, last.day))
    elif first := _joined(before, mention):
        year = first.year + ((day.month, day.day) < (first.month, first.day))
    else:
        return mention
    on = real_date(year, day.month, day.day)
    return replace(mention, value=When.day(on), inferred=False) if on else mention


def _joined(first: Mention | None, second: Mention | None) -> dt.date | None:
    """Return the day of the one of two neighbours whose year is written, where only a joining word parts them."""
    if first is None or second is None or first.inferred == second.inferred:
        return None
    written = second if first.inferred else first
    at = first.sentence.start
    is_joined = _JOINED.fullmatch(first.sentence.text, first.end - at, second.start - at)
    return written.value.on if is_joined and not written.relative else None


_JOINED: Final = uncased(
    r"[\s,(/–-]{0,3}(?:(?:and|or|to|through|und|oder|bis|et|ou|au|y|o|al|e|i|lub|do|&)\s)?(?:(?:on|am|zum|le|el|il)\s)?"
)


def _all(sentence: Sentence, published: dt.date | None, *, english: bool) -> Iterator[Mention]:
    for match, reading in readings(sentence.text, published):
        if english and _is_foreign(match):
            continue
        yield Mention(
            start=sentence.start + _start(match),
            end=sentence.start + match.end(),
            text=match[0][_start(match) - match.start() :],
            sentence=sentence,
            value=reading.value,
            inferred=reading.inferred,
            relative=reading.relative,
            conflict=reading.conflict,
        )


def _is_foreign(match: re.Match[str]) -> bool:
    """Tell whether a date stands in the words of another language: `Season 2 OTT`, `thirty years to Mars`."""
    named = match.groupdict()
    month, season = (named.get("month") or "").lower(), (named.get("season") or "").lower()
    return bool(month and month not in ENGLISH_MONTHS) or bool(season and season not in ENGLISH_SEASONS)


def _start(match: re.Match[str]) -> int:
    """Return where the date begins: a verb that only shows that it is one (`to stream 2025`) is no part of it."""
    return match.end("lead") if match.groupdict().get("lead") else match.start()
