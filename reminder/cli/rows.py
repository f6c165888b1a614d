"""Messages as rows: the fields that SPEC 7 promises to programs, and what tables show of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Any

from reminder.cli import dates
from reminder.cli.context import CommandContext
from reminder.cli.fields import credited, credited_titles, times, utc_or_none, when_fields
from reminder.cli.output import state_style
from reminder.cli.table import Column
from reminder.core.model.entities import Release, Title
from reminder.delivery.forecast import ForecastMessage
from reminder.delivery.render import write
from reminder.delivery.sender import SendResult
from reminder.platform.clock import utc_text
from reminder.templates.engine import Templates
from reminder.usecases.messages import HistoryEntry

Row = dict[str, Any]


def coming_row(item: ForecastMessage, templates: Templates, problems: set[str]) -> Row:
    """Return one message to come, with the words it would have; `problems` gets what is wrong with a template."""
    written = write(item.contexts, templates, item.at)
    problems.update(written.problems)
    lead = item.contexts[0].lead if len(item.contexts) == 1 else None
    return {
        **times(item.at, item.subscriber.zone),
        "subscriber": item.subscriber.name,
        "channels": list(item.channels),
        **_about([(context.title, context.release) for context in item.contexts]),
        "kind": str(written.kind),
        "lead": str(lead) if lead else None,
        "subject": written.words.subject,
        "body": written.words.plain(),
        **credited_titles([context.title for context in item.contexts]),
    }


def sent_row(done: SendResult) -> Row:
    """Return one message that was sent to one channel."""
    outgoing = done.outgoing
    first = outgoing.items[0]
    return {
        **times(outgoing.written_at, first.subscriber.zone),
        "subscriber": first.subscriber.name,
        "channel": outgoing.channel.name,
        **_about([(item.title, item.release) for item in outgoing.items]),
        "kind": str(outgoing.kind),
        "lead": str(first.lead) if len(outgoing.items) == 1 and first.lead else None,
        "subject": outgoing.words.subject,
        "body": outgoing.words.plain(),
        **credited_titles([item.title for item in outgoing.items]),
    }


def _about(topics: Sequence[tuple[Title | None, Release]]) -> Row:
    """Return what one message is about; a digest is about several titles, and names none."""
    title, release = topics[0]
    if len(topics) > 1 or title is None:
        return {"title": None, "release": None, "when": None, "precision": None}
    return {"title": title.name, "release": release.label, **when_fields(release.when)}


def line_row(line: HistoryEntry) -> Row:
    """Return one delivery of the ledger."""
    return {
        "id": line.id,
        "at": utc_text(line.at),
        "due_at": utc_text(line.due_at),
        "next_at": utc_or_none(line.next_at),
        "subscriber": line.subscriber,
        "channel": line.channel,
        "title": line.title,
        "release": line.release,
        "when": line.when.json(),
        "kind": str(line.kind),
        "lead": line.lead,
        "state": str(line.state),
        "reason": line.reason,
        "attempts": line.attempts,
        **credited([line.source]),
    }


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


def shown_coming(row: Row, wanted: CommandContext) -> Row:
    """Return a message to come as its table shows it: at the person's own hour."""
    return {**row, "shown_at": hour_of(row, wanted)}


def hour_of(row: Row, wanted: CommandContext) -> str:
    """Return when a row's message goes, on the person's clock; nothing where it has no moment."""
    at = datetime.fromisoformat(row["at"]) if row["at"] else None
    return dates.local(at, wanted.zone_of(row["subscriber"]), wanted.zone)


def shown_line(line: HistoryEntry, zone: tzinfo) -> Row:
    """Return a delivery as its table shows it, in `zone`."""
    row = line_row(line)
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
