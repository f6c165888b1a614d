"""Talk on standard error, within the width of a terminal. It is light to load: the help needs it."""

from __future__ import annotations

import shutil
import sys
import textwrap

from reminder.platform.terminal import harmless


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


def may_ask() -> bool:
    """Tell whether a person can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()
