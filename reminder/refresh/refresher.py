"""Asks the sources, and notes what changed. It knows what to ask about, never when: that is the daemon's.

A source that is down, slow, answering nonsense or suddenly empty changes nothing: only a good answer does.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from reminder.core.errors import StoreError
from reminder.core.sourcing.answers import EmptyAnswer, InvalidAnswer, NoAnswer, NotFound, SourceTitle
from reminder.refresh.asking import heard, second_answer
from reminder.refresh.failing import EVERYBODYS, own_fault, reason_of
from reminder.refresh.feeds import FeedReader
from reminder.refresh.gone import STAY, GoneEntries
from reminder.refresh.notes import Notes, SourceAnswers, key_of
from reminder.refresh.pinning import Pinner
from reminder.refresh.report import CALENDARS, RefreshReport, Tell, has_left, is_settled
from reminder.sources.build import Catalogues
from reminder.sources.source import Changed
from reminder.store import followed
from reminder.store.asking_faults import WHOLE, RefreshFault, asking_faults
from reminder.store.followed import SourceState
from reminder.store.source_health import alone
from reminder.store.sql.store import Store
from reminder.store.title_commands import StoredTitle, kept_titles

log = logging.getLogger(__name__)

BATCH: Final = 20
"""Titles written in one transaction: a sweep never waits for longer than that takes."""

MOST_FAILURES: Final = 3
"""After this many silences in a row a source is left alone for the rest of the pass."""

BY_LIST: Final = 3
"""With at least this many titles of one source due, it is first asked which of them changed."""


@dataclass(kw_only=True)
class _Turn:
    """The state of one source in a pass: answers not written yet, failures in a row, and entries that are gone.

    `has_answered` tells that it has answered well about some title; then nonsense about another is that title's own.
    """

    gone: GoneEntries
    answers: list[tuple[StoredTitle, SourceState, SourceTitle]] = field(default_factory=list)
    in_a_row: int = 0
    last: NoAnswer | None = None
    has_answered: bool = False
    strange: list[tuple[StoredTitle, SourceState, NoAnswer]] = field(default_factory=list)

    @property
    def silence(self) -> NoAnswer | None:
        """The silence of the source as a whole, None where only single titles were answered with nonsense."""
        is_own = self.has_answered and self.in_a_row < MOST_FAILURES and isinstance(self.last, InvalidAnswer)
        return self.last if self.in_a_row and not is_own else None


@dataclass(kw_only=True)
class Refresher:
    """Asks the sources of one database. `tell` tells the operator of what no one else would see."""

    store: Store
    there: Catalogues
    grace: timedelta
    tell: Tell

    @property
    def notes(self) -> Notes:
        """Return the store of what sources answered."""
        return Notes(store=self.store, grace=self.grace, tell=self.tell)

    def refresh(self, now: datetime, keys: Collection[str] | None = None) -> RefreshReport:
        """Ask about what is due at `now`, or about these titles now; return what came of it. Raises StoreError.

        One title's failure is in the report and in the database, and the others are asked and written all the same.
        """
        report = RefreshReport()
        before = self.there.calls
        with alone(self.store) as is_alone:
            if is_alone:
                self._guarded(now, keys, report)
        report.calls = self.there.calls - before
        return report

    def _guarded(self, now: datetime, keys: Collection[str] | None, report: RefreshReport) -> None:
        """Ask, and keep what failed; a failure of the whole pass is kept too, where that can be written."""
        try:
            self._refresh(now, keys, report)
        except Exception as error:
            report.failed[WHOLE] = RefreshFault(name="the sources", why=reason_of(error), is_title=False)
            with suppress(StoreError):
                self.notes.faults(now, report)
            raise
        if keys is None:
            report.tried.add(WHOLE)
        self.notes.faults(now, report)

    def _refresh(self, now: datetime, keys: Collection[str] | None, report: RefreshReport) -> None:
        feeds = FeedReader(store=self.store, feeds=self.there.feeds, grace=self.grace)
        if keys is None:
            for name, answer in feeds.read(now, report):
                self.notes.health(name, answer, now, report)
        titles = self._titles(keys)
        if keys is None:
            report.tried |= self._not_asked_any_more(titles)
        for name, silence in Pinner(store=self.store, there=self.there).match(titles, now, keys, report).items():
            self.notes.health(name, silence, now, report)
        due = self._due(titles, now, keys, report)
        if due:
            with self.store.write() as tx:
                followed.forget_old(tx, now)
        for name, works in due.items():
            self._ask_source(name, works, feeds, now, report, anyway=keys is not None)
        feeds.note_refused(report)
        feeds.keep_remarks()

    def _titles(self, keys: Collection[str] | None) -> list[StoredTitle]:
        with self.store.read() as tx:
            kept = kept_titles(tx)
        return [item for item in kept if item.listing.title.is_followed and (keys is None or key_of(item) in keys)]

    def _not_asked_any_more(self, titles: Iterable[StoredTitle]) -> set[str]:
        """Return what failed once and is not asked about now: it has its date by hand, or its calendar is gone."""
        with self.store.read() as tx:
            failed = asking_faults(tx).keys()
        return set(failed) - {key_of(item) for item in titles} - {*self.there.names, WHOLE}

    def _due(
        self, titles: Iterable[StoredTitle], now: datetime, keys: Collection[str] | None, report: RefreshReport
    ) -> dict[str, list[tuple[StoredTitle, SourceState]]]:
        """Return what to ask about, by source."""
        with self.store.read() as tx:
            known = followed.known_sources(tx)
        found: dict[str, list[tuple[StoredTitle, SourceState]]] = defaultdict(list)
        for item in titles:
            have = known.get(key_of(item))
            if have is None or not have.pin.ref:
                continue
            if self.there.source(have.pin.source, have.pin.ref) is None:
                if keys is not None:
                    report.silent[item.listing.title.name] = f"{have.pin.source} is switched off or not set up"
                continue
            if keys is not None or have.next_at is None or have.next_at <= now:
                found[have.pin.source].append((item, have))
        return found

    def _ask_source(
        self,
        name: str,
        works: list[tuple[StoredTitle, SourceState]],
        feeds: FeedReader,
        now: datetime,
        report: RefreshReport,
        *,
        anyway: bool,
    ) -> None:
        wanted = works if anyway else self._changed(name, works, now, report)
        turn = _Turn(gone=GoneEntries(store=self.store, there=self.there, tell=self.tell, source=name))
        for number, (item, known) in enumerate(wanted):
            if turn.in_a_row >= MOST_FAILURES and turn.last is not None:
                self.notes.put_off(wanted[number:], turn.last, now, report)
                break
            answer = heard(self.there, item, known, feeds, now, report)
            if self.there.stop.is_set():
                break  # what was not asked stays due
            if answer is not None:
                report.asked.append(item.listing.title.name)
                self._take(turn, item, known, answer, now, report)
        self._write(turn.answers, now, report)
        if turn.silence is None:
            turn.gone.lost += [(item, known, silence, STAY) for item, known, silence in turn.strange]
        turn.gone.report(now)
        if wanted and name != CALENDARS:  # how each calendar fares was noted when it was read
            self.notes.health(name, turn.silence, now, report)

    def _take(
        self,
        turn: _Turn,
        item: StoredTitle,
        known: SourceState,
        answer: SourceTitle | NoAnswer,
        now: datetime,
        report: RefreshReport,
    ) -> None:
        """Take what a source said of one title, and write answers as soon as they are many enough."""
        if isinstance(answer, SourceTitle):
            turn.in_a_row, turn.has_answered = 0, True
            turn.answers.append((item, known, answer))
            if len(turn.answers) >= BATCH:
                self._write(turn.answers, now, report)
                turn.answers = []
        elif has_left(known, answer, now):
            self.notes.unchanged([(item, known)], now)
        elif isinstance(answer, NotFound | EmptyAnswer):
            self._gone(turn.gone, item, known, answer, now, report)
        else:
            turn.in_a_row += 1
            turn.last = answer
            turn.strange += [(item, known, answer)] if isinstance(answer, InvalidAnswer) else []
            self.notes.silent(item, known, answer, now, report)

    def _changed(
        self, name: str, works: list[tuple[StoredTitle, SourceState]], now: datetime, report: RefreshReport
    ) -> list[tuple[StoredTitle, SourceState]]:
        """Return what to ask about one by one: what changed since it was last asked, as the source's list says."""
        settled = [work for work in works if is_settled(work[1], now)]
        if len(settled) < BY_LIST:
            return works
        told = self._told_changes(name, [known for _, known in settled], now, report)
        if not isinstance(told, Changed):
            return works
        same = [work for work in settled if work[1].pin.ref not in told.refs]
        self.notes.unchanged(same, now)
        report.unchanged += len(same)
        left = {id(item) for item, _ in same}
        return [work for work in works if id(work[0]) not in left]

    def _told_changes(
        self, name: str, settled: Sequence[SourceState], now: datetime, report: RefreshReport
    ) -> Changed | NoAnswer | None:
        """Return what a source's list of changes says since the oldest of these was asked; None where it has none."""
        first = self.there.source(name, settled[0].pin.ref)
        since = min(known.answered_at for known in settled if known.answered_at)
        told: list[Changed | NoAnswer | None] = []
        with own_fault(report, name, name, is_title=False):
            report.tried.add(name)
            refs = frozenset(known.pin.ref for known in settled)
            told.append(first.changed(str(int(since.timestamp())), refs, now) if first else None)
        return told[0] if told else None

    def _write(
        self, answers: Sequence[tuple[StoredTitle, SourceState, SourceTitle]], now: datetime, report: RefreshReport
    ) -> None:
        """Keep answers, and let the dates that they come to count."""
        if not answers:
            return
        heard: list[SourceAnswers] = []
        for item, known, answer in answers:
            with own_fault(report, key_of(item), item.listing.title.name):
                second = second_answer(self.there, known, answer, now)
                heard.append(SourceAnswers(item=item, known=known, answers=(answer, *([second] if second else []))))
        try:
            self.notes.keep(heard, now, report)
        except EVERYBODYS:
            raise
        except Exception:  # noqa: BLE001  one of them: each is written for itself, and only that one is left out
            for one in heard:
                with own_fault(report, key_of(one.item), one.item.listing.title.name):
                    self.notes.keep([one], now, report)

    def _gone(
        self,
        gone: GoneEntries,
        item: StoredTitle,
        known: SourceState,
        silence: NoAnswer,
        now: datetime,
        report: RefreshReport,
    ) -> None:
        """Take the dates of an entry that is gone from where the work is now; where it is nowhere they stay."""
        title = item.listing.title
        with own_fault(report, title.key, title.name):
            there = gone.look_up(item, known, silence, now)
            if there is None:
                self.notes.silent(item, known, silence, now, report)
                return
            if there.is_repinned:
                with self.store.write() as tx:
                    known = followed.repin(tx, known, there.answer.ref)
            why = None if there.is_repinned else f"{known.pin.source}: {silence.reason}"
            self.notes.keep(
                [SourceAnswers(item=item, known=known, answers=(there.answer,), instead_of=why)], now, report
            )
