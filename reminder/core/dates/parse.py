"""Reads a date as people write it, and refuses what could be read in two ways. Source: SPEC 1."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Final

from reminder.core.dates.local_time import meant_times
from reminder.core.dates.refusals import other_signs, refusal
from reminder.core.dates.spelling import (
    EXAMPLE_YEAR,
    MONTH_NUMBER,
    MONTHS,
    WEEKDAY_NUMBER,
    WEEKDAYS,
    in_words,
    pattern,
    quoted,
)
from reminder.core.dates.when import CANCELLED, UNKNOWN, When, WhenError, check_year
from reminder.core.dates.zones import ZoneError, find_zone, offset_of
from reminder.core.wording import MonthWording, Wording, wording_of

_UNKNOWN: Final = frozenset({"", "tba", "tbd", "null", "~"})
_TIMED: Final = pattern(
    r"(?P<date>.*\d),?(?:T| at | )(?P<hour>\d{1,2})(?=:\d\d| ?[ap]\.?m\b)"
    r"(?::(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?)?(?: ?(?P<half>[ap])\.?m\b\.?)?(?: uhr\b)? ?(?P<zone>.*)"
)
_HOUR: Final = r"(?P<hour>noon|midday|midnight|\d{1,2}(?:[h.]\d{2}|:\d{2})?(?: ?h| ?uhr| o'clock| ?[ap]\.?m\.?)?)"
_DATE: Final = r"(?P<date>.{0,40}\d{4}|\d{4}[-/].{0,40}\d)"  # longer than any: "Wednesday the 30th of September, 2026"
_LOOSELY: Final = (
    pattern(rf"{_DATE},?(?: -)?(?: at| um| @| à)? {_HOUR}(?: (?P<zone>.+))?"),
    pattern(rf"{_HOUR}(?P<zone>),?(?: on| of| am| le)? {_DATE}"),
    pattern(rf"{_HOUR} (?P<zone>[A-Z][A-Z/_+-]*),?(?: on| am| le)? {_DATE}"),
)
"""A date with its hour in another spelling, or before it: `July 9, 2025 20h`, `8pm on July 9, 2025`."""
_OFFSET: Final = pattern(r"(?P<sign>[+-])(?P<hours>\d{2}):?(?P<minutes>[0-5]\d)?(?:\[(?P<name>.+)\])?")
_DAYS: Final = (
    pattern(r"(?:WEEKDAY,? )?YEAR(?P<sign>[-/])(?P<number>\d{1,2})(?P=sign)DAY"),
    pattern(r"(?:WEEKDAY,? )?MONTH DAY,? YEAR"),
    pattern(r"(?:WEEKDAY,? )?(?:the )?DAY (?:of )?MONTH,? YEAR"),
)

_MONTHS: Final = (pattern(r"YEAR-(?P<number>\d{1,2})"), pattern(r"MONTH,? (?:of )?YEAR"))
_QUARTERS: Final = (pattern(r"Q(?P<quarter>\d),? (?:of )?YEAR"), pattern(r"YEAR[- ]?Q(?P<quarter>\d)"))
_SEASON: Final = pattern(r"(?P<season>spring|summer|fall|autumn),? (?:of )?YEAR")
_YEAR: Final = pattern(r"(?:(?:tba|tbd) )?YEAR")
_MOST_HOURS_OFF: Final = 14
_HOURS_OF_A_DAY: Final = 24
_QUOTES: Final = " \t\r\n\"'\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb\u2039\u203a"
_ORDINAL: Final = re.compile(r"^(\d{1,2})(?:\.|er|º|ª|°)?,?$")  # a whole word: in 9.7.27 no point is one
_PARTICLES: Final = frozenset({"de", "del", "den", "der", "le", "il", "el", "am", "di", "do", "dnia"})


class NoZone(WhenError):
    """A clock time without its zone: what it means depends on where it is that time, which only its writer knows."""

    def __init__(self, text: str, on: date, clock: time) -> None:
        self._parts = (text, on, clock)
        super().__init__(self.said())

    def said(self, own: str | None = None) -> str:
        """Return what to write instead: behind the time the zone that it is meant in; `own` is the reader's zone."""
        text, on, clock = self._parts
        values = {"text": quoted(text), "day": on, "clock": f"{clock:%H:%M}"}
        if own:
            return Wording(
                "%(text)s has a time but no zone: write %(day)s %(clock)s %(zone)s if that is by your own clock, "
                "else the zone of the announcement in its place, or %(day)s for the whole day",
                zone=own,
                **values,
            )
        return Wording(
            "%(text)s has a time but no zone: write %(day)s %(clock)s and behind it the name of its zone, "
            "such as America/New_York, or %(day)s for the whole day",
            **values,
        )


def parse_when(text: str | None) -> When:
    """Given a date as a config writes it (None or nothing: not known), return it at its precision.

    Raises WhenError, which says what to write instead, for what is ambiguous, contradicts itself or does not exist.
    """
    plain = _plain(text or "")
    if plain.lower() in _UNKNOWN:
        return UNKNOWN
    if timed := _TIMED.fullmatch(plain):
        return _exact(plain, timed)
    if on := _day(plain, plain):
        return When.day(on)
    if coarse := _coarse(plain):
        return coarse
    return _in_another_language(plain)


@lru_cache(maxsize=4096)  # the same few dates stand in very many rows
def load_when(text: str | None) -> When:
    """Given what `When.show` returned, return the date; unlike `parse_when` it knows `cancelled`. Raises WhenError."""
    return CANCELLED if text == CANCELLED.show() else parse_when(text)


def parse_instant(text: str, zone: tzinfo) -> datetime | date:
    """Given an instant or a day from a command line, return it; a time without a zone is in `zone`.

    An instant comes back in UTC, a bare day as a date. Raises WhenError.
    """
    plain = _plain(text)
    timed = _TIMED.fullmatch(plain)
    when = _exact(plain, timed, zone) if timed else parse_when(plain)
    found = when.at or when.on
    if found is None:
        raise WhenError(
            Wording(
                "%(text)s is not one day or time: write %(year)s-07-09 or %(year)s-07-09 20:00",
                text=quoted(plain),
                year=EXAMPLE_YEAR,
            )
        )
    return found


def _plain(text: str) -> str:
    """Return a text with its spaces joined, without the quotation marks that a word processor put around it."""
    return " ".join(text.replace("\N{MINUS SIGN}", "-").strip(_QUOTES).split())


def _in_another_language(plain: str) -> When:
    """Return the day or month that a text names in a language that announcements are read in. Raises WhenError.

    `9. Juli 2025`, `9 de julio de 2025`, `1er juillet 2025` and `9 lipca 2025` are days as `9 July 2025` is one.
    """
    said = _in_english(plain)
    on = None if said == plain.casefold() else _day(said, plain)
    coarse = None if on or said == plain.casefold() else _coarse(said)
    if on is None and coarse is None:
        _check_hour(plain)
        raise WhenError(_in_other_signs(plain) or refusal(plain))
    return When.day(on) if on else coarse or UNKNOWN


def _in_english(plain: str) -> str:
    """Return a date in small letters with English names for those of other languages."""
    from reminder.core.dates.month_names import MONTH_OF, SEASON_OF, WEEKDAY_OF

    english = {name: MONTHS[number - 1] for name, number in MONTH_OF.items()}
    english |= SEASON_OF | {name: WEEKDAYS[number] for name, number in WEEKDAY_OF.items()}
    words = [_ORDINAL.sub(r"\1", word) for word in plain.casefold().split() if word not in _PARTICLES]
    return " ".join(english.get(word.rstrip(".,"), word) for word in words)


def _check_hour(plain: str) -> None:
    """Raise WhenError for a day with its hour in another spelling: what to write is known then."""
    for found in filter(None, (each.fullmatch(plain) for each in _LOOSELY)):
        on, clocks = _a_day(found["date"]), meant_times(found["hour"])
        if on and len(clocks) == 1:
            raise _at_hour(plain, on, clocks[0], found)


def _at_hour(plain: str, on: date, clock: time, found: re.Match[str]) -> WhenError:
    if found["hour"].lower() == "midnight":
        ends = f"{on} 00:00 or {on + timedelta(days=1)} 00:00"
        return WhenError(
            Wording(
                "%(text)s could be either end of the day: write %(ends)s, and behind it the zone",
                text=quoted(plain),
                ends=ends,
            )
        )
    if not found["zone"]:
        return NoZone(plain, on, clock)
    placed = _TIMED.fullmatch(f"{on} {clock:%H:%M} {found['zone']}")
    when = _exact(plain, placed) if placed else When.day(on)
    return WhenError(Wording("%(text)s is not a date and time: write %(when)s", text=quoted(plain), when=when.show()))


def _a_day(text: str) -> date | None:
    """Return the day that a text is, in any of the languages; None if it is none, or none that exists."""
    try:
        return _day(text, text) or _day(_in_english(text), text)
    except WhenError:
        return None


def _in_other_signs(plain: str) -> str | None:
    """Return what to write for a date in the signs of another keyboard: full-width digits, 年 月 日."""
    said = other_signs(plain)
    try:
        if said == plain:
            return None
        return Wording("%(text)s is not a date: write %(meant)s", text=quoted(plain), meant=parse_when(said).show())
    except WhenError:
        return None


def _exact(text: str, timed: re.Match[str], default: tzinfo | None = None) -> When:
    """Given a text with a clock time in it, return the instant; `default` is the zone if it names none."""
    on = _day(timed["date"], text) or _day(_in_english(timed["date"]), text)
    clock = _clock(text, timed, on)
    if on is None:
        raise WhenError(
            Wording(
                "%(text)s has a time but no day: write both, as in %(year)s-07-09 %(clock)s Europe/Berlin",
                text=quoted(text),
                year=EXAMPLE_YEAR,
                clock=f"{clock:%H:%M}",
            )
        )
    if not timed["zone"] and default is None:
        raise NoZone(text, on, clock)
    offset = _OFFSET.fullmatch(timed["zone"])
    if offset:
        return _at_offset(text, on, clock, offset)
    if written := offset_of(timed["zone"]):
        raise WhenError(
            Wording(
                "%(text)s has an offset in another spelling: write %(day)s %(clock)s %(written)s",
                text=quoted(text),
                day=on,
                clock=f"{clock:%H:%M}",
                written=written,
            )
        )
    if re.search(r"\d", timed["zone"]) and re.search(r" [/|&] |, | and | or ", timed["zone"]):
        raise WhenError(Wording("%(text)s has more than one time: write one of them, with its zone", text=quoted(text)))
    return When.local(on, clock, _zone(text, timed["zone"]) if timed["zone"] else default or UTC)


def _ends_day(timed: re.Match[str]) -> bool:
    """Tell whether a time is `24:00`, as people write the end of a day."""
    is_round = not int(timed["minute"] or 0) and not int(timed["second"] or 0)
    return int(timed["hour"]) == _HOURS_OF_A_DAY and is_round and not timed["half"]


def _clock(text: str, timed: re.Match[str], on: date | None) -> time:
    if on is not None and _ends_day(timed):
        raise WhenError(
            Wording(
                "%(text)s is the midnight that ends the day: write %(next)s 00:00, and behind it the zone",
                text=quoted(text),
                next=on + timedelta(days=1),
            )
        )
    hour, minute, second = int(timed["hour"]), int(timed["minute"] or 0), int(timed["second"] or 0)
    if timed["half"]:
        afternoon = timed["half"].lower() == "p"
        hour = hour % 12 + 12 * afternoon if 1 <= hour <= 12 else _HOURS_OF_A_DAY
    if hour > 23 or minute > 59 or second > 59:
        raise WhenError(
            Wording("%(text)s has a time that does not exist: a day goes from 00:00 to 23:59", text=quoted(text))
        )
    return time(hour, minute, second)


def _at_offset(text: str, on: date, clock: time, offset: re.Match[str]) -> When:
    """Given an offset, perhaps with the zone's name behind it (RFC 9557), return the instant."""
    size = timedelta(hours=int(offset["hours"]), minutes=int(offset["minutes"] or 0))
    if size > timedelta(hours=_MOST_HOURS_OFF):
        raise WhenError(
            Wording("%(text)s has an offset that no place has: write one from -14:00 to +14:00", text=quoted(text))
        )
    zone = timezone(-size if offset["sign"] == "-" else size) if size else UTC
    when = When.local(on, clock, zone)
    if not offset["name"] or when.at is None:
        return when
    named = _zone(text, offset["name"])
    if when.at.astimezone(named).utcoffset() != zone.utcoffset(None):
        raise WhenError(
            Wording(
                "%(text)s contradicts itself: that is not the offset of %(named)s then; write only one",
                text=quoted(text),
                named=named,
            )
        )
    return When.exact(when.at, named)


def _zone(text: str, name: str) -> tzinfo:
    if name.upper() == "Z":
        return UTC
    try:
        return find_zone(name)
    except ZoneError as error:
        raise WhenError(
            Wording("%(text)s has a zone that cannot be used: %(reason)s", text=quoted(text), reason=wording_of(error))
        ) from None


def _day(text: str, whole: str) -> date | None:
    """Return the calendar day that `text` is, None if it is none; errors quote the `whole` of what was written."""
    found = _first_match(_DAYS, text)
    if not found:
        return None
    groups = found.groupdict()
    year, month, day = int(groups["year"]), _month_number(groups), int(groups["day"])
    check_year(year)
    last = monthrange(year, month)[1] if 1 <= month <= 12 else 0
    if not 1 <= day <= last:
        length = _length(year, month, last) if last else Wording("months go from 01 to 12")
        raise WhenError(Wording("%(text)s does not exist: %(length)s", text=quoted(whole), length=length))
    on = date(year, month, day)
    _check_weekday(whole, on, groups["weekday"])
    return on


def _length(year: int, month: int, days: int) -> Wording:
    named = MonthWording.of(f"{MONTHS[month - 1]} {year}", year=year, month=month)
    return Wording.of_number("%(month)s has %(num)s day", "%(month)s has %(num)s days", days, month=named)


def _check_weekday(text: str, on: date, said: str | None) -> None:
    if said and WEEKDAY_NUMBER[said.lower()] != on.weekday():
        right = WEEKDAYS[on.weekday()]
        raise WhenError(
            Wording(
                "%(text)s contradicts itself: %(day)s is a %(right)s; correct the date, or write %(right)s, %(day)s",
                text=quoted(text),
                day=in_words(on),
                right=right,
            )
        )


def _coarse(text: str) -> When | None:
    """Return the month, quarter, season or year that the text is, None if it is none."""
    if found := _first_match(_MONTHS, text):
        month = _month_number(found.groupdict())
        if not 1 <= month <= 12:
            raise WhenError(Wording("%(text)s does not exist: months go from 01 to 12", text=quoted(text)))
        return When.month(int(found["year"]), month)
    if found := _first_match(_QUARTERS, text):
        if found["quarter"] not in "1234":
            raise WhenError(Wording("%(text)s does not exist: quarters go from Q1 to Q4", text=quoted(text)))
        return When.quarter(int(found["year"]), int(found["quarter"]))
    if found := _SEASON.fullmatch(text):
        return When.season(int(found["year"]), found["season"])
    found = _YEAR.fullmatch(text)
    return When.year(int(found["year"])) if found else None


def _month_number(groups: dict[str, str | None]) -> int:
    return int(groups.get("number") or MONTH_NUMBER[(groups.get("month") or "").lower()])


def _first_match(patterns: tuple[re.Pattern[str], ...], text: str) -> re.Match[str] | None:
    return next((found for pattern in patterns if (found := pattern.fullmatch(text))), None)
