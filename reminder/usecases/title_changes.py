"""Changes of what is watched: a title taken in, changed, put right, removed.

Every function works in the transaction `tx` that it is given. WrongInput says, in words for a person, what does not go.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from reminder.config import Config
from reminder.core.errors import WrongInput
from reminder.core.model.entities import Title
from reminder.core.model.ledger import DateChange
from reminder.core.schedule.listing import ListedEntry
from reminder.core.text.phrases import said_season
from reminder.refresh.resolving import resolve_dates
from reminder.store import title_commands
from reminder.store.own import want_again
from reminder.store.title_commands import StoredTitle, kept_titles
from reminder.usecases.titles import find_title


def ours_to_change(tx: Connection, config: Config, words: Sequence[str], what: str = "change it there") -> StoredTitle:
    """Return a title that a command added. Raises WrongInput for one that the config lists, with its line."""
    found = find_title(tx, words)
    place = config.place_of(found.listing.title.key)
    if place is not None:
        raise WrongInput(f"{found.listing.title.name} is listed at {place}: {what}")
    if found.ended_at is not None:
        raise WrongInput(f"{found.listing.title.name} is no longer watched: `reminder add` takes it up again")
    return found


def add_title(tx: Connection, config: Config, listing: ListedEntry, now: datetime) -> None:
    """Watch a title from `now` on. Raises WrongInput when one of its key is watched already."""
    title = listing.title
    place = config.place_of(title.key)
    if place is not None:
        raise WrongInput(f"{title.name} is listed at {place}: change it there, or tell two works apart with --id")
    if any(kept.listing.title.key == title.key for kept in kept_titles(tx)):
        raise WrongInput(f"{title.name} is already watched: `reminder change` changes it; --id tells two works apart")
    title_commands.put(tx, listing, now, config.grace, resolve_dates)


def change_title(
    tx: Connection,
    config: Config,
    before: StoredTitle,
    listing: ListedEntry,
    now: datetime,
    *,
    names_followers: bool = False,
) -> None:
    """Take in what has changed of a title, which keeps its history. Raises WrongInput for a new name that is in use.

    `names_followers` says that it was written for whom it is: they follow it again who had stopped.
    """
    if names_followers:
        want_again(tx, before.id, listing.followed_by([person.name for person in config.subscribers]))
    key = listing.title.key
    if key != before.listing.title.key:
        _must_be_free(tx, config, listing.title)
        title_commands.rename(tx, before.id, key)
    title_commands.put(tx, listing, now, config.grace, resolve_dates)


def _must_be_free(tx: Connection, config: Config, title: Title) -> None:
    """Check that no other title is called so. Raises WrongInput, which says how that one is changed."""
    said = title.name if title.season is None else f"{title.name} {said_season(title.season)}"
    apart = "tell two works apart with --id"
    if place := config.place_of(title.key):
        raise WrongInput(f"{said} is listed at {place}: change it there, or {apart}")
    same = [kept for kept in kept_titles(tx, ended=True) if kept.listing.title.key == title.key]
    if same and any(kept.listing.title.key == title.key for kept in kept_titles(tx)):
        name = shlex.quote(said)
        raise WrongInput(f"{said} is watched as a title of its own: `reminder change {name}` changes it; or {apart}")
    if same:
        raise WrongInput(f"{said} was watched as a title of its own: `reminder add` takes it up again; or {apart}")


def correct_title(tx: Connection, words: Sequence[str], now: datetime) -> tuple[StoredTitle, tuple[DateChange, ...]]:
    """Say of the last change of any title's dates that it put a slip right: who heard nothing of it will hear nothing.

    Return the title and what is so put right. Raises WrongInput when none of its dates has changed.
    """
    kept = find_title(tx, words)
    last = title_commands.correct(tx, kept.id, now)
    if not last:
        raise WrongInput(f"no date of {kept.listing.title.name} has changed yet: there is nothing to put right")
    return kept, last


def remove_title(tx: Connection, config: Config, words: Sequence[str], now: datetime) -> StoredTitle:
    """Stop watching a title that a command added, and return it. Raises WrongInput for one that the config lists."""
    kept = ours_to_change(tx, config, words, "remove it there")
    title_commands.remove(tx, kept.id, now)
    return kept
