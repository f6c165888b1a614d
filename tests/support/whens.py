"""Hypothesis strategies for dates, zones, hours and drops."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from reminder.core.dates.when import CANCELLED, UNKNOWN, When
from reminder.core.model.drop import Drop, ListedDrop, Pace

# Chosen for their clock changes: at midnight, by half an hour, by a whole day, twice a year in either hemisphere, never.
ZONE_NAMES: Final = (
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/Havana",
    "America/Los_Angeles",
    "America/New_York",
    "America/Santiago",
    "America/St_Johns",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Europe/Berlin",
    "Pacific/Apia",
    "Pacific/Auckland",
    "Pacific/Kiritimati",
    "UTC",
)

named_zones: Final = st.sampled_from(ZONE_NAMES).map(ZoneInfo)
offsets: Final = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
zones: Final[st.SearchStrategy[tzinfo]] = named_zones | offsets | st.just(UTC)
days: Final = st.dates(date(1970, 1, 2), date(2200, 12, 30))
recent_days: Final = st.dates(date(1990, 1, 1), date(2060, 12, 31))
hours: Final = st.builds(time, st.integers(0, 23), st.integers(0, 59))
instants: Final = st.integers(86_400, 7_289_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
years: Final = st.integers(1970, 2200)

exact_whens: Final = st.builds(When.exact, instants, zones) | st.builds(When.local, days, hours, zones)
day_whens: Final = st.builds(When.day, days)
coarse_whens: Final = (
    st.builds(When.month, years, st.integers(1, 12))
    | st.builds(When.quarter, years, st.integers(1, 4))
    | st.builds(When.season, years, st.sampled_from(["spring", "summer", "autumn", "fall"]))
    | st.builds(When.year, years)
)
whens: Final = exact_whens | day_whens | coarse_whens | st.just(UNKNOWN)
stored_whens: Final = whens | st.just(CANCELLED)
drops: Final = (
    st.builds(Drop, pace=st.sampled_from([Pace.WEEKLY, Pace.DAILY]), first=st.integers(1, 9))
    | st.just(Drop(pace=Pace.ALL))
    | st.builds(
        Drop,
        pace=st.just(Pace.LISTED),
        listed=st.lists(st.builds(ListedDrop, episodes=st.integers(1, 9), premiere=whens), min_size=1, max_size=5).map(
            tuple
        ),
    )
)
