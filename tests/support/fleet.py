"""Several daemons on one PostgreSQL: each with its own home, config and clock, as on machines of their own.

with fleet(tmp_path, shows(url, 100), size=3) as ships:
    ships.begin()
    with ships[0].daemon(), ships[1].daemon():
        ships.all_at(DUE)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

import psycopg

from reminder.platform.failpoints import LEASE
from tests.support.faults import Failpoints, until
from tests.support.nursery import Hatched
from tests.support.postgres import Server, server
from tests.support.process import PATIENCE, Daemon, Reminder
from tests.support.shows import BEFORE
from tests.support.sink import Reply, Request, Sink

Key = tuple[str, str]
"""A delivery: over which channel, and what about."""

SHORT: Final = 15.0
"""Seconds of a lease, where a test waits for its end."""


class Entry(NamedTuple):
    """A delivery as the database has it."""

    key: Key
    state: str
    pid: int | None
    """Of the daemon that has claimed it."""


class Book(Sink):
    """Takes everything, each answer after a few milliseconds, and counts copies."""

    def __init__(self, delay: float = 0.005) -> None:
        super().__init__()
        self.copies: Counter[Key] = Counter()
        self.subjects: list[Key] = []
        self._delay = delay
        self.always(self._enter)

    def _enter(self, request: Request) -> Reply:
        subject = str(request.json()["title"])
        self.subjects.append((request.path.strip("/"), subject))
        self.copies[request.path.strip("/"), subject.partition(" premieres")[0]] += 1
        return Reply(delay=self._delay)


@dataclass(kw_only=True)
class Fleet:
    """The machines, and the database that they share."""

    ships: list[Reminder]
    database: str

    def __getitem__(self, number: int) -> Reminder:
        return self.ships[number]

    def write(self, config: Mapping[str, Any]) -> None:
        """Give all of them the same config."""
        for ship in self.ships:
            self.write_one(ship, config)

    def write_one(self, ship: Reminder, config: Mapping[str, Any]) -> None:
        """Give one of them a config."""
        ship.write({"name": "home", "database": self.database, **config})

    def all_at(self, instant: str) -> None:
        """Set every clock."""
        for ship in self.ships:
            ship.at(instant)

    def begin(self) -> None:
        """Begin the subscriptions, the evening before anything is due."""
        self.all_at(BEFORE)
        done = self[0].once()
        assert done.status == 0, done.err

    def entries(self) -> list[Entry]:
        """Return every delivery."""
        query = (
            "SELECT channel, title.name, state, pid FROM delivery JOIN message ON message.id = message_id "
            "JOIN title ON title.id = title_id LEFT JOIN daemon ON daemon.owner = delivery.owner"
        )
        with psycopg.connect(self.database) as connection:
            return [Entry((row[0], row[1]), row[2], row[3]) for row in connection.execute(query)]

    def value(self, query: str) -> Any:
        """Return the first value that a query finds."""
        with psycopg.connect(self.database) as connection:
            found = connection.execute(query.encode()).fetchone()
        return found[0] if found else None

    def await_sent(self, count: int, *daemons: Daemon, seconds: float = PATIENCE) -> None:
        """Wait until so many deliveries there are, and all of them are sent."""
        until(
            lambda: self._states() == {"sent": count},
            lambda: "\n".join([str(self._states()), *(daemon.log[-2000:] for daemon in daemons)]),
            seconds,
        )

    def _states(self) -> Counter[str]:
        return Counter(entry.state for entry in self.entries())


@contextmanager
def fleet(folder: Path, size: int, *, lease: float | None = None, on: Server | None = None) -> Iterator[Fleet]:
    """Make a database and so many machines that use it; with `lease` seconds instead of a minute."""
    points = Failpoints(folder / "points")
    if lease is not None:
        (points.folder / LEASE).write_text(str(lease))
    homes = [folder / f"ship{number}" for number in range(size)]
    for home in homes:
        home.mkdir()
    with (on or server()).database() as database:
        ships: list[Reminder] = [Hatched(home, environ=dict(points.env)) for home in homes]
        yield Fleet(ships=ships, database=database.reveal())
