"""Whether a text is in English: then the month names of other languages in it are other words, `OTT` and `Mars`."""

from __future__ import annotations

import re
from typing import Final

from reminder.announcements.reading.patterns import Pattern

_ENGLISH: Final = Pattern(
    r"\b(?:the|of|and|to|will|is|in|on|with|for|when|where|watch|season|episodes?|release|date|from|its|first|new|trailer|coming|premieres?|returns?|streaming|everything|know|online|about|spoilers|confirmed)\b",
    re.IGNORECASE,
)
_OTHER: Final = Pattern(
    r"\b(?:de|la|el|le|les|der|die|das|und|que|di|il|da|do|em|na|w|się|den|des|du|les|una|uma|une|ein|eine|am|ab|im|zum|mit|von|auf|bei|del|los|las|con|por|para|per|della|nel|au|aux|sur|dans|pour|avec|"
    r"os|as|um|com|o|a\s+partir|od|z|do|po|staffel|saison|temporada|stagione|sezon|folgen?|serie|série|película|filme|serial)\b",
    re.IGNORECASE,
)
_LOOKED_AT: Final = 5_000


def leans_english(text: str) -> bool:
    """Tell whether a text has more of the small words of English than of other languages, if not clearly more."""
    start = text[:_LOOKED_AT]
    return _ENGLISH.count(start) > _OTHER.count(start)


def is_english(text: str) -> bool:
    """Tell whether a text has clearly more of the small words of English than of other languages."""
    start = text[:_LOOKED_AT]
    return _ENGLISH.count(start) > 2 * _OTHER.count(start)
