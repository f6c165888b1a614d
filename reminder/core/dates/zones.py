"""Finds names of time zones in the IANA database, whatever their case (SPEC 1 and 6)."""

from __future__ import annotations

import difflib
import re
import unicodedata
from datetime import tzinfo
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from reminder.core.dates.spelling import quoted
from reminder.core.wording import Wording, enumerated, marked

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
    "NZT": "Pacific/Auckland",
    "HKT": "Asia/Hong_Kong",
    "ICT": "Asia/Bangkok",
    "PHT": "Asia/Manila",
    "PKT": "Asia/Karachi",
    "WIB": "Asia/Jakarta",
    "WITA": "Asia/Makassar",
    "WIT": "Asia/Jayapura",
    "SAST": "Africa/Johannesburg",
    "WAT": "Africa/Lagos",
    "CAT": "Africa/Maputo",
    "EAT": "Africa/Nairobi",
    "ART": "America/Argentina/Buenos_Aires",
    "BRT": "America/Sao_Paulo",
    "CLT": "America/Santiago",
    "COT": "America/Bogota",
    "PET": "America/Lima",
    "VET": "America/Caracas",
    "AST": "America/Halifax",
    "ADT": "America/Halifax",
    "NST": "America/St_Johns",
    "NDT": "America/St_Johns",
    "WEST": "Europe/Lisbon",
    "TRT": "Europe/Istanbul",
    "GST": "Asia/Dubai",
    "ACST": "Australia/Adelaide",
    "ACDT": "Australia/Adelaide",
    "AWST": "Australia/Perth",
    "NZDT": "Pacific/Auckland",
}
_OF_THIS_MACHINE: Final = frozenset({"auto", "automatic", "local", "system", "default", "localtime"})
_NO_PLACES: Final = frozenset({"factory", "posixrules", "localtime", "leapseconds"})
_OFFSET: Final = re.compile(r"(?:(?:UTC|GMT|Z)\s?)?([+\-\u2212])(\d{1,2})(?::?([0-5]\d))?", re.ASCII | re.IGNORECASE)
_FIXED: Final = re.compile(r"Etc/GMT[+-]\d{1,2}", re.IGNORECASE)
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*", re.ASCII)


_SOME_NAME: Final = Wording("write the name of a place, such as Europe/Berlin, Asia/Kolkata or America/New_York")

# Places by their offset from UTC in minutes: those without a summer time, and those with one by their winter's offset.
_ALL_YEAR: Final = {
    -660: "Pacific/Pago_Pago", -600: "Pacific/Honolulu", -570: "Pacific/Marquesas", -540: "Pacific/Gambier",
    -480: "Pacific/Pitcairn", -420: "America/Phoenix", -360: "America/Costa_Rica", -300: "America/Bogota",
    -240: "America/Puerto_Rico", -180: "America/Sao_Paulo", -120: "America/Noronha", -60: "Atlantic/Cape_Verde",
    60: "Africa/Lagos", 120: "Africa/Johannesburg", 180: "Europe/Istanbul", 210: "Asia/Tehran", 240: "Asia/Dubai",
    270: "Asia/Kabul", 300: "Asia/Karachi", 330: "Asia/Kolkata", 345: "Asia/Kathmandu", 360: "Asia/Dhaka",
    390: "Asia/Yangon", 420: "Asia/Bangkok", 480: "Asia/Singapore", 525: "Australia/Eucla", 540: "Asia/Tokyo",
    570: "Australia/Darwin", 600: "Australia/Brisbane", 660: "Pacific/Noumea", 720: "Pacific/Fiji",
    780: "Pacific/Tongatapu", 840: "Pacific/Kiritimati",
}  # fmt: skip
_WITH_SUMMER: Final = {
    -540: "America/Anchorage", -480: "America/Los_Angeles", -420: "America/Denver", -360: "America/Chicago",
    -300: "America/New_York", -240: "America/Halifax", -210: "America/St_Johns", -60: "Atlantic/Azores",
    0: "Europe/London", 60: "Europe/Berlin", 120: "Europe/Athens", 570: "Australia/Adelaide",
    600: "Australia/Sydney", 720: "Pacific/Auckland", 765: "Pacific/Chatham",
}  # fmt: skip

# What people call zones in words, without `time`, `standard` and `daylight`.
_NOISE: Final = re.compile(r"(?:_|^)(?:standard|daylight|summer|time|zone)(?=_|$)")
_IN_WORDS: Final = {
    "eastern": "America/New_York", "us_eastern": "America/New_York", "central": "America/Chicago",
    "us_central": "America/Chicago", "mountain": "America/Denver", "us_mountain": "America/Denver",
    "pacific": "America/Los_Angeles", "us_pacific": "America/Los_Angeles", "alaskan": "America/Anchorage",
    "hawaii": "Pacific/Honolulu", "hawaiian": "Pacific/Honolulu", "atlantic": "America/Halifax",
    "central_european": "Europe/Berlin", "central_europe": "Europe/Berlin", "w._europe": "Europe/Berlin",
    "romance": "Europe/Paris", "gmt": "Europe/London", "british": "Europe/London", "greenwich_mean": "Europe/London",
    "eastern_european": "Europe/Athens", "fle": "Europe/Helsinki", "gtb": "Europe/Athens", "moscow": "Europe/Moscow",
    "india": "Asia/Kolkata", "indian": "Asia/Kolkata", "china": "Asia/Shanghai", "chinese": "Asia/Shanghai",
    "tokyo": "Asia/Tokyo", "japan": "Asia/Tokyo", "korea": "Asia/Seoul", "aus_eastern": "Australia/Sydney",
    "germany": "Europe/Berlin", "austria": "Europe/Vienna", "switzerland": "Europe/Zurich", "france": "Europe/Paris",
    "italy": "Europe/Rome", "spain": "Europe/Madrid", "netherlands": "Europe/Amsterdam", "belgium": "Europe/Brussels",
    "poland": "Europe/Warsaw", "sweden": "Europe/Stockholm", "norway": "Europe/Oslo", "denmark": "Europe/Copenhagen",
    "finland": "Europe/Helsinki", "greece": "Europe/Athens", "ireland": "Europe/Dublin", "uk": "Europe/London",
    "england": "Europe/London", "united_kingdom": "Europe/London", "great_britain": "Europe/London",
    "czechia": "Europe/Prague", "hungary": "Europe/Budapest", "romania": "Europe/Bucharest",
    "turkey": "Europe/Istanbul", "israel": "Asia/Jerusalem", "south_africa": "Africa/Johannesburg",
    "nigeria": "Africa/Lagos", "kenya": "Africa/Nairobi", "egypt": "Africa/Cairo", "pakistan": "Asia/Karachi",
    "bangladesh": "Asia/Dhaka", "philippines": "Asia/Manila", "thailand": "Asia/Bangkok", "vietnam": "Asia/Ho_Chi_Minh",
    "mez": "Europe/Berlin", "mesz": "Europe/Berlin", "z": "UTC", "zulu": "UTC", "mumbai": "Asia/Kolkata",
    "delhi": "Asia/Kolkata", "new_delhi": "Asia/Kolkata", "bangalore": "Asia/Kolkata", "bengaluru": "Asia/Kolkata",
    "chennai": "Asia/Kolkata", "hyderabad": "Asia/Kolkata", "bombay": "Asia/Kolkata", "beijing": "Asia/Shanghai",
    "shenzhen": "Asia/Shanghai", "osaka": "Asia/Tokyo", "kyoto": "Asia/Tokyo", "abu_dhabi": "Asia/Dubai",
    "munich": "Europe/Berlin", "hamburg": "Europe/Berlin", "cologne": "Europe/Berlin", "frankfurt": "Europe/Berlin",
    "milan": "Europe/Rome", "barcelona": "Europe/Madrid", "geneva": "Europe/Zurich", "bern": "Europe/Zurich",
    "manchester": "Europe/London", "edinburgh": "Europe/London", "ankara": "Europe/Istanbul",
    "san_francisco": "America/Los_Angeles", "seattle": "America/Los_Angeles", "las_vegas": "America/Los_Angeles",
    "boston": "America/New_York", "washington": "America/New_York", "miami": "America/New_York",
    "atlanta": "America/New_York", "philadelphia": "America/New_York", "houston": "America/Chicago",
    "dallas": "America/Chicago", "austin": "America/Chicago", "montreal": "America/Toronto",
    "ottawa": "America/Toronto", "rio_de_janeiro": "America/Sao_Paulo", "brasilia": "America/Sao_Paulo",
    "cape_town": "Africa/Johannesburg", "canberra": "Australia/Sydney", "wellington": "Pacific/Auckland",
    "argentina": "America/Argentina/Buenos_Aires", "colombia": "America/Bogota", "peru": "America/Lima",
}  # fmt: skip


class ZoneError(ValueError):
    """A time zone that cannot be found; the text says what to write instead."""


def find_zone(name: str) -> ZoneInfo:
    """Given an IANA name in any case (`america/new_york`), return the zone.

    Raises ZoneError that says what to write: the nearest name, or the places that have the offset or the abbreviation.
    """
    key = "_".join(name.split())
    if is_abbreviation(key):
        zone_name = _ABBREVIATIONS[key.upper()]
        raise ZoneError(
            Wording("%(text)s is not one zone: write its name, such as %(zone)s", text=quoted(name), zone=zone_name)
        )
    zone = None if _is_no_place(key) else _known(key) or _in_any_case(key)
    if not zone:
        if offset := _OFFSET.fullmatch(name.strip()):
            raise ZoneError(_at_offset(quoted(name), offset))
        raise ZoneError(Wording("%(text)s is not a time zone: %(hint)s", text=quoted(name), hint=_what_to_write(key)))
    return zone


def offset_of(name: str) -> str | None:
    """Return the offset that a text such as `GMT+2` or `UTC+5:30` is, as a date takes it: `+02:00`; None if it is none.

    `Etc/GMT+2` is none: it is a name, and means the other way round.
    """
    found = _OFFSET.fullmatch(name.strip())
    if not found or int(found[2]) > 14:
        return None
    return f"{'+' if found[1] == '+' else '-'}{int(found[2]):02}:{found[3] or '00'}"


def known_zone(name: str) -> ZoneInfo | None:
    """Given a name out of a file of others, return the zone it is in the IANA database, in any case, or None."""
    key = "_".join(name.split())
    return None if is_abbreviation(key) or _is_no_place(key) else _known(key) or _in_any_case(key)


def fixed_offset(zone: tzinfo) -> str | None:
    """Return what `Etc/GMT+5` means, `UTC-5`, None for every other zone: its sign is the other way round (POSIX)."""
    key = str(zone)
    if not _FIXED.fullmatch(key):
        return None
    sign, hours = key[7], key[8:]
    return f"UTC{'-' if sign == '+' else '+'}{hours}"


def _is_no_place(key: str) -> bool:
    folded = key.casefold()
    return folded in _NO_PLACES or folded.startswith(("right/", "posix/"))


def _at_offset(text: str, offset: re.Match[str]) -> Wording:
    """Say which places have an offset: those that keep it all year, in winter, and in summer."""
    size = int(offset[2]) * 60 + int(offset[3] or 0)
    minutes = -size if offset[1] != "+" else size
    said = f"UTC{'-' if minutes < 0 else '+'}{size // 60}{f':{size % 60:02}' if size % 60 else ''}"
    if said in {"UTC+0", "UTC-0"}:
        return Wording(
            "%(text)s is an offset, not a place: write UTC, or the name of a place, such as Europe/London", text=text
        )
    places = (
        (_ALL_YEAR.get(minutes), marked("%(place)s (%(offset)s all year)")),
        (_WITH_SUMMER.get(minutes), marked("%(place)s (%(offset)s in its winter)")),
        (_WITH_SUMMER.get(minutes - 60), marked("%(place)s (%(offset)s in its summer)")),
    )
    shown: list[str] = [Wording(when, place=place, offset=said) for place, when in places if place]
    if not shown:
        return Wording("%(text)s is an offset that no place has: %(hint)s", text=text, hint=_SOME_NAME)
    named = shown[0]
    if len(shown) > 1:
        named = Wording("%(places)s or %(last)s", places=enumerated(shown[:-1]), last=shown[-1])
    return Wording(
        "%(text)s is an offset, not a place: write the name of yours, such as %(places)s", text=text, places=named
    )


def _what_to_write(key: str) -> str:
    if key.casefold() in _OF_THIS_MACHINE:
        return Wording("leave it out for the zone of this machine, or write the name of a place, such as Europe/Berlin")
    near = _nearest(key)
    return Wording("write %(word)s", word=near) if near else _SOME_NAME


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
    """Return the zone of a city, a country or a name in words, or the one spelt most like `key`; None when none is."""
    names = _names()
    plain = _without_accents(key.casefold())
    cities = {name.rpartition("/")[2]: full for name, full in sorted(names.items())}
    in_words = _NOISE.sub("", plain.rpartition("/")[2]).strip("_")
    said = cities.get(plain) or _IN_WORDS.get(_NOISE.sub("", plain).strip("_")) or _IN_WORDS.get(in_words)
    if said:
        return said
    near = difflib.get_close_matches(plain, sorted(names), n=1, cutoff=0.8)
    return names[near[0]] if near else None


def _without_accents(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))


@cache
def _names() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones() if not _is_no_place(name)}
