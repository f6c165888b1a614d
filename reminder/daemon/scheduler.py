"""Calls a few jobs at their intervals by APScheduler, each on a thread of its own, so that none delays another.

It has no job store. What is due stands in the database, and a tick only looks there.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from reminder.platform.clock import SystemClock

JOB: Final = "job-"
"""How the names of the threads begin in which jobs run."""


class Ticker:
    """Calls each job at its interval, and sooner when asked to. A job never runs twice at once."""

    def __init__(self) -> None:
        # A tick that is skipped because enough of them wait already is as it should be, and no news.
        quiet = logging.getLogger("reminder.daemon.scheduler")
        quiet.setLevel(logging.ERROR)
        self._scheduler: Any = BackgroundScheduler(timezone="UTC", logger=quiet)

    def every(
        self, interval: timedelta, name: str, job: Callable[[], None], *, at_once: bool, waiting: int = 0
    ) -> None:
        """Add a job, first called at once or after one interval; `waiting` calls may queue while one runs."""
        first = {"next_run_time": SystemClock().now()} if at_once else {}
        self._scheduler.add_executor(ThreadPoolExecutor(1, {"thread_name_prefix": f"{JOB}{name}"}), name)
        self._scheduler.add_job(
            job,
            "interval",
            id=name,
            executor=name,
            seconds=interval.total_seconds(),
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1 + waiting,
            **first,
        )

    def start(self) -> None:
        """Begin to call the jobs."""
        self._scheduler.start()

    def call(self, name: str, after: timedelta = timedelta(0)) -> None:
        """Have a job called next after so long; its interval counts from then."""
        # The scheduler counts by the system's clock, which under a test's clock file is not the daemon's.
        self._scheduler.modify_job(name, next_run_time=SystemClock().now() + max(after, timedelta(0)))

    def stop(self) -> None:
        """Call nothing any more; a job that runs is not waited for."""
        self._scheduler.shutdown(wait=False)
