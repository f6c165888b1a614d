"""Hearing of what other programs have written, so that what they ask for does not wait for the next tick.

SQLite counts the commits of others for each connection, and the count is looked at; PostgreSQL tells who listens.
"""

from __future__ import annotations

import logging
import selectors
import socket
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import quote

from sqlalchemy import Engine

from reminder.store.sql.announce import TOPIC
from reminder.store.sql.store import Store

log = logging.getLogger(__name__)

FIRST_WAIT: Final = 1.0
LONGEST_WAIT: Final = 60.0
"""Seconds until a lost connection is made anew; the wait doubles each time. Meanwhile the ticks go on."""
MOST_DOUBLINGS: Final = 6

QUIET: Final = 30.0
"""Seconds of listening in which nothing is told after which a connection counts as good."""

MOST_TO_END: Final = 2.0
"""Seconds that the listener gets to come to its end; it may be about to connect."""


class News(Protocol):
    """Tells when somebody has written into the database. Never raises: without news the ticks go on."""

    def listen(self, wake: Callable[[], None]) -> None:
        """Begin; `wake` is called, from another thread, as soon as something is heard, where that can be."""
        ...

    def mark(self) -> None:
        """Take all that was written up to now for known."""
        ...

    def has_come(self) -> bool:
        """Tell whether anything was written since the last mark."""
        ...

    def close(self) -> None:
        """Listen no more."""
        ...


class CommitCount:
    """Looks at a SQLite file's count of commits: our own connections count as others, so a mark comes before work."""

    def __init__(self, path: Path) -> None:
        self._place = f"file:{quote(str(path))}?mode=rw"
        self._connection: sqlite3.Connection | None = None
        self._known: int | None = None
        self._turn = threading.Lock()

    def listen(self, wake: Callable[[], None]) -> None:
        """Do nothing: a file tells nobody, it is looked at."""
        del wake

    def mark(self) -> None:
        """Remember the count."""
        with self._turn:
            self._known = self._count()

    def has_come(self) -> bool:
        """Tell whether the count is another than at the last mark."""
        with self._turn:
            return self._known is not None and self._count() not in {self._known, None}

    def _count(self) -> int | None:
        try:
            if self._connection is None:
                self._connection = sqlite3.connect(self._place, uri=True, timeout=0, check_same_thread=False)
            ((count,),) = self._connection.execute("PRAGMA data_version").fetchall()
        except sqlite3.Error:
            return None  # whoever sweeps says what is wrong with it
        return int(count)

    def close(self) -> None:
        """Close the connection."""
        with self._turn, suppress(sqlite3.Error):
            if self._connection is not None:
                self._connection.close()
            self._connection, self._known = None, None


class Announcements:
    """Listens to a PostgreSQL on a connection and a thread of its own; a lost one is made anew, after longer waits.

    Behind a pool of connections that are handed about, nothing may ever be heard.
    """

    def __init__(self, engine: Engine, *, first_wait: float = FIRST_WAIT) -> None:
        self._engine = engine
        self._first_wait = first_wait
        self._wake: Callable[[], None] = _nobody
        self._heard = threading.Event()
        self._stop = threading.Event()
        self._ends: tuple[socket.socket, socket.socket] | None = None
        self._thread = threading.Thread(target=self._run, name="listener", daemon=True)

    def listen(self, wake: Callable[[], None]) -> None:
        """Begin to listen."""
        self._wake = wake
        self._ends = socket.socketpair()
        self._thread.start()

    def mark(self) -> None:
        """Forget what was heard."""
        self._heard.clear()

    def has_come(self) -> bool:
        """Tell whether anything was heard since the last mark."""
        return self._heard.is_set()

    def close(self) -> None:
        """Have the thread end."""
        self._stop.set()
        if self._ends is not None:
            self._ends[0].close()  # which the other end sees
            self._thread.join(MOST_TO_END)
            self._ends[1].close()

    def _run(self) -> None:
        failures = 0
        while not self._stop.is_set():
            try:
                for is_told in self._hear():
                    if is_told:
                        self._heard.set()
                        self._wake()
                    else:
                        failures = 0  # it has listened for a while
            except Exception as error:  # noqa: BLE001  a thread's edge: whatever is wrong, the ticks go on
                if not failures:
                    log.warning("not listening", extra={"why": type(error).__name__})
            self._stop.wait(min(self._first_wait * 2**failures, LONGEST_WAIT))
            failures = min(failures + 1, MOST_DOUBLINGS)

    def _hear(self) -> Iterator[bool]:
        """Yield whether anything was told, from time to time that nothing was; at first that it may have been.

        Raises what the driver raises when the connection is lost.
        """
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            driver: Any = connection.connection.driver_connection
            connection.detach()
            connection.exec_driver_sql(f"LISTEN {TOPIC}")
            yield True
            with selectors.DefaultSelector() as either:
                either.register(driver.fileno(), selectors.EVENT_READ)
                if self._ends is not None:
                    either.register(self._ends[1], selectors.EVENT_READ)
                while not self._stop.is_set():
                    yield bool(either.select(QUIET) and list(driver.notifies(timeout=0)))


def _nobody() -> None:
    """Wake nobody: nobody has asked to be."""


def news_of(store: Store) -> News | None:
    """Return what hears of others' writing into this database, None for one in memory, which has no others."""
    if not store.is_sqlite:
        return Announcements(store.engine)
    return CommitCount(store.path) if store.path is not None else None
