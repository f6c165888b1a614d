"""`list`: the titles that are watched."""

from __future__ import annotations

import typer

from reminder.cli import dates
from reminder.cli.context import asked
from reminder.cli.output import print_json, print_table
from reminder.cli.table import Column
from reminder.core.model.entities import Title
from reminder.usecases.rows.listed import ListedFields, listed_fields, listed_row
from reminder.usecases.titles import first_date, watched_titles


def list_(context: typer.Context) -> None:
    """List the titles that are watched."""
    wanted = asked(context)
    with wanted.looking() as tx:
        titles = watched_titles(tx, today=wanted.today, zone=wanted.zone, with_next=wanted.json)
    places = [wanted.settings.place_of(each.kept.listing.title.key) for each in titles]
    if wanted.json:
        print_json([listed_row(each, wanted.today, place) for each, place in zip(titles, places, strict=True)])
        return
    rows = [listed_fields(each, wanted.today, place) for each, place in zip(titles, places, strict=True)]
    shown = [
        {
            **row,
            "shown_when": dates.date_of(first_date(each.kept.listing.title, wanted.today), wanted.zone),
            "who": _who(row),
            "name": _work(each.kept.listing.title),
            "line": _line(row),
        }
        for row, each in zip(rows, titles, strict=True)
    ]
    columns = (
        Column(key="name", heading="title", style="bold"),
        Column(key="shown_when", heading="date", whole=True),
        Column(key="platform", heading="where"),
        Column(key="who", heading="for", below=True),
        Column(key="line", heading="listed", style="dim", whole=True),
    )
    print_table(shown, columns, empty='No title is watched: list one under watch:, or `reminder add "Ballard"`.')


def _work(title: Title) -> str:
    return title.name if title.season is None else f"{title.name} season {title.season}"


def _line(row: ListedFields) -> str:
    place, _, line = row["listed"].rpartition(":")
    return f"line {line}" if place else line


def _who(row: ListedFields) -> str:
    muted = set(row["muted"])
    return ", ".join(f"{name} (muted)" if name in muted else name for name in row["subscribers"]) or "nobody"
