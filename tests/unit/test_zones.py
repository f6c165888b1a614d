from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from reminder.core.dates.zones import ZoneError, find_zone, fixed_offset

NAME = "write the name of a place, such as Europe/Berlin, Asia/Kolkata or America/New_York"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("America/New_York", "America/New_York"),
        ("asia/kolkata", "Asia/Kolkata"),
        (" UTC ", "UTC"),
        ("utc", "UTC"),
        ("Etc/GMT+5", "Etc/GMT+5"),
        ("America/New York", "America/New_York"),
    ],
)
def test_a_zone_is_found_by_its_name_in_any_case(name: str, key: str) -> None:
    assert find_zone(name).key == key


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("Zürich", '"Zürich" is not a time zone: write Europe/Zurich'),
        ("São Paulo", '"São Paulo" is not a time zone: write America/Sao_Paulo'),
        ("Eastern Time", '"Eastern Time" is not a time zone: write America/New_York'),
        ("India Standard Time", '"India Standard Time" is not a time zone: write Asia/Kolkata'),
        ("Germany", '"Germany" is not a time zone: write Europe/Berlin'),
        ("WIB", '"WIB" is not one zone: write its name, such as Asia/Jakarta'),
        ("Factory", f'"Factory" is not a time zone: {NAME}'),
        ("posixrules", f'"posixrules" is not a time zone: {NAME}'),
        ("right/Europe/Berlin", '"right/Europe/Berlin" is not a time zone: write Europe/Berlin'),
        ("UTC+15", '"UTC+15" is an offset that no place has: ' + NAME),
        ("EST", '"EST" is not one zone: write its name, such as America/New_York'),
        ("ist", '"ist" is not one zone: write its name, such as Asia/Kolkata'),
        ("Asia/Kolkatta", '"Asia/Kolkatta" is not a time zone: write Asia/Kolkata'),
        ("auckland", '"auckland" is not a time zone: write Pacific/Auckland'),
        ("new york", '"new york" is not a time zone: write America/New_York'),
        ("America", f'"America" is not a time zone: {NAME}'),
        ("../../etc/passwd", f'"../../etc/passwd" is not a time zone: {NAME}'),
        ("", f'"" is not a time zone: {NAME}'),
    ],
)
def test_a_zone_that_is_none_is_refused_with_the_nearest_name(name: str, problem: str) -> None:
    with pytest.raises(ZoneError) as caught:
        find_zone(name)
    assert str(caught.value) == problem


@pytest.mark.parametrize(
    "offset",
    [
        "GMT+2",
        "UTC+2",
        "+02:00",
        "gmt +2",
        "UTC+5:30",
        "UTC-5",
        "GMT-3",
        "UTC\u22123",
        "+0545",
        "UTC+13",
        "UTC-11",
        "-09:30",
    ],
)
def test_every_place_that_is_offered_for_an_offset_has_it(offset: str) -> None:
    """Each is copied out of the hint, and its hours are looked up where the hint says that they are those."""
    with pytest.raises(ZoneError, match="is an offset, not a place") as caught:
        find_zone(offset)
    offered = re.findall(r"([\w/]+) \((UTC[+-][\d:]+) ([a-z ]+)\)", str(caught.value))
    assert offered
    wanted = _minutes(offset)
    for name, said, when in offered:
        hours = {datetime(2026, month, 15, tzinfo=find_zone(name)).utcoffset() for month in (1, 7)}
        low, high = min(hours, key=_of), max(hours, key=_of)
        assert _minutes(said) == wanted
        assert _of({"all year": low, "in its winter": low, "in its summer": high}[when]) == wanted
        assert (low == high) == (when == "all year")


def _minutes(offset: str) -> float:
    found = re.search(r"([+\u2212-])(\d{1,2}):?(\d{2})?", offset)
    assert found
    return (-1 if found[1] != "+" else 1) * (int(found[2]) * 60 + int(found[3] or 0))


def _of(offset: timedelta | None) -> float:
    assert offset is not None
    return offset.total_seconds() / 60


@pytest.mark.parametrize(("name", "meant"), [("Etc/GMT+5", "UTC-5"), ("etc/gmt-14", "UTC+14"), ("Europe/Berlin", None)])
def test_the_sign_of_a_fixed_zone_is_told_as_people_count(name: str, meant: str | None) -> None:
    assert fixed_offset(find_zone(name)) == meant


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("Mumbai", "write Asia/Kolkata"),
        ("Asia/Bombay", "write Asia/Kolkata"),
        ("San Francisco", "write America/Los_Angeles"),
        ("Asia/Beijing", "write Asia/Shanghai"),
        ("MEZ", "write Europe/Berlin"),
        ("Z", "write UTC"),
        ("auto", "leave it out for the zone of this machine"),
        ("Local", "leave it out for the zone of this machine"),
    ],
)
def test_a_city_without_a_zone_of_its_own_is_answered_with_the_one_that_it_is_in(name: str, hint: str) -> None:
    with pytest.raises(ZoneError, match=hint):
        find_zone(name)
    if hint.startswith("write "):
        assert find_zone(hint.removeprefix("write ")).key == hint.removeprefix("write ")
