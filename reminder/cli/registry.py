"""Registers commands in their groups, each with a help that shows no more than one needs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import typer
from typer.core import TyperCommand, TyperGroup

BEGIN: Final = "To begin"
AHEAD: Final = "What comes"
TITLES: Final = "Titles"
PAST: Final = "What was sent"
SERVICE: Final = "The service"


class Command(TyperCommand):
    """A command whose flags are shown without the name of a type."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the parameters, as the help shows them."""
        return without_types(super().get_params(ctx))


class Commands(TyperGroup):
    """A group of commands, of which the same is true."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the parameters, as the help shows them."""
        return without_types(super().get_params(ctx))


def without_types(parameters: list[Any]) -> list[Any]:
    """Leave the names of Python's types out of the help: of flags, which take no value, and of arguments."""
    for parameter in parameters:
        if getattr(parameter, "is_flag", False):
            parameter.metavar = ""
        elif parameter.param_type_name == "argument":
            parameter.display_type_rich = _no_type
            parameter.get_usage_pieces = partial(_usage, parameter)
    return parameters


def _usage(parameter: Any, ctx: Any) -> list[str]:
    """Return how an argument stands in the usage: `TITLE...`, `[CHANNEL]...`."""
    del ctx
    name = parameter.metavar or parameter.name.upper()
    return [f"{name if parameter.required else f'[{name}]'}{'...' if parameter.nargs != 1 else ''}"]


def _no_type(ctx: Any) -> None:
    del ctx


def add(app: typer.Typer, name: str, command: Callable[..., None], panel: str | None = None) -> None:
    """Add a command to `app` under `name`, in the group `panel` of the help."""
    app.command(name, cls=Command, rich_help_panel=panel)(command)
