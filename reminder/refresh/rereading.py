"""Calendars that are read better than before: what follows them goes on under the right name, and untold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from reminder.core.dates.when import UNKNOWN
from reminder.core.model.entities import title_key
from reminder.core.model.names import Index
from reminder.core.model.source_options import NO_SOURCE, SourceOptions
from reminder.core.sourcing.answers import SourceTitle
from reminder.core.sourcing.reread import Becomes, Pinned, becomes
from reminder.core.sourcing.uptake import kind_of
from reminder.store.listings import CALENDAR
from reminder.store.rereading import go_on_as, hand_over, pins_in, take_entry
from reminder.store.title_commands import StoredTitle, kept_titles


def reread(tx: Connection, calendar: str, works: Sequence[SourceTitle], now: datetime) -> None:
    """Let each title that follows a calendar go on as what its entry is read as now."""
    pins = pins_in(tx, calendar)
    kept = {item.listing.title.key: item for item in kept_titles(tx) if item.listing.title.key in pins}
    for each in list(becomes(works, [_pinned(item, pins[key]) for key, item in kept.items()])):
        _go_on(tx, kept[each.key], each, now)


def _pinned(item: StoredTitle, ref: str) -> Pinned:
    title = item.listing.title
    alone = title.sourced.releases if title.sourced and len(title.sourced.releases) == 1 else ()
    when = alone[0].when if alone else UNKNOWN
    return Pinned(
        key=title.key,
        name=title.name,
        ref=ref,
        is_its_own=item.origin == CALENDAR,
        on=when.own_day(),
    )


def _go_on(tx: Connection, item: StoredTitle, new: Becomes, now: datetime) -> None:
    options = item.listing.title.source_options or SourceOptions()
    if item.origin != CALENDAR:
        if options.source is None or ":" not in options.source:
            take_entry(tx, item.listing.title.key, new.work, options, now)
        return
    heir = _heir(tx, item, new.work)
    if heir is None:
        key = _key(tx, item, new.work)
        go_on_as(tx, item, new.work, now, key=key, kind=kind_of(new.work), labels=new.labels)
        return
    if hand_over(tx, item, heir, now, labels=new.labels):
        take_entry(tx, heir.listing.title.key, new.work, heir.listing.title.source_options or SourceOptions(), now)


def _heir(tx: Connection, item: StoredTitle, work: SourceTitle) -> StoredTitle | None:
    """Return the title that is this work already: one that follows the same entry, or a listed one of its name."""
    others = [each for each in kept_titles(tx) if each.id != item.id]
    for each in others:
        options = each.listing.title.source_options
        if options is not None and options.source == work.id:
            return each
    listed = [each for each in others if each.origin != CALENDAR and _may_be(each, work)]
    found = Index.of((each.listing.title.name, number) for number, each in enumerate(listed)).find(work.name, work.year)
    return listed[found[0]] if found else None


def _may_be(item: StoredTitle, work: SourceTitle) -> bool:
    title = item.listing.title
    is_followed = title.source_options is None or title.source_options.source in {None, NO_SOURCE}
    kind = kind_of(work)
    return is_followed and (None in {title.kind, kind} or title.kind is kind)


def _key(tx: Connection, item: StoredTitle, work: SourceTitle) -> str:
    """Return the key that a title has as this work: its name, unless that is another's."""
    plain = title_key(work.name, None)
    taken = {each.listing.title.key for each in kept_titles(tx, ended=True) if each.id != item.id}
    return plain if plain not in taken else item.listing.title.key
