"""Recognises releases again when seasons or parts are numbered otherwise than before (SPEC 4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

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
    if not live or {release.ref for release in live} == {release.ref for release in wanted}:
        return {}
    moved = _other_season(known, live, wanted)
    if title.sourced is None:
        moved |= _parts_by_hand(live, moved, wanted, title, has_heard)
    return {old: new for old, new in moved.items() if old != new}


def _parts_by_hand(
    live: Sequence[Release],
    moved: Mapping[Ref, Ref],
    wanted: Sequence[Release],
    title: Title,
    has_heard: Callable[[Ref], bool],
) -> dict[Ref, Ref]:
    """Return which parts written by hand go on under another number, given the seasons that have `moved` already."""
    renumbered = [replace(release, season=moved.get(release.ref, release.ref)[0]) for release in live]
    kept_as = {moved.get(release.ref, release.ref): release.ref for release in live}
    ends = title.follow is Follow.FINALE
    parts = _other_parts(renumbered, wanted, lambda ref: ends or has_heard(kept_as[ref]), ends=ends)
    return {kept_as[old]: new for old, new in parts.items()}


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
    return min((day for item in releases if (day := item.when.own_day()) is not None), default=None)


def _other_parts(
    before: Sequence[Release], after: Sequence[Release], has_heard: Callable[[Ref], bool], *, ends: bool
) -> dict[Ref, Ref]:
    """Return which parts are which: by their dates, then the finales. `ends`: only finales are followed."""
    parts = _of_same_date(before, after)
    finales = {release.season: release.ref for release in after if ends or release.role is Role.FINALE}
    for old in before:
        finale = finales.get(old.season) if ends or old.role is Role.FINALE else None
        if finale is not None and finale != old.ref and has_heard(old.ref):
            parts = {ref: part for ref, part in parts.items() if part != finale}
            parts[old.ref] = finale
    return parts


def _of_same_date(before: Sequence[Release], after: Sequence[Release]) -> dict[Ref, Ref]:
    """Return the parts that have another number now, by the one they had: no other part of either has their date."""
    gone, new = _dated_only_in(before, after), _dated_only_in(after, before)
    gone_on, new_on = Counter([release.when for release in gone]), Counter([release.when for release in new])
    return {
        old.ref: part.ref
        for old in gone
        for part in new
        if (old.when, old.season) == (part.when, part.season) and gone_on[old.when] == new_on[old.when] == 1
    }


def _dated_only_in(releases: Iterable[Release], others: Iterable[Release]) -> list[Release]:
    refs = {release.ref for release in others}
    return [release for release in releases if release.ref not in refs and release.when.is_dated]
