"""Reads an announcement and proposes what to add, with the sentence that each part was read from.

What the text does not say is left empty, and it knows when to say no: the reason stands with each date not taken.
Source: SPEC 9, announcements.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from reminder.announcements.reading.candidates import Candidate
from reminder.announcements.reading.choice import is_named
from reminder.announcements.reading.clues import quoted_names
from reminder.announcements.reading.cues import CueRole, says_release
from reminder.announcements.reading.patterns import Pattern
from reminder.announcements.reading.prepared import MOST_READ, prepare
from reminder.announcements.reading.proposal import Alternative, Announcement, Choice, Hints, Option
from reminder.announcements.reading.proposing import KnownText, propose
from reminder.announcements.reading.roles import DateVerdict
from reminder.announcements.reading.sentences import Sentence
from reminder.announcements.reading.subjects import first_of_several
from reminder.announcements.reading.titles import candidates

__all__ = ["MOST_READ", "Alternative", "Announcement", "Choice", "Hints", "Option", "read"]

# No announcement gives more dates; each is compared with the names of the text.
_MOST_DATES: Final = 120
_BARE: Final = 8
_ENTRY: Final = Pattern(r"\s?[:–—]\s[“\"‘«*_]?[A-ZÀ-Ž\d]")
_OF_YEAR: Final = Pattern(r"\(((?:19|20)\d\d)\)")


def read(text: str, published: dt.date | None = None, hints: Hints | None = None) -> Announcement:
    """Given an announcement as plain text, return what it proposes.

    `published` is the article's own day, from which a missing year is inferred; where it is not given it is looked
    for in the text. Without one, what needs it is left empty. Only the first `MOST_READ` characters are read.
    """
    known = hints or Hints()
    prepared = prepare(text, published, known)
    found, day = prepared.sentences, prepared.published
    judged = [verdict for sentence in found for verdict in prepared.dates_in(sentence)]
    judged = list(_answered(judged[:_MOST_DATES], found))
    names = _ranked(candidates(found, known.names), judged, found)
    return propose(KnownText(sentences=found, published=day, dates=judged), names)


def _answered(judged: Sequence[DateVerdict], found: Sequence[Sentence]) -> Iterator[DateVerdict]:
    """Yield the verdicts; a sentence that is hardly more than a date answers the question or heading before it."""
    before = dict(zip([sentence.start for sentence in found[1:]], found, strict=False))
    for verdict in judged:
        sentence = verdict.mention.sentence
        asked = before.get(sentence.start)
        bare = verdict.role is CueRole.UNSAID and len(_without_names(sentence.text).split()) <= _BARE
        answers = asked and (
            asked.text.endswith("?")
            or says_release(_without_names(asked.text))
            or sentence.text.startswith("•")
            or _is_entry(sentence.text, verdict)
        )
        answers = answers and not _has_been(sentence.text, verdict)
        yield replace(verdict, role=CueRole.RELEASE, strength=0.8) if bare and answers else verdict


def _is_entry(text: str, verdict: DateVerdict) -> bool:
    """Tell whether a sentence is an entry of a list of days: `June 8: Salt Road, series premiere`."""
    mention = verdict.mention
    return mention.start == mention.sentence.start and _ENTRY.match(text, mention.end - mention.start) is not None


def _has_been(text: str, verdict: DateVerdict) -> bool:
    """Tell whether an entry of a list is of a work of an earlier year: `June 1: Dead Air (2004)`."""
    span = verdict.mention.value.span()
    return span is not None and any(int(found[1]) < span[0].year for found in _OF_YEAR.finditer(text))


def _without_names(text: str) -> str:
    """Return a sentence without the names in marks, whose words say nothing of a date: `“The Premiere”`."""
    for start, end in sorted(quoted_names(text), reverse=True):
        text = text[:start] + text[end:]
    return text


def _ranked(names: list[Candidate], judged: Sequence[DateVerdict], found: Sequence[Sentence]) -> list[Candidate]:
    """Return the candidates, best first, once the sentences with a release's date have spoken for theirs."""
    named = [verdict for verdict in judged if is_named(verdict)]
    strengths = _strengths(names, named, found)
    for candidate in names:
        bonus = max((strengths.get(sentence.start, 0) for sentence, _ in candidate.at), default=0)
        candidate.score += 2 * bonus * (candidate.score > 0)
    names = sorted(names, key=lambda candidate: -candidate.score)
    first = first_of_several(names, named, found) if names else None
    return sorted(names, key=lambda candidate: candidate is not first) if first else names


def _strengths(names: Sequence[Candidate], named: Sequence[DateVerdict], found: Sequence[Sentence]) -> dict[int, float]:
    """Return how plainly each sentence says a date of release, by where it begins.

    A sentence that has a date and no name (`The drama arrives on May 4`) speaks for those of the one before it.
    """
    strengths = {verdict.mention.sentence.start: verdict.strength for verdict in named}
    with_name = {sentence.start for candidate in names for sentence, _ in candidate.at}
    for earlier, sentence in pairwise(found):
        if sentence.start in strengths and sentence.start not in with_name:
            strengths.setdefault(earlier.start, strengths[sentence.start] * 0.7)
    return strengths
