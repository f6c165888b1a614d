"""Dates that move, as people live through them: one table of configs edited on the way, and of all that arrives.

Each story is lived twice: as the daemon does, moment by moment, and by a timer that runs a pass five times a day.
"""

from __future__ import annotations

import pytest

from tests.support.story import Story, as_daemon, as_timer


def ballard(premiere: str, more: str = "") -> str:
    """Return a config that watches one title."""
    return f"watch: [{{title: Ballard, premiere: '{premiere}'{', ' + more if more else ''}}}]"


NOTHING = "watch: []"
WEEKLY = "episodes: 4, drop: weekly"


STORIES = [
    Story(
        name="as announced",
        config=ballard("July 9, 2025"),
        until="2025-09-01 12:00",
        arrives=(
            "2025-07-02 09:00 Ballard premieres in 7 days",
            "2025-07-08 09:00 Ballard premieres tomorrow",
            "2025-07-09 09:00 Ballard is out today",
        ),
    ),
    Story(
        name="said for July, then for the 9th inside its seven-day lead",
        config=ballard("July 2025"),
        edits={"2025-07-05 12:00": ballard("July 9, 2025")},
        until="2025-09-01 12:00",
        arrives=(
            "2025-07-01 09:00 Ballard is expected in July 2025; no day is known yet",
            "2025-07-06 09:00 Ballard now has a date: Wednesday, July 9, 2025, in 3 days",
            "2025-07-08 09:00 Ballard premieres tomorrow",
            "2025-07-09 09:00 Ballard is out today",
        ),
    ),
    Story(
        name="said for a day before the window speaks",
        config=ballard("July 2025"),
        edits={"2025-06-25 12:00": ballard("July 9, 2025")},
        until="2025-09-01 12:00",
        arrives=(
            "2025-06-26 09:00 Ballard now has a date: Wednesday, July 9, 2025, in 13 days",
            "2025-07-02 09:00 Ballard premieres in 7 days",
            "2025-07-08 09:00 Ballard premieres tomorrow",
            "2025-07-09 09:00 Ballard is out today",
        ),
    ),
    Story(
        name="moved from a day in August to tomorrow",
        config=ballard("August 20, 2025"),
        edits={"2025-07-08 15:00": ballard("July 9, 2025")},
        until="2025-09-01 12:00",
        arrives=(
            "2025-07-08 15:00 Ballard moved from August 20 to July 9, 2025",
            "2025-07-09 09:00 Ballard is out today",
        ),
    ),
    Story(
        name="moved from sometime in August to tomorrow",
        config=ballard("August 2025"),
        edits={"2025-07-08 15:00": ballard("July 9, 2025")},
        until="2025-09-01 12:00",
        arrives=(
            "2025-07-08 15:00 Ballard now has a date: Wednesday, July 9, 2025, tomorrow",
            "2025-07-09 09:00 Ballard is out today",
        ),
    ),
    Story(
        name="moved to today, after the sending hour",
        config=ballard("August 20, 2025"),
        edits={"2025-07-09 15:00": ballard("July 9, 2025")},
        until="2025-09-01 12:00",
        arrives=("2025-07-09 15:00 Ballard moved from August 20 to July 9, 2025",),
    ),
    Story(
        name="moved and moved back before anybody was told",
        config=ballard("July 20, 2025"),
        edits={"2025-07-01 12:00": ballard("July 25, 2025"), "2025-07-01 18:00": ballard("July 20, 2025")},
        until="2025-09-01 12:00",
        arrives=(
            "2025-07-13 09:00 Ballard premieres in 7 days",
            "2025-07-19 09:00 Ballard premieres tomorrow",
            "2025-07-20 09:00 Ballard is out today",
        ),
    ),
    Story(
        name="moved and moved back across a lead's own moment",
        config=ballard("July 9, 2025"),
        edits={"2025-07-01 18:00": ballard("July 20, 2025"), "2025-07-02 08:00": ballard("July 9, 2025")},
        until="2025-09-01 12:00",
        arrives=(
            "2025-07-02 09:00 Ballard premieres in 7 days",
            "2025-07-08 09:00 Ballard premieres tomorrow",
            "2025-07-09 09:00 Ballard is out today",
        ),
    ),
    Story(
        name="moved after the first lead, and moved back before anybody was told",
        config=ballard("July 9, 2025"),
        edits={"2025-07-02 12:00": ballard("July 20, 2025"), "2025-07-02 18:00": ballard("July 9, 2025")},
        until="2025-09-01 12:00",
        arrives=(
            "2025-07-02 09:00 Ballard premieres in 7 days",
            "2025-07-08 09:00 Ballard premieres tomorrow",
            "2025-07-09 09:00 Ballard is out today",
        ),
    ),
    Story(
        name="moved, told, and moved back",
        config=ballard("July 9, 2025"),
        edits={"2025-07-03 12:00": ballard("July 20, 2025"), "2025-07-05 12:00": ballard("July 9, 2025")},
        until="2025-09-01 12:00",
        arrives=(
            "2025-07-02 09:00 Ballard premieres in 7 days",
            "2025-07-04 09:00 Ballard moved from July 9 to July 20, 2025",
            "2025-07-06 09:00 Ballard moved from July 20 to July 9, 2025",
            "2025-07-08 09:00 Ballard premieres tomorrow",
            "2025-07-09 09:00 Ballard is out today",
        ),
    ),
    Story(
        name="moved to the day that a lead has named, one week on",
        config=ballard("July 9, 2025"),
        edits={"2025-07-08 15:00": ballard("July 16, 2025")},
        until="2025-09-01 12:00",
        arrives=(
            "2025-07-02 09:00 Ballard premieres in 7 days",
            "2025-07-08 09:00 Ballard premieres tomorrow",
            "2025-07-08 15:00 Ballard moved from July 9 to July 16, 2025",
            "2025-07-09 09:00 Ballard premieres in 7 days",
            "2025-07-15 09:00 Ballard premieres tomorrow",
            "2025-07-16 09:00 Ballard is out today",
        ),
    ),
    Story(
        name="A, B, A, B, each told",
        config=ballard("July 20, 2025"),
        edits={
            "2025-07-01 12:00": ballard("July 25, 2025"),
            "2025-07-03 12:00": ballard("July 20, 2025"),
            "2025-07-05 12:00": ballard("July 25, 2025"),
        },
        until="2025-09-01 12:00",
        arrives=(
            "2025-07-02 09:00 Ballard moved from July 20 to July 25, 2025",
            "2025-07-04 09:00 Ballard moved from July 25 to July 20, 2025",
            "2025-07-06 09:00 Ballard moved from July 20 to July 25, 2025",
            "2025-07-18 09:00 Ballard premieres in 7 days",
            "2025-07-24 09:00 Ballard premieres tomorrow",
            "2025-07-25 09:00 Ballard is out today",
        ),
    ),
    Story(
        name="A, B, A, B, with leads sent for both",
        config=ballard("July 9, 2025"),
        edits={
            "2025-07-03 12:00": ballard("July 12, 2025"),
            "2025-07-06 12:00": ballard("July 9, 2025"),
            "2025-07-07 12:00": ballard("July 12, 2025"),
        },
        until="2025-09-01 12:00",
        arrives=(
            "2025-07-02 09:00 Ballard premieres in 7 days",
            "2025-07-04 09:00 Ballard moved from July 9 to July 12, 2025",
            "2025-07-05 09:00 Ballard premieres in 7 days",
            "2025-07-07 09:00 Ballard moved from July 12 to July 9, 2025",
            "2025-07-08 09:00 Ballard moved from July 9 to July 12, 2025",
            "2025-07-11 09:00 Ballard premieres tomorrow",
            "2025-07-12 09:00 Ballard is out today",
        ),
    ),
    Story(
        name="A, B, A while the lead lies ahead: sent again for the same day",
        config=ballard("July 9, 2025", "remind: [1d]"),
        edits={"2025-07-08 10:00": ballard("July 10, 2025", "remind: [1d]")},
        until="2025-09-01 12:00",
        arrives=(
            "2025-07-08 09:00 Ballard premieres tomorrow",
            "2025-07-08 10:00 Ballard moved from July 9 to July 10, 2025",
            "2025-07-09 09:00 Ballard premieres tomorrow",
        ),
    ),
    Story(
        name="a weekly season shifted by a week",
        config=ballard("July 9, 2025", WEEKLY),
        edits={"2025-07-03 12:00": ballard("July 16, 2025", WEEKLY)},
        until="2025-09-01 12:00",
        arrives=(
            "2025-07-02 09:00 Ballard premieres in 7 days",
            "2025-07-04 09:00 Ballard moved from July 9 to July 16, 2025",
            "2025-07-09 09:00 Ballard premieres in 7 days",
            "2025-07-15 09:00 Ballard premieres tomorrow",
            "2025-07-16 09:00 Ballard is out today",
            "2025-07-23 09:00 Ballard episode 2 is out today",
            "2025-07-30 09:00 Ballard episode 3 is out today",
            "2025-08-06 09:00 The finale of Ballard is out today",
        ),
    ),
    Story(
        name="a break in the middle of a season",
        config="watch: [{title: Ballard, drop: [{episodes: 1, premiere: 2025-07-09}, {episodes: 1, premiere: 2025-07-16},"
        " {episodes: 1, premiere: 2025-07-23}, {episodes: 1, premiere: 2025-07-30}]}]",
        edits={
            "2025-07-18 12:00": "watch: [{title: Ballard, drop: [{episodes: 1, premiere: 2025-07-09},"
            " {episodes: 1, premiere: 2025-07-16}, {episodes: 1, premiere: 2025-08-20},"
            " {episodes: 1, premiere: 2025-08-27}]}]"
        },
        until="2025-09-10 12:00",
        arrives=(
            "2025-07-02 09:00 Ballard premieres in 7 days",
            "2025-07-08 09:00 Ballard premieres tomorrow",
            "2025-07-09 09:00 Ballard is out today",
            "2025-07-16 09:00 Ballard episode 2 is out today",
            "2025-07-19 09:00 Ballard episode 3 moved from July 23 to August 20, 2025",
            "2025-08-20 09:00 Ballard episode 3 is out today",
            "2025-08-27 09:00 The finale of Ballard is out today",
        ),
    ),
    Story(
        name="next year's season written into the same entry",
        config=ballard("July 9, 2025"),
        edits={"2026-03-01 12:00": ballard("July 8, 2026")},
        until="2026-09-01 12:00",
        arrives=(
            "2025-07-02 09:00 Ballard premieres in 7 days",
            "2025-07-08 09:00 Ballard premieres tomorrow",
            "2025-07-09 09:00 Ballard is out today",
            "2026-03-02 09:00 Ballard has a new date: Wednesday, July 8, 2026, in 128 days",
            "2026-07-01 09:00 Ballard premieres in 7 days",
            "2026-07-07 09:00 Ballard premieres tomorrow",
            "2026-07-08 09:00 Ballard is out today",
        ),
    ),
    Story(
        name="next year's season, known by its id",
        config=ballard("July 9, 2025", "id: ballard, season: 1"),
        edits={"2026-03-01 12:00": ballard("July 8, 2026", "id: ballard, season: 2")},
        until="2026-09-01 12:00",
        arrives=(
            "2025-07-02 09:00 Ballard season 1 premieres in 7 days",
            "2025-07-08 09:00 Ballard season 1 premieres tomorrow",
            "2025-07-09 09:00 Ballard season 1 is out today",
            "2026-03-02 09:00 Ballard season 2 now has a date: Wednesday, July 8, 2026, in 128 days",
            "2026-07-01 09:00 Ballard season 2 premieres in 7 days",
            "2026-07-07 09:00 Ballard season 2 premieres tomorrow",
            "2026-07-08 09:00 Ballard season 2 is out today",
        ),
    ),
    Story(
        name="next year's weekly season written over this year's",
        config=ballard("July 9, 2025", "episodes: 2, drop: weekly, remind: [day]"),
        edits={"2026-03-01 12:00": ballard("July 8, 2026", "episodes: 2, drop: weekly, remind: [day]")},
        until="2026-09-01 12:00",
        arrives=(
            "2025-07-09 09:00 Ballard is out today",
            "2025-07-16 09:00 The finale of Ballard is out today",
            "2026-03-02 09:00 Ballard has a new date: Wednesday, July 8, 2026, in 128 days",
            "2026-07-08 09:00 Ballard is out today",
            "2026-07-15 09:00 The finale of Ballard is out today",
        ),
    ),
    Story(
        name="a date put right on the day after",
        config=ballard("July 9, 2025"),
        edits={"2025-07-10 12:00": ballard("July 16, 2025")},
        until="2025-09-01 12:00",
        arrives=(
            "2025-07-02 09:00 Ballard premieres in 7 days",
            "2025-07-08 09:00 Ballard premieres tomorrow",
            "2025-07-09 09:00 Ballard is out today",
            "2025-07-10 12:00 Ballard moved from July 9 to July 16, 2025",
            "2025-07-15 09:00 Ballard premieres tomorrow",
            "2025-07-16 09:00 Ballard is out today",
        ),
    ),
    Story(
        name="cancelled, and on again",
        config=ballard("July 9, 2025"),
        edits={
            "2025-07-03 12:00": ballard("July 9, 2025", "cancelled: true"),
            "2025-07-06 12:00": ballard("July 16, 2025"),
        },
        until="2025-09-01 12:00",
        arrives=(
            "2025-07-02 09:00 Ballard premieres in 7 days",
            "2025-07-04 09:00 Ballard has been cancelled",
            "2025-07-07 09:00 Ballard is on again: Wednesday, July 16, 2025, in 9 days",
            "2025-07-09 09:00 Ballard premieres in 7 days",
            "2025-07-15 09:00 Ballard premieres tomorrow",
            "2025-07-16 09:00 Ballard is out today",
        ),
    ),
    Story(
        name="cancelled, and on again for the same day",
        config=ballard("July 9, 2025"),
        edits={
            "2025-07-03 12:00": ballard("July 9, 2025", "cancelled: true"),
            "2025-07-05 12:00": ballard("July 9, 2025"),
        },
        until="2025-09-01 12:00",
        arrives=(
            "2025-07-02 09:00 Ballard premieres in 7 days",
            "2025-07-04 09:00 Ballard has been cancelled",
            "2025-07-06 09:00 Ballard is on again: Wednesday, July 9, 2025, in 3 days",
            "2025-07-08 09:00 Ballard premieres tomorrow",
            "2025-07-09 09:00 Ballard is out today",
        ),
    ),
    Story(
        name="cancelled by mistake, put right before anybody was told",
        config=ballard("July 9, 2025"),
        edits={
            "2025-07-03 12:00": ballard("July 9, 2025", "cancelled: true"),
            "2025-07-03 12:10": ballard("July 9, 2025"),
        },
        until="2025-09-01 12:00",
        arrives=(
            "2025-07-02 09:00 Ballard premieres in 7 days",
            "2025-07-08 09:00 Ballard premieres tomorrow",
            "2025-07-09 09:00 Ballard is out today",
        ),
    ),
    Story(
        name="cancelled on the eve",
        config=ballard("July 9, 2025"),
        edits={"2025-07-08 15:00": ballard("July 9, 2025", "cancelled: true")},
        until="2025-09-01 12:00",
        arrives=(
            "2025-07-02 09:00 Ballard premieres in 7 days",
            "2025-07-08 09:00 Ballard premieres tomorrow",
            "2025-07-08 15:00 Ballard has been cancelled",
        ),
    ),
    Story(
        name="a whole season cancelled is one notice",
        config=ballard("July 9, 2025", WEEKLY),
        edits={"2025-07-03 12:00": ballard("July 9, 2025", WEEKLY + ", cancelled: true")},
        until="2025-09-01 12:00",
        arrives=(
            "2025-07-02 09:00 Ballard premieres in 7 days",
            "2025-07-04 09:00 Ballard has been cancelled",
        ),
    ),
    Story(
        name="withdrawn to sometime this year, then to a day again",
        config=ballard("July 9, 2025"),
        edits={"2025-07-03 12:00": ballard("2025"), "2025-07-20 12:00": ballard("August 20, 2025")},
        until="2025-09-01 12:00",
        arrives=(
            "2025-07-02 09:00 Ballard premieres in 7 days",
            "2025-07-04 09:00 Ballard no longer has a date: July 9 was withdrawn; now expected in 2025",
            "2025-07-21 09:00 Ballard now has a date: Wednesday, August 20, 2025, in 30 days",
            "2025-08-13 09:00 Ballard premieres in 7 days",
            "2025-08-19 09:00 Ballard premieres tomorrow",
            "2025-08-20 09:00 Ballard is out today",
        ),
    ),
    Story(
        name="a day gets its hour",
        config=ballard("2025-07-09"),
        edits={"2025-07-04 12:00": ballard("2025-07-09T07:00Z")},
        until="2025-09-01 12:00",
        arrives=(
            "2025-07-02 09:00 Ballard premieres in 7 days",
            "2025-07-08 09:00 Ballard premieres tomorrow at 12:30 PM",
            "2025-07-09 09:00 Ballard premieres today at 12:30 PM",
        ),
    ),
    Story(
        name="another hour of the same day",
        config=ballard("2025-07-09T07:00Z"),
        edits={"2025-07-04 12:00": ballard("2025-07-09T12:00Z")},
        until="2025-09-01 12:00",
        arrives=(
            "2025-07-02 09:00 Ballard premieres in 7 days",
            "2025-07-05 09:00 Ballard moved from 12:30 PM to 5:30 PM on July 9, 2025",
            "2025-07-08 09:00 Ballard premieres tomorrow at 5:30 PM",
            "2025-07-09 09:00 Ballard premieres today at 5:30 PM",
        ),
    ),
    Story(
        name="one instant spelt in another zone is no change",
        config=ballard("2025-07-09T00:00-07:00"),
        edits={"2025-07-04 12:00": ballard("2025-07-09 03:00 America/New_York")},
        until="2025-09-01 12:00",
        arrives=(
            "2025-07-02 09:00 Ballard premieres in 7 days",
            "2025-07-08 09:00 Ballard premieres tomorrow at 12:30 PM",
            "2025-07-09 09:00 Ballard premieres today at 12:30 PM",
        ),
    ),
    Story(
        name="from summer to fall to a month in it",
        begins="2025-05-20 12:00",
        config=ballard("summer 2025"),
        edits={"2025-07-04 12:00": ballard("fall 2025"), "2025-08-04 12:00": ballard("October 2025")},
        until="2026-01-10 12:00",
        arrives=(
            "2025-06-01 09:00 Ballard is expected sometime in summer 2025; no day is known yet",
            "2025-07-05 09:00 Ballard moved from summer 2025 to fall 2025",
            "2025-10-01 09:00 Ballard is expected in October 2025; no day is known yet",
        ),
    ),
    Story(
        name="a first date for what had none",
        config="watch: [Ballard]",
        edits={"2025-06-25 12:00": ballard("July 9, 2025")},
        until="2025-09-01 12:00",
        arrives=(
            "2025-06-26 09:00 Ballard now has a date: Wednesday, July 9, 2025, in 13 days",
            "2025-07-02 09:00 Ballard premieres in 7 days",
            "2025-07-08 09:00 Ballard premieres tomorrow",
            "2025-07-09 09:00 Ballard is out today",
        ),
    ),
    Story(
        name="dropped from the config for ten minutes, across a sending hour",
        config=ballard("July 9, 2025"),
        edits={"2025-07-02 08:55": NOTHING, "2025-07-02 09:05": ballard("July 9, 2025")},
        until="2025-09-01 12:00",
        arrives=(
            "2025-07-02 09:05 Ballard premieres in 7 days",
            "2025-07-08 09:00 Ballard premieres tomorrow",
            "2025-07-09 09:00 Ballard is out today",
        ),
    ),
    Story(
        name="dropped from the config for ten minutes, after a reminder",
        config=ballard("July 9, 2025"),
        edits={"2025-07-02 12:00": NOTHING, "2025-07-02 12:10": ballard("July 9, 2025")},
        until="2025-09-01 12:00",
        arrives=(
            "2025-07-02 09:00 Ballard premieres in 7 days",
            "2025-07-08 09:00 Ballard premieres tomorrow",
            "2025-07-09 09:00 Ballard is out today",
        ),
    ),
    Story(
        name="moved while dropped by mistake",
        config=ballard("July 9, 2025"),
        edits={"2025-07-03 12:00": NOTHING, "2025-07-03 12:10": ballard("July 20, 2025")},
        until="2025-09-01 12:00",
        arrives=(
            "2025-07-02 09:00 Ballard premieres in 7 days",
            "2025-07-04 09:00 Ballard moved from July 9 to July 20, 2025",
            "2025-07-13 09:00 Ballard premieres in 7 days",
            "2025-07-19 09:00 Ballard premieres tomorrow",
            "2025-07-20 09:00 Ballard is out today",
        ),
    ),
    Story(
        name="gone from the config for longer than the grace: a new subscription owes nothing of the past",
        config=ballard("July 9, 2025"),
        edits={"2025-07-01 12:00": NOTHING, "2025-07-04 12:00": ballard("July 9, 2025")},
        until="2025-09-01 12:00",
        arrives=(
            "2025-07-08 09:00 Ballard premieres tomorrow",
            "2025-07-09 09:00 Ballard is out today",
        ),
    ),
    Story(
        name="gone for good",
        config=ballard("July 9, 2025"),
        edits={"2025-07-03 12:00": NOTHING},
        until="2025-09-01 12:00",
        arrives=("2025-07-02 09:00 Ballard premieres in 7 days",),
    ),
    Story(
        name="an id given to a listed title adopts it, and its text may then be put right",
        config=ballard("July 9, 2025"),
        edits={
            "2025-07-03 12:00": ballard("July 9, 2025", "id: ballard"),
            "2025-07-04 12:00": "watch: [{title: 'Ballard (2025)', id: ballard, premiere: 2025-07-09}]",
        },
        until="2025-09-01 12:00",
        arrives=(
            "2025-07-02 09:00 Ballard premieres in 7 days",
            "2025-07-08 09:00 Ballard (2025) premieres tomorrow",
            "2025-07-09 09:00 Ballard (2025) is out today",
        ),
    ),
    Story(
        name="moved by people who want no notices",
        config=ballard("July 9, 2025") + "\nnotices: []",
        edits={"2025-07-03 12:00": ballard("July 12, 2025") + "\nnotices: []"},
        until="2025-09-01 12:00",
        arrives=(
            "2025-07-02 09:00 Ballard premieres in 7 days",
            "2025-07-05 09:00 Ballard premieres in 7 days",
            "2025-07-11 09:00 Ballard premieres tomorrow",
            "2025-07-12 09:00 Ballard is out today",
        ),
    ),
    Story(
        name="moved nearer than its lead, and no notices wanted: the latest lead goes instead",
        config=ballard("August 20, 2025") + "\nnotices: [cancelled]",
        edits={"2025-07-05 12:00": ballard("July 9, 2025") + "\nnotices: [cancelled]"},
        until="2025-09-01 12:00",
        arrives=(
            "2025-07-06 09:00 Ballard premieres in 3 days",
            "2025-07-08 09:00 Ballard premieres tomorrow",
            "2025-07-09 09:00 Ballard is out today",
        ),
    ),
    Story(
        name="moved into the past",
        config=ballard("August 20, 2025"),
        edits={"2025-07-12 12:00": ballard("July 9, 2025")},
        until="2025-09-10 12:00",
        arrives=("2025-07-13 09:00 Ballard moved from August 20 to July 9, 2025",),
    ),
    Story(
        name="withdrawn altogether, and set for the same day again",
        config=ballard("July 20, 2025"),
        edits={"2025-07-01 12:00": ballard("TBA"), "2025-07-05 12:00": ballard("July 20, 2025")},
        until="2025-09-01 12:00",
        arrives=(
            "2025-07-02 09:00 Ballard no longer has a date: July 20 was withdrawn; no new date is known",
            "2025-07-06 09:00 Ballard now has a date: Sunday, July 20, 2025, in 14 days",
            "2025-07-13 09:00 Ballard premieres in 7 days",
            "2025-07-19 09:00 Ballard premieres tomorrow",
            "2025-07-20 09:00 Ballard is out today",
        ),
    ),
    Story(
        name="emptied after it was out, and filled again for next year",
        config=ballard("July 9, 2025", "remind: [day]"),
        edits={
            "2025-08-01 12:00": ballard("TBA", "remind: [day]"),
            "2026-03-01 12:00": ballard("July 8, 2026", "remind: [day]"),
        },
        until="2026-08-01 12:00",
        arrives=(
            "2025-07-09 09:00 Ballard is out today",
            "2026-03-02 09:00 Ballard has a new date: Wednesday, July 8, 2026, in 128 days",
            "2026-07-08 09:00 Ballard is out today",
        ),
    ),
    Story(
        name="an old date put right long afterwards is no news",
        config=ballard("July 9, 2025", "remind: [day]"),
        edits={"2025-08-01 12:00": ballard("July 8, 2025", "remind: [day]")},
        until="2025-10-01 12:00",
        arrives=("2025-07-09 09:00 Ballard is out today",),
    ),
    Story(
        name="a weekly season shifted by a week in its middle: what is still to come counts as it now stands",
        config=ballard("July 9, 2025", WEEKLY + ", remind: [day]"),
        edits={"2025-07-21 12:00": ballard("July 16, 2025", WEEKLY + ", remind: [day]")},
        until="2025-09-01 12:00",
        arrives=(
            "2025-07-09 09:00 Ballard is out today",
            "2025-07-16 09:00 Ballard episode 2 is out today",
            "2025-07-22 09:00 Ballard episode 2 has a new date: Wednesday, July 23, 2025, tomorrow",
            "2025-07-23 09:00 Ballard episode 2 is out today",
            "2025-07-30 09:00 Ballard episode 3 is out today",
            "2025-08-06 09:00 The finale of Ballard is out today",
        ),
    ),
    Story(
        name="two episodes more than was said",
        config=ballard("July 9, 2025", "episodes: 2, drop: weekly, remind: [day]"),
        edits={"2025-07-12 12:00": ballard("July 9, 2025", "episodes: 4, drop: weekly, remind: [day]")},
        until="2025-09-01 12:00",
        arrives=(
            "2025-07-09 09:00 Ballard is out today",
            "2025-07-16 09:00 Ballard episode 2 is out today",
            "2025-07-23 09:00 Ballard episode 3 is out today",
            "2025-07-30 09:00 The finale of Ballard is out today",
        ),
    ),
    Story(
        name="all at once after all",
        config=ballard("July 9, 2025", WEEKLY + ", remind: [day]"),
        edits={"2025-07-01 12:00": ballard("July 9, 2025", "episodes: 4, remind: [day]")},
        until="2025-09-01 12:00",
        arrives=("2025-07-09 09:00 Ballard is out today",),
    ),
    Story(
        name="only the premiere for a while: what came out meanwhile is not made up for",
        config=ballard("July 9, 2025", WEEKLY + ", remind: [day]"),
        edits={
            "2025-07-10 12:00": ballard("July 9, 2025", WEEKLY + ", remind: [day], follow: premiere"),
            "2025-07-24 12:00": ballard("July 9, 2025", WEEKLY + ", remind: [day]"),
        },
        until="2025-09-01 12:00",
        arrives=("2025-07-09 09:00 Ballard is out today", "2025-07-30 09:00 The finale of Ballard is out today"),
    ),
    Story(
        name="written at the very sending hour, told at once",
        config=ballard("August 20, 2025"),
        edits={"2025-07-05 09:00": ballard("July 9, 2025")},
        until="2025-09-01 12:00",
        arrives=(
            "2025-07-05 09:00 Ballard moved from August 20 to July 9, 2025",
            "2025-07-08 09:00 Ballard premieres tomorrow",
            "2025-07-09 09:00 Ballard is out today",
        ),
    ),
    Story(
        name="a day gets its hour after its reminder at `release`: nothing repeated",
        config=ballard("2025-07-09", "remind: [release]"),
        edits={"2025-07-09 10:00": ballard("2025-07-09T07:00Z", "remind: [release]")},
        until="2025-09-01 12:00",
        arrives=("2025-07-09 09:00 Ballard is out today",),
    ),
    Story(
        name="put off by three hours just after it was said to be out",
        config=ballard("2025-07-09T07:00Z", "remind: [release]"),
        edits={"2025-07-09 13:00": ballard("2025-07-09T10:00Z", "remind: [release]")},
        until="2025-09-01 12:00",
        arrives=(
            "2025-07-09 12:30 Ballard is out (since 12:30 PM)",
            "2025-07-09 13:00 Ballard moved from 12:30 PM to 3:30 PM on July 9, 2025",
            "2025-07-09 15:30 Ballard is out (since 3:30 PM)",
        ),
    ),
    Story(
        name="an hour that turns the day in Honolulu is news there",
        zone="Pacific/Honolulu",
        base='channels: {mail: "json://127.0.0.1:9/"}\ntimezone: Pacific/Honolulu\n',
        config=ballard("2025-07-09", "remind: [day]"),
        edits={"2025-07-01 12:00": ballard("2025-07-09 00:00 America/Los_Angeles", "remind: [day]")},
        until="2025-09-01 12:00",
        arrives=(
            "2025-07-02 09:00 Ballard moved from July 9 to July 8, 2025",
            "2025-07-08 09:00 Ballard premieres today at 9:00 PM",
        ),
    ),
    Story(
        name="cancelled from the start, and then on",
        config=ballard("July 9, 2025", "cancelled: true"),
        edits={"2025-06-25 12:00": ballard("July 9, 2025", "remind: [day]")},
        until="2025-09-01 12:00",
        arrives=(
            "2025-06-26 09:00 Ballard is on again: Wednesday, July 9, 2025, in 13 days",
            "2025-07-09 09:00 Ballard is out today",
        ),
    ),
    Story(
        name="its text corrected without an id: another title, begun anew",
        config=ballard("July 9, 2025"),
        edits={"2025-07-05 12:00": ballard("July 9, 2025").replace("Ballard", "Ballard!")},
        until="2025-09-01 12:00",
        arrives=(
            "2025-07-02 09:00 Ballard premieres in 7 days",
            "2025-07-08 09:00 Ballard! premieres tomorrow",
            "2025-07-09 09:00 Ballard! is out today",
        ),
    ),
    Story(
        name="its text written in other letters of the same word: the same title",
        config=ballard("July 9, 2025").replace("Ballard", "Amélie"),
        edits={"2025-07-05 12:00": ballard("July 9, 2025").replace("Ballard", "  AME\u0301LIE ")},
        until="2025-09-01 12:00",
        arrives=(
            "2025-07-02 09:00 Amélie premieres in 7 days",
            "2025-07-08 09:00 AME\u0301LIE premieres tomorrow",
            "2025-07-09 09:00 AME\u0301LIE is out today",
        ),
    ),
]


@pytest.mark.parametrize("story", STORIES, ids=str)
def test_as_the_daemon_lives_it(story: Story) -> None:
    world = as_daemon(story)
    assert world.lines() == list(story.arrives)
    assert world.unexplained() == []


@pytest.mark.parametrize("story", STORIES, ids=str)
def test_as_a_timer_lives_it(story: Story) -> None:
    assert as_timer(story).lines() == list(story.arrives)
