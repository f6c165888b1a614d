"""The names of all titles, kept from one search to the next for as long as nothing in the database changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from sqlalchemy import Connection

from reminder.store import named_titles
from reminder.store.named_titles import NamedTitles

ReadNames = Callable[[Connection], NamedTitles]
"""Returns the names of all titles that are searched, in a transaction."""

READ_WATCHED: Final[ReadNames] = named_titles.watched
READ_KNOWN: Final[ReadNames] = named_titles.known


@dataclass(frozen=True, kw_only=True)
class TitleSearch:
    """A text that is looked for in the names of titles, none for an empty one, and what reads the names of all."""

    text: str = ""
    names: ReadNames = READ_WATCHED


class TitleNames:
    """The names that were read last, each with the mark of the database as it was before they were read.

    A mark is another one after every change of the database, None where that cannot be told. It is taken before the
    transaction begins in which the names may be read: so what is kept under it is never older than it.
    """

    def __init__(self) -> None:
        self._kept: dict[ReadNames, tuple[str, NamedTitles]] = {}

    def watched(self, mark: str | None) -> ReadNames:
        """Return what reads the names of the titles that are watched."""
        return partial(self._names, READ_WATCHED, mark)

    def known(self, mark: str | None) -> ReadNames:
        """Return what reads the names of all titles, also of those that nobody watches any more."""
        return partial(self._names, READ_KNOWN, mark)

    def _names(self, read: ReadNames, mark: str | None, tx: Connection) -> NamedTitles:
        of, names = self._kept.get(read, ("", None))
        if names is not None and mark is not None and of == mark:
            return names
        names = read(tx)
        if mark is not None:
            self._kept[read] = (mark, names)
        return names
