"""Reads the clock, and nobody else does: functions take `now`, and whoever waits is handed a `Clock`.

`SystemClock` is the machine's. `SimulatedClock` passes time only when told to, for `simulate` and for tests.
`FileClock` is a seam for tests of the installed command, which cannot be handed an object: the environment variable
`REMINDER_CLOCK_FILE` names a file that says what time it is, and rewriting the file is a step of the wall clock, as
after a suspend or a correction by NTP. The monotonic clock and waiting stay real, as they do in those cases.
"""

from __future__ import annotations

import contextlib
import math
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

from reminder.core.errors import WrongInput

CLOCK_FILE: Final = "REMINDER_CLOCK_FILE"
_CENTURIES: Final = 1e10  # seconds; further off than any date we take


class Clock(Protocol):
    """The time, how it passes, and waiting."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds that only ever grow, from an unstated start; no step of the wall clock shows in them."""
        ...

    def since_boot(self) -> float:
        """Return seconds that only ever grow, a suspend included."""
        ...

    def wait(self, event: threading.Event, seconds: float) -> bool:
        """Wait until `event` is set, at most `seconds`; return whether it is set. A negative time is none."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return the machine's monotonic seconds (CLOCK_MONOTONIC on Linux, which stands still in a suspend)."""
        return time.monotonic()

    def since_boot(self) -> float:
        """Return the machine's seconds since its start, a suspend included."""
        return since_boot()

    def wait(self, event: threading.Event, seconds: float) -> bool:
        """Wait until `event` is set, at most `seconds`; return whether it is set."""
        return event.wait(min(max(seconds, 0.0), threading.TIMEOUT_MAX))


class SimulatedClock:
    """A clock that moves only when it is told to. Safe to share between threads.

    Raises ValueError for an instant without a zone.
    """

    def __init__(self, now: datetime) -> None:
        self._now = _aware(now)
        self._monotonic = 0.0
        self._guard = threading.Lock()

    def now(self) -> datetime:
        """Return the instant it was last set or advanced to, in UTC."""
        return self._now

    def monotonic(self) -> float:
        """Return the seconds it was advanced by so far."""
        return self._monotonic

    def since_boot(self) -> float:
        """Return the seconds it was advanced by so far: it never sleeps."""
        return self._monotonic

    def wait(self, event: threading.Event, seconds: float) -> bool:
        """Let `seconds` pass at once, unless `event` is set already; return whether it is set."""
        if not event.is_set():
            self.advance(max(seconds, 0.0))
        return event.is_set()

    def advance(self, by: timedelta | float) -> None:
        """Let time pass, by a timedelta or by seconds: both clocks move. Raises ValueError for less than none."""
        step = by if isinstance(by, timedelta) else timedelta(seconds=by)
        if step < timedelta():
            raise ValueError("time does not pass backwards: use set() for a step of the wall clock")
        with self._guard:
            self._now += step
            self._monotonic += step.total_seconds()

    def set(self, now: datetime) -> None:
        """Step the wall clock to `now`, forward or back; the monotonic clock does not see it."""
        with self._guard:
            self._now = _aware(now)


@dataclass(frozen=True, kw_only=True)
class _Reading:
    """The content of a clock file: the instant it stands for at `monotonic`, and the file's own state then."""

    at: datetime
    monotonic: float
    looks: tuple[int, int, int]
    asleep: float = 0.0


class FileClock(SystemClock):
    """The time as a file says it; for tests of the installed command (`REMINDER_CLOCK_FILE`).

    The file holds one of two things. An instant, `2025-07-09T07:00:00Z`: it was that time when the file was last
    written, and time has run on since, so two processes that read it at different moments agree. Or an offset in
    seconds from the machine's clock, with its sign: `+3600`, `-28800`. Behind an instant may stand for how many seconds
    the machine has slept since its start: `2025-07-09T07:00:00Z asleep 28800`. It is read again when it has changed.
    A rewrite that cannot be read (half written, or gone) leaves the clock running as it was.

    Raises WrongInput when the first reading fails.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._guard = threading.Lock()
        try:
            self._reading = self._read()
        except (OSError, ValueError) as error:
            raise WrongInput(
                f"{CLOCK_FILE}={path}: {error}: write an instant (2025-07-09T07:00:00Z) or an offset (+3600)"
            ) from error

    def now(self) -> datetime:
        """Return the instant that the file stands for by now, in UTC."""
        with self._guard:
            if self._changed():
                with contextlib.suppress(OSError, ValueError):  # being rewritten: the next look will find it whole
                    self._reading = self._read()
            return self._reading.at + timedelta(seconds=self.monotonic() - self._reading.monotonic)

    def since_boot(self) -> float:
        """Return the machine's seconds since its start, and what the file says it slept, as `now` read it last."""
        return super().since_boot() + self._reading.asleep

    def _changed(self) -> bool:
        try:
            return _looks(self._path) != self._reading.looks
        except OSError:
            return False

    def _read(self) -> _Reading:
        looks = _looks(self._path)
        text = self._path.read_text(encoding="utf-8").strip()
        text, _, asleep = text.partition(" asleep ")
        wall, monotonic = super().now(), self.monotonic()
        if text[:1] in {"+", "-"}:
            at = wall + timedelta(seconds=_seconds(text))
        else:
            written = datetime.fromtimestamp(looks[0] / 1e9, UTC)
            at = _aware(datetime.fromisoformat(text)) + max(wall - written, timedelta())
        return _Reading(at=at, monotonic=monotonic, looks=looks, asleep=_seconds(asleep) if asleep else 0.0)


def since_boot() -> float:
    """Return seconds that only ever grow, a suspend included: by them a lease is judged that others count too."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def clock_from(environ: Mapping[str, str]) -> Clock:
    """Return the machine's clock, or the one that `REMINDER_CLOCK_FILE` names. Raises WrongInput if it is none."""
    name = environ.get(CLOCK_FILE)
    return FileClock(Path(name)) if name else SystemClock()


def utc_text(at: datetime) -> str:
    """Return the instant `at` as every table and log of ours writes it: `2025-07-02T03:30:00Z`, whole seconds.

    Raises ValueError for an instant without a zone.
    """
    return _aware(at).strftime("%Y-%m-%dT%H:%M:%SZ")


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError(f"a time without a zone: {at.isoformat()}")
    return at.astimezone(UTC)


def _seconds(text: str) -> float:
    seconds = float(text)
    if not math.isfinite(seconds) or abs(seconds) > _CENTURIES:
        raise ValueError(f"{text} is not a number of seconds")
    return seconds


def _looks(path: Path) -> tuple[int, int, int]:
    found = path.stat()
    return (found.st_mtime_ns, found.st_size, found.st_ino)
