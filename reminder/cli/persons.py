"""Checks the name of a person that is given on the command line."""

from __future__ import annotations

from reminder.cli.context import CommandContext
from reminder.config.names import did_you_mean
from reminder.core.errors import WrongInput
from reminder.usecases.people import is_known


def check_person(wanted: CommandContext, name: str | None) -> None:
    """Raise WrongInput, naming who there is, when nobody has this name; None is nobody in particular."""
    listed = list(wanted.settings.zones)
    if name is None or name in listed:
        return
    with wanted.alone() as tx:
        if not is_known(tx, name):
            raise WrongInput(f'--subscriber: there is no subscriber "{name}": {did_you_mean(name, listed)}')
