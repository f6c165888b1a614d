"""Keeps calendars as they were last written, so that who asks again gets the same bytes without work."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Final

MOST_KEPT: Final = 4 * 1024 * 1024
"""Bytes of calendars that are kept; the one not asked for longest goes first."""


@dataclass(frozen=True)
class WrittenFeed:
    """A calendar as it was last written, and of what: with the same it is the same bytes."""

    of: Hashable
    tag: str
    content: bytes


@dataclass
class WrittenFeeds:
    """The calendars that were written last, by token."""

    _kept: OrderedDict[int, WrittenFeed] = field(default_factory=OrderedDict)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def get(self, token: int, of: Hashable | None, write: Callable[[], bytes]) -> WrittenFeed:
        """Return a token's calendar: the one that is kept if it was made of the same, else one written now."""
        with self._guard:
            known = self._kept.get(token)
            if known is not None and of is not None and known.of == of:
                self._kept.move_to_end(token)
                return known
        content = write()
        made = WrittenFeed(of, hashlib.sha256(content).hexdigest()[:32], content)
        with self._guard:
            self._kept[token] = made
            self._kept.move_to_end(token)
            while len(self._kept) > 1 and sum(len(each.content) for each in self._kept.values()) > MOST_KEPT:
                self._kept.popitem(last=False)
        return made
