"""How a title that somebody wants to follow stands already: whether it is watched, and whether they follow it."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from reminder.core.model.entities import Title, title_key
from reminder.core.model.names import name_of
from reminder.core.sourcing.answers import Match
from reminder.store import named_titles, title_commands
from reminder.store.followed import known_sources, pinned_to
from reminder.store.title_commands import StoredTitle, kept_by_key, kept_by_numbers
from reminder.usecases.agenda_page import titles_called


class StandingState(enum.StrEnum):
    """The ways in which a title may stand before somebody follows it."""

    NEW = "nobody watches it"
    YOURS = "they follow it already"
    WATCHED = "others watch it"


OPEN_STATES: Final = frozenset({StandingState.NEW, StandingState.WATCHED})
"""In these a title can be followed; else it is followed already."""
MOST_ALIKE: Final = 4
"""So many titles are offered in place of a new one."""


@dataclass(frozen=True, kw_only=True)
class TitleStanding:
    """How a title stands for one person; `kept` is what is watched of it, whatever lists it.

    `alike` are those that may be meant instead of a new one: watched under this name, as a season or otherwise spelt.
    """

    state: StandingState = StandingState.NEW
    kept: StoredTitle | None = None
    alike: tuple[StoredTitle, ...] = ()


def standing_of(tx: Connection, title: Title, match: Match | None, name: str) -> TitleStanding:
    """Return how a title, which is to be pinned to `match` if there is one, stands for the person of this name.

    It is known by its key, else by its entry: one work may be watched under another name.
    """
    kept = _watched(tx, title, match)
    if kept is None or kept.ended_at is not None:
        return TitleStanding(state=StandingState.NEW, alike=() if match is not None else _alike(tx, title))
    is_theirs = bool(title_commands.followers(tx, kept.id, name))
    return TitleStanding(state=StandingState.YOURS if is_theirs else StandingState.WATCHED, kept=kept)


def is_another_work(tx: Connection, title: Title, match: Match | None) -> bool:
    """Tell whether a title of this key is watched and follows another entry than `match`: it is another work."""
    if match is None or title.key not in kept_by_key(tx, [title.key]):
        return False
    known = known_sources(tx, [title.key]).get(title.key)
    return known is not None and known.pin.ref != "" and known.pin.id != match.id


def _watched(tx: Connection, title: Title, match: Match | None) -> StoredTitle | None:
    """Return the title of this key, else one that is watched and follows the same entry, of the same season."""
    found = kept_by_key(tx, [title.key])
    if title.key in found and (match is None or found[title.key].ended_at is None):
        return found[title.key]
    if match is None:
        return None
    same = kept_by_key(tx, pinned_to(tx, match.source, match.ref))
    ours = (item for item in same.values() if item.ended_at is None and item.listing.title.season == title.season)
    return next(ours, found.get(title.key))


def _alike(tx: Connection, title: Title) -> tuple[StoredTitle, ...]:
    """Return what is watched under the name of a title that nobody watches: a season of it, or in another spelling."""
    watched, wanted = named_titles.watched(tx), name_of(title.name)
    near = set(titles_called(watched, wanted.plain))
    named = (pair for pair in zip(watched.ids, watched.names.split("\n"), strict=False) if pair[0] in near)
    numbers = [number for number, name in named if wanted.means(name_of(name))]
    return tuple(kept for kept in kept_by_numbers(tx, numbers[:MOST_ALIKE]) if _may_be_meant(title, kept.listing.title))


def _may_be_meant(title: Title, other: Title) -> bool:
    """Tell whether another title is found by its name and season, and no other season than that of this one."""
    is_by_name = other.key == title_key(other.name, other.season)
    return is_by_name and (title.season == other.season or None in {title.season, other.season})
