"""Questions on a terminal: each is asked until its answer can be taken, and what is wrong with one is said."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import typer

from reminder.cli.talk import say
from reminder.config.parsers import parse_name


def ask(question: str, check: Callable[[str], str], default: str | None = None, *, hidden: bool = False) -> str:
    """Return an answer that `check` takes; a ValueError of it is said, and the question asked again.

    Without a default an answer is needed; an empty one shows none, and lets nothing be answered.
    """

    def checked(text: str) -> str:
        try:
            return check(text)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from None

    answer: str = typer.prompt(
        question,
        default=default,
        value_proc=checked,
        show_default=bool(default),
        hide_input=hidden,
        err=True,
    )
    return answer


def choose(question: str, shown: Sequence[str], none: str | None = None) -> int | None:
    """Return which of several lines was chosen, by its place; None for `none`, which Enter stands for."""
    for number, line in enumerate(shown, 1):
        say(f"  {number}  {line}")
    if none is not None:
        say(f"  Enter  {none}")
    answer = ask(question, lambda text: _number(text, len(shown), none is not None), "" if none is not None else None)
    return int(answer) - 1 if answer else None


def _number(text: str, last: int, may_be_empty: bool) -> str:
    if not text.strip() and may_be_empty:
        return ""
    if not (text.strip().isascii() and text.strip().isdecimal() and 1 <= int(text.strip()[:4]) <= last):
        raise ValueError(f"write a number from 1 to {last}")
    return text.strip()


def new_name(text: str, known: Collection[str], what: str) -> str:
    """Return a name that nobody has yet. Raises ValueError."""
    name = parse_name(text)
    if name in known:
        raise ValueError(f"{name} is already a {what}: write another name")
    return name
