"""Results on standard output: tables for people, JSON for programs. Talk goes to standard error."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from typing import Final

from reminder.cli.table import Column, Row, table
from reminder.platform.terminal import harmless

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
    """Print rows as a table without the columns that are empty everywhere; `empty` says that there are none."""
    if not rows:
        print_lines(*([empty] if empty else []))
    elif is_terminal():
        from reminder.cli.drawing import draw_table

        draw_table(rows, columns)
    else:
        print_lines(*("".join(text for text, _ in line) for line in table(rows, columns, None)))


def is_terminal() -> bool:
    """Tell whether standard output is a terminal, or is to be coloured as if it were."""
    return sys.stdout.isatty() or bool(os.environ.get("FORCE_COLOR"))


def print_lines(*lines: str) -> None:
    """Print lines as they are on standard output, but for what could turn a terminal about."""
    sys.stdout.write("".join(f"{harmless(line)}\n" for line in lines))
