"""The table of the commands, and a group that loads the module of a command only when that command is called for."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Any, Final

import typer
from typer.core import TyperCommand, TyperGroup

BEGIN: Final = "To begin"
AHEAD: Final = "What comes"
TITLES: Final = "Titles"
PAST: Final = "What was sent"
SERVICE: Final = "The service"


@dataclass(frozen=True)
class CommandEntry:
    """A command as the list of all commands shows it: its line of help, its panel, and where it is defined.

    `target` is `module:function` below `reminder.cli.commands`, or `module:group` for a group of commands.
    """

    panel: str
    target: str
    help: str

    def load(self, name: str) -> Any:
        """Import the module and return the command or group, named `name`, that typer builds of it."""
        module, attribute = self.target.split(":")
        target = getattr(import_module(f"reminder.cli.commands.{module}"), attribute)
        app = target if isinstance(target, typer.Typer) else alone(target, name)
        command = typer.main.get_command(app)
        command.name = name
        return command


# The order of the help: first what one starts with, then everyday use.
COMMANDS: Final = {
    "init": CommandEntry(BEGIN, "init:init", "Write a first config, asking for what it needs on a terminal."),
    "check": CommandEntry(
        BEGIN, "check:check", "Check everything without sending; say what comes next for each title."
    ),
    "test": CommandEntry(
        BEGIN, "test_channel:send_tests", "Send a message to each channel, and show the service's answer."
    ),
    "upcoming": CommandEntry(AHEAD, "upcoming:upcoming", "Show what comes out next, with a countdown."),
    "plan": CommandEntry(AHEAD, "plan:plan", "Show every message to come: when, to whom, where, in what words."),
    "simulate": CommandEntry(AHEAD, "simulate:simulate", "Play through a stretch of time at once, message by message."),
    "calendar": CommandEntry(AHEAD, "calendar:calendar", "Write a person's calendar to standard output."),
    "list": CommandEntry(TITLES, "list_titles:list_", "List the titles that are watched."),
    "show": CommandEntry(TITLES, "show:show", "Show all that is known of a title."),
    "add": CommandEntry(TITLES, "edit_titles:add_", "Watch a title that the config does not list."),
    "change": CommandEntry(TITLES, "edit_titles:change", "Change a title that was added by command."),
    "remove": CommandEntry(TITLES, "edit_titles:remove", "Stop watching a title that was added by command."),
    "mute": CommandEntry(TITLES, "mute:mute", "Silence a title, for good or until a day."),
    "unmute": CommandEntry(TITLES, "mute:unmute", "End the silence about a title."),
    "pause": CommandEntry(TITLES, "mute:pause", "Send a person nothing until a day: they are away."),
    "resume": CommandEntry(TITLES, "mute:resume", "End a person's pause now."),
    "refresh": CommandEntry(TITLES, "refresh:refresh", "Ask the sources for dates now."),
    "import": CommandEntry(
        TITLES,
        "import_titles:import_",
        "Watch the titles that another program exports, or bring in many subscribers.",
    ),
    "history": CommandEntry(PAST, "history:history", "Show the ledger: what was sent, what was not, and why."),
    "why": CommandEntry(PAST, "history:why", "Say what was, will be and will not be sent about a title."),
    "retry": CommandEntry(PAST, "history:retry", "Try failed or expired deliveries again."),
    "read": CommandEntry(TITLES, "read:read_", "Read an announcement, and propose what to watch."),
    "run": CommandEntry(SERVICE, "run:run", "Send reminders as their moments come, until stopped."),
    "web": CommandEntry(SERVICE, "web:group", "Serve the page from a process of its own, and print links to sign in."),
    "health": CommandEntry(SERVICE, "health:health", "Say whether reminders go out: exit status 0, or 1 if not."),
    "backup": CommandEntry(SERVICE, "backup:backup", "Copy the database, also while the daemon runs."),
    "restore": CommandEntry(
        SERVICE, "backup:restore", "Put a copy of the database back; the present one is kept beside it."
    ),
    "export": CommandEntry(
        SERVICE, "subscribers:export", "Write the subscribers who were imported, so that `import` reads them back."
    ),
    "forget": CommandEntry(
        SERVICE,
        "subscribers:forget",
        "Remove a person completely: settings, address, subscriptions, and all that was sent.",
    ),
    "config": CommandEntry(BEGIN, "schema:group", "Print the JSON Schema of the config, for editors."),
}


class Command(TyperCommand):
    """A command whose parameters are shown without Python's types, and taken without typer's machinery for types."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the parameters, as the help shows them."""
        return plain(super().get_params(ctx))


class Group(TyperGroup):
    """A group of commands, of which the same is true."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the parameters, as the help shows them."""
        return plain(super().get_params(ctx))


class LazyGroup(Group):
    """The group of all commands: help and completion go by the table, and only the one that is named is loaded."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = {
            name: Command(name, help=entry.help, rich_help_panel=entry.panel) for name, entry in COMMANDS.items()
        }

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """Return the command that the arguments name, loaded, and the arguments that are left for it."""
        name, listed, rest = super().resolve_command(ctx, args)
        command = listed and COMMANDS[str(name)].load(str(name))
        if not gc.isenabled():  # as `start` has it while the program is loaded
            gc.freeze()
            gc.enable()
        return name, command, rest


def alone(function: Callable[..., None], name: str) -> typer.Typer:
    """Return an app whose one command is `function`."""
    app = typer.Typer(add_completion=False)
    app.command(name, cls=Command)(function)
    return app


def plain(parameters: list[Any]) -> list[Any]:
    """Return the parameters, changed in place: without Python's types in the help, and converted only where need be.

    Types are left out of the help for flags, which take no value, and for arguments.
    """
    for parameter in parameters:
        if "process_value" not in vars(parameter):
            parameter.process_value = partial(_value, parameter, parameter.process_value)
        if getattr(parameter, "is_flag", False):
            parameter.metavar = ""
        elif parameter.param_type_name == "argument":
            parameter.display_type_rich = _no_type
            parameter.get_usage_pieces = partial(_usage, parameter)
    return parameters


def _value(parameter: Any, convert: Callable[[Any, Any], Any], ctx: Any, value: Any) -> Any:
    """Return a parameter's value. Text stays as it is, as does what is not given; `convert` is typer's for the rest.

    typer converts text to text by pydantic, which takes longer to load than a look at the database takes.
    """
    annotation = getattr(getattr(parameter, "type_descriptor", None), "annotation", None)
    is_absent = value is None and not parameter.required and parameter.nargs == 1
    if is_absent or (annotation is str and isinstance(value, str)):
        return parameter.callback(ctx, parameter, value) if parameter.callback else value
    if annotation == list[str] and value and isinstance(value, (list, tuple)) and parameter.callback is None:
        return list(value)
    return convert(ctx, value)


def _usage(parameter: Any, ctx: Any) -> list[str]:
    """Return how an argument stands in the usage: `TITLE...`, `[CHANNEL]...`."""
    del ctx
    name = parameter.metavar or parameter.name.upper()
    return [f"{name if parameter.required else f'[{name}]'}{'...' if parameter.nargs != 1 else ''}"]


def _no_type(ctx: Any) -> None:
    del ctx
