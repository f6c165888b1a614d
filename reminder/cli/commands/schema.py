"""`config schema`: the JSON Schema of the config, for editors."""

from __future__ import annotations

import sys

import typer

from reminder.cli.registry import Command, Group
from reminder.config.schema.json_schema import schema_text

group = typer.Typer(cls=Group, no_args_is_help=True, add_completion=False)


@group.callback()
def _group() -> None:
    """Print the JSON Schema of the config, for editors."""


@group.command("schema", cls=Command)
def schema() -> None:
    """Print the JSON Schema of the config, which lets editors complete and check it."""
    sys.stdout.write(schema_text())
