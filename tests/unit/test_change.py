"""Which change is worth a notice, when it goes, and from which date it tells (SPEC 5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from reminder.core.dates.parse import load_when
from reminder.core.dates.when import When
from reminder.core.model.digest import Digest, Every
from reminder.core.model.drop import Drop, ListedDrop, Pace
from reminder.core.model.entities import ChannelUse, Kind, Subscriber, Title
from reminder.core.model.ledger import DateChange, Reason, State
from reminder.core.schedule.heard import heard
from reminder.core.schedule.notice_kinds import is_closed, kind_when_seen, notice_kind
from reminder.core.schedule.notices import Notice, notice_at
from tests.support.rules import GRACE, Life, a_title, at, person, quiet
from tests.support.whens import named_zones, stored_whens

KOLKATA, HONOLULU, KIRITIMATI = ZoneInfo("Asia/Kolkata"), ZoneInfo("Pacific/Honolulu"), ZoneInfo("Pacific/Kiritimati")
LA_MIDNIGHT = "2025-07-09T00:00-07:00"
BEGAN = at("2025-06-01 10:00")

TABLE = [
    ("TBA", "July 9, 2025", Kind.ANNOUNCED),
    ("TBA", LA_MIDNIGHT, Kind.ANNOUNCED),
    ("July 2025", "July 9, 2025", Kind.ANNOUNCED),
    ("2025", LA_MIDNIGHT, Kind.ANNOUNCED),
    ("July 2025", "August 9, 2025", Kind.ANNOUNCED),
    ("cancelled", "July 9, 2025", Kind.ANNOUNCED),
    ("cancelled", "July 2025", None),
    ("cancelled", "TBA", None),
    ("July 9, 2025", "July 10, 2025", Kind.MOVED),
    ("July 9, 2025", "July 8, 2025", Kind.MOVED),
    (LA_MIDNIGHT, "July 10, 2025", Kind.MOVED),
    (LA_MIDNIGHT, "2025-07-09T00:30-07:00", Kind.MOVED),
    (LA_MIDNIGHT, "2025-07-09T07:00Z", None),
    (LA_MIDNIGHT, "July 9, 2025", None),
    ("July 9, 2025", LA_MIDNIGHT, None),
    ("July 2025", "Q4 2025", Kind.MOVED),
    ("July 2025", "August 2025", Kind.MOVED),
    ("2025", "2026", Kind.MOVED),
    ("fall 2025", "autumn 2025", None),
    ("summer 2025", "July 2025", None),
    ("July 2025", "Q3 2025", None),
    ("summer 2025", "Q3 2025", None),
    ("July 2025", "2025", None),
    ("July 9, 2025", "July 2025", Kind.WITHDRAWN),
    (LA_MIDNIGHT, "TBA", Kind.WITHDRAWN),
    ("July 2025", "TBA", None),
    ("TBA", "July 2025", None),
    ("TBA", "2025", None),
    ("TBA", "cancelled", Kind.CANCELLED),
    ("2025", "cancelled", Kind.CANCELLED),
    ("July 9, 2025", "cancelled", Kind.CANCELLED),
    (LA_MIDNIGHT, "cancelled", Kind.CANCELLED),
    ("cancelled", "cancelled", None),
]


@pytest.mark.parametrize(("before", "after", "kind"), TABLE)
def test_the_notice_of_a_change(before: str, after: str, kind: Kind | None) -> None:
    assert notice_kind(load_when(before), load_when(after), KOLKATA) is kind


@pytest.mark.parametrize(
    ("zone", "instant", "kind"),
    [
        (KOLKATA, LA_MIDNIGHT, None),
        (HONOLULU, LA_MIDNIGHT, Kind.MOVED),
        (KIRITIMATI, LA_MIDNIGHT, None),
        (KIRITIMATI, "2025-07-09T20:00-07:00", Kind.MOVED),
        (HONOLULU, "2025-07-09T20:00-07:00", None),
    ],
)
def test_a_day_that_gets_its_instant_is_moved_only_for_whom_it_is_another_day(
    zone: ZoneInfo, instant: str, kind: Kind | None
) -> None:
    assert notice_kind(When.day(date(2025, 7, 9)), load_when(instant), zone) is kind


@given(when=stored_whens, zone=named_zones)
def test_what_stays_is_no_news(when: When, zone: ZoneInfo) -> None:
    assert notice_kind(when, when, zone) is None


PASSED = [
    ("July 9, 2025", "July 8, 2026", Kind.ANNOUNCED),
    ("July 9, 2025", "2026-07-08T07:00Z", Kind.ANNOUNCED),
    ("July 9, 2025", "July 2026", None),
    ("July 9, 2025", "TBA", None),
    ("July 9, 2025", "July 10, 2025", None),
    ("July 9, 2025", "July 1, 2025", None),
    ("July 9, 2025", "cancelled", Kind.CANCELLED),
    ("July 2025", "October 9, 2025", Kind.ANNOUNCED),
]


@pytest.mark.parametrize(("before", "after", "kind"), PASSED)
def test_what_comes_after_a_passed_date_is_the_next_release(before: str, after: str, kind: Kind | None) -> None:
    seen_at = at("2025-09-01 10:00")

    assert kind_when_seen(load_when(before), load_when(after), seen_at, KOLKATA, GRACE) is kind


@pytest.mark.parametrize(
    ("when", "now", "closed"),
    [
        ("July 9, 2025", "2025-07-12 00:00", False),
        ("July 9, 2025", "2025-07-12 00:01", True),
        (LA_MIDNIGHT, "2025-07-11 12:30", False),
        (LA_MIDNIGHT, "2025-07-11 12:31", True),
        ("July 2025", "2026-01-01 00:00", False),
        ("cancelled", "2026-01-01 00:00", False),
    ],
)
def test_a_date_is_closed_once_grace_is_over(when: str, now: str, *, closed: bool) -> None:
    assert is_closed(load_when(when), at(now), KOLKATA, GRACE) is closed


def a_change(before: str, after: str, seen: str) -> DateChange:
    return DateChange(
        no=1, ref=(None, 1), before=load_when(before), after=load_when(after), source="config", seen_at=at(seen)
    )


WEEKLY = Digest(every=Every.WEEKLY, weekday=0)
GOES = [
    ("at the next sending hour", person(), "July 20, 2025", "August 1, 2025", "2025-07-03 10:00", "2025-07-04 09:00"),
    ("at this very hour", person(), "July 20, 2025", "August 1, 2025", "2025-07-03 09:00", "2025-07-03 09:00"),
    ("the old day is tomorrow", person(), "July 4, 2025", "August 1, 2025", "2025-07-03 10:00", "2025-07-03 10:00"),
    ("the new day is today", person(), "July 20, 2025", "July 3, 2025", "2025-07-03 10:00", "2025-07-03 10:00"),
    ("two days off", person(), "July 5, 2025", "August 1, 2025", "2025-07-03 10:00", "2025-07-04 09:00"),
    ("the day was yesterday", person(), "July 2, 2025", "August 1, 2025", "2025-07-03 10:00", "2025-07-03 10:00"),
    ("without any day", person(), "July 2025", "Q4 2025", "2025-07-03 10:00", "2025-07-04 09:00"),
    ("cancelled tomorrow", person(), "July 4, 2025", "cancelled", "2025-07-03 10:00", "2025-07-03 10:00"),
    (
        "with a daily digest",
        person(digest=Digest(every=Every.DAILY)),
        "July 20, 2025",
        "August 1, 2025",
        "2025-07-03 10:00",
        "2025-07-04 09:00",
    ),
    (
        "with the digest of Monday",
        person(digest=WEEKLY),
        "July 20, 2025",
        "August 1, 2025",
        "2025-07-03 10:00",
        "2025-07-07 09:00",
    ),
    (
        "Monday would be too late",
        person(digest=WEEKLY),
        "July 6, 2025",
        "August 1, 2025",
        "2025-07-03 10:00",
        "2025-07-04 09:00",
    ),
    (
        "urgent for all digests",
        person(digest=WEEKLY),
        "July 4, 2025",
        "August 1, 2025",
        "2025-07-03 10:00",
        "2025-07-03 10:00",
    ),
]


@pytest.mark.parametrize(
    ("who", "before", "after", "seen", "goes"), [row[1:] for row in GOES], ids=[row[0] for row in GOES]
)
def test_when_a_notice_goes(who: Subscriber, before: str, after: str, seen: str, goes: str) -> None:
    assert notice_at(a_change(before, after, seen), who) == at(goes)


def notice(life: Life, now: str) -> Notice:
    found = life.plan(at(now)).notice
    assert found is not None
    return found


def test_a_notice_tells_from_the_date_last_heard_of() -> None:
    life = Life(a_title(when="July 9, 2025"), began=BEGAN)
    life.moves("July 20, 2025", at("2025-06-10 10:00"))
    life.sweep(at("2025-06-11 09:00"))
    life.moves("July 25, 2025", at("2025-06-12 10:00"))
    life.moves("July 30, 2025", at("2025-06-12 11:00"))

    found = notice(life, "2025-06-12 12:00")

    assert (found.heard, found.release.when) == (load_when("July 20, 2025"), load_when("July 30, 2025"))


def test_a_notice_that_did_not_arrive_was_not_heard() -> None:
    life = Life(a_title(when="July 9, 2025"), began=BEGAN)
    life.moves("July 20, 2025", at("2025-06-10 10:00"))
    life.sweep(at("2025-06-11 09:00"), arrives=False)
    life.moves("July 25, 2025", at("2025-06-12 10:00"))

    assert notice(life, "2025-06-12 12:00").heard == load_when("July 9, 2025")


def test_who_began_between_change_and_notice_gets_none() -> None:
    life = Life(a_title(when="July 9, 2025"), began=BEGAN)
    life.moves("July 20, 2025", at("2025-06-10 10:00"))
    life.sub = replace(life.sub, began_at=at("2025-06-10 12:00"), noticed_no=1)

    assert life.plan(at("2025-06-11 09:00")).notice is None
    assert heard(life.sub, life.story, (None, 1)) == load_when("July 20, 2025")


def test_who_began_before_anything_was_told_is_told_from_the_date_of_then() -> None:
    life = Life(a_title(when="July 1, 2025"), began=at("2025-05-01 10:00"))
    life.moves("July 9, 2025", at("2025-05-10 10:00"))
    life.sub = replace(life.sub, began_at=BEGAN, noticed_no=1)
    life.moves("July 20, 2025", at("2025-06-10 10:00"))

    assert notice(life, "2025-06-11 09:00").heard == load_when("July 9, 2025")


def test_a_reminder_tells_a_date_too() -> None:
    life = Life(a_title(when="July 9, 2025"), began=BEGAN)
    life.sweep(at("2025-07-02 09:00"))

    assert heard(life.sub, life.story, (None, 1)) == load_when("July 9, 2025")


SEASON = Drop(pace=Pace.WEEKLY)


def a_season(when: str) -> Life:
    return Life(a_title(when=when, episodes=4, drop=SEASON), began=BEGAN)


def test_changes_seen_together_are_one_notice_about_the_earliest_release() -> None:
    life = a_season("July 9, 2025")
    life.moves("July 16, 2025", at("2025-06-10 10:00"))

    (decision,) = life.sweep(at("2025-06-11 09:00"))

    assert (decision.kind, decision.release.first, decision.others) == (Kind.MOVED, 1, 3)
    assert life.plan(at("2025-06-11 09:00")).notice is None


def test_a_notice_is_about_the_next_release_rather_than_one_that_is_out() -> None:
    life = a_season("July 9, 2025")
    life.moves("July 10, 2025", at("2025-07-20 10:00"))

    found = notice(life, "2025-07-20 10:00")

    assert (found.release.first, found.heard) == (3, load_when("July 23, 2025"))
    assert found.covers == {(None, 3), (None, 4)}


def test_a_cancellation_halfway_is_about_the_episode_that_will_not_come() -> None:
    life = a_season("July 9, 2025")
    life.is_cancelled(at("2025-07-20 10:00"))

    found = notice(life, "2025-07-20 10:00")

    assert (found.kind, found.release.first, found.heard) == (Kind.CANCELLED, 3, load_when("July 23, 2025"))


def test_a_notice_counts_only_what_comes_later_than_its_release() -> None:
    life = a_season("July 9, 2025")
    life.is_cancelled(at("2025-07-17 10:00"))
    life.sweep(at("2025-07-17 10:00"))
    life.moves("July 9, 2025", at("2025-07-24 10:00"))

    found = notice(life, "2025-07-24 10:00")

    assert (found.kind, found.release.first, found.later) == (Kind.ANNOUNCED, 4, 0)
    assert {(None, 3), (None, 4)} <= found.covers


def test_a_notice_about_the_premiere_told_the_episodes_new_days_as_well() -> None:
    life = a_season("July 9, 2025")
    life.moves("July 16, 2025", at("2025-06-10 10:00"))
    life.sweep(at("2025-06-11 09:00"))
    life.moves("July 9, 2025", at("2025-06-12 10:00"))

    assert heard(life.sub, life.story, (None, 3)) == load_when("July 30, 2025")
    assert notice(life, "2025-06-12 10:00").covers == {(None, first) for first in range(1, 5)}


def test_moved_back_before_it_was_told_is_settled_at_once_and_says_so() -> None:
    life = Life(a_title(when="July 9, 2025"), began=BEGAN)
    life.moves("July 20, 2025", at("2025-06-10 10:00"))
    life.moves("July 9, 2025", at("2025-06-10 12:00"))

    (decision,) = life.sweep(at("2025-06-10 12:00"))

    (slot,) = decision.slots
    assert (slot.state, slot.reason) == (State.SUPERSEDED, Reason.MOVED_BACK)
    assert life.plan(at("2025-06-10 12:00")).notice is None


def test_moved_back_while_the_notice_is_on_its_way_is_told_once_that_has_arrived() -> None:
    life = Life(a_title(when="July 9, 2025"), began=BEGAN, ladder=["day"])
    life.moves("July 20, 2025", at("2025-07-08 10:00"))
    (going,) = life.sweep(at("2025-07-08 10:00"), arrives=False)
    life.moves("July 9, 2025", at("2025-07-08 10:01"))
    assert not life.sweep(at("2025-07-08 10:01"))
    assert life.plan(at("2025-07-08 10:01")).next_due_at == at("2025-07-08 10:02")

    arrived = replace(life.story.recorded[0], state=State.SENT, sent_at=at("2025-07-08 10:01"))
    life.story = replace(life.story, recorded=(arrived, *life.story.recorded[1:]))

    assert going.channels == ("mail",)
    assert (Kind.MOVED, None) in life.sent(at("2025-07-08 10:02"))


def test_moved_back_while_the_notice_waits_is_settled_when_it_is_dropped() -> None:
    life = Life(a_title(when="July 9, 2025"), began=BEGAN)
    life.moves("July 20, 2025", at("2025-06-10 10:00"))
    life.sweep(at("2025-06-11 09:00"), arrives=False)
    life.moves("July 9, 2025", at("2025-06-11 09:05"))
    dropped = replace(life.story.recorded[0], state=State.SUPERSEDED)
    life.story = replace(life.story, recorded=(dropped,))

    assert not life.sent(at("2025-06-11 09:06"))
    assert life.plan(at("2025-06-11 09:06")).notice is None


@pytest.mark.parametrize(
    ("first", "after", "until"),
    [
        ("July 9, 2025", "July 20, 2025", "2025-07-23 00:00"),
        ("July 9, 2025", "TBA", "2025-07-11 09:00"),
        ("July 9, 2025", "cancelled", "2025-07-11 09:00"),
        ("July 9, 2025", "July 2025", "2025-08-01 00:00"),
        ("July 9, 2025", "Q3 2025", "2025-10-01 00:00"),
        ("July 1, 2025", "June 2, 2025", "2025-06-13 09:00"),
    ],
)
def test_how_long_a_notice_is_useful(first: str, after: str, until: str) -> None:
    life = Life(a_title(when=first), began=BEGAN)
    if after == "cancelled":
        life.is_cancelled(at("2025-06-10 10:00"))
    else:
        life.moves(after, at("2025-06-10 10:00"))

    assert notice(life, "2025-06-10 11:00").useful_until == at(until)


def test_a_change_is_told_after_the_quiet_hours_it_was_seen_in() -> None:
    life = Life(a_title(when="July 9, 2025"), person(quiet=quiet("22:00-08:00")), began=BEGAN)
    life.moves("June 11, 2025", at("2025-06-10 23:00"))

    found = notice(life, "2025-06-10 23:00")

    assert (found.at, found.due_at) == (at("2025-06-10 23:00"), at("2025-06-11 08:00"))


def test_a_change_of_a_release_that_is_gone_is_nobodys_news() -> None:
    life = a_season("July 9, 2025")
    life.moves("July 16, 2025", at("2025-06-10 10:00"))
    life.becomes(a_title(when="July 9, 2025"), at("2025-06-10 11:00"))

    assert life.plan(at("2025-06-10 11:00")).notice is not None
    assert not life.sent(at("2025-06-11 09:00"))


def test_only_channels_that_take_it_get_the_notice_and_the_others_the_latest_lead() -> None:
    channels = (ChannelUse(name="mail", only=frozenset({"premiere"})), ChannelUse(name="phone"))
    life = Life(a_title(when="August 8, 2025"), person(channels=channels), began=BEGAN)
    life.moves("July 9, 2025", at("2025-07-04 10:00"))

    gone = {item.lead: item.channels for item in life.sweep(at("2025-07-05 09:00"))}

    assert gone == {None: ("phone",), "7d": ("mail",)}
    assert life.plan(at("2025-07-05 09:00")).next_due_at == at("2025-07-05 09:00") + timedelta(days=3)


def in_two_parts(first: str, second: str) -> Title:
    parts = [ListedDrop(episodes=4, premiere=load_when(when)) for when in (first, second)]
    return a_title(when=None, drop=Drop(pace=Pace.LISTED, listed=tuple(parts)))


def test_who_wants_only_announcements_hears_of_one_though_an_earlier_release_has_moved() -> None:
    life = Life(
        in_two_parts("August 8, 2025", "TBA"), person(notices=frozenset({Kind.ANNOUNCED})), began=at("2025-06-01 10:00")
    )
    life.becomes(in_two_parts("July 9, 2025", "July 30, 2025"), at("2025-07-04 10:00"))

    gone = [
        (item.kind, item.release.first, item.others) for item in life.sweep(at("2025-07-05 09:00")) if item.channels
    ]

    assert gone == [(Kind.ANNOUNCED, 5, 0), (Kind.REMINDER, 1, 0)]
