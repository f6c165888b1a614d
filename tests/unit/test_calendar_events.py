"""The events of a person's calendar: what SPEC 11 says of days, instants, months, moves and cancellations."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminder.core.model.drop import Drop, Pace
from reminder.core.schedule.calendar_events import (
    MOST_EVENTS,
    CalendarEvent,
    CalendarTitle,
    calendar_events,
)
from reminder.usecases.calendar_writer import write_calendar
from tests.support.rules import Life, a_title, at, person, quiet
from tests.support.whens import stored_whens

NOW = at("2025-06-20 12:00")
WEEKLY: dict[str, Any] = {"episodes": 4, "drop": Drop(pace=Pace.WEEKLY)}


def followed(life: Life, id_: int = 1) -> CalendarTitle:
    return CalendarTitle(id=id_, subscription=life.sub, history=life.story)


def life_of(
    name: str = "Ballard", when: str | None = "July 9, 2025", ladder: list[str] | None = None, **of: Any
) -> Life:
    return Life(a_title(name, when, **of), began=at("2025-06-01 10:00"), ladder=ladder)


def events(*lives: Life, now: datetime = NOW, alarms: bool = False) -> tuple[CalendarEvent, ...]:
    items = [followed(life, number) for number, life in enumerate(lives, 1)]
    return calendar_events(items, person(), owner="1", identity="d", now=now, with_alarms=alarms)


def told(*lives: Life, now: datetime = NOW) -> list[tuple[str, str]]:
    return [(str(event.start), event.summary) for event in events(*lives, now=now)]


def test_a_day_is_a_day_and_an_instant_is_utc() -> None:
    day, instant = life_of(), life_of("Silo", "2025-07-11 00:00 America/Los_Angeles")
    assert [event.start for event in events(day, instant)] == [date(2025, 7, 9), datetime(2025, 7, 11, 7, tzinfo=UTC)]


def test_each_release_of_a_season_has_an_event_with_what_drops_and_where() -> None:
    found = events(life_of(platform="Prime Video", note="with Anna", **WEEKLY))
    assert [(str(event.start), event.summary) for event in found] == [
        ("2025-07-09", "Ballard"),
        ("2025-07-16", "Ballard episode 2"),
        ("2025-07-23", "Ballard episode 3"),
        ("2025-07-30", "The finale of Ballard"),
    ]
    assert found[0].description == "Wednesday, July 9, 2025: episode 1 of 4 on Prime Video\nwith Anna"
    assert {event.platform for event in found} == {"Prime Video"}


def test_a_moved_date_keeps_its_event_with_a_higher_sequence() -> None:
    life = life_of()
    (before,) = events(life)
    life.moves("July 20, 2025", at("2025-06-10 10:00"))
    (after,) = events(life)
    assert (after.uid, after.sequence, after.start) == (before.uid, 1, date(2025, 7, 20))
    assert (before.sequence, after.changed_at) == (0, at("2025-06-10 10:00"))


def test_a_renamed_title_keeps_its_event() -> None:
    life = life_of()
    (before,) = events(life)
    life.becomes(replace(life.sub.title, name="Ballard: The Series"), at("2025-06-10 10:00"))
    (after,) = events(life)
    assert (after.uid, after.summary) == (before.uid, "Ballard: The Series")


def test_what_has_no_day_stands_in_one_note_for_its_month_and_nowhere_else() -> None:
    many = [life_of(name, "July 2025") for name in ("Silo", "Ballard", "Dark", "Lost")]
    quarter, season, year = life_of("Arrow", "Q3 2025"), life_of("House", "summer 2025"), life_of("Dune", "2025")
    notes = events(*many, quarter, season, year, life_of("Nothing", None))
    assert [(str(event.start), event.summary) for event in notes] == [
        ("2025-06-01", "Sometime in summer: House"),
        ("2025-07-01", "Sometime in July: Ballard, Dark and 2 more"),
        ("2025-07-01", "Sometime in Q3: Arrow"),
    ]
    assert all(event.is_tentative for event in notes)
    assert notes[1].description == "Ballard\nDark\nLost\nSilo"


def test_a_day_that_is_known_takes_the_title_out_of_the_note_and_back_again() -> None:
    life = life_of(when="July 2025")
    life.moves("July 9, 2025", at("2025-06-10 10:00"))
    assert told(life) == [("2025-07-09", "Ballard")]
    life.moves("July 2025", at("2025-06-12 10:00"))
    assert told(life) == [("2025-07-01", "Sometime in July: Ballard")]


def test_what_is_cancelled_stays_for_thirty_days_on_the_day_it_had() -> None:
    life = life_of()
    life.is_cancelled(at("2025-06-15 12:00"))
    (event,) = events(life)
    assert (event.summary, event.start, event.is_cancelled) == ("Cancelled: Ballard", date(2025, 7, 9), True)
    assert "July 9" not in event.description
    assert events(life, now=at("2025-07-15 12:00")) != ()
    assert events(life, now=at("2025-07-15 12:01")) == ()


@pytest.mark.parametrize("when", ["March 1, 2025", "July 9, 2028"])
def test_what_is_long_over_or_far_away_is_left_out(when: str) -> None:
    assert events(life_of(when=when)) == ()


def test_of_too_many_what_is_over_goes_first() -> None:
    lives = [life_of(f"Show {number}", "2025-06-10" if number % 2 else "2025-07-10") for number in range(1, 2_101)]
    kept = events(*lives)
    assert len(kept) == MOST_EVENTS
    assert sum(event.start == date(2025, 7, 10) for event in kept) == 1_050


def test_alarms_ring_at_each_lead_on_the_wall() -> None:
    offsets = {
        when: [
            alarm.offset for event in events(life_of(when=when, ladder=ladder), alarms=True) for alarm in event.alarms
        ]
        for when, ladder in (
            ("July 9, 2025", ["7d", "day", "+1d"]),
            ("2025-07-09T07:00Z", ["12h", "release", "day"]),
        )
    }
    hour = timedelta(hours=1)
    assert offsets == {
        "July 9, 2025": [timedelta(days=-7) + 9 * hour, 9 * hour, timedelta(days=1) + 9 * hour],
        "2025-07-09T07:00Z": [-12 * hour, 0 * hour, -3.5 * hour],  # nine in Kolkata is 03:30 in UTC
    }


def test_alarms_of_what_is_muted_are_left_out_and_the_event_stays() -> None:
    life = life_of()
    life.sub = replace(life.sub, muted=True, subscriber=replace(life.sub.subscriber, quiet=quiet("22:00-07:00")))
    (event,) = events(life, alarms=True)
    assert event.alarms == ()


# As a file -----------------------------------------------------------------------------------------------------------


def read(data: bytes) -> list[Any]:
    calendar: Any = icalendar.Calendar.from_ical(data)
    assert calendar.errors == []
    return [event for event in calendar.walk("VEVENT") if not event.errors]


def test_the_file_is_read_back_as_it_was_meant() -> None:
    life = life_of("Ballard, the; series \\ [é]", link="https://example.org/?a=1&b=2", platform="Prime, Video")
    life.moves("July 20, 2025", at("2025-06-10 10:00"))
    data = write_calendar(events(life, alarms=True), "asha")
    (event,) = read(data)
    assert (event["summary"], event["uid"], event["sequence"]) == (life.sub.title.name, events(life)[0].uid, 1)
    assert event["dtstart"].dt == date(2025, 7, 20)
    assert event["transp"] == "TRANSPARENT"
    assert event["categories"].cats == ["Prime, Video"]
    assert "dtend" not in event
    assert next(alarm["trigger"].dt for alarm in event.walk("VALARM")) == timedelta(days=-6, hours=-15)
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT4H\r\n" in data
    assert b"METHOD" not in data


def test_the_same_data_are_the_same_bytes() -> None:
    assert write_calendar(events(life_of(**WEEKLY)), "a") == write_calendar(events(life_of(**WEEKLY)), "a")


def test_a_name_that_would_end_a_line_or_a_value_is_the_name_of_the_calendar() -> None:
    data = write_calendar((), "reminder: a;b, c\nBEGIN:VEVENT")
    lines = data.decode().split("\r\n")
    for key in ("NAME", "X-WR-CALNAME"):
        assert f"{key}:reminder: a\\;b\\, c BEGIN:VEVENT" in lines
    assert read(data) == []


@given(st.text(min_size=1, max_size=200).filter(lambda text: text.strip()), stored_whens)
def test_any_title_at_any_date_is_a_file_that_can_be_read(name: str, when: Any) -> None:
    life = life_of()
    life.story = replace(
        life.story,
        releases=tuple(replace(item, release=replace(item.release, when=when)) for item in life.story.releases),
    )
    life.sub = replace(life.sub, title=replace(life.sub.title, name=name, note=name))
    now = when.starts_at(UTC) or NOW
    found = events(life, now=now, alarms=True)
    data = write_calendar(found, name)
    assert len(read(data)) == len(found)
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert data.count(b"\n") == data.count(b"\r\n")
