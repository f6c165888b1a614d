"""Shows a title's source: the entry it is pinned to, that entry's dates, and the rule that decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from reminder.cli import dates
from reminder.cli.context import CommandContext
from reminder.cli.fields import utc_or_none
from reminder.cli.output import print_lines, print_table
from reminder.cli.table import Column
from reminder.core.model.entities import Title
from reminder.core.sourcing.attribution import ATTRIBUTION
from reminder.core.sourcing.resolved import DateReason
from reminder.usecases.follow import (
    SourceState,
    second_opinion,
    source_of,
)

Row = dict[str, Any]


def source_row(tx: Connection, title: Title) -> Row | None:
    """Return what is known of a title's source as a row; None where its dates are by hand."""
    if title.source_options is None:
        return None
    known = source_of(tx, title)
    if known is None:
        return {"entry": None, "silence": "not searched for yet"}
    return {
        "entry": known.pin.id if known.pin.ref else None,
        "name": known.pin.name,
        "pinned_by": known.pin.by,
        "standing": str(known.answer.standing) if known.answer else None,
        "rule": known.rule,
        "answered_at": utc_or_none(known.answered_at),
        "next_at": utc_or_none(known.next_at),
        "silence": known.silence,
        "clashes": list(known.clashes),
        "dates": [_date_row(reason) for reason in known.reasons],
        "other": _other(title, known),
        "attribution": ATTRIBUTION.get(known.pin.source),
    }


def _date_row(reason: DateReason) -> Row:
    return {
        "season": reason.season,
        "first": reason.first,
        "says": reason.said,
        "why": str(reason.why),
        "raw": reason.raw,
        "provisional": reason.provisional,
    }


def _other(title: Title, known: SourceState) -> Row | None:
    """Return what the second source says of the same releases."""
    chosen = second_opinion(title, known)
    if known.second is None or chosen is None:
        return None
    said = [{"release": item.release.label, "says": item.release.when.show(), "why": str(item.why)} for item in chosen]
    return {"entry": known.second.id, "dates": said}


def _folded(rows: Sequence[Row]) -> list[list[Row]]:
    """Return dates in groups: episodes that follow each other, and of which the same is said, are shown as one."""
    groups: list[list[Row]] = []
    for row in rows:
        before = groups[-1][-1] if groups else None
        is_like = before is not None and row["first"] == before["first"] + 1
        if before is not None and is_like and {**row, "first": 0} == {**before, "first": 0}:
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def _shown_dates(group: Sequence[Row]) -> Row:
    first, last = group[0], group[-1]
    numbers = f"{first['first']}" if first is last else f"{first['first']} to {last['first']}"
    return {
        "release": f"season {first['season']}, {numbers}" if first["season"] is not None else "",
        "says": first["says"],
        "why": f"{first['why']}{'; early dates often move' if first['provisional'] else ''}",
        "raw": first["raw"],
    }


def show_source(row: Row, wanted: CommandContext) -> None:
    """Print what is known of a title's source, for people."""
    if row["entry"] is None:
        print_lines(f"  source: none yet; {row['silence']}", "")
        return
    rule = f"; it counts: {row['rule']}" if row["rule"] else ""
    print_lines(f"  source: {row['entry']} ({row['name']}), pinned by {row['pinned_by']}{rule}")
    if row["answered_at"]:
        at = datetime.fromisoformat(row["answered_at"])
        print_lines(f"  last answer {dates.instant(at, wanted.zone)}: {row['standing']}")
    if row["silence"]:
        print_lines(f"  no answer since: {row['silence']}")
    print_table([_shown_dates(group) for group in _folded(row["dates"])], _COLUMNS, empty="")
    if row["other"]:
        print_lines(f"  {row['other']['entry']} says as well:")
        for item in row["other"]["dates"]:
            print_lines(f"    {item['release']}: {item['says']} ({item['why']})")
    for clash in row["clashes"]:
        print_lines(f"  more than a day apart: {clash}")
    if row["attribution"]:
        print_lines(f"  {row['attribution']}")
    print_lines("")


_COLUMNS: Final = (
    Column(key="release", heading="season, episode", style="dim"),
    Column(key="says", heading="the source says", whole=True, style="bold"),
    Column(key="why", heading="why"),
    Column(key="raw", heading="in its words", style="dim"),
)
