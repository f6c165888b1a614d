"""The report of a pass over the sources, and how long a silent source is left alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from reminder.core.sourcing.answers import AccessRefused, NoAnswer, NotFound
from reminder.core.sourcing.missing import last_day
from reminder.core.sourcing.poll_interval import WORTH_TELLING, after_silence
from reminder.store.asking_faults import RefreshFault
from reminder.store.followed import SourceState
from reminder.store.source_health import Health

Tell = Callable[[str, Sequence[str], datetime], None]
"""Tells the operator: a subject, lines, and the instant."""

CALENDARS: Final = "ical"

ASKED_ANYWAY: Final = timedelta(days=7)
"""A title is asked about at least so often, also where the source's list does not name it."""


@dataclass(kw_only=True)
class RefreshReport:
    """The result of a pass, by the names of titles; `calls` is how often a source was asked anything.

    `failed` holds the failures by the keys of titles, `tried` the keys of all that were asked about, `partly` what
    could not be read of calendars that were.
    """

    asked: list[str] = field(default_factory=list)
    unchanged: int = 0
    matched: dict[str, str] = field(default_factory=dict)
    unclear: dict[str, str] = field(default_factory=dict)
    silent: dict[str, str] = field(default_factory=dict)
    moved: list[str] = field(default_factory=list)
    calls: int = 0
    began: list[str] = field(default_factory=list)
    failed: dict[str, RefreshFault] = field(default_factory=dict)
    tried: set[str] = field(default_factory=set)
    partly: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        counts = {
            "asked": len(self.asked),
            "unchanged": self.unchanged,
            "found": len(self.matched),
            "unclear": len(self.unclear),
            "without an answer": len(self.silent),
            "failed": len(self.failed),
            "moved": len(self.moved),
            "calls": self.calls,
        }
        return ", ".join(f"{count} {what}" for what, count in counts.items() if count)


def later(key: str, known: SourceState, silence: NoAnswer, now: datetime) -> datetime:
    """Return when to ask again about a title that there was no answer about: the longer it lasts, the later.

    Never before the end of a pause that the source asked for.
    """
    since = known.answered_at or known.pin.at
    wait = silence.wait or timedelta(0)
    return max(after_silence(key, max(since, now - timedelta(hours=12)), now), now + wait)


def is_settled(known: SourceState, now: datetime) -> bool:
    """Tell whether a source's list of changes will do for a title, or it is time to ask about it all the same."""
    read = known.read_on
    return read is not None and known.answered_at is not None and now.date() - read < ASKED_ANYWAY


def has_left(known: SourceState, silence: NoAnswer, now: datetime) -> bool:
    """Tell whether a calendar has dropped what is over: its window went on, and there is nothing to tell of."""
    is_gone = known.pin.source == CALENDARS and isinstance(silence, NotFound)
    return is_gone and all(last_day(item.when) < now.date() for item in known.releases)


def health(known: Health, silence: NoAnswer | None, now: datetime) -> Health:
    """Return how a source stands after an answer or a silence at `now`."""
    if silence is None:
        # When it last failed, and why, stays to be seen.
        return replace(known, last_success_at=now, told_at=None)
    if known.is_failing:
        return replace(known, reason=silence.reason)
    return replace(known, failing_since=now, reason=silence.reason, told_at=None)


def is_worth_telling(silence: NoAnswer, stands: Health, now: datetime) -> bool:
    """Tell whether the operator should hear of a silence: a key that is refused at once, the rest after some hours."""
    if isinstance(silence, AccessRefused):
        return True
    return stands.failing_since is not None and now - stands.failing_since >= WORTH_TELLING
