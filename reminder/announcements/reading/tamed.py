"""Makes a text harmless to match: no stretch of one sign, of signs without a word, or of one letter after another.

Patterns look ahead and go back, so that a long run of what they may repeat costs its square, or more. No announcement
has such runs; a page that is made to be slow, or a drawing of dashes, does.
"""

from __future__ import annotations

import re
from typing import Final

from reminder.announcements.reading.patterns import Pattern

_MOST_TIMES: Final = 8
_MOST_SIGNS: Final = 12
_LONGEST_WORD: Final = 40
_BLANK_LINE: Final = Pattern(r"\n[ \t]*\n")
# One to four letters that come again and again; `1 1 1 1`, `-=-=-=`, `aaaa`.
_AGAIN: Final = Pattern(rf"(.{{1,4}}?)\1{{{_MOST_TIMES},}}", re.DOTALL)
_SIGNS: Final = Pattern(rf"([\W_]{{{_MOST_SIGNS}}})[\W_]+")
_WORDS: Final = Pattern(rf"(\S{{{_LONGEST_WORD}}})(?=\S)")


def tamed(text: str) -> str:
    """Return a text without its endless runs; one that has none is returned as it is.

    Of what is repeated, the first few times are kept; of many signs the first few, with the blank line that is among
    them; a word that has no end is cut by spaces.
    """
    once = _AGAIN.sub(lambda found: found[1] * _MOST_TIMES + _gap(found[0]), text)
    words = _SIGNS.sub(lambda found: found[1] + _gap(found[0]), once)
    return _WORDS.sub(lambda found: found[1] + " ", words)


def _gap(cut: str) -> str:
    """Return the space that a stretch has to leave behind where it is cut: that of a paragraph, a line or a word."""
    if _BLANK_LINE.search(cut):
        return "\n\n"
    return "\n" if "\n" in cut else " " if cut[-1:].isspace() else ""
