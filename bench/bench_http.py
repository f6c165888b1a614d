"""What one message over HTTPS takes of the processor: by us, by `requests` with connections kept, as shipped.

The endpoint runs in a process of its own. Processor time follows what else runs on a machine far less than rates do;
the least of some turns counts, and the ways take turns.
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import apprise
import requests

from bench.world import Row, endpoint, trust_loopback
from reminder.core.model.entities import Channel
from reminder.core.model.secret import Secret
from reminder.core.text.message import BodyLine, Words
from reminder.notify.apprise import AppriseTransport
from reminder.notify.transport import Sent, expendable
from reminder.platform.clock import SystemClock

WORDS = Words(subject="Ballard premieres in 7 days", body=(BodyLine(text="Wednesday, July 9, 2025"),))
MESSAGES = 160
SHIPPED = 5
TURNS = 12
Send = Callable[[], bool]


def measure() -> list[Row]:
    """Return the least milliseconds of the processor for a message, each way."""
    with tempfile.TemporaryDirectory() as name, endpoint(tls=trust_loopback(Path(name))) as port:
        url = f"jsons://127.0.0.1:{port}/"
        transport, notifier = AppriseTransport(clock=SystemClock()), apprise.Apprise()
        notifier.add(url)
        ours = _by_transport(transport, url)

        def shipped() -> bool:
            return bool(notifier.notify(title=WORDS.subject, body=WORDS.body[0].text, body_format="text"))

        with _kept() as session:
            ways: dict[str, Callable[[], float]] = {
                "ours, alone": lambda: _took(ours, MESSAGES, 1),
                "ours, 16 threads": lambda: _took(ours, MESSAGES, 16),
                "requests with connections kept, alone": lambda: _took_by(session, shipped, 1),
                "requests with connections kept, 16 threads": lambda: _took_by(session, shipped, 16),
                "apprise as shipped, alone": lambda: _took(shipped, SHIPPED, 1),
            }
            found = dict.fromkeys(ways, float("inf"))
            for _ in range(TURNS):
                for what, way in ways.items():
                    found[what] = min(found[what], way())
        transport.close()
    return [Row(what, f"{each:.2f} ms") for what, each in found.items()]


def _by_transport(transport: AppriseTransport, url: str) -> Send:
    channel = Channel(name="bench", url=Secret(url))
    return lambda: isinstance(transport.send(channel, WORDS, ref="bench"), Sent)


@contextmanager
def _kept() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.mount("https://", requests.adapters.HTTPAdapter(pool_maxsize=64))
        yield session


def _took_by(session: requests.Session, send: Send, threads: int) -> float:
    """Measure apprise's own way, its plugins' calls given to one session."""
    with mock.patch.object(requests, "post", session.post), mock.patch.object(requests, "request", session.request):
        return _took(send, MESSAGES, threads)


def _took(send: Send, messages: int, threads: int) -> float:
    assert send()

    def some() -> None:
        with expendable(lambda _: None):  # as the daemon's threads are
            for _ in range(messages // threads):
                assert send()

    running = [threading.Thread(target=some) for _ in range(threads)]
    used = time.process_time()
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    return 1000 * (time.process_time() - used) / (messages // threads * threads)
