"""Names of time zones, found in the IANA database whatever their case. Source: SPEC 1 and 6."""

from __future__ import annotations

import difflib
import re
from functools import cache
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
    key = "_".join(name.split())
    if is_abbreviation(key):
        raise ZoneError(f"{quoted(name)} is not one zone: write its name, such as {_ABBREVIATIONS[key.upper()]}")
    zone = _known(key) or _in_any_case(key)
    if not zone:
        raise ZoneError(
            f"{quoted(name)} is not a time zone: write {_nearest(key) or 'a name such as America/New_York'}"
        )
    return zone


def known_zone(name: str) -> ZoneInfo | None:
    """Given a name out of a file of others, return the zone it is in the IANA database, in any case, or None."""
    key = "_".join(name.split())
    return None if is_abbreviation(key) else _known(key) or _in_any_case(key)


def is_abbreviation(name: str) -> bool:
    """Tell whether a name is one of those that people use for more than one zone (`EST`, `IST`)."""
    return name.upper() in _ABBREVIATIONS


def _known(key: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(key) if _NAME.fullmatch(key) else None
    except (ValueError, OSError, KeyError):  # not found, a folder, or not a zone's file
        return None


def _in_any_case(key: str) -> ZoneInfo | None:
    """Find a name that is not spelt exactly as the database has it; slow, so only after the plain look-up."""
    found = _names().get(key.casefold())
    return ZoneInfo(found) if found else None


def _nearest(key: str) -> str | None:
    """Return the zone of a city, or the name that is spelt most like `key`; None when nothing comes near."""
    names = _names()
    cities = {name.rpartition("/")[2]: full for name, full in sorted(names.items())}
    near = difflib.get_close_matches(key.casefold(), sorted(names), n=1, cutoff=0.8)
    return cities.get(key.casefold()) or (names[near[0]] if near else None)


@cache
def _names() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones()}
