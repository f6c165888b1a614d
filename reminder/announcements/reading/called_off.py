"""Tells whether a text that has no date to come says that the work will not come: `Dead Air has been cancelled`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from reminder.announcements.reading.patterns import uncased
from reminder.announcements.reading.sentences import Sentence
from reminder.announcements.vocabulary import either

_OFF: Final = uncased(rf"\b(?:{either('off')})\b")
_BUT: Final = uncased(
    r"(?:\b(?:not|never|no|nicht|kein\w*|pas|non|não|nie|un|almost|had|after\s+being)\b|n['’]t)[^,;:]{0,25}$"
)
# `It was cancelled in 2020 and is back`.
_SINCE: Final = uncased(r"[^.;]{0,60}\b(?:but|before|until|then|revived|returns?|19\d\d|20\d\d)\b")
# What may stand between the word and the name: no other name, and nothing that is the work's own (`its panel for`).
_BESIDE: Final = uncased(
    r"\s?[\"“”„«»‘’'*_]{0,2}(?:\s+(?!(?:its|their|his|her|for|from|of|at|by)\b)[\w’'-]+){0,5}\s*[\"“”„«»‘’'*_]{0,2}\s?"
)
_FIRST: Final = 12


def called_off(found: Sequence[Sentence], title: str) -> Sentence | None:
    """Return the sentence near the head of a text that says of the title that it was called off; None without one."""
    return next((sentence for sentence in found[:_FIRST] if _says_it(sentence.text, title)), None)


def _says_it(text: str, title: str) -> bool:
    start = text.casefold().find(title.casefold())
    end = start + len(title)
    for said in _OFF.finditer(text) if start >= 0 else ():
        is_around = said.start() <= start and end <= said.end()  # `setzt „Dead Air“ ab`
        gap = (said.end(), start) if said.end() <= start else (end, said.start())
        is_beside = is_around or (gap[0] <= gap[1] and _BESIDE.fullmatch(text, *gap))
        if is_beside and not _BUT.search(text[: said.start()]) and not _SINCE.match(text, said.end()):
            return True
    return False
