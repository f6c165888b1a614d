"""Tells whether a person has heard of a change of a date, by which message, and why not (SPEC 5)."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta

from reminder.core.model.ledger import OPEN, DateChange, RecordedMessage, State, Subscription, TitleHistory
from reminder.core.schedule.heard import changes_since
from reminder.core.schedule.notice_kinds import kind_when_seen
from reminder.core.sourcing.restless import is_told_beside


class ChangeHeard(enum.Enum):
    """How a person stands to a change of a date."""

    TOLD = enum.auto()
    ON_ITS_WAY = enum.auto()
    TO_COME = enum.auto()
    NOT_TOLD = enum.auto()
    """A notice was decided about, and did not go out: its row in the ledger says why."""
    BEFORE = enum.auto()
    """It was before this person followed the title: they never heard of the date before it."""
    NO_NEWS = enum.auto()
    """It is not worth a notice to this person."""


@dataclass(frozen=True, kw_only=True)
class ChangeTold:
    """How a person stands to a change, and the message that decided it, if one did; `at` is when that arrived."""

    heard: ChangeHeard
    by: RecordedMessage | None = None
    at: datetime | None = None


def told_of(sub: Subscription, story: TitleHistory, change: DateChange, grace: timedelta) -> ChangeTold:
    """Return how a person stands to one change of a title's date."""
    if change.seen_at <= sub.began_at:
        return ChangeTold(heard=ChangeHeard.BEFORE)
    if (told := _told(sub, story, change)) is not None:
        return ChangeTold(heard=ChangeHeard.TOLD, by=told, at=told.sent_at)
    notice = next((line for line in _notices(sub, story, change)), None)
    if notice is not None:
        is_open = notice.state in OPEN
        return ChangeTold(heard=ChangeHeard.ON_ITS_WAY if is_open else ChangeHeard.NOT_TOLD, by=notice)
    kind = kind_when_seen(change.before, change.after, change.seen_at, sub.subscriber.zone, grace)
    if kind is not None and change.no > sub.noticed_no:
        return ChangeTold(heard=ChangeHeard.TO_COME)
    return ChangeTold(heard=ChangeHeard.NO_NEWS)


def _told(sub: Subscription, story: TitleHistory, change: DateChange) -> RecordedMessage | None:
    """Return the first message that arrived and said the new date, or what had become of it by then."""
    notices = [line for line in _notices(sub, story, change) if line.state is State.SENT]
    others = [line for line in story.lines_of(change.ref) if line.planned == change.after]
    sent = [line for line in (*notices, *others) if line.sent_at is not None and line.sent_at >= change.seen_at]
    return min(sent, key=lambda line: (line.sent_at or line.at, line.id), default=None)


def _notices(sub: Subscription, story: TitleHistory, change: DateChange) -> list[RecordedMessage]:
    """Return the notices that settled a change, about its release or about another that changed together with it."""
    changes = changes_since(sub, story, change.ref)
    found = []
    for line in story.notices:
        if line.change_no < change.no:
            continue
        covered = [item for item in changes if item.no <= line.change_no]
        is_told = line.ref == change.ref or line.sent_at is None or is_told_beside(covered, change.ref, line.sent_at)
        if is_told:
            found.append(line)
    return sorted(found, key=lambda line: (line.change_no, line.id))
