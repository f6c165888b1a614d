"""The role of a date that a preposition settles: `moved to`, `not until`, `before`, `from`."""

from __future__ import annotations

from reminder.announcements.reading import signs
from reminder.announcements.reading.cued import CuedSentence
from reminder.announcements.reading.cues import Cue, CueRole
from reminder.announcements.reading.said_of import of_another


def by_preposition(sentence: CuedSentence, start: int, end: int) -> tuple[CueRole, float] | None:
    """Return the role of a date that a preposition settles: `moved to`, `not until`, `before`, `from`."""
    before = sentence.text[:start] + signs.leading(sentence.text[start:end])
    if signs.BY.search(before) and signs.NOUN.match(sentence.text, end):
        return CueRole.RELEASE, 1.0
    if (sentence.is_delayed or signs.MOVE.search(sentence.text[:start])) and signs.TO.search(before):
        return _moved(sentence, start, end)
    return _by_waiting(sentence, start, end, before) or _by_ending(sentence, start, end, before)


def _by_waiting(sentence: CuedSentence, start: int, end: int, before: str) -> tuple[CueRole, float] | None:
    """Return the role of a date that is waited for or set: `not until`, `after its release on`, `confirmed for`."""
    if any(sign.search(before) for sign in (signs.NOT_UNTIL, signs.WAIT, signs.NOT_BEFORE)):
        return _waited_for(sentence, start, end), 1.0
    if signs.UP_TO.search(before) and signs.WAITED.match(sentence.text, end):
        return _waited_for(sentence, start, end), 1.0
    if signs.AFTER_RELEASE.search(before):
        return CueRole.PAST, 1.0
    if signs.SET_FOR.search(before) and not signs.IF.search(before):
        return _set_for(sentence, start, end), 1.0
    return None


def _set_for(sentence: CuedSentence, start: int, end: int) -> CueRole:
    """Return the role of a date that something was set for: a call and a trial are, as films are."""
    before = [cue for cue in sentence.cues if cue.end <= start]
    here = sentence.clauses.at(start)
    if any(cue.role is CueRole.OLD and not _has_had_its_date(sentence, cue, start, here) for cue in before):
        return CueRole.OLD
    verbs = [cue for cue in before if cue.role is CueRole.RELEASE and sentence.clauses.at(cue.start) == here]
    return (of_another(sentence, verbs, (start, end)) if verbs else None) or CueRole.RELEASE


def _has_had_its_date(sentence: CuedSentence, cue: Cue, start: int, here: int) -> bool:
    """Tell whether a word was said of a date in an earlier clause: `originally due May 1, is set for July 9`."""
    return sentence.clauses.at(cue.start) < here and any(
        cue.end <= date[0] and date[1] <= start for date in sentence.dates
    )


def _by_ending(sentence: CuedSentence, start: int, end: int, before: str) -> tuple[CueRole, float] | None:
    """Return the role of a date that ends something, or is no longer: `through`, `before`, `moved from`."""
    if signs.NOT_ON.search(before) or (signs.CALLED_OFF.search(before) and signs.NOUN.match(sentence.text, end)):
        return CueRole.OLD, 1.0
    if signs.UP_TO.search(before):
        return CueRole.END, 1.0
    if signs.BY.search(before) and not signs.BY_THEN.search(before):
        return CueRole.END, 0.6
    if signs.FROM.search(before) and signs.MOVE.search(sentence.text):
        return CueRole.OLD, 1.0
    if signs.OF_A_YEAR.fullmatch(sentence.text[start:end]):
        return CueRole.UNSAID, 0.3
    return None


def _waited_for(sentence: CuedSentence, start: int, end: int) -> CueRole:
    """Return the role of what is waited for until a date: what was named before it, or right behind it."""
    others = [
        cue.role
        for cue in sentence.cues
        if (cue.role is CueRole.FILMING and cue.end <= start)
        or (cue.role in signs.SUBJECTS and 0 <= cue.start - end <= signs.NEAR)
    ]
    return others[0] if others else CueRole.RELEASE


def _moved(sentence: CuedSentence, start: int, end: int) -> tuple[CueRole, float]:
    """Return the role of a date that something was moved to."""
    if other := _moved_besides(sentence, start):
        return other, 1.0
    may_be = signs.HEDGE.search(sentence.text[end : end + signs.NEAR])
    return (CueRole.SUPPOSED, 1.0) if may_be else (CueRole.RELEASE, signs.MOVED)


def _moved_besides(sentence: CuedSentence, start: int) -> CueRole | None:
    """Return the role of what was moved where that is no release: filming, a re-release; or a move since undone."""
    moves = [found.start() for found in signs.MOVE.finditer(sentence.text[:start])]
    since = max(0, moves[-1] - signs.BESIDE) if moves else start
    if signs.HAD_MEANT.search(sentence.text[since:start]):
        return CueRole.OLD
    beside = [cue.role for cue in sentence.cues if since <= cue.start < start and cue.role in signs.MOVED_BESIDES]
    return beside[-1] if beside else None
