"""Whose hours a command shows: no output hides the zone (SPEC 6)."""

from __future__ import annotations

from typing import Final

from reminder.config import LookSettings

OF_SYSTEM: Final = "the system's"


def whose_hours(settings: LookSettings) -> str:
    """Return in which zone hours are shown, and who says so; those of a person in another zone bear its letters."""
    return f"{settings.zone.key} ({'written in the config' if settings.zone_is_written else OF_SYSTEM})"
