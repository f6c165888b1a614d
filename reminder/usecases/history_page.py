"""A page of the ledger for one person or for everybody, newest first, in plain words (SPEC 10)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Final

from sqlalchemy import Connection

from reminder.core.model.entities import Subscriber
from reminder.core.model.lead import Lead, LeadError
from reminder.core.model.ledger import State
from reminder.core.model.names import searchable
from reminder.core.sending.manual_retry import refusal
from reminder.core.text import coming_words
from reminder.core.text.language import Language
from reminder.core.text.leads import occasion
from reminder.core.text.ledger_words import state_words
from reminder.core.text.markup import clean
from reminder.core.text.phrases import ReaderSettings
from reminder.store import history as ledger
from reminder.store import named_titles
from reminder.store.history import Filter, HistoryEntry
from reminder.store.people import find_people
from reminder.usecases.agenda_page import FEW, titles_called
from reminder.usecases.title_names import READ_KNOWN, ReadNames

A_PAGE: Final = 50
"""How many deliveries stand on one page."""
LARGEST: Final = 2**63 - 1
"""A database takes no larger number."""
_NO_ONE: Final = 0
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TICK: Final = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True)
class HistoryFilter:
    """What a page of the ledger is about; None and an empty text for anything.

    `person` is a name, `title_id` the number of a title, `title` a part of its name, `after` the cursor behind which
    the page begins.
    """

    person: str | None = None
    title_id: int | None = None
    title: str = ""
    channel: str = ""
    state: State | None = None
    after: str | None = None

    @property
    def is_filtered(self) -> bool:
        """Tell whether only some of the ledger is asked for."""
        return bool(self.title.strip() or self.channel or self.state or self.title_id is not None)


@dataclass(frozen=True, kw_only=True)
class HistoryLine:
    """One delivery in words. `about` is empty for what is about no title.

    `purpose` says what it was for, `outcome` what became of it, `reason` why, as the ledger or a service has it;
    `next_try` when what failed is tried again. `is_bad` tells that it did not arrive
    though it should have, `may_retry` that it can be tried again by hand.
    """

    id: int
    clock: str
    who: str
    channel: str
    title_id: int | None
    about: str
    purpose: str
    state: State
    outcome: str
    reason: str
    next_try: str
    is_bad: bool
    may_retry: bool


@dataclass(frozen=True, kw_only=True)
class HistoryDay:
    """The deliveries of one day, newest first; `aside` is the day itself where the heading is a word."""

    heading: str
    aside: str
    lines: tuple[HistoryLine, ...]


@dataclass(frozen=True, kw_only=True)
class HistoryPage:
    """A page of the ledger. `next` is the cursor of the older ones; `channels` are those that can be asked for."""

    days: tuple[HistoryDay, ...]
    next: str | None
    channels: tuple[str, ...]


def history_page(
    tx: Connection,
    asked: HistoryFilter,
    *,
    reader: ReaderSettings,
    now: datetime,
    names: ReadNames = READ_KNOWN,
) -> HistoryPage:
    """Return what the ledger holds of what is asked for, in the words of `reader`; `names` reads all titles' names."""
    people = find_people(tx, asked.person) if asked.person is not None else {}
    wanted = Filter(
        subscriber=asked.person,
        title_ids=_titles(tx, asked, next(iter(people), _NO_ONE), names),
        channel=asked.channel or None,
        state=asked.state,
        before=_place(asked.after),
    )
    entries = ledger.history(tx, wanted, limit=A_PAGE + 1)
    shown = entries[:A_PAGE]
    channels = ledger.known_channels(tx) if asked.person is None else _uses(people)
    return HistoryPage(
        days=tuple(_days(shown, reader, now)),
        next=_cursor(shown[-1]) if len(entries) > A_PAGE else None,
        channels=tuple(channels),
    )


def _uses(people: dict[int, Subscriber]) -> list[str]:
    """Return the channels that somebody uses, or did."""
    uses = [use for who in people.values() for use in (*who.channels, *(each.use for each in who.former_uses))]
    return sorted({use.name for use in uses})


def _titles(tx: Connection, asked: HistoryFilter, subscriber_id: int, names: ReadNames) -> list[int] | None:
    """Return the numbers of the titles that are asked for; None for any."""
    if asked.title_id is not None:
        return [min(asked.title_id, LARGEST)]
    if not searchable(asked.title):
        return None
    theirs = None if asked.person is None else named_titles.heard_of(tx, subscriber_id, FEW)
    return titles_called(names(tx) if theirs is None else theirs, asked.title)


# Where a page begins -------------------------------------------------------------------------------------------------


def _cursor(entry: HistoryEntry) -> str:
    return f"{(entry.at - _EPOCH) // _TICK}.{entry.id}"


def _place(cursor: str | None) -> tuple[datetime, int] | None:
    """Return the place that a cursor says; None, the beginning, for one that says none."""
    ticks, _, number = (cursor or "").partition(".")
    if not all(part.isascii() and part.isdecimal() and len(part) <= _FIGURES for part in (ticks, number)):
        return None
    try:
        return _EPOCH + int(ticks) * _TICK, int(number)
    except OverflowError:
        return None


_FIGURES: Final = 18
"""No number of a cursor has more figures."""


# In words ------------------------------------------------------------------------------------------------------------


def _days(entries: Sequence[HistoryEntry], reader: ReaderSettings, now: datetime) -> Iterator[HistoryDay]:
    for on, together in groupby(entries, key=lambda entry: reader.today(entry.at)):
        heading, aside = coming_words.day_heading(on, reader.today(now), reader.language)
        lines = tuple(_line(entry, reader, now) for entry in together)
        yield HistoryDay(heading=heading, aside=aside, lines=lines)


def _line(entry: HistoryEntry, reader: ReaderSettings, now: datetime) -> HistoryLine:
    return HistoryLine(
        id=entry.id,
        clock=reader.clock(entry.at),
        who=entry.subscriber,
        channel=entry.channel or "",
        title_id=entry.title_id,
        about=_about(entry, reader.language),
        purpose=_purpose(entry, reader.language),
        state=entry.state,
        outcome=state_words(entry.state, reader.language),
        reason="" if entry.state is State.SENT else entry.reason or "",
        next_try=_next_try(entry, reader, now),
        is_bad=entry.state in _BAD,
        may_retry=entry.state in _MAY_RETRY and refusal(entry.state, entry.kind, force=False) is None,
    )


def _about(entry: HistoryEntry, language: Language) -> str:
    if entry.title is None:
        return ""
    name = clean(entry.title) or language.say("name.untitled")
    return (
        name
        if entry.release is None or entry.release == "premiere"
        else f"{name} {coming_words.label_words(entry.release, language)}"
    )


_BAD: Final = frozenset({State.FAILED, State.EXPIRED, State.RETRYING})
_MAY_RETRY: Final = _BAD


def _purpose(entry: HistoryEntry, language: Language) -> str:
    try:
        lead = Lead.parse(entry.lead) if entry.lead else None
    except LeadError:  # a row that an older version wrote
        return entry.lead or ""
    return occasion(entry.kind, lead, language, what=entry.what)


def _next_try(entry: HistoryEntry, reader: ReaderSettings, now: datetime) -> str:
    """Return when what failed is tried again; nothing for what is not."""
    if entry.next_at is None or entry.state is not State.RETRYING:
        return ""
    return coming_words.again(entry.next_at, reader, now)
