"""Decides how much of a date may be believed that a catalogue or feed gives, by how it fills up what it does not know.

Catalogues must put something into a field. Each rule here is named for what was put there, and was met in recorded
answers. A date comes out at the precision that is left: an instant, a day, a month, a year, or nothing.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from reminder.core.dates.parse import parse_when
from reminder.core.dates.when import UNKNOWN, When, WhenError
from reminder.core.dates.zones import ZoneError, find_zone

NOON: Final = time(12)
FAR_OFF: Final = timedelta(days=60)
"""A first of a month is believed when it is nearer than this: by then a catalogue knows the day."""

LATE_SLOT: Final = time(5)
"""A slot before this hour belongs to the evening before where the source's instant says so; from it on, to its day."""


class PlaceholderRule(enum.StrEnum):
    """The rule that decided how much of a date is believed; the text is what a person reads."""

    AS_SAID = "as the source says it"
    NO_DATE = "the source has no date"
    UNREADABLE = "the source's date cannot be read"
    NOON_FILLER = "12:00 UTC with no time beside it stands for a day without a time"
    LAST_MINUTE_FILLER = "11:59:59 or 23:59:59 UTC stands for a day without a time"
    MIDNIGHT_FILLER = "midnight UTC stands for a day without a time"
    WORLDWIDE = "a worldwide service has no zone, so its hour is not believed"
    NO_ZONE = "a time without a zone is not believed"
    NO_HOUR = "the source has a day and no hour"
    NOT_SO = "day, hour and instant contradict each other, so only the day is believed"
    AFTER_MIDNIGHT = "a slot after midnight: the instant is the morning after the day it is filed under"
    PADDED_YEAR = "1 January stands for a year of which no day is known"
    PADDED_MONTH = "the first of a month stands for a month of which no day is known"
    COARSE = "the source knows no day yet"


class Pad(enum.StrEnum):
    """The way in which a source fills up a date of which it knows only a part."""

    YEAR = "year"
    MONTH = "month"


@dataclass(frozen=True, kw_only=True)
class WordedDate:
    """A date as a source words it: `on` and `clock` as written, `stamp` the instant it made of them.

    `zone` is the IANA name of the place they are local to, None where there is none; `streams` tells that it comes out
    on a service that has no slots, and `worldwide` that the service has no country. `pads` is what the source is
    known to fill up, `midnight_is_real` that its hours are channels' hours: midnight in UTC is an evening in New York.
    `today` is the date in UTC when it was asked.
    """

    on: str = ""
    clock: str = ""
    stamp: str | None = None
    zone: str | None = None
    streams: bool = False
    worldwide: bool = False
    pads: frozenset[Pad] = frozenset()
    midnight_is_real: bool = False
    today: date | None = None

    @property
    def raw(self) -> str:
        """Return the source's own words, for people to read; nothing where it has no date."""
        said = " ".join(part for part in (self.on, self.clock) if part)
        stamp = f"({self.stamp})" if self.stamp and said else self.stamp or ""
        return " ".join(part for part in (said, stamp, self.zone or "") if part) if said or stamp else ""


@dataclass(frozen=True, kw_only=True)
class CheckedDate:
    """The part of a date that may be believed, the rule that decided, and the day by which the source files it."""

    when: When
    rule: PlaceholderRule
    on: date | None = None


def read(wording: WordedDate) -> CheckedDate:
    """Return what may be believed of a wording, never more exact than what it says."""
    try:
        on = _day(wording)
        stamp = _instant(wording.stamp)
    except (ValueError, OverflowError):
        return CheckedDate(when=UNKNOWN, rule=PlaceholderRule.UNREADABLE)
    try:
        return _coarse(wording) if on is None and stamp is None else _read(wording, on, stamp)
    except (WhenError, OverflowError):
        return CheckedDate(when=UNKNOWN, rule=PlaceholderRule.UNREADABLE)


def _read(wording: WordedDate, on: date | None, stamp: datetime | None) -> CheckedDate:
    on = on or (stamp.date() if stamp else None)
    if on is None:
        return CheckedDate(when=UNKNOWN, rule=PlaceholderRule.NO_DATE)
    padded = _padding(wording, on, stamp)
    if padded:
        return padded
    day = When.day(on)
    if stamp is None:
        return CheckedDate(
            when=day, rule=PlaceholderRule.AS_SAID if not wording.clock else PlaceholderRule.NO_ZONE, on=on
        )
    filler = next(_fillers(wording, stamp), None)
    if filler:
        return CheckedDate(when=day, rule=filler, on=on)
    return _timed(wording, on, stamp)


def _fillers(wording: WordedDate, stamp: datetime) -> Iterator[PlaceholderRule]:
    """Yield each reason not to believe the hour of an instant."""
    clock = stamp.astimezone(UTC).time()
    if not wording.clock:
        if clock == NOON:
            yield PlaceholderRule.NOON_FILLER
        if clock in {time(11, 59, 59), time(23, 59, 59)}:
            yield PlaceholderRule.LAST_MINUTE_FILLER
        if clock == time(0) and not wording.midnight_is_real:
            yield PlaceholderRule.MIDNIGHT_FILLER
    if wording.worldwide:
        yield PlaceholderRule.WORLDWIDE
    if wording.streams and not wording.clock:
        yield PlaceholderRule.NO_HOUR


def _timed(wording: WordedDate, on: date, stamp: datetime) -> CheckedDate:
    """Return the instant where day, hour and zone bear it out; the instant alone where nothing else is said."""
    if not wording.clock:
        zone = _zone(wording.zone) if wording.zone else stamp.tzinfo or UTC
        return CheckedDate(when=When.exact(stamp, zone), rule=PlaceholderRule.AS_SAID, on=on)
    zone = _zone(wording.zone)
    if zone is None:
        return CheckedDate(when=When.day(on), rule=PlaceholderRule.NO_ZONE, on=on)
    local, clock = stamp.astimezone(zone), _clock(wording.clock)
    if clock is None or local.time() != clock:
        return CheckedDate(when=When.day(on), rule=PlaceholderRule.NOT_SO, on=on)
    if local.date() == on:
        return CheckedDate(when=When.exact(stamp, zone), rule=PlaceholderRule.AS_SAID, on=on)
    if local.date() == on + timedelta(days=1) and clock < LATE_SLOT:
        return CheckedDate(when=When.exact(stamp, zone), rule=PlaceholderRule.AFTER_MIDNIGHT, on=on)
    return CheckedDate(when=When.day(on), rule=PlaceholderRule.NOT_SO, on=on)


def _padding(wording: WordedDate, on: date, stamp: datetime | None) -> CheckedDate | None:
    """Return the year or month for which a first day stands, None where the day may be believed."""
    has_hour = bool(wording.clock) or (stamp is not None and next(_fillers(wording, stamp), None) is None)
    if has_hour or on.day != 1:
        return None
    if on.month == 1 and Pad.YEAR in wording.pads:
        # Never believed while the year lasts: a false "is out today" on New Year's Day is worse than a late day.
        is_over = wording.today is not None and on.year < wording.today.year
        return None if is_over else CheckedDate(when=When.year(on.year), rule=PlaceholderRule.PADDED_YEAR)
    is_near = wording.today is not None and on - wording.today < FAR_OFF
    if Pad.MONTH in wording.pads and not is_near:
        return CheckedDate(when=When.month(on.year, on.month), rule=PlaceholderRule.PADDED_MONTH)
    return None


_ISO_DAY: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(T00:00(?::00(?:\.0+)?)?(?:Z|\+00:00)?)?", re.ASCII)


def _day(wording: WordedDate) -> date | None:
    """Return the day that `on` is; a date that looks like midnight UTC is a date, and is never shifted."""
    found = _ISO_DAY.fullmatch(wording.on.strip())
    return date.fromisoformat(found[1]) if found else None


def _coarse(wording: WordedDate) -> CheckedDate:
    if not wording.on.strip():
        return CheckedDate(when=UNKNOWN, rule=PlaceholderRule.NO_DATE)
    when = parse_when(wording.on)
    on = when.on
    return CheckedDate(when=when, rule=PlaceholderRule.AS_SAID if when.is_dated else PlaceholderRule.COARSE, on=on)


def _instant(stamp: str | None) -> datetime | None:
    if not stamp:
        return None
    at = datetime.fromisoformat(stamp)
    if at.tzinfo is None:
        raise ValueError(f"an instant without a zone: {stamp}")
    return at


def _clock(text: str) -> time | None:
    try:
        return time.fromisoformat(text.strip().zfill(5))
    except ValueError:
        return None


def _zone(name: str | None) -> ZoneInfo | None:
    try:
        found = find_zone(name) if name else None
    except ZoneError:
        return None
    return found if isinstance(found, ZoneInfo) else None
