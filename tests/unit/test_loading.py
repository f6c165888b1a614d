"""What sends is loaded before it is needed, once, and a failure of it stops nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from reminder.delivery.preload import LibraryLoader

NOW = datetime(2025, 7, 9, 3, 28, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ahead", "near"),
    [
        (None, False),
        (timedelta(hours=1), False),
        (timedelta(minutes=2, seconds=1), False),
        (timedelta(minutes=2), True),
        (timedelta(0), True),
        (-timedelta(days=2), True),
    ],
)
def test_it_is_loaded_two_minutes_ahead(ahead: timedelta | None, near: bool) -> None:
    loader = LibraryLoader(lambda: None)
    next_at = None if ahead is None else NOW + ahead
    assert loader.is_near(next_at, NOW) is near
    loader()
    assert not loader.is_near(next_at, NOW)


def test_it_is_loaded_once_and_a_failure_is_left_to_the_first_message() -> None:
    loads: list[int] = []

    def load() -> None:
        loads.append(1)
        raise ImportError

    loader = LibraryLoader(load)
    loader()
    loader()
    assert loads == [1]
    assert loader.is_done
