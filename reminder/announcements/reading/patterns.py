"""Patterns that are compiled when they are first needed: for a text that holds a word which they cannot do without."""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from reminder.announcements.reading.needed import Needed, needed_by


@dataclass(frozen=True)
class Pattern:
    """A regular expression with its flags, searched as one of `re` is.

    It is compiled at the first search of a text in which it could match: so a text in English does not pay for the
    words of six other languages.
    """

    text: str
    flags: int = 0

    @functools.cached_property
    def compiled(self) -> re.Pattern[str]:
        """The expression as `re` runs it."""
        return re.compile(self.text, self.flags)

    @functools.cached_property
    def needed(self) -> Needed:
        """The words of which it needs one of each group to match."""
        return needed_by(self.text)

    def may_match(self, text: str) -> bool:
        """Tell whether a text has the words that the expression needs."""
        small = _small(text)
        return all(any(word in small for word in words) for words in self.needed)

    def search(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """Return the first match within `text[start:end]`, None when there is none."""
        return self.compiled.search(text, start, end) if self.may_match(text) else None

    def match(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """Return the match that begins at `start`, None when there is none."""
        return self.compiled.match(text, start, end) if self.may_match(text) else None

    def fullmatch(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """Return the match of the whole of `text[start:end]`, None when there is none."""
        return self.compiled.fullmatch(text, start, end) if self.may_match(text) else None

    def finditer(self, text: str, start: int = 0, end: int = sys.maxsize) -> Iterator[re.Match[str]]:
        """Return the matches within `text[start:end]`, in order; they do not overlap."""
        return self.compiled.finditer(text, start, end) if self.may_match(text) else iter(())

    def count(self, text: str) -> int:
        """Return how often the expression matches."""
        return sum(1 for _ in self.finditer(text))

    def split(self, text: str) -> list[str]:
        """Return the pieces of a text between the matches."""
        return self.compiled.split(text) if self.may_match(text) else [text]

    def sub(self, instead: str | Callable[[re.Match[str]], str], text: str) -> str:
        """Return the text with each match replaced."""
        return self.compiled.sub(instead, text) if self.may_match(text) else text


def uncased(text: str) -> Pattern:
    """Return the pattern of an expression, in letters of any case."""
    return Pattern(text, re.IGNORECASE)


@functools.lru_cache(maxsize=8)  # each sentence is asked for by every pattern in turn
def _small(text: str) -> str:
    return text.lower()
