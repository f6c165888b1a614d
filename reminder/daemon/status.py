"""Tells how the daemon is to whoever watches: the heartbeat's file, systemd, and afterwards the operator."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

from reminder.platform.clock import Clock, utc_text
from reminder.platform.heartbeat import Heartbeat, read_heartbeat, write_heartbeat
from reminder.platform.systemd import Systemd

log = logging.getLogger(__name__)

WORTH_TELLING: Final = timedelta(minutes=5)
"""A standstill shorter than this is in the log only; a longer one is told to the operator when it is over."""


class Alarm(Protocol):
    """Tells the operator of a trouble that no channel has. Raises StoreError when it cannot be written."""

    def __call__(self, subject: str, *lines: str, now: datetime) -> None: ...  # noqa: D102


@dataclass(frozen=True, kw_only=True)
class _Trouble:
    reason: str
    since_at: datetime
    since: float  # seconds of the monotonic clock


@dataclass(kw_only=True)
class ServiceStatus:
    """Whether the daemon works, and since when it does not.

    `kernel` is that of the heartbeats that it leaves; `config` returns what tells the config in use from others.
    `last_beat` is the last heartbeat, for whoever asks within the process: it counts though no file could be written.
    """

    clock: Clock
    systemd: Systemd
    runtime_dir: Path
    alarm: Alarm
    kernel: str = ""
    config: Callable[[], str | None] = lambda: None
    last_beat: Heartbeat | None = None
    _trouble: _Trouble | None = None
    _refused: str = ""
    _config_problem: str | None = None

    @property
    def is_well(self) -> bool:
        """Whether the last sweep reached the database and believed the clock."""
        return self._trouble is None

    def well(self, now: datetime, next_at: datetime | None) -> None:
        """Note a sweep that did its work at `now`; `next_at` is when the next one is needed. Raises StoreError."""
        self._beat(Heartbeat(swept_at=now, pid=os.getpid(), next_at=next_at))
        self.systemd.watchdog()
        self.systemd.status((f"next message {utc_text(next_at)}" if next_at else "nothing to come") + self._refused)
        if self._trouble:
            self._mended(self._trouble, now)

    def trouble(self, reason: str, now: datetime) -> None:
        """Note, at the instant `now`, that nothing can be sent, and why."""
        if self._trouble is None or self._trouble.reason != reason:
            log.error("nothing is sent now", extra={"why": reason})
            was = self._trouble
            self._trouble = _Trouble(
                reason=reason,
                since_at=was.since_at if was else now,
                since=was.since if was else self.clock.monotonic(),
            )
        last = self.last_beat or read_heartbeat(self.runtime_dir)
        swept_at = last.swept_at if last else now
        self._beat(Heartbeat(swept_at=swept_at, pid=os.getpid(), trouble=reason))
        self.systemd.status(f"nothing is sent now: {reason}")

    def _beat(self, beat: Heartbeat) -> None:
        self.last_beat = replace(
            beat,
            config_problem=self._config_problem,
            config=self.config(),
            kernel=self.kernel,
            is_restarted=self.systemd.is_there or os.getpid() == 1,  # the first process of a container
        )
        write_heartbeat(self.runtime_dir, self.last_beat)

    def config_taken(self, question: str = "") -> None:
        """Note that the config in use is the one on disk; a question that it leaves open stands in the status."""
        self._refused = f"; {question}" if question else ""
        self._config_problem = None

    def config_refused(self, reason: str) -> None:
        """Note why the config on disk is not the one in use; the status says so until one is taken."""
        self._refused = f"; {reason}"
        self._config_problem = reason

    def _mended(self, was: _Trouble, now: datetime) -> None:
        """Tell the operator, now that it can be told, for how long nothing was sent."""
        lasted = timedelta(seconds=self.clock.monotonic() - was.since)
        if lasted >= WORTH_TELLING:
            self.alarm(
                "Reminders were held up",
                f"From {was.since_at:%Y-%m-%d %H:%M} UTC, for {lasted // timedelta(minutes=1)} minutes,"
                " nothing was sent: "
                f"{was.reason}",
                "What was due goes out now.",
                now=now,
            )
        self._trouble = None  # only now: an alarm that could not be written is written with the next sweep
        log.info("working again", extra={"was": was.reason, "since": was.since_at})
