"""Judges, within one sentence, what a date belongs to: its verbs, nouns and prepositions, clause by clause."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from reminder.announcements.reading import signs
from reminder.announcements.reading.clauses import Clauses
from reminder.announcements.reading.clues import quoted_names
from reminder.announcements.reading.cues import Cue, CueRole, cues
from reminder.announcements.reading.evidence import is_of_something_else
from reminder.announcements.reading.platforms import CINEMAS, platforms


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
    if cue.role is not CueRole.RELEASE:
        return cue
    for service in () if not signs.LAUNCH.fullmatch(text, cue.start, cue.end) else platforms(text):
        of_it = signs.OF.fullmatch(text, cue.end, service.start)
        does = signs.TO_BE_SOON.fullmatch(text, service.end, cue.start) and signs.ON.match(text, cue.end)
        if service.name != CINEMAS and (of_it or (cue.verb and does)):
            return replace(cue, role=CueRole.EXTRA)
    return cue


class Judge:
    """One sentence with its cues and clauses, and the places of its dates."""

    def __init__(self, text: str, dates: Sequence[tuple[int, int]]) -> None:
        self._text = text
        self._clauses = Clauses(text, dates)
        self._dates = dates
        names = quoted_names(text)
        self._cues = [
            _as_passive(cue, text)
            for cue in _in_front(cues(text), dates)
            if not any(start <= cue.start and cue.end <= end for start, end in names)
            and not any(start <= cue.start < end for start, end in dates)
        ]
        self._cues = [_as_noun(_of_service(cue, text), text) for cue in self._cues]
        self._cues = [
            cue
            for cue in self._cues
            if not _is_way(cue, text) and not _is_beside(cue, text) and not _is_sequel(cue, text, dates)
        ]
        self._delayed = bool(signs.DELAY.search(text)) and not signs.OVERCOME.search(text)
        self.is_said = any(cue.role is CueRole.SAID for cue in self._cues)
        self.has_release = any(cue.role is CueRole.RELEASE for cue in self._cues)

    def role(self, start: int, end: int, *, said: bool = True) -> tuple[CueRole, float]:
        """Return what the date at `start` to `end` is of; without `said`, verbs of saying are passed over."""
        if (said_by := self._by_preposition(start, end)) is not None:
            return said_by
        role, strength = self._by_cue(start, end, said=said)
        if role in {CueRole.RELEASE, CueRole.UNSAID} and self._is_supposed(start):
            return CueRole.SUPPOSED, 1.0
        if signs.HEDGE.search(self._text[max(0, start - signs.HEDGED) : end + signs.NEAR]):
            strength *= 0.6
        if role is CueRole.RELEASE and self._delayed:
            return (CueRole.RELEASE, max(strength, signs.MOVED)) if signs.NOW.search(self._text) else (CueRole.OLD, 0.8)
        return role, strength

    def _by_preposition(self, start: int, end: int) -> tuple[CueRole, float] | None:
        """Return the role of a date that a preposition settles: `moved to`, `not until`, `before`, `from`."""
        before = self._text[:start] + signs.leading(self._text[start:end])
        if signs.BY.search(before) and signs.NOUN.match(self._text, end):
            return CueRole.RELEASE, 1.0
        if (self._delayed or signs.MOVE.search(self._text[:start])) and signs.TO.search(before):
            return self._moved(start, end)
        return self._by_waiting(start, end, before) or self._by_ending(start, end, before)

    def _by_waiting(self, start: int, end: int, before: str) -> tuple[CueRole, float] | None:
        """Return the role of a date that is waited for or set: `not until`, `after its release on`, `confirmed for`."""
        if any(sign.search(before) for sign in (signs.NOT_UNTIL, signs.WAIT, signs.NOT_BEFORE)):
            return self._waited_for(start, end), 1.0
        if signs.UP_TO.search(before) and signs.WAITED.match(self._text, end):
            return self._waited_for(start, end), 1.0
        if signs.AFTER_RELEASE.search(before):
            return CueRole.PAST, 1.0
        if signs.SET_FOR.search(before) and not signs.IF.search(before):
            return self._set_for(start, end), 1.0
        return None

    def _set_for(self, start: int, end: int) -> CueRole:
        """Return the role of a date that something was set for: a call and a trial are, as films are."""
        before = [cue for cue in self._cues if cue.end <= start]
        here = self._clauses.at(start)
        if any(cue.role is CueRole.OLD and not self._has_had_its_date(cue, start, here) for cue in before):
            return CueRole.OLD
        verbs = [cue for cue in before if cue.role is CueRole.RELEASE and self._clauses.at(cue.start) == here]
        return (self._of_another(verbs, (start, end)) if verbs else None) or CueRole.RELEASE

    def _has_had_its_date(self, cue: Cue, start: int, here: int) -> bool:
        """Tell whether a word was said of a date in an earlier clause: `originally due May 1, is set for July 9`."""
        return self._clauses.at(cue.start) < here and any(
            cue.end <= date[0] and date[1] <= start for date in self._dates
        )

    def _by_ending(self, start: int, end: int, before: str) -> tuple[CueRole, float] | None:
        """Return the role of a date that ends something, or is no longer: `through`, `before`, `moved from`."""
        if signs.NOT_ON.search(before) or (signs.CALLED_OFF.search(before) and signs.NOUN.match(self._text, end)):
            return CueRole.OLD, 1.0
        if signs.UP_TO.search(before):
            return CueRole.END, 1.0
        if signs.BY.search(before) and not signs.BY_THEN.search(before):
            return CueRole.END, 0.6
        if signs.FROM.search(before) and signs.MOVE.search(self._text):
            return CueRole.OLD, 1.0
        if signs.OF_A_YEAR.fullmatch(self._text[start:end]):
            return CueRole.UNSAID, 0.3
        return None

    def _waited_for(self, start: int, end: int) -> CueRole:
        """Return the role of what is waited for until a date: what was named before it, or right behind it."""
        others = [
            cue.role
            for cue in self._cues
            if (cue.role is CueRole.FILMING and cue.end <= start)
            or (cue.role in signs.SUBJECTS and 0 <= cue.start - end <= signs.NEAR)
        ]
        return others[0] if others else CueRole.RELEASE

    def _moved(self, start: int, end: int) -> tuple[CueRole, float]:
        """Return the role of a date that something was moved to."""
        if other := self._moved_besides(start):
            return other, 1.0
        may_be = signs.HEDGE.search(self._text[end : end + signs.NEAR])
        return (CueRole.SUPPOSED, 1.0) if may_be else (CueRole.RELEASE, signs.MOVED)

    def _moved_besides(self, start: int) -> CueRole | None:
        """Return the role of what was moved where that is no release: filming, a re-release; or a move since undone."""
        moves = [found.start() for found in signs.MOVE.finditer(self._text[:start])]
        since = max(0, moves[-1] - signs.BESIDE) if moves else start
        if signs.HAD_MEANT.search(self._text[since:start]):
            return CueRole.OLD
        beside = [cue.role for cue in self._cues if since <= cue.start < start and cue.role in signs.MOVED_BESIDES]
        return beside[-1] if beside else None

    def _is_supposed(self, start: int) -> bool:
        """Tell whether a date stands in a question, or behind an `if`."""
        return bool(self._text.endswith("?") and signs.ASKS.match(self._text)) or bool(
            signs.IF.search(self._text[:start])
        )

    def _by_cue(self, start: int, end: int, *, said: bool) -> tuple[CueRole, float]:
        usable = [
            cue for cue in self._cues if (said or cue.role is not CueRole.SAID) and not self._is_spent(cue, start)
        ]
        here = self._clauses.at(start)
        left = [cue for cue in usable if cue.end <= start and self._clauses.at(cue.start) == here]
        right = [cue for cue in usable if cue.start >= end and self._clauses.at(cue.start) == here]
        if right and right[0].role is CueRole.RELEASE and signs.NOUN.match(self._text, end):
            return self._noun_after(left, right[0]), 1.0
        if right and right[0].start - end <= signs.ADJACENT and not right[0].verb and not self._rules_behind(right[0]):
            return self._noun_after(left, right[0]), 1.0
        if left:
            return self._begun(left, usable, here) or self._governed(left, right, end), 1.0
        if right:
            return self._governed([right[0]], right[1:], end), 0.9
        return self._from_next_door(usable, start, here)

    def _rules_behind(self, cue: Cue) -> bool:
        """Tell whether a word is said of the date behind it: `it opens on July 9 instead of June 6`."""
        return signs.INSTEAD_OF.fullmatch(self._text, cue.start, cue.end) is not None

    def _begun(self, left: list[Cue], usable: list[Cue], here: int) -> CueRole | None:
        """Return what begins in a clause that says no more than when: `he shoots a film first, starting on July 9`."""
        first, *others = left
        if others and first.role in signs.FILLS and first.start <= signs.FIRST_WORDS and self._is_beginning(others):
            return first.role
        if len(left) == 1 and signs.APPOSED.fullmatch(self._text, left[0].start, left[0].end):
            return CueRole.DISC if self._is_of_disc(left[0]) else None
        if not self._is_beginning(left):
            return None
        before = [cue.role for cue in usable if self._clauses.at(cue.start) == here - 1]
        return before[-1] if before and before[-1] in signs.SUBJECTS else None

    def _is_of_disc(self, apposed: Cue) -> bool:
        """Tell whether what is `out` on a date, behind a comma, is a disc: nothing before says that it is released."""
        before = [
            cue.role
            for cue in self._cues
            if cue.end <= apposed.start and not signs.APPOSED.fullmatch(self._text, cue.start, cue.end)
        ]
        return CueRole.DISC in before and CueRole.RELEASE not in before and self._text[: apposed.start].endswith(", ")

    def _is_beginning(self, found: list[Cue]) -> bool:
        return all(signs.BEGINNING.fullmatch(self._text, cue.start, cue.end) for cue in found)

    def _is_spent(self, cue: Cue, start: int) -> bool:
        """Tell whether a word like `instead of` has had its date, and another follows: `instead of May, in June`."""
        between = [date for date in self._dates if cue.end <= date[0] and date[1] <= start]
        return (
            cue.role is CueRole.OLD and bool(between) and bool(signs.INSTEAD.search(self._text[between[-1][1] : start]))
        )

    def _noun_after(self, left: list[Cue], noun: Cue) -> CueRole:
        """Return the role of a date that stands before its noun: `a July 9 premiere`, `the May 22 finale`."""
        is_old = noun.role is CueRole.RELEASE and any(cue.role is CueRole.OLD for cue in left)
        return CueRole.OLD if is_old else noun.role

    def _from_next_door(self, usable: list[Cue], start: int, here: int) -> tuple[CueRole, float]:
        """Return the role from a neighbouring clause: `On July 9, it arrives`, `premieres today, July 9`."""
        after = [cue for cue in usable if self._clauses.at(cue.start) == here + 1]
        before = [cue for cue in usable if cue.end <= start]
        if here == 0 and after:
            return self._governed(after[:1], after[1:], start), 0.8 if start <= signs.AT_START else 0.5
        if before:
            nearest = self._clauses.at(before[-1].start)
            group = [cue for cue in before if self._clauses.at(cue.start) == nearest]
            return self._governed(group, [], start), 0.8 if nearest >= here - 2 else 0.5
        later = [cue for cue in usable if cue.start >= start]
        return (self._governed(later[:1], later[1:], start), 0.5) if later else (CueRole.UNSAID, 0.3)

    def _governed(self, left: list[Cue], right: list[Cue], end: int) -> CueRole:
        """Return the role of a date that follows these cues of its clause, the last of them the nearest."""
        nearest = left[-1]
        if any(cue.role is CueRole.OLD for cue in left):
            return CueRole.OLD
        if any(cue.role is CueRole.LATER_PART for cue in left):
            return CueRole.LATER_PART
        if (
            nearest.role is CueRole.SAID
            and right
            and right[0].role is CueRole.RELEASE
            and not right[0].verb
            and right[0].start - end <= signs.NEAR
        ):
            return CueRole.RELEASE
        weak = signs.WEAK.fullmatch(self._text[nearest.start : nearest.end])
        if weak and any(cue.role is CueRole.FILMING for cue in right):
            return CueRole.FILMING
        if nearest.role is not CueRole.RELEASE:
            return nearest.role
        if signs.NOT.search(self._text[: nearest.start]):
            return CueRole.OLD
        if any(
            cue.role is CueRole.FESTIVAL and not signs.AFTERWARDS.search(self._text, end, cue.start) for cue in right
        ):
            return CueRole.FESTIVAL
        return self._of_what(left, end)

    def _of_what(self, left: list[Cue], end: int) -> CueRole:
        """Return the role of what a release's verb, the last cue, is said of."""
        role = self._subject_behind(left[-1]) or self._subject(left[:-1], left[-1])
        return (self._of_another(left, (end, end)) if role is CueRole.RELEASE else None) or role

    def _of_another(self, left: list[Cue], date: tuple[int, int]) -> CueRole | None:
        """Return the role of what begins, opens or is set for a date, where it is named and is no work."""
        begins = self._clauses.begins(left[-1].start)
        verbs = [cue for cue in left if cue.role is CueRole.RELEASE and cue.start >= begins]
        date = next((each for each in self._dates if each[1] == date[1]), date)
        is_verb = left[-1].verb and not (left[-1].start and self._text[left[-1].start].isupper())
        return CueRole.EXTRA if is_verb and is_of_something_else(verbs, self._text, begins, date) else None

    def _subject_behind(self, release: Cue) -> CueRole | None:
        """Return the role of what stands right behind its verb: `Am 25. Juni starten die Dreharbeiten`."""
        behind = next((cue for cue in self._cues if cue.start >= release.end), None)
        if not (release.verb and behind and behind.role in signs.SUBJECTS):
            return None
        return behind.role if signs.ARTICLE.fullmatch(self._text[release.end : behind.start]) else None

    def _subject(self, before: list[Cue], release: Cue) -> CueRole:
        """Return the role of what comes out: the release itself, unless it is the trailer, the finale, the tickets."""
        participle = self._text[release.start : release.end].lower().endswith("ing")
        weak = signs.WEAK.fullmatch(self._text, release.start, release.end)
        for cue in reversed(before):
            between = self._text[cue.end : release.start]
            if cue.role in {CueRole.PAST, CueRole.END} and not between.strip():
                return cue.role
            if cue.role not in signs.SUBJECTS:
                continue
            if not release.verb and between.strip() and not weak:
                continue
            if (
                participle
                and cue.role is CueRole.HISTORY
                and any(each.role is CueRole.RELEASE and each.verb for each in before)
            ):
                continue  # `it streams the anime of the manga beginning October 4`
            if cue.role is CueRole.TRAILER and signs.OF_WORK.fullmatch(between):
                continue
            close = len(between.split()) <= 2 if participle else not signs.OTHER_VERB.search(between)
            if close and not signs.NOT_SUBJECT.search(self._text[: cue.start]):
                return cue.role
        return self._first_subject(next((cue for cue in before if cue.role is CueRole.RELEASE and cue.verb), release))

    def _first_subject(self, release: Cue) -> CueRole:
        """Return the role of a sentence's first words, where an insertion parts them from their verb.

        `The soundtrack, composed by Ana Rhys, will be released`.
        """
        if signs.AFTER_INSERTION.search(self._text[: release.start]) and not signs.OCCASION.match(self._text):
            for cue in self._cues:
                if (
                    cue.role in signs.SUBJECTS
                    and cue.start <= signs.FIRST_WORDS
                    and not signs.OF_WORK.fullmatch(self._text, cue.end, release.start)
                    and not signs.NOT_SUBJECT.search(self._text[: cue.start])
                ):
                    return cue.role
        return CueRole.RELEASE
