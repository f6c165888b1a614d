"""Ends what hangs: calls are cut off when their time is over, and given up when they do not end even then.

A call runs on its caller's own thread and is only watched. Handing each to another thread and waiting for it is safe
for any caller, but costs two switches of thread; who counts on coming back asks for it (`wait_for`).
"""

from __future__ import annotations

import logging
import math
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

log = logging.getLogger(__name__)

Result = TypeVar("Result")

LAST_WORDS_SECONDS: Final = 1.0
"""How long a call that was cut off may still take to return."""
GLANCE_SECONDS: Final = 0.2
"""How often it is looked whether a call that can be stopped has been."""


class Overrun(Exception):
    """A call did not come back in its time, nor after it was cut off."""


def _nothing() -> None:
    pass


@dataclass(kw_only=True, eq=False)
class _Turn:
    until: float
    cut_off: Callable[[], None]
    give_up: Callable[[], None]
    last_words: float
    stop: threading.Event | None
    is_cut: bool = False

    @property
    def is_stuck(self) -> bool:
        return self.until == math.inf

    def is_over(self, at: float) -> bool:
        return at >= self.until or (not self.is_cut and self.stop is not None and self.stop.is_set())


class Watchdog:
    """Looks after calls from one thread, which is there only while something runs, and keeps no process from ending.

    Args:
        name: of the thread.
        monotonic: the clock, in seconds.
    """

    def __init__(self, name: str, *, monotonic: Callable[[], float]) -> None:
        self.abandoned = 0
        self._name = name
        self._monotonic = monotonic
        self._turns: dict[_Turn, None] = {}
        self._changed = threading.Condition()
        self._is_looking = False
        self._looks_at = 0.0

    @property
    def stuck(self) -> int:
        """Return how many calls that were given up still run; `abandoned` counts all there ever were."""
        with self._changed:
            return sum(turn.is_stuck for turn in self._turns)

    def run(
        self,
        call: Callable[[], Result],
        *,
        seconds: float,
        cut_off: Callable[[], None] = _nothing,
        give_up: Callable[[], None] = _nothing,
        stop: threading.Event | None = None,
        last_words: float = LAST_WORDS_SECONDS,
    ) -> Result:
        """Run `call` here and return what it returns, or raise what it raises.

        When its time is over, or `stop` is set, `cut_off` is called from the other thread; if it has not come back
        `last_words` seconds later, `give_up`. Raises RuntimeError, and calls nothing, when no thread can be started.
        """
        until = self._monotonic() + seconds
        turn = _Turn(until=until, cut_off=cut_off, give_up=give_up, last_words=last_words, stop=stop)
        self._enter(turn)
        try:
            return call()
        finally:
            self._leave(turn)

    def wait_for(
        self,
        call: Callable[[], Result],
        *,
        seconds: float,
        cut_off: Callable[[], None] = _nothing,
        stop: threading.Event | None = None,
        last_words: float = LAST_WORDS_SECONDS,
    ) -> Result:
        """Run `call` on a thread of its own, which is left behind when it does not come back.

        Raises Overrun when it was, and what the call raised.
        """
        answers: queue.SimpleQueue[tuple[Result | None, BaseException | None]] = queue.SimpleQueue()

        def answer() -> None:
            try:
                found = self.run(
                    call,
                    seconds=seconds,
                    cut_off=cut_off,
                    give_up=lambda: answers.put((None, Overrun())),
                    stop=stop,
                    last_words=last_words,
                )
            except BaseException as error:  # noqa: BLE001  the edge of a thread: even SystemExit goes to who waits
                answers.put((None, error))
            else:
                answers.put((found, None))

        threading.Thread(target=answer, name=f"{self._name}-call", daemon=True).start()
        result, error = answers.get()
        if error is not None:
            raise error
        return result  # type: ignore[return-value]  # None only together with an error, or if Result is None

    def _enter(self, turn: _Turn) -> None:
        with self._changed:
            self._turns[turn] = None
            if self._is_looking:
                if turn.stop is not None or turn.until < self._looks_at:
                    self._changed.notify()
                return
            self._is_looking = True
        try:
            threading.Thread(target=self._look, name=self._name, daemon=True).start()
        except RuntimeError:  # the system has no thread left: nothing runs that nobody looks after
            with self._changed:
                self._is_looking = False
            self._leave(turn)
            raise

    def _leave(self, turn: _Turn) -> None:
        with self._changed:
            self._turns.pop(turn, None)

    def _look(self) -> None:
        while self._wait():
            for act in self._acts():
                try:
                    act()
                except Exception as error:  # noqa: BLE001  the edge of the thread: the others are still to be watched
                    log.error("overrunning call not ended", extra={"error": type(error).__name__})

    def _wait(self) -> bool:
        """Wait until a call may be over its time; return False when none runs, and nobody looks any more."""
        with self._changed:
            now = self._monotonic()
            running = [turn for turn in self._turns if not turn.is_stuck]
            # While none runs, for a while longer: when calls follow each other, one thread looks after all of them.
            self._looks_at = min((turn.until for turn in running), default=now + LAST_WORDS_SECONDS)
            if any(turn.stop is not None for turn in running):
                self._looks_at = min(self._looks_at, now + GLANCE_SECONDS)
            self._changed.wait(max(self._looks_at - now, 0.0))
            self._is_looking = bool(running) or any(not turn.is_stuck for turn in self._turns)
            return self._is_looking

    def _acts(self) -> list[Callable[[], None]]:
        """Return what to do now about the calls that are over their time."""
        at = self._monotonic()
        acts = []
        with self._changed:
            for turn in [turn for turn in self._turns if turn.is_over(at)]:
                acts.append(turn.give_up if turn.is_cut else turn.cut_off)
                turn.until = math.inf if turn.is_cut else at + turn.last_words
                self.abandoned += turn.is_cut
                turn.is_cut = True
        return acts
