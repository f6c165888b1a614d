"""Times of day that name their zone, and the date that each belongs to.

A time without a zone is left out: it would make a date more exact than it was said.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

from reminder.announcements.reading.patterns import Pattern, uncased
from reminder.core.dates.month_names import WEEKDAY_OF, ZONE_OF, any_of
from reminder.core.dates.when import Precision, When, WhenError

_ZONE: Final = rf"(?P<zone>{any_of(ZONE_OF)})\b(?:\s?/\s?(?:{any_of(ZONE_OF)})\b)?"
_TIMES: Final = tuple(
    uncased(pattern)
    for pattern in (
        rf"\b(?P<hour>1[0-2]|0?[1-9])(?:[:.](?P<minute>[0-5]\d))?\s?(?P<half>[ap])\.?\s?m\.?\s*\(?{_ZONE}",
        rf"\b(?P<hour>[01]?\d|2[0-3])[:.](?P<minute>[0-5]\d)\s+(?:uhr\s+|hours\s+)?\(?{_ZONE}",
        rf"\b(?P<hour>[01]?\d|2[0-3])\s+uhr\s+\(?{_ZONE}",
        rf"\b(?P<word>midnight|noon)\s+\(?{_ZONE}",
        # 9/8c: nine in the east, eight in the middle, always in the evening.
        r"\b(?P<east>1[0-2]|[5-9])(?:[:.](?P<minute>[0-5]\d))?\s?(?:p\.?m\.?\s?)?/\s?(?:1[01]|"
        r"[4-9])(?:[:.][0-5]\d)?\s?(?:p\.?m\.?\s?)?(?:c|ct|central)\b",
    )
)
_NEAR: Final = 48
# What may stand between a date and its time. Anything else says that the time is of something else.
_BETWEEN: Final = Pattern(
    rf"(?:[\s,;()–—-]|\b(?:at|on|from|starting|beginning|exclusively|as|of|in|the|and|live|airing|only|um|"
    rf"ab|uhr|à|a|las|alle|às|o)\b|"
    rf"\b(?i:{any_of(WEEKDAY_OF)})\b|[A-Z0-9][\w+&’'.!]*)*"
)


def with_clock(text: str, dates: Sequence[tuple[int, int, When]]) -> list[When]:
    """Given a sentence and its dates as (start, end, value), return the values, exact where a time stands beside one.

    Each time is given to the nearest day, each day takes the nearest time.
    """
    values = [value for _, _, value in dates]
    best: dict[int, tuple[int, re.Match[str]]] = {}
    for time in _times(text):
        near = min(((_gap(text, time, span), at) for at, span in enumerate(dates)), default=(None, 0), key=_by_gap)
        gap, at = near
        if gap is not None and (at not in best or gap < best[at][0]):
            best[at] = (gap, time)
    for at, (_, time) in best.items():
        values[at] = _exact(values[at], time)
    return values


def _times(text: str) -> list[re.Match[str]]:
    found = sorted((match for pattern in _TIMES for match in pattern.finditer(text)), key=lambda match: match.start())
    return [match for at, match in enumerate(found) if at == 0 or match.start() >= found[at - 1].end()]


def _by_gap(near: tuple[int | None, int]) -> tuple[bool, int]:
    return (near[0] is None, near[0] or 0)


def _gap(text: str, time: re.Match[str], date: tuple[int, int, When]) -> int | None:
    """Return how far a time stands from a date, None when they do not belong together."""
    start, end, value = date
    if value.precision is not Precision.DAY or (time.start() < end and start < time.end()):
        return None
    between = text[end : time.start()] if end <= time.start() else text[time.end() : start]
    return len(between) if len(between) <= _NEAR and _BETWEEN.fullmatch(between) else None


def _exact(value: When, time: re.Match[str]) -> When:
    if value.on is None:
        return value
    groups = time.groupdict()
    zone = ZoneInfo(ZONE_OF[" ".join((groups.get("zone") or "et").lower().split())])
    try:
        return When.local(value.on, _time(groups), zone)
    except WhenError:
        return value


def _time(groups: dict[str, str | None]) -> dt.time:
    minute = int(groups.get("minute") or 0)
    if word := groups.get("word"):
        return dt.time(12 if word.lower() == "noon" else 0)
    if east := groups.get("east"):
        return dt.time(int(east) % 12 + 12, minute)
    hour = int(groups["hour"] or 0)
    if half := groups.get("half"):
        hour = hour % 12 + 12 * (half.lower() == "p")
    return dt.time(hour, minute)
