"""Recognises releases again when seasons or parts are numbered otherwise than before (SPEC 4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date

from reminder.core.model.entities import Follow, Release, Role, Title
from reminder.core.model.ledger import Ref
from reminder.core.schedule.listing import KnownRelease


def relabelled(
    known: Mapping[Ref, KnownRelease], wanted: Sequence[Release], title: Title, has_heard: Callable[[Ref], bool]
) -> dict[Ref, Ref]:
    """Return which releases that are kept go on under another season or number, given those listed now.

    A number that the only season gets or loses changes nothing else. Where parts written by hand are joined, split or
    counted otherwise, a part of the same date is the same part, and a finale that anybody `has_heard` of the finale.
    """
    live = [item.release for item in known.values() if item.gone_at is None]
    if not live or {item.ref for item in live} == {item.ref for item in wanted}:
        return {}
    moved = _other_season(known, live, wanted)
    if title.sourced is None:
        now = [replace(item, season=moved.get(item.ref, item.ref)[0]) for item in live]
        first = {moved.get(item.ref, item.ref): item.ref for item in live}
        ends = title.follow is Follow.FINALE
        parts = _other_parts(now, wanted, lambda ref: ends or has_heard(first[ref]), ends=ends)
        moved = {**moved, **{first[old]: new for old, new in parts.items()}}
    return {old: new for old, new in moved.items() if old != new}


def _other_season(
    known: Mapping[Ref, KnownRelease], live: Sequence[Release], wanted: Sequence[Release]
) -> dict[Ref, Ref]:
    before, after = {item.season for item in live}, {item.season for item in wanted}
    if before & after or (None in before) == (None in after):
        return {}
    if len(before) > 1 and len(after) > 1:
        return {}
    old, new = _nearest(before, live, wanted), _nearest(after, wanted, live)
    return {ref: (new, ref[1]) for ref in known if ref[0] == old}


def _nearest(seasons: Iterable[int | None], of: Sequence[Release], to: Sequence[Release]) -> int | None:
    """Return the season that begins nearest to what others begin with, else the newest."""
    day = _begins(to)
    starts = {season: _begins([item for item in of if item.season == season]) for season in seasons}

    def far(season: int | None) -> tuple[bool, int, int]:
        start = starts[season]
        off = abs((start - day).days) if start and day else 0
        return (start is None or day is None, off, -(season or 0))

    return min(starts, key=far)


def _begins(releases: Iterable[Release]) -> date | None:
    return min((day for item in releases if (day := _day(item)) is not None), default=None)


def _day(release: Release) -> date | None:
    when = release.when
    return when.day_in(when.zone or UTC) if when.is_dated else None


def _other_parts(
    before: Sequence[Release], after: Sequence[Release], has_heard: Callable[[Ref], bool], *, ends: bool
) -> dict[Ref, Ref]:
    refs, wanted = {item.ref for item in before}, {item.ref for item in after}
    gone = [item for item in before if item.ref not in wanted and _day(item)]
    new = [item for item in after if item.ref not in refs and _day(item)]
    times = Counter([item.when for item in gone]), Counter([item.when for item in new])
    found = {
        old.ref: item.ref
        for old in gone
        for item in new
        if old.when == item.when and old.season == item.season and times[0][old.when] == times[1][old.when] == 1
    }
    last = {item.season: item.ref for item in after if item.role is Role.FINALE or ends}
    for old in before:
        end = last.get(old.season)
        if (old.role is Role.FINALE or ends) and end is not None and end != old.ref and has_heard(old.ref):
            found = {ref: to for ref, to in found.items() if to != end}
            found[old.ref] = end
    return found
