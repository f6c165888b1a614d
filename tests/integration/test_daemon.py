"""The daemon in this process: how it ends when a service does not answer."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Row, select

from reminder.config.load import parse_config
from reminder.core.model.entities import Channel
from reminder.core.sending.clock_guard import ClockGuard
from reminder.core.sending.rate_limit import ChannelPace
from reminder.core.text.message import Words
from reminder.daemon.app import App
from reminder.daemon.build_delivery import build_sweeper
from reminder.daemon.service import DRAIN, MOST_STUCK, Daemon
from reminder.delivery.sender import InlineSender, Sender
from reminder.delivery.sender_pool import SenderPool
from reminder.notify.fake import FakeTransport
from reminder.notify.transport import Sent
from reminder.platform.clock import SimulatedClock, SystemClock
from reminder.platform.paths import Machine
from reminder.platform.systemd import Systemd
from reminder.store.sql.store import Store
from reminder.store.sql.tables import delivery


class Hanging:
    """A transport that answers nobody until it is released."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.released = threading.Event()
        self.stuck = 0

    def send(self, channel: Channel, words: Words, *, ref: str, plain: bool = False) -> Sent:
        """Hang."""
        self.asked.set()
        self.released.wait(30)
        return Sent()

    def close(self) -> None:
        """Do nothing."""


class Real(SimulatedClock):
    """A wall clock that is set by hand, over a monotonic one that runs."""

    def monotonic(self) -> float:
        """Return the machine's monotonic seconds."""
        return SystemClock().monotonic()


class Worn(InlineSender):
    """A sender pool with as many threads stuck as a daemon puts up with."""

    @property
    def stuck(self) -> int:
        """So many."""
        return MOST_STUCK


@dataclass(frozen=True, kw_only=True)
class Household:
    """One title, and the store of a daemon at the hour of its first reminder."""

    app: App
    store: Store
    clock: Real

    def daemon(self, sender: Sender, *, drain: float = DRAIN) -> Daemon:
        """Return the daemon that sends by this sender pool."""
        return Daemon(
            sweeper=build_sweeper(self.app, self.store, sender),
            clock=self.clock,
            systemd=Systemd({}),
            runtime_dir=self.app.runtime_dir,
            reload=lambda now: "",
            drain=drain,
        )

    def deliveries(self) -> Sequence[Row[Any]]:
        """Return every delivery there is."""
        with self.store.read() as tx:
            return tx.execute(select(delivery)).all()


@pytest.fixture
def household(tmp_path: Path) -> Iterator[Household]:
    config = parse_config(
        "timezone: UTC\nchannels: {hook: 'json://127.0.0.1:9/'}\nwatch: [{title: Ballard, premiere: 2025-07-09}]",
        str(tmp_path / "config.yaml"),
        environ={},
        system_zone="UTC",
    )
    machine = Machine(environ={}, user_config=tmp_path, user_state=tmp_path, root=tmp_path)
    clock = Real(datetime(2025, 7, 1, tzinfo=UTC))
    app = App(machine=machine, config=config, clock=clock)
    store = app.open_store()
    app.config_sync.begin(store, app.clock.now())
    clock.set(datetime(2025, 7, 2, 9, tzinfo=UTC))
    yield Household(app=app, store=store, clock=clock)
    store.close()


@pytest.fixture(autouse=True)
def signals_as_they_were() -> Iterator[None]:
    numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    before = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


def test_what_does_not_come_back_in_time_is_handed_back_for_the_next_daemon(household: Household) -> None:
    hanging = Hanging()
    monotonic = household.clock.monotonic
    sender = SenderPool(
        hanging, concurrency=2, pace_of=lambda channel: ChannelPace(lane=channel.name), monotonic=monotonic
    )
    daemon = household.daemon(sender, drain=0.2)

    def stop_when_asked() -> None:
        hanging.asked.wait(20)
        signal.raise_signal(signal.SIGTERM)

    stopper = threading.Thread(target=stop_when_asked)
    stopper.start()
    assert daemon.run() == 0
    stopper.join()
    hanging.released.set()
    (row,) = household.deliveries()
    assert (row.state, row.attempts, row.reason) == ("retrying", 1, "stopped while sending: it may have arrived")
    assert row.due_at <= household.clock.now()


def test_with_too_many_threads_stuck_it_finishes_and_ends_to_be_started_afresh(
    household: Household, caplog: pytest.LogCaptureFixture
) -> None:
    transport = FakeTransport()
    assert household.daemon(Worn(transport)).run() == 1, "systemd restarts a service that ends with 1"
    assert "too many stuck sends, ending" in caplog.text
    assert transport.sent, "what was due meanwhile went out"
    assert [row.state for row in household.deliveries()] == ["sent"] * len(transport.sent)


class Sleepy(SimulatedClock):
    """A clock whose machine sleeps: the wall clock and the one since boot go on, the monotonic one stands still."""

    asleep = 0.0

    def since_boot(self) -> float:
        return super().since_boot() + self.asleep

    def suspend(self, by: timedelta) -> None:
        self.set(self.now() + by)
        self.asleep += by.total_seconds()


def test_what_a_machine_slept_through_is_believed_at_once() -> None:
    clock, guard = Sleepy(datetime(2025, 7, 9, 12, tzinfo=UTC)), ClockGuard()
    for away in (timedelta(days=3), timedelta(hours=26), timedelta(days=30)):
        assert guard.look(clock.now(), clock.since_boot()) is None
        clock.suspend(away)
        assert guard.look(clock.now(), clock.since_boot()) is None
    clock.set(clock.now() + timedelta(days=3))
    assert guard.look(clock.now(), clock.since_boot()) is not None
