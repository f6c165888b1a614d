"""What a message to a browser costs beside its sending: the processor time of encrypting and signing it."""

from __future__ import annotations

import gc
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bench.world import Row, endpoint
from reminder.core.model.entities import Channel
from reminder.core.model.secret import Secret
from reminder.core.text.hints import DeliveryHints
from reminder.core.text.message import BodyLine, Words
from reminder.notify.apprise import AppriseTransport
from reminder.notify.transport import Sent
from reminder.notify.webpush.browser import Browser
from reminder.notify.webpush.encrypt import encrypt
from reminder.notify.webpush.payload import payload_of, topic_of
from reminder.notify.webpush.settings import PushSettings
from reminder.notify.webpush.vapid import VapidKey, new_key
from reminder.platform.clock import SystemClock

EACH, TURNS = 300, 15
NOW: Final = datetime(2026, 12, 1, tzinfo=UTC)
CONTACT: Final = "mailto:me@example.org"
WORDS: Final = Words(
    subject="Ballard premieres in 7 days",
    body=(BodyLine(text="Wednesday, July 9, 2025 on Prime Video"),),
    link="https://www.example.com/ballard",
    hints=DeliveryHints(useful_until=NOW + timedelta(days=2), replaces="ballard None 1"),
)
LOADS: Final = (
    "import os, sys, time; rss = lambda: int(open('/proc/self/statm').read().split()[1]) * os.sysconf('SC_PAGE_SIZE');"
    "from reminder.notify.webpush.browser import Browser; from reminder.notify.webpush.encrypt import encrypt;"
    "before = rss(), time.process_time();"
    "encrypt(b'x', Browser(endpoint='https://x', p256dh=bytes.fromhex(sys.argv[1]), auth=b'a' * 16));"
    "print((rss() - before[0]) / 2**20, 1000 * (time.process_time() - before[1]))"
)


def measure() -> list[Row]:
    """Return milliseconds of our CPU for each: the least of many turns, as others want the processor too."""
    browser, key = a_browser("https://push.example/x"), VapidKey(Secret(new_key()))
    beside = _least(lambda: _made(browser, key))
    memory, first = _first_time(browser)
    with endpoint() as port:
        settings = PushSettings(key=key, contact=CONTACT, hosts=frozenset({"127.0.0.1"}))
        transport = AppriseTransport(clock=SystemClock(), push=lambda: settings)
        near = a_browser(f"http://127.0.0.1:{port}/x")
        pushed = _sending(
            transport, Channel(name="browser", url=Secret("webpush:///{address}"), is_shared=True).to(near.written())
        )
        hook = _sending(transport, Channel(name="hook", url=Secret(f"json://127.0.0.1:{port}/x")))
        by_turns = [(_least(pushed, turns=1), _least(hook, turns=1)) for _ in range(TURNS)]
        transport.close()
    whole, same = (min(figures) for figures in zip(*by_turns, strict=True))
    return [
        Row("written, encrypted, signed: beside the sending", f"{beside:.2f} ms", "1 ms"),
        Row("the whole of it to one browser, by HTTP", f"{whole:.2f} ms"),
        Row("the same to json://", f"{same:.2f} ms"),
        Row("the first message loads cryptography", f"{first:.0f} ms, {memory:.1f} MiB"),
    ]  # fmt: skip


def a_browser(address: str) -> Browser:
    """Return a browser that is reached there."""
    point = ec.generate_private_key(ec.SECP256R1()).public_key()
    p256dh = point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return Browser(endpoint=address, p256dh=p256dh, auth=secrets.token_bytes(16))


def _made(browser: Browser, key: VapidKey) -> bool:
    topic = topic_of(WORDS.hints.replaces, browser)
    body = encrypt(payload_of(WORDS, tag=topic), browser)
    return bool(body and key.authorization(browser.origin, CONTACT, NOW))


def _sending(transport: AppriseTransport, channel: Channel) -> Callable[[], bool]:
    return lambda: isinstance(transport.send(channel, WORDS, ref="bench"), Sent)


def _least(send: Callable[[], bool], *, turns: int = TURNS) -> float:
    assert send()
    gc.collect()
    found = []
    for _ in range(turns):
        began = time.process_time()
        for _ in range(EACH):
            assert send()
        found.append(1000 * (time.process_time() - began) / EACH)
    return min(found)


def _first_time(browser: Browser) -> tuple[float, float]:
    """Return how many MiB and milliseconds of CPU the first message takes, in a process of its own."""
    command = [sys.executable, "-c", LOADS, browser.p256dh.hex()]
    done = [subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ) for _ in range(5)]
    figures = [tuple(map(float, each.stdout.split())) for each in done]
    return min(memory for memory, _ in figures), min(first for _, first in figures)
