"""How fast messages leave with the ledger kept, against apprise as shipped and against the same sender without it."""

from __future__ import annotations

import statistics
import tempfile
import threading
import time
from pathlib import Path

import apprise

from bench.world import Row, drain, due_today, endpoint, filled, make_app, sender_pool_of, trust_loopback
from reminder.core.model.entities import Channel
from reminder.core.model.secret import Secret
from reminder.core.text.message import BodyLine, Words
from reminder.daemon.build_delivery import build_sweeper, build_transport
from reminder.notify.transport import Transport, expendable

WORDS = Words(subject="Ballard premieres in 7 days", body=(BodyLine(text="Wednesday, July 9, 2025"),))
MESSAGES = 4_000
CHATS = 40
MANY_CHATS = 400
"""One chat gets its messages one after another: a slow endpoint is kept busy only by many."""


def measure() -> list[Row]:
    """Return rates and their ratios."""
    with tempfile.TemporaryDirectory() as name:
        tls = trust_loopback(Path(name))
        with endpoint(tls=tls) as port:
            shipped = _shipped(f"jsons://127.0.0.1:{port}/", seconds=5.0, threads=1)
            bare = statistics.median(_bare(Path(name), port, threads=4) for _ in range(3))
            kept = statistics.median(_with_ledger(f"jsons://127.0.0.1:{port}/", 16) for _ in range(3))
        with endpoint(delay=0.2) as port:
            slow_shipped = _shipped(f"json://127.0.0.1:{port}/", seconds=5.0, threads=64)
            slow = _with_ledger(f"json://127.0.0.1:{port}/", 128, MANY_CHATS)
    return [
        Row("HTTPS, apprise as shipped", f"{shipped:.0f}/s"),
        Row("HTTPS, our sender without a ledger", f"{bare:.0f}/s = {bare / shipped:.1f} times"),
        Row("HTTPS, with the ledger on SQLite", f"{kept:.0f}/s = {kept / shipped:.1f} times", "25 times"),
        Row("the same against the sender without a ledger", f"{kept / bare:.2f}", "0.85"),
        Row("200 ms endpoint, apprise as shipped, 64 threads", f"{slow_shipped:.0f}/s"),
        Row("200 ms endpoint, 128 at once", f"{slow:.0f}/s = {slow / slow_shipped:.1f} times", "15 times"),
    ]


def _shipped(url: str, *, seconds: float, threads: int) -> float:
    notifier = apprise.Apprise()
    notifier.add(url)
    return _rate(lambda: bool(notifier.notify(title="t", body="b", body_format="text")), seconds, threads)


def _bare(folder: Path, port: int, threads: int) -> float:
    app = make_app(folder, "timezone: UTC\nchannels: {screen: console://}\nwatch: [x]\n")
    transport: Transport = build_transport(app)
    channel = Channel(name="bench", url=Secret(f"jsons://127.0.0.1:{port}/"), fingerprint="bench")
    return _rate(lambda: bool(transport.send(channel, WORDS, ref="bench")), 4.0, threads)


def _rate(send, seconds: float, threads: int) -> float:  # type: ignore[no-untyped-def]
    send()
    counts = [0] * threads
    until = time.monotonic() + seconds

    def run(index: int) -> None:
        with expendable(lambda _: None):  # as the daemon's threads are
            while time.monotonic() < until:
                counts[index] += send()

    running = [threading.Thread(target=run, args=(index,)) for index in range(threads)]
    began = time.monotonic()
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    return sum(counts) / (time.monotonic() - began)


def _with_ledger(url: str, concurrency: int, chats: int = CHATS) -> float:
    with tempfile.TemporaryDirectory() as name:
        app = make_app(Path(name), due_today(MESSAGES, [f"{url}{chat}" for chat in range(chats)]))
        store = filled(app)
        sender = sender_pool_of(app, concurrency)
        sent, seconds = drain(build_sweeper(app, store, sender))
        sender.close()
        store.close()
        assert sent == MESSAGES, sent
        return sent / seconds
