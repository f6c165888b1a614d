"""Reads the YAML that lists of titles are written in: entries of keys and plain values, below headings or not.

What is more than that is no list of this sort, and is read as text: `- Alien: Romulus` is a title.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final

_KEY: Final = r"(?P<key>[A-Za-z_][\w -]{0,40}?)"
_ENTRY: Final = re.compile(rf"(?P<indent>\s*)-\s+{_KEY}\s*:(?:\s+(?P<value>.*))?$")
_FLOW: Final = re.compile(r"(?P<indent>\s*)-\s+\{(?P<inside>.*)\}\s*$")
_PAIR: Final = re.compile(rf"{_KEY}\s*:\s*(?P<value>\"[^\"]*\"|'[^']*'|[^,]*)(?:,|$)")
_MORE: Final = re.compile(rf"(?P<indent>\s+){_KEY}\s*:(?:\s+(?P<value>.*))?$")
_BARE: Final = re.compile(r"\s*-\s+(?P<value>[^\s{\[&*!|>%@-].*)$")
_HEADING: Final = re.compile(rf"(?P<indent>){_KEY}\s*:\s*$")
_NAMES: Final = frozenset({"title", "name", "show", "series", "movie", "film"})
_IS_NOTHING: Final = frozenset({"", "~", "null", "Null", "NULL"})

Entry = dict[str, str]


@dataclass(kw_only=True)
class _YamlLines:
    """What was read so far: entries without a heading, those below each, and how far the last entry is set in."""

    entries: list[Entry] = field(default_factory=list)
    below: dict[str, list[Entry]] = field(default_factory=dict)
    heading: str | None = None
    indent: int = -1
    bare: int = 0  # how many entries are no more than a name

    @property
    def here(self) -> list[Entry]:
        return self.entries if self.heading is None else self.below[self.heading]

    def takes(self, line: str) -> bool:
        """Read one more line; tell whether it is one of such a list."""
        if found := _FLOW.fullmatch(line):
            self.here.append(_pairs(found["inside"]))
            self.indent = -1
        elif found := _ENTRY.fullmatch(line):
            self.here.append(_with({}, found))
            self.indent = len(found["indent"])
        elif found := _BARE.fullmatch(line):
            self.here.append({"title": _plain(found["value"])})
            self.indent, self.bare = -1, self.bare + 1
        elif (found := _MORE.fullmatch(line)) and 0 <= self.indent < len(found["indent"]):
            _with(self.here[-1], found)
        elif found := _HEADING.fullmatch(line):
            self.heading, self.indent = found["key"], -1
            self.below.setdefault(found["key"], [])
        else:
            return False
        return True

    @property
    def has_names(self) -> bool:
        """Whether there are entries with keys, and each entry has a name."""
        every = [*self.entries, *(entry for each in self.below.values() for entry in each)]
        return len(every) > self.bare and all(_NAMES & {key.lower() for key in entry} for entry in every)


def parse(text: str) -> list[Any] | None:
    """Return the values of a text, as JSON would have them; None where it is no list of entries with names."""
    said = (line.rstrip() for line in text.split("\n"))
    lines = (line for line in said if line.strip() and not line.lstrip().startswith("#") and line != "---")
    read = _YamlLines()
    if not all(map(read.takes, lines)) or not read.has_names:
        return None
    if not read.below:
        return [read.entries]
    return [{**({"entries": read.entries} if read.entries else {}), **read.below}]


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
