"""Decides which date counts where one answer states an episode more than once, whatever their order."""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from reminder.core.dates.when import Precision
from reminder.core.sourcing.answers import Stated, day_of

EpisodeKey = tuple[int | None, int | None]
"""What an episode is known by within one answer: its season and its number."""


@dataclass(frozen=True, kw_only=True)
class Distinct:
    """An episode as it counts, and what else the same answer states of it."""

    counts: Stated
    repeats: tuple[Stated, ...] = ()


class _Rank(enum.IntEnum):
    """The worth of a date beside another of the same episode; the lowest counts."""

    DATED = 0
    COARSE = 1
    OVER = 2
    UNKNOWN = 3
    CANCELLED = 4


def distinct(stated: Iterable[Stated], since: date | None = None) -> tuple[Distinct, ...]:
    """Given what one answer states of episodes, return each episode once, in the order of seasons and numbers.

    The earliest date that is not cancelled counts. One that was over before `since`, when the title came to be
    followed, does not count while another lies ahead.
    """
    by_key: dict[EpisodeKey, list[Stated]] = defaultdict(list)
    for item in stated:
        by_key[item.season, item.number].append(item)
    return tuple(_first(by_key[key], since) for key in sorted(by_key, key=_order))


def _order(key: EpisodeKey) -> tuple[int, int]:
    """Sort a season as a whole before its episodes, and what has no season before all that has."""
    season, number = key
    return (-1 if season is None else season, -1 if number is None else number)


def _first(items: list[Stated], since: date | None) -> Distinct:
    first, *rest = sorted(items, key=lambda item: _worth(item, since))
    return Distinct(counts=first, repeats=tuple(rest))


def _worth(item: Stated, since: date | None) -> tuple[_Rank, date, bool, str, str, str]:
    """Order by rank and day; on one day an instant comes first, and of several the earliest."""
    at = item.when.at
    shown = at.isoformat() if at else item.when.show()
    return (_rank(item, since), day_of(item), at is None, shown, item.raw, item.id or "")


def _rank(item: Stated, since: date | None) -> _Rank:
    if item.when.precision is Precision.CANCELLED:
        return _Rank.CANCELLED
    if item.when.precision is Precision.UNKNOWN:
        return _Rank.UNKNOWN
    if since is not None and day_of(item) < since:
        return _Rank.OVER
    return _Rank.COARSE if item.when.is_coarse else _Rank.DATED
