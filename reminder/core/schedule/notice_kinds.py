"""Tells which kind of notice a change from one date to another is worth (the table of SPEC 5)."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from reminder.core.dates.when import Precision, When
from reminder.core.model.entities import Kind


def notice_kind(before: When, after: When, zone: ZoneInfo, *, closed: bool = False) -> Kind | None:
    """Return the notice that tells of a change from `before` to `after` to a person in `zone`, None for no notice.

    `closed` says that `before` has passed: what comes after it is the next release, not a move (the table of SPEC 5).
    """
    if before == after:
        return None
    if after.precision is Precision.CANCELLED:
        return Kind.CANCELLED
    if closed or before.precision is Precision.CANCELLED:
        return Kind.ANNOUNCED if after.is_dated and not _earlier(after, before, zone) else None
    if after.is_dated:
        return _dated_kind(before, after, zone)
    if before.is_dated:
        return Kind.WITHDRAWN
    return Kind.MOVED if before.is_coarse and after.is_coarse and not before.overlaps(after) else None


def _dated_kind(before: When, after: When, zone: ZoneInfo) -> Kind | None:
    if not before.is_dated:
        return Kind.ANNOUNCED
    if before.at is not None and after.at is not None:
        return Kind.MOVED
    return Kind.MOVED if before.day_in(zone) != after.day_in(zone) else None


def _earlier(after: When, before: When, zone: ZoneInfo) -> bool:
    new, old = after.day_in(zone), before.day_in(zone)
    return new is not None and old is not None and new < old


def is_closed(when: When, now: datetime, zone: ZoneInfo, grace: timedelta) -> bool:
    """Tell whether a dated release lies further back than `grace`: what is dated after it is the next release."""
    if not when.is_dated:
        return False
    ends_at = when.ends_at(zone)
    return ends_at is not None and ends_at + grace < now


def kind_when_seen(before: When, after: When, seen_at: datetime, zone: ZoneInfo, grace: timedelta) -> Kind | None:
    """Return the notice for a change seen at `seen_at`; None for what is about a date that was long over by then."""
    closed = is_closed(before, seen_at, zone, grace)
    kind = notice_kind(before, after, zone, closed=closed)
    is_past = is_closed(after, seen_at, zone, grace)
    # What was long over when it was first heard of is no announcement.
    return None if is_past and (closed or kind is Kind.ANNOUNCED) else kind
