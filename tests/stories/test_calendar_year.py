"""A year with a household's calendar: what repeats in it, and what becomes of single instances, message by message."""

from __future__ import annotations

from datetime import timedelta

from tests.support.catalogues import Catalogues
from tests.support.sourced import SourcedWorld

CONFIG = "remind: [1d, day]\ncalendars: [{url: '${SONARR_ICS}', name: home}]\nwatch: []\n"

SHOW = ("UID:show", "SUMMARY:Taskmaster", "DTSTART;TZID=Asia/Kolkata:20261105T210000")
CLUB = ("UID:club", "SUMMARY:Film club", "DTSTART;VALUE=DATE:20250306", "RRULE:FREQ=MONTHLY;INTERVAL=2;BYDAY=1TH")
BIRTHDAY = ("UID:anna", "SUMMARY:Anna's birthday", "DTSTART;VALUE=DATE:19880709", "RRULE:FREQ=YEARLY")
DENTIST = ("UID:dentist", "SUMMARY:Dentist", "DTSTART;TZID=America/New_York:20270216", "SEQUENCE:0")


def item(*lines: str) -> list[str]:
    return ["BEGIN:VEVENT", *lines, "END:VEVENT"]


def instance(day: str, *lines: str) -> list[str]:
    """Return a change of one instance of the show."""
    return item("UID:show", "SUMMARY:Taskmaster", f"RECURRENCE-ID;TZID=Asia/Kolkata:{day}T210000", *lines)


def bodies(world: SourcedWorld, subject: str) -> list[str]:
    found = [item.words.body for item in world.arrived if item.words.subject.startswith(subject)]
    return [" ".join(line.text for line in body) for body in found]


def test_a_year_of_a_calendar_is_told_instance_by_instance() -> None:
    with Catalogues() as there:
        weekly = item(*SHOW, "RRULE:FREQ=WEEKLY;UNTIL=20270114T160000Z")
        others = [*item(*CLUB), *item(*BIRTHDAY)]
        there.feeds["sonarr"] = [*weekly, *others, *item(*DENTIST)]
        world = SourcedWorld(CONFIG, "2026-12-01 12:00", there=there, look=timedelta(days=1))
        world.live("2026-12-07 12:00")
        changes = [
            *instance("20261217", "DTSTART;TZID=Asia/Kolkata:20261219T180000", "SEQUENCE:1"),
            *instance("20261231", "DTSTART;TZID=Asia/Kolkata:20261231T210000", "STATUS:CANCELLED", "SEQUENCE:1"),
        ]
        there.feeds["sonarr"] = [*changes, *others, *weekly, *item(*DENTIST)]
        world.live("2027-01-20 12:00")
        moved = item(*DENTIST[:2], "DTSTART;VALUE=DATE:20270223", "SEQUENCE:1")
        club = item(*CLUB, "EXDATE;VALUE=DATE:20270304")
        there.feeds["sonarr"] = [*changes, *weekly, *club, *item(*BIRTHDAY), *moved]
        world.look = timedelta(days=2)
        world.live("2027-12-01 12:00")
        assert world.lines() == [
            "2026-12-03 09:00 Taskmaster comes out today at 9:00 PM",
            "2026-12-09 09:00 Taskmaster moved from December 17 to December 19, 2026",
            "2026-12-10 09:00 Taskmaster comes out today at 9:00 PM",
            "2026-12-19 09:00 Taskmaster comes out today at 6:00 PM",
            "2026-12-24 09:00 Taskmaster comes out today at 9:00 PM",
            "2027-01-07 09:00 Film club is out today",
            "2027-01-07 09:00 Taskmaster comes out today at 9:00 PM",
            "2027-01-14 09:00 Taskmaster comes out today at 9:00 PM",
            "2027-01-23 09:00 Dentist moved from February 16 to February 23, 2027",
            "2027-01-23 09:00 Film club has been cancelled",
            "2027-02-22 09:00 Dentist premieres tomorrow",
            "2027-02-23 09:00 Dentist is out today",
            "2027-05-06 09:00 Film club is out today",
            "2027-07-01 09:00 Film club is out today",
            "2027-07-09 09:00 Anna's birthday is out today",
            "2027-09-02 09:00 Film club is out today",
            "2027-11-04 09:00 Film club is out today",
        ]
        assert world.told == []
        assert bodies(world, "Film club has been cancelled") == ["It was due on Thursday, March 4, 2027."]
        (moved_body,) = bodies(world, "Taskmaster moved")
        assert "Saturday, December 19, 2026, at 6:00 PM IST" in moved_body
        assert "1 later release changed with it." in moved_body


def test_each_later_look_brings_new_instances_without_a_word() -> None:
    """The stretch goes on with the days: what comes into it is known, and nobody is told of it before its time."""
    with Catalogues() as there:
        there.feeds["sonarr"] = [*item(*SHOW, "RRULE:FREQ=DAILY"), *item(*BIRTHDAY)]
        world = SourcedWorld(CONFIG, "2026-12-28 12:00", there=there, look=timedelta(days=1)).live("2027-01-03 12:00")
        days = ("2026-12-29", "2026-12-30", "2026-12-31", "2027-01-01", "2027-01-02", "2027-01-03")
        assert world.lines() == [f"{day} 09:00 Taskmaster comes out today at 9:00 PM" for day in days]
        assert world.refresh().moved == []
