"""Fields that rows of several commands have in common: instants, dates, and what sources ask to be shown (SPEC 7)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Any

from reminder.core.dates.when import When
from reminder.core.model.entities import Title
from reminder.core.sourcing.attribution import credits_of
from reminder.platform.clock import utc_text

Row = dict[str, Any]


def utc_or_none(at: datetime | None) -> str | None:
    """Return an instant as JSON has it, None for none."""
    return utc_text(at) if at is not None else None


def times(at: datetime, zone: tzinfo) -> Row:
    """Return an instant in UTC and on the person's clock, with its offset."""
    return {"at": utc_text(at), "local_at": at.astimezone(zone).isoformat(timespec="seconds")}


def credited_titles(titles: Sequence[Title | None]) -> Row:
    """Return what is asked to be shown beside the dates of these titles."""
    return credited([title.sourced.source for title in titles if title and title.sourced])


def credited(sources: Sequence[str | None]) -> Row:
    """Return what the terms of sources ask to be shown beside their dates; nothing where nothing is asked."""
    asked = credits_of(sources)
    return {"attribution": asked} if asked else {}


def when_fields(when: When) -> Row:
    """Return a date and its precision."""
    return {"when": when.json(), "precision": str(when.precision)}
