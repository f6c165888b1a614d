"""The day on which an article was published, where its text says so."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from reminder.core.reading.cues import Role
from reminder.core.reading.mentions import Mention, mentions_in
from reminder.core.reading.roles import verdicts
from reminder.core.reading.sentences import Sentence, sentences

# A line of facts in front of the text, as archives and feed readers write it.
_FRONT: Final = re.compile(
    r"\s*(?:date|published(?:\s+(?:on|at))?|pubdate|datum|fecha|data)\s*[:=]?\s*(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)(?:-(?P<day>\d\d))?"
    r"(?:[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?)?(?:\s+|$)",
    re.IGNORECASE,
)
_CHANGED: Final = re.compile(
    r"updat|modif|aktualis|mis(?:e)?\s+à\s+jour|actualiz|aggiorn|atualiz|aktualizacja", re.IGNORECASE
)
_HEAD: Final = 6


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
    return None


def _stamps(sentence: Sentence, number: int) -> list[Mention]:
    found = verdicts(mentions_in(sentence), None)
    return [
        verdict.mention
        for verdict in found
        if verdict.role is Role.STAMP and (number < _HEAD or _says_published(sentence))
    ]


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
