"""Threads that may hang without holding anybody up: a call gets so many seconds, then its thread is left behind."""

from __future__ import annotations

import itertools
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

Result = TypeVar("Result")

IDLE_SECONDS: Final = 60.0
"""A thread without work ends after this long."""
LAST_WORDS_SECONDS: Final = 1.0
"""How long a call that was cut off may still take to return."""


class Overrun(Exception):
    """A call did not come back in its time, nor after it was cut off."""


@dataclass(kw_only=True, eq=False)
class _Job(Generic[Result]):
    call: Callable[[], Result]
    over: bool = False
    done: queue.SimpleQueue[tuple[Result | None, BaseException | None]] = field(default_factory=queue.SimpleQueue)

    def outcome(self) -> tuple[Result | None, BaseException | None]:
        try:
            return self.call(), None
        except BaseException as error:  # noqa: BLE001  the edge of a thread: even SystemExit goes to who waits
            return None, error


class Workers:
    """A pool that grows with what is asked of it. All its threads are daemons, so none keeps a process from ending."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.abandoned = 0
        self._closed = False
        self._idle: list[_Worker] = []
        self._stuck: set[_Job[Any]] = set()
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)

    @property
    def stuck(self) -> int:
        """Return how many calls that overran still run; `abandoned` counts all there ever were."""
        with self._lock:
            return len(self._stuck)

    def run(self, call: Callable[[], Result], *, seconds: float, cut_off: Callable[[], None]) -> Result:
        """Run `call` on a thread of the pool and return what it returns.

        After `seconds`, `cut_off` is called; a call that still does not come back is left behind.

        Raises:
            Overrun: it was left behind.
            BaseException: what the call raised.
        """
        job = _Job(call=call)
        self._worker().jobs.put(job)
        try:
            return _result(job, seconds)
        except queue.Empty:
            cut_off()
        try:
            return _result(job, LAST_WORDS_SECONDS)
        except queue.Empty:
            self._abandon(job)
            raise Overrun from None

    def close(self) -> None:
        """Let the idle threads end; wait for them, not for those at work."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.jobs.put(None)
        for worker in idle:
            worker.thread.join(LAST_WORDS_SECONDS)

    def _worker(self) -> _Worker:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        return _Worker(self, f"{self.name}-{next(self._numbers)}")

    def _abandon(self, job: _Job[Any]) -> None:
        with self._lock:
            self.abandoned += 1
            if not job.over:
                self._stuck.add(job)

    def finished(self, worker: _Worker, job: _Job[Any]) -> bool:
        """Take a worker back; False when it shall end."""
        with self._lock:
            job.over = True
            self._stuck.discard(job)
            if not self._closed:
                self._idle.append(worker)
            return not self._closed

    def retire(self, worker: _Worker) -> bool:
        """Let an idle worker end, unless work is already on its way to it."""
        with self._lock:
            if worker not in self._idle:
                return False
            self._idle.remove(worker)
            return True


def _result(job: _Job[Result], seconds: float) -> Result:
    result, error = job.done.get(timeout=seconds)
    if error is not None:
        raise error
    return result  # type: ignore[return-value]  # None only together with an error, or if Result is None


class _Worker:
    def __init__(self, pool: Workers, name: str) -> None:
        self.jobs: queue.SimpleQueue[_Job[Any] | None] = queue.SimpleQueue()
        self._pool = pool
        self.thread = threading.Thread(target=self._loop, name=name, daemon=True)
        self.thread.start()

    def _loop(self) -> None:
        while True:
            try:
                job = self.jobs.get(timeout=IDLE_SECONDS)
            except queue.Empty:
                if self._pool.retire(self):
                    return
                continue
            if job is None:
                return
            outcome = job.outcome()
            # Back into the pool first: who waits for the outcome may bring the next call at once.
            goes_on = self._pool.finished(self, job)
            job.done.put(outcome)
            del job, outcome
            if not goes_on:
                return
