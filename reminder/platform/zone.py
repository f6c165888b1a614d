"""Finds the machine's own time zone, and tells whether it can be meant."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final

from reminder.core.dates.zones import is_abbreviation, known_zone

UTC: Final = frozenset({"UTC", "Etc/UTC", "Etc/UCT", "Etc/Universal", "Etc/Zulu", "UCT", "Universal", "Zulu"})
"""The names under which a machine stands on UTC: most servers and containers do, whoever they belong to."""

WRITE: Final = "write timezone: with the name of a place, such as Europe/Berlin"


def system_zone(environ: Mapping[str, str] = os.environ) -> str:
    """Return the name of the machine's time zone: that of `TZ`, else the system's."""
    known = known_zone(_said(environ)) if _said(environ) else None
    if known is not None:
        return known.key
    from tzlocal import get_localzone_name

    return str(get_localzone_name() or "UTC")


def zone_doubt(environ: Mapping[str, str] = os.environ) -> str | None:
    """Say why the machine's zone may not be the one that is meant, and what to write; None where nothing is odd."""
    said, zone = _said(environ), system_zone(environ)
    if said and not _is_understood(said):
        return f'TZ is "{said}", which is not the name of a time zone, so the hours are in {zone}: {WRITE}'
    if zone in UTC:
        return f"it is not written, and this machine stands on {zone}: {WRITE}, or timezone: UTC if that is meant"
    return None


def _said(environ: Mapping[str, str]) -> str:
    return environ.get("TZ", "").removeprefix(":").strip()


def _is_understood(said: str) -> bool:
    """Tell whether `TZ` names a zone or a file; of an abbreviation the config says itself what is wrong with it."""
    return known_zone(said) is not None or is_abbreviation(said) or (os.path.isabs(said) and os.path.exists(said))  # noqa: PTH110, PTH117
