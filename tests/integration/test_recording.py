"""What comes back from a service, into the ledger: digests stay together, and nothing is given up before its time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from reminder.core.model.ledger import State
from reminder.core.sending.retry import Failure, FailureKind
from reminder.daemon.run_once import one_pass
from reminder.delivery.preload import LibraryLoader
from reminder.delivery.sender import InlineSender, NotTried, OutgoingMessage, SendResult
from reminder.notify.transport import Sent
from reminder.store.sql.tables import delivery
from tests.support.world import World

DOWN = Failure(kind=FailureKind.TRANSIENT, reason="503 Service Unavailable", status=503)
TWELVE = "watch: [" + ", ".join(f"{{title: Show {number}, premiere: 2025-07-09}}" for number in range(12)) + "]"


@pytest.fixture
def make() -> Iterator[list[World]]:
    worlds: list[World] = []
    yield worlds
    for world in worlds:
        world.close()


def test_a_digest_that_fails_is_the_same_digest_when_it_is_tried_again(make: list[World]) -> None:
    world = World(TWELVE, "2025-07-01 12:00")
    make.append(world)
    world.transport.script("mail", DOWN)
    world.at("2025-07-02 09:00").settle()
    with world.store.read() as tx:
        again = set(tx.execute(select(delivery.c.due_at)).scalars())
    assert len(again) == 1
    world.clock.set(again.pop())
    world.settle()
    assert [given.words.subject[:12] for given in world.transport.given] == ["12 reminders"] * 2
    assert len({given.ref for given in world.transport.given}) == 1


def test_what_a_dead_service_never_took_is_told_as_missed_when_it_lives_again(make: list[World]) -> None:
    world = World("watch: [{title: Ballard, premiere: 2025-07-09}]\nremind: [day]\n", "2025-07-01 12:00")
    make.append(world)
    world.transport.always("mail", DOWN)
    world.live("2025-07-13 12:00")
    assert world.lines() == []
    states = [str(row.state) for row in world.rows()]
    assert states[0] == "expired"
    world.transport.always("mail", Sent())
    world.live("2025-07-13 14:00")
    (line,) = world.lines()
    assert "Ballard came out on July 9" in line
    assert world.clock.now() - world.arrived[0].at < timedelta(hours=2)


def test_what_is_about_no_title_is_logged_without_one(make: list[World], caplog: pytest.LogCaptureFixture) -> None:
    gone = Failure(kind=FailureKind.CHANNEL, reason="401 Unauthorized", status=401)
    both = 'timezone: Asia/Kolkata\nchannels: {mail: "json://127.0.0.1:9/", phone: "json://127.0.0.1:9/phone"}\n'
    world = World("watch: [{title: Ballard, premiere: 2025-07-09}]", "2025-07-01 12:00", base=both)
    make.append(world)
    world.transport.always("phone", gone)
    caplog.set_level("INFO", logger="reminder.delivery.record")
    world.at("2025-07-02 09:00").settle()
    sent = {vars(record)["kind"]: vars(record).get("title") for record in caplog.records if record.message == "sent"}
    assert sent == {"reminder": "Ballard", "trouble": None}
    assert all(vars(record).get("title", "") is not None for record in caplog.records)


def test_a_message_without_words_holds_up_no_other(make: list[World]) -> None:
    world = World(
        "watch: [{title: Ballard, premiere: 2025-07-09}, {title: Dune, premiere: 2025-07-09}]\nburst: 0",
        "2025-07-01 12:00",
    )
    make.append(world)
    world.at("2025-07-02 08:00").settle()
    with world.store.write() as tx:
        tx.exec_driver_sql("UPDATE title SET spec = json_set(spec, '$.name', 7) WHERE name = 'Ballard'")
    world.at("2025-07-02 09:00").settle()
    assert world.lines() == ["2025-07-02 09:00 Dune premieres in 7 days"]


def test_the_words_are_written_after_what_sends_was_loaded(make: list[World]) -> None:
    world = World("watch: [{title: Ballard, premiere: '2025-07-09 12:00Z', remind: [12h]}]", "2025-07-08 12:00")
    make.append(world)
    loads: list[int] = []
    world.sweeper.loader = LibraryLoader(lambda: loads.append(1))
    world.at("2025-07-09 05:30")
    report = world.sweeper.sweep(world.clock.now())
    assert (report.wants_loading, loads, world.transport.given) == (True, [], [])
    world.sweeper.loader()
    world.at("2025-07-09 08:30").settle()
    assert world.lines() == ["2025-07-09 08:30 Ballard premieres in 9 hours, at 5:30 PM"]
    assert loads == [1]


def test_one_pass_loads_before_it_writes_words_too(make: list[World], tmp_path: Path) -> None:
    """A start may be slow: what it tells is true when it leaves."""
    world = World("watch: [{title: Ballard, premiere: '2025-07-09 12:00Z', remind: [12h]}]", "2025-07-08 12:00")
    make.append(world)

    def load() -> None:
        world.at("2025-07-09 08:30")

    world.sweeper.loader = LibraryLoader(load)
    world.at("2025-07-09 05:30")
    assert one_pass(world.sweeper, world.clock, tmp_path) == 0
    assert world.lines() == ["2025-07-09 08:30 Ballard premieres in 9 hours, at 5:30 PM"]


def test_nothing_is_loaded_for_the_console_or_while_nothing_is_due(make: list[World]) -> None:
    base = "timezone: Asia/Kolkata\nchannels: {mail: 'console://'}\n"
    world = World("watch: [{title: Ballard, premiere: 2025-07-09}]", "2025-07-01 12:00", base=base)
    make.append(world)
    world.sweeper.loader = LibraryLoader(lambda: None)
    assert not world.sweeper.sweep(world.clock.now()).wants_loading
    world.at("2025-07-02 09:00").settle()
    assert len(world.lines()) == 1
    assert not world.sweeper.loader.is_done


class OneAtATime(InlineSender):
    """Sends as the threads do over an endpoint that has failed: the first goes, and where it fails the others wait."""

    def start(self, outgoing_messages: Sequence[OutgoingMessage]) -> None:
        first, *others = outgoing_messages
        super().start([first])
        if isinstance(self._done[-1].outcome, Failure):
            left = NotTried(reason="its service is left alone for a while")
            self._done += [SendResult(outgoing=outgoing, outcome=left) for outgoing in others]
        else:
            super().start(others)


def test_what_was_put_back_goes_before_the_retry_of_what_keeps_it_waiting(make: list[World]) -> None:
    limited = Failure(kind=FailureKind.TRANSIENT, reason="429 Too Many Requests", status=429, wait=timedelta(seconds=7))
    base = 'timezone: Asia/Kolkata\nburst: 0\nchannels: {a: "json://127.0.0.1:9/a", b: "json://127.0.0.1:9/b"}\n'
    people = "subscribers: {asha: {channels: [a]}, zoe: {channels: [b]}}\n"
    world = World(people + TWELVE, "2025-07-01 12:00", base=base)
    make.append(world)
    world.transport.always("a", limited)
    world.sweeper.sender = OneAtATime(world.transport)
    world.at("2025-07-02 09:00")
    for _ in range(40):
        world.sweeper.sweep(world.clock.now())
        world.clock.set(world.clock.now() + timedelta(seconds=7))
    states = {(row.subscriber, row.state) for row in world.rows()}
    assert {state for subscriber, state in states if subscriber == 2} == {State.SENT}
    assert State.SENT not in {state for subscriber, state in states if subscriber == 1}
