"""Plans one title for one person: what is due, what is to come, what will not be sent, each with its reason.

`plan` looks only at what it is given; `decide` turns what is due at one instant into messages.
"""

from __future__ import annotations

import enum
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from reminder.core.dates.local_time import next_at
from reminder.core.model.entities import Kind, Release
from reminder.core.model.ledger import (
    OPEN,
    DateChange,
    Dated,
    Reason,
    RecordedMessage,
    Ref,
    State,
    Subscription,
    TitleHistory,
)
from reminder.core.schedule.moments import MISSED, MISSED_USE, Moment, deferred, moments
from reminder.core.schedule.notices import Notice, last_notable, pending_notice


class PlanVerdict(enum.Enum):
    """The plan's verdict on one moment."""

    TO_COME = enum.auto()
    DUE = enum.auto()
    EXPIRED = enum.auto()
    BEFORE_CHANGE = enum.auto()
    NOT_OWED = enum.auto()
    RECORDED = enum.auto()
    FORGOTTEN = enum.auto()


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A moment with its verdict. `reason` stands where it will not be sent; `recorded` where it was decided before."""

    moment: Moment
    verdict: PlanVerdict
    reason: Reason | None = None
    recorded: RecordedMessage | None = None


@dataclass(frozen=True, kw_only=True)
class Missed:
    """A release that passed without its messages reaching the person: told once, when things work again."""

    release: Release
    at: datetime
    due_at: datetime
    useful_until: datetime


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Everything that stands between one person and one title at one instant.

    Leads that have no moment at all are not in it (`moments.without_moment`). `awake_at` is the instant of the plan, or
    the end of the quiet hours it lies in: nothing is decided before that, so that what waited is one message, true when
    it goes.
    """

    planned: tuple[Planned, ...]
    notice: Notice | None
    missed: tuple[Missed, ...]
    last_no: int
    awake_at: datetime

    def with_verdict(self, *verdicts: PlanVerdict) -> tuple[Planned, ...]:
        """Return the planned moments that have one of these verdicts."""
        return tuple(item for item in self.planned if item.verdict in verdicts)

    @property
    def next_due_at(self) -> datetime | None:
        """Return the instant at which something must be decided next, None for never."""
        waiting = [
            item.moment.due_at for item in self.with_verdict(PlanVerdict.TO_COME, PlanVerdict.DUE, PlanVerdict.EXPIRED)
        ]
        waiting += [missed.due_at for missed in self.missed]
        waiting += [self.notice.due_at] if self.notice else []
        return self._first(waiting)

    @property
    def later_at(self) -> datetime | None:
        """Return the instant at which the first of what is still to come must be decided, None when nothing is."""
        return self._first([item.moment.due_at for item in self.with_verdict(PlanVerdict.TO_COME)])

    def _first(self, waiting: Sequence[datetime]) -> datetime | None:
        return max(min(waiting), self.awake_at) if waiting else None


@dataclass(frozen=True, kw_only=True)
class Rungs:
    """One person's ladder applied to one release, whatever the present instant.

    `change` is the release's last one worth a notice, `told_by` when the change was seen that a notice is still to
    tell of.
    """

    release: Release
    moments: tuple[Moment, ...]
    change: DateChange | None
    told_by: datetime | None


def plan(sub: Subscription, story: TitleHistory, now: datetime, grace: timedelta) -> Plan:
    """Given a subscription, its title's story and the instant `now`, return what is due, to come and settled.

    `grace` is how long after a release its messages are still worth sending. Pure: the same input, the same plan.
    """
    notice = pending_notice(sub, story, now, grace)
    covered = notice.covers if notice else frozenset()
    return plan_of(sub, story, [rungs_of(sub, story, dated, covered, grace) for dated in story.releases], notice, now)


def plan_of(
    sub: Subscription, story: TitleHistory, rungs: Iterable[Rungs], notice: Notice | None, now: datetime
) -> Plan:
    """Return the plan at `now` of the releases whose `rungs` these are, with the notice that is pending."""
    awake_at = deferred(now, sub.subscriber)
    planned: list[Planned] = []
    missed: list[Missed] = []
    for each in rungs:
        lines = story.lines_of(each.release.ref)
        judged = [
            Planned(moment=moment, verdict=PlanVerdict.RECORDED, recorded=line)
            if (line := closing(lines, moment.what, each.release, each.change)) is not None
            else _judged(sub, story, moment, each, now, awake_at)
            for moment in each.moments
        ]
        planned += judged
        missed += _missed(sub, story, each, judged, now, _after_pause(sub, awake_at))
    return Plan(planned=tuple(planned), notice=notice, missed=tuple(missed), last_no=story.last_no, awake_at=awake_at)


def _after_pause(sub: Subscription, at: datetime) -> datetime:
    return max(at, sub.silent_until) if sub.silent_until is not None else at


def rungs_of(sub: Subscription, story: TitleHistory, dated: Dated, covered: Container[Ref], grace: timedelta) -> Rungs:
    """Return the moments of one release; `covered` are the releases whose change a notice is still to tell of."""
    change = last_notable(sub, story, dated.release.ref, grace)
    changed_at = change.seen_at if change else None
    told_by = changed_at if dated.release.ref in covered else None
    # What is announced as it is first seen, a next season, is a change like any other: its past leads are not dropped.
    seen_at = sub.began_at if told_by == dated.seen_at else dated.seen_at
    found = moments(sub, dated.release, seen_at, grace, changed_at)
    return Rungs(release=dated.release, moments=found, change=change, told_by=told_by)


def _judged(
    sub: Subscription, story: TitleHistory, moment: Moment, rungs: Rungs, now: datetime, awake_at: datetime
) -> Planned:
    """Return the verdict on a moment that no message has closed."""
    if not moment.is_owed:
        late = Reason.ADDED_LATER if moment.owed_from > sub.began_at else Reason.SUBSCRIBED_LATER
        return Planned(moment=moment, verdict=PlanVerdict.NOT_OWED, reason=late)
    if rungs.told_by is not None and moment.at < rungs.told_by:
        return Planned(moment=moment, verdict=PlanVerdict.BEFORE_CHANGE, reason=Reason.BY_NOTICE)
    if story.settled_before is not None and moment.useful_until < min(story.settled_before, now):
        return Planned(moment=moment, verdict=PlanVerdict.FORGOTTEN, reason=Reason.FORGOTTEN)
    if moment.due_at > now or awake_at > now:
        return Planned(moment=moment, verdict=PlanVerdict.TO_COME)
    if moment.useful_until < now:
        return Planned(moment=moment, verdict=PlanVerdict.EXPIRED, reason=Reason.OVER)
    return Planned(moment=moment, verdict=PlanVerdict.DUE)


def closing(
    lines: Iterable[RecordedMessage], what: str, release: Release, change: DateChange | None
) -> RecordedMessage | None:
    """Given the messages about a release, return the one that closes a key, None when it is open.

    A key is closed by a message planned against this very date, or against one that nothing worth a notice has
    changed since (a day that became exact is the same date). A skip closes it only until the next such change.
    """
    for line in lines:
        if line.what != what:
            continue
        if line.planned == release.when and line.state is not State.SKIPPED:
            return line
        if _is_since(line, change) and _says_it(line, release):
            return line
    return None


def _is_since(line: RecordedMessage, change: DateChange | None) -> bool:
    return line.change_no >= (change.no if change else 0)


def _same_date(line: RecordedMessage, release: Release, change: DateChange | None) -> bool:
    """Tell whether a message was about the date the release has now, or had before a change not worth a notice."""
    return line.planned == release.when or _is_since(line, change)


def _says_it(line: RecordedMessage, release: Release) -> bool:
    """Tell whether a message says what one about the release's present date would.

    Not so a window of which another has the first day: summer that became July, which nobody has heard of, speaks in
    July; July that became summer spoke already. Nor one that shares no day with it (summer, no date, fall).
    """
    if line.kind is not Kind.WINDOW:
        return True
    spoke_on, speaks_on = line.planned.speaks_on(), release.when.speaks_on()
    is_later = spoke_on is None or speaks_on is None or speaks_on > spoke_on
    return line.planned.overlaps(release.when) and not is_later


def _missed(
    sub: Subscription, story: TitleHistory, rungs: Rungs, planned: Sequence[Planned], now: datetime, awake_at: datetime
) -> Iterator[Missed]:
    when = rungs.release.when
    ends_at = when.ends_at(sub.subscriber.zone) if when.is_dated else None
    # Who has no channel at all is told once they have one.
    if ends_at is None or now >= ends_at + MISSED_USE or not sub.subscriber.channels:
        return
    told_from = _lost(sub, story, rungs, planned, ends_at)
    if told_from is None:
        return
    due_at = awake_at if told_from <= now else _after_pause(sub, deferred(told_from, sub.subscriber))
    yield Missed(release=rungs.release, at=max(told_from, now), due_at=due_at, useful_until=ends_at + MISSED_USE)


def _lost(
    sub: Subscription, story: TitleHistory, rungs: Rungs, planned: Sequence[Planned], ends_at: datetime
) -> datetime | None:
    """Return from when on it may be told that a release was missed which ends at `ends_at`; None when it was not."""
    release, change = rungs.release, rungs.change
    lines = story.lines_of(release.ref)
    if any(line.what == MISSED and _same_date(line, release, change) for line in lines):
        return None
    about = [line for line in lines if line.decided_at >= sub.began_at]
    verdicts = {item.verdict for item in planned}
    if _is_said_otherwise(sub, rungs, about, verdicts):
        return None
    lost = [line for line in about if line.is_lost and _same_date(line, release, change)]
    return _missed_from(sub, lost, verdicts, ends_at)


def _is_said_otherwise(
    sub: Subscription, rungs: Rungs, about: Sequence[RecordedMessage], verdicts: Container[PlanVerdict]
) -> bool:
    """Tell whether another message says that a release is out: it was sent, waits to be sent, or is due now."""
    if PlanVerdict.DUE in verdicts or PlanVerdict.BEFORE_CHANGE in verdicts:
        return True
    return any(line.state in OPEN or _told_it_is_out(line, rungs.release, rungs.change, sub) for line in about)


def _missed_from(
    sub: Subscription, lost: Sequence[RecordedMessage], verdicts: Container[PlanVerdict], ends_at: datetime
) -> datetime | None:
    """Return from when on a loss may be told of: the end of a release whose message came too late, else the next hour.

    What was given up by its own fault, while all else went out, waits for no trouble to end.
    """
    if PlanVerdict.EXPIRED in verdicts or any(line.state is State.EXPIRED for line in lost):
        return ends_at
    given_up = [line.closed_at for line in lost if line.closed_at is not None]
    if not given_up or PlanVerdict.TO_COME in verdicts:
        return None
    return next_at(max(ends_at, *given_up), sub.subscriber.at, sub.subscriber.zone)


def _told_it_is_out(line: RecordedMessage, release: Release, change: DateChange | None, sub: Subscription) -> bool:
    """Tell whether a message arrived after the release's date, or one that was corrected when long over."""
    whens = [release.when, line.planned] if _same_date(line, release, change) else [release.when]
    starts = [starts_at for when in whens if (starts_at := when.starts_at(sub.subscriber.zone))]
    return line.sent_at is not None and any(line.sent_at >= starts_at for starts_at in starts)
