"""A text made ready to be read: plain, harmless, cut into sentences, with the day on which it was published."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reminder.announcements.reading.language import is_english
from reminder.announcements.reading.mentions import mentions_in
from reminder.announcements.reading.patterns import Pattern
from reminder.announcements.reading.proposal import Hints
from reminder.announcements.reading.published import published_in, without_front
from reminder.announcements.reading.roles import DateVerdict, verdicts
from reminder.announcements.reading.sentences import Sentence, sentences
from reminder.announcements.reading.tamed import tamed

MOST_READ: Final = 100_000
"""Characters: longer than any announcement, and short enough that a page made to be slow is not."""

# A space stays before a mark where a link was taken out: `the hit Dead Air 's second season`, `in May , he said`.
_LOOSE: Final = Pattern(r"(?<=\w) (?=['’]s\b|,\s)")


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A text as it is read: `body` is all of it, `published` the day from which a missing year is inferred.

    `english` says that it is; `to_the_day` that `published` is the very day, so that `tomorrow` can be told.
    """

    body: str
    sentences: Sequence[Sentence]
    published: dt.date | None
    english: bool
    to_the_day: bool

    def dates_in(self, sentence: Sentence) -> tuple[DateVerdict, ...]:
        """Return the dates of one of its sentences that can be told from `published`, and what each is the date of."""
        found = verdicts(mentions_in(sentence, self.published, english=self.english), self.published)
        return tuple(
            verdict
            for verdict in found
            if self.to_the_day or not (verdict.mention.relative and verdict.mention.value.is_dated)
        )


def prepare(text: str, published: dt.date | None = None, hints: Hints | None = None) -> Prepared:
    """Given an announcement as plain text, and its own day where that is known, return it as it is read.

    Only the first `MOST_READ` characters are.
    """
    body, stated, has_day = without_front(tamed(plain(text[:MOST_READ])))
    return Prepared(
        body=body,
        sentences=sentences(body),
        published=published or stated or (hints and hints.published) or published_in(body),
        english=is_english(body),
        to_the_day=published is not None or stated is None or has_day,
    )


def plain(text: str) -> str:
    """Return the text in NFC, with plain spaces and line ends."""
    spaced = "".join(" " if letter in "\u00a0\u2007\u2009\u202f\t" else letter for letter in text)
    spaced = _LOOSE.sub("", spaced)
    return unicodedata.normalize("NFC", spaced).replace("\r\n", "\n").replace("\r", "\n").replace("\u200b", "")
