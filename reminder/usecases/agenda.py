"""What is to come: releases, the messages about them, and why there is none about a title."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from reminder.core.dates.when import When
from reminder.core.model.entities import Release, Title
from reminder.core.schedule.explain import silence
from reminder.core.schedule.listing import ListedEntry
from reminder.delivery.forecast import ForecastMessage, first_about, forecast, told_about
from reminder.store.choices import PersonChoices, choices_of
from reminder.store.coming import ComingRelease, coming
from reminder.store.listings import CALENDAR, COMMAND, ListedConfig
from reminder.store.load_plans import SubscriptionSnapshot, all_cases
from reminder.store.outbox_read import all_waiting
from reminder.store.title_commands import told_of
from reminder.store.titles import listings

__all__ = ["ComingRelease", "ListedConfig", "PersonChoices"]

END_OF_TIME: Final = datetime(2201, 1, 1, tzinfo=UTC)
"""No date lies beyond it (SPEC 1)."""

MessagePlace = tuple[str, str, str, int]
"""Where a message stands among those to come, for a cursor."""


# Releases ------------------------------------------------------------------------------------------------------------


def upcoming(tx: Connection, *, zone: tzinfo, today: date, limit: int | None = None) -> list[ComingRelease]:
    """Return the releases that are not over on `today` in `zone`: the dated first, then the coarse, then the rest."""
    ahead = [each for each in coming(tx, today, limit) if not _is_over(each.dated.release, zone, today)]
    return sorted(ahead, key=lambda each: order_of(each.dated.release.when, zone, each.title))[:limit]


def who_is_told(tx: Connection, releases: Collection[ComingRelease]) -> Mapping[int, list[str]]:
    """Return the names of those who follow the titles of these releases, by the title's number."""
    return told_of(tx, {each.title_id for each in releases})


def _is_over(release: Release, zone: tzinfo, today: date) -> bool:
    on = release.when.day_in(zone)
    return on is not None and on < today


def order_of(when: When, zone: tzinfo, title: Title) -> tuple[int, float, str]:
    """Return where a release stands in `upcoming`: by instant what has a day, then what is coarse, then the rest."""
    starts_at = when.starts_at(zone)
    group = 2
    if when.is_dated:
        group = 0
    elif when.is_coarse:
        group = 1
    return group, starts_at.timestamp() if starts_at else 0.0, title.name.casefold()


# Messages ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class NextMessage:
    """The next message about a title; without one, `reason` says why.

    `told` are all who get any message about it, the first one's first.
    """

    message: ForecastMessage | None
    reason: str | None
    told: tuple[str, ...] = ()


def next_messages(
    tx: Connection, titles: Sequence[ListedEntry], *, zone: ZoneInfo, now: datetime, grace: timedelta
) -> dict[str, NextMessage]:
    """Return what comes next about each of these titles, by key; reasons name days as they are in `zone`."""
    if not titles:
        return {}
    cases = all_cases(tx, title_key=titles[0].title.key if len(titles) == 1 else None)
    ahead = forecast(cases, all_waiting(tx), start=now, end=END_OF_TIME, grace=grace)
    first, told = first_about(ahead), told_about(ahead)
    by_title = defaultdict(list)
    for case in cases:
        by_title[case.subscription.title.key].append(case)
    answers = {}
    for listing in titles:
        key = listing.title.key
        if key in first:
            answers[key] = NextMessage(message=first[key], reason=None, told=tuple(told[key]))
        else:
            reason = why_silent(listing.title, by_title[key], zone=zone, now=now, grace=grace)
            answers[key] = NextMessage(message=None, reason=reason)
    return answers


def why_silent(
    title: Title, cases: Sequence[SubscriptionSnapshot], *, zone: ZoneInfo, now: datetime, grace: timedelta
) -> str:
    """Return why nothing more comes of a title, given everybody's subscription to it."""
    follows = [(case.subscription, case.story) for case in cases]
    return silence(title, follows, zone=zone, now=now, grace=grace)


def messages_to_come(
    tx: Connection,
    *,
    start: datetime,
    end: datetime,
    grace: timedelta,
    keys: frozenset[str] | None = None,
    subscriber: str | None = None,
    by_pointers: bool = False,
) -> list[ForecastMessage]:
    """Return every message from `start` up to `end`, only about these titles and for this person if they are given.

    With `by_pointers` only what the next looks of the daemon say is due before `end` is played forward: it costs less,
    and is as true from now on.
    """
    waiting = [
        letter
        for letter in all_waiting(tx)
        if (keys is None or (letter.title and letter.title.key in keys))
        and subscriber in {None, letter.subscriber.name}
    ]
    only = next(iter(keys)) if keys and len(keys) == 1 else None
    cases = all_cases(tx, title_key=only, name=subscriber, due_before=end if by_pointers else None)
    cases = [case for case in cases if keys is None or case.subscription.title.key in keys]
    return forecast(cases, waiting, start=start, end=end, grace=grace)


def placed(found: Iterable[ForecastMessage]) -> Iterator[tuple[MessagePlace, ForecastMessage]]:
    """Yield messages with their places: when, to whom, over what, and which of those that go so together."""
    alike: Counter[tuple[str, str, str]] = Counter()
    for item in found:
        key = (item.at.isoformat(), item.subscriber.name, " ".join(item.channels))
        alike[key] += 1
        yield (*key, alike[key]), item


# All that is listed --------------------------------------------------------------------------------------------------


def everything_listed(tx: Connection, listed: ListedConfig) -> ListedConfig:
    """Return what the config lists, and with it the titles that commands and calendars have put into the database."""
    known = {entry.title.key for entry in listed.titles}
    others = (entry for origin in (COMMAND, CALENDAR) for entry in listings(tx, origin))
    more = [entry for entry in others if entry.title.key not in known]
    return replace(listed, titles=(*listed.titles, *more))


def everything_chosen(tx: Connection) -> tuple[PersonChoices, ...]:
    """Return what people have chosen for themselves beside what is listed: who has joined, what each follows."""
    return choices_of(tx)
