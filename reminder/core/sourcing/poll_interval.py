"""Computes when to ask a source again: about daily, oftener near a release, never all at the same minute."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final

from reminder.core.model.entities import Release

DAILY: Final = timedelta(hours=24)
CADENCE: Final = ((timedelta(days=2), timedelta(hours=4)), (timedelta(days=14), timedelta(hours=12)))
"""(how near a release is, how often its source is asked); else daily."""

AFTER_SILENCE: Final = timedelta(hours=1)
"""How soon a source that gave no answer is first asked again; the pause doubles, up to a day."""

JITTER: Final = 0.1
WORTH_TELLING: Final = timedelta(hours=6)
"""When a source has been silent for this long the operator is told, once until it answers again."""


def next_look(key: str, releases: Iterable[Release], now: datetime) -> datetime:
    """Return when to ask about a title again after a good answer at `now` (UTC)."""
    distance = min((_away(item, now.date()) for item in releases), default=timedelta.max)
    pause = next((pause for near, pause in CADENCE if distance <= near), DAILY)
    return now + jittered(pause, f"{key} {now.date()}")


def after_silence(key: str, since: datetime, now: datetime) -> datetime:
    """Return when to ask again about a title whose source has been silent since `since`."""
    return now + jittered(min(max(now - since, AFTER_SILENCE), DAILY), f"{key} {now.isoformat()}")


def jittered(pause: timedelta, seed: str) -> timedelta:
    """Return the pause made longer or shorter by up to a tenth, always the same way for one seed."""
    spread = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:4]) / 2**32
    return pause * (1 + JITTER * (2 * spread - 1))


def _away(release: Release, today: date) -> timedelta:
    """Return how far off a release is; one that is over is as far off as one without a date."""
    when = release.when
    days = when.days()
    if days is None or when.is_coarse or days[1] < today - timedelta(days=1):
        return timedelta.max
    return max(days[0] - today, timedelta(0))
