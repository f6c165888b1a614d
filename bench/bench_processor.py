"""What one message takes of the processor, with the ledger and by the sender alone, against apprise as shipped.

Rates follow what else runs on a machine; processor time does so far less. Everything is measured in turn.
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import apprise

from bench.world import Row, drain, due_today, endpoint, filled, make_app, sender_pool_of, trust_loopback
from reminder.core.model.entities import Channel
from reminder.core.model.secret import Secret
from reminder.core.text.message import BodyLine, Words
from reminder.daemon.build_delivery import build_sweeper, build_transport
from reminder.notify.transport import expendable

WORDS = Words(subject="Ballard premieres in 7 days", body=(BodyLine(text="Wednesday, July 9, 2025"),))
MESSAGES = 2_000
CHATS = 40
THREADS = 16
TURNS = 5


def measure() -> list[Row]:
    """Return the least milliseconds of the processor for a message of some turns, and how they stand to one another."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tls = trust_loopback(folder)
        with endpoint(tls=tls) as tls_port, endpoint() as port:
            https, http = f"jsons://127.0.0.1:{tls_port}/", f"json://127.0.0.1:{port}/"
            ways: dict[str, Callable[[], float]] = {
                "HTTPS, apprise as shipped": lambda: _shipped(https),
                "HTTPS, sender alone, 40 chats": lambda: _alone(folder, https, CHATS),
                "HTTPS, with the ledger, 40 people with 50 titles each": lambda: _kept(https, CHATS),
                "HTTP, sender alone, an address for each": lambda: _alone(folder, http, MESSAGES),
                "HTTP, with the ledger, an address for each": lambda: _kept(http, MESSAGES),
            }
            found = dict.fromkeys(ways, float("inf"))
            for _ in range(TURNS):
                for what, way in ways.items():
                    found[what] = min(found[what], 1000 * way())
    shipped, *_ = found.values()
    return [Row(what, f"{each:.2f} ms, {each / shipped:.3f} of apprise as shipped") for what, each in found.items()]


def _per_message(count: int, run: Callable[[], object]) -> float:
    used = time.process_time()
    run()
    return (time.process_time() - used) / count


def _shipped(url: str) -> float:
    notifier = apprise.Apprise()
    notifier.add(url)
    return _per_message(20, lambda: [notifier.notify(title="t", body="b", body_format="text") for _ in range(20)])


def _alone(folder: Path, url: str, chats: int) -> float:
    transport = build_transport(make_app(folder, "timezone: UTC\nchannels: {screen: console://}\nwatch: [x]\n"))
    channels = [
        Channel(name=f"c{chat}", url=Secret(f"{url}{chat}"), fingerprint=f"bench {chat}") for chat in range(chats)
    ]
    transport.send(channels[0], WORDS, ref="bench")  # loads what it needs

    def some(first: int) -> None:
        with expendable(lambda _: None):
            for number in range(first, MESSAGES, THREADS):
                transport.send(channels[number % chats], WORDS, ref="bench")

    def every() -> None:
        running = [threading.Thread(target=some, args=(first,)) for first in range(THREADS)]
        for thread in running:
            thread.start()
        for thread in running:
            thread.join()

    return _per_message(MESSAGES, every)


def _kept(url: str, chats: int) -> float:
    with tempfile.TemporaryDirectory() as name:
        app = make_app(Path(name), due_today(MESSAGES, [f"{url}{chat}" for chat in range(chats)]))
        store = filled(app)
        senders = sender_pool_of(app, THREADS)
        sweeper = build_sweeper(app, store, senders)
        sent = 0

        def all_of_it() -> None:
            nonlocal sent
            sent, _ = drain(sweeper)

        took = _per_message(MESSAGES, all_of_it)
        senders.close()
        store.close()
        assert sent == MESSAGES, sent
        return took
