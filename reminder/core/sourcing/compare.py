"""Decides which of two sources about one title counts, and whether they differ enough to be worth a word."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from reminder.core.dates.when import When
from reminder.core.sourcing.answers import SourceTitle, Stated, WorkForm
from reminder.core.sourcing.resolved import Clash
from reminder.core.sourcing.select_release import SelectedRelease

CLASH: Final = timedelta(days=1)
"""Two sources may differ by this: one of them has the day in UTC. More is told, once."""

_ORDER: Final = {
    WorkForm.SERIES: ("tvmaze", "ical", "tmdb"),
    WorkForm.FILM: ("tmdb", "ical", "tvmaze"),
}
_REASONS: Final = {
    ("tvmaze", WorkForm.SERIES): "TVmaze has series by the local day and hour of their channel",
    ("tmdb", WorkForm.FILM): "TMDB has films by country and kind",
}


def order(names: Iterable[str], form: WorkForm, pinned: str | None = None) -> tuple[list[str], str]:
    """Return the sources of a title, the one that counts first, and the rule that decided."""
    known = _ORDER[form]
    ranked = sorted(names, key=lambda name: (name != pinned, known.index(name) if name in known else len(known), name))
    if pinned and ranked and ranked[0] == pinned:
        return ranked, "it is the one the title is pinned to"
    first = ranked[0] if ranked else ""
    return ranked, _REASONS.get((first, form), "it is the only one")


def clashes(ours: Sequence[SelectedRelease], theirs: Sequence[SelectedRelease], other: str) -> tuple[Clash, ...]:
    """Return where two sources that both know a day are more than a day apart."""
    by_ref = {item.release.ref: item for item in theirs}
    found = []
    for item in ours:
        their = by_ref.get(item.release.ref)
        if their and _apart(item, their):
            found.append(
                Clash(label=item.release.label, ours=item.release.when, theirs=their.release.when, other=other)
            )
    return tuple(found)


def _apart(one: SelectedRelease, other: SelectedRelease) -> bool:
    day, other_day = _day(one), _day(other)
    return day is not None and other_day is not None and abs(day - other_day) > CLASH


def _day(item: SelectedRelease) -> date | None:
    when = item.release.when
    on = item.stated[0].on if item.stated and when.is_dated else None
    return on or when.own_day()


# Calendars about one work --------------------------------------------------------------------------------------------


def beside(answer: SourceTitle, others: Iterable[tuple[str, SourceTitle]]) -> SourceTitle:
    """Return what a calendar says of a work, with a note where another calendar, by its name, has another date.

    The calendar that is followed counts. What is known by its day has no other day.
    """
    said: dict[Hashable, list[str]] = defaultdict(list)
    dates = {_place(item): item.when for item in answer.releases}
    for calendar, work in others:
        for item in work.releases:
            own = dates.get(_place(item))
            if own is not None and not item.by_day and _differ(own, item.when):
                said[_place(item)].append(f"calendar {calendar} says {item.when.show()}")
    if not said:
        return answer
    noted = (replace(item, note=_joined([item.note or "", *said[_place(item)]])) for item in answer.releases)
    return replace(answer, releases=tuple(noted))


def _place(item: Stated) -> Hashable:
    return item.season, item.number, item.kind


def _joined(notes: Iterable[str]) -> str | None:
    return "; ".join(dict.fromkeys(note for note in notes if note)) or None


def _differ(one: When, other: When) -> bool:
    """Tell whether two dates are not the same; an hour on a day, and that day, are."""
    if None in {one.at, other.at}:
        return one.own_day() != other.own_day()
    return one.at != other.at
