"""Days and instants as calendar files write them, and the zones that stand beside them.

Whether a value is a day or an instant is decided by its own text: eight digits are a day, whatever stands beside them.
A zone is what the file itself says it is, else the one that is known by its name.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from reminder.core.dates.local_time import local_at
from reminder.core.dates.observance import Observance, OwnZone
from reminder.core.dates.repeat_rule import RuleError, parse_rule
from reminder.core.dates.zones import known_zone
from reminder.sources.ics_lines import IcsComponent, IcsProperty

MAX_OBSERVANCES: Final = 200
"""So many times of its own a zone may have kept; Mozilla's longest have about a hundred."""

_VALUE: Final = re.compile(
    r"(\d{4})-?(\d{2})-?(\d{2})(?:[T ](\d{2}):?(\d{2})(?::?(\d{2})(?:\.\d{1,9})?)?\s?(Z|[+-]\d{2}:?\d{2})?)?",
    re.ASCII | re.I,
)
_OFFSET: Final = re.compile(r"([+-])(\d{2}):?(\d{2}):?(\d{2})?", re.ASCII)
_SHOWN: Final = re.compile(r"\((?:UTC|GMT)(?:([+-]\d{2}:?\d{2}))?\)\s*(.*)", re.I)
_ALL_YEAR: Final = {"EST": -5, "MST": -7, "HST": -10}
"""Abbreviations that are zones of the IANA database: hours from UTC, summer and winter. They name no place."""
_UTC_NAMES: Final = frozenset({"UTC", "Z", "GMT", "ETC/UTC", "TZONE://MICROSOFT/UTC", "COORDINATED UNIVERSAL TIME"})


class NoTime(ValueError):
    """A value that is no day and no instant."""


@dataclass(frozen=True, kw_only=True)
class TimePlace:
    """The place of a local time: a known zone, one of the file's own, both, or an offset. Without any it floats.

    `named` is what the file calls it.
    """

    named: str = ""
    known: tzinfo | None = None
    own: OwnZone | None = None


FLOATING: Final = TimePlace()
IN_UTC: Final = TimePlace(named="UTC", known=UTC)


@dataclass(frozen=True, kw_only=True)
class Local:
    """A day, or with `clock` a time of day, by the clocks of a place."""

    on: date
    clock: time | None = None
    place: TimePlace = FLOATING

    def at(self) -> tuple[datetime | None, str]:
        """Return the instant with its zone, None for what is none, and a word where file and zone name differ.

        The file's own rules count wherever they say anything about that time.
        """
        if self.clock is None or (self.place.known is None and self.place.own is None):
            return None, ""
        known = self.place.known
        by_name = local_at(self.on, self.clock, known).astimezone(known) if known else None
        naive = datetime.combine(self.on, self.clock)
        own = self.place.own.instant(naive) if self.place.own else None
        if own is None or self.place.own is None or (by_name and (own == by_name or not self.place.own.reaches(naive))):
            return by_name, ""
        return own, f"by the calendar's own rules of {self.place.named}, which differ" if by_name else ""


@dataclass(frozen=True, kw_only=True)
class Zones:
    """The zones of a calendar: its own by name in capitals, and where its times without a zone are local."""

    own: Mapping[str, OwnZone] = field(default_factory=dict)
    home: TimePlace = FLOATING

    def place(self, name: str) -> TimePlace:
        """Return the place that a file calls so. One that nobody knows floats under its name."""
        own = self.own.get(name.upper())
        return TimePlace(named=name, known=_known(name), own=own) if name else self.home


def read_zones(calendar: IcsComponent) -> Zones:
    """Return the zones of a calendar; one whose rules cannot be read is as good as not there."""
    found = {}
    for part in calendar.parts:
        name = part.text("TZID").strip('"')
        zone = _own_zone(name, part) if part.name == "VTIMEZONE" and name else None
        if zone:
            found[name.upper()] = zone
    zones = Zones(own=found)
    return Zones(own=found, home=zones.place(calendar.text("X-WR-TIMEZONE")))


def read_local(line: IcsProperty, zones: Zones) -> Local:
    """Given a property, return the day or local time that it says. Raises NoTime."""
    name = line.parameters.get("TZID", "")
    return read_value(line.value, zones.place(name), as_day=line.parameters.get("VALUE", "").upper() == "DATE")


def read_locals(line: IcsProperty, zones: Zones) -> Iterable[Local]:
    """Yield each day or local time of a list; of a period its beginning, and what cannot be read is left out."""
    for value in line.value.split(","):
        try:
            yield read_local(IcsProperty(value=value.partition("/")[0], parameters=line.parameters), zones)
        except NoTime:
            continue


_LEAP: Final = 60
"""The number of a second that is put in, which no clock here has."""


def read_value(value: str, place: TimePlace = FLOATING, *, as_day: bool = False) -> Local:
    """Given the text of a date, return what it says, by the clocks of `place` where it names none. Raises NoTime."""
    found = _VALUE.fullmatch(value.strip()[:40])
    try:
        if not found:
            raise ValueError
        on = date(int(found[1]), int(found[2]), int(found[3]))
        if found[4] is None or as_day:
            return Local(on=on)
        hour, minute, second = int(found[4]), int(found[5]), int(found[6] or 0)
        if (hour, minute, second) == (24, 0, 0):
            on, hour = on + timedelta(days=1), 0  # ISO 8601 lets a day end so
        clock = time(hour, minute, 59 if second == _LEAP else second)
        offset = _offset(found[7]) if found[7] and found[7].upper() != "Z" else None
    except (ValueError, OverflowError):
        raise NoTime(f'"{value.strip()[:40]}" is no date') from None
    if found[7]:
        place = IN_UTC if offset is None else TimePlace(named=found[7], known=timezone(offset))
    return Local(on=on, clock=clock, place=place)


def _offset(text: str) -> timedelta:
    found = _OFFSET.fullmatch(text.strip())
    if not found or int(found[2]) > 23 or int(found[3]) > 59:
        raise ValueError(text[:20])
    size = timedelta(hours=int(found[2]), minutes=int(found[3]), seconds=min(int(found[4] or 0), 59))
    return -size if found[1] == "-" else size


# Zones ---------------------------------------------------------------------------------------------------------------


def _own_zone(name: str, part: IcsComponent) -> OwnZone | None:
    observances = [_observance(item) for item in part.parts[: MAX_OBSERVANCES + 1]]
    read = tuple(item for item in observances if item)
    return OwnZone(name=name, observances=read) if read and len(read) == len(observances) <= MAX_OBSERVANCES else None


def _observance(part: IcsComponent) -> Observance | None:
    """Return a time that a zone keeps, None where a word of it cannot be read."""
    try:
        start = _wall(part.text("DTSTART"))
        rules = [parse_rule(line.value, start.time()) for line in part.lines["RRULE"]]
        more = [_wall(value.partition("/")[0]) for line in part.lines["RDATE"] for value in line.value.split(",")]
        return Observance(
            start=start,
            before=_offset(part.text("TZOFFSETFROM") or part.text("TZOFFSETTO")),
            after=_offset(part.text("TZOFFSETTO")),
            rule=rules[0] if rules else None,
            more=tuple(more),
        )
    except (NoTime, RuleError, ValueError):
        return None


def _wall(text: str) -> datetime:
    local = read_value(text)
    return datetime.combine(local.on, local.clock or time(0))


@lru_cache(maxsize=256)
def _known(name: str) -> tzinfo | None:
    """Return the zone that a name stands for: IANA's, in any case, Windows', or one behind a vendor's prefix."""
    if name.upper() in _UTC_NAMES:
        return UTC
    if name.upper() in _ALL_YEAR:
        return timezone(timedelta(hours=_ALL_YEAR[name.upper()]))
    return known_zone(name) or _by_cities(name) or _by_library(name[:100])


def _by_library(name: str) -> tzinfo | None:
    from icalendar.timezone import tzp

    with warnings.catch_warnings():  # it warns of each name that it has to guess
        warnings.simplefilter("ignore")
        try:
            key = getattr(tzp.timezone(name), "key", None)
            return known_zone(key) if isinstance(key, str) else None
        except (ValueError, OSError, KeyError, IndexError):
            return None


def _by_cities(name: str) -> ZoneInfo | None:
    """Return the zone of the first city that keeps the offset, out of `(UTC+01:00) Amsterdam, Berlin, Rome`."""
    shown = _SHOWN.fullmatch(name[:100])
    if not shown:
        return None
    offset = _offset(shown[1]) if shown[1] else timedelta(0)
    for city in shown[2].split(","):
        key = _cities().get(city.strip().replace(" ", "_").casefold())
        zone = ZoneInfo(key) if key else None
        if zone and offset in {datetime(2025, month, 1, tzinfo=zone).utcoffset() for month in (1, 7)}:
            return zone
    return None


@lru_cache(maxsize=1)
def _cities() -> Mapping[str, str]:
    return {name.rpartition("/")[2].casefold(): name for name in sorted(available_timezones()) if "/" in name}
