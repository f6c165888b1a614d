"""Names for the shell's completion: titles, people and channels as the config and the database have them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import typer

from reminder.cli.context import CommandContext
from reminder.core.errors import ReminderError
from reminder.usecases import family
from reminder.usecases.titles import kept_titles


def titles(context: typer.Context, incomplete: str) -> list[str]:
    """Return the titles that begin so."""
    wanted = _asked(context)
    try:
        with wanted.showing() as tx:
            names = [kept.listing.title.name for kept in kept_titles(tx)]
    except ReminderError:
        return []
    return _beginning(names, incomplete)


def people(context: typer.Context, incomplete: str) -> list[str]:
    """Return the people that begin so, whether the config lists them or they have joined."""
    wanted = _asked(context)
    try:
        listed = [person.name for person in wanted.app.config.subscribers]
    except ReminderError:
        return []
    try:
        with wanted.showing() as tx:
            return _beginning([*listed, *family.names(tx)], incomplete)
    except ReminderError:  # no database yet
        return _beginning(listed, incomplete)


def channels(context: typer.Context, incomplete: str) -> list[str]:
    """Return the channels that begin so."""
    try:
        return _beginning(list(_asked(context).app.config.channels), incomplete)
    except ReminderError:
        return []


def words(*known: str) -> Callable[[str], list[str]]:
    """Return what completes an option that takes one of these words."""
    return lambda incomplete: _beginning(list(known), incomplete)


def _asked(context: typer.Context) -> CommandContext:
    """Return what was asked globally: while completing, the options in front have not been acted on."""
    said = context.find_root().params.get("config")
    return CommandContext(option=Path(said) if said else None)


def _beginning(names: list[str], incomplete: str) -> list[str]:
    return [name for name in dict.fromkeys(names) if name.casefold().startswith(incomplete.casefold())]
