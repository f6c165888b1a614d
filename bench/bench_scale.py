"""What one machine carries: daemons beside one another, very many subscriptions, very much due at once."""

from __future__ import annotations

import os
import sqlite3
import statistics
import subprocess
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from bench.crowd import crowd, follow
from bench.world import Row, endpoint, make_app, sender_pool_of
from reminder.core.model.entities import Channel
from reminder.core.model.secret import Secret
from reminder.core.text.message import BodyLine, Words
from reminder.daemon.app import App
from reminder.daemon.build_delivery import build_sweeper, build_transport
from reminder.store.sql.store import open_store
from tests.support.fleet import fleet
from tests.support.process import COMMAND, Daemon, Reminder
from tests.support.shows import DUE, shows
from tests.support.sink import Reply, Request, Sink

MANY: Final = int(os.environ.get("BENCH_SUBSCRIPTIONS", "1000000"))
MOVED: Final = MANY // 10
OVERDUE: Final = MANY // 100
AT_ONCE: Final = MANY // 10
PARTS: Final = 10


def measure() -> list[Row]:
    """Return seconds, rates and their ratios."""
    return [*_beside_one_another(), *_moved(), *_started(), *_at_once()]


def main() -> None:
    """Print the table."""
    for row in measure():
        print(f"  {row.what:58} {row.figure:36} {row.goal}")


# Daemons beside one another ------------------------------------------------------------------------------------------


def _beside_one_another() -> list[Row]:
    rows = []
    for concurrency in (16, 64):
        one, two = _fleet_rate(1, concurrency), _fleet_rate(2, concurrency)
        what = f"PostgreSQL, 200 ms endpoint, {concurrency} at once in each daemon"
        rows += [
            Row(f"{what}: one", f"{one:.0f}/s"),
            Row(f"{what}: two", f"{two:.0f}/s = {two / one:.2f} times", "1.8 times"),
        ]
    return rows


def _fleet_rate(daemons: int, concurrency: int) -> float:
    people, titles = 20, 12 * concurrency // 2
    names = [f"p{number}" for number in range(people)]
    with (
        tempfile.TemporaryDirectory() as folder,
        endpoint(delay=0.2) as port,
        fleet(Path(folder), daemons) as ships,
        ExitStack() as crews,
    ):
        Path(folder).chmod(0o755)
        ships.write(
            {
                **shows("console://", titles),
                "log": {"level": "warning"},
                "delivery": {"concurrency": concurrency},
                "channels": {name: f"json://127.0.0.1:{port}/{name}" for name in names},
                "subscribers": {name: {"channels": [name]} for name in names},
            }
        )
        ships.begin()
        for ship in ships.ships:
            crews.enter_context(ship.daemon())
        ships.all_at(DUE)
        return _rate(port, people * titles)


def _rate(port: int, count: int) -> float:
    """Return the rate of arrivals between a tenth and nine tenths of them: without the way up, and the end."""
    first, last = count // 10, 9 * count // 10
    return (last - first) / -(_when(port, first) - _when(port, last))


def _when(port: int, count: int) -> float:
    while True:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/count") as answer:
            if int(answer.read()) >= count:
                return time.monotonic()
        time.sleep(0.02)


# One home with very many people --------------------------------------------------------------------------------------


class Log(Sink):
    """Notes when each message came."""

    def __init__(self) -> None:
        super().__init__()
        self.came: list[tuple[datetime, str]] = []
        self.first = threading.Event()
        self.always(self._note)

    def _note(self, request: Request) -> Reply:
        self.came.append((datetime.now(UTC), str(request.json()["title"])))
        self.first.set()
        return Reply()


@contextmanager
def _home(config: dict[str, Any]) -> Iterator[Reminder]:
    with tempfile.TemporaryDirectory() as folder:
        home = Reminder(Path(folder))
        home.write(config)
        home.at("+0")
        yield home


def _config(port: int, watch: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {
        "timezone": "UTC",
        "at": "00:00",
        "burst": "0",
        "log": {"level": "warning"},
        "channels": {"mine": f"json://127.0.0.1:{port}/me", "hook": f"json://127.0.0.1:{port}/{{address}}"},
        "subscribers": {"me": {"channels": ["mine"]}},
        "watch": watch,
        **more,
    }


def _fill(home: Reminder, count: int, titles: dict[str, tuple[int, datetime]]) -> None:
    """Make the database, and in it so many people; so many of them follow each title, to be looked at then."""
    done = home.run("check")
    assert done.status == 0, done.err
    home.run("run", "--once")
    store = open_store(Secret(str(home.database)))
    crowd(store, count)
    for name, (followers, due) in titles.items():
        follow(store, name, followers, since=datetime.now(UTC) - timedelta(days=3), due=due)
    with store.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("ANALYZE")
    store.close()


# A date moved under very many ----------------------------------------------------------------------------------------

TICKS: Final = 60


def _moved() -> list[Row]:
    with Log() as log:
        watch = [{"title": "Ballard", "premiere": "2199-07-09", "remind": ["7d", "day"]}]
        far = datetime.now(UTC) + timedelta(days=300)
        with _home(_config(log.port, watch)) as home:
            _fill(home, MOVED, {"Ballard": (MOVED, far)})
            begins = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=8)
            ticks = [
                {"title": f"Tick {n}", "premiere": _iso(begins + timedelta(seconds=n)), "remind": ["release"]}
                for n in range(TICKS)
            ]
            home.write(_config(log.port, [*watch, *ticks]))
            with home.daemon() as daemon:
                _sleep_until(begins + timedelta(seconds=15))
                moved = [{**watch[0], "premiere": "2199-08-09"}]
                home.write(_config(log.port, [*moved, *ticks]))
                at, taken = datetime.now(UTC), _timed_reload(daemon)
                made_anew = _until_nothing_is_due(home)
                _sleep_until(begins + timedelta(seconds=TICKS + 1))
    late = {title: (came - _due(begins, title)).total_seconds() for came, title in log.came if "Tick" in title}
    assert len(late) == TICKS, len(late)
    before = [seconds for title, seconds in late.items() if _due(begins, title) < at]
    after = [seconds for title, seconds in late.items() if _due(begins, title) >= at]
    return [
        Row(f"a date moved under {MOVED:,}: taken", f"{taken:.2f} s", "under 5 s"),
        Row("  every plan made anew", f"{made_anew:.1f} s = {MOVED / made_anew:,.0f}/s"),
        Row("  other messages late, before", f"median {statistics.median(before):.2f} s, most {max(before):.2f} s"),
        Row(
            "  and meanwhile",
            f"median {statistics.median(after):.2f} s, most {max(after):.2f} s",
            "1 s more at most",
        ),
    ]


def _iso(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _due(begins: datetime, subject: str) -> datetime:
    return begins + timedelta(seconds=int(subject.split()[1]))


def _sleep_until(at: datetime) -> None:
    time.sleep(max(0.0, (at - datetime.now(UTC)).total_seconds()))


def _timed_reload(daemon: Daemon) -> float:
    began = time.monotonic()
    daemon.hup()
    return time.monotonic() - began


def _until_nothing_is_due(home: Reminder) -> float:
    began = time.monotonic()
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    query = "SELECT count(*) FROM (SELECT 1 FROM subscription WHERE next_due_at <= ? LIMIT 1)"
    with closing(sqlite3.connect(f"file:{home.database}?mode=ro", uri=True, timeout=60)) as database:
        while database.execute(query, (now,)).fetchone()[0]:
            time.sleep(0.1)
    return time.monotonic() - began


# A start with very much overdue --------------------------------------------------------------------------------------


def _started() -> list[Row]:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    far = datetime.now(UTC) + timedelta(days=300)
    names = [f"Far {number}" for number in range(9)]
    with Log() as log:
        watch = [{"title": "Out", "premiere": str(yesterday.date())}]
        watch += [{"title": name, "premiere": "2199-07-09"} for name in names]
        with _home(_config(log.port, watch)) as home:
            people = MANY // 10
            titles = dict.fromkeys(names, (people, far))
            _fill(home, people, {**titles, "Out": (OVERDUE, yesterday)})
            with closing(sqlite3.connect(home.database)) as database:
                # The rest follow it too, and have heard of it.
                database.execute("UPDATE release SET seen_at = ?", ((yesterday - timedelta(days=2)).isoformat(" "),))
                database.commit()
            store = open_store(Secret(str(home.database)))
            store.close()
            size = home.database.stat().st_size / 2**20
            log.first.clear()
            began = time.monotonic()
            process = subprocess.Popen(
                [COMMAND, "run"], env=home.env, cwd=home.home, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            came = log.first.wait(120)
            seconds = time.monotonic() - began
            while len(log.came) < OVERDUE and time.monotonic() - began < 300:
                time.sleep(0.1)
            all_of_them = time.monotonic() - began
            process.terminate()
            process.wait()
    assert came
    assert len(log.came) >= OVERDUE, len(log.came)
    return [
        Row(f"start, {9 * people + OVERDUE:,} subscriptions ({size:.0f} MiB), {OVERDUE:,} overdue", ""),
        Row("  first message after", f"{seconds:.2f} s", "3 s"),
        Row("  all of them after", f"{all_of_them:.0f} s = {OVERDUE / all_of_them:.0f}/s"),
    ]


# Very much due in one minute -----------------------------------------------------------------------------------------


def _at_once() -> list[Row]:
    today = datetime.now(UTC)
    text = (
        "timezone: UTC\nat: '00:00'\nburst: 0\nlog: {level: warning}\n"
        "subscribers: {me: {channels: [screen], remind: []}}\n"
        "channels: {screen: console://, hook: 'json://127.0.0.1:%d/{address}'}\n"
        "watch:\n  - {title: Out, premiere: %s}\n"
    )
    with tempfile.TemporaryDirectory() as name, endpoint() as port:
        app = make_app(Path(name), text % (port, today.date()))
        store = app.open_store()
        app.config_sync.begin(store, app.clock.now())
        crowd(store, AT_ONCE)
        follow(store, "Out", AT_ONCE, since=today - timedelta(days=3), due=today)
        with store.write() as tx:
            tx.exec_driver_sql("UPDATE release SET seen_at = ?", ((today - timedelta(days=3)).isoformat(" "),))
        alone = _alone(app, port)
        sweeper = build_sweeper(app, store, sender_pool_of(app, 16))
        rates, memory = [], []
        sent, began, part = 0, time.monotonic(), 1
        while sent < AT_ONCE:
            report = sweeper.sweep(datetime.now(UTC))
            sent += report.sent
            while sent >= part * AT_ONCE // PARTS and part <= PARTS:
                rates.append(time.monotonic())
                memory.append(_memory())
                part += 1
            if not (report.more or report.started):
                assert sweeper.sender.in_flight or sent >= AT_ONCE, sent
                sweeper.sender.wait(1.0)
        marks = [began, *rates]
        each = [AT_ONCE / PARTS / (later - earlier) for earlier, later in pairwise(marks)]
        sweeper.sender.close()
        store.close()
        alone = (alone + _alone(app, port)) / 2
    rate = AT_ONCE / (marks[-1] - began)
    return [
        Row("the sender alone, nothing decided or recorded", f"{alone:,.0f}/s"),
        Row(f"SQLite, {AT_ONCE:,} due in one minute, sent over HTTP", f"{rate:,.0f}/s = {rate / alone:.2f} of it"),
        Row("  by tenths", " ".join(f"{rate:.0f}" for rate in each), "the same from first to last"),
        Row("  memory after the first tenth, at most", f"{memory[0]:.0f}, {max(memory):.0f} MiB", "under 250 MiB"),
    ]


def _alone(app: App, port: int, *, threads: int = 4, seconds: float = 4.0) -> float:
    """Return how many messages a second leave when nothing is kept of them."""
    transport = build_transport(app)
    channel = Channel(name="alone", url=Secret(f"json://127.0.0.1:{port}/alone"), fingerprint="alone")
    words = Words(subject="Ballard premieres in 7 days", body=(BodyLine(text="Wednesday, July 9, 2025"),))
    counts, until = [0] * threads, time.monotonic() + seconds

    def send(index: int) -> None:
        while time.monotonic() < until:
            counts[index] += bool(transport.send(channel, words, ref="alone"))

    running = [threading.Thread(target=send, args=(index,)) for index in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    transport.close()
    return sum(counts) / seconds


def _memory() -> float:
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS"))


if __name__ == "__main__":
    main()
