"""What tables show of the rows of messages: the hours of each person, and a delivery in a line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any

from reminder.cli import dates
from reminder.cli.context import CommandContext
from reminder.cli.output import state_style
from reminder.cli.table import Column
from reminder.usecases.messages import HistoryEntry
from reminder.usecases.rows.messages import PlannedRow, history_row

Row = dict[str, Any]


def what(kind: str, lead: str | None) -> str:
    """Return what a message was for, in one word: its lead, else its kind."""
    return lead or kind


COMING_COLUMNS = (
    Column(key="shown_at", heading="when", whole=True),
    Column(key="subscriber", heading="who", obvious=True),
    Column(key="channels", heading="over", style="dim"),
    Column(key="subject", heading="what", style="bold", below=True),
)

LINE_COLUMNS = (
    Column(key="id", heading="id", style="dim", whole=True),
    Column(key="shown_at", heading="at", whole=True),
    Column(key="subscriber", heading="who", obvious=True),
    Column(key="channel", heading="over", style="dim"),
    Column(key="about", heading="about", style="bold", give_way=True),
    Column(key="what", heading="lead"),
    Column(key="state", heading="state", style=state_style, whole=True),
    Column(key="reason", heading="why", style="dim", below=True),
)


def shown_coming(row: PlannedRow, wanted: CommandContext) -> Row:
    """Return a message to come as its table shows it: at the person's own hour."""
    return {**row, "shown_at": hour_of(row, wanted)}


def hour_of(row: Mapping[str, Any], wanted: CommandContext) -> str:
    """Return when a row's message goes, on the person's clock; nothing where it has no moment."""
    at = datetime.fromisoformat(row["at"]) if row["at"] else None
    return dates.local(at, wanted.zone_of(row["subscriber"]), wanted.zone)


def shown_line(line: HistoryEntry, zone: tzinfo) -> Row:
    """Return a delivery as its table shows it, in `zone`."""
    row = history_row(line)
    reason = line.reason or "" if line.state != "sent" else ""
    if line.next_at is not None:
        reason = f"next {dates.instant(line.next_at, zone)}" + (f"; {reason}" if reason else "")
    about = " ".join(filter(None, (line.title, line.release if line.release != "premiere" else "")))
    return {
        **row,
        "shown_at": dates.instant(line.at, zone),
        "about": about,
        "what": what(str(line.kind), line.lead),
        "reason": reason,
    }
