"""Signals by the hundred are few readings of the config, and the last of them counts."""

from __future__ import annotations

from reminder.daemon.reloading import ReloadRequest


def readings(wished_at: list[float], looked_at: list[float]) -> list[float]:
    """Return when the config is read, where it is wished for and looked at these seconds."""
    wish, wished, read = ReloadRequest(), sorted(wished_at), []
    for now in sorted({*wished_at, *looked_at}):
        if now in wished:
            wish.set()
        if wish.is_due(now):
            wish.take(now)
            read.append(now)
    return read


def test_two_hundred_wishes_in_two_seconds_are_three_readings() -> None:
    wishes = [number / 100 for number in range(200)]
    assert readings(wishes, [2.0, 3.0, 4.0]) == [0.0, 1.0, 2.0]


def test_one_wish_is_fulfilled_at_once_and_once() -> None:
    assert readings([5.0], [4.0, 6.0, 7.0]) == [5.0]


def test_a_wish_within_the_pause_waits_for_its_end_and_is_not_lost() -> None:
    assert readings([5.0, 5.5], [5.75, 6.0, 7.0]) == [5.0, 6.0]
