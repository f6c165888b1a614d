"""Repeating rules over a stretch of days: the same days as dateutil gives, at a cost that the stretch bounds."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import islice

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, given
from hypothesis import strategies as st

from reminder.core.dates.recurrence import Budget, TooMuch, days_within
from reminder.core.dates.repeat_rule import RuleError, parse_rule

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
PLENTY = 1_000_000


def days(rule: str, start: str, first: str, last: str, budget: Budget | None = None) -> list[str]:
    found = days_within(
        parse_rule(rule),
        date.fromisoformat(start),
        date.fromisoformat(first),
        date.fromisoformat(last),
        budget or Budget(left=PLENTY),
    )
    return [day.isoformat() for day in found]


@st.composite
def rules(draw: st.DrawFn) -> str:
    """Rules out of every part that is read."""
    frequency = draw(st.sampled_from(("DAILY", "WEEKLY", "MONTHLY", "YEARLY")))
    parts = [f"FREQ={frequency}"]
    if draw(st.booleans()):
        parts.append(f"INTERVAL={draw(st.integers(1, 5))}")
    if draw(st.booleans()):
        # The judge wants a day to be both where weekdays with a number and without one stand beside each other.
        numbered = frequency in {"MONTHLY", "YEARLY"} and draw(st.booleans())
        ordinals = ("1", "2", "+3", "5", "-1", "-2") if numbered else ("",)
        weekdays = st.tuples(st.sampled_from(ordinals), st.sampled_from(WEEKDAYS)).map("".join)
        parts.append("BYDAY=" + ",".join(draw(st.lists(weekdays, min_size=1, max_size=3, unique=True))))
    if draw(st.booleans()):
        parts.append("BYMONTH=" + _numbers(draw(st.sets(st.integers(1, 12), min_size=1, max_size=4))))
    if draw(st.booleans()):
        month_days = st.sampled_from((1, 2, 13, 28, 29, 30, 31, -1, -2, -31))
        parts.append("BYMONTHDAY=" + _numbers(draw(st.sets(month_days, min_size=1, max_size=3))))
    # Of the week in which a rule begins the judge counts only the days from its first one on.
    if frequency != "WEEKLY" and len(parts) > 2 and draw(st.booleans()):
        parts.append("BYSETPOS=" + _numbers(draw(st.sets(st.sampled_from((1, 2, 3, -1, -2)), min_size=1))))
    if draw(st.booleans()):
        parts.append(f"WKST={draw(st.sampled_from(WEEKDAYS))}")
    if draw(st.booleans()):
        parts.append(f"COUNT={draw(st.integers(1, 60))}")
    elif draw(st.booleans()):
        parts.append(f"UNTIL={draw(st.dates(date(2015, 1, 1), date(2028, 1, 1))):%Y%m%d}")
    return ";".join(parts)


def _numbers(found: set[int]) -> str:
    return ",".join(map(str, sorted(found)))


@given(
    rules(),
    st.dates(date(1998, 1, 1), date(2026, 12, 31)),
    st.integers(-60, 1_500),
    st.integers(0, 500),
)
def test_a_rule_falls_on_the_days_that_dateutil_gives(rule: str, start: date, after: int, length: int) -> None:
    first = start + timedelta(days=after)
    last = first + timedelta(days=length)
    endless = ";".join(part for part in rule.split(";") if not part.startswith(("COUNT", "UNTIL")))
    # What never falls on any day is walked by dateutil to the year 9999.
    far = days_within(parse_rule(endless), start, last + timedelta(days=1), date(2070, 1, 1), Budget(left=PLENTY))
    assume(next(far, None))
    judge = rrulestr(f"{endless};UNTIL={last:%Y%m%d}", dtstart=datetime.combine(start, time()))
    count, until = parse_rule(rule).count, parse_rule(rule).until
    expected = [at.date() for at in islice(judge, count)]
    found = list(days_within(parse_rule(rule), start, first, last, Budget(left=PLENTY)))
    assert found == [day for day in expected if day >= first and (until is None or day <= until)]


def test_a_place_in_a_week_counts_the_days_before_the_rule_began() -> None:
    assert days("FREQ=WEEKLY;BYDAY=SA,SU;BYSETPOS=1", "2000-01-02", "2000-01-01", "2000-01-20") == [
        "2000-01-08",
        "2000-01-15",
    ]


@pytest.mark.parametrize(
    ("rule", "start", "expected"),
    [
        pytest.param("FREQ=WEEKLY", "2026-01-08", ["2026-12-03", "2026-12-10", "2026-12-17"], id="weekly"),
        pytest.param(
            "FREQ=MONTHLY;BYDAY=TU,2TH",
            "2026-01-06",
            ["2026-12-08", "2026-12-10", "2026-12-15"],
            id="weekdays with a number and without one: either will do",
        ),
        pytest.param("freq=weekly;interval=2;byday=th", "2026-01-08", ["2026-12-10"], id="in small letters"),
        pytest.param(
            "FREQ=WEEKLY;BYDAY=MO,TH;",
            "2026-01-05",
            ["2026-12-03", "2026-12-07", "2026-12-10", "2026-12-14", "2026-12-17"],
            id="two days, and a semicolon",
        ),
        pytest.param("FREQ=MONTHLY;BYDAY=-1TH,2TH", "2026-01-29", ["2026-12-10"], id="second and last Thursday"),
        pytest.param("FREQ=MONTHLY;BYMONTHDAY=-16", "2026-01-16", ["2026-12-16"], id="from the end of a month"),
        pytest.param("FREQ=YEARLY", "1988-12-09", ["2026-12-09"], id="a birthday"),
        pytest.param("FREQ=YEARLY", "1604-12-09", ["2026-12-09"], id="a birthday of no year"),
        pytest.param("FREQ=YEARLY;BYMONTH=12;BYDAY=2SA", "2001-12-08", ["2026-12-12"], id="the second Saturday"),
        pytest.param("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=3", "2020-01-03", ["2026-12-03"], id="a working day"),
        pytest.param(
            "FREQ=DAILY;INTERVAL=5;COUNT=1000000",
            "1990-01-01",
            ["2026-12-03", "2026-12-08", "2026-12-13"],
            id="counted daily",
        ),
        pytest.param("FREQ=WEEKLY;COUNT=1928;BYDAY=MO,TH", "2008-06-16", ["2026-12-03"], id="the last of a count"),
        pytest.param("FREQ=WEEKLY;UNTIL=20261210T235959Z", "2026-01-08", ["2026-12-03", "2026-12-10"], id="until"),
        pytest.param("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "2020-02-01", [], id="30 February"),
        pytest.param("FREQ=WEEKLY;COUNT=2", "2026-01-08", [], id="long over"),
        pytest.param("FREQ=DAILY;X-NOTE=1;INTERVAL=9999", "2026-12-05", ["2026-12-05"], id="a part of a program's own"),
    ],
)
def test_a_rule_falls_on_its_days(rule: str, start: str, expected: list[str]) -> None:
    assert days(rule, start, "2026-12-03", "2026-12-17") == expected


@pytest.mark.parametrize(
    ("rule", "named"),
    [
        ("FREQ=SECONDLY", "SECONDLY"),
        ("FREQ=HOURLY;COUNT=3", "HOURLY"),
        ("FREQ=YEARLY;BYWEEKNO=20", "BYWEEKNO"),
        ("FREQ=YEARLY;BYYEARDAY=100", "BYYEARDAY"),
        ("FREQ=WEEKLY;INTERVAL=0", "INTERVAL=0"),
        ("FREQ=WEEKLY;COUNT=many", "COUNT=MANY"),
        ("FREQ=MONTHLY;BYDAY=9", "a weekday 9"),
        ("FREQ=YEARLY;BYMONTH=13", "BYMONTH=13"),
        ("FREQ=YEARLY;BYMONTHDAY=0", "BYMONTHDAY=0"),
        ("FREQ=WEEKLY;UNTIL=soon", "UNTIL=SOON"),
        ("FREQ=DAILY;BYHOUR=9,21", "BYHOUR"),
        ("INTERVAL=2", "no FREQ"),
        ("RSCALE=CHINESE;FREQ=YEARLY", "RSCALE"),
        ("", "no FREQ"),
    ],
)
def test_a_rule_that_is_not_read_names_the_part(rule: str, named: str) -> None:
    with pytest.raises(RuleError, match=named):
        parse_rule(rule, time(20))


def test_an_hour_within_a_rule_is_read_where_it_is_that_of_the_event() -> None:
    assert parse_rule("FREQ=DAILY;BYHOUR=20;BYMINUTE=0;BYSECOND=0", time(20)) == parse_rule("FREQ=DAILY")


@pytest.mark.parametrize(
    ("rule", "start", "most"),
    [
        pytest.param("FREQ=WEEKLY", "1951-01-01", 20, id="began long ago"),
        pytest.param("FREQ=DAILY;COUNT=9999999", "1604-01-01", 80, id="counted since 1604"),
        pytest.param("FREQ=WEEKLY;COUNT=9999999;BYDAY=MO,TU", "1604-01-01", 40, id="counted by weeks"),
        pytest.param("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "1900-01-01", 5, id="30 February"),
        pytest.param("FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2,4,6,9,11", "1900-01-01", 5, id="31 of short months"),
        pytest.param("FREQ=YEARLY;INTERVAL=9999", "1900-01-01", 5, id="every 9,999 years"),
    ],
)
def test_the_days_looked_at_are_those_of_the_stretch(rule: str, start: str, most: int) -> None:
    budget = Budget(left=PLENTY)
    days(rule, start, "2026-12-01", "2026-12-31", budget)
    assert PLENTY - budget.left <= most


def test_a_rule_that_has_to_be_counted_from_its_first_day_stops_at_the_budget() -> None:
    budget = Budget(left=1_000)
    with pytest.raises(TooMuch):
        days("FREQ=DAILY;BYMONTH=1;COUNT=9999999", "1604-01-01", "2026-12-01", "2026-12-31", budget)
    assert budget.left == 0


def test_the_first_and_the_last_day_that_there_are_end_no_rule_with_an_error() -> None:
    for rule in ("FREQ=DAILY", "FREQ=WEEKLY;WKST=SU", "FREQ=MONTHLY", "FREQ=YEARLY;BYDAY=-1FR"):
        assert days(rule, "0001-01-01", "0001-01-01", "0001-01-02")[:1] in (["0001-01-01"], [])
        assert days(rule, "9999-12-01", "9999-12-30", "9999-12-31") is not None
