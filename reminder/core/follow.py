"""From what sources answered about a title to the dates that it is followed by, and the reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, timedelta
from typing import Final

from reminder.core.choose import Chosen, choose
from reminder.core.model import Release, Sourced
from reminder.core.runs import as_run
from reminder.core.source import Form, ReleaseKind, SourceTitle
from reminder.core.weigh import Clash, clashes, order
from reminder.core.when import UNKNOWN, When, WhenError
from reminder.core.wish import Wish

FORGOTTEN: Final = timedelta(days=60)
"""What came out this long ago and is in no answer any more is dropped."""

BY_HAND: Final = "corrected by hand"
_PLACES: Final = {ReleaseKind.CINEMA: "in cinemas", ReleaseKind.PHYSICAL: "on disc", ReleaseKind.TV: "on television"}


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why a release has its date: the source's own words, the rule, and what another source or a hand said instead."""

    season: int | None
    first: int
    said: str
    why: str
    raw: str
    provisional: bool = False


@dataclass(frozen=True, kw_only=True)
class Followed:
    """The dates of a title, with the reason for each, the rule that chose the source, and where two sources differ."""

    sourced: Sourced
    reasons: tuple[Reason, ...]
    rule: str
    clashes: tuple[Clash, ...] = ()
    corrected: tuple[int | None, int] | None = None


@dataclass(frozen=True, kw_only=True)
class Before:
    """What a title was followed by until now: its releases, and the release that the same correction was made for."""

    releases: tuple[Release, ...] = ()
    corrected: tuple[int | None, int] | None = None


def follow(
    answers: Sequence[SourceTitle], wish: Wish, *, season: int | None, before: Before, pinned: str, today: date
) -> Followed:
    """Given good answers about one work (at least one), return what it is followed by from now on.

    Args:
        answers: what the sources say, in any order.
        wish: country, kinds, service and corrections.
        season: the only season that is followed; None for all.
        before: what it was followed by until now: what an answer leaves out stays, for absence is no cancellation.
        pinned: the source that the title is pinned to.
        today: the date in UTC.
    """
    by_name = {answer.source: as_run(answer, before.releases, {}, today) for answer in answers}
    names, rule = order(by_name, answers[0].form, pinned)
    first = by_name[names[0]]
    chosen = choose(first, wish, season=season, today=today)
    apart = tuple(
        clash
        for name in names[1:]
        for clash in clashes(chosen, choose(by_name[name], wish, season=season, today=today), name)
    )
    ref = _corrected_ref(chosen, wish, before, today)
    mended = tuple(_mended(item, wish, ref) for item in chosen)
    kept = _kept(mended, before.releases, today)
    releases = sorted((*(item.release for item in mended), *kept), key=lambda item: (item.season or 0, item.first))
    sourced = Sourced(source=first.source, releases=tuple(releases), platform=_platform(first, chosen), link=first.link)
    reasons = (*(_reason(old, new) for old, new in zip(chosen, mended, strict=True)), *map(_left_out, kept))
    return Followed(sourced=sourced, reasons=reasons, rule=rule, clashes=apart, corrected=ref)


def _platform(title: SourceTitle, chosen: Sequence[Chosen]) -> str | None:
    if title.form is Form.SERIES:
        return next((item.platform for item in reversed(chosen) if item.platform), title.service)
    kind = chosen[0].stated[0].kind if chosen[0].stated else None
    return chosen[0].platform or (_PLACES.get(kind) if kind else None)


def _corrected_ref(chosen: Sequence[Chosen], wish: Wish, before: Before, today: date) -> tuple[int | None, int] | None:
    """Return the release that `when:` is about: the one it was made for, else the first premiere that is to come."""
    if wish.when is None:
        return None
    if before.corrected is not None:
        return before.corrected
    premieres = [item.release for item in chosen if item.release.first == 1] or [chosen[-1].release]
    ahead = [item for item in premieres if last_day(item.when) >= today]
    return (ahead or premieres[-1:])[0].ref


def last_day(when: When) -> date:
    """Return the last day that a date may mean, in its own zone; the end of time for one that is not known."""
    span = when.span()
    return span[1] if span else when.day_in(when.zone or UTC) or date.max


def _mended(item: Chosen, wish: Wish, ref: tuple[int | None, int] | None) -> Chosen:
    """Return a release with what was corrected by hand, which outlives whatever the source says."""
    when = item.release.when
    if wish.when is not None and item.release.ref == ref:
        if wish.when.is_coarse and when.is_dated and _lies_in(when, wish.when):
            return replace(item, why=f"{item.why}; within {wish.when.show()}, as said by hand")
        when = wish.when
    elif wish.offset:
        when = _shifted(when, wish.offset)
    return item if when is item.release.when else replace(item, release=replace(item.release, when=when), why=BY_HAND)


def _shifted(when: When, offset: timedelta) -> When:
    """Return a date shifted: an instant by any span, a day by whole days; what cannot be shifted stays."""
    try:
        if when.at:
            return When.exact(when.at + offset, when.zone)
        return When.day(when.on + offset) if when.on and not offset % timedelta(days=1) else when
    except (WhenError, OverflowError):
        return when


def _lies_in(when: When, said: When) -> bool:
    """Tell whether a day lies in a month, season or year: then it is the same said more exactly, no contradiction."""
    on, span = when.day_in(when.zone or UTC), said.span()
    return bool(on and span and span[0] <= on <= span[1])


def _kept(chosen: Sequence[Chosen], before: Sequence[Release], today: date) -> tuple[Release, ...]:
    """Return what was followed until now and is not in the answer: it stays as it was."""
    return tuple(
        release
        for release in before
        if release.when != UNKNOWN
        and not any(_holds(item.release, release) for item in chosen)
        and last_day(release.when) >= today - FORGOTTEN
    )


def _holds(one: Release, other: Release) -> bool:
    """Tell whether a release is the other, or takes it in: episodes that have come to be out on one day."""
    if one.season != other.season:
        # A work has its dates in one way: a film none by season, a series none without.
        return (one.season is None) != (other.season is None)
    return one.first <= other.first <= (one.last or one.first)


def _reason(stated: Chosen, mended: Chosen) -> Reason:
    release = stated.release
    why = f"{BY_HAND}; the source: {stated.why}" if mended.why == BY_HAND else mended.why
    return Reason(
        season=release.season,
        first=release.first,
        said=release.when.show(),
        why=why,
        raw=" / ".join(dict.fromkeys(item.raw for item in stated.stated if item.raw)),
        provisional=stated.provisional,
    )


def _left_out(release: Release) -> Reason:
    return Reason(
        season=release.season,
        first=release.first,
        said=release.when.show(),
        why="no longer in the source's answer; absence is no cancellation",
        raw="",
    )
