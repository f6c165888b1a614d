"""Rows of the titles that are watched, with the next release of each: `list`."""

from __future__ import annotations

from datetime import date
from typing import Annotated, NotRequired

from typing_extensions import TypedDict

from reminder.usecases.rows.fields import (
    Attribution,
    Exactness,
    FieldText,
    IsCancelled,
    ReleaseLabel,
    Season,
    TitleKey,
    TitleName,
    WhenText,
    credited_titles,
    when_fields,
)
from reminder.usecases.titles import NextRelease, WatchedTitle, first_date


class NextReleaseRow(TypedDict):
    """The next release of a title that has a day."""

    release: ReleaseLabel
    when: WhenText | None
    precision: Exactness
    days: Annotated[int, FieldText("How many days away it is.")]


class ListedFields(TypedDict):
    """A title that is watched, and who follows it."""

    title: TitleName
    key: TitleKey
    season: Season
    when: WhenText | None
    precision: Exactness
    cancelled: IsCancelled
    platform: str | None
    subscribers: list[str]
    muted: list[str]
    listed: str
    attribution: NotRequired[Attribution]


class ListedRow(TypedDict):
    """A title that is watched, who follows it, and its next release."""

    title: TitleName
    key: TitleKey
    season: Season
    when: WhenText | None
    precision: Exactness
    cancelled: IsCancelled
    platform: Annotated[str | None, FieldText("Where it comes out.")]
    subscribers: Annotated[list[str], FieldText("Who follows it, by name.")]
    muted: Annotated[list[str], FieldText("Those of them who have muted it.")]
    listed: Annotated[str, FieldText("Where it is listed: a file with its line, or `by command`.")]
    attribution: NotRequired[Attribution]
    next: NextReleaseRow | None


def listed_fields(watched: WatchedTitle, today: date, place: str | None) -> ListedFields:
    """Return a title that is watched; `place` is where the config lists it, None where it does not."""
    title = watched.kept.listing.title
    people = [case.subscription for case in watched.cases]
    return {
        "title": title.name,
        "key": title.key,
        "season": title.season,
        **when_fields(first_date(title, today)),
        "cancelled": title.cancelled,
        "platform": title.where,
        "subscribers": [sub.subscriber.name for sub in people],
        "muted": [sub.subscriber.name for sub in people if sub.is_muted],
        "listed": place or f"by {watched.kept.origin}",
        **credited_titles([title]),
    }


def listed_row(watched: WatchedTitle, today: date, place: str | None) -> ListedRow:
    """Return a title that is watched with its next release; `place` is where the config lists it, if it does."""
    return {**listed_fields(watched, today, place), "next": _next_row(watched.next)}


def _next_row(following: NextRelease | None) -> NextReleaseRow | None:
    if following is None:
        return None
    release = following.release
    return {"release": release.label, **when_fields(release.when), "days": following.days}
