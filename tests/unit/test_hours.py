from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reminder.core.dates.local_time import (
    HoursError,
    QuietHours,
    local_at,
    next_at,
    parse_time,
    show_time,
    weekly_at_or_before,
)
from tests.support.whens import hours, instants, named_zones, recent_days


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "on", "at", "instant"),
    [
        # plain
        ("Asia/Kolkata", date(2025, 7, 2), time(9), "2025-07-02T03:30"),
        ("Asia/Kathmandu", date(2025, 7, 2), time(9), "2025-07-02T03:15"),
        # gaps: the first instant after
        ("America/New_York", date(2025, 3, 9), time(1, 59), "2025-03-09T06:59"),
        ("America/New_York", date(2025, 3, 9), time(2), "2025-03-09T07:00"),
        ("America/New_York", date(2025, 3, 9), time(2, 30), "2025-03-09T07:00"),
        ("America/New_York", date(2025, 3, 9), time(2, 59, 59), "2025-03-09T07:00"),
        ("America/New_York", date(2025, 3, 9), time(3), "2025-03-09T07:00"),
        ("Europe/Berlin", date(2025, 3, 30), time(2, 30), "2025-03-30T01:00"),
        ("Australia/Lord_Howe", date(2025, 10, 5), time(2, 10), "2025-10-04T15:30"),
        ("Africa/Cairo", date(2026, 4, 24), time(0, 30), "2026-04-23T22:00"),
        ("America/Havana", date(2025, 3, 9), time(0), "2025-03-09T05:00"),
        ("Pacific/Apia", date(2011, 12, 30), time(0), "2011-12-30T10:00"),
        ("Pacific/Apia", date(2011, 12, 30), time(9), "2011-12-30T10:00"),
        ("Pacific/Apia", date(2011, 12, 30), time(23, 59), "2011-12-30T10:00"),
        ("Pacific/Apia", date(2011, 12, 31), time(0), "2011-12-30T10:00"),
        # folds: the first of the two
        ("America/New_York", date(2025, 11, 2), time(1, 30), "2025-11-02T05:30"),
        ("America/New_York", date(2025, 11, 2), time(2), "2025-11-02T07:00"),
        ("Europe/Berlin", date(2025, 10, 26), time(2, 30), "2025-10-26T00:30"),
        ("Australia/Lord_Howe", date(2025, 4, 6), time(1, 45), "2025-04-05T14:45"),
        ("America/Havana", date(2025, 11, 2), time(0, 30), "2025-11-02T04:30"),
        # leap day, and far years keep the last rule
        ("America/New_York", date(2028, 2, 29), time(9), "2028-02-29T14:00"),
        ("America/New_York", date(2200, 7, 9), time(9), "2200-07-09T13:00"),
    ],
)
def test_a_local_time_is_its_first_instant_or_the_first_after_a_gap(
    zone: str, on: date, at: time, instant: str
) -> None:
    assert local_at(on, at, ZoneInfo(zone)) == utc(instant)
    assert local_at(on, at.replace(fold=1), ZoneInfo(zone)) == utc(instant)


@given(recent_days, hours, named_zones)
def test_a_local_time_reads_back_as_itself_unless_it_is_skipped(on: date, at: time, zone: ZoneInfo) -> None:
    local = local_at(on, at, zone).astimezone(zone)
    said = datetime.combine(on, at)
    shown = local.replace(tzinfo=None)
    assert shown >= said
    if shown > said:
        before = (local.astimezone(UTC) - timedelta(seconds=1)).astimezone(zone)
        assert before.replace(tzinfo=None) < said
    assert local.fold == 0


@given(recent_days, hours, hours, named_zones)
def test_later_on_the_clock_is_never_earlier_in_time(on: date, one: time, other: time, zone: ZoneInfo) -> None:
    assert local_at(on, min(one, other), zone) <= local_at(on, max(one, other), zone)


@pytest.mark.parametrize(
    ("text", "at", "shown"),
    [
        ("20:00", time(20), "20:00"),
        ("9:00", time(9), "09:00"),
        (" 00:00 ", time(0), "00:00"),
        ("23:59", time(23, 59), "23:59"),
    ],
)
def test_a_time_of_day_is_read(text: str, at: time, shown: str) -> None:
    assert parse_time(text) == at
    assert show_time(at) == shown


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("8pm", '"8pm" is not a time of day: write 20:00'),
        ("8:30 p.m.", '"8:30 p.m." is not a time of day: write 20:30'),
        ("12am", '"12am" is not a time of day: write 00:00'),
        ("noon", '"noon" is not a time of day: write 12:00'),
        ("20h", '"20h" is not a time of day: write 20:00'),
        ("9h30", '"9h30" is not a time of day: write 09:30'),
        ("18.15 Uhr", '"18.15 Uhr" is not a time of day: write 18:15'),
        ("9", '"9" is not a time of day: write 09:00 (in the morning) or 21:00 (in the evening)'),
        ("1200", '"1200" is not a time of day: write 12:00'),
        ("20:00:00", '"20:00:00" is not a time of day: write 20:00'),
        ("", '"" is not a time of day: write hours and minutes, as in 09:00 or 20:30'),
        (
            "\u0669:\u0663\u0663",
            '"\u0669:\u0663\u0663" is not a time of day: write hours and minutes, as in 09:00 or 20:30',
        ),
        ("24:00", '"24:00" is not a time of day: write 00:00 for midnight'),
        ("12:60", '"12:60" is not a time of day: it goes from 00:00 to 23:59'),
    ],
)
def test_what_is_no_time_of_day_is_refused_with_the_way_to_write_it(text: str, problem: str) -> None:
    with pytest.raises(HoursError) as caught:
        parse_time(text)
    assert str(caught.value) == problem


@pytest.mark.parametrize(
    ("text", "shown"),
    [("22:00-08:00", "22:00-08:00"), ("22:00 - 8:00", "22:00-08:00"), ("13:00\u201315:30", "13:00-15:30")],
)
def test_quiet_hours_are_read_and_shown(text: str, shown: str) -> None:
    assert str(QuietHours.parse(text)) == shown
    assert QuietHours.parse(shown) == QuietHours.parse(text)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("22:00", '"22:00" is not a span of hours: write its start and its end, as in 22:00-08:00'),
        ("night", '"night" is not a span of hours: write its start and its end, as in 22:00-08:00'),
        ("22-8", '"22-8" is not a span of hours: write 22:00-08:00'),
        ("10pm-8am", '"10pm-8am" is not a span of hours: write 22:00-08:00'),
        ("22:00 to 08:00", '"22:00 to 08:00" is not a span of hours: write 22:00-08:00'),
        ("from 10 pm until 7 am", '"from 10 pm until 7 am" is not a span of hours: write 22:00-07:00'),
        ("10-8", '"10-8" is not a span of hours: write its start and its end, as in 22:00-08:00'),
        ("22:00-24:00", '"24:00" is not a time of day: write 00:00 for midnight'),
        ("22:00-22:00", '"22:00-22:00" starts and ends at once: leave it out for none, or write as in 22:00-08:00'),
    ],
)
def test_quiet_hours_that_cannot_be_are_refused(text: str, problem: str) -> None:
    with pytest.raises(HoursError) as caught:
        QuietHours.parse(text)
    assert str(caught.value) == problem


@pytest.mark.parametrize(
    ("quiet", "at", "inside"),
    [
        ("22:00-08:00", time(21, 59, 59), False),
        ("22:00-08:00", time(22), True),
        ("22:00-08:00", time(0), True),
        ("22:00-08:00", time(7, 59, 59), True),
        ("22:00-08:00", time(8), False),
        ("13:00-15:00", time(12, 59), False),
        ("13:00-15:00", time(13), True),
        ("13:00-15:00", time(15), False),
        ("13:00-00:00", time(23, 59), True),
        ("13:00-00:00", time(0), False),
    ],
)
def test_quiet_hours_hold_from_their_start_up_to_their_end(quiet: str, at: time, *, inside: bool) -> None:
    assert QuietHours.parse(quiet).contains(at) is inside


@pytest.mark.parametrize(
    ("quiet", "zone", "moment", "then"),
    [
        ("22:00-08:00", "Asia/Kolkata", "2025-07-09T07:00", "2025-07-09T07:00"),  # 12:30
        ("22:00-08:00", "Asia/Kolkata", "2025-07-09T17:00", "2025-07-10T02:30"),  # 22:30, to the next morning
        ("22:00-08:00", "Asia/Kolkata", "2025-07-09T19:00", "2025-07-10T02:30"),  # 00:30, to the same morning
        ("22:00-08:00", "Asia/Kolkata", "2025-07-10T02:30", "2025-07-10T02:30"),  # 08:00, no longer quiet
        ("13:00-15:00", "Asia/Kolkata", "2025-07-09T08:00", "2025-07-09T09:30"),  # 13:30
        ("22:00-02:30", "America/New_York", "2025-03-09T06:00", "2025-03-09T07:00"),  # the end lies in the gap
        ("22:00-08:00", "America/New_York", "2025-03-09T05:00", "2025-03-09T12:00"),  # a night an hour short
        ("22:00-08:00", "America/New_York", "2025-11-02T04:00", "2025-11-02T13:00"),  # a night an hour long
        ("22:00-01:30", "America/New_York", "2025-11-02T05:10", "2025-11-02T05:30"),  # 01:10, the first time
        ("22:00-01:30", "America/New_York", "2025-11-02T05:45", "2025-11-02T05:45"),  # 01:45, between the two
        ("22:00-01:30", "America/New_York", "2025-11-02T06:10", "2025-11-02T06:30"),  # 01:10, the second time
        ("22:00-08:00", "Pacific/Apia", "2011-12-30T08:30", "2011-12-30T18:00"),  # the day between does not exist
    ],
)
def test_what_falls_into_quiet_hours_waits_for_their_end(quiet: str, zone: str, moment: str, then: str) -> None:
    assert QuietHours.parse(quiet).defer(utc(moment), ZoneInfo(zone)) == utc(then)


@given(hours, hours, instants, named_zones)
def test_deferring_goes_forward_and_out_of_the_quiet_hours(
    start: time, end: time, moment: datetime, zone: ZoneInfo
) -> None:
    assume(start != end)
    quiet = QuietHours(start=start, end=end)
    then = quiet.defer(moment, zone)
    assert then >= moment
    assert not quiet.contains(then.astimezone(zone).time())
    assert (then == moment) == (not quiet.contains(moment.astimezone(zone).time()))


@pytest.mark.parametrize(
    ("after", "at", "zone", "weekday", "then"),
    [
        ("2025-07-09T03:30", time(9), "Asia/Kolkata", None, "2025-07-09T03:30"),
        ("2025-07-09T03:31", time(9), "Asia/Kolkata", None, "2025-07-10T03:30"),
        ("2025-07-08T19:00", time(9), "Asia/Kolkata", None, "2025-07-09T03:30"),
        ("2025-07-09T03:31", time(9), "Asia/Kolkata", 0, "2025-07-14T03:30"),
        ("2025-07-14T03:30", time(9), "Asia/Kolkata", 0, "2025-07-14T03:30"),
        ("2025-03-08T13:30", time(2, 30), "America/New_York", None, "2025-03-09T07:00"),
        ("2025-11-02T06:00", time(1, 30), "America/New_York", None, "2025-11-03T06:30"),
        ("2011-12-29T20:00", time(9), "Pacific/Apia", None, "2011-12-30T19:00"),
        ("2011-12-30T10:00", time(0, 30), "Pacific/Apia", None, "2011-12-30T10:30"),
    ],
)
def test_the_next_sending_hour_is_at_or_after_the_instant(
    after: str, at: time, zone: str, weekday: int | None, then: str
) -> None:
    assert next_at(utc(after), at, ZoneInfo(zone), weekday) == utc(then)


@pytest.mark.parametrize(
    ("moment", "weekday", "then"),
    [
        ("2025-07-09T07:00", 0, "2025-07-07T03:30"),
        ("2025-07-07T03:30", 0, "2025-07-07T03:30"),
        ("2025-07-07T03:29", 0, "2025-06-30T03:30"),
        ("2025-07-09T03:30", 2, "2025-07-09T03:30"),
    ],
)
def test_the_last_weekly_hour_is_at_or_before_the_instant(moment: str, weekday: int, then: str) -> None:
    assert weekly_at_or_before(utc(moment), weekday, time(9), ZoneInfo("Asia/Kolkata")) == utc(then)


@given(instants, hours, named_zones, st.integers(0, 6))
def test_the_weekly_hours_around_an_instant_enclose_it(
    moment: datetime, at: time, zone: ZoneInfo, weekday: int
) -> None:
    before, after = weekly_at_or_before(moment, weekday, at, zone), next_at(moment, at, zone, weekday)
    assert before <= moment <= after
    assert after - before < timedelta(days=15)
    assert next_at(before, at, zone, weekday) == before
