"""The three clocks: the machine's, the simulated one, and the one that a file sets."""

from __future__ import annotations

import os
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from reminder.core.errors import WrongInput
from reminder.platform.clock import CLOCK_FILE, Clock, FileClock, SimulatedClock, SystemClock, clock_from, utc_text

NOON = datetime(2025, 7, 9, 12, tzinfo=UTC)
SOON = timedelta(seconds=30)


def written(path: Path, text: str, ago: float = 0.0) -> Path:
    """Write a clock file that was last changed `ago` seconds before now."""
    path.write_text(text, encoding="utf-8")
    changed = SystemClock().now().timestamp() - ago
    os.utime(path, (changed, changed))
    return path


@pytest.mark.parametrize("clock", [SystemClock(), SimulatedClock(NOON)])
def test_now_is_aware_and_in_utc(clock: Clock) -> None:
    assert clock.now().tzinfo is UTC


def test_the_systems_monotonic_clock_does_not_go_back() -> None:
    clock = SystemClock()
    assert clock.monotonic() <= clock.monotonic()


@pytest.mark.parametrize("seconds", [0.0, -5.0, -1e300])
def test_waiting_for_no_time_returns_at_once(seconds: float) -> None:
    assert SystemClock().wait(threading.Event(), seconds) is False


def test_a_wait_of_any_length_ends_when_the_event_is_set() -> None:
    event = threading.Event()
    event.set()
    assert SystemClock().wait(event, 1e300) is True


def test_a_simulated_clock_passes_time_only_when_told() -> None:
    clock = SimulatedClock(NOON)
    assert (clock.now(), clock.monotonic()) == (NOON, 0.0)
    clock.advance(90)
    clock.advance(timedelta(minutes=1))
    assert (clock.now(), clock.monotonic()) == (NOON + timedelta(seconds=150), 150.0)


def test_a_simulated_wait_lets_the_time_pass_at_once() -> None:
    clock = SimulatedClock(NOON)
    assert clock.wait(threading.Event(), 3600) is False
    assert (clock.now(), clock.monotonic()) == (NOON + timedelta(hours=1), 3600.0)


def test_a_simulated_wait_for_what_has_happened_takes_no_time() -> None:
    clock, event = SimulatedClock(NOON), threading.Event()
    event.set()
    assert clock.wait(event, 3600) is True
    assert clock.now() == NOON


def test_a_step_of_a_simulated_clock_does_not_show_in_its_monotonic_one() -> None:
    clock = SimulatedClock(NOON)
    clock.set(NOON - timedelta(hours=8))
    assert (clock.now(), clock.monotonic()) == (NOON - timedelta(hours=8), 0.0)


def test_simulated_time_keeps_utc_whatever_zone_it_is_set_in() -> None:
    kolkata = timezone(timedelta(hours=5, minutes=30))
    clock = SimulatedClock(datetime(2025, 7, 9, 17, 30, tzinfo=kolkata))
    assert clock.now() == NOON
    assert clock.now().tzinfo is UTC


def test_simulated_time_refuses_to_pass_backwards_or_without_a_zone() -> None:
    clock = SimulatedClock(NOON)
    with pytest.raises(ValueError, match="backwards"):
        clock.advance(-1)
    with pytest.raises(ValueError, match="without a zone"):
        clock.set(datetime(2025, 7, 9, 12))  # noqa: DTZ001 - the naive value is what is refused


def test_without_the_variable_the_clock_is_the_machines() -> None:
    assert type(clock_from({})) is SystemClock
    assert type(clock_from({CLOCK_FILE: ""})) is SystemClock


def test_an_instant_in_the_file_is_the_time_at_its_last_writing(tmp_path: Path) -> None:
    path = written(tmp_path / "clock", "2025-07-09T12:00:00Z\n", ago=60)
    now = clock_from({CLOCK_FILE: str(path)}).now()
    assert NOON + timedelta(seconds=60) <= now < NOON + timedelta(seconds=60) + SOON


def test_a_file_written_in_the_future_starts_at_its_instant(tmp_path: Path) -> None:
    now = FileClock(written(tmp_path / "clock", "2025-07-09T12:00:00Z", ago=-600)).now()
    assert NOON <= now < NOON + SOON


@pytest.mark.parametrize("offset", [3600, -28800, 0])
def test_an_offset_in_the_file_shifts_the_machines_clock(tmp_path: Path, offset: int) -> None:
    machine = SystemClock()
    before = machine.now()
    now = FileClock(written(tmp_path / "clock", f"{offset:+}")).now()
    assert before <= now - timedelta(seconds=offset) <= machine.now() + timedelta(seconds=1)


def test_time_from_a_file_runs_on(tmp_path: Path) -> None:
    clock = FileClock(written(tmp_path / "clock", "2025-07-09T12:00:00Z"))
    first = clock.now()
    clock.wait(threading.Event(), 0.02)
    assert timedelta(seconds=0.01) < clock.now() - first < SOON


def test_rewriting_the_file_is_a_step_that_the_monotonic_clock_does_not_see(tmp_path: Path) -> None:
    clock = FileClock(written(tmp_path / "clock", "2025-07-09T12:00:00Z"))
    monotonic = clock.monotonic()
    written(tmp_path / "clock", "2025-07-09T13:00:00+01:00", ago=7)
    assert NOON <= clock.now() < NOON + SOON
    written(tmp_path / "clock", "2025-07-19T12:00:00Z", ago=3)
    assert NOON + timedelta(days=10) <= clock.now() < NOON + timedelta(days=10) + SOON
    assert clock.monotonic() - monotonic < SOON.total_seconds()


@pytest.mark.parametrize("text", ["", "2025-07-", "soon"])
def test_a_half_written_file_leaves_the_clock_running(tmp_path: Path, text: str) -> None:
    clock = FileClock(written(tmp_path / "clock", "2025-07-09T12:00:00Z"))
    written(tmp_path / "clock", text, ago=5)
    assert NOON <= clock.now() < NOON + SOON


def test_a_file_taken_away_leaves_the_clock_running(tmp_path: Path) -> None:
    clock = FileClock(written(tmp_path / "clock", "2025-07-09T12:00:00Z"))
    (tmp_path / "clock").unlink()
    assert NOON <= clock.now() < NOON + SOON


@pytest.mark.parametrize("text", ["", "noon", "2025-07-09T12:00:00", "+soon", "+inf", "+1e300"])
def test_a_clock_file_that_says_nothing_is_an_error_that_says_what_to_write(tmp_path: Path, text: str) -> None:
    path = written(tmp_path / "clock", text)
    with pytest.raises(WrongInput, match=r"write an instant \(2025-07-09T07:00:00Z\) or an offset \(\+3600\)"):
        clock_from({CLOCK_FILE: str(path)})


def test_a_clock_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match="No such file"):
        clock_from({CLOCK_FILE: str(tmp_path / "clock")})


def test_instants_are_written_in_utc_to_the_second() -> None:
    kolkata = timezone(timedelta(hours=5, minutes=30))
    assert utc_text(datetime(2025, 7, 2, 9, 0, 0, 999_999, tzinfo=kolkata)) == "2025-07-02T03:30:00Z"
    with pytest.raises(ValueError, match="without a zone"):
        utc_text(datetime(2025, 7, 2, 9))  # noqa: DTZ001 - the naive value is what is refused
