"""The dates of one title in the words of one reader: the next release, all of them, and how each date came to be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from reminder.core.dates.when import CANCELLED, When
from reminder.core.model.entities import Release, Title
from reminder.core.model.ledger import DateChange, Dated
from reminder.core.schedule.change_told import ChangeHeard, ChangeTold, told_of
from reminder.core.text.coming_words import label_words
from reminder.core.text.language import ENGLISH, Language
from reminder.core.text.leads import reason_words
from reminder.core.text.phrases import ReaderSettings, away, date_in_full, drop, named
from reminder.store.load_plans import SubscriptionSnapshot
from reminder.store.title_reads import LedgerMessage

_BY: Final = {"config": "by.config", "command": "by.hand", "calendar": "by.calendar", "ical": "by.calendar"}
_SERVICES: Final = {"tvmaze": "TVmaze", "tmdb": "TMDB"}


def said_by(origin: str, language: Language = ENGLISH) -> str:
    """Return who said so, given the origin of a change: `by hand`, `a calendar`, `TVmaze`."""
    return language.say(_BY[origin]) if origin in _BY else _SERVICES.get(origin, origin)


@dataclass(frozen=True, kw_only=True)
class ReleaseDate:
    """One release with its date in words, what drops, and in how many days (None where no day is known).

    `away` says that in words: `in 7 days`. `is_over` tells that its day, or all that it may mean, has gone by.
    """

    release: Release
    called: str
    date: str
    away: str
    drop: str
    is_over: bool

    @property
    def when(self) -> When:
        """Return the date itself."""
        return self.release.when


def date_words(when: When, reader: ReaderSettings) -> str:
    """Return a date as exactly as it is known, and a word where there is none."""
    return date_in_full(when, reader) or reader.language.say("date.cancelled" if when == CANCELLED else "date.none")


def release_dates(title: Title, releases: Sequence[Dated], reader: ReaderSettings, now: datetime) -> list[ReleaseDate]:
    """Return the releases of a title as the reader sees them at `now`, in the order of the episodes."""
    today = reader.today(now)
    return [_release_date(title, dated.release, reader, today) for dated in releases]


def _release_date(title: Title, release: Release, reader: ReaderSettings, today: date) -> ReleaseDate:
    on, span = release.when.day_in(reader.zone), release.when.span()
    last = on or (span[1] if span else None)
    return ReleaseDate(
        release=release,
        called=_called(release, reader),
        date=date_words(release.when, reader),
        away=away(on, today, reader.language) if on else "",
        drop=drop(release, reader.language),
        is_over=last is not None and last < today,
    )


def _called(release: Release, reader: ReaderSettings) -> str:
    if release.day is not None:
        return date_words(release.when, reader)
    return reader.language.capital(label_words(release.label, reader.language))


def next_of(dates: Sequence[ReleaseDate]) -> ReleaseDate | None:
    """Return what the page is about: the next release that has a day, else the next at all, else the last that was."""
    ahead = [item for item in dates if not item.is_over]
    dated = [item for item in ahead if item.when.is_dated]
    first = min(dated, key=lambda item: (_day(item), item.release.season or 0, item.release.first), default=None)
    return first or next(iter(ahead or list(dates[-1:])), None)


def _day(item: ReleaseDate) -> date:
    return item.when.own_day() or date.max


def name_of(title: Title, language: Language = ENGLISH) -> str:
    """Return the title with its season: `Ballard season 2`."""
    return named(replace(title, kind=None), Release(season=title.season), language).work


# How the date came ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class SeenChange:
    """One change of a release's date in words: before, after, who said so, and when that was seen.

    `told` says how this person stands to it, empty for one who does not follow the title; `is_told` that they heard.
    """

    no: int
    release: str
    before: str
    after: str
    by: str
    seen_at: datetime
    told: str
    told_at: datetime | None
    heard: ChangeHeard | None
    corrects: bool


def seen_changes(
    changes: Sequence[DateChange],
    releases: Sequence[Dated],
    case: SubscriptionSnapshot | None,
    recorded: Sequence[LedgerMessage],
    reader: ReaderSettings,
    grace: timedelta,
    proposed: Mapping[datetime, str],
) -> tuple[SeenChange, ...]:
    """Return how the dates of a title came to be, the newest first; `proposed` tells who had proposed one, by when."""
    labels = {dated.release.ref: dated.release.label for dated in releases}
    reasons = {item.id: item for item in recorded}
    found = []
    for change in reversed(changes):
        told = told_of(case.subscription, case.story, change, grace) if case is not None else None
        found.append(
            SeenChange(
                no=change.no,
                release=_label(labels.get(change.ref), reader.language),
                before=date_words(change.before, reader),
                after=date_words(change.after, reader),
                by=_by(change, proposed, reader.language),
                seen_at=change.seen_at,
                told=_told_words(told, reasons, reader.language) if told else "",
                told_at=told.at if told else None,
                heard=told.heard if told else None,
                corrects=change.corrects,
            )
        )
    return tuple(found)


def _by(change: DateChange, proposed: Mapping[datetime, str], language: Language) -> str:
    who = proposed.get(change.seen_at)
    return language.say("by.proposal", who=who) if who is not None else said_by(change.source, language)


def _label(label: str | None, language: Language) -> str:
    return language.say("release.gone") if label is None else label_words(label, language)


def _told_words(told: ChangeTold, recorded: dict[int, LedgerMessage], language: Language) -> str:
    if told.heard is not ChangeHeard.NOT_TOLD:
        return language.say(f"told.{told.heard.name.lower()}")
    kept = recorded.get(told.by.id) if told.by else None
    reason = next((result.reason for result in kept.results if result.reason), None) if kept else None
    if not reason:
        return language.say("told.not_told")
    return language.say("told.not_told_because", reason=reason_words(reason, language))
