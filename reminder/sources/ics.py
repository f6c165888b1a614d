"""A calendar file as occurrences: what can be read of it counts, and what cannot is counted and named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from reminder.core.dates.observance import OwnZone
from reminder.core.model.names import is_visible
from reminder.core.sourcing.answers import InvalidAnswer
from reminder.core.text import english
from reminder.sources.events import Event
from reminder.sources.ics_events import Named, WrittenEvent, newest, read_event
from reminder.sources.ics_lines import File, IcsComponent, NoCalendar, read_file
from reminder.sources.ics_times import NoTime, Zones, read_zones
from reminder.sources.occurrences import Unfolding

NAMED: Final = 3
"""So many of what cannot be read are named; the rest is counted."""


@dataclass(frozen=True, kw_only=True)
class CalendarRead:
    """The occurrences in a calendar file, and what could not be read of it, in words."""

    events: tuple[Event, ...]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Skipped:
    name: str
    why: str


def read_calendar(body: bytes, today: date, named: Named = str.casefold) -> CalendarRead | InvalidAnswer:
    """Given a calendar file, return its occurrences around a day. Never raises.

    `named` tells what a summary names, so that an update of an event is told from another one of the same UID.
    """
    try:
        file = read_file(body)
    except NoCalendar as error:
        return InvalidAnswer(reason=str(error))
    written, skipped = _written(file)
    skipped += [_Skipped(name="", why="it ends in the middle")] * file.cut
    if skipped and not written:
        return InvalidAnswer(reason=f"none of its events can be read: {_named(skipped)}")
    unfolding = Unfolding(today=today)
    events = unfolding.unfold(newest(written, named))
    remarks = [_unread(skipped, len(written) + len(skipped))] if skipped else []
    return CalendarRead(events=tuple(events), remarks=(*remarks, *_unrepeated(written, unfolding)))


def _written(file: File) -> tuple[list[WrittenEvent], list[_Skipped]]:
    """Return what stands in a file, and what of it cannot be read."""
    written, skipped = list[WrittenEvent](), list[_Skipped]()
    for calendar, zones in _with_zones(file):
        is_withdrawn = calendar.text("METHOD").upper() == "CANCEL"
        for part in calendar.parts:
            if part.name == "VEVENT":
                try:
                    event = read_event(part, zones)
                except (NoTime, OverflowError) as error:
                    name = part.text("SUMMARY")
                    skipped.append(_Skipped(name=name if is_visible(name) else "", why=str(error)))
                else:
                    written.append(replace(event, cancelled=True) if is_withdrawn else event)
    return written, skipped


def _with_zones(file: File) -> Iterator[tuple[IcsComponent, Zones]]:
    """Yield each calendar with its zones; what only another calendar of the file describes holds too."""
    read = [(calendar, read_zones(calendar)) for calendar in file.calendars]
    shared: dict[str, OwnZone] = {}
    for _, zones in read:
        shared |= zones.own
    for calendar, zones in read:
        yield calendar, replace(zones, own={**shared, **zones.own})


def _unread(skipped: Sequence[_Skipped], of: int) -> str:
    """Return how many events are left out, which, and why."""
    return f"{len(skipped)} of {english.count(of, 'event')} cannot be read: {_named(skipped)}"


def _named(skipped: Sequence[_Skipped]) -> str:
    texts = (f'"{item.name}": {item.why}' if item.name else f"one without a name: {item.why}" for item in skipped)
    named = Counter(texts)
    shown = [text if times == 1 else f"{text} ({times} times)" for text, times in named.most_common(NAMED)]
    return "; ".join([*shown, *([f"and {len(named) - NAMED} more"] if len(named) > NAMED else [])])


def _unrepeated(written: Iterable[WrittenEvent], unfolding: Unfolding) -> Iterator[str]:
    """Yield what repeats by rules that are not read or that take too much, each once and only so many."""
    unread = [
        f'"{item.summary}" repeats by a rule that is not read ({item.unread}): only its first day counts'
        for item in written
        if item.unread
    ]
    found = list(dict.fromkeys([*unread, *unfolding.remarks]))
    yield from found[:NAMED]
    if len(found) > NAMED:
        yield f"{len(found) - NAMED} more repeat in a way that is not followed: only their first days count"
