"""Tells which works of a calendar are new: nobody is told twice of one, and a film and a series of one name are two."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from reminder.core.model.entities import TitleKind, title_key
from reminder.core.model.names import Index
from reminder.core.sourcing.answers import ReleaseKind, SourceTitle, WorkForm


@dataclass(frozen=True, kw_only=True)
class KnownTitle:
    """A title that is followed already, or was taken out by hand; `entry` is the one it follows."""

    key: str
    name: str
    kind: TitleKind | None = None
    entry: str | None = None


@dataclass(frozen=True, kw_only=True)
class NewTitle:
    """A work that is to be watched, and the key that its title gets."""

    work: SourceTitle
    key: str


def kind_of(work: SourceTitle) -> TitleKind | None:
    """Return what a calendar says that a work is: a series by its numbers, a film by how it comes out, else nothing."""
    if any(item.season is not None or (item.number is not None and not item.by_day) for item in work.releases):
        return TitleKind.SERIES
    is_film = work.form is WorkForm.FILM and any(item.kind is not ReleaseKind.EPISODE for item in work.releases)
    return TitleKind.FILM if is_film else None


def new_works(works: Iterable[SourceTitle], watched: Iterable[KnownTitle]) -> tuple[NewTitle, ...]:
    """Given the works of one calendar and what is watched, return those that are new."""
    works, known = list(works), list(watched)
    present = {work.id for work in works}
    index = Index.of((item.name, item) for item in known)
    keys = {item.key for item in known}
    entries = {item.entry for item in known}
    found: list[NewTitle] = []
    for work in works:
        if work.id in entries or any(_is_it(work, item, present) for item in index.find(work.name, work.year)):
            continue
        key = _free_key(work, keys)
        keys.add(key)
        index.add(work.name, KnownTitle(key=key, name=work.name, kind=kind_of(work), entry=work.id))
        found.append(NewTitle(work=work, key=key))
    return tuple(found)


def renamed(
    works: Iterable[SourceTitle], watched: Iterable[KnownTitle], answers: Mapping[str, SourceTitle], today: date
) -> dict[str, SourceTitle]:
    """Return the works that their calendar has renamed, by the entry of the title that follows them.

    Such a title has no entry in the calendar any more, and nobody follows the work yet. It is the work that the last
    answer about it (`answers`, by entry) was, or has its name in another spelling, or an event to come of the same
    identity and day as in that answer, or else of the same identity alone. What two could be is neither.
    """
    works, known = list(works), list(watched)
    entries, ids = {title.entry for title in known}, {work.id for work in works}
    gone = [(title.entry, title) for title in known if title.entry is not None and title.entry not in ids]
    unfollowed = {work.id: work for work in works if work.id not in entries}
    pairs = dict.fromkeys(_pairs(unfollowed.values(), gone, answers, today))
    of_entry, of_work = Counter(entry for entry, _ in pairs), Counter(id_ for _, id_ in pairs)
    return {entry: unfollowed[id_] for entry, id_ in pairs if of_entry[entry] == of_work[id_] == 1}


def _pairs(
    new: Iterable[SourceTitle],
    gone: Sequence[tuple[str, KnownTitle]],
    answers: Mapping[str, SourceTitle],
    today: date,
) -> Iterator[tuple[str, str]]:
    """Yield each entry that is gone with the id of each new work that it may be: of its name, else with its events."""
    index = Index.of((title.name, (entry, title)) for entry, title in gone)
    last = {answer.id: entry for entry, answer in answers.items()}
    owners = _owners_of_events([entry for entry, _ in gone], answers, today)
    for work in new:
        is_series = kind_of(work) is TitleKind.SERIES
        if work.id in last:
            entries = {last[work.id]}
        else:
            namesakes = index.find(work.name, work.year)
            entries = {entry for entry, title in namesakes if (title.kind is TitleKind.SERIES) is is_series}
        for entry in entries or _with_events_of(work, owners, today):
            yield entry, work.id


Event = tuple[str, date] | str
"""What an event to come is known by: its identity and day, or its identity alone."""


def _owners_of_events(
    gone: Iterable[str], answers: Mapping[str, SourceTitle], today: date
) -> Mapping[Event, Sequence[str]]:
    """Return the entries whose last answer has an event, by what that is known by."""
    owners: dict[Event, list[str]] = defaultdict(list)
    for entry in gone:
        events = _events(answers.get(entry), today)
        keys: set[Event] = events | _identities(events)
        for event in keys:
            owners[event].append(entry)
    return owners


def _with_events_of(work: SourceTitle, owners: Mapping[Event, Sequence[str]], today: date) -> set[str]:
    """Return the entries that had an event of a work on the same day, else those that had one on another day."""
    events = _events(work, today)
    entries = {entry for event in events for entry in owners.get(event, ())}
    return entries or {entry for own in _identities(events) for entry in owners.get(own, ())}


def _events(work: SourceTitle | None, today: date) -> set[tuple[str, date]]:
    """Return the events to come of a work by identity and day."""
    stated = work.releases if work else ()
    return {(item.id, item.on) for item in stated if item.id and item.on and item.on >= today}


def _identities(events: Iterable[tuple[str, date]]) -> set[str]:
    """Return by what events are known on whatever day: short numbers are places in a file, which others take over."""
    return {own for own, _ in events if not (own.isdecimal() and len(own) <= _PLACES)}


_PLACES: Final = 4


def _is_it(work: SourceTitle, known: KnownTitle, present: Container[str]) -> bool:
    """Tell whether a work is a title of its name: not where one is a film and the other a series.

    What one calendar has under two names as written, or both with numbers and without, is two works (`present` are the
    ids of those it has now); elsewhere a title may be what has no number.
    """
    kind = kind_of(work)
    if known.entry is not None and known.entry in present:
        return False
    if known.entry is not None and known.entry.partition("/")[0] == work.id.partition("/")[0]:
        return (kind is TitleKind.SERIES) == (known.kind is TitleKind.SERIES)
    return None in {kind, known.kind} or kind is known.kind or known.kind not in {TitleKind.FILM, TitleKind.SERIES}


def _free_key(work: SourceTitle, taken: set[str]) -> str:
    """Return the key of a new title: its name, with its form where another title has that."""
    plain = title_key(work.name, None)
    return next(key for key in (plain, f"{plain} ({work.form})", work.id) if key not in taken or key == work.id)
