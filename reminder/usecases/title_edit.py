"""Changing and removing a title by its number: what a command or a person added, for whoever may do that.

Every function works in the transaction `tx` that it is given, on an access that was asked for to change the title.
WrongInput says, in words for the person, what does not go.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from reminder.config import Config
from reminder.core.errors import WrongInput
from reminder.core.schedule.listing import ListedEntry
from reminder.store import title_commands
from reminder.store.listings import CALENDAR, COMMAND
from reminder.store.title_reads import followers_of
from reminder.usecases import title_changes
from reminder.usecases.propose import describe
from reminder.usecases.title_page.access import TitleAccess
from reminder.usecases.title_page.actions import stop


def edit_title(
    tx: Connection, config: Config, access: TitleAccess, said: Mapping[str, str | None], now: datetime
) -> ListedEntry:
    """Change a title as `said`, by the config's words; return it as it is listed then.

    An empty text takes away what was set before, and None leaves it. Whoever is not the owner changes only what nobody
    else follows.
    """
    _must_be_added(config, access)
    if not access.is_owner and (not access.is_followed or followers_of(tx, access.kept.id, 0).number > 1):
        raise WrongInput(f"others follow {_name(access)} too: ask {config.operator} to change it")
    listing = describe(said, config, access.kept.listing)
    title_changes.change_title(tx, config, access.kept, listing, now)
    return listing


def drop_title(tx: Connection, config: Config, access: TitleAccess, now: datetime) -> None:
    """Stop watching a title, if it is the owner who asks; for anybody else, stop following it."""
    if not access.is_owner:
        stop(tx, access, now)
        return
    _must_be_added(config, access)
    title_commands.remove(tx, access.kept.id, now)


def _must_be_added(config: Config, access: TitleAccess) -> None:
    """Raise WrongInput for a title that a config or a calendar lists, or that is no longer watched."""
    place = config.place_of(access.kept.listing.title.key)
    if place is not None or access.kept.origin != COMMAND:
        where = "a calendar" if access.kept.origin == CALENDAR else "the config"
        shown = place if place and access.is_owner else where
        raise WrongInput(f"{_name(access)} is listed in {shown}: change it there")
    if access.kept.ended_at is not None:
        raise WrongInput(f"{_name(access)} is no longer watched: add it again")


def _name(access: TitleAccess) -> str:
    return access.kept.listing.title.name
