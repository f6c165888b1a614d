"""Several daemons on one PostgreSQL send each message once, whatever becomes of them (SPEC 4; catalogue 63-65)."""

from __future__ import annotations

import random
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from reminder.daemon.service import TICK
from reminder.delivery.lease_keeper import A_MOMENT
from reminder.store.outbox_write import LEASE
from tests.support.faults import until
from tests.support.fleet import SHORT, Book, Fleet, Key, fleet
from tests.support.postgres import Server
from tests.support.process import Daemon, line_in
from tests.support.shows import AFTER, BEFORE, DUE, shows

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(600)]

PEOPLE, TITLES, KILLS = 12, 200, 16
DELIVERIES = PEOPLE * TITLES
CONCURRENCY = 16
NOTHING_SENT = "STATUS=nothing is sent now: "


@pytest.fixture
def book() -> Iterator[Book]:
    with Book() as running:
        yield running


def household(book: Book, people: int, titles: int, **more: Any) -> dict[str, Any]:
    names = [f"p{number}" for number in range(people)]
    return {
        **shows("console://", titles),
        "log": {"level": "warning"},
        "channels": {name: f"json://{book.netloc}/{name}" for name in names},
        "subscribers": {name: {"channels": [name]} for name in names},
        **more,
    }


def held_by(ships: Fleet, pid: int) -> list[Key]:
    return [entry.key for entry in ships.entries() if entry.state == "sending" and entry.pid == pid]


def test_three_daemons_killed_at_random_lose_nothing_and_repeat_only_what_was_on_its_way(
    tmp_path: Path, book: Book, capsys: pytest.CaptureFixture[str]
) -> None:
    chance, in_flight = random.Random(3), Counter[Key]()
    with fleet(tmp_path, 3, lease=SHORT) as ships, ExitStack() as crews:
        ships.write(household(book, PEOPLE, TITLES))
        ships.begin()
        ships.all_at(DUE)
        running = [crews.enter_context(ship.started("run")) for ship in ships.ships]
        for _ in range(KILLS):
            wanted = min(len(book.requests) + 20 + chance.randrange(100), DELIVERIES - 200)
            assert book.wait_for(wanted), running[0].log
            number = chance.randrange(3)
            running[number].kill()
            in_flight.update(held_by(ships, running[number].process.pid))
            running[number] = crews.enter_context(ships[number].started("run"))
        ships.await_sent(DELIVERIES, *running)
        assert ships.value("SELECT count(DISTINCT message_id) FROM delivery") == DELIVERIES
    copies = book.copies
    lost, repeated = DELIVERIES - len(copies), copies.total() - len(copies)
    with capsys.disabled():
        print(  # noqa: T201  the figures are what this test is for
            f"\n{DELIVERIES} deliveries by three daemons, {KILLS} kills ({in_flight.total()} held by the dead): "
            f"{lost} lost, {repeated} repeated, at most {max(copies.values())} copies of one"
        )
    assert lost == 0
    assert [key for key, count in copies.items() if count > 1 + in_flight[key]] == []


def test_a_rolling_restart_loses_and_repeats_nothing(tmp_path: Path, book: Book) -> None:
    with fleet(tmp_path, 3) as ships, ExitStack() as crews:
        ships.write(household(book, 6, 150))
        ships.begin()
        ships.all_at(DUE)
        running = [crews.enter_context(ship.daemon()) for ship in ships.ships]
        for number, ship in enumerate(ships.ships):
            assert book.wait_for(150 * (number + 1)), running[number].log
            running[number].term()
            assert running[number].ends() == 0, running[number].log
            assert held_by(ships, running[number].process.pid) == []
            running[number] = crews.enter_context(ship.daemon())
        ships.await_sent(900, *running)
    assert set(book.copies.values()) == {1}
    assert len(book.copies) == 900


def test_one_that_was_stopped_past_its_lease_finds_its_work_done_by_another(tmp_path: Path) -> None:
    with Book(delay=0.05) as book, fleet(tmp_path, 2, lease=6.0) as ships, ExitStack() as crews:
        ships.write(household(book, 2, 300))
        ships.begin()
        ships.all_at(DUE)
        sleeper = crews.enter_context(ships[0].daemon())
        assert book.wait_for(60), sleeper.log
        sleeper.process.send_signal(signal.SIGSTOP)
        held = Counter(held_by(ships, sleeper.process.pid))
        waker = crews.enter_context(ships[1].daemon())
        ships.await_sent(600, waker)
        arrived, before = book.copies.total(), len(sleeper.said)
        sleeper.process.send_signal(signal.SIGCONT)
        sleeper.wait_for(lambda: len(sleeper.said) > before + 1)
        sleeper.term()
        assert sleeper.ends() == 0
    assert len(book.copies) == 600
    # What it had begun, or had not yet written down, when it was stopped can have gone twice; what only waited, not.
    assert [key for key, count in book.copies.items() if count > 1 + held[key]] == []
    assert book.copies.total() - arrived <= CONCURRENCY


def test_what_one_person_gets_as_one_is_not_split_between_two_daemons(tmp_path: Path, book: Book) -> None:
    with fleet(tmp_path, 2) as ships, ExitStack() as crews:
        ships.write(household(book, 60, 12, burst="8"))
        ships.begin()
        running = [crews.enter_context(ship.daemon()) for ship in ships.ships]
        ships.all_at(DUE)
        ships.await_sent(60 * 12, *running)
        assert ships.value("SELECT count(DISTINCT attempts) FROM delivery") == 1
    assert Counter(channel for channel, _ in book.subjects) == dict.fromkeys((f"p{n}" for n in range(60)), 1)


def test_a_date_moved_by_one_counts_for_the_others(tmp_path: Path, book: Book) -> None:
    with fleet(tmp_path, 2) as ships, ExitStack() as crews:
        ships.write(household(book, 3, 5))
        ships.all_at("2025-07-06T03:00:00Z")  # a date that stood for less than a day would have been a slip
        assert ships[0].once().status == 0
        ships.all_at(BEFORE)
        first, second = (crews.enter_context(ship.daemon()) for ship in ships.ships)
        ships.write_one(ships[0], household(book, 3, 5, watch=[{"title": "Show 9.0", "premiere": "August 1, 2025"}]))
        first.hup()
        assert "config reloaded" not in second.log
        ships.all_at(DUE)
        ships.await_sent(3, first, second)
    assert {subject for _, subject in book.subjects} == {"Show 9.0 moved from July 9 to August 1, 2025"}


GRANTS = (
    "CREATE ROLE {role} LOGIN",
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}",
)

# A config that changes from host to host


def moved(book: Book, day: int) -> dict[str, Any]:
    return household(book, 1, 1, log={"level": "info"}, watch=[{"title": "Ballard", "premiere": f"July {day}, 2025"}])


def when(ships: Fleet) -> str:
    return str(ships.value("SELECT when_text FROM release"))


def refused(daemon: Daemon) -> bool:
    return "this config was replaced by another" in daemon.log


def test_during_a_rolling_change_an_older_config_does_not_undo_the_newer_one(tmp_path: Path, book: Book) -> None:
    with fleet(tmp_path, 2) as ships, ExitStack() as crews:
        ships.write(moved(book, 9))
        ships.begin()
        first, second = (crews.enter_context(ship.daemon()) for ship in ships.ships)
        ships.write_one(ships[0], moved(book, 20))
        first.hup()
        assert when(ships) == "2025-07-20"
        second.term()
        assert second.ends() == 0
        late = crews.enter_context(ships[1].daemon())  # starts with the config of yesterday
        assert refused(late)
        assert when(ships) == "2025-07-20"
        late.expect("STATUS=next message 2025-07-19T03:30:00Z; ")
        configs = {peer["pid"]: peer["config"] for peer in ships[1].run("health", "--json").json()["daemons"]}
        assert configs == {first.process.pid: "newest", late.process.pid: "older"}
        assert ships[1].run("add", "Silo", "--premiere", "2026-01-01").status == 0
        assert when(ships) == "2025-07-20"
        ships.write_one(ships[1], moved(book, 20))
        late.hup()
        until(lambda: "config reloaded" in late.log)
        assert when(ships) == "2025-07-20"


def test_an_older_config_is_taken_when_it_is_meant(tmp_path: Path, book: Book) -> None:
    with fleet(tmp_path, 2) as ships, ExitStack() as crews:
        ships.write(moved(book, 9))
        ships.begin()
        first, second = (crews.enter_context(ship.daemon()) for ship in ships.ships)
        ships.write(moved(book, 20))
        first.hup()
        second.hup()
        ships.write_one(ships[1], moved(book, 9))
        second.hup()
        assert refused(second)
        assert when(ships) == "2025-07-20"
        second.hup()
        assert when(ships) == "2025-07-09"
        first.hup()  # its config is the older one by now
        assert refused(first)
        assert when(ships) == "2025-07-09"
        done = ships[0].run("run", "--once", "--force")
        assert done.status == 0, done.err
        assert when(ships) == "2025-07-20"


def test_a_single_daemon_may_go_back_to_an_earlier_config_at_once(tmp_path: Path, book: Book) -> None:
    with fleet(tmp_path, 1) as ships:
        ships.write(moved(book, 9))
        ships.begin()
        with ships[0].daemon() as daemon:
            for day in (20, 9, 20):
                ships.write(moved(book, day))
                daemon.hup()
                assert when(ships) == f"2025-07-{day:02}"
            daemon.term()
            assert daemon.ends() == 0
        ships.write(moved(book, 9))
        with ships[0].daemon():
            assert when(ships) == "2025-07-09"


def test_a_channel_that_only_the_newer_config_has_is_left_to_who_has_it(tmp_path: Path, book: Book) -> None:
    with fleet(tmp_path, 2) as ships, ExitStack() as crews:
        ships.write(household(book, 1, 3))
        ships.begin()
        old = crews.enter_context(ships[1].daemon())
        ships.write_one(ships[0], household(book, 2, 3))
        assert ships[0].once().status == 0
        ships[1].at(DUE)
        until(lambda: len(book.copies) == 3, lambda: old.log)
        old.wait_for(lambda: Counter(entry.state for entry in ships.entries()) == {"sent": 3, "due": 3})
        ships[0].at(AFTER)
        assert ships[0].once().status == 0
        ships.await_sent(6, old)
    assert set(book.copies.values()) == {1}


def test_a_role_that_may_not_change_tables_can_run(tmp_path: Path, book: Book) -> None:
    with fleet(tmp_path, 1) as ships:
        role = ships.database.rpartition("/")[2].partition("?")[0] + "_runner"
        with psycopg.connect(ships.database, autocommit=True) as owner:
            for statement in GRANTS:
                owner.execute(sql.SQL(statement).format(role=sql.Identifier(role)))
        try:
            ships.write({**household(book, 1, 3), "database": ships.database.replace("reminder@", f"{role}@")})
            ships.begin()
            ships.all_at(DUE)
            with ships[0].daemon() as daemon:
                ships.await_sent(3, daemon)
        finally:
            with psycopg.connect(ships.database, autocommit=True) as owner:
                owner.execute(sql.SQL("DROP OWNED BY {role}; DROP ROLE {role}").format(role=sql.Identifier(role)))


# The server goes, and comes back


def test_a_server_that_restarts_or_only_reads_for_a_while_costs_nothing(tmp_path: Path) -> None:
    away = Server()
    with Book(delay=0.05) as book, fleet(tmp_path, 2, on=away) as ships, ExitStack() as crews:
        ships.write(household(book, 4, 200))
        ships.begin()
        ships.all_at(DUE)
        running = [crews.enter_context(ship.daemon()) for ship in ships.ships]
        assert book.wait_for(100)
        away.halt()
        until(lambda: all(line_in(daemon.said, NOTHING_SENT) for daemon in running), lambda: running[0].log)
        away.resume()
        assert book.wait_for(len(book.requests) + 150), running[0].log
        away.only_reads(True)
        until(lambda: all("read-only" in daemon.log for daemon in running), lambda: running[0].log)
        away.only_reads(False)
        ships.await_sent(800, *running)
        assert [daemon.process.poll() for daemon in running] == [None, None]
    away.stop()
    assert set(book.copies.values()) == {1}
    assert len(book.copies) == 800


def test_the_messages_of_a_dead_daemon_go_out_within_two_minutes() -> None:
    # The lease ends at the latest so long after its last renewal; another looks then, or with its next tick.
    assert LEASE + TICK + timedelta(seconds=A_MOMENT) < timedelta(minutes=2)
