"""Tells from the locale whether hours are written with 12 or 24."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reminder.core.model.entities import HourStyle

#: English of these countries writes 7:00 PM; so does every language of the countries below. Source: CLDR, time data.
ENGLISH_12H: Final = frozenset({"", "AU", "CA", "HK", "IN", "MY", "NZ", "PH", "PK", "SG", "US"})
COUNTRIES_12H: Final = frozenset({"BD", "EG", "IN", "LK", "PH", "PK", "SA"})


def hour_style(environ: Mapping[str, str]) -> HourStyle:
    """Given the environment, return the hour style of its locale (LC_ALL, LC_TIME, LANG); 12h when none is set."""
    locale = next((environ[name] for name in ("LC_ALL", "LC_TIME", "LANG") if environ.get(name)), "C")
    name = locale.partition(".")[0].partition("@")[0]
    if name in {"C", "POSIX"}:
        return HourStyle.H12
    language, _, country = name.replace("-", "_").partition("_")
    is_12h = country.upper() in (ENGLISH_12H if language.lower() == "en" else COUNTRIES_12H)
    return HourStyle.H12 if is_12h else HourStyle.H24
