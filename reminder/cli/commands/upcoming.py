"""`upcoming`: what comes out next."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Final

import typer

from reminder.cli import dates
from reminder.cli.context import CommandContext, asked
from reminder.cli.fields import credited_titles, utc_or_none, when_fields
from reminder.cli.output import print_json, print_table
from reminder.cli.table import Column
from reminder.core.dates.when import When
from reminder.core.model.entities import Release, Title
from reminder.core.schedule.explain import has_passed
from reminder.core.text import english
from reminder.core.text.phrases import drop_and_place, place, said_season
from reminder.usecases import agenda
from reminder.usecases.agenda import ComingRelease

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
    today = now.astimezone(wanted.zone).date()
    with wanted.looking() as tx:
        releases = agenda.upcoming(tx, zone=wanted.zone, today=today, limit=limit)
        told = agenda.who_is_told(tx, releases) if wanted.json else {}
    rows = [_row(item, wanted, today, now) | {"who": told.get(item.title_id, [])} for item in releases]
    if wanted.json:
        print_json([{key: row[key] for key in UPCOMING_FIELDS} | row["credit"] for row in rows])
        return
    columns = (
        Column(key="shown_when", heading="when", whole=True),
        Column(key="countdown", heading="countdown", style=_countdown_style),
        Column(key="name", heading="title", style="bold"),
        Column(key="what", heading="what", style="dim", below=True),
    )
    print_table(rows, columns, empty="Nothing is coming out: no title is watched.")


UPCOMING_FIELDS: Final = (
    *("title", "season", "release", "when", "precision", "days", "local_date", "local_time", "at"),
    *("first_episode", "last_episode", "episodes", "platform", "link", "kind", "source", "who"),
    *("countdown", "what"),
)
"""What a program gets (SPEC 14): all but the last two are numbers, dates, names and words of the config."""


def _name(title: Title, release: Release) -> str:
    season = "" if release.season is None else f" {said_season(release.season)}"
    return f"{title.name}{season}{'' if release.first == 1 else f' {release.label}'}"


def _countdown_style(row: Row) -> str:
    if row["precision"] not in {"exact", "day"}:
        return "yellow" if "passed" in row["countdown"] else "dim"
    return "green" if row["countdown"].startswith(("today", "out", "tomorrow")) else "cyan"


def _row(item: ComingRelease, wanted: CommandContext, today: date, now: datetime) -> Row:
    title, release = item.title, item.dated.release
    return {
        "title": title.name,
        "season": release.season,
        "release": release.label,
        **when_fields(release.when),
        **_numbers(release, wanted, today),
        "platform": title.where,
        "link": title.page,
        "kind": str(title.kind) if title.kind else None,
        "source": title.sourced.source if title.sourced else None,
        "name": _name(title, release),
        "credit": credited_titles([title]),
        "shown_when": dates.date_of(release.when, wanted.zone),
        "countdown": _countdown(release.when, wanted, today, now),
        "what": drop_and_place(title, release) if release.first == 1 else place(title.where),
    }


def _numbers(release: Release, wanted: CommandContext, today: date) -> Row:
    """Return when a release comes out, in the config's zone, and which episodes: None for what is not known."""
    when = release.when
    on = when.day_in(wanted.zone)
    is_numbered = release.last is not None and release.day is None
    return {
        "days": (on - today).days if on else None,
        "local_date": on.isoformat() if on else None,
        "local_time": f"{when.at.astimezone(wanted.zone):%H:%M}" if when.at else None,
        "at": utc_or_none(when.at),
        "first_episode": release.first if is_numbered else None,
        "last_episode": release.last if is_numbered else None,
        "episodes": release.last - release.first + 1 if is_numbered and release.last is not None else None,
    }


def _countdown(when: When, wanted: CommandContext, today: date, now: datetime) -> str:
    on = when.day_in(wanted.zone)
    if on is None:
        if has_passed(when, today):
            return "passed without a day"
        return "no day yet" if when.is_coarse else "no date yet"
    if on != today or when.at is None:
        return english.away(on, today)
    return english.time_left(when.at - now) if when.at > now else "out"
