"""Patterns that are compiled when they are first needed: a command that reads no text pays for none of them."""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Pattern:
    """A regular expression with its flags; it is searched as one of `re` is, and compiled at the first search."""

    text: str
    flags: int = 0

    @functools.cached_property
    def compiled(self) -> re.Pattern[str]:
        """The expression as `re` runs it."""
        return re.compile(self.text, self.flags)

    def search(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """Return the first match within `text[start:end]`, None when there is none."""
        return self.compiled.search(text, start, end)

    def match(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """Return the match that begins at `start`, None when there is none."""
        return self.compiled.match(text, start, end)

    def fullmatch(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """Return the match of the whole of `text[start:end]`, None when there is none."""
        return self.compiled.fullmatch(text, start, end)

    def finditer(self, text: str, start: int = 0, end: int = sys.maxsize) -> Iterator[re.Match[str]]:
        """Return the matches within `text[start:end]`, in order; they do not overlap."""
        return self.compiled.finditer(text, start, end)

    def count(self, text: str) -> int:
        """Return how often the expression matches."""
        return sum(1 for _ in self.finditer(text))

    def split(self, text: str) -> list[str]:
        """Return the pieces of a text between the matches."""
        return self.compiled.split(text)

    def sub(self, instead: str | Callable[[re.Match[str]], str], text: str) -> str:
        """Return the text with each match replaced."""
        return self.compiled.sub(instead, text)
