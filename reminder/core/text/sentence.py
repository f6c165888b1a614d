"""One sentence that a person reads, in English, with what a translator has to know of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

Value = str | int
"""What may fill a placeholder: words that are said already, or a number."""


@dataclass(frozen=True, kw_only=True)
class SentenceEntry:
    """A sentence by its `id`. `text` is English, with `{placeholders}`; `comment` is for who translates it.

    `spare` are placeholders that another language may leave out.
    Where a number decides the form, `counts` is its placeholder, `text` the form for one and `many` that for others.
    """

    id: str
    text: str
    comment: str
    many: str = ""
    counts: str = ""
    spare: frozenset[str] = frozenset()

    def english(self, values: Mapping[str, Value]) -> str:
        """Return the sentence in English, filled. Raises KeyError where a placeholder has no value."""
        is_many = self.counts and values[self.counts] != 1
        return (self.many if is_many else self.text).format_map(values)


def said(id_: str, text: str, comment: str) -> SentenceEntry:
    """Return a sentence in which no number decides the form."""
    return SentenceEntry(id=id_, text=text, comment=comment)


def counted(id_: str, text: str, many: str, counts: str, comment: str) -> SentenceEntry:
    """Return a sentence whose form follows the number that fills the placeholder `counts`."""
    return SentenceEntry(id=id_, text=text, many=many, counts=counts, comment=comment)


def table(*groups: Iterable[SentenceEntry]) -> dict[str, SentenceEntry]:
    """Return sentences by id. Raises ValueError for an id that is there twice."""
    found: dict[str, SentenceEntry] = {}
    for group in groups:
        for sentence in group:
            if sentence.id in found:
                raise ValueError(f"there are two sentences {sentence.id}")
            found[sentence.id] = sentence
    return found


MONTH_IDS: Final = tuple(f"in_month.{number}" for number in range(1, 13))
"""The ids of `in January 2026` to `in December 2026`."""
