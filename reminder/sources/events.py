"""The events of a calendar, read with its bombs taken out: bounded in size, number and depth, and nothing repeated."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from reminder.core.source import Nonsense
from reminder.sources.source import storable

MAX_BYTES: Final = 4 * 1024 * 1024
MAX_EVENTS: Final = 5_000
MAX_DEPTH: Final = 5
MAX_LINE: Final = 16_384
_LINE_END: Final = re.compile("\r\n|\n|\r")
_SKIPPED: Final = frozenset({"VTIMEZONE", "VALARM", "VTODO", "VJOURNAL", "VFREEBUSY"})
"""Parts that no date is read from. A time zone's own rules can be made to take for ever, so none is looked at."""

_READ: Final = frozenset(
    {"BEGIN", "END", "UID", "SUMMARY", "DTSTART", "STATUS", "SEQUENCE", "CATEGORIES", "URL", "VERSION", "PRODID"}
)


@dataclass(frozen=True, kw_only=True)
class Event:
    """One event: when it starts, as a day (`on`) or as an instant with its zone (`stamp`), or as a bare local time."""

    uid: str
    summary: str
    on: str = ""
    stamp: str | None = None
    zone: str | None = None
    floating: bool = False
    cancelled: bool = False
    category: str | None = None
    sequence: int = 0


def read_events(body: bytes) -> tuple[Event, ...] | Nonsense:
    """Given a calendar as bytes, return its events, of one UID the newest. Never raises."""
    if len(body) > MAX_BYTES:
        return Nonsense(reason=f"the calendar is larger than {MAX_BYTES // 1024} KiB")
    try:
        lines = list(_wanted(storable(body.decode("utf-8-sig"))))
        return tuple(_newest(_parsed("\r\n".join(lines))))
    except _Bomb as bomb:
        return Nonsense(reason=str(bomb))
    except (ValueError, KeyError, IndexError, AttributeError, TypeError, RecursionError, OverflowError):
        return Nonsense(reason="it is no calendar that can be read")


class _Bomb(Exception):
    """The calendar is made to be costly, or is none."""


def _wanted(text: str) -> Iterator[str]:
    """Yield the unfolded lines that are read, leaving out what is skipped. Raises _Bomb."""
    depth = events = 0
    skipping = ""
    for line in _unfolded(text):
        name, _, rest = line.partition(":")
        word, part = name.partition(";")[0].strip().upper(), rest.strip().upper()
        if not depth and (word, part) != ("BEGIN", "VCALENDAR"):
            raise _Bomb("it is no calendar")
        depth += {"BEGIN": 1, "END": -1}.get(word, 0)
        events += (word, part) == ("BEGIN", "VEVENT")
        if depth > MAX_DEPTH or events > MAX_EVENTS:
            raise _Bomb(f"the calendar has more than {MAX_EVENTS} events" if events > MAX_EVENTS else "it is too deep")
        if word == "BEGIN" and not skipping and part in _SKIPPED:
            skipping = part
        if not skipping and word in _READ:
            yield line
        if word == "END" and part == skipping:
            skipping = ""


def _unfolded(text: str) -> Iterator[str]:
    """Yield the lines of a calendar, folded ones joined (RFC 5545, 3.1). Raises _Bomb for an endless one."""
    joined: list[str] = []
    size = 0
    for line in _LINE_END.split(text):
        if line[:1] in {" ", "\t"} and joined:
            joined.append(line[1:])
            size += len(line)
        else:
            if joined and joined[0].strip():
                yield "".join(joined)
            joined, size = [line], len(line)
        if size > MAX_LINE:
            raise _Bomb("a line of the calendar has no end")
    if joined and joined[0].strip():
        yield "".join(joined)


def _parsed(text: str) -> Iterator[Event]:
    from icalendar import Calendar  # loads zones and parsers; only when a calendar is read

    # It warns of each zone whose name it has to guess; what comes of that is shown beside every date.
    warnings.filterwarnings("ignore", module="icalendar")
    calendar: Any = Calendar.from_ical(text)
    for item in calendar.walk("VEVENT"):
        event = _event(item)
        if event:
            yield event


def _event(item: Any) -> Event | None:
    start = _first(item, "DTSTART")
    summary = " ".join(str(_first(item, "SUMMARY") or "").split())
    if start is None or not summary or any(name == "DTSTART" for name, _ in item.errors):
        return None
    event = Event(
        uid=str(_first(item, "UID") or f"{summary} {start.dt}"),
        summary=summary,
        cancelled=str(_first(item, "STATUS")).upper() == "CANCELLED",
        category=_category(item.get("CATEGORIES")),
        sequence=int(_first(item, "SEQUENCE") or 0),
    )
    return _started(event, start.dt)


def _first(item: Any, name: str) -> Any:
    """Return what a property says, of several the first: each of them may stand once only (RFC 5545, 3.6.1)."""
    found = item.get(name)
    return found[0] if isinstance(found, list) and found else found


def _started(event: Event, at: object) -> Event | None:
    """Return the event with its start: a day, an instant with its zone, or a local time of nowhere."""
    if isinstance(at, datetime):
        if at.tzinfo is None:
            return replace(event, on=at.date().isoformat(), floating=True)
        zone = getattr(at.tzinfo, "key", None)
        return replace(event, stamp=at.isoformat(), zone=None if zone == "UTC" else zone)
    return replace(event, on=at.isoformat()) if isinstance(at, date) else None


def _category(found: Any) -> str | None:
    """Return the first category, which Sonarr and Radarr use for the network or studio."""
    names = getattr(found[0] if isinstance(found, list) and found else found, "cats", None)
    return str(names[0]) if names else None


def _newest(events: Iterator[Event]) -> list[Event]:
    found: dict[str, Event] = {}
    for event in events:
        before = found.get(event.uid)
        if before is None or before.sequence <= event.sequence:
            found[event.uid] = event
    return list(found.values())
