"""Doubts releases that a good answer lacks, and withdraws them when that is plain or lasts (SPEC 9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from reminder.core.dates.when import CANCELLED, UNKNOWN, When
from reminder.core.model.entities import Release, Role
from reminder.core.model.ledger import Ref
from reminder.core.sourcing.answers import SourceTitle, Stated, WorkStatus
from reminder.core.sourcing.identity import Matched, own_id
from reminder.core.sourcing.resolved import Doubt, Origin
from reminder.core.sourcing.select_release import SelectedRelease

FORGOTTEN: Final = timedelta(days=60)
"""What came out this long ago, or was withdrawn, and is in no answer any more is dropped."""

DOUBT: Final = timedelta(days=1)
"""For so long at least a good answer has to do without a release before it is withdrawn."""


@dataclass(frozen=True, kw_only=True)
class LeftRelease:
    """A release that an answer does not have: as it counts now, why, and the doubt about it."""

    release: Release
    why: str
    doubt: Doubt | None = None


def last_day(when: When) -> date:
    """Return the last day that a date may mean, in its own zone; the end of time for one that is not known."""
    days = when.days()
    return days[1] if days else date.max


@dataclass(frozen=True, kw_only=True)
class ComparedAnswer:
    """A good answer, beside what was followed before: what it has of that, and whether it is the same source's."""

    title: SourceTitle
    matched: Matched
    chosen: Sequence[SelectedRelease]
    origins: Mapping[Ref, Origin]
    is_same_source: bool


def left_over(
    answered: ComparedAnswer, before: Iterable[Release], doubts: Iterable[Doubt], now: datetime
) -> tuple[LeftRelease, ...]:
    """Return what stays of the releases followed until now that the answer does not have.

    What is over stays for a while. What is to come is doubtful where the answer lists the whole of its season, and is
    withdrawn after two such answers a day apart, at once where the answer contradicts it. Else it stays as it was.
    """
    known = {item.ref: item for item in doubts}
    taken = {item.release.ref for item in answered.chosen}
    found = (
        _left(answered, item, known.get(item.ref), now)
        for item in before
        if item.ref not in answered.matched.places and item.ref not in taken
    )
    return tuple(item for item in found if item is not None)


def _left(answered: ComparedAnswer, release: Release, doubt: Doubt | None, now: datetime) -> LeftRelease | None:
    """Return what becomes of a release that the answer does not have; None where it is dropped."""
    today = now.date()
    if doubt is not None and doubt.withdrawn_at is not None:
        is_old = doubt.withdrawn_at + FORGOTTEN < now
        return None if is_old else LeftRelease(release=release, why=_WITHDRAWN, doubt=doubt)
    if _is_forgotten(release, today):
        return None
    if last_day(release.when) < today:
        return LeftRelease(release=release, why="it is over")
    if not _is_told_whole(answered, release):
        return LeftRelease(release=release, why="not in the source's answer, which tells nothing of its season")
    return _doubted_or_withdrawn(answered, release, doubt.since if doubt else now, now)


def _is_forgotten(release: Release, today: date) -> bool:
    """Tell whether a missing release is dropped: it has no date, or its date or its cancelled day is long past."""
    is_old_day = release.when == CANCELLED and release.day is not None and release.day < today - FORGOTTEN
    return is_old_day or release.when == UNKNOWN or last_day(release.when) < today - FORGOTTEN


def _doubted_or_withdrawn(answered: ComparedAnswer, release: Release, since: datetime, now: datetime) -> LeftRelease:
    """Return a release as doubtful since an instant, or as withdrawn where the answer contradicts it or doubt lasts."""
    against = contradiction(answered, release)
    if against is None and now - since < DOUBT:
        why = "missing from the source's answer: withdrawn if it is still missing a day later"
        return LeftRelease(release=release, why=why, doubt=Doubt(ref=release.ref, since=since))
    gone = Doubt(ref=release.ref, since=since, withdrawn_at=now)
    left = replace(_no_finale(answered, release), when=UNKNOWN)
    return LeftRelease(release=left, why=f"{_WITHDRAWN}: {against or 'a day later too'}", doubt=gone)


def _no_finale(answered: ComparedAnswer, release: Release) -> Release:
    """Return a release that is gone as an episode like others where its season has another finale now."""
    has_another = any(
        item.release.role is Role.FINALE and item.release.season == release.season for item in answered.chosen
    )
    if release.role is not Role.FINALE or not has_another:
        return release
    return replace(release, role=Role.EPISODE, label=f"episode {release.first}")


_WITHDRAWN: Final = "withdrawn, for it is missing from the source's answer"


def _is_told_whole(answered: ComparedAnswer, release: Release) -> bool:
    """Tell whether the answer is one from which this can be missing: a source takes back only what it has stated."""
    title, origin = answered.title, answered.origins.get(release.ref)
    is_its_own = not origin or not origin.ids or origin.ids[0].startswith(f"{title.source}:")
    return is_its_own and answered.is_same_source and title.is_whole and release.season not in title.unread


def contradiction(answered: ComparedAnswer, release: Release) -> str | None:
    """Return what in a good answer contradicts a release that it does not have, None where nothing does."""
    title = answered.title
    if title.standing in {WorkStatus.ENDED, WorkStatus.CANCELLED}:
        return f"the show is {title.standing} there"
    season = [item for item in title.releases if item.season == release.season]
    if release.season is not None and not season:
        return "its season is not listed there any more"
    return _behind_the_end(season, release) or _elsewhere(answered, release)


def _behind_the_end(season: Sequence[Stated], release: Release) -> str | None:
    """Return by what the stated episodes of a season end before a release: their count, or their finale."""
    count = max((item.count for item in season if item.number is None and item.count is not None), default=None)
    if count is not None and release.first > count:
        return f"the season has {count} episodes there"
    end = max((item.number for item in season if item.finale and item.number is not None), default=None)
    return f"the season ends with episode {end} there" if end is not None and release.first > end else None


def _elsewhere(answered: ComparedAnswer, release: Release) -> str | None:
    """Return what the answer has in the place of a release: its episode elsewhere, or another on its day and hour."""
    origin = answered.origins.get(release.ref)
    for item in answered.title.releases:
        if origin and origin.ids and own_id(answered.title.source, item) == origin.ids[0] and item.number is not None:
            return f"its episode is season {item.season}, episode {item.number} there"
        if release.when.is_dated and item.when == release.when and item.number is not None:
            return f"season {item.season}, episode {item.number} stands on that day there"
    return None
