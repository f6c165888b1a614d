"""`why` explains each story: what was sent, what was not, what is to come, each with its reason."""

from __future__ import annotations

import pytest

from tests.support.world import World

BALLARD = "watch: [{title: Ballard, premiere: 2025-07-09}]"
PEOPLE = """
timezone: Asia/Kolkata
channels: {mail: "json://127.0.0.1:9/", phone: "json://127.0.0.1:9/phone"}
"""


def test_before_anything_happened() -> None:
    assert World(BALLARD, "2025-07-05 12:00").why() == [
        "2025-07-02 7d for 2025-07-09: not sent (subscribed later)",
        "2025-07-08 1d for 2025-07-09: to come",
        "2025-07-09 day for 2025-07-09: to come",
    ]


def test_after_everything_happened() -> None:
    world = World(BALLARD, "2025-06-20 12:00").live("2025-08-01 12:00")
    assert world.why() == [
        "2025-07-02 7d for 2025-07-09: sent",
        "2025-07-08 1d for 2025-07-09: sent",
        "2025-07-09 day for 2025-07-09: sent",
    ]


def test_moved_inside_its_lead() -> None:
    world = World("watch: [{title: Ballard, premiere: 2025-08-20}]", "2025-06-20 12:00").live("2025-07-05 12:00")
    world.edit(BALLARD)
    assert sorted(world.why()) == [
        "2025-07-02 7d for 2025-07-09: not sent (the notice about the new date says it all)",
        "2025-07-06 moved for 2025-07-09: to come",
        "2025-07-08 1d for 2025-07-09: to come",
        "2025-07-09 day for 2025-07-09: to come",
        "2025-08-13 7d for 2025-08-20: not sent (moved)",
        "2025-08-19 1d for 2025-08-20: not sent (moved)",
        "2025-08-20 day for 2025-08-20: not sent (moved)",
    ]


def test_cancelled() -> None:
    world = World(BALLARD, "2025-06-20 12:00").live("2025-07-03 12:00")
    world.edit("watch: [{title: Ballard, premiere: 2025-07-09, cancelled: true}]").live("2025-07-10 12:00")
    assert sorted(world.why()) == [
        "2025-07-02 7d for 2025-07-09: sent",
        "2025-07-04 cancelled for None: sent",
        "2025-07-08 1d for 2025-07-09: not sent (cancelled)",
        "2025-07-09 day for 2025-07-09: not sent (cancelled)",
    ]


def test_a_lead_added_late_and_one_in_hours_on_a_plain_day() -> None:
    world = World("watch: [{title: Ballard, premiere: 2025-07-09, remind: [day]}]", "2025-06-20 12:00")
    world.live("2025-07-05 12:00").edit("watch: [{title: Ballard, premiere: 2025-07-09, remind: [7d, 12h, day]}]")
    assert sorted(world.why()) == [
        "2025-07-02 7d for 2025-07-09: not sent (added later)",
        "2025-07-09 day for 2025-07-09: to come",
        "never 12h for 2025-07-09: not sent (no time known)",
    ]


def test_a_channel_added_late() -> None:
    world = World("subscribers: {me: {channels: [mail]}}\n" + BALLARD, "2025-06-20 12:00", base=PEOPLE)
    world.live("2025-07-05 12:00").edit("subscribers: {me: {channels: [mail, phone]}}\n" + BALLARD)
    assert "2025-07-02 me/phone 7d for 2025-07-09: not sent (added later)" in world.why()
    assert "2025-07-08 me/phone 1d for 2025-07-09: to come" in world.why()


def test_muted_now_and_then() -> None:
    world = World(BALLARD + "\nmute: [Ballard]", "2025-06-20 12:00").live("2025-07-05 12:00")
    assert sorted(world.why()) == [
        "2025-07-02 7d for 2025-07-09: skipped (muted)",
        "2025-07-08 1d for 2025-07-09: not sent (muted)",
        "2025-07-09 day for 2025-07-09: not sent (muted)",
    ]


@pytest.mark.parametrize(("premiere", "has_window"), [("TBA", False), ("2025", False), ("July 2025", True)])
def test_without_a_day(premiere: str, has_window: bool) -> None:
    world = World(f"watch: [{{title: Ballard, premiere: {premiere}, remind: [day]}}]", "2025-06-20 12:00")
    said = [line.split(": ", 1)[1] for line in world.why()]
    assert "not sent (no day is known yet)" in said
    assert ("to come" in said) == has_window


def test_downtime() -> None:
    world = World(BALLARD, "2025-06-20 12:00").at("2025-07-13 12:00").once()
    assert sorted(world.why()) == [
        "2025-07-02 7d for 2025-07-09: expired (its use was over before it could be tried)",
        "2025-07-08 1d for 2025-07-09: expired (its use was over before it could be tried)",
        "2025-07-09 day for 2025-07-09: expired (its use was over before it could be tried)",
        "2025-07-13 missed for 2025-07-09: sent",
    ]
