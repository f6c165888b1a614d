"""Works whose episodes have no numbers: each is known by the day on which it first stood in its calendar.

A run is what comes on several days under one name. What was alone at first keeps its place when others join it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date

from reminder.core.dates.when import When
from reminder.core.model.entities import Release
from reminder.core.sourcing.answers import ReleaseKind, SourceTitle, Stated, WorkForm


def is_single(answer: SourceTitle) -> bool:
    """Tell whether an answer states nothing but days under one name, of which it cannot be said what they are."""
    plain = (
        item.number is None and item.season is None and item.kind is ReleaseKind.EPISODE for item in answer.releases
    )
    return answer.form is WorkForm.FILM and bool(answer.releases) and all(plain)


def by_day(stated: Iterable[Stated]) -> tuple[Stated, ...]:
    """Return what is stated as episodes that are known by the day they are filed under."""
    return tuple(
        replace(item, season=None, number=Release.number_of(on), by_day=True) for item in stated if (on := _day(item))
    )


def as_run(
    answer: SourceTitle, before: Sequence[Release], ids: Mapping[tuple[int | None, int], Sequence[str]], today: date
) -> SourceTitle:
    """Given an answer and what was followed before, return it so that a run goes on as what it was.

    `ids` are the source's own for each release of before. What stands alone now is one more episode where there was a
    run already, or where what was followed has come and this is another event. What was followed alone before stays
    the first of the run.
    """
    first = next((item for item in before if item.ref == (None, 1)), None)
    if is_single(answer):
        is_run = any(item.day for item in before) or (first is not None and _is_another(answer, first, ids, today))
        if not is_run:
            return answer
        answer = replace(answer, form=WorkForm.SERIES, releases=by_day(answer.releases))
    if first is None or not all(item.by_day for item in answer.releases):
        return answer
    return replace(answer, releases=tuple(_first_kept(answer, first, ids)))


def _is_another(
    answer: SourceTitle, first: Release, ids: Mapping[tuple[int | None, int], Sequence[str]], today: date
) -> bool:
    """Tell whether none of what is stated is the event that was followed, which has come."""
    on = _day_in_zone(first.when)
    known = _known(answer, ids.get(first.ref, ()))
    return (
        on is not None
        and on < today
        and not any(item.when == first.when or item.id in known for item in answer.releases)
    )


def _first_kept(
    answer: SourceTitle, first: Release, ids: Mapping[tuple[int | None, int], Sequence[str]]
) -> Iterable[Stated]:
    """Yield what is stated, with number 1 for the event that was followed alone: by its id, else by its date."""
    known = _known(answer, ids.get(first.ref, ()))
    mine = next((item for item in answer.releases if item.id in known), None)
    mine = mine or next((item for item in answer.releases if item.when == first.when), None)
    for item in answer.releases:
        yield replace(item, number=1) if item is mine else item


def _known(answer: SourceTitle, ids: Sequence[str]) -> frozenset[str]:
    return frozenset(own.removeprefix(f"{answer.source}:").removeprefix("season ") for own in ids)


def _day(item: Stated) -> date | None:
    return item.on or _day_in_zone(item.when)


def _day_in_zone(when: When) -> date | None:
    return when.day_in(when.zone or UTC)
