"""Loads what sends before it is needed: that takes seconds, and a first message shall not wait for it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

log = logging.getLogger(__name__)

AHEAD: Final = timedelta(minutes=2)
"""So long before the next moment the libraries that send are loaded."""


@dataclass
class LibraryLoader:
    """Loads once; safe to call from several threads. What fails is told with the first message instead."""

    load: Callable[[], None]
    is_done: bool = False
    _loading: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self) -> None:
        """Load, if that was not done; return when it is."""
        with self._loading:
            if self.is_done:
                return
            try:
                self.load()
                log.debug("sending loaded")
            except Exception as error:  # noqa: BLE001  the transport says why with each message
                log.error("sending not loaded", extra={"error": type(error).__name__})
            self.is_done = True

    def is_near(self, next_at: datetime | None, now: datetime) -> bool:
        """Tell whether it is time to load for what comes at `next_at`."""
        return not self.is_done and next_at is not None and next_at - now <= AHEAD
