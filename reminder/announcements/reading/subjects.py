"""Connects each date of a text to a title: the one its sentence names, or the one that was spoken of last."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from reminder.announcements.reading.candidates import Candidate
from reminder.announcements.reading.clues import is_elsewhere
from reminder.announcements.reading.patterns import uncased
from reminder.announcements.reading.roles import DateVerdict
from reminder.announcements.reading.sentences import Sentence
from reminder.announcements.vocabulary import either

# A sentence that speaks of what the one before it named. Where the verb says who, no word does.
PRONOUN: Final = uncased(rf"(?:{either('pronoun')})\b")
_BACK: Final = 4
_AHEAD: Final = 60
_OUTWEIGHS: Final = 2.1
_OUTWEIGHS_SEVERAL: Final = 4.5
_OUTWEIGHS_HEADED: Final = 6
_LEAST: Final = 1.0


def subject(verdict: DateVerdict, names: Sequence[Candidate], found: Sequence[Sentence]) -> Candidate | None:
    """Given a date, the names of the text and its sentences, return the name that the date is about, if one is near."""
    sentence = verdict.mention.sentence
    at = verdict.mention.start - sentence.start
    here = _named_in(sentence, names)
    if before := [name for place, name in here if place <= at]:
        return before[-1]
    behind = [name for place, name in here if at < place <= at + _AHEAD]
    if behind and not PRONOUN.match(sentence.text):
        return behind[0]
    return _last_named(names, [other for other in found if other.end <= sentence.start][-_BACK:])


def _last_named(names: Sequence[Candidate], earlier: Sequence[Sentence]) -> Candidate | None:
    """Return the name that some sentences spoke of last."""
    return next((places[-1][1] for other in reversed(earlier) if (places := _named_in(other, names))), None)


def first_of_several(
    names: Sequence[Candidate], dated: Sequence[DateVerdict], found: Sequence[Sentence]
) -> Candidate | None:
    """Given the names of a text, best first, and its dates of release, return the first title of its list of titles.

    None where it has no list: where its dates are about one title, or one title stands out.
    """
    about = {id(name): name for verdict in dated if (name := subject(verdict, names, found)) is not None}
    if len(about) < 2:
        return None
    first = min(about.values(), key=_first_place)
    most = _OUTWEIGHS_HEADED if _is_headed(first) else _OUTWEIGHS if len(about) == 2 else _OUTWEIGHS_SEVERAL
    return first if first.score >= _LEAST and names[0].score <= most * first.score else None


def _is_headed(name: Candidate) -> bool:
    """Tell whether a name stands alone on a line, as it does in a list of titles with a paragraph for each."""
    return any(sentence.heading and sentence.text == spot.name for sentence, spot in name.at)


def _first_place(name: Candidate) -> int:
    return min(sentence.start + spot.start for sentence, spot in name.at)


def _named_in(sentence: Sentence, names: Sequence[Candidate]) -> list[tuple[int, Candidate]]:
    """Return where a sentence names titles, in order."""
    places = [
        (spot.start, name)
        for name in names
        if name.score > 0
        for where, spot in name.at
        if where.start == sentence.start
        and not is_elsewhere(sentence.text, spot.start)
        and not sentence.text[: spot.start].endswith("(")
    ]
    return sorted(places, key=lambda place: place[0])
