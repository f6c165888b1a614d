"""Handles signals: SIGTERM and SIGINT stop the process, SIGHUP reloads the config; a second stop ends it at once."""

from __future__ import annotations

import os
import queue
import signal
import threading
from contextlib import suppress
from typing import Final

_NO_SIGNAL: Final = 0


class Signals:
    """Hears signals for the main thread, and sets `stop` or `reload` from there, never from a handler.

    A handler interrupts the main thread anywhere, even where it holds the lock of an event: setting one in the handler
    would then wait for ever. A SimpleQueue may be written to from a handler.
    """

    def __init__(self, *, stop: threading.Event, reload: threading.Event) -> None:
        self._stop, self._reload = stop, reload
        self._news: queue.SimpleQueue[int] = queue.SimpleQueue()
        self._told_to_stop = False

    def listen(self) -> None:
        """Handle the signals from now on, and a reload asked for meanwhile; to be called on the main thread."""
        signal.signal(signal.SIGTERM, self._on_stop)
        signal.signal(signal.SIGINT, self._on_stop)
        signal.signal(signal.SIGHUP, self._on_reload)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGHUP})  # blocked since the start of the process

    def hear(self, seconds: float) -> None:
        """Wait for a signal, at most so long, and set the events; many signals at once are heard as one."""
        heard = set()
        with suppress(queue.Empty):
            heard.add(self._news.get(timeout=seconds))
            for _ in range(self._news.qsize()):
                heard.add(self._news.get_nowait())
        if signal.SIGHUP in heard:
            self._reload.set()
        if heard & {signal.SIGTERM, signal.SIGINT}:
            self._stop.set()

    def wake(self) -> None:
        """End a wait of `hear`, from another thread."""
        self._news.put(_NO_SIGNAL)

    def _on_stop(self, number: int, _frame: object) -> None:
        if self._told_to_stop or self._stop.is_set():
            os._exit(128 + number)  # asked twice: now
        self._told_to_stop = True
        self._news.put(number)

    def _on_reload(self, number: int, _frame: object) -> None:
        self._news.put(number)
