"""Whose choice it is that somebody follows a title: their own, or that of whatever lists it for them (SPEC 10)."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

from reminder.store.listings import CALENDAR, CONFIG
from reminder.store.people import IMPORT
from reminder.store.title_commands import StoredTitle
from reminder.store.title_reads import Following
from reminder.store.writer import LISTING, OWN


class ListedBy(enum.Enum):
    """What lists a title for somebody."""

    CONFIG = enum.auto()
    CALENDAR = enum.auto()
    IMPORT = enum.auto()
    COMMAND = enum.auto()


@dataclass(frozen=True, kw_only=True)
class FollowingChoice:
    """Whose choice a person's following is: `is_own` for their own, `listed_by` what lists the title for them as well.

    `stopped_at` is when they have stopped, though it be listed for them.
    """

    is_own: bool = False
    listed_by: ListedBy | None = None
    stopped_at: datetime | None = None


def choice_of(kept: StoredTitle, person: str, following: Following | None) -> FollowingChoice:
    """Return whose choice it is that a person follows a title, or once did."""
    if following is None:
        return FollowingChoice()
    is_live = following.ended_at is None
    return FollowingChoice(
        is_own=is_live and following.origin == OWN,
        listed_by=_listed_by(kept, person, following),
        stopped_at=following.stopped_at,
    )


def _listed_by(kept: StoredTitle, person: str, following: Following) -> ListedBy | None:
    if kept.ended_at is not None:
        return None
    if following.listed_in == IMPORT:
        is_listed = following.ended_at is None or following.stopped_at is not None
        return ListedBy.IMPORT if is_listed and following.origin == LISTING else None
    if following.listed_in != CONFIG or person not in kept.listing.followed_by([person]):
        return None
    by = {CONFIG: ListedBy.CONFIG, CALENDAR: ListedBy.CALENDAR}
    return by.get(kept.origin, ListedBy.COMMAND)
