"""Decides by which dates a title is followed: which of its source's releases count, and from which source."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from reminder.core.model.entities import Title
from reminder.core.model.source_options import SourceOptions
from reminder.core.sourcing.answers import SourceTitle
from reminder.core.sourcing.beside import read_beside
from reminder.core.sourcing.resolve import follow
from reminder.core.sourcing.resolved import ResolvedDates
from reminder.store.followed import SourceState


def resolve_dates(title: Title, known: SourceState, answers: Sequence[SourceTitle], now: datetime) -> ResolvedDates:
    """Given good answers about a title (at least one), return the dates that it is followed by from now on.

    `answers` are to be understood already. The store is handed this function, and calls it where a title that it is to
    write has come to options for something else.
    """
    options = title.source_options or SourceOptions()
    pinned = options.source.partition(":")[0] if options.source else known.pin.source if len(answers) == 1 else ""
    return follow(answers, options, season=title.season, before=known.before(title, options), pinned=pinned, now=now)


def understood(answer: SourceTitle, known: SourceState, today: date) -> SourceTitle:
    """Return an answer read beside the last one of that source."""
    last = next((item for item in (known.answer, known.second) if item and item.source == answer.source), None)
    return read_beside(answer, last, since=known.pin.at.date(), today=today)
