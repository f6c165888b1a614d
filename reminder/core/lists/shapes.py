"""Describes how a program's file is recognised, and where it has names, numbers and states.

CSV columns, JSON fields and XML elements are called by one sort of name: lower case, letters and digits only, and the
steps into an object with a dot between them (`show.ids.imdb`). The first shape that fits a file is taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from reminder.core.lists.values import LeftOutReason
from reminder.core.sourcing.answers import WorkForm

Columns = tuple[str, ...]
Ids = Mapping[str, Columns]

CSV, JSON, XML = "CSV", "JSON", "XML"
IN: Final = "in"
"""The column that says in which list of a JSON object an entry stands: `movies`, `data.manga.lists.entries`."""


@dataclass(frozen=True, kw_only=True)
class ListShape:
    """One form of a program's files.

    A file has this shape when it has all columns of one of the sets in `marks`, none of `lacks`, and a word of `files`
    in its name where there are some. `names` to `episodes` are the columns that hold each, the best first; `dates` and
    `platforms` say when a title comes out and where, in a list that somebody wrote themselves. `forms`
    tells series from films by which column is filled, `form` for the whole file. `numbers_of` is the column that names
    the catalogue whose numbers `ids` are. `states` are columns whose words say what became of a title (of `drops` only
    that it was dropped); `flags` are yes-or-no columns; `filled` are columns that mean something by being filled,
    `film_filled` and `film_flags` for films only. `wholly` is the reason why nothing of the file is wanted.
    """

    program: str
    format: str
    marks: tuple[frozenset[str], ...]
    lacks: frozenset[str] = frozenset()
    files: tuple[str, ...] = ()
    names: Columns = ("title", "name")
    years: Columns = ("year",)
    dates: Columns = ()
    platforms: Columns = ()
    sorts: Columns = ("type",)
    forms: Mapping[str, WorkForm] = field(default_factory=dict)
    form: WorkForm | None = None
    ids: Ids = field(default_factory=dict)
    numbers_of: str = ""
    seasons: Columns = ()
    episodes: Columns = ()
    states: Columns = ()
    drops: Columns = ()
    codes: Mapping[str, LeftOutReason] = field(default_factory=dict)
    flags: Columns = ()
    film_flags: Columns = ()
    filled: Mapping[str, LeftOutReason] = field(default_factory=dict)
    film_filled: Mapping[str, LeftOutReason] = field(default_factory=dict)
    wholly: LeftOutReason | None = None
    by_title: bool = False
    advice: str = ""

    def fits(self, format_: str, columns: frozenset[str], file: str) -> bool:
        """Tell whether a file of a format, with these columns and this name, has this shape."""
        return (
            format_ == self.format
            and any(mark <= columns for mark in self.marks)
            and not self.lacks & columns
            and (not self.files or any(word in file for word in self.files))
        )


def words(text: str) -> tuple[str, ...]:
    """Return the words of a text: a long table of them reads better in lines than in columns."""
    return tuple(text.split())


def marks(*sets: str) -> tuple[frozenset[str], ...]:
    """Return sets of columns, each written with spaces between them."""
    return tuple(frozenset(one.split()) for one in sets)


FLAT_IDS: Final[Ids] = {
    "imdb": ("imdbid", "imdb", "const", "imdburl", "imdblink"),
    "tmdb": ("tmdbid", "tmdb", "themoviedbid", "tmdburl"),
    "thetvdb": ("tvdbid", "thetvdbid", "tvdb", "thetvdb"),
    "tvmaze": ("tvmazeid", "tvmaze"),
}
