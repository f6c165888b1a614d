"""The lines of `check` about calendars: which do not answer, and which parts of them cannot be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reminder.cli.context import CommandContext

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from reminder.sources.ical import ICal


@dataclass(frozen=True, kw_only=True)
class Calendars:
    """The findings about the calendars of a config: of a refused one nothing comes, which is a problem."""

    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def look_at_calendars(wanted: CommandContext, tx: Connection) -> Calendars:
    """Return what needs a word about each calendar of the config; one that was never read is read now."""
    from reminder.store.asking_faults import asking_faults
    from reminder.store.calendar_remarks import calendar_remarks
    from reminder.store.source_health import source_states

    if not wanted.app.config.sources.calendars:
        return Calendars()
    feeds = wanted.there.feeds
    refused, remarks = asking_faults(tx), calendar_remarks(tx)
    states = source_states(tx, [f"calendar {feed.calendar.calendar}" for feed in feeds])
    found = []
    for feed, (name, state) in zip(feeds, states.items(), strict=True):
        if name in refused:
            found.append(Calendars(problems=(str(refused[name]),)))
        elif state.last_success_at is None and state.failing_since is None:
            found.append(_read_now(wanted, feed.calendar))
        elif state.is_failing:
            found.append(Calendars(warnings=(f"{name} gives no answer ({state.reason}); the dates stay",)))
        else:
            said = remarks.get(feed.calendar.calendar, ())
            found.append(Calendars(warnings=tuple(f"{name}: {each}" for each in said)))
    return Calendars(
        problems=tuple(text for each in found for text in each.problems),
        warnings=tuple(text for each in found for text in each.warnings),
    )


def _read_now(wanted: CommandContext, calendar: ICal) -> Calendars:
    from reminder.core.sourcing.answers import NoAnswer
    from reminder.refresh.feeds import REFUSED

    name = f"calendar {calendar.calendar}"
    found = calendar.read(wanted.app.clock.now().date())
    if isinstance(found, REFUSED):
        return Calendars(problems=(f"{name} is refused: {found.reason}",))
    if isinstance(found, NoAnswer):
        return Calendars(warnings=(f"{name} gives no answer ({found.reason})",))
    return Calendars(warnings=tuple(f"{name}: {said}" for said in found.remarks))
