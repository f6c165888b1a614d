"""A person's calendar, for programs that show calendars."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from reminder.core.errors import WrongInput
from reminder.core.schedule.calendar_events import CalendarEvent, calendar_events
from reminder.store.identity import database_identity
from reminder.store.load_plans import followed_by
from reminder.texts.languages.choice import language_of


def whose_calendar(said: str | None, listed: Sequence[str]) -> str:
    """Return whose calendar is meant: the one that is named, or the only one there is. Raises WrongInput."""
    if said is not None:
        return said
    if len(listed) == 1:
        return listed[0]
    raise WrongInput(f"say whose calendar: {', '.join(listed)}" if listed else "the config lists nobody: say whose")


def calendar_of(tx: Connection, name: str, *, now: datetime, with_alarms: bool = False) -> tuple[CalendarEvent, ...]:
    """Return the events of the calendar of whoever is called `name`, at `now` (SPEC 11). Raises WrongInput."""
    known = followed_by(tx, name)
    if known is None:
        raise WrongInput(f'nobody is called "{name}": write the name as in the config or the import')
    person, number, followed = known
    identity = database_identity(tx)
    return calendar_events(
        followed,
        person,
        owner=str(number),
        identity=identity,
        now=now,
        with_alarms=with_alarms,
        language=language_of(person.language),
    )
