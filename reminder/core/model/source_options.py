"""The options of a title at its source: which entry, which release of it, and someone's own corrections."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from reminder.core.dates.when import When


class ReleaseKind(enum.StrEnum):
    """The way in which a release comes out. `episode` is a series' own; the others are films' (`kinds:`)."""

    CINEMA = "cinema"
    DIGITAL = "digital"
    PHYSICAL = "physical"
    TV = "tv"
    PREMIERE = "premiere"
    EPISODE = "episode"


DEFAULT_KINDS: Final = (ReleaseKind.CINEMA, ReleaseKind.DIGITAL, ReleaseKind.TV)
"""A disc is no first coming-out, and a festival premiere is none for the public: both only when asked for."""

NO_SOURCE: Final = "none"
"""Stands in `source:` for a title that no source is to be asked about."""

_OFFSET: Final = re.compile(r"([+-])(?:(\d{1,3})d)?(?:(\d{1,3})h)?(?:(\d{1,4})m)?", re.ASCII)
_MOST: Final = timedelta(days=31)


class SourceOptionsError(ValueError):
    """Options of a source that cannot be read; the text says what to write instead."""


@dataclass(frozen=True, kw_only=True)
class SourceOptions:
    """The way in which a title is followed through a source.

    `source` is the pinned entry (`tvmaze:44933`), a source's name alone, or None for the default; `country` an ISO
    3166 code; `when` and `offset` are corrections by hand, which outlive whatever the source says. `credit` has the
    messages name the source.
    """

    source: str | None = None
    country: str | None = None
    kinds: tuple[ReleaseKind, ...] = DEFAULT_KINDS
    service: str | None = None
    when: When | None = None
    offset: timedelta | None = None
    credit: bool = False


def parse_offset(text: str) -> timedelta:
    """Given `+3h`, `-30m` or `+1d2h`, return the shift. Raises SourceOptionsError."""
    found = _OFFSET.fullmatch("".join(text.lower().split()))
    days, hours, minutes = (int(part or 0) for part in found.groups()[1:]) if found else (0, 0, 0)
    size = timedelta(days=days, hours=hours, minutes=minutes)
    if not found or not size or size > _MOST:
        raise SourceOptionsError(f'"{text}" is not a shift: write it like +3h, -30m or +1d, at most 31 days')
    return -size if found[1] == "-" else size


def show_offset(offset: timedelta) -> str:
    """Return the spelling that `parse_offset` reads."""
    minutes = abs(offset) // timedelta(minutes=1)
    parts = ((minutes // 1440, "d"), (minutes // 60 % 24, "h"), (minutes % 60, "m"))
    return ("-" if offset < timedelta(0) else "+") + "".join(f"{count}{unit}" for count, unit in parts if count)
