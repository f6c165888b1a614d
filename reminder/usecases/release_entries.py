"""Releases as lists on a page show them: each under its heading, in the reader's words, with what stands beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Final

from sqlalchemy import Connection

from reminder.core.dates.when import UNKNOWN, When
from reminder.core.model.entities import Subscriber
from reminder.core.model.ledger import DateChange, Ref
from reminder.core.schedule.notice_kinds import notice_kind
from reminder.core.text import coming_words
from reminder.core.text.phrases import ReaderSettings
from reminder.store.agenda_beside import QuietFollow, SentMessage, arrived, quiet_of, recent_changes
from reminder.store.agenda_rows import AgendaRelease, whole_releases
from reminder.store.people import find_people
from reminder.store.title_commands import told_of

LATELY: Final = timedelta(days=14)
"""How long a release says that its date has moved."""
_NO_ONE: Final = 0
"""The number of nobody: of a person whom the database does not know yet."""


@dataclass(frozen=True, kw_only=True)
class AgendaEntry:
    """One release as a list shows it; each text is empty where there is nothing to say.

    `countdown` says how far away it is, `moved` how its date changed lately, `told` when this person heard of this
    date, `quiet` that they will hear nothing; `who` are those who follow it, where everybody's are shown.
    """

    title_id: int
    name: str
    facts: str
    countdown: str
    moved: str = ""
    told: str = ""
    quiet: str = ""
    who: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AgendaGroup:
    """Releases under one heading. `aside` is the day itself where the heading is a word; `on` is None without a day.

    `is_today` tells that it is the reader's own day.
    """

    heading: str
    aside: str
    on: date | None
    entries: tuple[AgendaEntry, ...]
    is_today: bool = False


@dataclass(frozen=True, kw_only=True)
class AgendaReader:
    """Whose releases are shown, and to whom."""

    subscriber_id: int | None
    person: Subscriber | None
    reader: ReaderSettings
    now: datetime

    @classmethod
    def of(cls, tx: Connection, name: str | None, reader: ReaderSettings, now: datetime) -> AgendaReader:
        """Return the reader of one person's releases, by name, or of everybody's for None."""
        if name is None:
            return cls(subscriber_id=None, person=None, reader=reader, now=now)
        number, person = next(iter(find_people(tx, name).items()), (_NO_ONE, None))
        return cls(subscriber_id=number, person=person, reader=reader, now=now)

    @property
    def today(self) -> date:
        """Return the reader's date."""
        return self.reader.today(self.now)

    def groups(self, tx: Connection, ids: Sequence[int]) -> Iterator[AgendaGroup]:
        """Yield the releases of these numbers, put under their headings; one that cannot be read is left out."""
        whole = whole_releases(tx, ids)
        shown = [whole[id_] for id_ in ids if id_ in whole]
        beside = _Beside.of(tx, self, shown)
        for (on, span), together in groupby(shown, key=lambda item: self._place(item.release.when)):
            entries = tuple(self._entry(item, beside) for item in together)
            words, aside = (span, "") if on is None else coming_words.day_heading(on, self.today, self.reader.language)
            yield AgendaGroup(heading=words, aside=aside, on=on, entries=entries, is_today=on == self.today)

    def _place(self, when: When) -> tuple[date | None, str]:
        """Return what a release stands under: its day, or in words the span in which it comes out."""
        on = when.day_in(self.reader.zone)
        return on, coming_words.span_heading(when, self.reader) if on is None else ""

    def _entry(self, item: AgendaRelease, beside: _Beside) -> AgendaEntry:
        return AgendaEntry(
            title_id=item.title_id,
            name=coming_words.release_name(item.title, item.release, self.reader.language),
            facts=coming_words.release_facts(item.title, item.release, self.reader.language),
            countdown=coming_words.countdown(item.release.when, self.reader, self.now),
            moved=self._moved(item, beside),
            told=self._told(item, beside),
            quiet=self._quiet(item, beside),
            who=tuple(beside.who.get(item.title_id, ())),
        )

    def _moved(self, item: AgendaRelease, beside: _Beside) -> str:
        when = item.release.when
        changes = [change for change in beside.changes.get(item.title_id, ()) if change.ref == item.release.ref]
        before = stood_before(changes)
        kind = notice_kind(before, when, self.reader.zone) if before is not None else None
        return coming_words.move(kind, before, when, self.reader, self.today) if before is not None and kind else ""

    def _told(self, item: AgendaRelease, beside: _Beside) -> str:
        came = beside.arrived.get((item.title_id, item.release.ref), ())
        mine = [each for each in came if self._says_the_same(each.planned, item.release.when)]
        if not mine:
            return ""
        channels = sorted({each.channel for each in mine if each.message_id == mine[-1].message_id})
        return coming_words.told(mine[-1].at, channels, self.reader, self.now)

    def _says_the_same(self, one: When, other: When) -> bool:
        """Tell whether who heard of one date knows the other: a day that became exact is the same date."""
        return one == other or (one.is_dated and one.day_in(self.reader.zone) == other.day_in(self.reader.zone))

    def _quiet(self, item: AgendaRelease, beside: _Beside) -> str:
        known = beside.quiet.get(item.title_id)
        is_muted = (known is not None and known.is_muted) or (self.person is not None and self.person.mutes(item.title))
        if is_muted:
            return coming_words.quiet(None, self.reader, self.now)
        until = known.paused_until if known else None
        return coming_words.quiet(until, self.reader, self.now) if until is not None and until > self.now else ""


def stood_before(changes: Iterable[DateChange]) -> When | None:
    """Return the date that stood before these changes, oldest first; what was a slip never stood. None for none."""
    stood = [change.before for change in changes if not change.corrects]
    return stood[0] if stood and stood[0] != UNKNOWN else None


@dataclass(frozen=True, kw_only=True)
class _Beside:
    """What stands beside the releases of a page: how dates moved, what one person heard, who follows."""

    changes: Mapping[int, Sequence[DateChange]]
    arrived: Mapping[tuple[int, Ref], Sequence[SentMessage]] = field(default_factory=dict)
    quiet: Mapping[int, QuietFollow] = field(default_factory=dict)
    who: Mapping[int, Sequence[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, tx: Connection, asked: AgendaReader, shown: Sequence[AgendaRelease]) -> _Beside:
        ids = sorted({item.title_id for item in shown})
        changes = recent_changes(tx, ids, asked.now - LATELY)
        if asked.subscriber_id is None:
            return cls(changes=changes, who=told_of(tx, ids))
        releases = {(item.title_id, item.release.ref) for item in shown}
        return cls(
            changes=changes,
            arrived=arrived(tx, asked.subscriber_id, releases),
            quiet=quiet_of(tx, asked.subscriber_id, ids),
        )
