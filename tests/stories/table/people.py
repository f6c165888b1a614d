"""What begins late, what is muted, whom a channel serves: nobody is owed the past, and nobody pays for another."""

from __future__ import annotations

from tests.support.story import Story

BALLARD = "watch: [{title: Ballard, premiere: 2025-07-09}]"
TWO = """
timezone: Asia/Kolkata
channels: {mail: "json://127.0.0.1:9/", phone: "json://127.0.0.1:9/phone"}
"""
THREE = """
timezone: Asia/Kolkata
channels: {a: "json://127.0.0.1:9/a", b: "json://127.0.0.1:9/b", c: "json://127.0.0.1:9/c"}
"""


def people(**settings: str) -> str:
    """Return three people with a channel each, and what each says beside it."""
    lines = [
        f"  {name}: {{channels: [{channel}]{', ' + more if (more := settings.get(name)) else ''}}}"
        for name, channel in (("asha", "a"), ("ravi", "b"), ("mei", "c"))
    ]
    return "subscribers:\n" + "\n".join(lines) + "\n" + BALLARD


STORIES = [
    Story(
        name="a lead added late is owed from then on",
        config="watch: [{title: Ballard, premiere: 2025-07-09, remind: [7d, day]}]",
        edits={"2025-07-05 12:00": "watch: [{title: Ballard, premiere: 2025-07-09, remind: [7d, 5d, 3d, day, +1d]}]"},
        until="2025-08-01 12:00",
        arrives=(
            "2025-07-02 09:00 Ballard premieres in 7 days",
            "2025-07-06 09:00 Ballard premieres in 3 days",
            "2025-07-09 09:00 Ballard is out today",
            "2025-07-10 09:00 Ballard came out yesterday",
        ),
    ),
    Story(
        name="a lead written in another way is the same lead",
        config="watch: [{title: Ballard, premiere: 2025-07-09, remind: [1w, day]}]",
        edits={"2025-07-05 12:00": "watch: [{title: Ballard, premiere: 2025-07-09, remind: [day, 7d]}]"},
        until="2025-08-01 12:00",
        arrives=("2025-07-02 09:00 Ballard premieres in 7 days", "2025-07-09 09:00 Ballard is out today"),
    ),
    Story(
        name="a lead taken away and put back is owed from when it is back",
        config="watch: [{title: Ballard, premiere: 2025-07-09, remind: [7d, day]}]",
        edits={
            "2025-07-01 12:00": "watch: [{title: Ballard, premiere: 2025-07-09, remind: [day]}]",
            "2025-07-03 12:00": "watch: [{title: Ballard, premiere: 2025-07-09, remind: [7d, day]}]",
        },
        until="2025-08-01 12:00",
        arrives=("2025-07-09 09:00 Ballard is out today",),
    ),
    Story(
        name="a title listed after its day says nothing",
        config="watch: []",
        edits={"2025-07-09 12:00": BALLARD},
        until="2025-08-01 12:00",
        arrives=(),
    ),
    Story(
        name="a title listed at the very sending hour is on time",
        config="watch: []",
        edits={"2025-07-09 09:00": BALLARD},
        until="2025-08-01 12:00",
        arrives=("2025-07-09 09:00 Ballard is out today",),
    ),
    Story(
        name="a title listed inside its month is not told that the month began",
        config="watch: []",
        edits={"2025-07-04 12:00": "watch: [{title: Ballard, premiere: July 2025}]"},
        until="2025-09-01 12:00",
        arrives=(),
    ),
    Story(
        name="with remind: [] only notices come",
        config="remind: []\n" + BALLARD,
        edits={"2025-07-03 12:00": "remind: []\nwatch: [{title: Ballard, premiere: 2025-07-16}]"},
        until="2025-08-01 12:00",
        arrives=("2025-07-04 09:00 Ballard moved from July 9 to July 16, 2025",),
    ),
    Story(
        name="a channel added late hears what comes later",
        base=TWO,
        config="subscribers: {me: {channels: [mail]}}\n" + BALLARD,
        edits={"2025-07-05 12:00": "subscribers: {me: {channels: [mail, phone]}}\n" + BALLARD},
        until="2025-08-01 12:00",
        arrives=(
            "2025-07-02 09:00 Ballard premieres in 7 days",
            "2025-07-08 09:00 Ballard premieres tomorrow",
            "2025-07-08 09:00 me/phone: Ballard premieres tomorrow",
            "2025-07-09 09:00 Ballard is out today",
            "2025-07-09 09:00 me/phone: Ballard is out today",
        ),
    ),
    Story(
        name="a person added late is owed what comes later",
        base=THREE,
        config="subscribers: {asha: {channels: [a]}}\n" + BALLARD,
        edits={"2025-07-05 12:00": "subscribers: {asha: {channels: [a]}, ravi: {channels: [b]}}\n" + BALLARD},
        until="2025-08-01 12:00",
        arrives=(
            "2025-07-02 09:00 asha/a: Ballard premieres in 7 days",
            "2025-07-08 09:00 asha/a: Ballard premieres tomorrow",
            "2025-07-08 09:00 ravi/b: Ballard premieres tomorrow",
            "2025-07-09 09:00 asha/a: Ballard is out today",
            "2025-07-09 09:00 ravi/b: Ballard is out today",
        ),
    ),
    Story(
        name="a person who came after a change is not told of it",
        base=THREE,
        config="subscribers: {asha: {channels: [a]}}\n" + BALLARD,
        edits={
            "2025-07-05 12:00": "subscribers: {asha: {channels: [a]}}\nwatch: [{title: Ballard, premiere: 2025-07-20}]",
            "2025-07-05 12:10": "subscribers: {asha: {channels: [a]}, ravi: {channels: [b]}}\n"
            "watch: [{title: Ballard, premiere: 2025-07-20, remind: [day]}]",
        },
        until="2025-08-01 12:00",
        arrives=(
            "2025-07-02 09:00 asha/a: Ballard premieres in 7 days",
            "2025-07-06 09:00 asha/a: Ballard moved from July 9 to July 20, 2025",
            "2025-07-20 09:00 asha/a: Ballard is out today",
            "2025-07-20 09:00 ravi/b: Ballard is out today",
        ),
    ),
    Story(
        name="a name added late in `for`, with leads of its own",
        base=THREE,
        config=people().replace("2025-07-09", "2025-07-09, for: [asha]"),
        edits={
            "2025-07-05 12:00": people().replace("2025-07-09", "2025-07-09, for: {asha: {}, mei: {remind: [7d, 2d]}}")
        },
        until="2025-08-01 12:00",
        arrives=(
            "2025-07-02 09:00 asha/a: Ballard premieres in 7 days",
            "2025-07-07 09:00 mei/c: Ballard premieres in 2 days",
            "2025-07-08 09:00 asha/a: Ballard premieres tomorrow",
            "2025-07-09 09:00 asha/a: Ballard is out today",
        ),
    ),
    Story(
        name="muted by one of three",
        base=THREE,
        config=people(ravi="mute: [Ballard]"),
        until="2025-08-01 12:00",
        arrives=(
            "2025-07-02 09:00 asha/a: Ballard premieres in 7 days",
            "2025-07-02 09:00 mei/c: Ballard premieres in 7 days",
            "2025-07-08 09:00 asha/a: Ballard premieres tomorrow",
            "2025-07-08 09:00 mei/c: Ballard premieres tomorrow",
            "2025-07-09 09:00 asha/a: Ballard is out today",
            "2025-07-09 09:00 mei/c: Ballard is out today",
        ),
    ),
    Story(
        name="muted for a while: what passed in between stays unsaid",
        config=BALLARD + "\nmute: [Ballard]",
        edits={"2025-07-05 12:00": BALLARD},
        until="2025-08-01 12:00",
        arrives=("2025-07-08 09:00 Ballard premieres tomorrow", "2025-07-09 09:00 Ballard is out today"),
    ),
    Story(
        name="muted, moved, and heard again: the notice in between stays unsaid",
        config=BALLARD + "\nmute: [Ballard]",
        edits={
            "2025-07-03 12:00": "watch: [{title: Ballard, premiere: 2025-07-16}]\nmute: [Ballard]",
            "2025-07-05 12:00": "watch: [{title: Ballard, premiere: 2025-07-16}]",
        },
        until="2025-08-01 12:00",
        arrives=(
            "2025-07-09 09:00 Ballard premieres in 7 days",
            "2025-07-15 09:00 Ballard premieres tomorrow",
            "2025-07-16 09:00 Ballard is out today",
        ),
    ),
    Story(
        name="each in their own zone, hour and ladder",
        base=THREE,
        config=people(ravi="timezone: America/New_York, at: '20:00', remind: [1d]", mei="remind: []"),
        until="2025-08-01 12:00",
        arrives=(
            "2025-07-02 09:00 asha/a: Ballard premieres in 7 days",
            "2025-07-08 09:00 asha/a: Ballard premieres tomorrow",
            "2025-07-09 05:30 ravi/b: Ballard premieres tomorrow",
            "2025-07-09 09:00 asha/a: Ballard is out today",
        ),
    ),
    Story(
        name="a channel that takes only premieres and moves",
        base=TWO.replace(
            'phone: "json://127.0.0.1:9/phone"', 'phone: {url: "json://127.0.0.1:9/p", only: [premiere, moved]}'
        ),
        config="watch: [{title: Ballard, premiere: 2025-07-09, episodes: 3, drop: weekly, remind: [day]}]",
        edits={
            "2025-07-03 12:00": "watch: [{title: Ballard, premiere: 2025-07-16, episodes: 3, drop: weekly, remind: [day]}]",
            "2025-07-18 12:00": "watch: [{title: Ballard, premiere: 2025-07-16, episodes: 3, drop: weekly, remind: [day],"
            " cancelled: true}]",
        },
        until="2025-09-01 12:00",
        arrives=(
            "2025-07-04 09:00 Ballard moved from July 9 to July 16, 2025",
            "2025-07-04 09:00 me/phone: Ballard moved from July 9 to July 16, 2025",
            "2025-07-16 09:00 Ballard is out today",
            "2025-07-16 09:00 me/phone: Ballard is out today",
            "2025-07-19 09:00 Ballard has been cancelled",
        ),
    ),
    Story(
        name="a channel without notices gets the lead that the notice stands for",
        base=TWO.replace('phone: "json://127.0.0.1:9/phone"', 'phone: {url: "json://127.0.0.1:9/p", only: [premiere]}'),
        config="watch: [{title: Ballard, premiere: 2025-08-20}]",
        edits={"2025-07-05 12:00": BALLARD},
        until="2025-09-01 12:00",
        arrives=(
            "2025-07-06 09:00 Ballard moved from August 20 to July 9, 2025",
            "2025-07-06 09:00 me/phone: Ballard premieres in 3 days",
            "2025-07-08 09:00 Ballard premieres tomorrow",
            "2025-07-08 09:00 me/phone: Ballard premieres tomorrow",
            "2025-07-09 09:00 Ballard is out today",
            "2025-07-09 09:00 me/phone: Ballard is out today",
        ),
    ),
    Story(
        name="follow: premiere and follow: finale",
        config="watch:\n"
        "  - {title: One, premiere: 2025-07-09, episodes: 3, drop: weekly, follow: premiere, remind: [day]}\n"
        "  - {title: Last, premiere: 2025-07-09, episodes: 3, drop: weekly, follow: finale, remind: [1d, day]}",
        until="2025-09-01 12:00",
        arrives=(
            "2025-07-09 09:00 One is out today",
            "2025-07-22 09:00 The finale of Last comes out tomorrow",
            "2025-07-23 09:00 The finale of Last is out today",
        ),
    ),
    Story(
        name="another zone in the middle: nothing repeated, what is past and unsent goes at once",
        config=BALLARD,
        edits={"2025-07-08 06:00": "timezone: Pacific/Auckland\n" + BALLARD},
        base='channels: {mail: "json://127.0.0.1:9/"}\n',
        until="2025-08-01 12:00",
        arrives=(
            "2025-07-02 09:00 Ballard premieres in 7 days",
            "2025-07-08 06:00 Ballard premieres tomorrow",
            "2025-07-09 02:30 Ballard is out today",
        ),
    ),
    Story(
        name="a zone behind in the middle: nothing repeated",
        config=BALLARD,
        edits={"2025-07-08 10:00": "timezone: America/New_York\n" + BALLARD},
        base='channels: {mail: "json://127.0.0.1:9/"}\n',
        until="2025-08-01 12:00",
        arrives=(
            "2025-07-02 09:00 Ballard premieres in 7 days",
            "2025-07-08 09:00 Ballard premieres tomorrow",
            "2025-07-09 18:30 Ballard is out today",
        ),
    ),
    Story(
        name="an earlier hour in the middle: what is past and unsent goes at once",
        config=BALLARD,
        edits={"2025-07-08 08:00": "at: '07:00'\n" + BALLARD},
        until="2025-08-01 12:00",
        arrives=(
            "2025-07-02 09:00 Ballard premieres in 7 days",
            "2025-07-08 08:00 Ballard premieres tomorrow",
            "2025-07-09 07:00 Ballard is out today",
        ),
    ),
    Story(
        name="a later hour in the middle: nothing repeated",
        config=BALLARD,
        edits={"2025-07-08 10:00": "at: '20:00'\n" + BALLARD},
        until="2025-08-01 12:00",
        arrives=(
            "2025-07-02 09:00 Ballard premieres in 7 days",
            "2025-07-08 09:00 Ballard premieres tomorrow",
            "2025-07-09 20:00 Ballard is out today",
        ),
    ),
    Story(
        name="followed and the hour put earlier on one day: what was still to come when it began goes at once",
        begins="2025-07-08 10:00",
        config="at: '20:00'\n" + BALLARD,
        edits={"2025-07-08 12:00": "at: '09:00'\n" + BALLARD},
        until="2025-08-01 12:00",
        arrives=("2025-07-08 12:00 Ballard premieres tomorrow", "2025-07-09 09:00 Ballard is out today"),
    ),
    Story(
        name="followed in New York and moved to Kolkata on one day: the evening's message goes at once",
        begins="2025-07-08 20:00",
        zone="Asia/Kolkata",
        base='channels: {mail: "json://127.0.0.1:9/"}\n',
        config="timezone: America/New_York\nat: '18:00'\n" + BALLARD,
        edits={"2025-07-08 22:00": "timezone: Asia/Kolkata\nat: '18:00'\n" + BALLARD},
        until="2025-08-01 12:00",
        arrives=("2025-07-08 22:00 Ballard premieres tomorrow", "2025-07-09 18:00 Ballard is out today"),
    ),
    Story(
        name="followed after the hour, which is then put later: what had passed stays passed",
        begins="2025-07-08 10:00",
        config="remind: [1d]\n" + BALLARD,
        edits={"2025-07-08 12:00": "remind: [1d]\nat: '20:00'\n" + BALLARD},
        until="2025-08-01 12:00",
        arrives=(),
    ),
    Story(
        name="the hour put later long after: nothing is taken for missed",
        begins="2025-07-08 10:00",
        config="remind: [1d]\n" + BALLARD,
        edits={"2025-07-20 12:00": "remind: [1d]\nat: '20:00'\n" + BALLARD},
        until="2025-08-01 12:00",
        arrives=(),
    ),
    Story(
        name="another hour and back again",
        begins="2025-07-08 08:00",
        config=BALLARD,
        edits={"2025-07-08 08:20": "at: '20:00'\n" + BALLARD, "2025-07-08 10:00": BALLARD},
        until="2025-08-01 12:00",
        arrives=("2025-07-08 10:00 Ballard premieres tomorrow", "2025-07-09 09:00 Ballard is out today"),
    ),
]
