"""Which works of a calendar are new: nobody is told twice of one work, and a film and a series of one name are two."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass

from reminder.core.model import TitleKind, title_key
from reminder.core.names import Index
from reminder.core.source import Form, ReleaseKind, SourceTitle


@dataclass(frozen=True, kw_only=True)
class Watched:
    """A title that is watched already, or was taken out by hand: its key and name, its kind, and the entry it follows."""

    key: str
    name: str
    kind: TitleKind | None = None
    entry: str | None = None


@dataclass(frozen=True, kw_only=True)
class New:
    """A work that is to be watched, and the key that its title gets."""

    work: SourceTitle
    key: str


def kind_of(work: SourceTitle) -> TitleKind | None:
    """Return what a calendar says that a work is: a series by its numbers, a film by how it comes out, else nothing."""
    if any(item.number is not None and not item.by_day for item in work.releases):
        return TitleKind.SERIES
    is_film = work.form is Form.FILM and any(item.kind is not ReleaseKind.EPISODE for item in work.releases)
    return TitleKind.FILM if is_film else None


def new_works(works: Iterable[SourceTitle], watched: Iterable[Watched]) -> tuple[New, ...]:
    """Given the works of one calendar and what is watched, return those that are new."""
    works, known = list(works), list(watched)
    here = {work.id for work in works}
    index = Index.of((item.name, item) for item in known)
    keys = {item.key for item in known}
    entries = {item.entry for item in known}
    found: list[New] = []
    for work in works:
        if work.id in entries or any(_is_it(work, item, here) for item in index.find(work.name, work.year)):
            continue
        key = _free_key(work, keys)
        keys.add(key)
        index.add(work.name, Watched(key=key, name=work.name, kind=kind_of(work), entry=work.id))
        found.append(New(work=work, key=key))
    return tuple(found)


def _is_it(work: SourceTitle, known: Watched, here: Container[str]) -> bool:
    """Tell whether a work is a title of its name: not where one is a film and the other a series.

    What one calendar has under two names as written, or both with numbers and without, is two works (`here` is what it
    has now); elsewhere a title may be what has no number.
    """
    kind = kind_of(work)
    if known.entry is not None and known.entry in here:
        return False
    if known.entry is not None and known.entry.partition("/")[0] == work.id.partition("/")[0]:
        return (kind is TitleKind.SERIES) == (known.kind is TitleKind.SERIES)
    return None in {kind, known.kind} or kind is known.kind or known.kind not in {TitleKind.FILM, TitleKind.SERIES}


def _free_key(work: SourceTitle, taken: set[str]) -> str:
    """Return the key of a new title: its name, with its form where another title has that."""
    plain = title_key(work.name, None)
    return next(key for key in (plain, f"{plain} ({work.form})", work.id) if key not in taken or key == work.id)
