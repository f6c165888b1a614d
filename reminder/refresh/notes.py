"""Stores what sources answered, where they failed, and how each source and each pass is."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from reminder.core.sourcing.answers import NoAnswer, SourceTitle
from reminder.core.sourcing.poll_interval import AFTER_SILENCE, next_look
from reminder.core.sourcing.restless import newly_restless
from reminder.refresh.gone import NAMED
from reminder.refresh.report import RefreshReport, Tell, is_worth_telling, later
from reminder.refresh.report import health as after
from reminder.refresh.resolving import resolve_dates, understood
from reminder.store import followed
from reminder.store.asking_faults import note_faults
from reminder.store.followed import SourceState
from reminder.store.load_plans import date_changes
from reminder.store.source_health import Health, note_health, source_health
from reminder.store.sql.store import Store
from reminder.store.title_commands import StoredTitle, put_again
from reminder.store.titles import known_releases, known_titles

log = logging.getLogger(__name__)

_RESTLESS: Final = "Readers hear of it once it has stood for two days. Write the date by hand if you know it: when:."


@dataclass(frozen=True, kw_only=True)
class SourceAnswers:
    """The answers of sources about one title; `instead_of` is the failure of its own entry, where another stands in."""

    item: StoredTitle
    known: SourceState
    answers: tuple[SourceTitle, ...]
    instead_of: str | None = None


@dataclass(frozen=True, kw_only=True)
class Notes:
    """Keeps what was heard. `tell` tells the operator of what no one else would see."""

    store: Store
    grace: timedelta
    tell: Tell

    def faults(self, now: datetime, report: RefreshReport) -> None:
        """Keep what failed until it succeeds, ask about it again within the hour, and tell the operator of it once."""
        if not report.failed and not report.tried:
            return
        with self.store.write() as tx:
            new = note_faults(tx, report.failed, report.tried - report.failed.keys())
            followed.ask_again(tx, {key: now + AFTER_SILENCE for key, item in report.failed.items() if item.is_title})
        if new:
            lines = [*map(str, new[:NAMED]), *([f"And {len(new) - NAMED} more"] if len(new) > NAMED else [])]
            self.tell("Asking for dates failed", [*lines, "Everything else was asked about as always."], now)

    def unchanged(self, works: Sequence[tuple[StoredTitle, SourceState]], now: datetime) -> None:
        """Note that the source says the same as before of these titles."""
        with self.store.write() as tx:
            followed.note_unchanged(
                tx, {key_of(item): next_look(key_of(item), known.releases, now) for item, known in works}, now
            )

    def keep(self, heard: Sequence[SourceAnswers], now: datetime, report: RefreshReport) -> None:
        """Write what was heard of these titles, in one transaction: all of it or nothing."""
        clashes: list[tuple[str, str, str | None]] = []
        with self.store.write() as tx:
            for one in heard:
                title = one.item.listing.title
                answers = [understood(answer, one.known, now.date()) for answer in one.answers]
                found = resolve_dates(title, one.known, answers, now)
                followed.note_answer(tx, title, one.known, answers, found, now)
                followed.ask_again(tx, {title.key: next_look(title.key, found.sourced.releases, now)})
                clash = "; ".join(str(each) for each in found.clashes) or None
                if one.instead_of:
                    followed.note_silence(tx, title.key, one.instead_of)
                elif clash != one.known.told:
                    followed.note_told(tx, title.key, clash)
                    clashes.append((title.name, found.sourced.source, clash))
            keys = [key_of(one.item) for one in heard]
            moved = put_again(tx, keys, now, self.grace, resolve_dates).moved
            restless = _restless(tx, keys, now) if moved else {}
        report.moved += moved
        for name, label in restless.items():
            lines = [f"{label}: its source changed the date to and fro three times within a week.", _RESTLESS]
            self.tell(f"A date of {name} goes to and fro", lines, now)
        for name, source, clash in clashes:
            if clash:
                self.tell(
                    f"Two sources differ about {name}", [clash, f"{source} counts; `reminder show` says why."], now
                )

    def put_off(
        self, works: Sequence[tuple[StoredTitle, SourceState]], why: NoAnswer, now: datetime, report: RefreshReport
    ) -> None:
        """Leave the rest of a source that does not answer for later, in one transaction."""
        with self.store.write() as tx:
            for item, known in works:
                title = item.listing.title
                report.silent[title.name] = f"{known.pin.source}: {why.reason}"
                followed.note_silence(tx, title.key, report.silent[title.name])
            followed.ask_again(tx, {key_of(item): later(key_of(item), known, why, now) for item, known in works})

    def silent(
        self, item: StoredTitle, known: SourceState, answer: NoAnswer, now: datetime, report: RefreshReport
    ) -> None:
        """Note that nothing was heard: nothing changes."""
        title, reason = item.listing.title, f"{known.pin.source}: {answer.reason}"
        report.silent[title.name] = reason
        with self.store.write() as tx:
            followed.note_silence(tx, title.key, reason)
            followed.ask_again(tx, {title.key: later(title.key, known, answer, now)})

    def health(self, name: str, silence: NoAnswer | None, now: datetime, report: RefreshReport) -> None:
        """Note whether a source answers; one that is silent for long is told to the operator, once."""
        with self.store.write() as tx:
            known = source_health(tx).get(name, Health(name=name))
            stands = after(known, silence, now)
            is_news = silence is not None and stands.told_at is None and is_worth_telling(silence, stands, now)
            is_told = is_news or (silence is not None and name in report.failed)  # a failure is told in one message
            note_health(tx, replace(stands, told_at=stands.told_at or now) if is_told else stands)
        if silence is not None:
            report.silent.setdefault(name, silence.reason)
            log.warning("source does not answer", extra={"source": name, "why": silence.reason})
        if is_news and silence is not None and name not in report.failed:
            lines = [f"{silence.reason}.", "Nothing is lost: the dates stay as they were last known."]
            self.tell(f"{name} does not answer", lines, now)


def key_of(item: StoredTitle) -> str:
    """Return the key of a title that is kept."""
    return item.listing.title.key


def _restless(tx: Connection, keys: Sequence[str], now: datetime) -> dict[str, str]:
    """Return of which of these titles a date has come to go to and fro with a change at `now`, by name: the label."""
    rows = known_titles(tx, keys).values()
    changes, releases = date_changes(tx, [row.id for row in rows]), known_releases(tx, [row.id for row in rows])
    found = {}
    for row in rows:
        refs = newly_restless(changes.get(row.id, ()), now)
        labels = [item.release.label for ref, item in releases.get(row.id, {}).items() if ref in refs]
        if labels:
            found[row.name] = labels[0]
    return found
