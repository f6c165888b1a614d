"""Corrections by hand, made upon what a source says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from reminder.core.dates.parse import parse_when
from reminder.core.model.source_options import SourceOptions
from reminder.core.sourcing.answers import SourceTitle, Stated, WorkForm
from reminder.core.sourcing.resolve import follow
from reminder.core.sourcing.resolved import PreviousDates

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "hours", "shown"),
    [
        ("2026-10-08T21:00-04:00", 3, "2026-10-09T04:00:00Z"),
        ("2026-10-08T21:00-04:00", 24, "2026-10-10T01:00:00Z"),
        ("2026-10-08", 24, "2026-10-09"),
        ("2026-10-08", -48, "2026-10-06"),
        ("2026-10-08", 3, "2026-10-08"),
        ("2026-10", 24, "2026-10"),
        ("TBA", 24, None),
    ],
)
def test_an_offset_shifts_an_instant_and_in_whole_days_a_day(said: str, hours: int, shown: str | None) -> None:
    when = parse_when(said)
    stated = Stated(raw=said, when=when, on=when.on, season=1, number=1)
    answer = SourceTitle(source="tvmaze", ref="7", name="Harbour", form=WorkForm.SERIES, releases=(stated,))
    options = SourceOptions(offset=timedelta(hours=hours))
    found = follow([answer], options, season=None, before=PreviousDates(), pinned="tvmaze", now=NOW)
    assert [item.when.json() for item in found.sourced.releases] == [shown]
