"""`show`: all that is known of one title."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

import typer
from rich.text import Text

from reminder.cli import dates
from reminder.cli.context import CommandContext, asked
from reminder.cli.drawing import draw
from reminder.cli.fields import utc_or_none, when_fields
from reminder.cli.next import next_messages
from reminder.cli.options import Named
from reminder.cli.output import print_json, print_lines, print_table
from reminder.cli.sourced import show_source, source_row
from reminder.cli.table import Column
from reminder.core.model.drop import Drop
from reminder.core.model.entities import Release
from reminder.core.model.lead import Ladder
from reminder.core.model.ledger import Dated
from reminder.core.schedule.season import dump_drop
from reminder.core.text.phrases import drop, said_season
from reminder.platform.clock import utc_text
from reminder.usecases.titles import StoredTitle, SubscriptionSnapshot, TitleDates, first_date, view_title

Row = dict[str, Any]

#: the fields of a title that have a place of their own in the answer, or none
SHOWN_APART: Final = frozenset({"key", "name", "source_options", "sourced", "was"})
#: the fields that a source may give where nobody wrote them
AS_IT_COUNTS: Final = {"platform": "where", "link": "page"}


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
    row = {
        **_title_row(kept, wanted),
        "source": source,
        "releases": [_release_row(dated) for dated in known.releases],
        "changes": _change_rows(known),
        "subscribers": [_follower_row(case) for case in view.cases],
        "next": coming.row,
        "next_reason": coming.reason,
    }
    if wanted.json:
        print_json(row)
    else:
        _show(row, kept, known, wanted, coming.text(wanted))


def _title_row(kept: StoredTitle, wanted: CommandContext) -> Row:
    title = kept.listing.title
    row: Row = {"title": title.name, "key": title.key}
    for field in fields(title):  # a field that is new is shown without more ado
        if field.name == "premiere":
            row |= when_fields(first_date(title, wanted.today))
        elif field.name not in SHOWN_APART:
            row[field.name] = _as_json(getattr(title, AS_IT_COUNTS.get(field.name, field.name)))
    listed = wanted.settings.place_of(title.key) or f"by {kept.origin}"
    return {**row, "listed": None if kept.ended_at else listed, "ended_at": utc_or_none(kept.ended_at)}


def _as_json(value: object) -> object:
    """Return a field of a title as JSON holds it and a config spells it."""
    if isinstance(value, Drop):
        return dump_drop(value)
    return value.dump() if isinstance(value, Ladder) else value


def _release_row(dated: Dated) -> Row:
    release = dated.release
    return {
        "release": release.label,
        "season": release.season,
        "first": release.first,
        "last": release.last,
        **when_fields(release.when),
        "seen_at": utc_text(dated.seen_at),
    }


def _change_rows(known: TitleDates) -> list[Row]:
    labels = _labels(known)
    return [
        {
            "number": change.no,
            "release": labels.get(change.ref),
            "from": change.before.json(),
            "from_precision": str(change.before.precision),
            "to": change.after.json(),
            "to_precision": str(change.after.precision),
            "source": change.source,
            "seen_at": utc_text(change.seen_at),
        }
        for change in known.changes
    ]


def _labels(known: TitleDates) -> Mapping[tuple[int | None, int], str]:
    return {dated.release.ref: dated.release.label for dated in known.releases}


def _follower_row(case: SubscriptionSnapshot) -> Row:
    sub = case.subscription
    return {
        "subscriber": sub.subscriber.name,
        "remind": sub.ladder.dump(),
        "channels": [use.name for use in sub.subscriber.channels],
        "muted": sub.is_muted,
        "paused_until": utc_or_none(sub.silent_until),
        "since": utc_text(sub.began_at),
    }


def _show(row: Row, kept: StoredTitle, known: TitleDates, wanted: CommandContext, coming: str) -> None:
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
    print_lines("", f"next: {coming}")
    if row["next"]:
        draw(Text(f"      {row['next']['subject']}", style="bold"))


def _heading(row: Row) -> str:
    season = "" if row["season"] is None else f" {said_season(row['season'])}"
    return f"{row['title']}{season}{' (cancelled)' if row['cancelled'] else ''}"


def _episodes(release: Release) -> str:
    return drop(release)


def _show_changes(known: TitleDates, wanted: CommandContext) -> None:
    labels, zone = _labels(known), wanted.zone
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


def _show_followers(row: Row, now: datetime) -> None:
    rows = [
        {
            **person,
            **{kind: ", ".join(leads) or "none" for kind, leads in person["remind"].items()},
            "muted": "muted" if person["muted"] else _paused(person["paused_until"], now),
        }
        for person in row["subscribers"]
    ]
    episodic = len(row["releases"]) > 1
    columns = (
        Column(key="subscriber", heading="for", style="bold"),
        Column(key="premiere", heading="leads" if not episodic else "premiere"),
        *((Column(key="episode", heading="episode"), Column(key="finale", heading="finale")) if episodic else ()),
        Column(key="channels", heading="over", style="dim"),
        Column(key="muted", heading="", style="yellow"),
    )
    print_table(rows, columns, empty="Nobody follows it.")
