"""How commands are registered: in their groups, each with a help that shows no more than one needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import typer
from typer.core import TyperCommand

BEGIN: Final = "To begin"
AHEAD: Final = "What comes"
TITLES: Final = "Titles"
PAST: Final = "What was sent"
SERVICE: Final = "The service"


class Command(TyperCommand):
    """A command whose flags are shown without the name of a type."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for parameter in self.params:
            hide_flag_type(parameter)


def hide_flag_type(parameter: Any) -> None:
    """Leave the word `bool` out of the help of a flag: it takes no value."""
    if getattr(parameter, "is_flag", False):
        parameter.metavar = ""


def add(app: typer.Typer, name: str, command: Callable[..., None], panel: str | None = None) -> None:
    """Add a command to `app` under `name`, in the group `panel` of the help."""
    app.command(name, cls=Command, rich_help_panel=panel)(command)
