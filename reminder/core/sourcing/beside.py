"""Reads an answer beside the one before it: what it cannot say any more, or says again, changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import count

from reminder.core.sourcing.answers import SourceTitle, Stated, day_of
from reminder.core.sourcing.distinct import distinct
from reminder.core.sourcing.placeholder_dates import PlaceholderRule
from reminder.core.sourcing.series_moved import go_on


def read_beside(answer: SourceTitle, before: SourceTitle | None, *, since: date | None, today: date) -> SourceTitle:
    """Given an answer and the one before it from the same entry, return the answer as it is to be understood.

    A date that cannot be read is no answer, so the one before stays. An episode that has come, and is stated again
    for a later day by another entry, is repeated then, and keeps the day on which it came.
    """
    if before is None or before.source != answer.source:
        return answer
    stated = go_on(answer.releases, before.releases, today) if before.ref == answer.ref else answer.releases
    readable = tuple(_readable(stated, before.releases))
    came = tuple(_came(readable, before.releases, since, today))
    return replace(answer, releases=(*readable, *came))


def is_unreadable(item: Stated) -> bool:
    """Tell whether the source has a date there that cannot be read."""
    return item.rule == PlaceholderRule.UNREADABLE


def _readable(stated: Iterable[Stated], before: Iterable[Stated]) -> Iterator[Stated]:
    by_id = {key: item for key, item in _keyed(before, _id_key) if key is not None}
    by_place = dict(_keyed(before, _place_key))
    for key, item in _keyed(stated, _place_key):
        known = by_id.get(_id_key(item), by_place.get(key)) if item.id else by_place.get(key)
        yield _as_before(item, known) if is_unreadable(item) and known else item


def _as_before(item: Stated, known: Stated) -> Stated:
    rule = f'"{item.raw}" cannot be read, so the date from before stays'
    return replace(item, when=known.when, on=known.on, rule=rule, provisional=known.provisional)


def _id_key(item: Stated) -> Hashable:
    return (item.id, item.number is None) if item.id else None


def _place_key(item: Stated) -> Hashable:
    return (item.season, item.number, item.special, item.kind, item.country, item.limited)


def _keyed(items: Iterable[Stated], key_of: Callable[[Stated], Hashable]) -> Iterator[tuple[Hashable, Stated]]:
    """Yield each item with its key; one whose key came before gets a number as well."""
    seen: dict[Hashable, count[int]] = {}
    for item in items:
        key = key_of(item)
        if key is None:
            continue
        number = next(seen.setdefault(key, count()))
        yield (key, number) if number else key, item


def _came(stated: Iterable[Stated], before: Iterable[Stated], since: date | None, today: date) -> Iterator[Stated]:
    """Yield what has come and is not in the answer any more, of the episodes that it states for a later day."""
    then = {_episode(item.counts): item for item in distinct(_episodes(before), since)}
    for item in distinct(_episodes(stated), since):
        known = then.get(_episode(item.counts))
        if known is None or not _is_later(item.counts, known.counts, today):
            continue
        was_repeat = any(other.when == item.counts.when for other in known.repeats)
        is_other = None not in {item.counts.id, known.counts.id} and item.counts.id != known.counts.id
        if was_repeat or is_other:
            yield known.counts


def _is_later(item: Stated, known: Stated, today: date) -> bool:
    is_dated = item.when.is_dated and known.when.is_dated
    return is_dated and day_of(known) < today and day_of(known) < day_of(item)


def _episodes(stated: Iterable[Stated]) -> Iterator[Stated]:
    return (item for item in stated if item.number is not None and not item.special)


def _episode(item: Stated) -> tuple[int | None, int | None]:
    return item.season, item.number
