"""The word that was meant."""

from __future__ import annotations

import pytest

from reminder.config.names import did_you_mean, nearest
from reminder.config.schema.whole import keys_at

TOP = keys_at(())
TITLE = keys_at(("watch", 0))


@pytest.mark.parametrize(
    ("written", "keys", "meant"),
    [
        ("channles", TOP, "channels"),
        ("time_zone", TOP, "timezone"),
        ("Quiet-Hours", TOP, "quiet_hours"),
        ("tz", TOP, "timezone"),
        ("movies", TOP, "watch"),
        ("titel", TITLE, "title"),
        ("air_date", TITLE, "premiere"),
        ("network", TITLE, "platform"),
        ("network", TOP, None),
        ("wobble", TITLE, None),
        ("TV", ["series", "film"], "series"),
        ("movie", ["series", "film"], "film"),
    ],
)
def test_the_nearest_right_word_is_found(written: str, keys: list[str], meant: str | None) -> None:
    assert nearest(written, keys) == meant


def test_where_none_is_near_all_are_named() -> None:
    assert did_you_mean("x", ["daily", "weekly"]) == "write one of daily, weekly"
    assert did_you_mean("ravi", ["me"]) == "write me"
    assert did_you_mean("dayly", ["daily", "weekly"]) == "did you mean daily?"


@pytest.mark.parametrize(
    ("loc", "some"),
    [
        ((), {"watch", "operator", "at"}),
        (("subscribers", "for"), {"channels", "at"}),
        (("channels", "remind"), {"url", "only"}),
        (("watch", 3), {"title", "for"}),
        (("watch", 3, "drop", 1), {"episodes", "premiere"}),
        (("watch", 3, "for", "drop"), {"remind"}),
        (("watch", 3, "for", "log", "remind"), {"premiere", "episode", "finale"}),
        (("subscribers", "asha", "remind"), {"premiere", "episode", "finale"}),
        (("templates", "moved"), {"subject", "body"}),
        (("delivery",), {"concurrency", "timeout"}),
        (("log",), {"level", "format"}),
    ],
)
def test_every_mapping_knows_its_own_keys_whatever_its_name(loc: tuple[str | int, ...], some: set[str]) -> None:
    assert some <= set(keys_at(loc))
