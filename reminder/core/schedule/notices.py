"""Decides which changes of dates one notice tells a person of, and when it goes (SPEC 5)."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from reminder.core.dates.local_time import next_at
from reminder.core.dates.when import When
from reminder.core.model.entities import Kind, Release, Role, Subscriber
from reminder.core.model.ledger import OPEN, DateChange, Ref, Subscription, TitleHistory
from reminder.core.schedule.heard import changes_since, heard, told_dates
from reminder.core.schedule.notice_kinds import kind_when_seen, notice_kind
from reminder.core.sourcing.restless import BY_HAND, CALM, is_day_read_better, is_restless, is_shifted, waits

URGENT_DAYS: Final = 2
"""A notice about a day nearer than this goes at once (SPEC 5)."""

UNDATED_USE: Final = timedelta(days=30)
"""How long a notice about something undated is useful (SPEC 4)."""

_IN_FLIGHT: Final = timedelta(minutes=1)
"""How long to wait before looking again whether a message in flight has told of a date that is no longer true."""


def last_notable(sub: Subscription, story: TitleHistory, ref: Ref, grace: timedelta) -> DateChange | None:
    """Return the newest change of a release that is worth a notice to this person, None if there was none.

    A change that was none of this person's business when it was seen stays so, wherever they move to later.
    """
    for change in reversed(story.changes_of(ref)):
        if _is_notable(sub, story, change, grace) and not _was_silent(sub, story, change):
            return change
    return None


def _is_notable(sub: Subscription, story: TitleHistory, change: DateChange, grace: timedelta) -> bool:
    """Tell whether a change is worth a notice: neither a day read better, nor an hour shifted (SPEC 5)."""
    kind = kind_when_seen(change.before, change.after, change.seen_at, sub.subscriber.zone, grace)
    return kind is not None and not is_day_read_better(change) and not _is_slight(sub, story, change)


def _is_slight(sub: Subscription, story: TitleHistory, change: DateChange) -> bool:
    """Tell whether a source has only shifted the hour of what has come, or of an episode not told of to this person.

    Its reminder states the hour; the day is the one that was said before, or the next within the same night.
    """
    if change.source in BY_HAND or not is_shifted(change.before, change.after):
        return False
    ended_at = change.before.ends_at(sub.subscriber.zone)
    if ended_at is not None and ended_at < change.seen_at:
        return True
    release = next((dated.release for dated in story.releases if dated.release.ref == change.ref), None)
    is_episode = release is not None and release.role is not Role.PREMIERE
    return is_episode and next(told_dates(sub, story, change.ref), None) is None


def _was_silent(sub: Subscription, story: TitleHistory, change: DateChange) -> bool:
    """Tell whether a change was settled without a notice: a decision about one is always in the ledger."""
    if change.no > sub.noticed_no or change.seen_at <= sub.began_at:
        return False
    return story.told_no < change.no


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A notice owed to one person: about `release`, composed from `heard` to its present date.

    `kind` is None when there is nothing left to tell: the date is back, put right (`is_slip`), or `is_known` from a
    reminder. `covers` are all the releases whose change it settles, `tells` those of them whose change it is about,
    `later` how many of these come after `release`.
    """

    release: Release
    heard: When
    kind: Kind | None
    no: int
    covers: frozenset[Ref]
    at: datetime
    due_at: datetime
    useful_until: datetime
    tells: frozenset[Ref] = frozenset()
    later: int = 0
    is_known: bool = False
    is_slip: bool = False


def pending_notice(sub: Subscription, story: TitleHistory, now: datetime, grace: timedelta) -> Notice | None:
    """Return the one notice that stands for every change of the title not yet decided about, None without a change."""
    worth = [change for change in _undecided(sub, story, now) if _is_notable(sub, story, change, grace)]
    if not worth:
        return None
    all_news = _all_news(sub, story, worth, grace)
    news = _to_tell(all_news, story)
    if not news:
        return _nothing_to_tell(sub, story, all_news[0], worth, now, grace)
    # Who wants only announcements is not to miss one because an earlier release has moved in the same look.
    wanted = [item for item in news if item.kind in sub.subscriber.notices] or news
    first, *others = sorted(wanted, key=lambda item: _order(item, now, sub.subscriber.zone))
    told = frozenset(item.release.ref for item in news)
    at = _goes_at(worth, told, sub, story)
    notice = _notice(sub, first, max(change.no for change in worth), told, at, grace)
    tells = frozenset(item.release.ref for item in wanted)
    return replace(notice, tells=tells, later=_later(first, others, now, sub.subscriber.zone))


def _undecided(sub: Subscription, story: TitleHistory, now: datetime) -> list[DateChange]:
    """Return the changes of present releases after the last one decided about.

    A release whose date goes to and fro waits until it stands: all its changes since the subscription began count.
    """
    present = {dated.release.ref for dated in story.releases}
    waiting = {ref for ref in present if waits(story.changes_of(ref), ref, story.notices, now)}
    return [
        change
        for change in story.changes
        if change.ref in present
        and (change.no > sub.noticed_no or (change.ref in waiting and change.seen_at > sub.began_at))
    ]


def _all_news(sub: Subscription, story: TitleHistory, worth: Iterable[DateChange], grace: timedelta) -> list[_News]:
    """Return what each release that has changed has to tell, counted from the first of its changes."""
    present = {dated.release.ref: dated.release for dated in story.releases}
    first_seen: dict[Ref, datetime] = {}
    for change in worth:
        first_seen[change.ref] = min(change.seen_at, first_seen.get(change.ref, change.seen_at))
    return [_news(sub, story, present[ref], seen_at, grace) for ref, seen_at in first_seen.items()]


def _to_tell(all_news: Iterable[_News], story: TitleHistory) -> list[_News]:
    """Return what is still true news; a date that goes to and fro is told of only where nothing else is to tell."""
    news = [item for item in all_news if item.kind is not None]
    return [item for item in news if not is_restless(story.changes, item.release.ref)] or news


@dataclass(frozen=True, kw_only=True)
class _News:
    """A change of one release to tell: from the date last heard of to the present one, changed at `seen_at`."""

    release: Release
    heard: When
    kind: Kind | None
    seen_at: datetime


def _news(sub: Subscription, story: TitleHistory, release: Release, seen_at: datetime, grace: timedelta) -> _News:
    before = heard(sub, story, release.ref)
    kind = kind_when_seen(before, release.when, seen_at, sub.subscriber.zone, grace)
    return _News(release=release, heard=before, kind=kind, seen_at=seen_at)


def _later(first: _News, others: Iterable[_News], now: datetime, zone: ZoneInfo) -> int:
    """Return how many come after `first`. What is over sorts behind what is to come, but it is not later."""
    is_over = _order(first, now, zone)[0]
    return sum(_order(item, now, zone)[0] is is_over for item in others)


def _order(news: _News, now: datetime, zone: ZoneInfo) -> tuple[bool, bool, float, int, int]:
    """Sort what is still to come before what is over, then by date; what has lost its date by the one it had.

    What is over, but was still awaited when its date changed, is news like what is to come: it came out early.
    """
    when = news.release.when if news.release.when.ends_at(zone) else news.heard
    starts_at, ends_at, awaited_until = when.starts_at(zone), when.ends_at(zone), news.heard.ends_at(zone)
    was_awaited = news.heard.is_dated and awaited_until is not None and awaited_until > news.seen_at
    is_over = ends_at is not None and ends_at < now
    return (
        is_over and not was_awaited,
        starts_at is None,
        starts_at.timestamp() if starts_at else 0.0,
        news.release.season or 0,
        news.release.first,
    )


def _notice(sub: Subscription, news: _News, no: int, covers: frozenset[Ref], at: datetime, grace: timedelta) -> Notice:
    return Notice(
        release=news.release,
        heard=news.heard,
        kind=news.kind,
        no=no,
        covers=covers,
        at=at,
        due_at=_deferred(at, sub.subscriber),
        useful_until=_useful_until(at, news.release.when, sub.subscriber.zone, grace),
    )


def _nothing_to_tell(
    sub: Subscription, story: TitleHistory, news: _News, worth: Sequence[DateChange], now: datetime, grace: timedelta
) -> Notice:
    """Return the decision not to tell: at once, but for a message in flight that may still tell another date."""
    present = {dated.release.ref: dated.release.when for dated in story.releases}
    zone = sub.subscriber.zone
    is_open = any(
        line.state in OPEN and line.ref in present and notice_kind(line.planned, present[line.ref], zone)
        for line in story.recorded
    )
    at = now + _IN_FLIGHT if is_open else now
    is_known = any(line.sent_at is not None and line.sent_at >= worth[-1].seen_at for line in story.recorded)
    no = max(change.no for change in worth)
    is_slip = all(change.before != news.heard for change in changes_since(sub, story, news.release.ref))
    return replace(_notice(sub, news, no, frozenset(), at, grace), is_known=is_known, is_slip=is_slip)


def _goes_at(changes: Iterable[DateChange], told: Container[Ref], sub: Subscription, story: TitleHistory) -> datetime:
    """Return when one notice about the changes of the releases that are `told` goes: with the first, after a pause."""
    at = min(_settles_at(change, story, sub.subscriber) for change in changes if change.ref in told)
    # What differs when a pause ends is told at its end, once, from the date last heard of (SPEC 7).
    return max(at, sub.silent_until) if sub.silent_until is not None else at


def _settles_at(change: DateChange, story: TitleHistory, subscriber: Subscriber) -> datetime:
    """Return when the notice of a change goes; of a date that goes to and fro not before it has stood for a while."""
    if not is_restless(story.changes, change.ref):
        return notice_at(change, subscriber)
    last = max(other.seen_at for other in story.changes if other.ref == change.ref)
    return next_at(last + CALM, subscriber.at, subscriber.zone)


def notice_at(change: DateChange, subscriber: Subscriber) -> datetime:
    """Return when the notice of a change goes: the next sending hour, at once when either day is close (SPEC 5)."""
    if _is_urgent(change, subscriber):
        return change.seen_at
    hour = next_at(change.seen_at, subscriber.at, subscriber.zone)
    if subscriber.digest is None or subscriber.digest.weekday is None:
        return hour
    slot = next_at(change.seen_at, subscriber.at, subscriber.zone, subscriber.digest.weekday)
    return hour if _passes_by(change, subscriber, slot) else slot


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
