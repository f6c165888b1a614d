"""Follows works whose episodes have no numbers by the days on which they stand in their calendar.

A run is what comes on several days under one name. What was alone at first keeps its place when others join it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from reminder.core.model.entities import Release
from reminder.core.sourcing.answers import ReleaseKind, SourceTitle, Stated, WorkForm
from reminder.core.sourcing.season_words import Part
from reminder.core.sourcing.summaries import SummaryParts


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


def placed(parts: Iterable[tuple[SummaryParts, Stated]]) -> tuple[Stated, ...]:
    """Given the events of one series, return them with a place for those that name a season, and no episode of it.

    On a day on which a numbered episode stands they are that one. A season that is named alone is its premiere; one
    that is named on several days, or beside a first episode, is known by its days, and so is a finale.
    """
    numbered: list[Stated] = []
    vague: list[Stated] = []
    for told, stated in parts:
        is_numbered = told.is_numbered and told.part is not Part.SEASON
        (numbered if is_numbered else vague).append(stated)
    opened = {episode.season for episode in numbered if episode.number == 1}
    days = _days_of_seasons(vague)
    others = [event for event in vague if not any(_is_same_day(event, episode) for episode in numbered)]
    return (
        *(_with_finale(episode, vague) for episode in numbered),
        *(_as_premiere_or_day(event, opened, len(days[event.season])) for event in others),
    )


def _days_of_seasons(events: Iterable[Stated]) -> Mapping[int | None, set[date | None]]:
    """Return on which days each season is named, its finale apart."""
    days: dict[int | None, set[date | None]] = defaultdict(set)
    for event in events:
        if not event.finale:
            days[event.season].add(event.on)
    return days


def _as_premiere_or_day(event: Stated, opened: Container[int | None], days: int) -> Stated:
    """Return an event that names a season, which is on so many days, as its premiere or as known by its day."""
    if event.number == 1 and event.season not in opened and days == 1:
        return event
    return replace(event, number=_number_of(event), by_day=True)


def _with_finale(item: Stated, vague: Iterable[Stated]) -> Stated:
    return replace(item, finale=item.finale or any(other.finale and _is_same_day(other, item) for other in vague))


def _is_same_day(vague: Stated, numbered: Stated) -> bool:
    return vague.season in {None, numbered.season} and vague.on is not None and vague.on == numbered.on


def _number_of(item: Stated) -> int | None:
    on = _day(item)
    return Release.number_of(on) if on else item.number


def as_run(
    answer: SourceTitle, before: Sequence[Release], ids: Mapping[tuple[int | None, int], Sequence[str]], today: date
) -> SourceTitle:
    """Given an answer and what was followed before, return it so that a run goes on as what it was.

    `ids` are the source's own for each release of before. What stands alone now is one more episode where there was a
    run already, or where what was followed has come and this is another event. What was followed alone before stays
    the first of the run.
    """
    answer = _with_days_left_out(answer)
    first = next((release for release in before if release.ref == (None, 1)), None)
    if is_single(answer):
        is_run = any(release.day for release in before) or (first and _is_another(answer, first, ids, today))
        if not is_run:
            return answer
        answer = replace(answer, form=WorkForm.SERIES, releases=by_day(answer.releases))
    elif not all(item.by_day and item.season is None for item in answer.releases):
        return replace(answer, releases=tuple(_premieres_kept(answer, before, ids)))
    return replace(answer, releases=tuple(_first_kept(answer, first, ids))) if first else answer


def _with_days_left_out(answer: SourceTitle) -> SourceTitle:
    """Return an answer about one event, some of whose days are left out by now, as a run of several."""
    left_out = tuple(item for item in answer.releases if item.by_day)
    if answer.form is not WorkForm.FILM or not left_out:
        return answer
    present = by_day(item for item in answer.releases if not item.by_day)
    return replace(answer, form=WorkForm.SERIES, releases=(*present, *left_out))


def _is_another(
    answer: SourceTitle, first: Release, ids: Mapping[tuple[int | None, int], Sequence[str]], today: date
) -> bool:
    """Tell whether none of what is stated is the event that was followed, which has come."""
    on = first.when.own_day()
    known = _known(answer, ids.get(first.ref, ()))
    return on is not None and on < today and not any(_is_event(item, first, known) for item in answer.releases)


def _is_event(item: Stated, release: Release, known: Container[str | None]) -> bool:
    """Tell whether what is stated is the event that was followed: by its date, or by one of its `known` identities."""
    return item.when == release.when or item.id in known


def _first_kept(
    answer: SourceTitle, first: Release, ids: Mapping[tuple[int | None, int], Sequence[str]]
) -> Iterable[Stated]:
    """Yield what is stated, with number 1 for the event that was followed alone: by its id, else by its date."""
    known = _known(answer, ids.get(first.ref, ()))
    followed = next((item for item in answer.releases if item.id in known), None)
    followed = followed or next((item for item in answer.releases if item.when == first.when), None)
    for item in answer.releases:
        yield replace(item, number=1) if item is followed else item


def _premieres_kept(
    answer: SourceTitle, before: Sequence[Release], ids: Mapping[tuple[int | None, int], Sequence[str]]
) -> Iterable[Stated]:
    """Yield what is stated, with number 1 for the day that was a season's premiere when the season was named alone."""
    numbered = {item.season for item in answer.releases if item.number == 1 and not item.by_day}
    firsts: dict[int | None, Release] = {item.season: item for item in before if item.first == 1 and item.season}
    for item in answer.releases:
        first = firsts.get(item.season) if item.by_day and item.season not in numbered else None
        if first is not None and _is_event(item, first, _known(answer, ids.get(first.ref, ()))):
            yield replace(item, number=1)
        else:
            yield item


def _known(answer: SourceTitle, ids: Sequence[str]) -> frozenset[str]:
    return frozenset(own.removeprefix(f"{answer.source}:").removeprefix("season ") for own in ids)


def _day(item: Stated) -> date | None:
    return item.on or item.when.own_day()
