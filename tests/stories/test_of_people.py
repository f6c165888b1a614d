"""What the ledger keeps of what was not sent."""

from __future__ import annotations

from tests.stories.table.people import BALLARD
from tests.support.world import World


def test_what_is_muted_stands_in_the_ledger_with_its_reason() -> None:
    world = World(BALLARD + "\nmute: [Ballard]", "2025-06-20 12:00").live("2025-08-01 12:00")
    assert [str(row) for row in world.rows()] == [
        "7d: skipped (muted)",
        "1d: skipped (muted)",
        "day: skipped (muted)",
    ]
