"""The lines of `check` about calendars: which do not answer, and which parts of them cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reminder.cli.context import CommandContext

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from reminder.sources.ical import ICal


def calendar_warnings(wanted: CommandContext, tx: Connection) -> Iterator[str]:
    """Yield what needs a word about each calendar of the config; one that was never read is read now."""
    from reminder.store.asking_faults import asking_faults
    from reminder.store.calendar_remarks import calendar_remarks
    from reminder.store.source_health import source_states

    if not wanted.app.config.sources.calendars:
        return
    feeds = wanted.there.feeds
    refused, remarks = asking_faults(tx), calendar_remarks(tx)
    states = source_states(tx, [f"calendar {feed.calendar.calendar}" for feed in feeds])
    for feed, (name, state) in zip(feeds, states.items(), strict=True):
        if state.last_success_at is None and state.failing_since is None:
            yield from _read_now(wanted, feed.calendar)
        elif state.is_failing and name not in refused:
            yield f"{name} gives no answer ({state.reason}); the dates stay"
        else:
            yield from (f"{name}: {said}" for said in remarks.get(feed.calendar.calendar, ()))


def _read_now(wanted: CommandContext, calendar: ICal) -> Iterator[str]:
    from reminder.core.sourcing.answers import NoAnswer

    found = calendar.read(wanted.app.clock.now().date())
    if isinstance(found, NoAnswer):
        yield f"calendar {calendar.calendar} gives no answer ({found.reason})"
        return
    yield from (f"calendar {calendar.calendar}: {said}" for said in found.remarks)
