"""A text on its last step to a service: cut to what the service takes, and unable to ping anybody."""

from __future__ import annotations

import re
from typing import Final

import regex

from reminder.notify.limits import Unit

ELLIPSIS: Final = "…"
ZERO_WIDTH_SPACE: Final = "\u200b"

_GRAPHEME: Final = regex.compile(r"\X")
_LONE_SURROGATE: Final = re.compile("[\ud800-\udfff]")
# Tab, line feed and carriage return stay; U+202A-U+202E are bidi embeddings and overrides (UAX #9).
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\ufeff]")

_LINK: Final = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
# `@word`, Zulip's `@**all**`, Discord's `<@id>`, `<@&id>`, `<#id>`, Slack's `<!here>`.
_MENTION: Final = re.compile(r"@(?=[\w*&!])|(?<=<)(?=[!#@&])")
_MENTION_IN_LINK: Final = re.compile(r"@(?=everyone|here|channel|all|room|team)", re.IGNORECASE)
_GROUPS: Final = re.compile(r"everyone|here|channel|all|room|team", re.IGNORECASE)

NEAR_THE_END: Final = 0.7
"""A cut falls back to the end of a line if that keeps at least this share of the text."""


def tidy(text: str) -> str:
    r"""Return `text` as every service can store it: no control characters, no lone surrogates, `\n` for line ends."""
    text = _LONE_SURROGATE.sub("\ufffd", text)
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def defuse(text: str) -> str:
    """Return `text` with a zero-width space in each mention, so that it reads the same and pings nobody.

    An `@` inside a word (an e-mail address) stays, unless a group's name follows. In a web address an `@` before a
    group's name becomes `%40`, which leads to the same page.
    """
    pieces, end = [], 0
    for link in _LINK.finditer(text):
        pieces += [_break_mentions(text[end : link.start()]), _MENTION_IN_LINK.sub("%40", link[0])]
        end = link.end()
    return "".join([*pieces, _break_mentions(text[end:])])


def _break_mentions(text: str) -> str:
    return _MENTION.sub(_broken, text)


def _broken(found: re.Match[str]) -> str:
    text, at = found.string, found.start()
    inside_word = found[0] and at > 0 and text[at - 1].isalnum()
    if inside_word and not _GROUPS.match(text, found.end()):
        return found[0]
    return found[0] + ZERO_WIDTH_SPACE


def size(text: str, unit: Unit = Unit.CHARACTERS) -> int:
    """Return how long a service finds `text`."""
    if text.isascii():
        return len(text)
    if unit is Unit.BYTES:
        return len(text.encode("utf-8", "replace"))
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, limit: int, *, link: str | None = None, unit: Unit = Unit.CHARACTERS) -> str:
    """Return `text` if it fits into `limit`; else as much of it as fits, an ellipsis, and the link if it was lost.

    The cut falls between two graphemes (what a reader takes for one character), at the end of a line if one is near.
    """
    if size(text, unit) <= limit:
        return text
    tail = f"{ELLIPSIS}\n{link}" if link else ELLIPSIS
    if size(tail, unit) > limit // 2:
        tail = ELLIPSIS
    head = _head(text, limit - size(tail, unit), unit)
    if link and link in head:
        tail = ELLIPSIS
    return head + tail


def _head(text: str, room: int, unit: Unit) -> str:
    head = text[: _last_end(text, max(room, 0), unit)]
    line_end = head.rfind("\n")
    if line_end >= NEAR_THE_END * len(head):
        head = head[:line_end]
    return head.rstrip()


def _last_end(text: str, room: int, unit: Unit) -> int:
    """Return where the last grapheme ends that still fits into `room`."""
    # Nothing takes less than one unit, so what lies beyond needs no look; one more tells where the last one ends.
    seen = text[: room + 1]
    if seen.isascii():  # each letter is a grapheme (a tidy text has no CR), and a unit
        return min(room, len(seen))
    used = end = 0
    for grapheme in _GRAPHEME.finditer(seen):
        used += size(grapheme[0], unit)
        if used > room:
            break
        end = grapheme.end()
    return end
