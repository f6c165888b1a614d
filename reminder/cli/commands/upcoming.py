"""`upcoming`: what comes out next."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from reminder.cli import dates
from reminder.cli.context import CommandContext, asked
from reminder.cli.not_reloaded import say_if_not_reloaded
from reminder.cli.output import print_json, print_table
from reminder.cli.table import Column
from reminder.core.model.entities import Release, Title
from reminder.core.text.phrases import said_season
from reminder.usecases import agenda
from reminder.usecases.agenda import ComingRelease
from reminder.usecases.rows.upcoming import UpcomingRow, upcoming_row

Row = dict[str, Any]


def upcoming(
    context: typer.Context,
    limit: Annotated[int | None, typer.Option("--limit", "-n", min=1, metavar="N", help="Show only this many.")] = None,
) -> None:
    """Show what comes out next, with a countdown.

    What has no day yet stands at the end. With --json: numbers and dates, and who is told.
    """
    wanted = asked(context)
    now = wanted.clock.now()
    with wanted.looking() as tx:
        releases = agenda.upcoming(tx, zone=wanted.zone, today=now.astimezone(wanted.zone).date(), limit=limit)
        told = agenda.who_is_told(tx, releases) if wanted.json else {}
    rows = [upcoming_row(item, told.get(item.title_id, []), zone=wanted.zone, now=now) for item in releases]
    if wanted.json:
        print_json(rows)
        return
    columns = (
        Column(key="shown_when", heading="when", whole=True),
        Column(key="countdown", heading="countdown", style=_countdown_style),
        Column(key="name", heading="title", style="bold"),
        Column(key="what", heading="what", style="dim", below=True),
    )
    shown = [_shown(row, item, wanted) for row, item in zip(rows, releases, strict=True)]
    print_table(shown, columns, empty="Nothing is coming out: no title is watched.")
    say_if_not_reloaded(wanted)


def _shown(row: UpcomingRow, item: ComingRelease, wanted: CommandContext) -> Row:
    release = item.dated.release
    return {**row, "shown_when": dates.date_of(release.when, wanted.zone), "name": _name(item.title, release)}


def _name(title: Title, release: Release) -> str:
    season = "" if release.season is None else f" {said_season(release.season)}"
    return f"{title.name}{season}{'' if release.first == 1 else f' {release.label}'}"


def _countdown_style(row: Row) -> str:
    if row["precision"] not in {"exact", "day"}:
        return "yellow" if "passed" in row["countdown"] else "dim"
    return "green" if row["countdown"].startswith(("today", "out", "tomorrow")) else "cyan"
