"""What a verb or noun of release is said of: the work itself, its trailer, its finale, or something else."""

from __future__ import annotations

from collections.abc import Sequence

from reminder.announcements.reading import signs
from reminder.announcements.reading.cued import CuedSentence
from reminder.announcements.reading.cues import Cue, CueRole
from reminder.announcements.reading.evidence import is_of_something_else


def of_what(sentence: CuedSentence, left: Sequence[Cue], end: int) -> CueRole:
    """Return the role of what a release's verb, the last cue, is said of."""
    role = _subject_behind(sentence, left[-1]) or _subject(sentence, left[:-1], left[-1])
    return (of_another(sentence, left, (end, end)) if role is CueRole.RELEASE else None) or role


def of_another(sentence: CuedSentence, left: Sequence[Cue], date: tuple[int, int]) -> CueRole | None:
    """Return the role of what begins, opens or is set for a date, where it is named and is no work."""
    begins = sentence.clauses.begins(left[-1].start)
    verbs = [cue for cue in left if cue.role is CueRole.RELEASE and cue.start >= begins]
    date = next((each for each in sentence.dates if each[1] == date[1]), date)
    is_verb = left[-1].verb and not (left[-1].start and sentence.text[left[-1].start].isupper())
    return CueRole.EXTRA if is_verb and is_of_something_else(verbs, sentence.text, begins, date) else None


def _subject_behind(sentence: CuedSentence, release: Cue) -> CueRole | None:
    """Return the role of what stands right behind its verb: `Am 25. Juni starten die Dreharbeiten`."""
    behind = next((cue for cue in sentence.cues if cue.start >= release.end), None)
    if not (release.verb and behind and behind.role in signs.SUBJECTS):
        return None
    return behind.role if signs.ARTICLE.fullmatch(sentence.text[release.end : behind.start]) else None


def _subject(sentence: CuedSentence, before: Sequence[Cue], release: Cue) -> CueRole:
    """Return the role of what comes out: the release itself, unless it is the trailer, the finale, the tickets."""
    for cue in reversed(before):
        if cue.role in {CueRole.PAST, CueRole.END} and not sentence.text[cue.end : release.start].strip():
            return cue.role
        if cue.role in signs.SUBJECTS and _is_subject(sentence, cue, release, before):
            return cue.role
    return _first_subject(sentence, next((cue for cue in before if _is_verb_of_release(cue)), release))


def _is_verb_of_release(cue: Cue) -> bool:
    return cue.role is CueRole.RELEASE and cue.verb


def _is_subject(sentence: CuedSentence, cue: Cue, release: Cue, before: Sequence[Cue]) -> bool:
    """Tell whether a word in front of one of release is what comes out, close enough to it and no part of a phrase."""
    text, between = sentence.text, sentence.text[cue.end : release.start]
    if not (release.verb or signs.WEAK.fullmatch(text, release.start, release.end)) and between.strip():
        return False
    if cue.role is CueRole.TRAILER and signs.OF_WORK.fullmatch(between):
        return False
    if text[release.start : release.end].lower().endswith("ing"):
        if cue.role is CueRole.HISTORY and any(map(_is_verb_of_release, before)):
            return False  # `it streams the anime of the manga beginning October 4`
        is_close = len(between.split()) <= 2
    else:
        is_close = not signs.OTHER_VERB.search(between)
    return is_close and not signs.NOT_SUBJECT.search(text[: cue.start])


def _first_subject(sentence: CuedSentence, release: Cue) -> CueRole:
    """Return the role of a sentence's first words, where an insertion parts them from their verb.

    `The soundtrack, composed by Ana Rhys, will be released`.
    """
    text = sentence.text
    if not signs.AFTER_INSERTION.search(text[: release.start]) or signs.OCCASION.match(text):
        return CueRole.RELEASE
    first = (cue for cue in sentence.cues if cue.role in signs.SUBJECTS and cue.start <= signs.FIRST_WORDS)
    subjects = (
        cue.role
        for cue in first
        if not signs.OF_WORK.fullmatch(text, cue.end, release.start) and not signs.NOT_SUBJECT.search(text[: cue.start])
    )
    return next(subjects, CueRole.RELEASE)
