"""Calendars of the config: which do not answer, and which parts of them cannot be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain

from sqlalchemy import Connection

from reminder.core.sourcing.answers import NoAnswer
from reminder.refresh.feeds import REFUSED
from reminder.sources.build import Feed
from reminder.sources.ical import ICal
from reminder.store.asking_faults import asking_faults
from reminder.store.calendar_remarks import calendar_remarks
from reminder.store.source_health import Health, source_states


@dataclass(frozen=True, kw_only=True)
class Calendars:
    """The findings about the calendars of a config: of a refused one nothing comes, which is a problem."""

    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def look_at_calendars(tx: Connection, feeds: Sequence[Feed], today: date) -> Calendars:
    """Return what needs a word about each of these calendars; one that was never read is read now, over the network."""
    if not feeds:
        return Calendars()
    refused, remarks = asking_faults(tx), calendar_remarks(tx)
    states = source_states(tx, [f"calendar {feed.calendar.calendar}" for feed in feeds])
    each = [
        Calendars(problems=(str(refused[name]),))
        if name in refused
        else _standing(feed.calendar, state, remarks.get(feed.calendar.calendar, ()), today)
        for feed, (name, state) in zip(feeds, states.items(), strict=True)
    ]
    return Calendars(
        problems=tuple(chain.from_iterable(one.problems for one in each)),
        warnings=tuple(chain.from_iterable(one.warnings for one in each)),
    )


def _standing(calendar: ICal, state: Health, remarks: Sequence[str], today: date) -> Calendars:
    if state.last_success_at is None and state.failing_since is None:
        return _read_now(calendar, today)
    if state.is_failing:
        return Calendars(warnings=(f"{state.name} gives no answer ({state.reason}); the dates stay",))
    return Calendars(warnings=tuple(f"{state.name}: {said}" for said in remarks))


def _read_now(calendar: ICal, today: date) -> Calendars:
    name = f"calendar {calendar.calendar}"
    found = calendar.read(today)
    if isinstance(found, REFUSED):
        return Calendars(problems=(f"{name} is refused: {found.reason}",))
    if isinstance(found, NoAnswer):
        return Calendars(warnings=(f"{name} gives no answer ({found.reason})",))
    return Calendars(warnings=tuple(f"{name}: {said}" for said in found.remarks))
