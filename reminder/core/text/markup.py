"""Escapes a user's text for plain text, Markdown and HTML without changing what it says."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

_FIRST_STRONG_ISOLATE: Final = "\u2068"
_POP_ISOLATE: Final = "\u2069"

# Embeddings, overrides and isolates (UAX #9): one that is never closed would turn the words around it.
_BIDI_CONTROLS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_NOT_TEXT: Final = _BIDI_CONTROLS | frozenset("\ufeff\ufffe\uffff")
_RIGHT_TO_LEFT: Final = frozenset({"R", "AL"})

_LINKABLE: Final = frozenset({"http", "https"})
_UNSAFE_IN_LINK: Final = re.compile(r"[\s<>\"`\\^{|}\[\]*]")

# Characters that start something in CommonMark or in a chat service's dialect of it (Discord, Mattermost, Slack).
_MARKDOWN_ANYWHERE: Final = re.compile(r"[\\`*_\[\]<>~|&#]|:(?=[\w+-]+:)")
_MARKDOWN_AT_START: Final = re.compile(r"^(\s*)(?:([-+=])|(\d{1,9})([.)])(?=\s|$))")
_WEB_ADDRESS: Final = re.compile(r"https?://[A-Za-z0-9\-._~:/?#@!$&'()+,;=%]*[A-Za-z0-9/#=&_~-]")


def clean(text: str) -> str:
    """Return `text` on one line: white space joined, control characters and bidi overrides gone, the rest untouched."""
    # What Python calls printable holds nothing that `_printable` takes out: so is nearly every name.
    return " ".join((text if text.isprintable() else "".join(map(_printable, text))).split())


def _printable(char: str) -> str:
    if char in _NOT_TEXT:
        return ""
    category = unicodedata.category(char)
    if category in {"Cc", "Cs"}:
        return " " if char.isspace() else ""
    return char


@lru_cache(maxsize=1024)  # a title that many follow is named in all their messages
def isolated(text: str) -> str:
    """Return `text` cleaned; with right-to-left letters in isolates, so that the sentence keeps its order."""
    cleaned = clean(text)
    if any(unicodedata.bidirectional(char) in _RIGHT_TO_LEFT for char in cleaned):
        return f"{_FIRST_STRONG_ISOLATE}{cleaned}{_POP_ISOLATE}"
    return cleaned


def web_link(text: str | None) -> str | None:
    """Return the web address in `text`, safe to print between `<` and `>`; None for anything but http and https."""
    address = clean(text or "")
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme.lower() not in _LINKABLE or not parts.netloc:
        return None
    return _UNSAFE_IN_LINK.sub(lambda found: f"%{ord(found[0]):02X}", address)


def host_of(url: str) -> str:
    """Return the host of an address, which is the most that an error may show of it."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def escape_html(text: str) -> str:
    """Return `text` as HTML shows it, in an element or in a quoted attribute."""
    return html.escape(text, quote=True)


def escape_markdown(text: str) -> str:
    """Return one line of `text` as Markdown shows it (CommonMark 2.4: a backslash before punctuation makes it plain).

    Web addresses in it become `<…>` links: a backslash inside an address would break it.
    """
    pieces, end = [], 0
    for found in _WEB_ADDRESS.finditer(text):
        pieces += [_escape_words(text[end : found.start()], at_start=end == 0), f"<{found[0]}>"]
        end = found.end()
    return "".join([*pieces, _escape_words(text[end:], at_start=end == 0)])


def markdown_link(text: str, link: str) -> str:
    """Return `text` as a Markdown link to `link`; brackets in the address would end it, so they are encoded."""
    return f"[{_escape_words(text, at_start=False)}]({link.replace('(', '%28').replace(')', '%29')})"


def _escape_words(text: str, *, at_start: bool) -> str:
    escaped = _MARKDOWN_ANYWHERE.sub(r"\\\g<0>", text)
    return _MARKDOWN_AT_START.sub(_escape_start, escaped) if at_start else escaped


def _escape_start(found: re.Match[str]) -> str:
    space, bullet, number, dot = found.groups()
    return f"{space}\\{bullet}" if bullet else f"{space}{number}\\{dot}"
