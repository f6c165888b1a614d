from __future__ import annotations

import pytest

from reminder.core.zones import ZoneError, find_zone


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
        ("EST", '"EST" is not one zone: write its name, such as America/New_York'),
        ("ist", '"ist" is not one zone: write its name, such as Asia/Kolkata'),
        ("Asia/Kolkatta", '"Asia/Kolkatta" is not a time zone: write Asia/Kolkata'),
        ("auckland", '"auckland" is not a time zone: write Pacific/Auckland'),
        ("new york", '"new york" is not a time zone: write America/New_York'),
        ("America", '"America" is not a time zone: write a name such as America/New_York'),
        ("../../etc/passwd", '"../../etc/passwd" is not a time zone: write a name such as America/New_York'),
        ("", '"" is not a time zone: write a name such as America/New_York'),
    ],
)
def test_a_zone_that_is_none_is_refused_with_the_nearest_name(name: str, problem: str) -> None:
    with pytest.raises(ZoneError) as caught:
        find_zone(name)
    assert str(caught.value) == problem
