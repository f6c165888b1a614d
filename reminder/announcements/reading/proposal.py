"""The values that a reading is handed on as: what an announcement says, what else it may say, and how sure that is."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from reminder.core.dates.when import UNKNOWN, Precision, When

LEAST_SURE: Final[Mapping[str, float]] = {"title": 0.6, "premiere": 0.75}
"""How sure a field has to be for a command to be offered: of what was less sure, more was wrong than right.

Measured at first sight: see docs/reading.md.
"""
_OTHERWISE: Final = 0.6


class By(enum.StrEnum):
    """The reader that a field is from: our own, the second one, or both, who agree."""

    OWN = "own"
    SECOND = "second"
    BOTH = "both"


@dataclass(frozen=True, kw_only=True)
class Hints:
    """Facts stated beside a text (in a page's metadata): names of the work, and the article's own day."""

    names: tuple[str, ...] = ()
    published: dt.date | None = None


@dataclass(frozen=True, kw_only=True)
class Alternative:
    """A value that was found for a field and not taken, and why not."""

    field: str
    value: str
    reason: str
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Option:
    """One of two values that a text gives nearly as good a reason for: its sentence, and the reading that takes it."""

    value: str
    sentence: str
    reading: Announcement


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A field (`title` or `premiere`) with two values that are close; the first of `options` is the one proposed."""

    field: str
    options: tuple[Option, Option]


@dataclass(frozen=True, kw_only=True)
class Announcement:
    """An announcement as it was read. A field is None, `premiere` UNKNOWN, where the text does not say it.

    `evidence` and `confidence` (0 to 1) are by field. `inferred` lists what was not written but concluded: `year`,
    from the day of publication, or `day` for `this Friday`. `readers` says which reader a field is from, where that
    is not our own alone; a field of the second reader alone has no confidence, since nothing has measured it. `off` is
    the sentence that says that the work will not come, where no date was found.
    """

    title: str | None = None
    season: int | None = None
    premiere: When = UNKNOWN
    platform: str | None = None
    drop: str | None = None
    episodes: int | None = None
    published: dt.date | None = None
    inferred: tuple[str, ...] = ()
    evidence: Mapping[str, str] = field(default_factory=dict)
    confidence: Mapping[str, float] = field(default_factory=dict)
    alternatives: tuple[Alternative, ...] = ()
    choices: tuple[Choice, ...] = ()
    readers: Mapping[str, By] = field(default_factory=dict)
    off: str | None = None

    @property
    def precision(self) -> Precision:
        """Return how exact the premiere is."""
        return self.premiere.precision

    @property
    def is_sure(self) -> bool:
        """Whether it may be proposed as it is: title and date, where there is one, are as sure as `LEAST_SURE`.

        One that both readers found is, however sure our own was.
        """
        return self.title is not None and all(self.is_sure_of(name) for name in ("title", "premiere"))

    def is_sure_of(self, name: str) -> bool:
        """Tell whether a field that our own reader found is as sure as `LEAST_SURE`, or was found by both."""
        return self.readers.get(name) is By.BOTH or self.confidence.get(name, 1.0) >= LEAST_SURE.get(name, _OTHERWISE)

    def value_of(self, name: str) -> str | int | When | None:
        """Return the value of a field by its name, None where the text does not say it."""
        value: str | int | When | None = getattr(self, name)
        return None if value == UNKNOWN else value

    def written(self) -> str | None:
        """Return the premiere as a config takes it; an instant with its offset; None when there is none."""
        return written(self.premiere)

    def fields(self) -> dict[str, str]:
        """Return what was read by the config's words; `drop` only where the number of episodes lets it be used."""
        read = {
            "title": self.title,
            "premiere": self.written(),
            "season": str(self.season) if self.season else None,
            "platform": self.platform,
            "episodes": str(self.episodes) if self.episodes else None,
            "drop": self.drop if self.episodes or self.drop == "all" else None,
        }
        return {name: text for name, text in read.items() if text}


def written(when: When) -> str | None:
    """Return a date as a config takes it; an instant with its offset; None when there is none."""
    if when.at and when.zone:
        return when.at.astimezone(when.zone).isoformat(timespec="minutes")
    return when.json()
