"""Events as an iCalendar file (RFC 5545, with the names of RFC 7986 and the identities of alarms of RFC 9074).

The same events are the same bytes, so that a feed can be answered with "not modified".
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

import icalendar

from reminder.core.schedule.calendar_events import CalendarEvent, EventAlarm
from reminder.core.text.markup import clean

PRODUCT: Final = "-//reminder//release reminder//EN"
REFRESH: Final = timedelta(hours=4)
"""How often a calendar program is asked to look; most look when they like."""
_END: Final = b"END:VCALENDAR\r\n"


def write_calendar(events: Iterable[CalendarEvent], name: str) -> bytes:
    """Return a whole file with these events, in their order, called `name`."""
    head = icalendar.Calendar()
    head.add("prodid", PRODUCT)
    head.add("version", "2.0")
    shown = icalendar.vText(clean(name))
    head.add("name", shown)
    head.add("x-wr-calname", shown)
    head.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    head.add("x-published-ttl", "PT4H")
    opening = bytes(head.to_ical()).removesuffix(_END)
    return opening + b"".join(map(_written, events)) + _END


@lru_cache(maxsize=8_192)  # writing an event takes 0.5 ms, and from one look to the next few have changed
def _written(event: CalendarEvent) -> bytes:
    entry = icalendar.Event()
    entry.add("uid", event.uid)
    entry.add("dtstamp", event.changed_at)
    entry.add("last-modified", event.changed_at)
    entry.add("sequence", event.sequence)
    entry.add("dtstart", event.start)
    entry.add("summary", event.summary)
    if event.description:
        entry.add("description", event.description)
    if event.link:
        entry.add("url", event.link)
    if event.platform:
        entry.add("categories", [event.platform])
    entry.add("status", "CANCELLED" if event.is_cancelled else "TENTATIVE" if event.is_tentative else "CONFIRMED")
    if not isinstance(event.start, datetime):
        entry.add("transp", "TRANSPARENT")
    for alarm in event.alarms:
        entry.add_component(_alarm(alarm, event.summary))
    return bytes(entry.to_ical())


def _alarm(alarm: EventAlarm, summary: str) -> icalendar.Alarm:
    entry = icalendar.Alarm()
    entry.add("uid", alarm.uid)
    entry.add("action", "DISPLAY")
    entry.add("description", summary)
    entry.add("trigger", alarm.offset)
    return entry
