"""Configs of many shows for the fault suite: all premiere on July 9, 2025, and are told of the day before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

BEFORE: Final = "2025-07-08T03:00:00Z"
DUE: Final = "2025-07-08T03:30:00Z"
AFTER: Final = "2025-07-08T03:31:00Z"
"""Nine in the morning in Kolkata, the day before, is 03:30 UTC."""


def shows(url: str, count: int = 1, *, days: Sequence[int] = (9,), **more: Any) -> dict[str, Any]:
    """Return a config of so many shows over one channel; with several `days` of July one batch of them for each."""
    return {
        "timezone": "Asia/Kolkata",
        "remind": ["1d"],
        "burst": "0",
        "channels": {"hook": url},
        "watch": [
            {"title": f"Show {day}.{number}", "premiere": f"July {day}, 2025"}
            for day in days
            for number in range(count)
        ],
        **more,
    }


def subject(number: int, day: int = 9) -> str:
    """Return what is said of one of them the day before."""
    return f"Show {day}.{number} premieres tomorrow"
