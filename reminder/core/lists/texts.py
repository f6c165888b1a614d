"""Decodes the bytes of a file to text, whatever program wrote them; what is no text is called by its name."""

from __future__ import annotations

import codecs
from typing import Final

from reminder.core.lists.values import ListError

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_KINDS: Final = (
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"SQLite format 3", "a database"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file"),
    (b"{\\rtf", "a text with formatting (RTF)"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\x1f\x8b", "a gzip archive"),
)
_AS_TEXT: Final = "save the list as CSV (UTF-8), or write one title a line"
_AS_UTF8: Final = "save the file as UTF-8"

MOSTLY_FOREIGN: Final = 0.4
"""With more of its letters than this outside ASCII, a text without a mark was not written in Windows-1252."""


def decode(raw: bytes) -> tuple[str, str]:
    """Return the text of a file with plain line ends, and the encoding where it was guessed. Raises ListError."""
    kind = next((kind for mark, kind in _KINDS if raw.startswith(mark)), None)
    if kind is not None:
        raise ListError(f"it is {kind}, not a text: {_AS_TEXT}")
    text, guessed = _decoded(raw)
    if "\0" in text[:100_000]:
        raise ListError(f"it is not a text: {_AS_TEXT}")
    return text.replace("\r\n", "\n").replace("\r", "\n"), guessed


def _decoded(raw: bytes) -> tuple[str, str]:
    marked = next((name for mark, name in _MARKS if raw.startswith(mark)), None)
    try:
        return raw.decode(marked or "utf-8") if not (wide := _wide(raw)) or marked else raw.decode(wide), ""
    except UnicodeDecodeError:
        if marked:
            raise ListError(f"it says that it is {marked.upper()}, and it is not: {_AS_UTF8}") from None
    return _windows(raw), "Windows-1252"


def _wide(raw: bytes) -> str | None:
    """Return UTF-16 in the order in which ASCII would have zeros in every other place."""
    head = raw[:2000]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if len(head) < 4 or max(even, odd) < len(head) // 4:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _windows(raw: bytes) -> str:
    try:
        text = raw.decode("cp1252")
    except UnicodeDecodeError:
        raise ListError(f"it is not UTF-8 text: {_AS_UTF8}") from None
    letters = [letter for letter in text[:200_000] if letter.isalpha()]
    if sum(not letter.isascii() for letter in letters) > MOSTLY_FOREIGN * len(letters):
        raise ListError(f"its encoding is not known: {_AS_UTF8}")
    return text
