"""The same instant in other people's days: zones, clock changes, quiet hours, leap days."""

from __future__ import annotations

from typing import Any

from tests.support.story import Story

ANYWHERE = 'channels: {mail: "json://127.0.0.1:9/"}\n'
MIDNIGHT = "watch: [{title: Ballard, premiere: 2025-07-09 00:00 America/Los_Angeles, remind: [1d, day, release]}]"


def there(zone: str) -> dict[str, Any]:
    """Return what a story says that is lived in another zone."""
    return {"zone": zone, "base": ANYWHERE + f"timezone: {zone}\n"}


STORIES = [
    Story(
        name="midnight in Los Angeles, read at nine in Auckland",
        **there("Pacific/Auckland"),
        config=MIDNIGHT,
        until="2025-08-01 12:00",
        arrives=(
            "2025-07-08 09:00 Ballard premieres tomorrow at 7:00 PM",
            "2025-07-09 09:00 Ballard premieres today at 7:00 PM",
            "2025-07-09 19:00 Ballard is out (since 7:00 PM)",
        ),
    ),
    Story(
        name="midnight in Los Angeles, read in Kolkata",
        **there("Asia/Kolkata"),
        config=MIDNIGHT,
        until="2025-08-01 12:00",
        arrives=(
            "2025-07-08 09:00 Ballard premieres tomorrow at 12:30 PM",
            "2025-07-09 09:00 Ballard premieres today at 12:30 PM",
            "2025-07-09 12:30 Ballard is out (since 12:30 PM)",
        ),
    ),
    Story(
        name="midnight in Los Angeles, read in Honolulu, where it is still the day before",
        **there("Pacific/Honolulu"),
        config=MIDNIGHT,
        until="2025-08-01 12:00",
        arrives=(
            "2025-07-07 09:00 Ballard premieres tomorrow at 9:00 PM",
            "2025-07-08 09:00 Ballard premieres today at 9:00 PM",
            "2025-07-08 21:00 Ballard is out (since 9:00 PM)",
        ),
    ),
    Story(
        name="midnight in Los Angeles, read on a clock of 24 hours",
        **there("Europe/Berlin"),
        config="clock: 24h\n" + MIDNIGHT,
        until="2025-08-01 12:00",
        arrives=(
            "2025-07-08 09:00 Ballard premieres tomorrow at 09:00",
            # at nine it is out: the hour of the release and the sending hour are one instant, and one message
            "2025-07-09 09:00 Ballard is out (since 09:00)",
        ),
    ),
    Story(
        name="hour leads say hours, and only for an instant",
        config="remind: [12h, 45m, release, +2h]\nwatch:\n"
        "  - {title: Ballard, premiere: '2025-07-09T07:00Z'}\n  - {title: No hour, premiere: 2025-07-09}",
        until="2025-08-01 12:00",
        arrives=(
            "2025-07-09 00:30 Ballard premieres in 12 hours, at 12:30 PM",
            "2025-07-09 09:00 No hour is out today",
            "2025-07-09 11:45 Ballard premieres in 45 minutes, at 12:30 PM",
            "2025-07-09 12:30 Ballard is out (since 12:30 PM)",
            "2025-07-09 14:30 Ballard came out 2 hours ago, at 12:30 PM",
        ),
    ),
    Story(
        name="a sending hour inside the gap in spring: the first instant after it",
        **there("Europe/Berlin"),
        begins="2025-03-01 12:00",
        config="at: '02:30'\nwatch: [{title: Ballard, premiere: 2025-03-30}]",
        until="2025-05-01 12:00",
        arrives=(
            "2025-03-23 02:30 Ballard premieres in 7 days",
            "2025-03-29 02:30 Ballard premieres tomorrow",
            "2025-03-30 03:00 Ballard is out today",
        ),
    ),
    Story(
        name="a sending hour inside the fold in autumn: the first of the two, once",
        **there("America/New_York"),
        begins="2025-10-01 12:00",
        config="at: '01:30'\nwatch: [{title: Ballard, premiere: 2025-11-02}]",
        until="2025-12-01 12:00",
        arrives=(
            "2025-10-26 01:30 Ballard premieres in 7 days",
            "2025-11-01 01:30 Ballard premieres tomorrow",
            "2025-11-02 01:30 Ballard is out today",
        ),
    ),
    Story(
        name="day leads stay at their hour across a clock change",
        **there("Europe/Berlin"),
        begins="2025-03-01 12:00",
        config="watch: [{title: Ballard, premiere: 2025-04-02, episodes: 2, drop: weekly}]",
        until="2025-05-01 12:00",
        arrives=(
            "2025-03-26 09:00 Ballard premieres in 7 days",
            "2025-04-01 09:00 Ballard premieres tomorrow",
            "2025-04-02 09:00 Ballard is out today",
            "2025-04-09 09:00 The finale of Ballard is out today",
        ),
    ),
    Story(
        name="a weekly slot stays at its own clock across a clock change where it is aired",
        **there("Asia/Kolkata"),
        begins="2025-10-20 12:00",
        config="watch: [{title: Ballard, premiere: 2025-10-27 21:00 America/New_York, episodes: 2, drop: weekly,"
        " remind: {premiere: [release], finale: [release]}}]",
        until="2025-12-01 12:00",
        arrives=(
            "2025-10-28 06:30 Ballard is out (since 6:30 AM)",
            "2025-11-04 07:30 The finale of Ballard is out (since 7:30 AM)",
        ),
    ),
    Story(
        name="quiet hours across midnight: it waits, and then says what is true",
        config="quiet_hours: 22:00-08:00\nremind: [2h, release]\nwatch:\n"
        "  - {title: Evening, premiere: 2025-07-09 23:30 Asia/Kolkata}\n"
        "  - {title: Morning, premiere: 2025-07-12 08:30 Asia/Kolkata}",
        until="2025-08-01 12:00",
        arrives=(
            "2025-07-09 21:30 Evening premieres in 2 hours, at 11:30 PM",
            "2025-07-10 08:00 Evening came out yesterday",
            "2025-07-12 08:00 Morning premieres in 30 minutes, at 8:30 AM",
            "2025-07-12 08:30 Morning is out (since 8:30 AM)",
        ),
    ),
    Story(
        name="an urgent notice waits for the end of quiet hours",
        config="quiet_hours: 22:00-08:00\nwatch: [{title: Ballard, premiere: 2025-08-20}]",
        edits={"2025-07-07 23:00": "quiet_hours: 22:00-08:00\nwatch: [{title: Ballard, premiere: 2025-07-08}]"},
        until="2025-09-01 12:00",
        arrives=("2025-07-08 08:00 Ballard moved from August 20 to July 8, 2025",),
    ),
    Story(
        name="29 February",
        begins="2028-02-01 12:00",
        config="watch: [{title: Ballard, premiere: 2028-02-29, episodes: 2, drop: weekly,"
        " remind: {premiere: [7d, 1d, day, +1d]}}]",
        until="2028-04-01 12:00",
        arrives=(
            "2028-02-22 09:00 Ballard premieres in 7 days",
            "2028-02-28 09:00 Ballard premieres tomorrow",
            "2028-02-29 09:00 Ballard is out today",
            "2028-03-01 09:00 Ballard came out yesterday",
            "2028-03-07 09:00 The finale of Ballard is out today",
        ),
    ),
    Story(
        name="a week before the first of March, in a year with and without 29 February",
        begins="2027-02-01 12:00",
        config="remind: [7d]\nwatch: [{title: Short, premiere: 2027-03-01}, {title: Long, premiere: 2028-03-01}]",
        until="2028-04-01 12:00",
        arrives=(
            "2027-02-22 09:00 Short premieres in 7 days",
            "2028-02-23 09:00 Long premieres in 7 days",
        ),
    ),
]
