"""Keeps the request to read the config again, which may come from signals by the hundred."""

from __future__ import annotations

import math
import threading
from typing import Final

PAUSE: Final = 1.0
"""Seconds from one reading of the config to the next, however often it is asked for."""


class ReloadRequest(threading.Event):
    """Set when the config is to be read again. Many requests within `PAUSE` are one, and none is lost."""

    def __init__(self) -> None:
        super().__init__()
        self._taken_at = -math.inf

    def is_due(self, monotonic: float) -> bool:
        """Tell whether the config is to be read at this second of the monotonic clock."""
        return self.is_set() and monotonic - self._taken_at >= PAUSE

    def take(self, monotonic: float) -> None:
        """Take the request: the config is read for it from now on."""
        self.clear()
        self._taken_at = monotonic
