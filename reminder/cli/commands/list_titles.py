"""`list`: the titles that are watched."""

from __future__ import annotations

from typing import Any

import typer

from reminder.cli import dates
from reminder.cli.context import CommandContext, asked
from reminder.cli.fields import credited_titles, when_fields
from reminder.cli.output import print_json, print_table
from reminder.cli.table import Column
from reminder.core.model.entities import Title
from reminder.usecases.titles import NextRelease, WatchedTitle, first_date, watched_titles

Row = dict[str, Any]


def list_(context: typer.Context) -> None:
    """List the titles that are watched."""
    wanted = asked(context)
    with wanted.looking() as tx:
        titles = watched_titles(tx, today=wanted.today, zone=wanted.zone, with_next=wanted.json)
    rows = [_list_row(each, wanted) for each in titles]
    if wanted.json:
        print_json([{**row, "next": _next_row(each.next)} for row, each in zip(rows, titles, strict=True)])
        return
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


def _next_row(following: NextRelease | None) -> Row | None:
    if following is None:
        return None
    release = following.release
    return {"release": release.label, **when_fields(release.when), "days": following.days}


def _work(title: Title) -> str:
    return title.name if title.season is None else f"{title.name} season {title.season}"


def _line(row: Row) -> str:
    place, _, line = row["listed"].rpartition(":")
    return f"line {line}" if place else line


def _who(row: Row) -> str:
    muted = set(row["muted"])
    return ", ".join(f"{name} (muted)" if name in muted else name for name in row["subscribers"]) or "nobody"


def _list_row(watched: WatchedTitle, wanted: CommandContext) -> Row:
    title = watched.kept.listing.title
    people = [case.subscription for case in watched.cases]
    return {
        "title": title.name,
        "key": title.key,
        "season": title.season,
        **when_fields(first_date(title, wanted.today)),
        "cancelled": title.cancelled,
        "platform": title.where,
        "subscribers": [sub.subscriber.name for sub in people],
        "muted": [sub.subscriber.name for sub in people if sub.is_muted],
        "listed": wanted.settings.place_of(title.key) or f"by {watched.kept.origin}",
        **credited_titles([title]),
    }
