"""Turns what a table, a JSON file or an XML file has of one work into a row with common names of columns."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from reminder.core.lists.shapes import IN

MOST_VALUES: Final = 200
"""The most values of one list within an entry that are looked at: a state stands among the first."""
DEEPEST: Final = 6
"""How many steps into an entry are taken: nothing that counts stands deeper."""

_LINK: Final = re.compile(
    r"(?:com\.plexapp\.agents\.)?(imdb|tmdb|themoviedb|tvdb|thetvdb|tvmaze)://(?:show/)?([\w-]{1,20})"
)
_CATALOGUES: Final = {"themoviedb": "tmdb", "thetvdb": "tvdb"}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row: the line or place it stands in (from 1), and its values by column; a list's are joined by lines."""

    line: int
    values: Mapping[str, str]

    def first(self, columns: Iterable[str]) -> str:
        """Return the first of some columns that is filled."""
        return next((value for column in columns if (value := self.values.get(column, "").strip())), "")


def plain_key(text: str) -> str:
    """Return the name of a column as the table of programs spells it: lower case, letters and digits alone."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in folded if letter.isalnum())


def columns_of(rows: Iterable[Row]) -> frozenset[str]:
    """Return every column that any of the rows has filled or not."""
    return frozenset(column for row in rows for column in row.values)


def flat(entry: Mapping[str, Any], place: str, line: int) -> Row:
    """Return an object of JSON as a row; `place` is the path of the list in which it stands."""
    values: dict[str, list[str]] = {}
    for path, value in _leaves(entry, "", DEEPEST):
        found = values.setdefault(path, [])
        if len(found) < MOST_VALUES:
            found.append(value)
    row = {path: "\n".join(part for part in parts if part) for path, parts in values.items()}
    return Row(line=line, values={**row, **links(row), IN: place})


def links(values: Mapping[str, str]) -> dict[str, str]:
    """Return the numbers in values such as `imdb://tt0903747`, as columns of their own: `guid.imdb`."""
    found: dict[str, str] = {}
    for path, value in values.items():
        if "://" in value:
            for name, number in _LINK.findall(value[:4000]):
                found.setdefault(f"{path.removesuffix('.id')}.{_CATALOGUES.get(name, name)}", number)
    return found


def _leaves(value: object, path: str, deep: int) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if deep:
                yield from _leaves(inner, f"{path}.{plain_key(name)}" if path else plain_key(name), deep - 1)
    elif isinstance(value, list):
        for inner in value[:MOST_VALUES]:
            yield from _leaves(inner, path, deep - 1) if deep else ()
    else:
        yield path, _text(value)


def _text(value: object) -> str:
    if value is None or value is False or value is True:
        return {None: "", False: "false", True: "true"}[value]
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
