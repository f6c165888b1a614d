"""What is to come in pages, for whoever takes one after the other: in the order of `upcoming`, from a place on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Final, NamedTuple

from sqlalchemy import Connection

from reminder.store.coming import ComingFilter, ComingRelease, coming, without_day
from reminder.usecases.agenda import order_of

__all__ = ["ComingFilter"]

_DATED: Final = 0
"""The group of what has a day, in the order of `upcoming`."""


class ComingPlace(NamedTuple):
    """The place of a release in the order of `upcoming`: no two have the same."""

    group: int
    starts_at: float
    name: str
    title_id: int
    season: int
    first: int


@dataclass(frozen=True, kw_only=True)
class ComingPage:
    """Some releases that are to come; `next` is the place of the last one, None where nothing comes after it."""

    releases: tuple[ComingRelease, ...]
    next: ComingPlace | None


def coming_page(
    tx: Connection,
    wanted: ComingFilter,
    *,
    zone: tzinfo,
    today: date,
    limit: int,
    after: ComingPlace | None = None,
    to: date | None = None,
) -> ComingPage:
    """Return `limit` of the releases that are not over on `today` in `zone`, from behind a place on.

    With `to` only those that come out by that day: what has no day is then left out.
    """
    found = _from(tx, wanted, zone, today, limit + 1, after)
    placed = {place_of(each, zone): each for each in found if _is_in(each, zone, today, to)}
    ahead = sorted(place for place in placed if after is None or place > after)
    page = ahead[:limit]
    return ComingPage(
        releases=tuple(placed[place] for place in page), next=page[-1] if page and len(ahead) > limit else None
    )


def place_of(item: ComingRelease, zone: tzinfo) -> ComingPlace:
    """Return the place of a release in the order of `upcoming`."""
    release = item.dated.release
    group, starts_at, name = order_of(release.when, zone, item.title)
    season = -1 if release.season is None else release.season
    return ComingPlace(group, starts_at, name, item.title_id, season, release.first)


def _from(
    tx: Connection, wanted: ComingFilter, zone: tzinfo, today: date, limit: int, after: ComingPlace | None
) -> list[ComingRelease]:
    if after is None:
        return coming(tx, today, limit, wanted)
    if after.group != _DATED:
        return without_day(tx, wanted)
    # What comes out two days later by UTC lies behind the place wherever one is.
    on = max(today, datetime.fromtimestamp(after.starts_at, zone).date())
    return coming(tx, on, limit, wanted, behind=on + timedelta(days=1))


def _is_in(item: ComingRelease, zone: tzinfo, today: date, to: date | None) -> bool:
    on = item.dated.release.when.day_in(zone)
    if on is None:
        return to is None
    return today <= on and (to is None or on <= to)
