"""Results on standard output: tables for people, JSON for programs. Talk goes to standard error."""

from __future__ import annotations

import json
import os
import shutil
import sys
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from reminder.platform.terminal import TURNING, harmless

if TYPE_CHECKING:
    from rich.text import Text

    from reminder.cli.table import Column, Row

WIDE: Final = 100_000
"""The width of what is not a terminal: a program that reads our lines wants them whole."""

STATE_STYLES: Final = {
    "sent": "green",
    "to come": "cyan",
    "retrying": "yellow",
    "sending": "yellow",
    "due": "yellow",
    "failed": "red",
    "expired": "red",
}


def state_style(row: Row) -> str:
    """Return the colour of a row's state: good, waiting, bad, or of no more interest."""
    return STATE_STYLES.get(str(row.get("state")), "dim")


def print_json(value: object) -> None:
    """Print a value as JSON, as it is: no colour, and no escapes for letters that the stream can hold."""
    is_utf8 = (sys.stdout.encoding or "utf-8").lower().replace("-", "") == "utf8"
    sys.stdout.write(json.dumps(value, ensure_ascii=not is_utf8, indent=2) + "\n")


def print_table(rows: Sequence[Row], columns: Sequence[Column], *, empty: str) -> None:
    """Print rows as a table; `empty` says in words that there are none. A column that is empty everywhere is left out."""
    from reminder.cli.table import table

    if not rows:
        print_lines(*([empty] if empty else []))
    elif is_terminal():
        _print_styled(rows, columns)
    else:
        print_lines(*("".join(text for text, _ in line) for line in table(rows, columns, None)))


def _print_styled(rows: Sequence[Row], columns: Sequence[Column]) -> None:
    from rich.console import Console
    from rich.text import Text

    from reminder.cli.table import table

    console = Console(file=sys.stdout, highlight=False)
    for line in table(rows, columns, console.width):
        console.print(Text.assemble(*line), soft_wrap=True)


def is_terminal() -> bool:
    """Tell whether standard output is a terminal, or is to be coloured as if it were."""
    return sys.stdout.isatty() or bool(os.environ.get("FORCE_COLOR"))


def draw(*parts: Text, indent: int = 0) -> None:
    """Draw parts on standard output: with colour and within its width on a terminal, else plain and unbroken.

    With `indent`, each line stands so many columns in, those too into which a terminal breaks a part.
    """
    from rich.console import Console
    from rich.padding import Padding

    width = None if is_terminal() else WIDE
    console = Console(file=sys.stdout, highlight=False, emoji=False, markup=False, width=width)
    console.print(*(Padding.indent(_harmless(part), indent) for part in parts), sep="\n")


def _harmless(part: Text) -> Text:
    pieces = part.divide([at for found in TURNING.finditer(part.plain) for at in found.span()])
    return part.blank_copy("").join(piece for piece in pieces if harmless(piece.plain) == piece.plain)


def print_lines(*lines: str) -> None:
    """Print lines as they are on standard output, but for what could turn a terminal about."""
    sys.stdout.write("".join(f"{harmless(line)}\n" for line in lines))


def say(text: str) -> None:
    """Print a line of talk to standard error: results alone go to standard output.

    Where both lead to one place it stands below what was printed before it.
    """
    sys.stdout.flush()
    for line in within(harmless(text)) if sys.stderr.isatty() else [harmless(text)]:
        print(line, file=sys.stderr)  # noqa: T201


def within(text: str, indent: int = 0) -> list[str]:
    """Return a text in lines that a terminal need not break: between words only, so that an address stays whole."""
    width = max(shutil.get_terminal_size().columns - indent, 1)
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False) or [""]
