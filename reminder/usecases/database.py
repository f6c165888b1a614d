"""The database as the page and the bot are handed it: only to open transactions, which the use cases work in."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from sqlalchemy import Connection


class Database(Protocol):
    """Where everything is kept: transactions that write, and such that only look. Both raise StoreError."""

    def write(self) -> AbstractContextManager[Connection]:
        """Open a transaction that commits at its end."""
        ...

    def read(self) -> AbstractContextManager[Connection]:
        """Open a transaction that takes no lock against writers."""
        ...
