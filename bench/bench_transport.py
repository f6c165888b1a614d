"""What a send over HTTPS costs: apprise as shipped, and our transport with connections kept alive.

Both trust certifi's whole bundle, as they would on the internet, and talk to a server in another process.
"""

from __future__ import annotations

import itertools
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import apprise

from bench.world import Row, endpoint, trust_loopback
from reminder.core.model.entities import Channel
from reminder.core.model.secret import Secret
from reminder.core.text.message import BodyLine, Words
from reminder.notify.apprise import AppriseTransport
from reminder.notify.transport import Sent, expendable
from reminder.platform.clock import SystemClock

WORDS = Words(subject="Ballard premieres in 7 days", body=(BodyLine(text="Wednesday, July 9, 2025"),))
SECONDS = 2.0
TURNS = 3

Figure = tuple[float, float]
"""Sends a second, and milliseconds of our CPU for each."""


def measure() -> list[Row]:
    """Return rates and CPU for each send: the best of some turns, as others may want the processor too."""
    with tempfile.TemporaryDirectory() as name:
        tls = trust_loopback(Path(name))
        with endpoint(tls=tls) as port:
            url = f"jsons://127.0.0.1:{port}/"
            shipped = _best(_shipped(url), threads=1)
            transport = AppriseTransport(clock=SystemClock())
            same, fresh = _to_one(transport, url), _to_many(transport, url)
            ours = {
                "1 thread": _best(same, threads=1),
                "16 threads": _best(same, threads=16),
                "64 threads": _best(same, threads=64),
                "16 threads, each to a new address": _best(fresh, threads=16),
                "16 threads that are waited for": _best(same, threads=16, expendably=False),
            }
            transport.close()
    return [
        Row("HTTPS, apprise as shipped, 1 thread", _figure(shipped, shipped)),
        *(Row(f"HTTPS, ours, {how}", _figure(figure, shipped)) for how, figure in ours.items()),
    ]


def _figure(figure: Figure, shipped: Figure) -> str:
    return f"{figure[0]:.0f}/s = {figure[0] / shipped[0]:.0f} times, {figure[1]:.2f} ms CPU"


def _shipped(url: str) -> Callable[[], bool]:
    notifier = apprise.Apprise()
    notifier.add(url)
    return lambda: bool(notifier.notify(title="t", body="b", body_format="text"))


def _to_one(transport: AppriseTransport, url: str) -> Callable[[], bool]:
    channel = Channel(name="bench", url=Secret(url))
    return lambda: isinstance(transport.send(channel, WORDS, ref="bench"), Sent)


def _to_many(transport: AppriseTransport, url: str) -> Callable[[], bool]:
    """Send each message to an address that none went to before, as one channel for many people does."""
    numbers = itertools.count()

    def send() -> bool:
        channel = Channel(name="bench", url=Secret(f"{url}{next(numbers)}"))
        return isinstance(transport.send(channel, WORDS, ref="bench"), Sent)

    return send


def _best(send: Callable[[], bool], *, threads: int, expendably: bool = True) -> Figure:
    turns = [_turn(send, threads, expendably=expendably) for _ in range(TURNS)]
    return max(rate for rate, _ in turns), min(cpu for _, cpu in turns)


def _turn(send: Callable[[], bool], threads: int, *, expendably: bool) -> Figure:
    assert send()
    counts = [0] * threads
    until = time.monotonic() + SECONDS

    def run(index: int) -> None:
        with expendable(lambda _: None) if expendably else nullcontext():
            while time.monotonic() < until:
                counts[index] += send()

    running = [threading.Thread(target=run, args=(index,)) for index in range(threads)]
    used, began = time.process_time(), time.monotonic()
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    return sum(counts) / (time.monotonic() - began), 1000 * (time.process_time() - used) / max(sum(counts), 1)
