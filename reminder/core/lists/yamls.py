"""Reads the YAML that lists of titles are written in: entries of keys and plain values, below headings or not.

What is more than that is no list of this sort, and is read as text: `- Alien: Romulus` is a title.
"""

from __future__ import annotations

import re
from typing import Any, Final

_KEY: Final = r"(?P<key>[A-Za-z_][\w -]{0,40}?)"
_ENTRY: Final = re.compile(rf"(?P<indent>\s*)-\s+{_KEY}\s*:(?:\s+(?P<value>.*))?$")
_FLOW: Final = re.compile(r"(?P<indent>\s*)-\s+\{(?P<inside>.*)\}\s*$")
_PAIR: Final = re.compile(rf"\s*{_KEY}\s*:\s*(?P<value>\"[^\"]*\"|'[^']*'|[^,]*)(?:,|$)")
_MORE: Final = re.compile(rf"(?P<indent>\s+){_KEY}\s*:(?:\s+(?P<value>.*))?$")
_HEADING: Final = re.compile(rf"(?P<indent>){_KEY}\s*:\s*$")
_NAMES: Final = frozenset({"title", "name", "show", "series", "movie", "film"})
_IS_NOTHING: Final = frozenset({"", "~", "null", "Null", "NULL"})

Entry = dict[str, str]


def parse(text: str) -> list[Any] | None:
    """Return the values of a text, as JSON would have them; None where it is no list of entries with names."""
    entries: list[Entry] = []
    below: dict[str, list[Entry]] = {}
    here, indent = entries, -1
    for line in text.split("\n"):
        bare = line.rstrip()
        if not bare.strip() or bare.lstrip().startswith("#") or bare == "---":
            continue
        if found := _FLOW.fullmatch(bare):
            here.append(_pairs(found["inside"]))
            indent = -1
        elif found := _ENTRY.fullmatch(bare):
            here.append(_with({}, found))
            indent = len(found["indent"])
        elif (found := _MORE.fullmatch(bare)) and 0 <= indent < len(found["indent"]) and here:
            _with(here[-1], found)
        elif found := _HEADING.fullmatch(bare):
            here, indent = below.setdefault(found["key"], []), -1
        else:
            return None
    every = [*entries, *(entry for each in below.values() for entry in each)]
    if not every or not all(_NAMES & {key.lower() for key in entry} for entry in every):
        return None
    return [{**({"entries": entries} if entries else {}), **below}] if below else [entries]


def _pairs(inside: str) -> Entry:
    entry: Entry = {}
    for found in _PAIR.finditer(inside):
        _with(entry, found)
    return entry


def _with(entry: Entry, found: re.Match[str]) -> Entry:
    """Return an entry with one more key; the first of two that are called alike counts."""
    value = _plain(found["value"] or "")
    if value not in _IS_NOTHING:
        entry.setdefault(found["key"].strip(), value)
    return entry


def _plain(written: str) -> str:
    text = written.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        return text[1:-1]
    return text.partition(" #")[0].rstrip()
