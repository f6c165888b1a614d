"""An event of a calendar: one occurrence, as it reaches those who read its words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, kw_only=True)
class Event:
    """One event: when it starts, as a day (`on`) or as an instant with its zone (`stamp`), or as a bare local time.

    `instance` is the day by which it is one of a repeating event, `filed_on` the day that this or the event itself
    stands under, which a move of the instance leaves as it is. `local` says that the hour is one of a place's clocks.
    `left_out` is what the series leaves out, `note` what a reader of its date should know. `apart` tells it from
    another one of the same UID and instance. `until` is the day up to which all instances of its series are known.
    """

    uid: str
    summary: str
    on: str = ""
    stamp: str | None = None
    zone: str | None = None
    floating: bool = False
    local: bool = False
    cancelled: bool = False
    left_out: bool = False
    category: str | None = None
    sequence: int = 0
    instance: str = ""
    filed_on: str = ""
    note: str = ""
    apart: str = ""
    until: date | None = None

    @property
    def id(self) -> str:
        """Return what it is known by across answers: it stays when its start moves."""
        return "/".join(part for part in (self.uid, self.instance, self.apart) if part)

    @property
    def day(self) -> date:
        """Return the day on which it starts, by its own clocks."""
        return datetime.fromisoformat(self.stamp).date() if self.stamp else date.fromisoformat(self.on)
