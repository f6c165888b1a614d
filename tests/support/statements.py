"""What SQLAlchemy has compiled, kept from one test's database for the next: a third of the CPU of a test of a store.

An engine keeps what it has compiled, as a daemon's does for its whole life; a test has a new engine, and compiled the
same statements anew. How a statement is kept and found again stays SQLAlchemy's own business.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

from sqlalchemy.util import LRUCache


class Compiled(LRUCache[Any, Any]):
    """The statements of all engines of one kind. A key begins with the engine's dialect, which is left out."""

    def get(self, key: Any, default: Any = None) -> Any:
        """Return what any engine has compiled for this statement."""
        return super().get(_without_dialect(key), default)

    def __setitem__(self, key: Any, value: Any) -> None:
        """Keep what an engine has compiled."""
        super().__setitem__(_without_dialect(key), value)


def _without_dialect(key: Any) -> Any:
    return key[1:]


COMPILED: Final[defaultdict[str, Compiled]] = defaultdict(lambda: Compiled(2000))
"""By the name of the dialect: the settings of all engines of one kind are the same."""
