"""Dates that move: which change is worth a notice, what a person last heard, and when the notice goes (SPEC 5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from reminder.core.hours import next_at, weekly_at_or_before
from reminder.core.ledger import DateChange, Ref, Story, Subscription
from reminder.core.model import Kind, Release, Subscriber
from reminder.core.when import UNKNOWN, Precision, When

URGENT_DAYS: Final = 2
"""A notice about a day nearer than this goes at once (SPEC 5)."""

UNDATED_USE: Final = timedelta(days=30)
"""How long a notice about something undated is useful (SPEC 4)."""


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


def last_notable(story: Story, ref: Ref, subscriber: Subscriber, grace: timedelta) -> DateChange | None:
    """Return the newest change of a release that this person's zone makes a notice of, None if there was none."""
    for change in sorted(story.changes, key=lambda change: change.no, reverse=True):
        closed = is_closed(change.before, change.seen_at, subscriber.zone, grace)
        if change.ref == ref and notice_kind(change.before, change.after, subscriber.zone, closed=closed):
            return change
    return None


def heard(sub: Subscription, story: Story, ref: Ref) -> When:
    """Return the date of a release that this person last heard of, else the one when the subscription began."""
    told = [line for line in story.recorded if line.ref == ref and line.sent_at and line.sent_at >= sub.began_at]
    if told:
        return max(told, key=lambda line: (line.sent_at, line.change_no)).planned
    for change in sorted(story.changes, key=lambda change: change.no):
        if change.ref == ref and change.seen_at > sub.began_at:
            return change.before
    return next((dated.release.when for dated in story.releases if dated.release.ref == ref), UNKNOWN)


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A notice owed to one person: about `release`, composed from `heard` to its present date.

    `kind` is None when there is nothing left to tell; `covers` are all the releases whose change it stands for.
    """

    release: Release
    heard: When
    kind: Kind | None
    no: int
    covers: frozenset[Ref]
    at: datetime
    due_at: datetime
    useful_until: datetime


def pending_notice(sub: Subscription, story: Story, now: datetime, grace: timedelta) -> Notice | None:
    """Return the one notice that stands for every change of the title not yet decided about, None without a change."""
    pending = [change for change in story.changes if change.no > sub.noticed_no]
    present = {dated.release.ref: dated.release for dated in story.releases}
    pending = [change for change in pending if change.ref in present]
    worth = [change for change in pending if _worth(change, sub.subscriber, grace)]
    if not worth:
        return None
    refs = {change.ref for change in worth}
    told = [_told(sub, story, present[ref], now, grace) for ref in refs]
    release, before, kind = min(told, key=lambda item: (item[2] is None, _order(item[0], sub.subscriber.zone)))
    at = min(notice_at(change, sub.subscriber) for change in worth)
    return Notice(
        release=release,
        heard=before,
        kind=kind,
        no=max(change.no for change in worth),
        covers=frozenset(refs),
        at=at,
        due_at=_deferred(at, sub.subscriber),
        useful_until=_useful_until(at, release.when, sub.subscriber.zone, grace),
    )


def _worth(change: DateChange, subscriber: Subscriber, grace: timedelta) -> bool:
    closed = is_closed(change.before, change.seen_at, subscriber.zone, grace)
    return notice_kind(change.before, change.after, subscriber.zone, closed=closed) is not None


def _told(
    sub: Subscription, story: Story, release: Release, now: datetime, grace: timedelta
) -> tuple[Release, When, Kind | None]:
    before = heard(sub, story, release.ref)
    zone = sub.subscriber.zone
    return release, before, notice_kind(before, release.when, zone, closed=is_closed(before, now, zone, grace))


def _order(release: Release, zone: ZoneInfo) -> tuple[bool, float, int, int]:
    starts_at = release.when.starts_at(zone)
    return (starts_at is None, starts_at.timestamp() if starts_at else 0.0, release.season or 0, release.first)


def notice_at(change: DateChange, subscriber: Subscriber) -> datetime:
    """Return when the notice of a change goes: the next sending hour, at once when either day is close (SPEC 5)."""
    if _is_urgent(change, subscriber):
        return change.seen_at
    hour = next_at(change.seen_at, subscriber.at, subscriber.zone)
    if subscriber.digest is None or subscriber.digest.weekday is None:
        return hour
    # The last weekly slot before the same hour a week on; two hours less, for a clock change in between.
    slot = weekly_at_or_before(
        hour + timedelta(days=7, hours=-2), subscriber.digest.weekday, subscriber.at, subscriber.zone
    )
    return hour if _passes_by(change, subscriber, slot) else max(hour, slot)


def _passes_by(change: DateChange, subscriber: Subscriber, slot: datetime) -> bool:
    """Tell whether one of the days lies between the change and the weekly slot: then the notice cannot wait for it."""
    today, last = subscriber.today(change.seen_at), subscriber.today(slot)
    return any(today <= day <= last for day in _days((change.before, change.after), subscriber))


def _is_urgent(change: DateChange, subscriber: Subscriber) -> bool:
    today = subscriber.today(change.seen_at)
    return any(abs((day - today).days) < URGENT_DAYS for day in _days((change.before, change.after), subscriber))


def _days(whens: Iterable[When], subscriber: Subscriber) -> list[date]:
    return [day for when in whens if (day := when.day_in(subscriber.zone)) is not None]


def _deferred(at: datetime, subscriber: Subscriber) -> datetime:
    return subscriber.quiet.defer(at, subscriber.zone) if subscriber.quiet else at


def _useful_until(at: datetime, when: When, zone: ZoneInfo, grace: timedelta) -> datetime:
    ends_at = when.ends_at(zone)
    if ends_at is None:
        return at + UNDATED_USE
    return max(at, ends_at) + grace if when.is_dated else max(at + UNDATED_USE, ends_at)
