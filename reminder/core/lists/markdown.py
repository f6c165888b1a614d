"""Strips the Markdown around a title, and recognises lines of layout."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_RULE: Final = re.compile(r"[\s|:+=_*~-]*(?:---|===|\*\*\*|___|- - -|\* \* \*)[\s|:+=_*~-]*")
_COLUMN_RULE: Final = re.compile(r"\s*[:+]?-[-+:=]*\s*|\s*\+?[-=+]{2,}\s*")
_ADDRESS: Final = r"<?([^()<>\s]{0,400}(?:\([^()<>\s]{0,100}\)[^()<>\s]{0,100})?)>?"  # one bracket: `Sable_(game)`
_LINK: Final = re.compile(rf"!?\[([^\[\]]{{1,300}})\]\({_ADDRESS}(?:\s\"[^\"]{{0,200}}\")?\)")
_WIKI: Final = re.compile(r"\[\[(?:[^\[\]|]{1,200}\|)?([^\[\]|]{1,300})\]\]")
_STRONG: Final = re.compile(r"(\*\*|__)(?=\S)([^*_]{1,300})(?<=\S)\1")
_WEAK: Final = re.compile(r"([*_`])(?=\S)([^*_`]{1,300})(?<=\S)\1")
_APART: Final = "-\u2013\u2014(,:"
_STRUCK: Final = re.compile(r"~~([^~]{1,300})~~")
_ESCAPED: Final = re.compile(r"\\([\\`*_{}\[\]()#+.!|~-])")


def is_rule(line: str) -> bool:
    """Tell whether a line draws a rule, or underlines a heading, and is no title."""
    return _RULE.fullmatch(line[:1000]) is not None


def is_rule_of_table(cells: Sequence[str]) -> bool:
    """Tell whether the fields of a row are nothing but a drawn line: the one below the header, or a border."""
    filled = [cell for cell in cells if cell.strip()]
    return bool(filled) and all(_COLUMN_RULE.fullmatch(cell[:1000]) for cell in filled)


def is_struck(text: str) -> bool:
    """Tell whether a whole title is struck through: somebody is done with it."""
    return _STRUCK.fullmatch(text.strip()) is not None


def unmarked(text: str) -> str:
    """Return a title without links, stress and escapes; a star within a name stays."""
    text = _WIKI.sub(r"\1", _LINK.sub(r"\1", text[:2000]))
    text = _STRUCK.sub(r"\1", _STRONG.sub(r"\2", text)).strip()
    weak = _WEAK.match(text)
    behind = text[weak.end() :].strip() if weak else ""
    if weak and (not behind.strip("()0123456789") or behind[0] in _APART):
        text = f"{weak[2]}{text[weak.end() :]}"
    return _ESCAPED.sub(r"\1", text)


def link_in(text: str) -> str:
    """Return the address that a title is linked with, empty without one."""
    found = _LINK.search(text[:2000])
    return found[2] if found else ""


def without_front_matter(text: str) -> str:
    """Return a text with the properties between dashes at its head left empty: the lines keep their numbers."""
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        return text
    end = next((number for number, line in enumerate(lines[1:200], 1) if line.rstrip() in {"---", "..."}), None)
    is_matter = end is not None and all(":" in line or line.lstrip()[:1] in {"-", "#", ""} for line in lines[1:end])
    return "\n".join([*([""] * (end + 1)), *lines[end + 1 :]]) if end is not None and is_matter else text
