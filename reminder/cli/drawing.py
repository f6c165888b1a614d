"""Drawing with colour on standard output, by rich: what a table for a program, and JSON, do without."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Final

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from reminder.cli.output import is_terminal
from reminder.cli.table import Column, Row, table
from reminder.platform.terminal import TURNING, harmless

WIDE: Final = 100_000
"""The width of what is not a terminal: a program that reads our lines wants them whole."""


def draw_table(rows: Sequence[Row], columns: Sequence[Column]) -> None:
    """Print rows as a table with colour, within the width of the terminal."""
    console = Console(file=sys.stdout, highlight=False)
    for line in table(rows, columns, console.width):
        console.print(Text.assemble(*line), soft_wrap=True)


def draw(*parts: Text, indent: int = 0) -> None:
    """Draw parts on standard output: with colour and within its width on a terminal, else plain and unbroken.

    With `indent`, each line stands so many columns in, those too into which a terminal breaks a part.
    """
    width = None if is_terminal() else WIDE
    console = Console(file=sys.stdout, highlight=False, emoji=False, markup=False, width=width)
    console.print(*(Padding.indent(_harmless(part), indent) for part in parts), sep="\n")


def _harmless(part: Text) -> Text:
    pieces = part.divide([at for found in TURNING.finditer(part.plain) for at in found.span()])
    return part.blank_copy("").join(piece for piece in pieces if harmless(piece.plain) == piece.plain)
