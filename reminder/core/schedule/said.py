"""Tells whether a message would only repeat another: the same news is told once a day (SPEC 2)."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from reminder.core.dates.when import When
from reminder.core.model.entities import NOTICES, Kind, Release, Subscriber, Title
from reminder.core.model.lead import Lead
from reminder.core.model.ledger import RecordedMessage, Subscription, TitleHistory
from reminder.core.schedule.moments import AGAIN, Moment
from reminder.core.text.message import Topic, compose
from reminder.core.text.phrases import ReaderSettings


@dataclass(frozen=True, kw_only=True)
class Told:
    """A message about the same release on the same channel, and when it arrived there; None while it is in flight."""

    kind: Kind
    what: str
    planned: When
    at: datetime | None


class Repeats(enum.Enum):
    """Whether a reminder that is about to leave would say what another has said meanwhile."""

    NO = enum.auto()
    YES = enum.auto()
    MAYBE = enum.auto()
    """The other is in flight."""


def repeats(
    person: Subscriber, title: Title, release: Release, lead: Lead | None, meanwhile: Iterable[Told], now: datetime
) -> Repeats:
    """Return whether a reminder says at `now` what has been said there since it was decided, on the same day."""
    told = list(meanwhile)
    today = [(each.at, each) for each in told if each.at is not None and person.today(each.at) == person.today(now)]
    going = [each for each in told if each.at is None]
    if not today and not going:
        return Repeats.NO
    saying = _words(person, title, release, lead, now)
    last = max(today, key=lambda pair: pair[0], default=None)
    if last is not None and _said(person, title, release, last[1], last[0]) == saying:
        return Repeats.YES
    return Repeats.MAYBE if any(_said(person, title, release, each, now) == saying for each in going) else Repeats.NO


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
    saying = _words(person, sub.title, moment.release, moment.lead, now)
    said = ((name, _said(person, sub.title, moment.release, line, at)) for name, (at, line) in last.items())
    return frozenset(name for name, words in said if words == saying)


def _said(person: Subscriber, title: Title, release: Release, line: RecordedMessage | Told, at: datetime) -> str | None:
    """Return what a message said of a release when it went out, None where that is nothing that a reminder says."""
    if line.planned != release.when:
        return None
    if line.kind is Kind.REMINDER:
        return _words(person, title, release, Lead.parse(line.what) if line.what != AGAIN else None, at)
    return _words(person, title, release, None, at) if line.kind in NOTICES else None


def _words(person: Subscriber, title: Title, release: Release, lead: Lead | None, at: datetime) -> str:
    reader = ReaderSettings(zone=person.zone, hour_style=person.hour_style)
    topic = Topic(kind=Kind.REMINDER, title=title, release=release, lead=lead)
    return compose(topic, reader, at).subject
