"""Whether a text is in English: then the month names of other languages in it are other words, `OTT` and `Mars`.

And whether it is in a language that is read at all.
"""

from __future__ import annotations

import unicodedata
from typing import Final

from reminder.announcements.reading.patterns import uncased
from reminder.announcements.vocabulary import either

_ENGLISH: Final = uncased(rf"\b(?:{either('small-words')})\b")
_OTHER: Final = uncased(rf"\b(?:{either('other-small-words')})\b")
_LOOKED_AT: Final = 5_000


def leans_english(text: str) -> bool:
    """Tell whether a text has more of the small words of English than of other languages, if not clearly more."""
    start = text[:_LOOKED_AT]
    return _ENGLISH.count(start) > _OTHER.count(start)


def is_english(text: str) -> bool:
    """Tell whether a text has clearly more of the small words of English than of other languages."""
    start = text[:_LOOKED_AT]
    return _ENGLISH.count(start) > 2 * _OTHER.count(start)


def is_foreign(text: str) -> bool:
    """Tell whether most letters of a text are of a script that none of the languages read here is written in."""
    letters = [letter for letter in text[:_LOOKED_AT] if letter.isalpha()]
    latin = sum(unicodedata.name(letter, "").startswith(("LATIN", "FULLWIDTH LATIN")) for letter in letters)
    return 2 * latin < len(letters)
