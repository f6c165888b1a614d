"""The day on which an article was published, where its text says so."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from reminder.announcements.reading.cues import CueRole
from reminder.announcements.reading.mentions import Mention, mentions_in
from reminder.announcements.reading.patterns import Pattern, uncased
from reminder.announcements.reading.roles import verdicts
from reminder.announcements.reading.sentences import Sentence, sentences
from reminder.announcements.reading.years import real_date

# A line of facts in front of the text, as archives and feed readers write it.
_FRONT: Final = uncased(
    r"\s*(?:date|published(?:\s+(?:on|at))?|pubdate|datum|fecha|data)\s*[:=]?\s*(?P<year>(?:19|"
    r"20)\d\d)-(?P<month>\d\d)(?:-(?P<day>\d\d))?"
    r"(?:[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?)?(?:\s+|$)"
)
_CHANGED: Final = uncased(r"updat|modif|aktualis|mis(?:e)?\s+à\s+jour|actualiz|aggiorn|atualiz|aktualizacja")
_HEAD: Final = 6
_TOP: Final = 1500
_SLASHED: Final = Pattern(r"(?m)^[^\n]{0,20}?(?<![\d/])(\d\d)[/.](\d\d)[/.](20\d\d)\b[^\n]{0,20}$")
_ENGLISH: Final = Pattern(r"\b(?:the|of|and|to|will)\b")
_OTHERS: Final = Pattern(r"\b(?:de|la|el|le|les|der|die|und|que|di|il|da|do|em|na|w|się|que|der|den)\b")
_CITY: Final = 40


def without_front(text: str) -> tuple[str, dt.date | None, bool]:
    """Given a text, return it without a leading `date 2025-05-23`, that day, and whether the day itself was said.

    Of a month alone it is the first: enough for a missing year, not for `tomorrow`.
    """
    found = _FRONT.match(text)
    if not found:
        return text, None, True
    try:
        day = dt.date(int(found["year"]), int(found["month"]), int(found["day"] or 1))
    except ValueError:
        return text, None, True
    return text[found.end() :], day, bool(found["day"])


def published_in(text: str) -> dt.date | None:
    """Given a text, return the day it says that it was published on: a dateline, a byline, `Published on ...`."""
    stamps = [mention for number, sentence in enumerate(sentences(text)) for mention in _stamps(sentence, number)]
    first = [mention for mention in stamps if not _CHANGED.search(_before(mention))]
    for mention in first or stamps:
        if mention.value.on:
            return mention.value.on
    return _slashed_in(text[:_TOP])


def _slashed_in(text: str) -> dt.date | None:
    """Return the day of a stamp like `11/07/2017 | 15:30`, by the order of the text's language."""
    found = _SLASHED.search(text)
    if not found:
        return None
    first, second, year = int(found[1]), int(found[2]), int(found[3])
    day_first = second <= 12 and (first > 12 or _ENGLISH.count(text) < _OTHERS.count(text))
    return real_date(year, second, first) if day_first else real_date(year, first, second)


def _stamps(sentence: Sentence, number: int) -> list[Mention]:
    found = verdicts(mentions_in(sentence), None)
    return [
        verdict.mention
        for verdict in found
        if verdict.role is CueRole.STAMP
        and (number < _HEAD or _says_published(sentence) or _is_dateline(verdict.mention))
    ]


def _is_dateline(mention: Mention) -> bool:
    """Tell whether a date stands in front of what is told, with the city: `Los Angeles (Nov. 12, 2019) - `."""
    at = mention.start - mention.sentence.start
    return at <= _CITY and bool(
        re.match(r"\s*\)?\s*[–—-]", mention.sentence.text[mention.end - mention.sentence.start :])
    )


def _says_published(sentence: Sentence) -> bool:
    return bool(
        re.match(
            r"(?:published|posted|updated|last\s+modified|veröffentlicht|publié|publicado|pubblicato|opublikowano)\b",
            sentence.text,
            re.IGNORECASE,
        )
    )


def _before(mention: Mention) -> str:
    return mention.sentence.text[
        max(0, mention.start - mention.sentence.start - 30) : mention.start - mention.sentence.start
    ]
