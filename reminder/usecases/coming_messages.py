"""The next messages to one person, in the words that they will have: as many as a page shows (SPEC 10).

Only those subscriptions are played forward whose turn comes first, and only until the first of the others has its own:
so none is missing before the last one shown, and a page costs what it shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby, islice
from typing import Final

from sqlalchemy import Connection

from reminder.core.text import coming_words
from reminder.core.text.phrases import ReaderSettings
from reminder.delivery.forecast import ForecastMessage, forecast_in_turn
from reminder.delivery.render import write
from reminder.platform.clock import utc_text
from reminder.store.load_plans import SubscriptionSnapshot
from reminder.store.next_looks import NextLooks, PersonBacklog, cases_of, next_looks, turns_before, waiting_for
from reminder.store.people import find_people
from reminder.texts.templates.engine import Templates
from reminder.usecases.agenda import END_OF_TIME

A_PAGE: Final = 50
"""How many messages stand on one page."""
MOST_LETTERS: Final = 8_000
"""A page ends with the message that brings its subjects and bodies to so many letters: digests may be long."""
ENOUGH: Final = 25
"""With so many reminders, alone or in digests, a page is not short: it is not worth a look further ahead."""
FIRST_LOOK: Final = 30
FURTHEST_LOOK: Final = 1_920
"""How many subscriptions are played forward at first, and at most, for one page."""
MOST_WAITING: Final = 200
"""Where more than so many deliveries wait, something is broken: they are counted, not shown."""


@dataclass(frozen=True, kw_only=True)
class MessageCursor:
    """Where a page of messages begins: at an instant (whole seconds, UTC), after so many that go from then on."""

    at: datetime
    skip: int = 0

    @classmethod
    def parse(cls, text: str | None, now: datetime) -> MessageCursor:
        """Return the cursor that a text says; the first message from `now` on for one that says none."""
        place, _, number = (text or "").partition(".")
        skip = int(number) if number.isascii() and number.isdecimal() and len(number) <= _FIGURES else 0
        try:
            at = datetime.strptime(place, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        except ValueError:
            return cls(at=now)
        return cls(at=at, skip=skip)

    def __str__(self) -> str:
        return f"{utc_text(self.at)}.{self.skip}" if self.skip else utc_text(self.at)


_FIGURES: Final = 6


@dataclass(frozen=True, kw_only=True)
class ComingMessage:
    """A message to come in its words. `title_id` is the title that it is about, None for several or none."""

    at: datetime
    clock: str
    channels: tuple[str, ...]
    subject: str
    body: str
    title_id: int | None
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MessageDay:
    """The messages of one day; `aside` is the day itself where the heading is a word."""

    heading: str
    aside: str
    on: date
    messages: tuple[ComingMessage, ...]


@dataclass(frozen=True, kw_only=True)
class ComingMessages:
    """A page of messages to come. `next` is the cursor of the one behind it, None where there is none to show.

    `is_cut` tells that more is to come which no page can show, `is_unsettled` that it is about to be worked out.
    `waiting` is how many wait to be sent, where these are too many to be shown.
    """

    days: tuple[MessageDay, ...] = ()
    next: str | None = None
    is_cut: bool = False
    is_unsettled: bool = False
    waiting: int = 0


def coming_messages(
    tx: Connection,
    person: str,
    *,
    reader: ReaderSettings,
    templates: Templates,
    now: datetime,
    grace: timedelta,
    after: str | None = None,
) -> ComingMessages:
    """Return the next messages to a person from `now`, or from a cursor on, in the words of `templates`."""
    number = next(iter(find_people(tx, person)), None)
    if number is None:
        return ComingMessages()
    cursor = MessageCursor.parse(after, now)
    ahead = _ahead(tx, number, cursor, now, grace)
    shown = list(_fitting(_in_words(item, ahead.title_ids, templates, reader) for item in ahead.messages[:A_PAGE]))
    following = _following(ahead, len(shown), cursor)
    return ComingMessages(
        days=tuple(_days(shown, reader, now)),
        next=str(following) if following else None,
        is_cut=following is None and ahead.until is not None,
        is_unsettled=ahead.is_crowded and ahead.until is not None and ahead.until <= now,
        waiting=0 if ahead.waiting.deliveries else ahead.waiting.count,
    )


# How far ahead -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _Ahead:
    """The messages behind a cursor that go before `until`, None for all there are: as many as a page holds, and one.

    `is_crowded` tells that too many subscriptions have their turn at once for any of them to be played forward.
    """

    messages: Sequence[ForecastMessage] = ()
    until: datetime | None = None
    is_crowded: bool = False
    title_ids: Mapping[str, int]
    waiting: PersonBacklog


def _ahead(tx: Connection, number: int, cursor: MessageCursor, now: datetime, grace: timedelta) -> _Ahead:
    waiting = waiting_for(tx, number, MOST_WAITING)
    if turns_before(tx, number, now) > FURTHEST_LOOK:
        return _Ahead(title_ids={}, waiting=waiting, until=now, is_crowded=True)
    found = _Ahead(title_ids={}, waiting=waiting, until=cursor.at)  # stays so where the cursor is too far ahead
    count = turns_before(tx, number, cursor.at) + FIRST_LOOK
    while count <= FURTHEST_LOOK:
        looks = next_looks(tx, number, count)
        if len(looks.ids) > FURTHEST_LOOK:
            return found if found.messages else _Ahead(title_ids={}, waiting=waiting, until=looks.last, is_crowded=True)
        found = _played(cases_of(tx, looks), looks, waiting, cursor, (now, grace))
        if sum(len(item.contexts) for item in found.messages) >= ENOUGH or looks.until is None:
            break
        count *= 2
    return found


def _played(
    cases: Sequence[SubscriptionSnapshot],
    looks: NextLooks,
    waiting: PersonBacklog,
    cursor: MessageCursor,
    at: tuple[datetime, timedelta],
) -> _Ahead:
    now, grace = at
    found = forecast_in_turn(cases, waiting.deliveries, start=now, end=looks.until or END_OF_TIME, grace=grace)
    behind = (item for item in found if item.at >= cursor.at)
    shown_and_next = tuple(islice(behind, cursor.skip, cursor.skip + A_PAGE + 1))
    titles = {case.subscription.title.key: case.title_id for case in cases}
    return _Ahead(messages=shown_and_next, until=looks.until, title_ids=titles, waiting=waiting)


def _following(ahead: _Ahead, shown: int, cursor: MessageCursor) -> MessageCursor | None:
    """Return where the next page begins: with the first message that is not shown, else where the look ahead ended."""
    if shown < len(ahead.messages):
        at = ahead.messages[shown].at.replace(microsecond=0)
        before = sum(1 for item in ahead.messages[:shown] if item.at >= at)
        return MessageCursor(at=at, skip=before + (cursor.skip if cursor.at >= at else 0))
    is_further = ahead.until is not None and not ahead.is_crowded and ahead.until > cursor.at
    return MessageCursor(at=ahead.until) if is_further and ahead.until is not None else None


# In words ------------------------------------------------------------------------------------------------------------


def _in_words(
    item: ForecastMessage, title_ids: Mapping[str, int], templates: Templates, reader: ReaderSettings
) -> ComingMessage:
    written = write(item.contexts, templates, item.at)
    titles = {context.title.key for context in item.contexts if context.title is not None}
    return ComingMessage(
        at=item.at,
        clock=reader.clock(item.at),
        channels=item.channels,
        subject=written.words.subject,
        body=written.words.plain(),
        title_id=title_ids.get(titles.pop()) if len(titles) == 1 else None,
        problems=written.problems,
    )


def _fitting(messages: Iterable[ComingMessage]) -> Iterator[ComingMessage]:
    """Yield as many of the first messages as have room on a page, one at least."""
    letters = 0
    for item in messages:
        if letters > MOST_LETTERS:
            return
        letters += len(item.subject) + len(item.body)
        yield item


def _days(messages: Sequence[ComingMessage], reader: ReaderSettings, now: datetime) -> Iterator[MessageDay]:
    for on, together in groupby(messages, key=lambda item: reader.today(item.at)):
        heading, aside = coming_words.day_heading(on, reader.today(now), reader.language)
        yield MessageDay(heading=heading, aside=aside, on=on, messages=tuple(together))
