"""`show`: all that is known of one title."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import typer
from rich.text import Text

from reminder.cli import dates
from reminder.cli.context import CommandContext, asked
from reminder.cli.drawing import draw
from reminder.cli.next import next_messages
from reminder.cli.options import Named
from reminder.cli.output import print_json, print_lines, print_table
from reminder.cli.sourced import show_source
from reminder.cli.table import Column
from reminder.core.model.entities import Release
from reminder.core.text.phrases import drop, said_season
from reminder.usecases.rows.sources import source_row
from reminder.usecases.rows.titles import TitleRow, labels_of, title_row
from reminder.usecases.titles import StoredTitle, TitleDates, view_title

Row = dict[str, Any]


def show(context: typer.Context, title: Named) -> None:
    """Show all that is known of a title.

    Its dates and how they changed, who follows it, and what comes next.
    """
    wanted = asked(context)
    with wanted.looking() as tx:
        view = view_title(tx, title)
        kept, known = view.kept, view.dates
        coming = next_messages(wanted, tx, [kept.listing])[kept.listing.title.key]
        source = source_row(tx, kept.listing.title)
    place = wanted.settings.place_of(kept.listing.title.key)
    row = title_row(view, wanted.today, place, source, (coming.row, coming.reason))
    if wanted.json:
        print_json(row)
    else:
        _show(row, kept, known, wanted, coming.text(wanted))


def _show(row: TitleRow, kept: StoredTitle, known: TitleDates, wanted: CommandContext, coming: str) -> None:
    zone = wanted.zone
    draw(Text(_heading(row), style="bold"))
    for key in ("kind", "platform", "note", "link"):
        if row[key]:
            print_lines(f"  {row[key]}")
    listed = f"no longer watched since {dates.instant(kept.ended_at, zone)}"
    if row["listed"]:
        listed = f"listed {'at ' if ':' in row['listed'] else ''}{row['listed']}"
    print_lines(f"  {listed}", "")
    if row["source"]:
        show_source(row["source"], wanted)
    releases = [
        {"release": d.release.label, "when": dates.date_of(d.release.when, zone), "what": _episodes(d.release)}
        for d in known.releases
    ]
    columns = (
        Column(key="release", heading="release", whole=True),
        Column(key="when", heading="date", whole=True, style="bold"),
        Column(key="what", heading="what", style="dim", below=True),
    )
    print_table(releases, columns, empty="")
    if known.changes:
        print_lines("")
        _show_changes(known, wanted)
    print_lines("")
    _show_followers(row, wanted.clock.now())
    for each in row["stopped"]:
        at = datetime.fromisoformat(each["stopped_at"])
        print_lines(f"{each['subscriber']} stopped following it {dates.instant(at, zone)}")
    print_lines("", f"next: {coming}")
    if row["next"]:
        draw(Text(f"      {row['next']['subject']}", style="bold"))


def _heading(row: TitleRow) -> str:
    season = "" if row["season"] is None else f" {said_season(row['season'])}"
    return f"{row['title']}{season}{' (cancelled)' if row['cancelled'] else ''}"


def _episodes(release: Release) -> str:
    return drop(release)


def _show_changes(known: TitleDates, wanted: CommandContext) -> None:
    labels, zone = labels_of(known), wanted.zone
    rows = [
        {
            "no": change.no,
            "release": labels.get(change.ref, ""),
            "from": dates.date_of(change.before, zone),
            "to": dates.date_of(change.after, zone),
            "source": change.source,
            "seen": dates.instant(change.seen_at, zone),
        }
        for change in known.changes
    ]
    columns = (
        Column(key="no", heading="change", style="dim"),
        Column(key="release", heading="release", obvious=True),
        Column(key="from", heading="from", whole=True),
        Column(key="to", heading="to", whole=True, style="bold"),
        Column(key="source", heading="by", style="dim", obvious=True),
        Column(key="seen", heading="seen", whole=True, style="dim", give_way=True),
    )
    print_table(rows, columns, empty="")


def _paused(until: str | None, now: datetime) -> str:
    """Return how a pause that is still on is shown."""
    ends_at = datetime.fromisoformat(until) if until else now
    return f"paused until {ends_at:%Y-%m-%d}" if ends_at > now else ""


def _show_followers(row: TitleRow, now: datetime) -> None:
    rows = [
        {
            **person,
            **{kind: ", ".join(leads) or "none" for kind, leads in person["remind"].items()},
            "muted": "muted" if person["muted"] else _paused(person["paused_until"], now),
            "choice": "by own choice" if person["chosen"] else "",
        }
        for person in row["subscribers"]
    ]
    episodic = len(row["releases"]) > 1
    columns = (
        Column(key="subscriber", heading="for", style="bold"),
        Column(key="premiere", heading="leads" if not episodic else "premiere"),
        *((Column(key="episode", heading="episode"), Column(key="finale", heading="finale")) if episodic else ()),
        Column(key="channels", heading="over", style="dim"),
        Column(key="choice", heading="", style="dim"),
        Column(key="muted", heading="", style="yellow"),
    )
    print_table(rows, columns, empty="Nobody follows it.")
