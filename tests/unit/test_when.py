from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminder.core.dates.when import CANCELLED, UNKNOWN, Precision, When, WhenError
from tests.support.whens import coarse_whens, day_whens, exact_whens, named_zones, recent_days, stored_whens, zones

LOS_ANGELES = ZoneInfo("America/Los_Angeles")
NEW_YORK = ZoneInfo("America/New_York")
KOLKATA = ZoneInfo("Asia/Kolkata")
AUCKLAND = ZoneInfo("Pacific/Auckland")
HONOLULU = ZoneInfo("Pacific/Honolulu")
BALLARD = datetime(2025, 7, 9, 7, tzinfo=UTC)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_one_instant_spelt_in_two_zones_is_one_date() -> None:
    here, there = When.exact(BALLARD, LOS_ANGELES), When.exact(BALLARD.astimezone(KOLKATA))
    assert here == there
    assert hash(here) == hash(there)
    assert (here.show(), there.show()) == ("2025-07-09 00:00 America/Los_Angeles", "2025-07-09 12:30 Asia/Kolkata")


def test_fall_and_autumn_are_one_season_and_each_stays_as_it_was_said() -> None:
    assert When.season(2025, "fall") == When.season(2025, "Autumn")
    assert (When.season(2025, "Fall").json(), When.season(2025, "autumn").json()) == ("fall 2025", "autumn 2025")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (When.exact(BALLARD), When.day(date(2025, 7, 9))),
        (When.quarter(2025, 1), When.month(2025, 1)),
        (When.year(2025), When.month(2025, 1)),
        (UNKNOWN, CANCELLED),
        (When.exact(BALLARD), When.exact(BALLARD + timedelta(seconds=1))),
    ],
)
def test_dates_that_say_different_things_differ(one: When, other: When) -> None:
    assert one != other


@pytest.mark.parametrize(
    ("when", "show", "json", "precision"),
    [
        (When.exact(BALLARD, timezone(timedelta(hours=-7))), "2025-07-09T00:00-07:00", "2025-07-09T07:00:00Z", "exact"),
        (When.exact(BALLARD), "2025-07-09T07:00Z", "2025-07-09T07:00:00Z", "exact"),
        (When.exact(BALLARD, ZoneInfo("UTC")), "2025-07-09 07:00 UTC", "2025-07-09T07:00:00Z", "exact"),
        (When.exact(utc("2025-07-09T23:59:59")), "2025-07-09T23:59:59Z", "2025-07-09T23:59:59Z", "exact"),
        (When.exact(BALLARD, ZoneInfo("EST")), "2025-07-09T02:00-05:00", "2025-07-09T07:00:00Z", "exact"),
        (When.day(date(2024, 2, 29)), "2024-02-29", "2024-02-29", "day"),
        (When.month(2025, 7), "2025-07", "2025-07", "month"),
        (When.quarter(2025, 1), "2025-Q1", "2025-Q1", "quarter"),
        (When.quarter(2025, 2), "2025-Q2", "2025-Q2", "quarter"),
        (When.quarter(2025, 3), "2025-Q3", "2025-Q3", "quarter"),
        (When.quarter(2025, 4), "2025-Q4", "2025-Q4", "quarter"),
        (When.season(2025, "summer"), "summer 2025", "summer 2025", "season"),
        (When.year(2025), "2025", "2025", "year"),
        (UNKNOWN, "TBA", None, "unknown"),
        (CANCELLED, "cancelled", None, "cancelled"),
    ],
)
def test_a_date_shows_no_more_than_was_said(when: When, show: str, json: str | None, precision: str) -> None:
    assert (when.show(), when.json(), when.precision) == (show, json, precision)
    assert str(when) == show


def test_the_second_pass_of_a_repeated_hour_is_shown_with_its_offset() -> None:
    second = When.exact(utc("2025-11-02T06:30"), NEW_YORK)
    assert second.show() == "2025-11-02T01:30-05:00[America/New_York]"
    assert second.step(7).show() == "2025-11-09 01:30 America/New_York"


@pytest.mark.parametrize(
    ("zone", "day"),
    [(KOLKATA, date(2025, 7, 9)), (AUCKLAND, date(2025, 7, 9)), (HONOLULU, date(2025, 7, 8))],
)
def test_an_instant_falls_on_the_local_day_of_whoever_reads_it(zone: ZoneInfo, day: date) -> None:
    assert When.exact(BALLARD, LOS_ANGELES).day_in(zone) == day
    assert When.day(date(2025, 7, 9)).day_in(zone) == date(2025, 7, 9)


def test_what_has_no_day_falls_on_none() -> None:
    assert [when.day_in(KOLKATA) for when in (When.month(2025, 7), When.year(2025), UNKNOWN, CANCELLED)] == [None] * 4


@pytest.mark.parametrize(
    ("when", "first", "last"),
    [
        (When.day(date(2025, 7, 9)), date(2025, 7, 9), date(2025, 7, 9)),
        (When.month(2024, 2), date(2024, 2, 1), date(2024, 2, 29)),
        (When.month(2025, 12), date(2025, 12, 1), date(2025, 12, 31)),
        (When.quarter(2025, 1), date(2025, 1, 1), date(2025, 3, 31)),
        (When.quarter(2025, 4), date(2025, 10, 1), date(2025, 12, 31)),
        (When.season(2025, "spring"), date(2025, 3, 1), date(2025, 5, 31)),
        (When.season(2025, "fall"), date(2025, 9, 1), date(2025, 11, 30)),
        (When.year(2025), date(2025, 1, 1), date(2025, 12, 31)),
    ],
)
def test_a_span_goes_from_its_first_day_to_its_last(when: When, first: date, last: date) -> None:
    assert when.span() == (first, last)


@pytest.mark.parametrize("when", [When.exact(BALLARD), UNKNOWN, CANCELLED])
def test_an_instant_and_what_is_unknown_have_no_span(when: When) -> None:
    assert when.span() is None
    assert not when.overlaps(When.year(2025))
    assert not When.year(2025).overlaps(when)


@pytest.mark.parametrize(
    ("when", "day"),
    [
        (When.month(2025, 7), date(2025, 7, 1)),
        (When.quarter(2025, 3), date(2025, 7, 1)),
        (When.season(2025, "spring"), date(2025, 3, 1)),
        (When.season(2025, "summer"), date(2025, 6, 1)),
        (When.season(2025, "autumn"), date(2025, 9, 1)),
        (When.year(2025), None),
        (When.day(date(2025, 7, 9)), None),
        (When.exact(BALLARD), None),
        (UNKNOWN, None),
        (CANCELLED, None),
    ],
)
def test_months_quarters_and_seasons_speak_on_their_first_day_and_nothing_else_does(
    when: When, day: date | None
) -> None:
    assert when.speaks_on() == day


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (When.month(2025, 7), When.quarter(2025, 3), True),
        (When.month(2025, 6), When.quarter(2025, 3), False),
        (When.season(2025, "summer"), When.month(2025, 8), True),
        (When.season(2025, "summer"), When.month(2025, 9), False),
        (When.year(2025), When.season(2025, "spring"), True),
        (When.year(2025), When.year(2026), False),
        (When.day(date(2025, 7, 31)), When.month(2025, 7), True),
        (When.day(date(2025, 8, 1)), When.month(2025, 7), False),
    ],
)
def test_two_spans_overlap_when_they_share_a_day(one: When, other: When, *, both: bool) -> None:
    assert one.overlaps(other) is both
    assert other.overlaps(one) is both


@pytest.mark.parametrize(
    ("when", "zone", "start", "end"),
    [
        (When.exact(BALLARD), "Asia/Kolkata", "2025-07-09T07:00", "2025-07-09T07:00"),
        (When.day(date(2025, 7, 9)), "Asia/Kolkata", "2025-07-08T18:30", "2025-07-09T18:30"),
        (When.day(date(2025, 3, 9)), "America/New_York", "2025-03-09T05:00", "2025-03-10T04:00"),
        (When.day(date(2025, 11, 2)), "America/New_York", "2025-11-02T04:00", "2025-11-03T05:00"),
        (When.day(date(2026, 4, 24)), "Africa/Cairo", "2026-04-23T22:00", "2026-04-24T21:00"),
        (When.day(date(2011, 12, 30)), "Pacific/Apia", "2011-12-30T10:00", "2011-12-30T10:00"),
        (When.day(date(2025, 4, 6)), "Australia/Lord_Howe", "2025-04-05T13:00", "2025-04-06T13:30"),
        (When.month(2025, 7), "America/New_York", "2025-07-01T04:00", "2025-08-01T04:00"),
        (When.quarter(2025, 4), "UTC", "2025-10-01T00:00", "2026-01-01T00:00"),
        (When.year(2200), "UTC", "2200-01-01T00:00", "2201-01-01T00:00"),
    ],
)
def test_a_day_lasts_from_its_local_midnight_to_the_next(when: When, zone: str, start: str, end: str) -> None:
    assert when.starts_at(ZoneInfo(zone)) == utc(start)
    assert when.ends_at(ZoneInfo(zone)) == utc(end)


def test_what_is_undated_neither_starts_nor_ends() -> None:
    assert {when.starts_at(UTC) for when in (UNKNOWN, CANCELLED)} == {None}
    assert {when.ends_at(UTC) for when in (UNKNOWN, CANCELLED)} == {None}


@pytest.mark.parametrize(
    ("when", "days", "then"),
    [
        (When.day(date(2024, 2, 29)), 7, "2024-03-07"),
        (When.day(date(2025, 12, 31)), 1, "2026-01-01"),
        (When.local(date(2025, 3, 5), time(21), NEW_YORK), 7, "2025-03-12 21:00 America/New_York"),
        (When.local(date(2025, 10, 29), time(21), NEW_YORK), 7, "2025-11-05 21:00 America/New_York"),
        (When.exact(BALLARD, timezone(timedelta(hours=-7))), 7, "2025-07-16T00:00-07:00"),
        (When.month(2025, 7), 7, "TBA"),
        (When.year(2025), 1, "TBA"),
        (UNKNOWN, 7, "TBA"),
        (CANCELLED, 7, "TBA"),
        (When.day(date(2200, 12, 31)), 1, "TBA"),
        (When.day(date(1970, 1, 1)), -1, "TBA"),
        (When.day(date(2025, 7, 9)), 10**12, "TBA"),
        (When.exact(BALLARD), 3_000_000, "TBA"),
    ],
)
def test_steps_are_calendar_steps_in_the_zone_the_date_was_written_in(when: When, days: int, then: str) -> None:
    assert when.step(days).show() == then


@pytest.mark.parametrize(
    ("on", "at", "zone", "instant", "show", "week_later"),
    [
        (date(2025, 3, 9), time(2, 30), "America/New_York", "2025-03-09T07:00", "2025-03-09 02:30", "2025-03-16 02:30"),
        (date(2026, 4, 24), time(0), "Africa/Cairo", "2026-04-23T22:00", "2026-04-24 00:00", "2026-05-01 00:00"),
        (date(2011, 12, 30), time(21), "Pacific/Apia", "2011-12-30T10:00", "2011-12-30 21:00", "2012-01-06 21:00"),
        (
            date(2025, 10, 5),
            time(2, 15),
            "Australia/Lord_Howe",
            "2025-10-04T15:30",
            "2025-10-05 02:15",
            "2025-10-12 02:15",
        ),
    ],
)
def test_a_skipped_hour_moves_once_and_the_steps_from_it_keep_the_hour_that_was_meant(
    on: date, at: time, zone: str, instant: str, show: str, week_later: str
) -> None:
    when = When.local(on, at, ZoneInfo(zone))
    assert when.at == utc(instant)
    assert when.show() == f"{show} {zone}"
    assert when.step(7).show() == f"{week_later} {zone}"
    assert when == When.exact(utc(instant))


@pytest.mark.parametrize("year", [0, 1, 1899, 1969, 2201, 9999, 12025])
def test_a_year_outside_1970_to_2200_is_refused(year: int) -> None:
    with pytest.raises(WhenError, match=f"^the year {year} is out of range: write one from 1970 to 2200$"):
        When.year(year)


@pytest.mark.parametrize(
    "at",
    [
        datetime.min.replace(tzinfo=timezone(timedelta(hours=14))),
        datetime.max.replace(tzinfo=timezone(timedelta(hours=-14))),
        datetime(1970, 1, 1, tzinfo=timezone(timedelta(hours=14))),
        datetime(2200, 12, 31, 23, tzinfo=timezone(timedelta(hours=-2))),
        datetime(2201, 1, 1, tzinfo=timezone(timedelta(hours=2))),
    ],
)
def test_an_instant_outside_1970_to_2200_is_refused_and_never_overflows(at: datetime) -> None:
    with pytest.raises(WhenError, match="is out of range"):
        When.exact(at)


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(WhenError, match=r"^a time needs a zone: 2025-07-09 20:00 has none$"):
        When.exact(datetime.fromisoformat("2025-07-09 20:00"))


@pytest.mark.parametrize("build", [lambda: When.month(2025, 13), lambda: When.quarter(2025, 5)])
def test_a_part_of_a_year_that_does_not_exist_is_refused(build: Callable[[], When]) -> None:
    with pytest.raises(WhenError, match="there is no such part of 2025"):
        build()


def test_winter_is_no_season_of_one_year() -> None:
    with pytest.raises(WhenError, match=r'^"winter" is not a season: write spring, summer, autumn or fall$'):
        When.season(2025, "winter")


@given(stored_whens)
def test_a_date_is_dated_or_coarse_or_neither_but_never_both(when: When) -> None:
    assert not (when.is_dated and when.is_coarse)
    assert (when.is_dated or when.is_coarse) == (when.precision not in {Precision.UNKNOWN, Precision.CANCELLED})
    assert (when.span() is not None) == (when.is_coarse or when.precision is Precision.DAY)


@given(exact_whens | day_whens | coarse_whens, named_zones)
def test_whatever_has_a_start_has_an_end_that_is_not_before_it(when: When, zone: ZoneInfo) -> None:
    start, end = when.starts_at(zone), when.ends_at(zone)
    assert start is not None
    assert end is not None
    assert start <= end


@given(recent_days, st.integers(0, 23), zones, st.integers(0, 400), st.integers(0, 400))
def test_two_steps_are_one_long_step(on: date, hour: int, zone: ZoneInfo | timezone, first: int, second: int) -> None:
    when = When.local(on, time(hour, 30), zone)
    assert when.step(first).step(second) == when.step(first + second)


@given(stored_whens, st.integers())
def test_a_step_never_raises_whatever_its_length(when: When, days: int) -> None:
    assert when.step(days).precision in {when.precision, Precision.UNKNOWN}
