"""The same news is told once a day (SPEC 2)."""

from __future__ import annotations

from datetime import datetime

from reminder.core.model.entities import NOTICES, Kind, Release
from reminder.core.model.lead import Lead
from reminder.core.model.ledger import RecordedMessage, Subscription, TitleHistory
from reminder.core.schedule.moments import Moment
from reminder.core.text.message import Topic, compose
from reminder.core.text.phrases import ReaderSettings


def said_today(sub: Subscription, story: TitleHistory, moment: Moment, now: datetime) -> frozenset[str]:
    """Return the channels on which a reminder would say at `now` what the last message of this day there said.

    That is one about the same release and the same date, in the same built-in words; a notice says what a reminder
    would have said then, beside the change.
    """
    if moment.kind is not Kind.REMINDER:
        return frozenset()
    person = sub.subscriber
    lines = story.lines_of(moment.release.ref)
    last: dict[str, tuple[datetime, RecordedMessage]] = {}
    for line in lines:
        for channel, at in line.arrived:
            if (
                at is not None
                and person.today(at) == person.today(now)
                and (channel not in last or last[channel][0] <= at)
            ):
                last[channel] = (at, line)
    if not last:
        return frozenset()
    saying = _words(sub, moment.release, moment.lead, now)
    return frozenset(name for name, (at, line) in last.items() if _said(sub, moment.release, line, at) == saying)


def _said(sub: Subscription, release: Release, line: RecordedMessage, at: datetime) -> str | None:
    """Return what a message said of a release when it went out, None where that is nothing that a reminder says."""
    if line.planned != release.when:
        return None
    if line.kind is Kind.REMINDER:
        return _words(sub, release, Lead.parse(line.what), at)
    return _words(sub, release, None, at) if line.kind in NOTICES else None


def _words(sub: Subscription, release: Release, lead: Lead | None, at: datetime) -> str:
    reader = ReaderSettings(zone=sub.subscriber.zone, hour_style=sub.subscriber.hour_style)
    topic = Topic(kind=Kind.REMINDER, title=sub.title, release=release, lead=lead)
    return compose(topic, reader, at).subject
