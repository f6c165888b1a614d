"""Finding a title that someone names on the command line, and where it is listed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date
from difflib import get_close_matches
from typing import TYPE_CHECKING

from reminder.errors import WrongInput

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from reminder.config import Config
    from reminder.core.dates.when import When
    from reminder.core.model.entities import Title
    from reminder.core.schedule.listing import ListedEntry
    from reminder.store.title_commands import StoredTitle


def find_key(titles: Iterable[ListedEntry], name: str) -> str:
    """Return the key of the one title called `name`, by key, text, or text and season. Raises WrongInput."""
    found = find_keys(titles, name)
    if len(found) > 1:
        raise WrongInput(f'"{name}" could be {" or ".join(sorted(found))}: write one of these')
    return next(iter(found))


def find_keys(titles: Iterable[ListedEntry], name: str) -> frozenset[str]:
    """Return the keys of all titles called `name`, the seasons of one among them. Raises WrongInput when there is none."""
    from reminder.core.model.entities import title_key

    listed = list(titles)
    found = called(listed, name)
    if found:
        return found
    names = {title_key(item.title.name, None): item.title.name for item in listed}
    near = get_close_matches(title_key(name, None), names, n=1)
    raise WrongInput(f'no title is called "{name}"' + (f': did you mean "{names[near[0]]}"?' if near else ""))


def called(listed: Sequence[ListedEntry], name: str) -> frozenset[str]:
    """Return the keys of the titles of this name: by key, else text, else text and season, else spelt otherwise."""
    from reminder.core.model.entities import title_key

    wanted = title_key(name, None)
    found = {item.title.key for item in listed if item.title.key in {name, wanted}}
    found = found or {item.title.key for item in listed if title_key(item.title.name, None) == wanted}
    found = found or {item.title.key for item in listed if title_key(_with_season(item), None) == wanted}
    return frozenset(found or _spelt_otherwise(listed, name))


def _spelt_otherwise(listed: Iterable[ListedEntry], name: str) -> set[str]:
    """Return the keys of the titles that a name means when accents, punctuation, articles and the like are left aside."""
    from reminder.core.model.names import Index

    index = Index[str]()
    for item in listed:
        index.add(item.title.name, item.title.key)
        index.add(_with_season(item), item.title.key)
    return set(index.find(name))


def _with_season(item: ListedEntry) -> str:
    return f"{item.title.name} season {item.title.season}"


def find_title(tx: Connection, words: Sequence[str]) -> StoredTitle:
    """Return the title of this name: one that is listed, else one that was. Raises WrongInput with the nearest."""
    from reminder.store.title_commands import kept_title, named_titles

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
    from reminder.core.schedule.season import unfold

    releases = unfold(title)
    if title.sourced is None:
        return releases[0].when
    ahead = [release for release in releases if not _is_over(release.when, today)]
    return (ahead or releases[-1:])[0].when


def _is_over(when: When, today: date) -> bool:
    span = when.span()
    last = span[1] if span else when.day_in(when.zone or UTC)
    return last is not None and last < today


def ours_to_change(tx: Connection, config: Config, words: Sequence[str], what: str = "change it there") -> StoredTitle:
    """Return a title that a command added. Raises WrongInput for one that the config lists, with its line."""
    found = find_title(tx, words)
    place = config.place_of(found.listing.title.key)
    if place is not None:
        raise WrongInput(f"{found.listing.title.name} is listed at {place}: {what}")
    if found.ended_at is not None:
        raise WrongInput(f"{found.listing.title.name} is no longer watched: `reminder add` takes it up again")
    return found
