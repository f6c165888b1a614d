"""`plan`: what will be sent, by looking ahead."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any, Final

import typer
from sqlalchemy import Connection

from reminder.cli.context import CommandContext, asked
from reminder.cli.hours import whose_hours
from reminder.cli.not_reloaded import say_if_not_reloaded
from reminder.cli.options import Person, TitleName
from reminder.cli.output import print_json, print_lines, print_table
from reminder.cli.persons import check_person
from reminder.cli.rows import COMING_COLUMNS, shown_coming
from reminder.cli.stretch import all_chosen, all_listed, stretch
from reminder.cli.talk import say
from reminder.delivery.forecast import ForecastMessage
from reminder.usecases.agenda import messages_to_come
from reminder.usecases.rows.messages import planned_row
from reminder.usecases.titles import find_keys, keys_watched

NOTHING: Final = "Nothing to come: `reminder check` says why, title by title."

From = Annotated[
    str | None,
    typer.Option(
        "--from", metavar="TIME", help="Start here, as if nothing had been sent. Default: from now, as things are."
    ),
]
To = Annotated[str | None, typer.Option("--to", metavar="TIME", help="End here; a bare date includes its day.")]


def plan(
    context: typer.Context,
    from_: From = None,
    to: To = None,
    subscriber: Person = None,
    title: TitleName = None,
    body: Annotated[bool, typer.Option("--body", help="Show the whole text of each, not only its subject.")] = False,
) -> None:
    """Show every message to come: when, to whom, where, in what words."""
    wanted = asked(context)
    templates = wanted.settings.templates
    problems: set[str] = set()
    rows = [planned_row(item, templates, problems) for item in _coming(wanted, from_, to, subscriber, title)]
    for problem in sorted(problems):
        say(f"warning: {problem}")
    if wanted.json:
        print_json(rows)
    elif body and rows:
        for row in rows:
            _show_whole(shown_coming(row, wanted))
    else:
        print_table([shown_coming(row, wanted) for row in rows], COMING_COLUMNS, empty=NOTHING)
    if rows and not wanted.json:
        say(f"Hours are in {whose_hours(wanted.settings)}.")
    if from_ is None:
        say_if_not_reloaded(wanted)


def _show_whole(row: dict[str, Any]) -> None:
    from rich.text import Text

    from reminder.cli.drawing import draw

    head = f"{row['shown_at']} · {row['subscriber']} · {', '.join(row['channels'])}"
    draw(Text(head, style="dim"), Text(row["subject"], style="bold"), *map(Text, row["body"].splitlines()))
    print_lines("")


def _coming(
    wanted: CommandContext, from_: str | None, to: str | None, subscriber: str | None, title: str | None
) -> list[ForecastMessage]:
    keys = _keys(wanted, title) if title else None
    check_person(wanted, subscriber)
    start, end = stretch(wanted, from_, to)
    wanted.tell_what_is_missing()
    with _as_if_new(wanted, start) if from_ else wanted.showing(start) as tx:
        return messages_to_come(tx, start=start, end=end, grace=wanted.settings.grace, keys=keys, subscriber=subscriber)


def _keys(wanted: CommandContext, name: str) -> frozenset[str]:
    with wanted.known() as tx:
        found = keys_watched(tx, name) if tx is not None else frozenset()
    return found or find_keys(all_listed(wanted).titles, name)


@contextmanager
def _as_if_new(wanted: CommandContext, start: datetime) -> Iterator[Connection]:
    """Show what is listed as if all of it began at `start` and nothing had been sent."""
    from reminder.usecases.listed import begin_at

    with wanted.app.afresh() as store, store.dry() as tx:
        begin_at(tx, all_listed(wanted), all_chosen(wanted), start, wanted.settings.grace)
        yield tx
