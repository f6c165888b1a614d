"""`calendar`: what a person follows, as a file for programs that show calendars."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import Annotated, Any

import typer

from reminder.cli import complete
from reminder.cli.context import asked
from reminder.cli.output import print_json
from reminder.cli.talk import say
from reminder.core.schedule.calendar_events import CalendarEvent
from reminder.usecases.calendar_file import calendar_of, whose_calendar
from reminder.usecases.calendar_writer import write_calendar
from reminder.usecases.rows.fields import utc_or_none

Who = Annotated[
    str | None,
    typer.Argument(metavar="WHO", help="The subscriber. Default: the only one.", autocompletion=complete.people),
]


def calendar(
    context: typer.Context,
    who: Who = None,
    alarms: Annotated[bool, typer.Option("--alarms", help="Have the calendar ring at each lead too.")] = False,
) -> None:
    """Write a person's calendar to standard output.

    It is an iCalendar file: one event for each release, and one note for all that has a month but no day.
    """
    wanted = asked(context)
    name = whose_calendar(who, list(wanted.settings.zones))
    if not wanted.has_database:
        say("warning: nothing has run yet: events get the identities that they keep with the first `reminder run`")
    with wanted.looking() as tx:
        events = calendar_of(tx, name, now=wanted.clock.now(), with_alarms=alarms)
    if wanted.json:
        print_json([_row(event) for event in events])
        return
    sys.stdout.buffer.write(write_calendar(events, f"reminder: {name}"))
    sys.stdout.buffer.flush()


def _row(event: CalendarEvent) -> dict[str, Any]:
    start = event.start
    return {
        "uid": event.uid,
        "start": utc_or_none(start) if isinstance(start, datetime) else start.isoformat(),
        "summary": event.summary,
        "status": "cancelled" if event.is_cancelled else "tentative" if event.is_tentative else "confirmed",
        "sequence": event.sequence,
        "platform": event.platform,
        "link": event.link,
        "description": event.description,
    }
