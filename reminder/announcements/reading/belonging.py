"""Tells whether a date is of the title, or of another work that its sentence, or the one before, names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reminder.announcements.reading.candidates import Candidate, Spotted
from reminder.announcements.reading.clues import ELSEWHERE_AFTER, NAME, is_elsewhere
from reminder.announcements.reading.merging import PLAIN
from reminder.announcements.reading.naming import may_be
from reminder.announcements.reading.patterns import Pattern, uncased
from reminder.announcements.reading.platforms import is_platform, platforms
from reminder.announcements.reading.roles import DateVerdict
from reminder.announcements.reading.sentences import Sentence
from reminder.announcements.reading.subjects import PRONOUN
from reminder.announcements.vocabulary import either

# What someone does besides: the date is of that.
_OTHER_WORK: Final = uncased(rf"\b(?:{either('other-work')})\b")
# `Starting June 1, subscribers can enjoy the new content`: of a service's month, not of one title.
_CONTENT: Final = uncased(
    rf"\b(?:(?:the|of|that|this|some|new|more|all)\s+(?:\w+\s+)?(?:{either('content')})|subscribers\s+(?:can|will))\b"
)
# `The weekend's newcomers include Dead Air, which opens on July 9`: of one of others.
_LISTED: Final = uncased(
    r"\b(?:newcomers|slate|line-?up|schedule|roster|offerings|contenders)\s+(?:(?:that|"
    r"which)\s+)?(?:also\s+)?includ(?:es?|ing)\b|\b(?:joins|join|alongside)\s[^.;]{0,60}\bincluding\b"
)
_INSERTED: Final = Pattern(r"[”\"’»*_]?,")
# A name that does something itself, behind which stands a verb: `..., and “Dead Air” follows on July 16`.
_DOES: Final = Pattern(rf"[”\"’»*_]?\s+(?:{either('does')})\b")
# `..., whose final season begins on July 9`: that of the name in front of it.
_WHOSE: Final = Pattern(r"[”\"’»*_]?,\s+whose\b")
_PLAYS: Final = Pattern(r"\s+as\s+(?:[\w-]+\s+){0,3}[A-ZÀ-Ž]")
_OTHERS: Final = 2
_MARKS: Final = "\\-–—•*·'\"‘’“”„«» "
_MUCH: Final = 1.5
_SOME: Final = 1.0


@dataclass(frozen=True, kw_only=True)
class NamesOfText:
    """The title of a text, if there is one, the other names that may be one, and the sentences that they stand in."""

    title: Candidate | None
    names: Sequence[Candidate]
    sentences: Sequence[Sentence]

    def has_title(self, sentence: Sentence) -> bool:
        """Tell whether a sentence has the title in it."""
        if self.title is None:
            return False
        name = rf"(?<!\w){re.escape(self.title.name)}(?!\w)"
        return re.search(name, sentence.text, re.IGNORECASE) is not None


def belongs_elsewhere(verdict: DateVerdict, text: NamesOfText) -> float:
    """Return how much speaks for a date being that of another title: 0 where nothing does."""
    sentence = verdict.mention.sentence
    at = verdict.mention.start - sentence.start
    title, with_title = text.title, text.has_title(sentence)
    if _CONTENT.search(sentence.text) and not with_title:
        return _MUCH
    if title is None:
        return 0.0
    if _is_besides(sentence.text, at, title, with_title=with_title):
        return _MUCH
    if re.match(rf"[{_MARKS}]*{re.escape(title.name)}[{_MARKS}]*:", sentence.text, re.IGNORECASE):
        return 0.0  # `'Salt Road': the drama that follows 'Dead Air' arrives on Monday`
    near = _nearest(sentence, at, title, text.names)
    if near is title:
        return 0.0
    if near and not (PRONOUN.match(sentence.text) and not _names_before(near, sentence, at)):
        return _MUCH
    return _SOME if _is_of_last_named(sentence, title, text) else 0.0


def _is_of_last_named(sentence: Sentence, title: Candidate, text: NamesOfText) -> bool:
    """Tell whether a sentence speaks of what the one before it named last, and that is not the title."""
    before = next((other for other in reversed(text.sentences) if other.end <= sentence.start), None)
    if before is None or before.paragraph != sentence.paragraph or not PRONOUN.match(sentence.text):
        return False
    subject = _nearest(before, len(before.text), title, text.names)
    return subject is not None and subject is not title


def is_of_others(verdict: DateVerdict, *, with_title: bool) -> bool:
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


def _is_besides(text: str, at: int, title: Candidate, *, with_title: bool) -> bool:
    """Tell whether a date is of what someone does besides, or of a name in brackets or a list that is not the title."""
    if not with_title and _in_brackets(text, at):
        return True
    if _OTHER_WORK.search(text[:at]):
        return True
    listed = _LISTED.search(text[:at])
    return listed is not None and title.name.casefold() not in text[listed.end() : at].casefold()


def _in_brackets(text: str, at: int) -> bool:
    """Tell whether a date stands in brackets inside a sentence: it is of the name in front of them."""
    return text.rfind("(", 1, at) > text.rfind(")", 0, at)


def _names_before(candidate: Candidate, sentence: Sentence, at: int) -> bool:
    return any(where.start == sentence.start and spot.end <= at for where, spot in candidate.at)


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
    is_marked = (candidate.quoted or spot.weight >= PLAIN) and spot.weight >= 1 and not is_platform(candidate.name)
    return is_marked and not (_is_part(candidate, title, sentence, spot) or _is_brought_up(sentence, spot))


def _is_part(candidate: Candidate, title: Candidate, sentence: Sentence, spot: Spotted) -> bool:
    """Tell whether a name and the title are one name there, in full and cut short."""
    mine, other = title.name.casefold(), candidate.name.casefold()
    if not (_inside(other, mine) or _inside(mine, other)) or _WHOSE.match(sentence.text, spot.end):
        return False
    return not (spot.quoted and _stands_apart(title, sentence, spot))


def _is_brought_up(sentence: Sentence, spot: Spotted) -> bool:
    text = sentence.text
    is_compared = is_elsewhere(text, spot.start) and not _DOES.match(text, spot.end)
    return (
        is_compared or bool(ELSEWHERE_AFTER.match(text, spot.end - spot.quoted)) or _in_brackets(text, spot.start + 1)
    )


def _stands_apart(title: Candidate, sentence: Sentence, spot: Spotted) -> bool:
    """Tell whether a sentence that has a name like the title also has the title itself, elsewhere in it."""
    return any(
        where.start == sentence.start and (own.end <= spot.start or spot.end <= own.start) for where, own in title.at
    )


def _inside(part: str, whole: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(part)}(?!\w)", whole) is not None
