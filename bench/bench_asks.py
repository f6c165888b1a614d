"""What the page asks to be sent: how soon it arrives, and how late messages are while the page is looked at."""

from __future__ import annotations

import math
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench.world import Row
from reminder.core.model.secret import Secret
from reminder.core.text.message import AskedFrom
from reminder.store.sql.store import open_store
from reminder.usecases import asks
from tests.support.page_process import Answer, PageProcess, page_process
from tests.support.postgres import server
from tests.support.process import Reminder
from tests.support.sink import Reply, Request, Sink

ASKED = 20
TICKS = 60
VIEWS = 50
"""Page views a second."""
WATCHERS = 12
LEAD = 90
"""Seconds from the writing of the config to the first message."""
TITLES = 10_000


def measure() -> list[Row]:
    """Return how soon codes arrive, and how late messages are under page views."""
    with server().database() as database:
        return [*_codes("SQLite", None), *_codes("PostgreSQL", database), *_under_views()]


class Log(Sink):
    """Notes when each message came, by its subject."""

    def __init__(self) -> None:
        super().__init__()
        self.came: dict[str, datetime] = {}
        self.news = threading.Condition()
        self.always(self._note)

    def _note(self, request: Request) -> Reply:
        with self.news:
            self.came.setdefault(str(request.json()["title"]), datetime.now(UTC))
            self.news.notify_all()
        return Reply()

    def arrival_of(self, subject: str) -> datetime:
        """Return when a message came, waiting for it."""
        with self.news:
            assert self.news.wait_for(lambda: subject in self.came, 60), subject
        return self.came[subject]


def _config(log: Log, watch: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {
        "timezone": "UTC",
        "log": {"level": "warning"},
        "channels": {"hook": f"json://127.0.0.1:{log.port}/"},
        "subscribers": {"me": {"channels": ["hook"]}},
        "watch": watch,
        **more,
    }


# Codes ---------------------------------------------------------------------------------------------------------------


def _codes(name: str, database: Secret | None) -> Iterator[Row]:
    """Ask for codes from this process, one after the other, while a daemon runs in another."""
    more = {"database": database.reveal()} if database else {}
    with Log() as log, tempfile.TemporaryDirectory() as folder:
        home = Reminder(Path(folder)).at("+0")
        home.write(_config(log, [{"title": "Ballard", "premiere": "2199-07-09"}], **more))
        with home.daemon(), closing(open_store(database or Secret(str(home.database)))) as store:
            first, *later = [_ask(store.announcing(), log, number) for number in range(ASKED)]
    yield Row(f"a code from asking to the service, {name}: the first", f"{first:.2f} s", "3 s")
    yield Row(f"  {ASKED - 1} later ones", f"median {statistics.median(later):.2f} s, most {max(later):.2f} s", "3 s")


def _ask(store: Any, log: Log, number: int) -> float:
    time.sleep(1.5 + number % 7 / 7)  # it is at rest by then, at one place or another of its second
    now = datetime.now(UTC)
    with store.write() as tx:
        asks.ask_code(tx, person="me", channels=["hook"], code=f"{number:08}", asked_from=AskedFrom("a bench"), now=now)
    return (log.arrival_of(f"Your code: {number // 10_000:04} {number % 10_000:04}") - now).total_seconds()


# Messages while the page is looked at --------------------------------------------------------------------------------


def _under_views() -> Iterator[Row]:
    """Send one message a second, at first with nobody at the page, then with so many views a second."""
    for views in (0, VIEWS):
        with Log() as log, tempfile.TemporaryDirectory() as folder:
            begins = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=LEAD)
            with page_process(Reminder(Path(folder)), _config(log, _watch(begins), burst=0), "+0") as page:
                seen = _Views(page)
                assert datetime.now(UTC) < begins, "the start took too long"
                _sleep_until(begins - timedelta(seconds=2))
                with seen.running(views):
                    _sleep_until(begins + timedelta(seconds=TICKS + 2))
        late = [(at - _due(begins, name)).total_seconds() for name, at in log.came.items() if name.startswith("Tick")]
        assert len(late) == TICKS, (len(late), views)
        said = f"median {statistics.median(late):.2f} s, p99 {_p99(late):.2f} s"
        yield Row(f"messages late, {len(seen.spent) / (TICKS + 4):.0f} page views a second", said, "p99 under 1 s")
    spent = [1000 * each for each in seen.spent]
    yield Row("  such a page", f"median {statistics.median(spent):.0f} ms, p99 {_p99(spent):.0f} ms", "")


def _watch(begins: datetime) -> list[dict[str, Any]]:
    ticks = [
        {"title": f"Tick {n}", "premiere": f"{begins + timedelta(seconds=n):%Y-%m-%dT%H:%M:%SZ}", "remind": ["release"]}
        for n in range(TICKS)
    ]
    far = (begins + timedelta(days=30)).date()
    return [*ticks, *({"title": f"Title {n}", "premiere": f"{far + timedelta(days=n % 400)}"} for n in range(TITLES))]


class _Views:
    """Browsers in which the owner is signed in, each from an address of its own, looking at the agenda."""

    def __init__(self, page: PageProcess) -> None:
        path = urlsplit(page.link("me")).path
        opened = page.ask("GET", path)
        form = {"form_token": opened.form_token, "token": path.rpartition("/")[2]}
        headers = {"Sec-Fetch-Site": "same-origin", "Cookie": _cookies(opened)}
        done = page.ask("POST", "/in", headers, **form)
        assert done.status == 303, done
        self._cookie, self._port = _cookies(done), page.port
        self.spent: list[float] = []
        self._stop = threading.Event()

    @contextmanager
    def running(self, a_second: int) -> Iterator[None]:
        """Look at the page so often while the block runs."""
        each = a_second / WATCHERS
        numbers = range(WATCHERS if a_second else 0)
        threads = [threading.Thread(target=self._look, args=(each, f"127.0.0.{2 + number}")) for number in numbers]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()

    def _look(self, a_second: float, address: str) -> None:
        with closing(HTTPConnection("127.0.0.1", self._port, source_address=(address, 0))) as browser:
            next_at = time.monotonic()
            while not self._stop.wait(max(0.0, next_at - time.monotonic())):
                began = time.monotonic()
                browser.request("GET", "/", headers={"Cookie": self._cookie})
                answer = browser.getresponse()
                answer.read()
                assert answer.status == 200, answer.status
                self.spent.append(time.monotonic() - began)
                next_at = max(next_at + 1 / a_second, time.monotonic() - 1)


def _cookies(answer: Answer) -> str:
    return "; ".join(f"{name}={value}" for name, value in answer.cookies.items())


def _p99(values: list[float]) -> float:
    return sorted(values)[math.ceil(0.99 * len(values)) - 1]


def _due(begins: datetime, subject: str) -> datetime:
    return begins + timedelta(seconds=int(subject.split()[1]))


def _sleep_until(at: datetime) -> None:
    time.sleep(max(0.0, (at - datetime.now(UTC)).total_seconds()))
