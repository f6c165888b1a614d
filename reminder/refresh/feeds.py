"""Calendars of which everything is followed: what is in them becomes titles, which their feed keeps true."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from reminder.core.model.entities import Follow, Title, TitleKind
from reminder.core.model.names import Index
from reminder.core.model.source_options import SourceOptions
from reminder.core.schedule.listing import ListedEntry
from reminder.core.sourcing.answers import (
    AccessRefused,
    InvalidAnswer,
    Match,
    NoAnswer,
    NotFound,
    SourceTitle,
    WorkForm,
)
from reminder.core.sourcing.compare import beside
from reminder.core.sourcing.uptake import KnownTitle, NewTitle, kind_of, new_works, renamed
from reminder.refresh.failing import fault_of, own_fault
from reminder.refresh.report import RefreshReport
from reminder.refresh.rereading import reread
from reminder.refresh.resolving import resolve_dates
from reminder.sources.build import Feed
from reminder.sources.ical import NAME as ICAL
from reminder.sources.ical import ICal, in_calendar
from reminder.store import followed
from reminder.store.asking_faults import RefreshFault
from reminder.store.calendar_remarks import calendar_remarks, note_remarks
from reminder.store.listings import CALENDAR, COMMAND
from reminder.store.sql.store import Store
from reminder.store.title_commands import StoredTitle, kept_titles, let_go, put_new

REFUSED: Final = (InvalidAnswer, NotFound, AccessRefused)
"""What no waiting mends: the file is no calendar, it is not there, or it is not given to us."""


@dataclass(frozen=True, kw_only=True)
class FeedReader:
    """Brings calendars into the database. A calendar is asked for once in a pass, whatever is followed of it."""

    store: Store
    feeds: Sequence[Feed]
    grace: timedelta
    _read: dict[str, tuple[SourceTitle, ...] | NoAnswer] = field(default_factory=dict)
    _remarks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _crashed: dict[str, RefreshFault] = field(default_factory=dict)
    _renamed: dict[str, dict[str, SourceTitle]] = field(default_factory=dict)
    _indexes: dict[str, Index[int]] = field(default_factory=dict)

    def read(self, now: datetime, report: RefreshReport) -> Iterator[tuple[str, NoAnswer | None]]:
        """Yield each calendar's name and its silence, if it is silent; note in `report` what has come to be followed.

        A calendar that cannot be taken up is that calendar's failure, and the others are read.
        """
        self._end_removed(now)
        for feed in self.feeds:
            name = _shown(feed.calendar)
            found = self._once(feed.calendar, now)
            if not isinstance(found, NoAnswer):
                with own_fault(report, name, name, is_title=False):
                    report.began += self._follow(feed, found, now)
            self.note_refused(report)
            yield name, found if isinstance(found, NoAnswer) else None

    def fetch(self, calendar: ICal, ref: str, now: datetime) -> SourceTitle | NoAnswer:
        """Return what a calendar says of one work, also where it has another name there now, and what others say."""
        found = self._once(calendar, now)
        answer = in_calendar(found, ref)
        if not isinstance(found, NoAnswer) and isinstance(answer, NotFound):
            answer = self._other_names(calendar.calendar, found, now.date()).get(f"{ICAL}:{ref}", answer)
        return answer if isinstance(answer, NoAnswer) else beside(answer, self._elsewhere(calendar, answer, now))

    def _elsewhere(self, calendar: ICal, work: SourceTitle, now: datetime) -> Iterator[tuple[str, SourceTitle]]:
        """Yield what other calendars have under the name of a work, with the names of these calendars."""
        is_series = kind_of(work) is TitleKind.SERIES
        for feed in self.feeds:
            name = feed.calendar.calendar
            if name == calendar.calendar:
                continue
            found = self._once(feed.calendar, now)
            works = () if isinstance(found, NoAnswer) else found
            if name not in self._indexes:
                self._indexes[name] = Index.of((each.name, place) for place, each in enumerate(works))
            for place in self._indexes[name].find(work.name, work.year):
                if (kind_of(works[place]) is TitleKind.SERIES) is is_series:
                    yield name, works[place]

    def note_refused(self, report: RefreshReport) -> None:
        """Note in `report` which calendars were read by now, and which are refused: somebody has to see to it."""
        for name, found in self._read.items():
            shown = f"calendar {name}"
            report.tried.add(shown)
            if self._remarks.get(name):
                report.partly[shown] = "; ".join(self._remarks[name])
            if name in self._crashed:
                report.failed[shown] = self._crashed[name]
            elif isinstance(found, REFUSED):
                report.failed[shown] = RefreshFault(name=shown, why=found.reason, is_title=False)

    def keep_remarks(self) -> None:
        """Keep what could not be read of the calendars that were read by now."""
        with self.store.read() as tx:
            known = calendar_remarks(tx)
        if any(list(said) != known.get(name, []) for name, said in self._remarks.items()):
            with self.store.write() as tx:
                note_remarks(tx, self._remarks)

    def _once(self, calendar: ICal, now: datetime) -> tuple[SourceTitle, ...] | NoAnswer:
        if calendar.calendar not in self._read:
            try:
                found = calendar.read(now.date())
                self._read[calendar.calendar] = found if isinstance(found, NoAnswer) else found.titles
                self._remarks[calendar.calendar] = () if isinstance(found, NoAnswer) else found.remarks
            except Exception as error:  # noqa: BLE001  whatever a file sets off ends at that file
                fault = fault_of(error, _shown(calendar), is_title=False)
                self._crashed[calendar.calendar] = fault
                self._read[calendar.calendar] = InvalidAnswer(reason=f"reading it failed: {fault.why}")
        return self._read[calendar.calendar]

    def _follow(self, feed: Feed, found: Sequence[SourceTitle], now: datetime) -> list[str]:
        """Take up what is in a calendar and not watched yet. What someone lists keeps the source that it has."""
        found = tuple(found)
        other_names = {work.id for work in self._other_names(feed.calendar.calendar, found, now.date()).values()}
        wanted = [
            title
            for title in found
            if title.id not in other_names and (not feed.only_premieres or _has_premiere(title))
        ]
        with self.store.write() as tx:
            reread(tx, feed.calendar.calendar, found, now)
            kept = kept_titles(tx, ended=True)
            new = new_works(wanted, (_watched(item) for item in kept if item.ended_at is None or _was_removed(item)))
            listings = [_listing(item, only_premieres=feed.only_premieres) for item in new]
            for item, listing in zip(new, listings, strict=True):
                work = item.work
                match = Match(source=work.source, ref=work.ref, name=work.name, form=work.form)
                followed.pin_to(tx, listing.title.key, match, followed.BY_CONFIG, now)
            put_new(tx, listings, CALENDAR, now, self.grace, resolve_dates)
        return [item.work.name for item in new]

    def _other_names(self, calendar: str, found: Sequence[SourceTitle], today: date) -> dict[str, SourceTitle]:
        """Return what has another name in a calendar now than the title that follows it, by that title's entry."""
        if calendar not in self._renamed:
            with self.store.read() as tx:
                here = [_watched(item) for item in kept_titles(tx) if _calendar_of(item) == calendar]
                is_new = {title.id for title in found} - {item.entry for item in here}
                keys = [item.key for item in here] if is_new else []
                known = followed.known_sources(tx, keys) if keys else {}
            answers = {each.pin.id: each.answer for each in known.values() if each.answer}
            self._renamed[calendar] = renamed(found, here, answers, today) if is_new else {}
        return self._renamed[calendar]

    def _end_removed(self, now: datetime) -> None:
        """Let go of what came from calendars that the config no longer names."""
        names = {feed.calendar.calendar for feed in self.feeds}
        with self.store.read() as tx:
            gone = dict(_removed(tx, names))
        if gone:
            with self.store.write() as tx:
                let_go(tx, gone, now, self.grace, resolve_dates)


def _shown(calendar: ICal) -> str:
    return f"calendar {calendar.calendar}"


def _removed(tx: Connection, names: set[str]) -> Iterator[tuple[int, str]]:
    for item in kept_titles(tx):
        if item.origin == CALENDAR and _calendar_of(item) not in names:
            yield item.id, item.listing.title.key


def _calendar_of(kept: StoredTitle) -> str:
    """Return the name of the calendar that a title is followed in; empty for one that is not."""
    options = kept.listing.title.source_options
    entry = options.source if options and options.source else ""
    return entry.removeprefix(f"{ICAL}:").partition("/")[0] if entry.startswith(f"{ICAL}:") else ""


def _was_removed(kept: StoredTitle) -> bool:
    """Tell whether somebody removed what a calendar had brought: then it does not bring it again."""
    options = kept.listing.title.source_options
    from_calendar = options is not None and options.source is not None and options.source.startswith("ical:")
    return from_calendar and kept.ended_at is not None and kept.origin == COMMAND


def _watched(kept: StoredTitle) -> KnownTitle:
    title = kept.listing.title
    entry = title.source_options.source if title.source_options else None
    return KnownTitle(key=title.key, name=title.name, kind=title.kind, entry=entry)


def _has_premiere(title: SourceTitle) -> bool:
    return title.form is WorkForm.FILM or any(item.number == 1 and not item.special for item in title.releases)


def _listing(new: NewTitle, *, only_premieres: bool) -> ListedEntry:
    follow = Follow.PREMIERE if only_premieres else Follow.EPISODES
    work = new.work
    return ListedEntry(
        title=Title(
            key=new.key, name=work.name, kind=kind_of(work), follow=follow, source_options=SourceOptions(source=work.id)
        )
    )
