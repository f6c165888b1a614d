"""Describes how the episodes of a season come out."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from reminder.core.dates.when import When


class Pace(enum.StrEnum):
    """The rhythm in which the drops of a season follow each other."""

    ALL = "all"
    WEEKLY = "weekly"
    DAILY = "daily"
    LISTED = "listed"


@dataclass(frozen=True, kw_only=True)
class ListedDrop:
    """One drop written out: so many episodes, out then."""

    episodes: int
    premiere: When


@dataclass(frozen=True, kw_only=True)
class Drop:
    """The shape of a season: `first` episodes on the first day, then one a step; or every drop listed."""

    pace: Pace
    first: int = 1
    listed: tuple[ListedDrop, ...] = ()
