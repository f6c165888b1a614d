"""Following a title through a source: the entry it is pinned to, what that says, and pinning it to another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from reminder.core.model.entities import Title
from reminder.core.sourcing.answers import Match
from reminder.core.sourcing.select_release import SelectedRelease, choose
from reminder.store.asking_faults import asking_faults
from reminder.store.followed import BY_NAME, BY_PERSON, SourceState, is_pinned_so, known_sources, pin_to

__all__ = ["SourceState", "known_sources"]


def source_of(tx: Connection, title: Title) -> SourceState | None:
    """Return what is known of a title's source, None where it was not searched for yet."""
    return known_sources(tx, [title.key]).get(title.key)


def is_settled(title: Title, known: SourceState | None) -> bool:
    """Tell whether a title that is followed is pinned to an entry, and to the one that its listing names."""
    options = title.source_options
    return bool(known and known.pin.ref and options is not None and is_pinned_so(options, known.pin))


def second_opinion(title: Title, known: SourceState) -> tuple[SelectedRelease, ...] | None:
    """Return what the second source says of the releases of a title, None where none was asked."""
    if known.second is None or title.source_options is None or known.answered_at is None:
        return None
    return choose(known.second, title.source_options, season=title.season, today=known.answered_at.date())


def sources_refusing(tx: Connection) -> list[str]:
    """Return a sentence for each source that refuses us by a fault of the config's."""
    return [str(fault) for fault in asking_faults(tx).values()]


@dataclass(frozen=True, kw_only=True)
class FoundEntry:
    """The entry that was found for a title, and whether a person chose it."""

    key: str
    match: Match
    is_persons: bool = True


def pin_entries(tx: Connection, found: Iterable[FoundEntry], now: datetime) -> None:
    """Pin titles to the entries that were found for them."""
    for entry in found:
        pin_to(tx, entry.key, entry.match, BY_PERSON if entry.is_persons else BY_NAME, now)
