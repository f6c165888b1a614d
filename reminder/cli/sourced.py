"""Shows a title's source: the entry it is pinned to, that entry's dates, and the rule that decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from reminder.cli import dates
from reminder.cli.context import CommandContext
from reminder.cli.output import print_lines, print_table
from reminder.cli.table import Column
from reminder.usecases.rows.sources import DateReasonRow, SourceRow, UnsearchedRow, is_searched

Row = dict[str, Any]


def _folded(rows: Sequence[DateReasonRow]) -> list[list[DateReasonRow]]:
    """Return dates in groups: episodes that follow each other, and of which the same is said, are shown as one."""
    groups: list[list[DateReasonRow]] = []
    for row in rows:
        before = groups[-1][-1] if groups else None
        is_like = before is not None and row["first"] == before["first"] + 1
        if before is not None and is_like and {**row, "first": 0} == {**before, "first": 0}:
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


NOBODY_ASKED: Final = "no source is asked: write its date, or sources: in the config"


def _shown_dates(group: Sequence[DateReasonRow]) -> Row:
    first, last = group[0], group[-1]
    numbers = f"{first['first']}" if first is last else f"{first['first']} to {last['first']}"
    return {
        "release": f"season {first['season']}, {numbers}" if first["season"] is not None else "",
        "says": first["says"],
        "why": f"{first['why']}{'; early dates often move' if first['provisional'] else ''}",
        "raw": first["raw"],
    }


def show_source(row: SourceRow | UnsearchedRow, wanted: CommandContext) -> None:
    """Print what is known of a title's source, for people."""
    if not is_searched(row):
        is_any_asked = bool(wanted.settings.source_names)
        print_lines(f"  source: none yet; {row['silence'] if is_any_asked else NOBODY_ASKED}", "")
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
