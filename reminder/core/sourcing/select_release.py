"""Selects the releases that someone waits for from those that a source states, with the rule that decided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from typing import Final

from reminder.core.dates.when import CANCELLED, UNKNOWN, When
from reminder.core.model.entities import Release, Role
from reminder.core.model.source_options import SourceOptions
from reminder.core.sourcing.answers import ReleaseKind, SourceTitle, Stated, WorkForm, WorkStatus, day_of
from reminder.core.sourcing.distinct import Distinct, distinct
from reminder.core.sourcing.labels import label_of, premiere_of

SETTLED: Final = timedelta(days=7)
"""How long a film's date stays the chosen one after it has passed; then the next kind is the next release."""

PAST_KEPT: Final = timedelta(days=30)
"""How far back the episodes of a running season are followed; nobody is owed older ones."""


@dataclass(frozen=True, kw_only=True)
class SelectedRelease:
    """A release as the program follows it, what the source stated about it, and the rule that chose it."""

    release: Release
    stated: tuple[Stated, ...]
    why: str
    platform: str | None = None

    @property
    def provisional(self) -> bool:
        """Whether the source's date is an early one, which often moves."""
        return any(item.provisional and item.when != UNKNOWN for item in self.stated)


def choose(
    title: SourceTitle, options: SourceOptions, *, season: int | None, today: date, since: date | None = None
) -> tuple[SelectedRelease, ...]:
    """Given an answer and what is wanted of it, return the releases to follow; at least one, which may be undated.

    `since` is the day on which the title came to be followed.
    """
    if title.standing is WorkStatus.CANCELLED and title.form is WorkForm.FILM:
        return (_alone(CANCELLED, "the source says that it is cancelled"),)
    if title.form is WorkForm.FILM:
        return (_film(title, options, today),)
    return _series(_on_service(title, options.service), season, today, since)


# Films ---------------------------------------------------------------------------------------------------------------


def _alone(when: When, why: str, stated: tuple[Stated, ...] = (), season: int | None = None) -> SelectedRelease:
    release = Release(season=season, label=premiere_of(season), when=when)
    return SelectedRelease(release=release, stated=stated, why=why)


def _film(title: SourceTitle, options: SourceOptions, today: date) -> SelectedRelease:
    kinds = {*options.kinds, ReleaseKind.EPISODE}
    wanted = [item for item in title.releases if item.kind in kinds and item.when != UNKNOWN]
    in_country = [item for item in wanted if not options.country or item.country in {None, options.country}]
    if not in_country:
        return _alone(UNKNOWN, _nothing(wanted, options))
    served, by_service = _by_service(in_country, options.service)
    best = _next(_without_limited(served), today)
    rule = "the earliest that has not passed" if day_of(best) >= today - SETTLED else "all have passed: the earliest"
    where = f" in {best.country}" if best.country else ""
    chosen = _alone(best.when, _noted(f"{best.kind}{where}{by_service}: {rule}", best), (best,))
    return replace(chosen, platform=best.service or options.service)


def _noted(why: str, item: Stated) -> str:
    return f"{why}; {item.note}" if item.note else why


def _nothing(wanted: Sequence[Stated], options: SourceOptions) -> str:
    kinds = ", ".join(options.kinds)
    elsewhere = sorted({item.country for item in wanted if item.country})
    known = f"; known for {', '.join(elsewhere[:5])}" if elsewhere else ""
    return f"no date for {kinds}{f' in {options.country}' if options.country else ''}{known}"


def _by_service(items: list[Stated], service: str | None) -> tuple[list[Stated], str]:
    """Return those on the service that was asked for, where the source names any."""
    if service is None:
        return items, ""
    named = [item for item in items if item.service and service.casefold() in item.service.casefold()]
    return (named, f" on {service}") if named else (items, f", {service} is named by none")


def _without_limited(items: list[Stated]) -> list[Stated]:
    """Leave out the few cinemas that show a film early, where the wide release is known as well."""
    wide = any(item.kind is ReleaseKind.CINEMA and not item.limited for item in items)
    return [item for item in items if not (wide and item.limited)]


def _next(items: Sequence[Stated], today: date) -> Stated:
    ahead = [item for item in items if day_of(item) >= today - SETTLED]
    return min(ahead or items, key=lambda item: (day_of(item), item.when.is_coarse, item.raw, item.kind))


# Series --------------------------------------------------------------------------------------------------------------


def _series(title: SourceTitle, season: int | None, today: date, since: date | None) -> tuple[SelectedRelease, ...]:
    seasons = _seasons(title.releases, season, since)
    chosen = [drop for number, stated in seasons for drop in _season(number, stated)]
    if not chosen:
        said = "is in development" if title.standing is WorkStatus.PLANNED else "has no season listed"
        return (_alone(UNKNOWN, f"it {said}, with no date", season=season or 1),)
    if season is not None:
        return tuple(chosen)
    return tuple(drop for drop in chosen if _is_near(drop, today)) or (_last_of_newest_season(chosen),)


def _last_of_newest_season(drops: Sequence[SelectedRelease]) -> SelectedRelease:
    newest = max(drop.release.season or 0 for drop in drops)
    return [drop for drop in drops if (drop.release.season or 0) == newest][-1]


def _on_service(title: SourceTitle, service: str | None) -> SourceTitle:
    """Return what holds on the service asked for: a channel's hours are not those of the streamer beside it."""
    if not service or not title.also or service.casefold() not in title.also.casefold():
        return title
    rule = f"the hour is {title.service}'s; of {title.also} only the day is known"
    return replace(
        title,
        service=title.also,
        releases=tuple(
            replace(item, when=When.day(item.on), rule=rule, service=title.also) if item.when.at and item.on else item
            for item in title.releases
        ),
    )


def _seasons(
    stated: Iterable[Stated], season: int | None, since: date | None
) -> list[tuple[int | None, list[Distinct]]]:
    """Return what is stated by season, in order, each episode once; specials only where season 0 is asked for.

    Episodes that a source counts through without seasons are one season without a number.
    """
    wanted = [item for item in stated if season == 0 or not item.special]
    if season is None:
        wanted = [item for item in wanted if item.season or (item.season is None and item.number is not None)]
    else:
        wanted = [item for item in wanted if item.season == season]
    once = distinct(wanted, since)
    return [(number, list(items)) for number, items in groupby(once, key=lambda item: item.counts.season)]


def _season(number: int | None, stated: list[Distinct]) -> Iterator[SelectedRelease]:
    """Yield each drop of a season: episodes on one day are one release, and a whole season on one day is one."""
    whole = next((item.counts for item in stated if item.counts.number is None), None)
    episodes = [item.counts for item in stated if item.counts.number is not None]
    if whole and not episodes:
        yield _unlisted(number, whole)
    repeats = {item.counts.number: item.repeats for item in stated}
    total = whole.count if whole else None
    drops = _drops(_dated_as_whole(episodes, whole))
    for place, items in enumerate(drops):
        chosen = _drop(number, items, total, place, is_last=place == len(drops) - 1)
        yield _with_repeats(chosen, tuple(other for item in items for other in repeats[item.number]))


def _drops(episodes: Iterable[Stated]) -> list[list[Stated]]:
    """Return the episodes of a season by the drops they come out in."""
    return [list(drop) for _, drop in groupby(episodes, key=_drop_key)]


def _dated_as_whole(episodes: list[Stated], whole: Stated | None) -> list[Stated]:
    """Return the episodes of a season that has only a date of its own, dated by it.

    Its day stands for the first episode, or for all of them where the season ends on that day.
    """
    if whole is None or whole.when == UNKNOWN or any(item.when != UNKNOWN for item in episodes):
        return episodes
    return [_as_the_season(item, whole) if whole.finale or item.number == 1 else item for item in episodes]


def _with_repeats(chosen: SelectedRelease, repeats: tuple[Stated, ...]) -> SelectedRelease:
    """Return a release whose reason names the other dates that the same answer gives its episodes: none counts."""
    days = dict.fromkeys(item.when.show() for item in repeats if item.when != chosen.release.when)
    if not days:
        return chosen
    why = f"{chosen.why}; stated more than once, and the earliest that is not cancelled counts, not {', '.join(days)}"
    return replace(chosen, why=why)


def _as_the_season(item: Stated, whole: Stated) -> Stated:
    rule = "the season's own date: its episodes have none yet"
    return replace(item, when=whole.when, on=whole.on, rule=rule, raw=whole.raw, provisional=whole.provisional)


def _unlisted(number: int | None, whole: Stated) -> SelectedRelease:
    """Return the premiere of a season whose episodes are not listed yet."""
    said = whole.rule if whole.when == UNKNOWN else "the season's own date: its episodes are not listed yet"
    chosen = _alone(whole.when, said, (whole,), number)
    at_once = whole.finale and whole.count is not None
    release = replace(chosen.release, last=whole.count if at_once else None, total=whole.count)
    why = "the whole season on one day" if at_once else chosen.why
    return replace(chosen, release=release, platform=whole.service, why=why)


def _drop_key(item: Stated) -> tuple[str, str]:
    """Return what episodes that come out together share: the day they are filed under, else only themselves."""
    if item.when == UNKNOWN:
        return ("", str(item.number))
    return (str(item.on or item.when.show()), "")


def _drop(season: int | None, items: list[Stated], total: int | None, place: int, *, is_last: bool) -> SelectedRelease:
    if items[0].by_day:
        return _by_day(season, items)
    first, last = _first_number(items), items[-1].number or 0
    is_end = is_last and (items[-1].finale or (total is not None and last >= total))
    role = Role.PREMIERE if first == 1 else Role.FINALE if is_end else Role.EPISODE
    label = label_of(role, season, first, last)
    total = total or (last if is_end else None)
    release = Release(season=season, first=first, last=last, total=total, role=role, label=label, when=_earliest(items))
    return SelectedRelease(
        release=release, stated=tuple(items), why=_why(items, place, is_end), platform=items[0].service
    )


def _by_day(season: int | None, items: list[Stated]) -> SelectedRelease:
    """Return an episode that is known by its day; number 1 is the one that was there before it was one of several."""
    number = items[0].number or 1
    on = Release.day_of(number)
    is_end = any(item.finale for item in items) and on is not None
    role = Role.FINALE if is_end else Role.EPISODE if on else Role.PREMIERE
    label = "finale" if is_end else f"episode of {on}" if on else premiere_of(season)
    release = Release(season=season, first=number, role=role, label=label, when=_earliest(items))
    why = f"known by its day, since it has no number; {items[0].rule}"
    return SelectedRelease(release=release, stated=tuple(items), why=why, platform=items[0].service)


def _first_number(items: list[Stated]) -> int:
    """Return the episode by which a drop is known: an episode 0 beside the first one leaves it the premiere."""
    numbers = [item.number or 0 for item in items]
    return 1 if 1 in numbers else numbers[0]


def _earliest(items: list[Stated]) -> When:
    """Return the first instant of a drop; episodes one after the other in one evening are one release."""
    exact = [item.when for item in items if item.when.at]
    return min(exact, key=lambda when: str(when.json())) if len(exact) == len(items) else items[0].when


def _why(items: list[Stated], place: int, is_end: bool) -> str:
    if len(items) == 1:
        return _noted(items[0].rule, items[0])
    return f"{'the whole season' if is_end and place == 0 else f'{len(items)} episodes'} on one day; {items[0].rule}"


def _is_near(item: SelectedRelease, today: date) -> bool:
    """Tell whether a release is to come, or came out not long ago."""
    days = item.release.when.days()
    return days is None or days[1] >= today - PAST_KEPT
