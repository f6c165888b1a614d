"""Asks on a terminal which of two is meant, where an announcement gives nearly as good a reason for each."""

from __future__ import annotations

import typer

from reminder.announcements.reading.proposal import Announcement, Choice
from reminder.cli.talk import say

_ASKED = {"title": "Which title is it?", "premiere": "Which day is it?"}


def settled(found: Announcement) -> Announcement:
    """Return the reading that a person means, asking with one key about each field of which two values are close."""
    for choice in found.choices:
        first, second = choice.options
        if _picked(choice) == "2":
            return second.reading
        found = first.reading
    return found


def _picked(choice: Choice) -> str:
    """Return the key that was pressed, `1` or `2`; Enter stands for the first. Ctrl-C gives the command up."""
    say(_ASKED[choice.field])
    for number, option in enumerate(choice.options, 1):
        say(f"  {number}  {option.value}")
        say(f"     {option.sentence}")
    say("Press 1 or 2:")
    while True:
        key = typer.getchar()
        if key in {"1", "\r", "\n"}:
            return "1"
        if key == "2":
            return "2"
        if key in {"\x03", "\x04", ""}:
            raise typer.Abort
