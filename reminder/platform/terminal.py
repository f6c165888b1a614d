"""Replaces letters that a terminal lacks, and drops what it must never be sent."""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import Final

_NAME: Final = "reminder-letters"

_NAMED: Final = (
    (re.compile(r"CHECK MARK"), "+"),
    (re.compile(r"BALLOT X|MULTIPLICATION SIGN"), "x"),
    (re.compile(r"MIDDLE DOT|BULLET"), "*"),
    (re.compile(r"BOX DRAWINGS .*VERTICAL"), "|"),
    (re.compile(r"BOX DRAWINGS|DASH|HYPHEN|MINUS SIGN"), "-"),
    (re.compile(r"DOUBLE .*QUOTATION MARK"), '"'),
    (re.compile(r"QUOTATION MARK"), "'"),
    (re.compile(r"LETTER SHARP S"), "ss"),
)
"""By their names in Unicode: signs that we print ourselves, and those that titles are often written with."""

_LATIN: Final = re.compile(r"LATIN (SMALL|CAPITAL) LETTER (?:DOTLESS )?([A-Z]{1,2})(?: WITH .*)?")


TURNING: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]")
"""Control characters but tab and line feed, and the overrides and embeddings of UAX #9."""


def harmless(text: str) -> str:
    """Return a text without what could turn a terminal about: a title may hold anything."""
    return TURNING.sub("", text)


def nearest(letter: str) -> str:
    """Return the ASCII that comes nearest to a letter, `?` where nothing does."""
    if unicodedata.combining(letter):
        return ""
    plain = unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode()
    return plain or _by_name(unicodedata.name(letter, ""))


def _by_name(name: str) -> str:
    latin = _LATIN.fullmatch(name)
    if latin:
        return latin[2] if latin[1] == "CAPITAL" else latin[2].lower()
    return next((ascii_ for pattern, ascii_ in _NAMED if pattern.search(name)), "?")


def spelt(text: str, encoding: str) -> str:
    """Return a text in the letters that an encoding has, the nearest for those that it lacks."""
    return text.encode(encoding, register()).decode(encoding)


def register() -> str:
    """Make this way of writing known to Python's streams; return its name, for `errors=`."""
    codecs.register_error(_NAME, _handle)
    return _NAME


def _handle(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(nearest, error.object[error.start : error.end])), error.end
