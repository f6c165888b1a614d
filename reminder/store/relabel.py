"""A release that goes on under another season or number, with its dates and all that was said of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from sqlalchemy import ColumnElement, Connection, Table, and_, select, update

from reminder.core.model.entities import Follow, Release, Role, Title
from reminder.core.model.ledger import Ref, State
from reminder.core.sourcing.resolved import ResolvedDates
from reminder.store.sql.codec import ref_of, season_column
from reminder.store.sql.tables import date_change, delivery, message, release, seen_release
from reminder.store.sql.tables import title as titles

_TABLES: Final = (release, message, date_change, seen_release)
_ASIDE: Final = -1_000_000
"""Where labels stand between the old and the new one: one title's releases may change places with each other."""


def relabel(tx: Connection, title: Title, before: Iterable[Release], found: ResolvedDates) -> None:
    """Give a title's releases their new season and number, in the ledger too: nothing about them is told twice."""
    wanted = _wanted(title, before, found)
    of = tx.execute(select(titles.c.id).where(titles.c.key == title.key)).scalar() if wanted else None
    if of is not None:
        move_labels(tx, of, wanted)


def move_labels(tx: Connection, of: int, wanted: Mapping[Ref, Ref]) -> None:
    """Give releases of one title other seasons and numbers, with their dates and all that was said of them."""
    kept = _labels(tx, of)
    moved = {old: new for old, new in wanted.items() if old in kept}
    # A label that is taken over is free: what stood there is gone, and its messages go with it.
    parked = [ref for ref in moved.values() if ref in kept and ref not in moved]
    lowest = min((first for _, first in kept), default=0)
    moved |= {ref: (ref[0], min(lowest, 0) - number) for number, ref in enumerate(parked, 1)}
    steps = {old: (old[0], _ASIDE - number) for number, old in enumerate(moved)}
    for old, aside in steps.items():
        _rename(tx, of, old, aside)
    for old, new in moved.items():
        _rename(tx, of, steps[old], new)


def _wanted(title: Title, before: Iterable[Release], found: ResolvedDates) -> Mapping[Ref, Ref]:
    """Return the new labels; for who follows the finale alone, the finale goes on as the finale."""
    if title.follow is not Follow.FINALE:
        return found.relabelled
    ends = {item.season: item.ref for item in found.sourced.releases if item.role is Role.FINALE}
    old = {item.season: item.ref for item in before if item.role is Role.FINALE}
    return {ref: ends[season] for season, ref in old.items() if ends.get(season, ref) != ref}


def _labels(tx: Connection, of: int) -> Sequence[Ref]:
    rows = tx.execute(select(release.c.season, release.c.first).where(release.c.title_id == of))
    return [ref_of(row.season, row.first) for row in rows]


def _rename(tx: Connection, of: int, old: Ref, new: Ref) -> None:
    for table in _TABLES:
        tx.execute(update(table).where(_is(table, of, old)).values(season=season_column(new[0]), first=new[1]))


def _is(table: Table, of: int, ref: Ref) -> ColumnElement[bool]:
    return and_(table.c.title_id == of, table.c.season == season_column(ref[0]), table.c.first == ref[1])


def was_told(tx: Connection, of: int, ref: Ref) -> bool:
    """Tell whether anybody was told of a release."""
    sent = select(message.c.id).join(delivery, delivery.c.message_id == message.c.id)
    return tx.execute(sent.where(_is(message, of, ref), delivery.c.state == State.SENT).limit(1)).first() is not None
