"""The events of a person's calendar: one for each release, one note for all that has only a month (SPEC 11)."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from reminder.core.dates.local_time import MIDNIGHT
from reminder.core.dates.when import CANCELLED, Precision, When
from reminder.core.model.entities import Subscriber, Title
from reminder.core.model.ledger import DateChange, Dated, Subscription, TitleHistory
from reminder.core.schedule.season import ladder_role
from reminder.core.sourcing.attribution import credits_of
from reminder.core.text.language import ENGLISH, Language
from reminder.core.text.markup import clean, web_link
from reminder.core.text.phrases import ReaderSettings, Subject, drop_and_place, facts, first_few, named

PAST: Final = timedelta(days=90)
AHEAD: Final = timedelta(days=731)
"""How far a calendar reaches back and ahead of today."""
CANCELLED_FOR: Final = timedelta(days=30)
"""How long what has been cancelled stays in a calendar, as cancelled."""
MOST_EVENTS: Final = 2_000
NAMED_IN_NOTE: Final = 2
_UID_LENGTH: Final = 26


@dataclass(frozen=True, kw_only=True)
class EventAlarm:
    """A reminder of an event by the calendar's own program, `offset` after the event's start (negative for before)."""

    uid: str
    offset: timedelta


@dataclass(frozen=True, kw_only=True)
class CalendarEvent:
    """One event. `start` is a day, which lasts all day wherever the reader is, or an instant in UTC.

    `uid` outlives moved dates and other names. `sequence` is the number of the last change of the date, `changed_at`
    when it was seen (UTC).
    """

    uid: str
    sequence: int
    changed_at: datetime
    start: date | datetime
    summary: str
    description: str = ""
    link: str | None = None
    platform: str | None = None
    is_tentative: bool = False
    is_cancelled: bool = False
    alarms: tuple[EventAlarm, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CalendarTitle:
    """A title that a person follows, as the database numbers and knows it."""

    id: int
    subscription: Subscription
    history: TitleHistory

    @property
    def title(self) -> Title:
        """Return the title itself."""
        return self.subscription.title


def calendar_events(
    followed: Sequence[CalendarTitle],
    person: Subscriber,
    *,
    owner: str,
    identity: str,
    now: datetime,
    with_alarms: bool = False,
    language: Language = ENGLISH,
) -> tuple[CalendarEvent, ...]:
    """Return the events of a person's calendar at the instant `now`, the earliest first.

    `identity` is the database's own mark and `owner` the person's in it: the identities of events are made of them, so
    that they stay the same through renames and restores. The same data give the same events all day long.
    """
    today = now.astimezone(person.zone).date()
    reader = ReaderSettings(zone=person.zone, hour_style=person.hour_style, language=language)
    releases = [source for item in followed for source in _sources(item, reader, identity)]
    events = [event for source in releases if (event := source.event(now, with_alarms=with_alarms))]
    events += _notes(releases, owner, identity, language)
    kept = [event for event in events if today - PAST <= _day(event.start, person) <= today + AHEAD]
    # Where there are too many, what is over goes first, then what is furthest away.
    kept.sort(key=lambda event: (_day(event.start, person) < today, abs(_day(event.start, person) - today), event.uid))
    return tuple(
        sorted(kept[:MOST_EVENTS], key=lambda event: (_day(event.start, person), str(event.start), event.summary))
    )


def _day(start: date | datetime, person: Subscriber) -> date:
    return start.astimezone(person.zone).date() if isinstance(start, datetime) else start


def _uid(*parts: object) -> str:
    return hashlib.sha256(" ".join(map(str, parts)).encode()).hexdigest()[:_UID_LENGTH] + "@reminder"


def _sources(followed: CalendarTitle, reader: ReaderSettings, identity: str) -> Iterator[_Source]:
    last = {change.ref: change for change in sorted(followed.history.changes, key=lambda change: change.no)}
    for dated in followed.history.releases:
        yield _Source(
            followed=followed,
            dated=dated,
            last_change=last.get(dated.release.ref),
            reader=reader,
            identity=identity,
        )


# One release ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _Source:
    """A release, with all that its event is made of."""

    followed: CalendarTitle
    dated: Dated
    last_change: DateChange | None
    reader: ReaderSettings
    identity: str

    @property
    def when(self) -> When:
        return self.dated.release.when

    @property
    def title(self) -> Title:
        return self.followed.title

    @property
    def name(self) -> Subject:
        return named(self.title, self.dated.release, self.reader.language)

    @property
    def changed_at(self) -> datetime:
        return self.last_change.seen_at if self.last_change else self.dated.seen_at

    def event(self, now: datetime, *, with_alarms: bool) -> CalendarEvent | None:
        """Return the event of what has a day or an instant, or had one until it was cancelled a while ago."""
        is_cancelled = self.when == CANCELLED
        when = self._called_off(now) if is_cancelled else self.when
        start = (when.at or when.on) if when is not None else None
        if start is None:
            return None
        uid = _uid(self.identity, self.followed.id, *self.dated.release.ref)
        has_alarms = with_alarms and not is_cancelled and not self.followed.subscription.muted
        return CalendarEvent(
            uid=uid,
            sequence=self.last_change.no if self.last_change else 0,
            changed_at=self.changed_at,
            start=start,
            summary=self._summary(is_cancelled=is_cancelled),
            description="\n".join(self._lines(is_cancelled=is_cancelled)),
            link=web_link(self.title.page),
            platform=self.title.where,
            is_cancelled=is_cancelled,
            alarms=tuple(self._alarms(uid)) if has_alarms else (),
        )

    def _summary(self, *, is_cancelled: bool) -> str:
        name = self.name.opening
        return self.reader.language.say("calendar.cancelled", name=name) if is_cancelled else name

    def _called_off(self, now: datetime) -> When | None:
        """Return the date that this release had before it was cancelled, None where that is long ago."""
        change = self.last_change
        return change.before if change is not None and now - change.seen_at <= CANCELLED_FOR else None

    def _lines(self, *, is_cancelled: bool) -> Iterator[str]:
        said = drop_and_place(self.title, self.dated.release, self.reader.language) if is_cancelled else self._facts()
        yield from (text for line in (said, *(self.title.note or "").splitlines()) if (text := clean(line)))
        credit = credits_of([self.title.sourced.source]) if self.title.sourced else None
        if credit:
            yield credit

    def _facts(self) -> str:
        return facts(self.title, self.dated.release, self.reader)

    def _alarms(self, uid: str) -> Iterator[EventAlarm]:
        person = self.followed.subscription.subscriber
        for lead in self.followed.subscription.ladder.of(ladder_role(self.title, self.dated.release)):
            moment = lead.moment(self.when, person.at, person.zone)
            if moment is None:
                continue
            # A day begins at the reader's midnight, on the wall: across a clock change too, 9:00 stays 9:00.
            local = moment.astimezone(person.zone).replace(tzinfo=None)
            offset = (
                moment - self.when.at if self.when.at else local - datetime.combine(self.when.on or date.min, MIDNIGHT)
            )
            yield EventAlarm(uid=_uid(uid, lead.key), offset=offset)


# What has no day -----------------------------------------------------------------------------------------------------


def _notes(sources: Iterable[_Source], owner: str, identity: str, language: Language) -> Iterator[CalendarEvent]:
    """Yield one note for each month, quarter and season in which something is expected, and no title on a day."""
    # By precision and first day: `fall 2025` and `autumn 2025` are one.
    expected: dict[tuple[Precision, date], list[_Source]] = defaultdict(list)
    for source in sources:
        first_on = source.when.speaks_on()
        if first_on is not None:
            expected[source.when.precision, first_on].append(source)
    for (precision, first_on), together in expected.items():
        names = sorted({source.name.opening for source in together}, key=str.casefold)
        credit = credits_of(source.title.sourced.source if source.title.sourced else None for source in together)
        yield CalendarEvent(
            uid=_uid(identity, owner, "sometime", precision, first_on),
            sequence=0,
            changed_at=max(source.changed_at for source in together),
            start=first_on,
            summary=language.say(
                "calendar.sometime",
                span=_said(together[0].when, first_on, language),
                names=first_few(names, language, NAMED_IN_NOTE),
            ),
            description="\n".join([*names, *([credit] if credit else [])]),
            is_tentative=True,
        )


def _said(when: When, first_on: date, language: Language) -> str:
    """Return a span without its year, which the calendar shows: `July`, `Q3`, `summer`."""
    if when.precision is Precision.MONTH:
        return language.month_name(first_on.month)
    if when.precision is Precision.QUARTER:
        return language.say("calendar.quarter", quarter=first_on.month // 3 + 1)
    return language.say(f"calendar.{when.word}")
