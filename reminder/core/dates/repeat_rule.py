"""Reads repeating rules of calendars (RFC 5545, 3.3.10): those by days; the others are refused by their name."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final


class Frequency(enum.StrEnum):
    """The length of a rule's period."""

    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


@dataclass(frozen=True, kw_only=True)
class Weekday:
    """A weekday of a rule, Monday being 0; `ordinal` is which one of its month or year, 0 for every one."""

    day: int
    ordinal: int = 0


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A repeating rule by days. `until` is the last instant in UTC, or the last local time or day as it was written."""

    frequency: Frequency
    interval: int = 1
    count: int | None = None
    until: date | None = None
    weekdays: tuple[Weekday, ...] = ()
    months: frozenset[int] = frozenset()
    month_days: frozenset[int] = frozenset()
    positions: tuple[int, ...] = ()
    week_start: int = 0


class RuleError(ValueError):
    """A rule that is not read; the text names the part of it."""


_DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WEEKDAY: Final = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
_UNTIL: Final = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?:T(\d{2}):?(\d{2}):?(\d{2})(Z?))?", re.ASCII)
_MOST_PARTS: Final = 400
_PARTS: Final = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTH", "BYMONTHDAY", "BYSETPOS", "WKST"})
_CLOCK: Final = {"BYHOUR": "hour", "BYMINUTE": "minute", "BYSECOND": "second"}


def parse_rule(text: str, at: time | None = None) -> Rule:
    """Given the text of an RRULE, return the rule. Raises RuleError for one that is not read.

    `at` is the time of day of what repeats: BYHOUR and the like are read where they say the same.
    """
    said = _said(text)
    for name, values in said.items():
        if name in _CLOCK:
            _check_clock(name, values, at)
        elif name not in _PARTS and not name.startswith("X-"):
            raise RuleError(name)
    return Rule(
        frequency=_frequency(said),
        interval=_number(said, "INTERVAL", 1, 9999) or 1,
        count=_number(said, "COUNT", 1, 9_999_999),
        until=_until(said["UNTIL"][0]) if "UNTIL" in said else None,
        weekdays=tuple(map(_weekday, said.get("BYDAY", ()))),
        months=frozenset(_numbers(said, "BYMONTH", 12)),
        month_days=frozenset(_numbers(said, "BYMONTHDAY", 31, signed=True)),
        positions=tuple(sorted(set(_numbers(said, "BYSETPOS", 366, signed=True)))),
        week_start=_weekday(said["WKST"][0]).day if "WKST" in said else 0,
    )


def _said(text: str) -> dict[str, list[str]]:
    """Return the parts of a rule by name, an empty one left out."""
    parts = [part.partition("=") for part in "".join(text.upper().split()).split(";")]
    said = {name: [value for value in values.split(",") if value] for name, _, values in parts if name}
    if any(len(values) > _MOST_PARTS for values in said.values()):
        raise RuleError("a rule of too many parts")
    return {name: values for name, values in said.items() if values}


def _frequency(said: dict[str, list[str]]) -> Frequency:
    word = said.get("FREQ", ["no FREQ"])[0]
    try:
        return Frequency(word)
    except ValueError:
        raise RuleError(word[:20]) from None


def _check_clock(name: str, values: Sequence[str], at: time | None) -> None:
    stands = getattr(at, _CLOCK[name]) if at else 0
    if len(values) != 1 or not values[0].isdecimal() or int(values[0][:4]) != stands:
        raise RuleError(name)


def _number(said: dict[str, list[str]], name: str, least: int, most: int) -> int | None:
    if name not in said:
        return None
    (value, *_) = said[name]
    if not (value.isascii() and value.isdecimal() and len(value) <= 9 and int(value) >= least):
        raise RuleError(f"{name}={value[:20]}")
    return min(int(value), most)


def _numbers(said: dict[str, list[str]], name: str, most: int, *, signed: bool = False) -> Iterator[int]:
    for value in said.get(name, ()):
        digits = value[1:] if value[:1] in {"+", "-"} else value
        is_number = digits.isascii() and digits.isdecimal() and len(digits) <= 3 and 0 < int(digits) <= most
        if not is_number or (value[0] == "-" and not signed):
            raise RuleError(f"{name}={value[:20]}")
        yield int(value)


def _weekday(value: str) -> Weekday:
    found = _WEEKDAY.fullmatch(value)
    if not found:
        raise RuleError(f"a weekday {value[:20]}")
    return Weekday(day=_DAYS.index(found[2]), ordinal=int(found[1] or 0))


def _until(value: str) -> date:
    found = _UNTIL.fullmatch(value)
    try:
        if found and found[4]:
            year, month, day, hour, minute, second = (int(part) for part in found.groups()[:6])
            zone = UTC if found[7] else None
            is_end = (hour, minute, second) == (24, 0, 0)  # so ISO 8601 may write the end of a day
            at = datetime(year, month, day, 0 if is_end else hour, minute, min(second, 59), tzinfo=zone)
            return at + timedelta(days=is_end)
        return date(int(found[1]), int(found[2]), int(found[3])) if found else _no_until(value)
    except (ValueError, OverflowError):
        return _no_until(value)


def _no_until(value: str) -> date:
    raise RuleError(f"UNTIL={value[:20]}")
