"""Hours that a table of stories cannot tell: the whole text, and a night whose hour comes twice."""

from __future__ import annotations

from tests.stories.table.hours import MIDNIGHT, there
from tests.support.world import World


def test_a_body_names_the_day_in_full_in_the_readers_zone() -> None:
    world = World(MIDNIGHT.replace("1d, day, release", "day"), "2025-07-01 12:00", **there("Pacific/Auckland"))
    assert world.live("2025-07-10 12:00").arrived[0].words.plain() == "Wednesday, July 9, 2025, at 7:00 PM NZST"


def test_the_repeated_hour_sends_once() -> None:
    # 01:30 happens twice on this night: the sweeps of the second time find nothing left to do.
    config = "at: '01:30'\nwatch: [{title: Ballard, premiere: 2025-11-02, remind: [day]}]"
    world = World(config, "2025-11-01 12:00", **there("America/New_York"))
    for utc in ("05:29", "05:30", "05:31", "06:29", "06:30", "06:31", "07:00"):
        world.clock.set(world.clock.now().replace(day=2, hour=int(utc[:2]), minute=int(utc[3:]), second=0))
        world.once()
    assert world.lines() == ["2025-11-02 01:30 Ballard is out today"]
