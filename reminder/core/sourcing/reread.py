"""Renames works and labels that are understood better than before, though their source says the same: no news."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from reminder.core.model.entities import Release
from reminder.core.model.ledger import Ref
from reminder.core.model.names import as_written, plain
from reminder.core.sourcing.answers import SourceTitle
from reminder.core.sourcing.summaries import SummaryParts, read_summary


@dataclass(frozen=True, kw_only=True)
class Pinned:
    """A title that follows an entry of a calendar; `is_its_own` says that the calendar has brought it.

    `on` is the day of what stood alone under its name.
    """

    key: str
    name: str
    ref: str
    is_its_own: bool
    on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Becomes:
    """The work that a title is, as its calendar is read now, and the labels under which its releases go on."""

    key: str
    work: SourceTitle
    labels: Mapping[Ref, Ref] = field(default_factory=dict)


def becomes(works: Sequence[SourceTitle], pinned: Iterable[Pinned]) -> Iterator[Becomes]:
    """Given a calendar's works and what follows them, yield the titles whose entry is read otherwise than before."""
    named = {work.ref: work for work in reversed(works)}
    for item in pinned:
        work = named.get(item.ref) or _by_plain_name(works, item)
        if work is not None:
            is_renamed = item.is_its_own and as_written(work.name) != as_written(item.name)
            if is_renamed or work.ref != item.ref:
                yield Becomes(key=item.key, work=work)
        elif item.is_its_own:
            yield from _as_episode(works, item)


def _by_plain_name(works: Sequence[SourceTitle], item: Pinned) -> SourceTitle | None:
    """Return the work that was pinned by its plain name, before names were pinned as they are written."""
    calendar, _, slug = item.ref.partition("/")
    return next((work for work in works if slug == plain(work.name).replace(" ", "-")), None) if calendar else None


def _as_episode(works: Sequence[SourceTitle], item: Pinned) -> Iterator[Becomes]:
    """Yield the work of which a title is one episode: its name was a whole summary, with a number in it."""
    told = read_summary(item.name)
    number = Release.number_of(item.on) if told.is_dated and item.on else told.number
    if number is None:
        return
    work = next((work for work in works if _has_episode(work, told, number)), None)
    if work is not None:
        yield Becomes(key=item.key, work=work, labels={(None, 1): (told.season, number)})


def _has_episode(work: SourceTitle, told: SummaryParts, number: int) -> bool:
    is_there = any((item.season, item.number) == (told.season, number) for item in work.releases)
    return is_there and as_written(work.name) == as_written(told.name)
