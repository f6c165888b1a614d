"""Recognises changes at a source that are hardly news: dates that go to and fro, hours that shift, days read better."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Final

from reminder.core.dates.when import Precision, When
from reminder.core.model.ledger import DateChange, RecordedMessage, Ref

BY_HAND: Final = frozenset({"config", "command"})
"""Who writes a date by hand, and means a change when there is one."""

RESTLESS: Final = 3
"""A date that came back so many times within a week, to one that it had, is told to the operator and not to readers."""

CALM: Final = timedelta(days=2)
"""For so long a date that went to and fro has to stand before readers are told of it."""

_WEEK: Final = timedelta(days=7)
_A_NIGHT: Final = timedelta(hours=6)
_LATEST: Final = timedelta(days=30)
"""For so long it is remembered that readers are to be told of it."""


def is_shifted(before: When, after: When) -> bool:
    """Tell whether a date is the same day where it was said, at another hour or none, or hours away at night."""
    if before.at is not None and after.at is not None and abs(after.at - before.at) < _A_NIGHT:
        return True
    return before.is_dated and after.is_dated and before.own_day() == after.own_day()


def is_day_read_better(change: DateChange) -> bool:
    """Tell whether what was taken for midnight somewhere is that place's whole day now: its source said so before."""
    before, after = change.before, change.after
    if change.source in BY_HAND or before.at is None or after.precision is not Precision.DAY:
        return False
    there = before.at.astimezone(before.zone) if before.zone else before.at
    return there.time() == time(0) and there.date() == after.on


def is_restless(changes: Iterable[DateChange], ref: Ref) -> bool:
    """Tell whether a release's date went to and fro three times within the week before its last change."""
    own = sorted((change for change in changes if change.ref == ref), key=lambda change: change.no)
    lately = [change for change in own if change.seen_at > own[-1].seen_at - _WEEK]
    had: set[When] = set()
    returns = 0
    for change in lately:
        had.add(change.before)
        returns += change.after in had
    return returns >= RESTLESS


def waits(changes: Sequence[DateChange], ref: Ref, notices: Iterable[RecordedMessage], now: datetime) -> bool:
    """Tell whether a date went to and fro and readers are still to be told of it, whatever else they were told since.

    `changes` are those of the release, in their order. A notice about another release does not stand for it.
    """
    last = changes[-1] if changes else None
    if last is None or last.seen_at + CALM + _LATEST < now or not is_restless(changes, ref):
        return False
    return not any(line.ref == ref and line.change_no >= last.no for line in notices)


def is_told_beside(changes: Sequence[DateChange], ref: Ref, sent_at: datetime) -> bool:
    """Tell whether a notice about another release told of these changes as well: not while the date went to and fro."""
    return not (is_restless(changes, ref) and sent_at < changes[-1].seen_at + CALM)


def newly_restless(changes: Sequence[DateChange], now: datetime) -> frozenset[Ref]:
    """Return the releases whose dates have come to go to and fro with a change seen at `now`."""
    before = [change for change in changes if change.seen_at < now]
    refs = {change.ref for change in changes if change.seen_at == now}
    return frozenset(ref for ref in refs if is_restless(changes, ref) and not is_restless(before, ref))
