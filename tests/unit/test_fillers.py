"""Each trap of the catalogues by its name: nothing comes out more exact than what was said."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminder.core.dates.when import UNKNOWN, Precision
from reminder.core.sourcing.placeholder_dates import Pad, PlaceholderRule, WordedDate, read

NEW_YORK = "America/New_York"
PADS = frozenset(Pad)
TODAY = date(2026, 3, 1)


def test_a_channels_hour_is_believed_where_day_hour_and_instant_agree() -> None:
    reading = read(WordedDate(on="2026-07-09", clock="21:00", stamp="2026-07-10T01:00:00+00:00", zone=NEW_YORK))
    assert reading.when.show() == "2026-07-09 21:00 America/New_York"
    assert reading.rule is PlaceholderRule.AS_SAID


def test_noon_in_utc_without_an_hour_is_a_filler_and_stays_that_day_in_auckland() -> None:
    reading = read(WordedDate(on="2015-11-20", stamp="2015-11-20T12:00:00+00:00", zone=NEW_YORK, streams=True))
    assert reading.rule is PlaceholderRule.NOON_FILLER
    assert reading.when.json() == "2015-11-20"
    assert reading.when.day_in(ZoneInfo("Pacific/Auckland")) == date(2015, 11, 20)


def test_noon_in_utc_with_an_hour_beside_it_is_that_hour() -> None:
    reading = read(WordedDate(on="2026-07-09", clock="08:00", stamp="2026-07-09T12:00:00+00:00", zone=NEW_YORK))
    assert reading.when.precision is Precision.EXACT


@pytest.mark.parametrize("stamp", ["2026-07-09T11:59:59+00:00", "2026-07-09T23:59:59+00:00"])
def test_one_second_before_noon_or_midnight_is_a_filler(stamp: str) -> None:
    reading = read(WordedDate(stamp=stamp))
    assert reading.rule is PlaceholderRule.LAST_MINUTE_FILLER
    assert reading.when.json() == "2026-07-09"


@pytest.mark.parametrize("on", ["1999-11-04T00:00:00.000Z", "1999-11-04T00:00:00Z", "1999-11-04T00:00:00+00:00"])
def test_a_date_that_looks_like_midnight_is_a_date_and_is_not_shifted(on: str) -> None:
    reading = read(WordedDate(on=on))
    assert reading.when.json() == "1999-11-04"
    assert reading.when.day_in(ZoneInfo("America/Los_Angeles")) == date(1999, 11, 4)


def test_an_instant_at_midnight_in_utc_is_a_day() -> None:
    assert read(WordedDate(stamp="2026-07-09T00:00:00+00:00")).rule is PlaceholderRule.MIDNIGHT_FILLER


def test_midnight_in_utc_is_an_evening_in_new_york_where_the_source_has_real_hours() -> None:
    reading = read(WordedDate(stamp="2026-07-10T00:00:00+00:00", midnight_is_real=True))
    assert reading.when.json() == "2026-07-10T00:00:00Z"


@pytest.mark.parametrize("today", [date(2025, 6, 1), date(2025, 12, 20), date(2026, 5, 1)])
def test_the_first_of_january_of_a_source_that_pads_is_a_year_for_as_long_as_it_lasts(today: date) -> None:
    reading = read(WordedDate(on="2026-01-01", pads=PADS, today=today))
    assert reading.when.json() == "2026"
    assert reading.rule is PlaceholderRule.PADDED_YEAR


def test_the_first_of_a_far_month_of_a_source_that_pads_is_a_month() -> None:
    reading = read(WordedDate(on="2026-10-01", pads=PADS, today=TODAY))
    assert reading.when.json() == "2026-10"
    assert reading.rule is PlaceholderRule.PADDED_MONTH


def test_the_first_of_a_near_month_is_a_day() -> None:
    assert read(WordedDate(on="2026-04-01", pads=PADS, today=TODAY)).when.json() == "2026-04-01"


@pytest.mark.parametrize("on", ["2026-01-01", "2026-10-01"])
def test_a_first_day_of_a_source_that_does_not_pad_is_a_day(on: str) -> None:
    assert read(WordedDate(on=on, today=TODAY)).when.json() == on


def test_a_worldwide_service_has_no_hour_even_where_one_is_given() -> None:
    wording = WordedDate(
        on="2026-07-09", clock="03:00", stamp="2026-07-09T03:00:00+00:00", streams=True, worldwide=True
    )
    reading = read(wording)
    assert reading.when.json() == "2026-07-09"
    assert reading.rule is PlaceholderRule.WORLDWIDE


def test_a_streamer_without_an_hour_has_only_a_day_whatever_its_instant() -> None:
    reading = read(WordedDate(on="2026-07-09", stamp="2026-07-09T07:00:00+00:00", zone=NEW_YORK, streams=True))
    assert reading.when.json() == "2026-07-09"
    assert reading.rule is PlaceholderRule.NO_HOUR


def test_a_slot_after_midnight_is_the_next_morning_and_is_filed_under_the_evening() -> None:
    reading = read(WordedDate(on="2016-11-02", clock="01:00", stamp="2016-11-03T05:00:00+00:00", zone=NEW_YORK))
    assert reading.rule is PlaceholderRule.AFTER_MIDNIGHT
    assert reading.when.json() == "2016-11-03T05:00:00Z"
    assert reading.on == date(2016, 11, 2)


def test_a_slot_at_five_in_the_morning_stays_on_its_own_day() -> None:
    reading = read(WordedDate(on="2016-11-02", clock="05:00", stamp="2016-11-02T09:00:00+00:00", zone=NEW_YORK))
    assert reading.when.day_in(ZoneInfo(NEW_YORK)) == date(2016, 11, 2)


@pytest.mark.parametrize(
    "stamp",
    [
        pytest.param("2026-07-09T21:00:00+00:00", id="an hour that is local taken for UTC"),
        pytest.param("2026-07-12T01:00:00+00:00", id="two days off"),
        pytest.param("2026-07-11T01:00:00+00:00", id="an evening that is a day off"),
    ],
)
def test_where_day_hour_and_instant_contradict_each_other_only_the_day_is_believed(stamp: str) -> None:
    reading = read(WordedDate(on="2026-07-09", clock="21:00", stamp=stamp, zone=NEW_YORK))
    assert reading.when.json() == "2026-07-09"
    assert reading.rule is PlaceholderRule.NOT_SO


@pytest.mark.parametrize("clock", ["25:99", "9pm", "late"])
def test_an_hour_that_cannot_be_read_leaves_the_day(clock: str) -> None:
    reading = read(WordedDate(on="2026-07-09", clock=clock, stamp="2026-07-10T01:00:00+00:00", zone=NEW_YORK))
    assert reading.when.json() == "2026-07-09"


@pytest.mark.parametrize("zone", [None, "Middle-earth/Shire", "EST"])
def test_an_hour_without_a_zone_that_can_be_found_is_not_believed(zone: str | None) -> None:
    reading = read(WordedDate(on="2026-07-09", clock="21:00", stamp="2026-07-10T01:00:00+00:00", zone=zone))
    assert reading.when.json() == "2026-07-09"
    assert reading.rule is PlaceholderRule.NO_ZONE


@pytest.mark.parametrize(
    "wording", [WordedDate(), WordedDate(on="", clock="", stamp=None), WordedDate(on=" ", clock="21:00")]
)
def test_an_empty_date_and_no_instant_is_no_date(wording: WordedDate) -> None:
    assert read(wording).when == UNKNOWN
    assert read(wording).rule is PlaceholderRule.NO_DATE


@pytest.mark.parametrize(
    ("wording", "shown"),
    [
        (WordedDate(zone="America/New_York"), ""),
        (WordedDate(stamp="2026-03-01T00:00:00Z"), "2026-03-01T00:00:00Z"),
        (WordedDate(on="2026-03-01", clock="20:00", zone="UTC"), "2026-03-01 20:00 UTC"),
        (WordedDate(on="2026-03-01", stamp="2026-03-01T12:00:00Z"), "2026-03-01 (2026-03-01T12:00:00Z)"),
    ],
)
def test_its_own_words_are_what_the_source_says_of_the_date(wording: WordedDate, shown: str) -> None:
    assert wording.raw == shown


def test_an_old_recording_with_a_local_offset_is_parsed_and_not_sliced() -> None:
    reading = read(WordedDate(on="2016-11-02", clock="21:00", stamp="2016-11-02T21:00:00-04:00", zone=NEW_YORK))
    assert reading.when.json() == "2016-11-03T01:00:00Z"


@pytest.mark.parametrize(
    ("on", "shown"), [("2026", "2026"), ("2026-09", "2026-09"), ("fall 2026", "fall 2026"), ("Q3 2026", "2026-Q3")]
)
def test_what_a_source_says_coarsely_stays_coarse(on: str, shown: str) -> None:
    assert read(WordedDate(on=on)).when.json() == shown


@pytest.mark.parametrize(
    "wording",
    [
        WordedDate(on="soon"),
        WordedDate(on="2026-02-31"),
        WordedDate(on="0000-00-00"),
        WordedDate(on="2026-07-09", stamp="yesterday"),
        WordedDate(on="2026-07-09", stamp="2026-07-09T12:00:00"),
        WordedDate(on="9999-12-31"),
        WordedDate(stamp="0001-01-01T00:00:01+00:00"),
    ],
    ids=repr,
)
def test_a_date_that_cannot_be_read_is_no_date_and_no_error(wording: WordedDate) -> None:
    assert read(wording).when == UNKNOWN
    assert read(wording).rule is PlaceholderRule.UNREADABLE


stamps = st.integers(0, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC).isoformat())
wordings = st.builds(
    WordedDate,
    on=st.one_of(st.just(""), st.dates(date(1990, 1, 1), date(2100, 1, 1)).map(str), st.text(max_size=12)),
    clock=st.one_of(st.just(""), st.times().map(lambda at: at.isoformat("minutes")), st.text(max_size=6)),
    stamp=st.one_of(st.none(), stamps, st.text(max_size=12)),
    zone=st.sampled_from([None, NEW_YORK, "Asia/Tokyo", "nowhere"]),
    streams=st.booleans(),
    worldwide=st.booleans(),
    pads=st.sampled_from([frozenset[Pad](), PADS]),
    today=st.one_of(st.none(), st.dates(date(1990, 1, 1), date(2100, 1, 1))),
)


@given(wordings)
def test_an_instant_comes_out_only_where_one_went_in(wording: WordedDate) -> None:
    reading = read(wording)
    if reading.when.precision is Precision.EXACT:
        assert wording.stamp
        assert reading.when.at == datetime.fromisoformat(wording.stamp)
        assert not wording.worldwide


@given(wordings)
def test_a_day_comes_out_only_where_that_day_was_written(wording: WordedDate) -> None:
    reading = read(wording)
    if reading.when.precision is Precision.DAY and reading.rule is not PlaceholderRule.AS_SAID:
        assert str(reading.when.on) in f"{wording.on} {wording.stamp}"


@given(st.dates(date(2026, 1, 1), date(2030, 1, 1)), st.integers(-400, 400))
def test_padding_never_moves_a_date_out_of_its_own_span(on: date, ahead: int) -> None:
    when = read(WordedDate(on=str(on), pads=PADS, today=on - timedelta(days=ahead))).when
    span = when.span()
    assert span is not None
    assert span[0] <= on <= span[1]
