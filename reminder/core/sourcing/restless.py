"""Dates that go to and fro at their source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from reminder.core.dates.when import When
from reminder.core.model.ledger import DateChange, Ref

RESTLESS: Final = 3
"""A date that came back so many times within a week, to one that it had, is told to the operator and not to readers."""

_WEEK: Final = timedelta(days=7)


def is_restless(changes: Iterable[DateChange], ref: Ref) -> bool:
    """Tell whether a release's date went to and fro three times within the week before its last change."""
    mine = sorted((change for change in changes if change.ref == ref), key=lambda change: change.no)
    lately = [change for change in mine if change.seen_at > mine[-1].seen_at - _WEEK]
    had: set[When] = set()
    returns = 0
    for change in lately:
        had.add(change.before)
        returns += change.after in had
    return returns >= RESTLESS


def newly_restless(changes: Sequence[DateChange], now: datetime) -> frozenset[Ref]:
    """Return the releases whose dates have come to go to and fro with a change seen at `now`."""
    before = [change for change in changes if change.seen_at < now]
    refs = {change.ref for change in changes if change.seen_at == now}
    return frozenset(ref for ref in refs if is_restless(changes, ref) and not is_restless(before, ref))
