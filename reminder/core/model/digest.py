"""Describes messages that are collected for the sending hour, every day or once a week."""

from __future__ import annotations

import enum
from dataclasses import dataclass

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Every(enum.StrEnum):
    """The interval of a digest."""

    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, kw_only=True)
class Digest:
    """Day leads and notices collected for the sending hour: `daily`, or on one `weekday` (Monday is 0)."""

    every: Every
    weekday: int | None = None

    def __str__(self) -> str:
        return "daily" if self.weekday is None else f"weekly {WEEKDAYS[self.weekday]}"
