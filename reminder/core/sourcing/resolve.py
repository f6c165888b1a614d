"""Resolves what sources answered about a title into the dates that it is followed by, with the reasons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from reminder.core.dates.when import When, WhenError
from reminder.core.model.entities import Release, Sourced
from reminder.core.model.ledger import Ref
from reminder.core.model.source_options import SourceOptions
from reminder.core.sourcing.answers import ReleaseKind, SourceTitle, WorkForm
from reminder.core.sourcing.compare import clashes, order
from reminder.core.sourcing.identity import Matched, match, origin_of
from reminder.core.sourcing.missing import ComparedAnswer, LeftRelease, last_day, left_over
from reminder.core.sourcing.resolved import DateReason, Origin, PreviousDates, ResolvedDates
from reminder.core.sourcing.runs import as_run
from reminder.core.sourcing.select_release import SelectedRelease, choose

BY_HAND: Final = "corrected by hand"
_PLACES: Final = {ReleaseKind.CINEMA: "in cinemas", ReleaseKind.PHYSICAL: "on disc", ReleaseKind.TV: "on television"}


def follow(
    answers: Sequence[SourceTitle],
    options: SourceOptions,
    *,
    season: int | None,
    before: PreviousDates,
    pinned: str,
    now: datetime,
) -> ResolvedDates:
    """Given good answers about one work (at least one), return what it is followed by from now on.

    Args:
        answers: what the sources say, in any order, each as it is to be understood (core/beside.py).
        options: country, kinds, service and corrections.
        season: the only season that is followed; None for all.
        before: what it was followed by until now.
        pinned: the source that the title is pinned to.
        now: the instant of the answers.
    """
    today = now.date()
    ids = {ref: origin.ids for ref, origin in before.origins.items()}
    by_name = {answer.source: as_run(answer, before.releases, ids, today) for answer in answers}
    names, rule = order(by_name, answers[0].form, pinned)
    first = by_name[names[0]]
    chosen = choose(first, options, season=season, today=today, since=before.since)
    others = {
        name: choose(by_name[name], options, season=season, today=today, since=before.since) for name in names[1:]
    }
    matched = match(before.releases, before.origins, first.source, chosen)
    ref = _corrected_ref(chosen, options, before, matched, today)
    mended = tuple(_mended(item, options, ref) for item in chosen)
    kept = left_over(_answered(first, matched, chosen, before), before.releases, before.doubts, now)
    releases = _in_order((*(item.release for item in mended), *(item.release for item in kept)))
    sourced = Sourced(source=first.source, releases=releases, platform=_platform(first, chosen), link=first.link)
    return ResolvedDates(
        sourced=sourced,
        reasons=(*(_reason(old, new) for old, new in zip(chosen, mended, strict=True)), *map(_left_out, kept)),
        rule=_with_skipped(rule, first.skipped),
        clashes=tuple(clash for name, other in others.items() for clash in clashes(chosen, other, name)),
        corrected=ref,
        relabelled=matched.relabelled,
        origins=_origins(first.source, chosen, kept, before),
        doubts=tuple(item.doubt for item in kept if item.doubt),
    )


def _with_skipped(rule: str, skipped: int) -> str:
    return f"{rule}; {skipped} of the entries in its answer cannot be read" if skipped else rule


def _in_order(releases: Iterable[Release]) -> tuple[Release, ...]:
    return tuple(sorted(releases, key=lambda item: (item.season or 0, item.first)))


def _answered(
    title: SourceTitle, matched: Matched, chosen: Sequence[SelectedRelease], before: PreviousDates
) -> ComparedAnswer:
    return ComparedAnswer(
        title=title,
        matched=matched,
        chosen=chosen,
        origins=before.origins,
        is_same_source=before.source in {None, title.source},
    )


def _origins(
    source: str, chosen: Sequence[SelectedRelease], kept: Sequence[LeftRelease], before: PreviousDates
) -> tuple[Origin, ...]:
    """Return what each release is made of; of one that is missing it is remembered."""
    missing = (before.origins.get(item.release.ref) for item in kept)
    return (*(origin_of(source, item) for item in chosen), *(item for item in missing if item))


def _platform(title: SourceTitle, chosen: Sequence[SelectedRelease]) -> str | None:
    if title.form is WorkForm.SERIES:
        return next((item.platform for item in reversed(chosen) if item.platform), title.service)
    kind = chosen[0].stated[0].kind if chosen[0].stated else None
    return chosen[0].platform or (_PLACES.get(kind) if kind else None)


def _corrected_ref(
    chosen: Sequence[SelectedRelease], options: SourceOptions, before: PreviousDates, matched: Matched, today: date
) -> Ref | None:
    """Return the release that `when:` is about: the one it was made for, else the first premiere that is to come."""
    if options.when is None:
        return None
    if before.corrected is not None:
        return matched.relabelled.get(before.corrected, before.corrected)
    premieres = [item.release for item in chosen if item.release.first == 1] or [chosen[-1].release]
    ahead = [item for item in premieres if last_day(item.when) >= today]
    return (ahead or premieres[-1:])[0].ref


def _mended(item: SelectedRelease, options: SourceOptions, ref: Ref | None) -> SelectedRelease:
    """Return a release with what was corrected by hand, which outlives whatever the source says."""
    when = item.release.when
    if options.when is not None and item.release.ref == ref:
        if options.when.is_coarse and when.is_dated and _lies_in(when, options.when):
            return replace(item, why=f"{item.why}; within {options.when.show()}, as said by hand")
        when = options.when
    elif options.offset:
        when = _shifted(when, options.offset)
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
    on, span = when.own_day(), said.span()
    return bool(on and span and span[0] <= on <= span[1])


def _reason(stated: SelectedRelease, mended: SelectedRelease) -> DateReason:
    release = stated.release
    why = f"{BY_HAND}; the source: {stated.why}" if mended.why == BY_HAND else mended.why
    return DateReason(
        season=release.season,
        first=release.first,
        said=release.when.show(),
        why=why,
        raw=" / ".join(dict.fromkeys(item.raw for item in stated.stated if item.raw)),
        provisional=stated.provisional,
    )


def _left_out(left: LeftRelease) -> DateReason:
    release = left.release
    return DateReason(season=release.season, first=release.first, said=release.when.show(), why=left.why, raw="")
