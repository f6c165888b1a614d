"""Rows of what comes out next: `upcoming` (SPEC 14)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from typing import Annotated, NotRequired

from typing_extensions import TypedDict

from reminder.core.dates.when import When
from reminder.core.model.entities import Release, TitleKind
from reminder.core.schedule.explain import has_passed
from reminder.core.text.phrases import away, drop_and_place, place, time_left
from reminder.usecases.agenda import ComingRelease
from reminder.usecases.rows.fields import (
    Attribution,
    Day,
    Exactness,
    FieldText,
    Instant,
    ReleaseLabel,
    Season,
    TitleName,
    WhenText,
    credited_titles,
    utc_or_none,
    when_fields,
)


class NumberFields(TypedDict):
    """When a release comes out as numbers, and which episodes it has; null for what is not known."""

    days: int | None
    local_date: Day | None
    local_time: str | None
    at: Instant | None
    first_episode: int | None
    last_episode: int | None
    episodes: int | None


class UpcomingRow(TypedDict):
    """A release that is to come, or of which no day is known. All but `countdown` and `what` is free of English."""

    title: TitleName
    season: Season
    release: ReleaseLabel
    when: WhenText | None
    precision: Exactness
    days: Annotated[int | None, FieldText("How many days away its day is; null where no day is known.")]
    local_date: Day | None
    local_time: Annotated[str | None, FieldText("The time of day, such as 19:00, where it is known.")]
    at: Instant | None
    first_episode: Annotated[int | None, FieldText("The number of its first episode, null for what has no numbers.")]
    last_episode: Annotated[int | None, FieldText("The number of its last episode, null for what has no numbers.")]
    episodes: Annotated[int | None, FieldText("How many episodes come out together, null for what has no numbers.")]
    platform: Annotated[str | None, FieldText("Where it comes out.")]
    link: Annotated[str | None, FieldText("A web address about it.")]
    kind: Annotated[TitleKind | None, FieldText("The sort of work, where it is said.")]
    source: Annotated[str | None, FieldText("The source of its date, null for one that was written by hand.")]
    who: Annotated[list[str], FieldText("Who is told, by name.")]
    countdown: Annotated[str, FieldText("How far away it is, in English.")]
    what: Annotated[str, FieldText("What comes out and where, in English.")]
    attribution: NotRequired[Attribution]


def upcoming_row(item: ComingRelease, who: Sequence[str], *, zone: tzinfo, now: datetime) -> UpcomingRow:
    """Return a release that is to come, with the days and hours of `zone`, and `who` is told of it."""
    title, release = item.title, item.dated.release
    today = now.astimezone(zone).date()
    return {
        "title": title.name,
        "season": release.season,
        "release": release.label,
        **when_fields(release.when),
        **_numbers(release, zone, today),
        "platform": title.where,
        "link": title.page,
        "kind": title.kind,
        "source": title.sourced.source if title.sourced else None,
        "who": list(who),
        "countdown": _countdown(release.when, zone, today, now),
        "what": drop_and_place(title, release) if release.first == 1 else place(title.where),
        **credited_titles([title]),
    }


def _numbers(release: Release, zone: tzinfo, today: date) -> NumberFields:
    when = release.when
    on = when.day_in(zone)
    is_numbered = release.last is not None and release.day is None
    return {
        "days": (on - today).days if on else None,
        "local_date": on.isoformat() if on else None,
        "local_time": f"{when.at.astimezone(zone):%H:%M}" if when.at else None,
        "at": utc_or_none(when.at),
        "first_episode": release.first if is_numbered else None,
        "last_episode": release.last if is_numbered else None,
        "episodes": release.last - release.first + 1 if is_numbered and release.last is not None else None,
    }


def _countdown(when: When, zone: tzinfo, today: date, now: datetime) -> str:
    on = when.day_in(zone)
    if on is None:
        if has_passed(when, today):
            return "passed without a day"
        return "no day yet" if when.is_coarse else "no date yet"
    if on != today or when.at is None:
        return away(on, today)
    return time_left(when.at - now) if when.at > now else "out"
