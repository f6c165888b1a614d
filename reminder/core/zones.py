"""Names of time zones, found in the IANA database whatever their case. Source: SPEC 1 and 6."""

from __future__ import annotations

import difflib
import re
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from reminder.core.spelling import quoted

# Abbreviations in everyday use. Several mean different things in different places or by season, so they are refused,
# also where the IANA database has an entry of that name that knows no summer time.
_ABBREVIATIONS: Final = {
    "ET": "America/New_York",
    "EST": "America/New_York",
    "EDT": "America/New_York",
    "CT": "America/Chicago",
    "CST": "America/Chicago",
    "CDT": "America/Chicago",
    "MT": "America/Denver",
    "MST": "America/Denver",
    "MDT": "America/Denver",
    "PT": "America/Los_Angeles",
    "PST": "America/Los_Angeles",
    "PDT": "America/Los_Angeles",
    "AKST": "America/Anchorage",
    "HST": "Pacific/Honolulu",
    "BST": "Europe/London",
    "CEST": "Europe/Berlin",
    "EEST": "Europe/Athens",
    "MSK": "Europe/Moscow",
    "IST": "Asia/Kolkata",
    "JST": "Asia/Tokyo",
    "KST": "Asia/Seoul",
    "SGT": "Asia/Singapore",
    "AEST": "Australia/Sydney",
    "AEDT": "Australia/Sydney",
    "NZST": "Pacific/Auckland",
    "NZDT": "Pacific/Auckland",
}
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*", re.ASCII)


class ZoneError(ValueError):
    """A time zone that cannot be found; the text says what to write instead."""


def find_zone(name: str) -> ZoneInfo:
    """Given an IANA name in any case (`america/new_york`), return the zone. Raises ZoneError with the nearest name."""
    name = name.strip()
    if is_abbreviation(name):
        raise ZoneError(f"{quoted(name)} is not one zone: write its name, such as {_ABBREVIATIONS[name.upper()]}")
    if not _NAME.fullmatch(name):
        raise ZoneError(f"{quoted(name)} is not a time zone: write a name such as America/New_York")
    return _known(name) or _respelt(name)


def is_abbreviation(name: str) -> bool:
    """Tell whether a name is one of those that people use for more than one zone (`EST`, `IST`)."""
    return name.upper() in _ABBREVIATIONS


def _known(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # not found, a folder, or not a zone's file
        return None


def _respelt(name: str) -> ZoneInfo:
    """Find a name that is not spelt exactly as the database has it; slow, so only after the plain look-up."""
    names = {known.casefold(): known for known in available_timezones()}
    plain = name.casefold()
    if plain in names:
        return ZoneInfo(names[plain])
    cities = {known.rpartition("/")[2]: known for known in sorted(names)}
    near = [names[cities[plain]]] if plain in cities else _nearest(plain, names)
    hint = f"write {near[0]}" if near else "write a name such as America/New_York"
    raise ZoneError(f"{quoted(name)} is not a time zone: {hint}")


def _nearest(plain: str, names: dict[str, str]) -> list[str]:
    return [names[found] for found in difflib.get_close_matches(plain, sorted(names), n=1, cutoff=0.8)]
