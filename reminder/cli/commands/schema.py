"""`config schema`: the JSON Schema of the config, for editors."""

from __future__ import annotations

import sys

import typer

from reminder.cli.registry import BEGIN, Commands, add


def register(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    group = typer.Typer(cls=Commands, no_args_is_help=True, help="Print the JSON Schema of the config, for editors.")
    group.callback()(_group)
    add(group, "schema", schema)
    app.add_typer(group, name="config", rich_help_panel=BEGIN)


def _group() -> None:
    """Print the JSON Schema of the config, for editors."""


def schema() -> None:
    """Print the JSON Schema of the config, which lets editors complete and check it."""
    from reminder.config.json_schema import schema_text

    sys.stdout.write(schema_text())
