"""Results on standard output: tables for people, JSON for programs. Talk goes to standard error."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from reminder.core.markup import clean

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

Row = dict[str, Any]
Style = str | Callable[[Row], str]

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


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a table: which value, under which heading, in which style; `whole` keeps its cells unbroken."""

    key: str
    heading: str
    style: Style = ""
    whole: bool = False

    def style_of(self, row: Row) -> str:
        """Return the style of this column's cell in `row`."""
        return self.style if isinstance(self.style, str) else self.style(row)


def state_style(row: Row) -> str:
    """Return the colour of a row's state: good, waiting, bad, or of no more interest."""
    return STATE_STYLES.get(str(row.get("state")), "dim")


def print_json(value: object) -> None:
    """Print a value as JSON, as it is: no colour, and no escapes for letters that the stream can hold."""
    is_utf8 = (sys.stdout.encoding or "utf-8").lower().replace("-", "") == "utf8"
    sys.stdout.write(json.dumps(value, ensure_ascii=not is_utf8, indent=2) + "\n")


def print_table(rows: Sequence[Row], columns: Sequence[Column], *, empty: str) -> None:
    """Print rows as a table; `empty` says in words that there are none. A column that is empty everywhere is left out."""
    if not rows:
        print_lines(empty)
        return
    from rich import box
    from rich.table import Table
    from rich.text import Text

    shown = [column for column in columns if any(cell(row.get(column.key)) for row in rows)]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    for column in shown:
        table.add_column(column.heading, overflow="fold", no_wrap=column.whole)
    for row in rows:
        table.add_row(*(Text(cell(row.get(column.key)), style=column.style_of(row)) for column in shown))
    draw(table)


def draw(*parts: RenderableType) -> None:
    """Draw parts on standard output: with colour and within its width on a terminal, else plain and unbroken."""
    console = _console()
    if console.is_terminal:
        console.print(*parts, sep="\n")
        return
    text = io.StringIO()
    console.file = text
    console.print(*parts, sep="\n")
    print_lines(*(line.rstrip() for line in text.getvalue().splitlines()))


def _console() -> Console:
    from rich.console import Console

    console = Console(file=sys.stdout, highlight=False, emoji=False, markup=False)
    if not console.is_terminal:
        console.width = WIDE
    return console


def print_lines(*lines: str) -> None:
    """Print lines as they are on standard output."""
    sys.stdout.write("".join(f"{line}\n" for line in lines))


def cell(value: object) -> str:
    """Return a value as a table shows it: on one line, with nothing in it that could turn a terminal about."""
    if value is None:
        return ""
    if isinstance(value, (list, tuple)):
        return clean(", ".join(str(item) for item in value))
    return clean(str(value))


def say(text: str) -> None:
    """Print a line of talk to standard error: results alone go to standard output."""
    print(text, file=sys.stderr)  # noqa: T201
