"""What another program asks for leaves at once: a running daemon is woken by the asking, not by its next tick."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from reminder.core.model.secret import Secret
from reminder.core.text.message import AskedFrom
from reminder.daemon.service import TICK
from reminder.platform.clock import SystemClock
from reminder.store.sql.store import Store, open_store
from reminder.store.sql.tables import delivery
from reminder.usecases import asks
from tests.support.door import Door
from tests.support.faults import until
from tests.support.nursery import Hatched
from tests.support.postgres import server
from tests.support.process import Daemon, Reminder

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(600)]

TIMES = 6
AT_ONCE = TICK.total_seconds() / 3
"""Seconds of looking in each of which the next one must have come: ticks alone would bring one in three."""


@pytest.fixture
def door() -> Iterator[Door]:
    with Door() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def reminder(request: pytest.FixtureRequest, tmp_path: Path, door: Door) -> Iterator[Reminder]:
    made: Reminder = Hatched(tmp_path).at("+0")
    config = {"channels": {"hook": door.url}, "watch": [{"title": "Ballard", "premiere": "2199-07-09"}]}
    if request.param == "sqlite":
        made.write(config)
        yield made
        return
    with server().database() as database:
        made.write({**config, "database": database.reveal()})
        made.environ["ASKED_DATABASE"] = database.reveal()
        yield made


def database_of(reminder: Reminder) -> Secret:
    return Secret(reminder.environ.get("ASKED_DATABASE", str(reminder.database)))


def ask(store: Store, digits: str) -> None:
    now = SystemClock().now()
    with store.write() as tx:
        asks.ask_code(tx, person="me", channels=["hook"], code=digits, asked_from=AskedFrom("a test"), now=now)


def a_test(store: Store) -> int:
    """Ask for a test; return the number of its delivery."""
    with store.write() as tx:
        of = asks.ask_test(tx, person="me", channel="hook", now=SystemClock().now())
        number: int = tx.execute(select(delivery.c.id).where(delivery.c.message_id == of)).scalar_one()
    return number


def rests(daemon: Daemon) -> None:
    """Wait until it has nothing more to do."""
    until(lambda: "waiting" in daemon.log, lambda: daemon.log)


def arrived(door: Door, daemon: Daemon, sent: int) -> None:
    until(lambda: len(door.accepted) == sent, lambda: daemon.log, AT_ONCE)


def test_what_another_process_asks_for_is_sent_at_once(reminder: Reminder, door: Door) -> None:
    with reminder.daemon() as daemon, closing(open_store(database_of(reminder))) as store:
        rests(daemon)
        ask(store.announcing(), "00000000")
        until(lambda: door.accepted, lambda: daemon.log)  # what sends is loaded first
        for number in range(1, TIMES):
            ask(store.announcing(), f"0000000{number}")
            arrived(door, daemon, number + 1)
    assert door.titles == [f"Your code: 0000 000{number}" for number in range(TIMES)]


def test_what_a_command_has_tried_again_is_sent_at_once(reminder: Reminder, door: Door) -> None:
    with reminder.daemon() as daemon:
        rests(daemon)
        with closing(open_store(database_of(reminder))) as store:
            ask(store, "00000000")
            number = a_test(store)
        until(lambda: len(door.accepted) == 2, lambda: daemon.log)
        for more in range(1, 4):
            done = reminder.run("retry", str(number), "--force")
            assert done.status == 0, done.err
            arrived(door, daemon, 2 + more)
