"""Stories of moved dates as an administrator lives them: the config edited by hand, `run --once` by a timer.

The installed command is a process each time, on a database file; what arrives is what a service was sent.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.door import Door
from tests.support.process import Reminder
from tests.support.sink import Reply

pytestmark = pytest.mark.acceptance


def config(door: Door, *watch: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"timezone": "Asia/Kolkata", "channels": {"hook": door.url}, "watch": list(watch), **more}


def ballard(premiere: str, **more: Any) -> dict[str, Any]:
    return {"title": "Ballard", "premiere": premiere, **more}


def pass_(reminder: Reminder, instant: str, status: int = 0) -> None:
    """Run one pass at an instant."""
    done = reminder.at(instant).once()
    assert done.status == status, done.err


def test_moved_inside_its_lead_and_back_again(reminder: Reminder, door: Door) -> None:
    reminder.write(config(door, ballard("July 2025")))
    pass_(reminder, "2025-06-20T06:30:00Z")
    pass_(reminder, "2025-07-01T03:30:05Z")
    reminder.write(config(door, ballard("July 9, 2025")))
    pass_(reminder, "2025-07-05T06:30:00Z")
    pass_(reminder, "2025-07-06T03:30:05Z")
    pass_(reminder, "2025-07-06T03:35:00Z")
    reminder.write(config(door, ballard("July 20, 2025")))
    pass_(reminder, "2025-07-06T06:30:00Z")
    reminder.write(config(door, ballard("July 9, 2025")))
    pass_(reminder, "2025-07-06T07:30:00Z")
    pass_(reminder, "2025-07-09T03:30:05Z")
    assert door.titles == [
        "Ballard is expected in July 2025; no day is known yet",
        "Ballard now has a date: Wednesday, July 9, 2025, in 3 days",
        "Ballard is out today",
    ]
    said = {(row["lead"], row["state"], row["reason"]) for row in reminder.run("why", "Ballard", "--json").json()}
    assert ("day", "sent") in {row[:2] for row in said}
    assert ("1d", "superseded", "a later message about the same release says it all") in said


def test_from_august_to_tomorrow_is_told_at_once(reminder: Reminder, door: Door) -> None:
    reminder.write(config(door, ballard("August 20, 2025")))
    pass_(reminder, "2025-07-01T06:30:00Z")
    reminder.write(config(door, ballard("July 9, 2025")))
    pass_(reminder, "2025-07-08T12:00:00Z")
    assert door.titles == ["Ballard moved from August 20 to July 9, 2025"]
    assert "premieres tomorrow" in door.accepted[0].json()["message"]


def test_off_for_ten_days_across_the_premiere(reminder: Reminder, door: Door) -> None:
    reminder.write(config(door, ballard("July 9, 2025")))
    pass_(reminder, "2025-06-20T06:30:00Z")
    pass_(reminder, "2025-07-13T06:30:00Z")
    pass_(reminder, "2025-07-14T06:30:00Z")
    assert door.titles == ["While I was away: Ballard came out on July 9"]
    states = [row["state"] for row in reminder.history()]
    assert sorted(states) == ["expired", "expired", "expired", "sent"]


def test_a_token_dead_for_nine_days_and_mended(reminder: Reminder, door: Door) -> None:
    with Door(Reply(status=401)) as phone:
        channels = {"hook": door.url, "phone": phone.url}
        reminder.write(config(door, ballard("July 9, 2025"), channels=channels))
        pass_(reminder, "2025-06-20T06:30:00Z")
        for day in (2, 8, 9):
            pass_(reminder, f"2025-07-{day:02}T03:30:05Z")
        phone.says(Reply())
        pass_(reminder, "2025-07-10T14:30:00Z")
        assert phone.titles == ["Ballard came out yesterday"]
    assert door.titles == [
        "Ballard premieres in 7 days",
        "Channel phone is not working",
        "Ballard premieres tomorrow",
        "Ballard is out today",
    ]


def test_dropped_by_mistake_for_ten_minutes_across_the_sending_hour(reminder: Reminder, door: Door) -> None:
    reminder.write(config(door, ballard("July 9, 2025")))
    pass_(reminder, "2025-06-20T06:30:00Z")
    reminder.write(config(door))
    pass_(reminder, "2025-07-02T03:25:00Z")
    pass_(reminder, "2025-07-02T03:31:00Z")
    reminder.write(config(door, ballard("July 9, 2025")))
    pass_(reminder, "2025-07-02T03:35:00Z")
    assert door.titles == ["Ballard premieres in 7 days"]


def test_titles_from_hell_on_the_wire(reminder: Reminder, door: Door) -> None:
    names = ["1899", "No", "<b>Bold</b>", "Emoji 👩‍👩‍👧", "כאן 2", "*stars* @everyone", "Ballard " * 62 + "end."]
    watch = [{"title": name, "premiere": "2025-07-09", "remind": ["day"]} for name in names]
    reminder.write(json.dumps(config(door, *watch, burst="0"), ensure_ascii=False))
    pass_(reminder, "2025-06-20T06:30:00Z")
    pass_(reminder, "2025-07-09T03:30:05Z")
    told = [title.replace("\u2068", "").replace("\u2069", "") for title in door.titles]
    *short, long = sorted(told, key=len)
    assert sorted(short) == sorted(f"{name} is out today" for name in names[:-1])
    assert long.startswith("Ballard Ballard")
    assert "end. is out today" in long or long.endswith("\u2026")


def test_a_clock_behind_the_ledger_sends_nothing_and_says_so(reminder: Reminder, door: Door) -> None:
    reminder.write(config(door, ballard("July 9, 2025")))
    pass_(reminder, "2025-06-20T06:30:00Z")
    pass_(reminder, "2025-07-02T03:30:05Z")
    done = reminder.at("1970-01-01T00:00:00Z").once()
    assert done.status == 1
    assert "nothing is sent: the clock says 1970-01-01" in done.err
    assert door.titles == ["Ballard premieres in 7 days"]
