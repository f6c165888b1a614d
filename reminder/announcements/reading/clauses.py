"""Splits a sentence into clauses, as far as that matters for what a date belongs to."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from reminder.announcements.reading.patterns import uncased
from reminder.announcements.vocabulary import either

_BREAK: Final = uncased(
    rf"[;()•|]|\s[–—-]+\s|—|,(?=\s)|(?<=\w):(?=\s)|\s:(?=\s)|\b(?:{either('conjunctions')})\b|\b(?:and|und|et|y|e|i|"
    rf"oraz)\s+(?=(?:{either('clause-verbs')})\b)"
)
_LABEL_WORDS: Final = 5


class Clauses:
    """The clauses of one sentence, numbered from 0. A break inside a date (`July 9, 2025`) is none."""

    def __init__(self, text: str, dates: Sequence[tuple[int, int]]) -> None:
        self._cuts = [
            found.start()
            for found in _BREAK.finditer(text)
            if not any(start <= found.start() < end for start, end in dates) and not _is_label(text, found, dates)
        ]

    def at(self, position: int) -> int:
        """Return the number of the clause that a position lies in."""
        return bisect_right(self._cuts, position)

    def begins(self, position: int) -> int:
        """Return where the clause that a position lies in begins."""
        clause = self.at(position)
        return self._cuts[clause - 1] if clause else 0


def _is_label(text: str, found: re.Match[str], dates: Sequence[tuple[int, int]]) -> bool:
    """Tell whether a colon follows a label (`Release date: July 9`), which says what comes after it."""
    announces = any(0 <= start - found.end() <= 1 for start, _ in dates)
    return found[0].strip() == ":" and (announces or len(text[: found.start()].split()) <= _LABEL_WORDS)
