"""A sentence with its dates, its clauses, and those of its cues that say something of its dates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from reminder.announcements.reading import signs
from reminder.announcements.reading.clauses import Clauses
from reminder.announcements.reading.clues import quoted_names
from reminder.announcements.reading.cues import Cue, CueRole, cues
from reminder.announcements.reading.platforms import CINEMAS, platforms


class CuedSentence:
    """The text of a sentence, with the places of its dates, its clauses, and its cues as they are meant there."""

    def __init__(self, text: str, dates: Sequence[tuple[int, int]]) -> None:
        self.text = text
        self.dates = dates
        self.clauses = Clauses(text, dates)
        self.cues = [cue for cue in _meant(text, dates) if not _says_nothing(cue, text, dates)]
        self.is_delayed = bool(signs.DELAY.search(text)) and not signs.OVERCOME.search(text)

    def has(self, role: CueRole) -> bool:
        """Tell whether there is a cue of a role."""
        return any(cue.role is role for cue in self.cues)

    def of_clause(self, found: Sequence[Cue], clause: int) -> list[Cue]:
        """Return those of some cues that begin in a clause."""
        return [cue for cue in found if self.clauses.at(cue.start) == clause]


def _meant(text: str, dates: Sequence[tuple[int, int]]) -> Iterator[Cue]:
    """Yield the cues outside of names and dates, each with the role that it has there."""
    names = quoted_names(text)
    for cue in _in_front(cues(text), dates):
        in_name = any(start <= cue.start and cue.end <= end for start, end in names)
        if not in_name and not any(start <= cue.start < end for start, end in dates):
            yield _as_noun(_of_service(_as_passive(cue, text), text), text)


def _says_nothing(cue: Cue, text: str, dates: Sequence[tuple[int, int]]) -> bool:
    return _is_way(cue, text) or _is_beside(cue, text) or _is_sequel(cue, text, dates)


def _as_passive(cue: Cue, text: str) -> Cue:
    """Return a participle that looks past as what it says behind `will be`: a release that is to come."""
    future = cue.role is CueRole.PAST and signs.TO_BE.search(text[: cue.start])
    return replace(cue, role=CueRole.RELEASE) if future else cue


def _in_front(found: Sequence[Cue], dates: Sequence[tuple[int, int]]) -> Iterator[Cue]:
    """Yield the cues, each up to the date that it goes over into: `planned for July` where `for July` is the date."""
    for cue in found:
        ends = [start for start, _ in dates if cue.start < start < cue.end]
        yield replace(cue, end=min(ends)) if ends else cue


def _as_noun(cue: Cue, text: str) -> Cue:
    """Return a word that is verb or noun as a noun behind an article or an owner: `the film's release`."""
    is_noun = cue.role is CueRole.RELEASE and cue.verb and signs.NOUN_AFTER.search(text, 0, cue.start)
    return replace(cue, verb=False) if is_noun and signs.MAY_BE_NOUN.fullmatch(text[cue.start : cue.end]) else cue


def _is_way(cue: Cue, text: str) -> bool:
    """Tell whether a word says where something is seen, and ends nothing: `available through Max on July 9`."""
    if cue.role is not CueRole.END or signs.LEAVES.fullmatch(text, cue.start, cue.end):
        return False
    return bool(signs.END_OF.match(text, cue.end) or signs.END_OF.match(text, cue.start - 1)) or any(
        0 < service.start - cue.end <= signs.ADJACENT for service in platforms(text)
    )


def _is_beside(cue: Cue, text: str) -> bool:
    """Tell whether something comes out beside the work: `launches alongside the console on July 9`."""
    return cue.role in signs.SUBJECTS and bool(signs.BESIDES.search(text, 0, cue.start))


def _is_sequel(cue: Cue, text: str, dates: Sequence[tuple[int, int]]) -> bool:
    """Tell whether `before` is said of what comes next, and of no date: `in cinemas before streaming on July 9`."""
    if cue.role is not CueRole.END or text[cue.start : cue.end].lower() != "before":
        return False
    return not any(0 <= start - cue.end <= signs.CLOSE for start, _ in dates)


def _of_service(cue: Cue, text: str) -> Cue:
    """Return the launch of a service itself as no release: `the launch of HBO Max`, `Disney+ launches in May`."""
    is_launch = cue.role is CueRole.RELEASE and signs.LAUNCH.fullmatch(text, cue.start, cue.end)
    for service in platforms(text) if is_launch else ():
        of_it = signs.OF.fullmatch(text, cue.end, service.start)
        does = signs.TO_BE_SOON.fullmatch(text, service.end, cue.start) and signs.ON.match(text, cue.end)
        if service.name != CINEMAS and (of_it or (cue.verb and does)):
            return replace(cue, role=CueRole.EXTRA)
    return cue
