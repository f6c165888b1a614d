"""Calls on their callers' own threads, looked after from one other thread: cut off in time, else given up.

Handing each call to a worker thread and waiting for it is safe for any caller, but costs two switches of thread for
each: with 16 threads over HTTPS, 0.28-0.45 ms of CPU for a send instead of 0.15-0.18. A thread that can be done
without, because another takes its place, says so (`expendable`); its calls are only watched.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar

from reminder.notify.threads.worker_pool import LAST_WORDS_SECONDS
from reminder.notify.transport import Outcome

log = logging.getLogger(__name__)

Result = TypeVar("Result")
LeftBehind = Callable[[Outcome], None]
"""Told, from another thread, what to take for the outcome of a call that does not come back."""

_left_behind: ContextVar[LeftBehind | None] = ContextVar("left_behind", default=None)


@contextmanager
def expendable(left_behind: LeftBehind) -> Iterator[None]:
    """Say that this thread may be left behind in what it calls now; `left_behind` then hears of it, in its place.

    A call that was left behind may still come back, later: what it returns then counts for nothing.
    """
    token = _left_behind.set(left_behind)
    try:
        yield
    finally:
        _left_behind.reset(token)


def who_hears() -> LeftBehind | None:
    """Return who hears of it when this thread is left behind; None when somebody waits for it."""
    return _left_behind.get()


@dataclass(kw_only=True, eq=False)
class _Turn:
    until: float
    cut_off: Callable[[], None]
    give_up: Callable[[], None]


class Watch:
    """Looks after calls that all have the same time: so the first to begin is the first to be over.

    Args:
        name: of the thread that looks. It is there only while something runs, and keeps no process from ending.
        seconds: what a call may take.
        monotonic: the clock for it.
    """

    def __init__(self, name: str, *, seconds: float, monotonic: Callable[[], float]) -> None:
        self.abandoned = 0
        self._name = name
        self._seconds = seconds
        self._monotonic = monotonic
        self._running: OrderedDict[_Turn, None] = OrderedDict()
        self._last_words: OrderedDict[_Turn, None] = OrderedDict()
        self._stuck: set[_Turn] = set()
        self._changed = threading.Condition()
        self._looking = False

    @property
    def stuck(self) -> int:
        """Return how many calls that were given up still run; `abandoned` counts all there ever were."""
        with self._changed:
            return len(self._stuck)

    def run(self, call: Callable[[], Result], *, cut_off: Callable[[], None], give_up: Callable[[], None]) -> Result:
        """Run `call` here and return what it returns, or raise what it raises.

        When its time is over, `cut_off` is called from the other thread; if it has not come back a second later,
        `give_up`.
        """
        turn = _Turn(until=self._monotonic() + self._seconds, cut_off=cut_off, give_up=give_up)
        self._enter(turn)
        try:
            return call()
        finally:
            self._leave(turn)

    def _enter(self, turn: _Turn) -> None:
        with self._changed:
            self._running[turn] = None
            if self._looking:
                return  # it looks again when the one before this is over, at the latest
            self._looking = True
        try:
            threading.Thread(target=self._look, name=self._name, daemon=True).start()
        except RuntimeError:  # the system has no thread left: nothing goes out that nobody looks after
            with self._changed:
                self._looking = False
            self._leave(turn)
            raise

    def _leave(self, turn: _Turn) -> None:
        with self._changed:
            self._running.pop(turn, None)
            self._last_words.pop(turn, None)
            self._stuck.discard(turn)

    def _look(self) -> None:
        while self._wait():
            for act in self._over():
                try:
                    act()
                except Exception as error:  # noqa: BLE001  the edge of the thread: the others are still to be watched
                    log.error("overrunning send not ended", extra={"error": type(error).__name__})

    def _wait(self) -> bool:
        """Wait until the next call is over its time; return False when none runs, and nobody looks any more."""
        with self._changed:
            waits = [next(iter(turns)).until for turns in (self._running, self._last_words) if turns]
            if not waits:
                # For a while longer: when sends follow each other, one thread looks after all of them.
                self._changed.wait(min(LAST_WORDS_SECONDS, self._seconds))
                self._looking = bool(self._running)
                return self._looking
            self._changed.wait(min(max(min(waits) - self._monotonic(), 0.0), self._seconds))
            return True

    def _over(self) -> list[Callable[[], None]]:
        """Return what to do now about the calls that are over their time."""
        at = self._monotonic()
        with self._changed:
            acts = []
            while (turn := _first_over(self._last_words, at)) is not None:
                self._stuck.add(turn)
                self.abandoned += 1
                acts.append(turn.give_up)
            while (turn := _first_over(self._running, at)) is not None:
                turn.until = at + LAST_WORDS_SECONDS
                self._last_words[turn] = None
                acts.append(turn.cut_off)
            return acts


def _first_over(turns: OrderedDict[_Turn, None], at: float) -> _Turn | None:
    """Take out the first of these whose time is over."""
    first = next(iter(turns), None)
    if first is None or first.until > at:
        return None
    del turns[first]
    return first
