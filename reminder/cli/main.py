"""`reminder`: the global options, the commands, and what becomes of an error."""

from __future__ import annotations

import errno
import io
import logging
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from reminder.cli.registry import LazyGroup
from reminder.cli.talk import say, within
from reminder.core.errors import ReminderError
from reminder.core.sourcing.attribution import ATTRIBUTION
from reminder.platform import terminal

DISTRIBUTION: Final = "release-reminder"
PROGRAM: Final = "reminder"
UNWRITABLE: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})

app = typer.Typer(
    name=PROGRAM,
    cls=LazyGroup,
    help="Reminds people of release dates: days before, and on the day, once, at their own hour.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version as installed_version

        typer.echo(f"reminder {installed_version(DISTRIBUTION)}")
        raise typer.Exit


def _print_about(wanted: bool) -> None:
    if wanted:
        typer.echo("reminder tells of release dates. It takes them from what you write, and from these sources:")
        for text in ATTRIBUTION.values():
            for line in within(text, indent=2) if sys.stdout.isatty() else [text]:
                typer.echo(f"  {line}")
        raise typer.Exit


@app.callback()
def _globals(
    context: typer.Context,
    config: Annotated[
        str | None,
        typer.Option(
            "--config",
            "-c",
            metavar="FILE",
            help="The config. Default: $REMINDER_CONFIG, the usual places.",
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print results as JSON.")] = False,
    about: Annotated[
        bool, typer.Option("--about", callback=_print_about, is_eager=True, help="Say where the dates come from.")
    ] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    from reminder.cli.context import CommandContext

    del version, about
    context.obj = CommandContext(option=None if config is None else Path(config), json=json)


_FLAGS: Final = frozenset({"--json", "--about", "--version"})
_VALUED: Final = frozenset({"--config", "-c"})
_GLUED: Final = re.compile(r"--config=|-c[^-]")


def hoisted(arguments: Sequence[str]) -> list[str]:
    """Return the arguments with the global options in front: they may stand before or after the command."""
    front: list[str] = []
    rest: list[str] = []
    waiting = iter(arguments)
    for word in waiting:
        if word == "--":
            rest += [word, *waiting]
        elif word in _FLAGS or _GLUED.match(word):
            front.append(word)
        elif word in _VALUED:
            value = next(waiting, None)
            if value is None:
                return [word]  # what is missing is said of it, and not of a command that would be taken for it
            front += [word, value]
        else:
            rest.append(word)
    if rest[:1] == ["help"]:  # what is typed at other programs
        rest = [*rest[1:], "--help"]
    return [*front, *rest]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line, or these arguments in its place. Exit status 0 done, 1 failed, 2 wrong input."""
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # we have none, and to look for them takes its time
    _close_no_gap()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=terminal.register())  # a terminal that lacks a letter shows the nearest one
    # What asking the sources warns of in the log, a command prints in its own words.
    logging.getLogger("reminder.refresh.refresher").addHandler(logging.NullHandler())
    try:
        try:
            app(hoisted(sys.argv[1:] if arguments is None else arguments), prog_name=PROGRAM)
        finally:
            sys.stdout.flush()
    except ReminderError as error:
        for line in str(error).splitlines():
            say(line)
        raise SystemExit(error.exit_status) from None
    except BrokenPipeError:
        _write_no_more()  # whoever read our output has gone: that is no error
        raise SystemExit(0) from None
    except OSError as error:
        if error.errno not in UNWRITABLE or error.filename is not None:
            raise
        _write_no_more()
        print(f"the output cannot be written: {error.strerror}", file=sys.stderr)  # noqa: T201
        raise SystemExit(1) from None


def _close_no_gap() -> None:
    """Have a standard stream that came closed lead nowhere, so that no file of ours takes its number."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest number that is free: this one
    sys.stdout = sys.stdout or os.fdopen(1, "w")
    sys.stderr = sys.stderr or os.fdopen(2, "w")


def _write_no_more() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
