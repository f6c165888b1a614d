"""Judges, within one sentence, what a date belongs to: its verbs, nouns and prepositions, clause by clause."""

from __future__ import annotations

from collections.abc import Sequence

from reminder.announcements.reading import signs
from reminder.announcements.reading.cued import CuedSentence
from reminder.announcements.reading.cues import CueRole
from reminder.announcements.reading.governing import by_cue
from reminder.announcements.reading.prepositions import by_preposition


class Judge:
    """One sentence with the places of its dates, as `start` and `end`."""

    def __init__(self, text: str, dates: Sequence[tuple[int, int]]) -> None:
        self._text = text
        self._sentence = CuedSentence(text, dates)
        self.is_said = self._sentence.has(CueRole.SAID)
        self.has_release = self._sentence.has(CueRole.RELEASE)

    def role(self, start: int, end: int, *, said: bool = True) -> tuple[CueRole, float]:
        """Return what the date at `start` to `end` is of; without `said`, verbs of saying are passed over."""
        if (said_by := by_preposition(self._sentence, start, end)) is not None:
            return said_by
        role, strength = by_cue(self._sentence, start, end, said=said)
        if role in {CueRole.RELEASE, CueRole.UNSAID} and self._is_supposed(start):
            return CueRole.SUPPOSED, 1.0
        if signs.HEDGE.search(self._text[max(0, start - signs.HEDGED) : end + signs.NEAR]):
            strength *= 0.6
        if role is CueRole.RELEASE and self._sentence.is_delayed:
            return (CueRole.RELEASE, max(strength, signs.MOVED)) if signs.NOW.search(self._text) else (CueRole.OLD, 0.8)
        return role, strength

    def _is_supposed(self, start: int) -> bool:
        """Tell whether a date stands in a question, or behind an `if`."""
        return bool(self._text.endswith("?") and signs.ASKS.match(self._text)) or bool(
            signs.IF.search(self._text[:start])
        )
