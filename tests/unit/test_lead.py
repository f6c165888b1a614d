from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminder.core.dates.when import CANCELLED, UNKNOWN, When
from reminder.core.model.lead import DEFAULT_LADDER, Ladder, Lead, LeadError
from tests.support.whens import coarse_whens, hours, instants, named_zones, recent_days

KOLKATA = ZoneInfo("Asia/Kolkata")
NINE = time(9)
JULY_9 = When.day(date(2025, 7, 9))
BALLARD = When.exact(datetime(2025, 7, 9, tzinfo=timezone(timedelta(hours=-7))))

spellings = (
    st.builds("{}{}{}".format, st.sampled_from(["", "+"]), st.integers(1, 500), st.sampled_from("dwhm"))
    | st.sampled_from(["day", "release"])
)  # fmt: skip
leads = spellings.map(Lead.parse)
ladders = st.builds(
    Ladder,
    **dict.fromkeys(("premiere", "episode", "finale"), st.none() | st.lists(leads, unique=True, max_size=4).map(tuple)),
)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def keys(ladder: Ladder, role: str) -> list[str]:
    return [lead.key for lead in ladder.of(role)]


@pytest.mark.parametrize(
    ("text", "key", "by_day"),
    [
        ("30d", "30d", True),
        ("2w", "14d", True),
        ("14d", "14d", True),
        ("007d", "7d", True),
        ("day", "day", True),
        (" Day ", "day", True),
        ("+1d", "+1d", True),
        ("+1w", "+7d", True),
        ("12h", "720m", False),
        ("45m", "45m", False),
        ("1h", "60m", False),
        ("60m", "60m", False),
        ("+2h", "+120m", False),
        ("release", "release", False),
        ("24h", "1440m", False),
    ],
)
def test_a_lead_has_one_key_for_what_it_means(text: str, key: str, *, by_day: bool) -> None:
    lead = Lead.parse(text)
    assert lead.key == key
    assert lead.is_day_lead is by_day


def test_two_spellings_of_one_lead_are_one_lead_and_each_keeps_its_own() -> None:
    assert Lead.parse("2w") == Lead.parse("14d")
    assert hash(Lead.parse("2w")) == hash(Lead.parse("14d"))
    assert (Lead.parse("2w").spelling, str(Lead.parse("14D"))) == ("2w", "14d")
    assert Lead.parse("24h") != Lead.parse("1d")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("7", '"7" has no unit: write 7d for days or 7h for hours'),
        ("7 days", '"7 days" is not a lead: write 7d'),
        ("1 week before", '"1 week before" is not a lead: write 1w'),
        ("-7d", '"-7d" is not a lead: write 7d'),
        ("2 hours after", '"2 hours after" is not a lead: write +2h'),
        ("+ 3 days", '"+ 3 days" is not a lead: write +3d'),
        ("90 mins", '"90 mins" is not a lead: write 90m'),
        ("0d", '"0d" is not a lead: write day'),
        ("0h", '"0h" is not a lead: write release'),
        ("1.5d", '"1.5d" is not a lead: write a lead as 7d, 2w, 12h, 45m, day, release, +1d or +2h'),
        ("1d12h", '"1d12h" is not a lead: write a lead as 7d, 2w, 12h, 45m, day, release, +1d or +2h'),
        ("1 month", '"1 month" is not a lead: write 30d'),
        ("T-7", '"T-7" is not a lead: write 7d'),
        ("t - 3 days", '"t - 3 days" is not a lead: write 3d'),
        ("T+1d", '"T+1d" is not a lead: write +1d'),
        ("P7D", '"P7D" is not a lead: write 7d'),
        ("-7", '"-7" is not a lead: write 7d'),
        ("0", '"0" is not a lead: write day'),
        ("on the day", '"on the day" is not a lead: write day'),
        ("same day", '"same day" is not a lead: write day'),
        ("release day", '"release day" is not a lead: write day'),
        ("the day before", '"the day before" is not a lead: write 1d'),
        ("a week before", '"a week before" is not a lead: write 1w'),
        ("two weeks ahead", '"two weeks ahead" is not a lead: write 2w'),
        ("a fortnight", '"a fortnight" is not a lead: write 2w'),
        ("3 days prior to release", '"3 days prior to release" is not a lead: write 3d'),
        ("1 day later", '"1 day later" is not a lead: write +1d'),
        ("at launch", '"at launch" is not a lead: write release'),
        ("7d 1d day", '"7d 1d day" is more than one lead: write them in brackets, as in [7d, 1d, day]'),
        ("2 weeks, 1 day", '"2 weeks, 1 day" is more than one lead: write them in brackets, as in [2w, 1d]'),
        (
            "7 days and on release",
            '"7 days and on release" is more than one lead: write them in brackets, as in [7d, release]',
        ),
        ("7d, soon", '"7d, soon" is not a lead: write a lead as 7d, 2w, 12h, 45m, day, release, +1d or +2h'),
        ("", '"" is not a lead: write a lead as 7d, 2w, 12h, 45m, day, release, +1d or +2h'),
        ("4000d", '"4000d" is too long: a lead is at most 3650d (ten years)'),
        ("+999999999w", '"+999999999w" is too long: a lead is at most 3650d (ten years)'),
        ("99999999m", '"99999999m" is too long: a lead is at most 3650d (ten years)'),
    ],
)
def test_what_is_no_lead_is_refused_with_the_way_to_write_it(text: str, problem: str) -> None:
    with pytest.raises(LeadError) as caught:
        Lead.parse(text)
    assert str(caught.value) == problem


@pytest.mark.parametrize(
    ("lead", "when", "zone", "moment"),
    [
        ("7d", JULY_9, "Asia/Kolkata", "2025-07-02T03:30"),
        ("1d", JULY_9, "Asia/Kolkata", "2025-07-08T03:30"),
        ("day", JULY_9, "Asia/Kolkata", "2025-07-09T03:30"),
        ("+1d", JULY_9, "Asia/Kolkata", "2025-07-10T03:30"),
        ("release", JULY_9, "Asia/Kolkata", "2025-07-09T03:30"),
        ("12h", JULY_9, "Asia/Kolkata", None),
        ("+2h", JULY_9, "Asia/Kolkata", None),
        # an instant: midnight in Los Angeles, as each reads it
        ("day", BALLARD, "Asia/Kolkata", "2025-07-09T03:30"),
        ("day", BALLARD, "Pacific/Auckland", "2025-07-08T21:00"),
        ("day", BALLARD, "Pacific/Honolulu", "2025-07-08T19:00"),
        ("7d", BALLARD, "Pacific/Honolulu", "2025-07-01T19:00"),
        ("release", BALLARD, "Asia/Kolkata", "2025-07-09T07:00"),
        ("12h", BALLARD, "Asia/Kolkata", "2025-07-08T19:00"),
        ("45m", BALLARD, "Asia/Kolkata", "2025-07-09T06:15"),
        ("+2h", BALLARD, "Asia/Kolkata", "2025-07-09T09:00"),
        # day leads stay at the sending hour across a clock change; hour leads are elapsed time
        ("1d", When.day(date(2025, 3, 10)), "America/New_York", "2025-03-09T13:00"),
        ("2d", When.day(date(2025, 3, 10)), "America/New_York", "2025-03-08T14:00"),
        ("24h", When.exact(utc("2025-03-09T16:00")), "America/New_York", "2025-03-08T16:00"),
        # leap days, and a date that Samoa never had
        ("1d", When.day(date(2024, 3, 1)), "Asia/Kolkata", "2024-02-29T03:30"),
        ("30d", When.day(date(2028, 2, 29)), "Asia/Kolkata", "2028-01-30T03:30"),
        ("day", When.day(date(2011, 12, 30)), "Pacific/Apia", "2011-12-30T10:00"),
        ("1d", When.day(date(2011, 12, 31)), "Pacific/Apia", "2011-12-30T10:00"),
        ("2d", When.day(date(2011, 12, 31)), "Pacific/Apia", "2011-12-29T19:00"),
        # the ends of the calendar
        ("3650d", When.day(date(1970, 1, 1)), "Asia/Kolkata", "1960-01-04T03:30"),
        ("+3650d", When.day(date(2200, 12, 31)), "Asia/Kolkata", "2210-12-29T03:30"),
    ],
)
def test_a_lead_falls_due_at_its_moment(lead: str, when: When, zone: str, moment: str | None) -> None:
    assert Lead.parse(lead).moment(when, NINE, ZoneInfo(zone)) == (utc(moment) if moment else None)


@pytest.mark.parametrize(
    ("on", "at", "moment"),
    [
        (date(2025, 3, 9), time(2, 30), "2025-03-09T07:00"),
        (date(2025, 11, 2), time(1, 30), "2025-11-02T05:30"),
    ],
)
def test_a_sending_hour_that_is_skipped_comes_after_the_gap_and_a_repeated_one_comes_once(
    on: date, at: time, moment: str
) -> None:
    assert Lead.parse("day").moment(When.day(on), at, ZoneInfo("America/New_York")) == utc(moment)


@given(leads, coarse_whens | st.sampled_from([UNKNOWN, CANCELLED]))
def test_what_has_no_day_has_no_countdown(lead: Lead, when: When) -> None:
    assert lead.moment(when, NINE, KOLKATA) is None


@given(leads, recent_days, hours, named_zones)
def test_a_day_lead_goes_out_at_the_sending_hour_unless_the_clock_skips_it(
    lead: Lead, on: date, at: time, zone: ZoneInfo
) -> None:
    moment = lead.moment(When.day(on), at, zone)
    if moment is None:
        assert not lead.is_day_lead
    else:
        local, wanted = moment.astimezone(zone), on - timedelta(days=lead.amount)
        assert (local.date(), local.time()) >= (wanted, at)
        assert local - datetime.combine(wanted, at, tzinfo=zone) <= timedelta(days=1)


@given(leads, instants, hours, named_zones)
def test_every_lead_has_a_moment_before_an_instant(lead: Lead, at: datetime, hour: time, zone: ZoneInfo) -> None:
    moment = lead.moment(When.exact(at), hour, zone)
    assert moment is not None
    assert moment.tzinfo is UTC


@given(leads)
def test_a_lead_reads_back_from_its_spelling_and_from_its_key(lead: Lead) -> None:
    assert Lead.parse(lead.spelling) == lead
    assert Lead.parse(lead.key) == lead
    assert Lead.parse(lead.key).key == lead.key


@pytest.mark.parametrize(
    ("role", "expected"), [("premiere", ["7d", "1d", "day"]), ("episode", ["day"]), ("finale", ["day"])]
)
def test_the_default_ladder(role: str, expected: list[str]) -> None:
    assert keys(DEFAULT_LADDER, role) == expected
    assert keys(Ladder(), role) == expected


def test_a_plain_ladder_is_the_premieres() -> None:
    ladder = Ladder.parse(["30d", "2w", "14d", "day"])
    assert keys(ladder, "premiere") == ["30d", "14d", "day"]
    assert (ladder.episode, ladder.finale) == (None, None)


def test_an_empty_ladder_silences_all_three() -> None:
    ladder = Ladder.parse([])
    assert [ladder.of(role) for role in ("premiere", "episode", "finale")] == [(), (), ()]


def test_a_ladder_by_kind_says_what_it_says_and_no_more() -> None:
    ladder = Ladder.parse({"premiere": ["7d", "day"], "Episode": ["release"], "finale": []})
    assert (keys(ladder, "premiere"), keys(ladder, "episode"), keys(ladder, "finale")) == (
        ["7d", "day"],
        ["release"],
        [],
    )
    assert Ladder.parse({"premiere": []}) == Ladder(premiere=())


def test_the_nearest_ladder_wins_kind_by_kind() -> None:
    person = Ladder.parse({"premiere": ["3d"], "episode": ["release"]})
    title = Ladder.parse(["1d"])
    ladder = title.over(person).over(DEFAULT_LADDER)
    assert (keys(ladder, "premiere"), keys(ladder, "episode"), keys(ladder, "finale")) == (["1d"], ["release"], ["day"])


def test_silence_on_a_title_wins_over_the_persons_ladder() -> None:
    assert Ladder.parse([]).over(DEFAULT_LADDER) == Ladder.parse([])


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ({"epsiode": ["day"]}, '"epsiode" is not a kind of release: write premiere, episode or finale'),
        ("7d", '"7d" is not a list: write [7d]'),
        ({"finale": "day"}, '"day" is not a list: write [day]'),
        (["7d", "1 day"], '"1 day" is not a lead: write 1d'),
    ],
)
def test_a_ladder_that_cannot_be_read_is_refused(written: list[str] | dict[str, list[str]], problem: str) -> None:
    with pytest.raises(LeadError) as caught:
        Ladder.parse(written)
    assert str(caught.value) == problem


@given(ladders)
def test_a_stored_ladder_loads_as_itself(ladder: Ladder) -> None:
    stored = json.loads(json.dumps(ladder.dump()))
    assert Ladder.load(stored) == ladder
    assert Ladder.load(stored).dump() == ladder.dump()


def test_nothing_stored_is_a_ladder_that_says_nothing() -> None:
    assert Ladder.load(None) == Ladder.load({}) == Ladder()


@given(ladders, ladders, ladders)
def test_it_does_not_matter_in_which_order_ladders_are_laid_over_each_other(a: Ladder, b: Ladder, c: Ladder) -> None:
    assert a.over(b).over(c) == a.over(b.over(c))
    assert a.over(Ladder()) == Ladder().over(a) == a
