"""The long stories of moved dates: what one person hears over the months, each from what SPEC 2, 4 and 5 say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from reminder.core.model.entities import Drop, Kind, Pace
from tests.support.stories import Life, a_title, at, lived, person, quiet

LEADS = ["07-02 09:00 reminder 7d", "07-08 09:00 reminder 1d", "07-09 09:00 reminder day"]
LEADS_OF_THE_20TH = ["07-13 09:00 reminder 7d", "07-19 09:00 reminder 1d", "07-20 09:00 reminder day"]
MIDNIGHT_IN_LA = "2025-07-09T00:00-07:00"


@dataclass(frozen=True, kw_only=True)
class Told:
    """A story: the first date, what happens when, and what goes out."""

    first: str | None = "July 9, 2025"
    events: Sequence[tuple[str, str]] = ()
    hears: Sequence[str] = ()
    start: str = "2025-06-01 10:00"
    until: str = "2025-09-01 00:00"
    ladder: list[str] | None = None
    who: dict[str, Any] = field(default_factory=dict)


STORIES = {
    "as announced": Told(hears=LEADS),
    "said for July, then for the 9th inside its 7-day lead": Told(
        first="July 2025",
        events=[("2025-07-04 10:00", "July 9, 2025")],
        hears=["07-01 09:00 window", "07-05 09:00 announced", *LEADS[1:]],
    ),
    "moved from August to tomorrow": Told(
        first="August 8, 2025",
        events=[("2025-07-04 10:00", "July 5, 2025")],
        hears=["07-04 10:00 moved", "07-05 09:00 reminder day"],
    ),
    "moved to today, after the sending hour": Told(
        first="August 8, 2025", events=[("2025-07-04 10:00", "July 4, 2025")], hears=["07-04 10:00 moved"]
    ),
    "tomorrow's premiere put off": Told(
        events=[("2025-07-08 10:00", "July 20, 2025")],
        hears=[*LEADS[:2], "07-08 10:00 moved", *LEADS_OF_THE_20TH],
    ),
    "two days off is not close": Told(
        events=[("2025-07-07 10:00", "July 20, 2025")],
        hears=[LEADS[0], "07-08 09:00 moved", *LEADS_OF_THE_20TH],
    ),
    "moved and moved back before it was told": Told(
        events=[("2025-06-10 10:00", "July 20, 2025"), ("2025-06-10 12:00", "July 9, 2025")], hears=LEADS
    ),
    "moved and moved back after it was told": Told(
        events=[("2025-06-10 10:00", "July 20, 2025"), ("2025-06-12 10:00", "July 9, 2025")],
        hears=["06-11 09:00 moved", "06-13 09:00 moved", *LEADS],
    ),
    "moved and moved back after a lead for the first date": Told(
        events=[("2025-07-03 10:00", "July 20, 2025"), ("2025-07-04 10:00", "July 9, 2025")],
        hears=[LEADS[0], "07-04 09:00 moved", "07-05 09:00 moved", *LEADS[1:]],
    ),
    "moved and moved back over the moment of a lead, which is late": Told(
        events=[("2025-07-02 08:00", "July 20, 2025"), ("2025-07-02 08:30", "July 9, 2025")], hears=LEADS
    ),
    "to and fro and to again, told each time": Told(
        events=[
            ("2025-06-10 10:00", "July 20, 2025"),
            ("2025-06-12 10:00", "July 9, 2025"),
            ("2025-06-14 10:00", "July 20, 2025"),
        ],
        hears=["06-11 09:00 moved", "06-13 09:00 moved", "06-15 09:00 moved", *LEADS_OF_THE_20TH],
    ),
    "to and fro and to again within a day": Told(
        events=[
            ("2025-06-10 10:00", "July 20, 2025"),
            ("2025-06-10 11:00", "July 9, 2025"),
            ("2025-06-10 12:00", "July 20, 2025"),
        ],
        hears=["06-11 09:00 moved", *LEADS_OF_THE_20TH],
    ),
    "moved twice before it was told": Told(
        events=[("2025-06-10 10:00", "July 15, 2025"), ("2025-06-10 12:00", "July 20, 2025")],
        hears=["06-11 09:00 moved", *LEADS_OF_THE_20TH],
    ),
    "a lead sent for the old date is sent for the new one too": Told(
        events=[("2025-07-03 10:00", "July 20, 2025")], hears=[LEADS[0], "07-04 09:00 moved", *LEADS_OF_THE_20TH]
    ),
    "cancelled and on again": Told(
        events=[("2025-06-10 10:00", "cancelled"), ("2025-06-20 10:00", "July 9, 2025")],
        hears=["06-11 09:00 cancelled", "06-21 09:00 announced", *LEADS],
    ),
    "cancelled and on again inside the 7-day lead": Told(
        events=[("2025-07-03 10:00", "cancelled"), ("2025-07-04 10:00", "July 9, 2025")],
        hears=[LEADS[0], "07-04 09:00 cancelled", "07-05 09:00 announced", *LEADS[1:]],
    ),
    "cancelled by mistake for an hour": Told(
        events=[("2025-06-10 10:00", "cancelled"), ("2025-06-10 11:00", "July 9, 2025")], hears=LEADS
    ),
    "cancelled the day before": Told(
        events=[("2025-07-08 10:00", "cancelled")], hears=[*LEADS[:2], "07-08 10:00 cancelled"]
    ),
    "a day gets its instant on the same local day": Told(events=[("2025-06-10 10:00", MIDNIGHT_IN_LA)], hears=LEADS),
    "a day gets its instant between two leads": Told(
        events=[("2025-07-03 10:00", MIDNIGHT_IN_LA)],
        ladder=["7d", "1d", "release"],
        hears=[*LEADS[:2], "07-09 12:30 reminder release"],
    ),
    "a day gets its instant when an hour lead for it has passed": Told(
        events=[("2025-07-09 08:00", MIDNIGHT_IN_LA)],
        ladder=["7d", "12h", "release"],
        hears=[LEADS[0], "07-09 08:00 reminder 12h", "07-09 12:30 reminder release"],
    ),
    "a day gets an instant that is the evening before in Honolulu": Told(
        events=[("2025-06-10 10:00", MIDNIGHT_IN_LA)],
        who={"zone": "Pacific/Honolulu"},
        hears=[
            "06-11 09:00 moved",
            "07-01 09:00 reminder 7d",
            "07-07 09:00 reminder 1d",
            "07-08 09:00 reminder day",
        ],
    ),
    "an instant moves to another clock time": Told(
        first=MIDNIGHT_IN_LA,
        events=[("2025-06-10 10:00", "2025-07-09T01:00-07:00")],
        hears=["06-11 09:00 moved", *LEADS],
    ),
    "an instant is spelt in another zone": Told(
        first=MIDNIGHT_IN_LA, events=[("2025-06-10 10:00", "2025-07-09T07:00Z")], hears=LEADS
    ),
    "an instant loses its clock time": Told(
        first=MIDNIGHT_IN_LA, events=[("2025-06-10 10:00", "July 9, 2025")], hears=LEADS
    ),
    "withdrawn to its month, and announced again": Told(
        events=[("2025-06-10 10:00", "July 2025"), ("2025-07-20 10:00", "July 30, 2025")],
        hears=[
            "06-11 09:00 withdrawn",
            "07-01 09:00 window",
            "07-21 09:00 announced",
            "07-23 09:00 reminder 7d",
            "07-29 09:00 reminder 1d",
            "07-30 09:00 reminder day",
        ],
    ),
    "withdrawn to the month that has begun": Told(
        events=[("2025-07-03 10:00", "July 2025")], hears=[LEADS[0], "07-04 09:00 withdrawn"]
    ),
    "withdrawn altogether": Told(events=[("2025-06-10 10:00", "TBA")], hears=["06-11 09:00 withdrawn"]),
    "from a quarter to one that does not overlap": Told(
        first="Q3 2025",
        events=[("2025-06-10 10:00", "Q4 2025")],
        hears=["06-11 09:00 moved", "10-01 09:00 window"],
        until="2026-01-01 00:00",
    ),
    "a window that narrows to a later one speaks on its first day": Told(
        first="summer 2025",
        events=[("2025-06-10 10:00", "July 2025"), ("2025-07-10 10:00", "Q3 2025")],
        start="2025-05-20 10:00",
        hears=["06-01 09:00 window", "07-01 09:00 window"],
    ),
    "a window that widens is not told again": Told(
        first="July 2025",
        events=[("2025-07-10 10:00", "Q3 2025"), ("2025-07-20 10:00", "summer 2025")],
        hears=["07-01 09:00 window"],
    ),
    "a window that narrows to its first month is not told again": Told(
        first="Q3 2025", events=[("2025-07-10 10:00", "July 2025")], hears=["07-01 09:00 window"]
    ),
    "a window that is fulfilled is announced": Told(
        first="summer 2025",
        events=[("2025-06-10 10:00", "July 9, 2025")],
        start="2025-05-20 10:00",
        hears=["06-01 09:00 window", "06-11 09:00 announced", *LEADS],
    ),
    "summer, then no date, then fall": Told(
        first="summer 2025",
        events=[("2025-07-10 10:00", "TBA"), ("2025-08-10 10:00", "fall 2025")],
        start="2025-05-20 10:00",
        hears=["06-01 09:00 window", "09-01 09:00 window"],
        until="2026-01-01 00:00",
    ),
    "a year says nothing until it becomes a month that has begun": Told(
        first="2025", events=[("2025-07-05 10:00", "July 2025")], hears=["07-05 10:00 window"]
    ),
    "no date, then one": Told(
        first=None, events=[("2025-06-10 10:00", "July 9, 2025")], hears=["06-11 09:00 announced", *LEADS]
    ),
    "no date, then tomorrow": Told(
        first=None,
        events=[("2025-07-08 10:00", "July 9, 2025")],
        hears=["07-08 10:00 announced", "07-09 09:00 reminder day"],
    ),
    "next season in the same entry": Told(
        events=[("2025-12-01 10:00", "July 8, 2026")],
        hears=[
            *LEADS,
            "12-02 09:00 announced",
            "07-01 09:00 reminder 7d",
            "07-07 09:00 reminder 1d",
            "07-08 09:00 reminder day",
        ],
        until="2026-09-01 00:00",
    ),
    "next season in the same entry, first without a day": Told(
        events=[("2025-08-01 10:00", "fall 2025"), ("2025-09-10 10:00", "October 1, 2025")],
        hears=[
            *LEADS,
            "09-01 09:00 window",
            "09-11 09:00 announced",
            "09-24 09:00 reminder 7d",
            "09-30 09:00 reminder 1d",
            "10-01 09:00 reminder day",
        ],
        until="2026-01-01 00:00",
    ),
    "put off the day after it should have been": Told(
        events=[("2025-07-10 10:00", "July 20, 2025")],
        hears=[*LEADS, "07-10 10:00 moved", *LEADS_OF_THE_20TH],
    ),
    "put off within grace, told after it": Told(
        events=[("2025-07-11 10:00", "July 20, 2025")],
        hears=[*LEADS, "07-12 09:00 moved", *LEADS_OF_THE_20TH],
    ),
    "a correction of what is long over is nobody's news": Told(
        events=[("2025-07-20 10:00", "July 10, 2025"), ("2025-07-21 10:00", "July 8, 2025")], hears=LEADS
    ),
    "a correction of what is long over brings back no lead that was not owed before": Told(
        start="2025-07-05 10:00", events=[("2025-07-20 10:00", "July 15, 2025")], hears=LEADS[1:]
    ),
    "moved to yesterday": Told(events=[("2025-06-10 10:00", "June 9, 2025")], hears=["06-10 10:00 moved"]),
    "down from before the 7-day lead until two days before": Told(
        events=[("2025-06-30 10:00", "down"), ("2025-07-07 10:00", "up")],
        hears=["07-07 10:00 reminder 7d", *LEADS[1:]],
    ),
    "down until the day after": Told(
        events=[("2025-06-30 10:00", "down"), ("2025-07-10 10:00", "up")], hears=["07-10 10:00 reminder day"]
    ),
    "down for ten days across the premiere": Told(
        events=[("2025-07-05 10:00", "down"), ("2025-07-15 10:00", "up")],
        hears=[LEADS[0], "07-15 10:00 missed"],
    ),
    "down for ten days across the premiere, with a lead for the week after": Told(
        events=[("2025-07-05 10:00", "down"), ("2025-07-16 10:00", "up")],
        ladder=["7d", "day", "+1w"],
        hears=[LEADS[0], "07-16 10:00 reminder +1w"],
    ),
    "down for more than a month": Told(
        events=[("2025-07-05 10:00", "down"), ("2025-08-15 10:00", "up")], hears=[LEADS[0]]
    ),
    "up again in quiet hours": Told(
        events=[("2025-06-30 10:00", "down"), ("2025-07-07 23:00", "up")],
        who={"quiet": quiet("22:00-08:30")},
        hears=["07-08 08:30 reminder 7d", LEADS[2]],
    ),
    "up again in quiet hours that end at the sending hour": Told(
        events=[("2025-06-30 10:00", "down"), ("2025-07-07 23:00", "up")],
        who={"quiet": quiet("22:00-09:00")},
        hears=LEADS[1:],
    ),
    "up again in quiet hours after ten days": Told(
        events=[("2025-07-05 10:00", "down"), ("2025-07-14 23:00", "up")],
        who={"quiet": quiet("22:00-08:00")},
        hears=[LEADS[0], "07-15 08:00 missed"],
    ),
    "moved to tomorrow in quiet hours": Told(
        first="August 8, 2025",
        events=[("2025-07-04 23:00", "July 5, 2025")],
        who={"quiet": quiet("22:00-08:00")},
        hears=["07-05 08:00 moved"],
    ),
    "moved in quiet hours to far off": Told(
        first="August 8, 2025",
        events=[("2025-06-04 23:00", "July 9, 2025")],
        who={"quiet": quiet("22:00-08:00")},
        hears=["06-05 09:00 moved", *LEADS],
    ),
    "who wants no notices gets the latest lead instead": Told(
        first="August 8, 2025",
        events=[("2025-07-04 10:00", "July 9, 2025")],
        who={"notices": frozenset()},
        hears=["07-05 09:00 reminder 7d", *LEADS[1:]],
    ),
    "who wants no notices hears of a far move by its leads only": Told(
        events=[("2025-06-10 10:00", "July 20, 2025")], who={"notices": frozenset()}, hears=LEADS_OF_THE_20TH
    ),
    "who wants only cancellations": Told(
        events=[("2025-06-10 10:00", "July 20, 2025"), ("2025-06-20 10:00", "cancelled")],
        who={"notices": frozenset({Kind.CANCELLED})},
        hears=["06-21 09:00 cancelled"],
    ),
    "only notices": Told(ladder=[], events=[("2025-06-10 10:00", "July 20, 2025")], hears=["06-11 09:00 moved"]),
    "only notices, and a month that begins": Told(
        first="July 2025", ladder=[], events=[("2025-07-10 10:00", "July 20, 2025")], hears=["07-11 09:00 announced"]
    ),
    "muted over the 7-day lead": Told(
        events=[("2025-07-01 10:00", "mute"), ("2025-07-05 10:00", "unmute")], hears=LEADS[1:]
    ),
    "muted and unmuted before anything was due": Told(
        events=[("2025-06-10 10:00", "mute"), ("2025-06-11 10:00", "unmute")], hears=LEADS
    ),
    "moved while muted": Told(
        events=[("2025-06-10 10:00", "mute"), ("2025-06-11 10:00", "July 20, 2025"), ("2025-07-01 10:00", "unmute")],
        hears=LEADS_OF_THE_20TH,
    ),
    "a lead for the new date comes before the notice, and is all there is to say": Told(
        first="2025-08-08T12:00Z",
        events=[("2025-07-07 10:00", "2025-07-09T23:00+05:30")],
        ladder=["7d", "60h", "release"],
        hears=["07-07 11:00 reminder 60h", "07-09 23:00 reminder release"],
    ),
}


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES.keys())
def test_one_person_hears_of_one_title_over_the_months(story: Told) -> None:
    life = Life(
        a_title(when=story.first), person(**story.who), began=at(story.start, _zone(story)), ladder=story.ladder
    )

    assert lived(life, list(story.events), story.until, start=story.start) == list(story.hears)


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES.keys())
def test_nothing_more_is_said_at_the_end_of_a_story(story: Told) -> None:
    life = Life(
        a_title(when=story.first), person(**story.who), began=at(story.start, _zone(story)), ladder=story.ladder
    )
    lived(life, list(story.events), story.until, start=story.start)

    assert not life.sent(at(story.until, _zone(story)))


def _zone(story: Told) -> str:
    return str(story.who.get("zone", "Asia/Kolkata"))


WEEKLY: dict[str, Any] = {"episodes": 4, "drop": Drop(pace=Pace.WEEKLY)}
EPISODES = ["07-16 09:00 reminder day", "07-23 09:00 reminder day", "07-30 09:00 reminder day"]
SHIFTED = [
    "07-09 09:00 reminder 7d",
    "07-15 09:00 reminder 1d",
    "07-16 09:00 reminder day",
    "07-23 09:00 reminder day",
    "07-30 09:00 reminder day",
    "08-06 09:00 reminder day",
]

SEASONS = {
    "a weekly season": ([], [*LEADS, *EPISODES]),
    "shifted by a week: one notice, and every episode's own lead on its new day": (
        [("2025-06-10 10:00", "July 16, 2025")],
        ["06-11 09:00 moved", *SHIFTED],
    ),
    "shifted by a week when the first lead has gone out": (
        [("2025-07-03 10:00", "July 16, 2025")],
        ["07-02 09:00 reminder 7d", "07-04 09:00 moved", *SHIFTED],
    ),
    "shifted and shifted back": (
        [("2025-06-10 10:00", "July 16, 2025"), ("2025-06-12 10:00", "July 9, 2025")],
        ["06-11 09:00 moved", "06-13 09:00 moved", *LEADS, *EPISODES],
    ),
    "shifted by a day when two episodes are out: the notice is about the next one": (
        [("2025-07-20 10:00", "July 10, 2025")],
        [*LEADS, EPISODES[0], "07-21 09:00 moved", "07-24 09:00 reminder day", "07-31 09:00 reminder day"],
    ),
    "cancelled halfway": ([("2025-07-20 10:00", "cancelled")], [*LEADS, EPISODES[0], "07-21 09:00 cancelled"]),
    "cancelled halfway, and on again": (
        [("2025-07-18 10:00", "cancelled"), ("2025-07-20 10:00", "July 9, 2025")],
        [*LEADS, EPISODES[0], "07-19 09:00 cancelled", "07-21 09:00 announced", *EPISODES[1:]],
    ),
    "down for two episodes": (
        [("2025-07-15 10:00", "down"), ("2025-07-27 10:00", "up")],
        [*LEADS, "07-27 10:00 missed", "07-27 10:00 missed", EPISODES[2]],
    ),
}


@pytest.mark.parametrize(("events", "hears"), SEASONS.values(), ids=SEASONS.keys())
def test_one_person_hears_of_a_weekly_season(events: list[tuple[str, str]], hears: list[str]) -> None:
    life = Life(a_title(when="July 9, 2025", **WEEKLY), began=at("2025-06-01 10:00"))

    assert lived(life, events, "2025-10-01 00:00") == hears
