"""Pictures of titles for a page: which titles have one, and the picture itself for those who may see the title."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from reminder.core.model.entities import Subscriber
from reminder.core.sourcing.attribution import credits_of
from reminder.core.sourcing.pictures import KEPT
from reminder.store.posters import KeptPoster, Picture, kept_posters, picture_of

__all__ = ["Picture"]


@dataclass(frozen=True, kw_only=True)
class Posters:
    """The pictures of titles on a page: a path for the number of each that has one, and the credit that they need."""

    paths: dict[int, str]
    credit: str | None = None


NO_POSTERS = Posters(paths={})
"""The pictures where `web.posters` is off."""


def posters_of(tx: Connection, numbers: Collection[int], now: datetime) -> Posters:
    """Return the pictures of these titles, by number; the page shows the credit wherever it shows one."""
    found = kept_posters(tx, numbers, now - KEPT)
    return Posters(paths={each.number: _path(each) for each in found}, credit=credits_of(each.source for each in found))


def _path(each: KeptPoster) -> str:
    """Return the path of a picture, another one for each that is kept: browsers keep what it answers."""
    return f"/poster/{each.number}?of={int(each.kept_at.timestamp())}"


def poster_for(tx: Connection, number: int, reader: Subscriber, now: datetime, *, is_owner: bool) -> Picture | None:
    """Return a title's picture for a reader, None where there is none or the title is not theirs to see."""
    return picture_of(tx, number, now - KEPT, None if is_owner else reader.name)
