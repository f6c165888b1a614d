"""Where the date of one title comes from: a hand, the config, a calendar or a source, and what a second one says."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from reminder.core.dates.parse import load_when
from reminder.core.dates.when import When
from reminder.core.model.entities import Release, Title
from reminder.core.schedule.listing import ReadDate
from reminder.core.sourcing.attribution import ATTRIBUTION
from reminder.core.sourcing.compare import CLASH
from reminder.core.sourcing.select_release import SelectedRelease
from reminder.core.text.phrases import ReaderSettings
from reminder.core.wording import Wording
from reminder.store.listings import CALENDAR, CONFIG
from reminder.store.title_commands import StoredTitle
from reminder.usecases.follow import SourceState, second_opinion, source_of
from reminder.usecases.title_page.dates import date_words, said_by


class GivenBy(enum.Enum):
    """Who gives a title its date."""

    CONFIG = enum.auto()
    HAND = enum.auto()
    CALENDAR = enum.auto()
    SOURCE = enum.auto()


@dataclass(frozen=True, kw_only=True)
class SecondOpinion:
    """What another source says of a release; `agrees` is None where it says nothing of it."""

    source: str
    agrees: bool | None
    says: str


@dataclass(frozen=True, kw_only=True)
class DateOrigin:
    """Where a date comes from. `source` is the source's name where one gives it, with its entry's name and page.

    `asked_at` is when it last answered, `next_at` when it is asked next, `silence` why it gave no answer the last time.
    `why` is the rule that chose the date, `corrected` the date that a hand put above what it `says` of the premiere.
    `is_listed` tells that the config lists the title, `place` where, for those who may know. `read_from` is the
    announcement that somebody read the date in.
    """

    by: GivenBy
    is_listed: bool
    place: str | None = None
    source: str | None = None
    entry: str | None = None
    page: str | None = None
    asked_at: datetime | None = None
    next_at: datetime | None = None
    silence: str | None = None
    says: str = ""
    why: str = ""
    is_early: bool = False
    corrected: When | None = None
    second: SecondOpinion | None = None
    credit: str | None = None
    read_from: ReadDate | None = None


def origin_of(
    tx: Connection, kept: StoredTitle, release: Release | None, reader: ReaderSettings, *, is_listed: bool
) -> DateOrigin:
    """Return where the date of a release comes from; `is_listed` says that the config as it is now lists the title."""
    title = kept.listing.title
    is_listed = is_listed or (kept.origin == CONFIG and kept.ended_at is None)
    if not title.is_followed:
        read = kept.listing.read_from
        is_as_read = read is not None and read.when == title.premiere
        by = GivenBy.CONFIG if is_listed else GivenBy.HAND
        return DateOrigin(by=by, is_listed=is_listed, read_from=read if is_as_read else None)
    by = GivenBy.CALENDAR if kept.origin == CALENDAR else GivenBy.SOURCE
    known = source_of(tx, title)
    if known is None or not known.pin.ref:
        return DateOrigin(by=by, is_listed=is_listed, silence=known.silence if known else None)
    return replace(_sourced(title, known, release, reader), by=by, is_listed=is_listed)


def _sourced(title: Title, known: SourceState, release: Release | None, reader: ReaderSettings) -> DateOrigin:
    ref = release.ref if release else None
    reason = next((item for item in known.reasons if (item.season, item.first) == ref), None)
    counts = title.sourced.source if title.sourced else known.pin.source
    return DateOrigin(
        by=GivenBy.SOURCE,
        is_listed=False,
        source=_source_name(counts, known, reader),
        entry=known.pin.name,
        page=title.sourced.link if title.sourced else None,
        asked_at=known.answered_at,
        next_at=known.next_at,
        silence=known.silence,
        says=date_words(load_when(reason.said), reader) if reason else "",
        why=reason.why if reason else "",
        is_early=bool(reason and reason.provisional),
        corrected=_corrected(title, release),
        second=_second(title, known, release, reader),
        credit=ATTRIBUTION.get(counts),
    )


def _corrected(title: Title, release: Release | None) -> When | None:
    """Return the date that a hand put above the source's, which is the premiere's; None for any other release."""
    is_premiere = release is not None and release.first == 1
    return title.source_options.when if title.source_options and is_premiere else None


def _source_name(source: str, known: SourceState, reader: ReaderSettings) -> str:
    """Return the name of a source for people; a calendar has one of its own."""
    if source == "ical":
        return Wording("the calendar %(name)s", name=known.pin.ref.partition("/")[0])
    return said_by(source, reader.language)


def _second(title: Title, known: SourceState, release: Release | None, reader: ReaderSettings) -> SecondOpinion | None:
    chosen = second_opinion(title, known)
    if chosen is None or known.second is None:
        return None
    name = said_by(known.second.source, reader.language)
    theirs = _same_release(chosen, release)
    if release is None or theirs is None or not theirs.release.when.is_dated:
        return SecondOpinion(source=name, agrees=None, says="")
    says = date_words(theirs.release.when, reader)
    return SecondOpinion(source=name, agrees=_agree(release.when, theirs.release.when), says=says)


def _same_release(chosen: Sequence[SelectedRelease], release: Release | None) -> SelectedRelease | None:
    return next((item for item in chosen if release and item.release.ref == release.ref), None)


def _agree(ours: When, theirs: When) -> bool | None:
    """Tell whether two dates are no more than a day apart, as sources are compared; None where one has no day."""
    one, other = ours.own_day(), theirs.own_day()
    return abs(one - other) <= CLASH if one and other else None
