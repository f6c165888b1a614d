"""The role of a date by the cues around it: those of its clause first, then those of its neighbours."""

from __future__ import annotations

from collections.abc import Sequence

from reminder.announcements.reading import signs
from reminder.announcements.reading.cued import CuedSentence
from reminder.announcements.reading.cues import Cue, CueRole
from reminder.announcements.reading.said_of import of_what


def by_cue(sentence: CuedSentence, start: int, end: int, *, said: bool) -> tuple[CueRole, float]:
    """Return the role of the date at `start` to `end` and how plain it is; without `said`, verbs of saying are none."""
    passed_over = None if said else CueRole.SAID
    usable = [cue for cue in sentence.cues if cue.role is not passed_over and not _is_spent(sentence, cue, start)]
    here = sentence.clauses.at(start)
    clause = sentence.of_clause(usable, here)
    left, right = _up_to(clause, start), [cue for cue in clause if cue.start >= end]
    if right and _is_noun_of(sentence, right[0], end):
        return _noun_after(left, right[0]), 1.0
    if left:
        return _begun(sentence, left, usable, here) or _governed(sentence, left, right, end), 1.0
    return (_governed(sentence, right[:1], right[1:], end), 0.9) if right else _next_door(sentence, usable, start, here)


def _up_to(found: Sequence[Cue], start: int) -> list[Cue]:
    return [cue for cue in found if cue.end <= start]


def _is_noun_of(sentence: CuedSentence, cue: Cue, end: int) -> bool:
    """Tell whether a word behind a date is the noun that the date stands before: `a July 9 premiere`."""
    if cue.role is CueRole.RELEASE and signs.NOUN.match(sentence.text, end):
        return True
    return cue.start - end <= signs.ADJACENT and not cue.verb and not _rules_behind(sentence, cue)


def _rules_behind(sentence: CuedSentence, cue: Cue) -> bool:
    """Tell whether a word is said of the date behind it: `it opens on July 9 instead of June 6`."""
    return signs.INSTEAD_OF.fullmatch(sentence.text, cue.start, cue.end) is not None


def _begun(sentence: CuedSentence, left: Sequence[Cue], usable: Sequence[Cue], here: int) -> CueRole | None:
    """Return what begins in a clause that says no more than when: `he shoots a film first, starting on July 9`."""
    first, *others = left
    if not others and signs.APPOSED.fullmatch(sentence.text, first.start, first.end):
        return CueRole.DISC if _is_of_disc(sentence, first) else None
    if not _is_beginning(sentence, others):
        return None
    if others and first.role in signs.FILLS and first.start <= signs.FIRST_WORDS:
        return first.role
    before = _named_before(sentence, first, usable, here)
    return before[-1].role if before and before[-1].role in signs.SUBJECTS else None


def _named_before(sentence: CuedSentence, first: Cue, usable: Sequence[Cue], here: int) -> Sequence[Cue]:
    """Return the cues of the clause before one that says no more than when what was named there begins."""
    if _is_beginning(sentence, [first]):
        return sentence.of_clause(usable, here - 1)
    which = signs.WHICH.search(sentence.text, 0, first.start)
    named = _up_to(usable, which.start()) if which else []
    return named if which and named and named[-1].end == which.start() else []


def _is_of_disc(sentence: CuedSentence, apposed: Cue) -> bool:
    """Tell whether what is `out` on a date, behind a comma, is a disc: nothing before says that it is released."""
    before = [
        cue.role
        for cue in sentence.cues
        if cue.end <= apposed.start and not signs.APPOSED.fullmatch(sentence.text, cue.start, cue.end)
    ]
    return CueRole.DISC in before and CueRole.RELEASE not in before and sentence.text[: apposed.start].endswith(", ")


def _is_beginning(sentence: CuedSentence, found: Sequence[Cue]) -> bool:
    return all(signs.BEGINNING.fullmatch(sentence.text, cue.start, cue.end) for cue in found)


def _is_spent(sentence: CuedSentence, cue: Cue, start: int) -> bool:
    """Tell whether a word like `instead of` has had its date, and another follows: `instead of May, in June`."""
    between = [date for date in sentence.dates if cue.end <= date[0] and date[1] <= start]
    return (
        cue.role is CueRole.OLD and bool(between) and bool(signs.INSTEAD.search(sentence.text[between[-1][1] : start]))
    )


def _noun_after(left: Sequence[Cue], noun: Cue) -> CueRole:
    """Return the role of a date that stands before its noun: `a July 9 premiere`, `the May 22 finale`."""
    is_old = noun.role is CueRole.RELEASE and any(cue.role is CueRole.OLD for cue in left)
    return CueRole.OLD if is_old else noun.role


def _next_door(sentence: CuedSentence, usable: Sequence[Cue], start: int, here: int) -> tuple[CueRole, float]:
    """Return the role from a neighbouring clause: `On July 9, it arrives`, `premieres today, July 9`."""
    after = sentence.of_clause(usable, here + 1) if here == 0 else []
    if after:
        return _governed(sentence, after[:1], after[1:], start), 0.8 if start <= signs.AT_START else 0.5
    before = _up_to(usable, start)
    if before:
        nearest = sentence.clauses.at(before[-1].start)
        group = sentence.of_clause(before, nearest)
        return _governed(sentence, group, [], start), 0.8 if nearest >= here - 2 else 0.5
    later = [cue for cue in usable if cue.start >= start]
    return (_governed(sentence, later[:1], later[1:], start), 0.5) if later else (CueRole.UNSAID, 0.3)


def _governed(sentence: CuedSentence, left: Sequence[Cue], right: Sequence[Cue], end: int) -> CueRole:
    """Return the role of a date that follows these cues of its clause, the last of them the nearest."""
    nearest = left[-1]
    for role in (CueRole.OLD, CueRole.LATER_PART):
        if any(cue.role is role for cue in left):
            return role
    if nearest.role is CueRole.SAID and right and _is_near_noun(right[0], end):
        return CueRole.RELEASE
    if signs.WEAK.fullmatch(sentence.text[nearest.start : nearest.end]) and _has_filming(right):
        return CueRole.FILMING
    if nearest.role is not CueRole.RELEASE:
        return nearest.role
    if signs.NOT.search(sentence.text[: nearest.start]):
        return CueRole.OLD
    return CueRole.FESTIVAL if _is_at_festival(sentence, right, end) else of_what(sentence, left, end)


def _is_near_noun(cue: Cue, end: int) -> bool:
    return cue.role is CueRole.RELEASE and not cue.verb and cue.start - end <= signs.NEAR


def _has_filming(found: Sequence[Cue]) -> bool:
    return any(cue.role is CueRole.FILMING for cue in found)


def _is_at_festival(sentence: CuedSentence, right: Sequence[Cue], end: int) -> bool:
    """Tell whether a festival is named behind a date, and not as what came before."""
    festivals = (cue for cue in right if cue.role is CueRole.FESTIVAL)
    return any(not signs.AFTERWARDS.search(sentence.text, end, cue.start) for cue in festivals)
