"""Titles: finding the one that somebody names, listing and showing what is watched.

Every function works in the transaction `tx` that it is given. WrongInput says, in words for a person, what does not go.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from difflib import get_close_matches

from sqlalchemy import Connection

from reminder.core.dates.when import When
from reminder.core.errors import WrongInput
from reminder.core.model.entities import Release, Title, title_key
from reminder.core.model.ledger import Dated
from reminder.core.model.names import Index
from reminder.core.schedule.listing import ListedEntry
from reminder.core.schedule.season import unfold
from reminder.store.load_plans import SubscriptionSnapshot, all_cases
from reminder.store.title_commands import (
    Size,
    StoredTitle,
    TitleDates,
    dates_of,
    kept_title,
    kept_titles,
    named_titles,
    releases_of,
    size_of,
)
from reminder.store.title_reads import stopped_by
from reminder.store.watched_pages import numbered_title, watched_page

__all__ = ["Size", "StoredTitle", "SubscriptionSnapshot", "TitleDates", "kept_titles", "size_of"]


# Finding -------------------------------------------------------------------------------------------------------------


def find_key(titles: Iterable[ListedEntry], name: str) -> str:
    """Return the key of the one title called `name`, by key, text, or text and season. Raises WrongInput."""
    found = find_keys(titles, name)
    if len(found) > 1:
        raise WrongInput(f'"{name}" could be {" or ".join(sorted(found))}: write one of these')
    return next(iter(found))


def find_keys(titles: Iterable[ListedEntry], name: str) -> frozenset[str]:
    """Return the keys of all titles called `name`, several seasons of one included. Raises WrongInput for none."""
    listed = list(titles)
    found = called(listed, name)
    if found:
        return found
    names = {title_key(item.title.name, None): item.title.name for item in listed}
    near = get_close_matches(title_key(name, None), names, n=1)
    raise WrongInput(f'no title is called "{name}"' + (f': did you mean "{names[near[0]]}"?' if near else ""))


def called(listed: Sequence[ListedEntry], name: str) -> frozenset[str]:
    """Return the keys of the titles of this name: by key, else text, else text and season, else spelt otherwise."""
    wanted = title_key(name, None)
    found = {item.title.key for item in listed if item.title.key in {name, wanted}}
    found = found or {item.title.key for item in listed if title_key(item.title.name, None) == wanted}
    found = found or {item.title.key for item in listed if title_key(_with_season(item), None) == wanted}
    return frozenset(found or _spelt_otherwise(listed, name))


def _spelt_otherwise(listed: Iterable[ListedEntry], name: str) -> set[str]:
    """Return the keys of the titles that a name means when accents, punctuation and articles are left aside."""
    index = Index[str]()
    for item in listed:
        index.add(item.title.name, item.title.key)
        index.add(_with_season(item), item.title.key)
    return set(index.find(name))


def _with_season(item: ListedEntry) -> str:
    return f"{item.title.name} season {item.title.season}"


def find_title(tx: Connection, words: Sequence[str]) -> StoredTitle:
    """Return the title of this name: one that is listed, else one that was. Raises WrongInput with the nearest."""
    name = " ".join(words)
    known = named_titles(tx, ended=True)
    live = [item.listing for item in known if item.ended_at is None]
    found = called(live, name)
    gone = [] if found else [item.listing for item in known if item.ended_at is not None]
    key = find_key(gone if called(gone, name) else live, name)
    return kept_title(tx, key)


def first_date(title: Title, today: date) -> When:
    """Return when a title's first release comes out: its drops may have dates of their own.

    Of a title that is followed through a source, the first that is still to come, else the last that was.
    """
    releases = unfold(title)
    if title.sourced is None:
        return releases[0].when
    ahead = [release for release in releases if not _is_over(release.when, today)]
    return (ahead or releases[-1:])[0].when


def _is_over(when: When, today: date) -> bool:
    days = when.days()
    return days is not None and days[1] < today


def keys_called(tx: Connection, name: str) -> frozenset[str]:
    """Return the keys of all titles called `name` that are or were watched. Raises WrongInput when there is none."""
    return find_keys([kept.listing for kept in named_titles(tx, ended=True)], name)


def keys_watched(tx: Connection, name: str) -> frozenset[str]:
    """Return the keys of the titles called `name` that are watched now; nothing when there is none."""
    return called([kept.listing for kept in named_titles(tx)], name)


# Listing and showing -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class NextRelease:
    """The next release of a title that has a day and is not over, and in how many days that is."""

    release: Release
    days: int


@dataclass(frozen=True, kw_only=True)
class WatchedTitle:
    """A title that is watched, who follows it, and its next release (None for none, and where it was not asked for)."""

    kept: StoredTitle
    cases: tuple[SubscriptionSnapshot, ...]
    next: NextRelease | None


def watched_titles(tx: Connection, *, today: date, zone: tzinfo, with_next: bool = False) -> list[WatchedTitle]:
    """Return all that is watched; `with_next` adds the next release of each, its day being that of `zone`."""
    kept = kept_titles(tx)
    follows: Mapping[int, list[SubscriptionSnapshot]] = defaultdict(list)
    for case in all_cases(tx):
        follows[case.title_id].append(case)
    releases = releases_of(tx, [each.id for each in kept]) if with_next else {}
    return [
        WatchedTitle(
            kept=each, cases=tuple(follows[each.id]), next=_next_release(releases.get(each.id, ()), today, zone)
        )
        for each in kept
    ]


@dataclass(frozen=True, kw_only=True)
class WatchedPage:
    """Some of the titles that are watched; `next` is the number of the last one, None where no more come after it."""

    titles: list[WatchedTitle]
    next: int | None


def watched_titles_page(
    tx: Connection, whose: tuple[int, str] | None, *, today: date, zone: tzinfo, after: int, limit: int
) -> WatchedPage:
    """Return `limit` titles with numbers above `after`: those that one person (number, name) follows, or all.

    Of their followers, too, only that person is returned.
    """
    number, name = whose or (None, None)
    kept = watched_page(tx, number, after, limit + 1)
    page = kept[:limit]
    ids = [each.id for each in page]
    follows: Mapping[int, list[SubscriptionSnapshot]] = defaultdict(list)
    for case in all_cases(tx, title_ids=ids, name=name):
        follows[case.title_id].append(case)
    releases = releases_of(tx, ids)
    found = [
        WatchedTitle(
            kept=each, cases=tuple(follows[each.id]), next=_next_release(releases.get(each.id, ()), today, zone)
        )
        for each in page
    ]
    return WatchedPage(titles=found, next=page[-1].id if len(kept) > limit else None)


def _next_release(releases: Iterable[Dated], today: date, zone: tzinfo) -> NextRelease | None:
    days = [(day, each.release) for each in releases if (day := each.release.when.day_in(zone)) is not None]
    ahead = [(day, release) for day, release in days if day >= today]
    if not ahead:
        return None
    day, release = min(ahead, key=lambda pair: pair[0])
    return NextRelease(release=release, days=(day - today).days)


@dataclass(frozen=True, kw_only=True)
class TitleView:
    """A title as it stands, with its releases, the changes of its dates, who follows it, and who has stopped."""

    kept: StoredTitle
    dates: TitleDates
    cases: list[SubscriptionSnapshot]
    stopped: Mapping[str, datetime] = field(default_factory=dict)


def view_title(tx: Connection, words: Sequence[str]) -> TitleView:
    """Return all that is kept of the title of this name. Raises WrongInput with the nearest."""
    kept = find_title(tx, words)
    cases = all_cases(tx, title_key=kept.listing.title.key)
    return TitleView(kept=kept, dates=dates_of(tx, kept.id), cases=cases, stopped=dict(stopped_by(tx, kept.id)))


def view_numbered(tx: Connection, number: int, name: str | None) -> TitleView | None:
    """Return all that is kept of the title of this number; for one person only if they follow it. None for none.

    Of its followers, too, only that person is returned.
    """
    kept = numbered_title(tx, number)
    if kept is None:
        return None
    cases = all_cases(tx, title_ids=[number], name=name)
    if name is not None and not cases:
        return None
    stopped = {who: at for who, at in stopped_by(tx, number) if name in {None, who}}
    return TitleView(kept=kept, dates=dates_of(tx, number), cases=cases, stopped=stopped)


def keys_to_ask_about(tx: Connection, words: Sequence[str]) -> list[str]:
    """Return the key of the title of this name; of all titles when no name is given.

    Raises WrongInput for a title whose dates are by hand.
    """
    if not words:
        return [kept.listing.title.key for kept in kept_titles(tx)]
    title = find_title(tx, words).listing.title
    if title.source_options is None:
        raise WrongInput(f"{title.name} has its dates by hand: no source is asked about it")
    return [title.key]


def listing_of(tx: Connection, key: str) -> ListedEntry:
    """Return a title that is watched as it stands now, its dates being those of its source if it has one."""
    return next(kept.listing for kept in kept_titles(tx) if kept.listing.title.key == key)
