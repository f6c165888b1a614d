"""Killed again and again in the middle of thousands of deliveries (catalogue 1-5): the figures are printed."""

from __future__ import annotations

import random
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import pytest

from reminder.delivery.sender_pool import MOST_UNRECORDED
from tests.support.faults import integrity, until
from tests.support.process import Daemon, Reminder
from tests.support.shows import AFTER, BEFORE, DUE
from tests.support.sink import Reply, Request, Sink

pytestmark = pytest.mark.acceptance

PEOPLE, TITLES, KILLS = 20, 160, 64
CHANNELS = PEOPLE + PEOPLE // 2
DELIVERIES = CHANNELS * TITLES
A_LIFE = 60
"""Deliveries that a life is granted before it is killed; the rest goes out in peace."""

CONCURRENCY = 16
"""Sends at once, unless the config says otherwise."""

Key = tuple[str, str]
"""A delivery: over which channel, and what about."""


class Book(Sink):
    """Takes everything, answers as fast as a service across a continent does, and counts copies."""

    def __init__(self) -> None:
        super().__init__()
        self.copies: Counter[Key] = Counter()
        self.always(self._enter)

    def _enter(self, request: Request) -> Reply:
        self.copies[request.path.strip("/"), str(request.json()["title"]).partition(" premieres")[0]] += 1
        return Reply(delay=0.05)


@dataclass
class ReadingCounts:
    """How often each delivery was on its way when the program was killed."""

    in_flight: Counter[Key] = field(default_factory=Counter)
    kills: int = 0
    busy: int = 0

    def killed(self, reminder: Reminder) -> None:
        """Look at what a killed program has left behind."""
        held = [key for key, state in ledger(reminder).items() if state == "sending"]
        self.in_flight.update(held)
        self.kills += 1
        self.busy += bool(held)


def config(book: Book) -> dict[str, Any]:
    names = [f"c{number}" for number in range(CHANNELS)]
    people = {f"p{number}": {"channels": names[number::PEOPLE]} for number in range(PEOPLE)}
    return {
        "timezone": "Asia/Kolkata",
        "remind": ["1d"],
        "burst": "0",
        "log": {"level": "warning"},
        "channels": {name: f"json://{book.netloc}/{name}" for name in names},
        "subscribers": people,
        "watch": [{"title": f"Show {number}", "premiere": "July 9, 2025"} for number in range(TITLES)],
    }


def ledger(reminder: Reminder) -> dict[Key, str]:
    query = (
        "SELECT channel, title.name, state FROM delivery JOIN message ON message.id = message_id "
        "JOIN title ON title.id = title_id"
    )
    with closing(sqlite3.connect(f"file:{reminder.database}?mode=ro", uri=True)) as database:
        return {(channel, name): state for channel, name, state in database.execute(query)}


def live_and_die(daemon: Daemon, book: Book, number: int) -> None:
    """Let a daemon send for a while, or only begin, and kill it."""
    chance = random.Random(number)
    if number % 8 == 7:
        until(lambda: daemon.said or chance.random() < 0.02)  # in the middle of its start
    else:
        assert book.wait_for(len(book.requests) + A_LIFE + chance.randrange(10)), daemon.log
    daemon.kill()


def all_sent(reminder: Reminder) -> bool:
    found = ledger(reminder)
    return len(found) == DELIVERIES and set(found.values()) == {"sent"}


@pytest.mark.timeout(600)
def test_killed_sixty_times_it_loses_nothing_and_repeats_only_what_was_on_its_way(
    reminder: Reminder, capsys: pytest.CaptureFixture[str]
) -> None:
    counters = ReadingCounts()
    with Book() as book:
        reminder.write(config(book))
        assert reminder.at(BEFORE).once().status == 0
        reminder.at(DUE)
        for number in range(KILLS):
            with reminder.started("run") as daemon:
                live_and_die(daemon, book, number)
            counters.killed(reminder)
            assert number % 16 or integrity(reminder.database) == "ok"
        with reminder.at(AFTER).daemon() as daemon:
            until(lambda: all_sent(reminder), lambda: daemon.log)
        copies = book.copies
    lost, repeated, most = DELIVERIES - len(copies), copies.total() - len(copies), max(copies.values())
    with capsys.disabled():
        print(  # noqa: T201  the figures are what this test is for
            f"\n{DELIVERIES} deliveries, {counters.kills} kills, {counters.busy} of them with something on its way "
            f"({counters.in_flight.total()} in all): {lost} lost, {repeated} repeated, at most {most} copies of one"
        )
    assert integrity(reminder.database) == "ok"
    assert lost == 0
    # The true bound: one more copy for each kill at which it was on its way. Nothing else is ever repeated.
    assert [key for key, count in copies.items() if count > 1 + counters.in_flight[key]] == []
    # And of one kill no more than was with the services, beside what they had answered and the ledger did not have yet.
    assert repeated <= counters.busy * (CONCURRENCY + 2 * MOST_UNRECORDED)
