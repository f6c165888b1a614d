"""How fast mail goes out over one kept connection, against one connection for each, with STARTTLS and a login."""

from __future__ import annotations

import itertools
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import apprise

from bench.world import Row, trust_loopback
from reminder.core.model.entities import Channel
from reminder.core.model.secret import Secret
from reminder.core.text.message import BodyLine, Words
from reminder.notify.apprise import AppriseTransport
from reminder.notify.mail.pool import MAILS, SmtpPool
from reminder.notify.transport import Sent
from reminder.platform.clock import SystemClock

NUMBERS = itertools.count(1)
NEAR, FAR = 150, 10
DELAY = 0.02
TURNS = 6


def measure() -> list[Row]:
    """Return rates, CPU for each mail, and their ratios; the two of a ratio by turns, in one run."""
    with tempfile.TemporaryDirectory() as name:
        folder = trust_loopback(Path(name))
        with postbox(folder) as port:
            shipped = _rate(_shipped(port), 3)
            each, kept = _by_turns(port, NEAR)
        with postbox(folder, delay=DELAY) as port:
            far_each, far_kept = _by_turns(port, FAR)
    return [
        # It asks the name server for this machine's full name each time, which takes seconds where there is none.
        Row("mail, apprise as shipped", _figure(shipped)),
        Row("mail, our sender, one connection for each", _figure(each)),
        Row("mail, our sender, one kept connection", f"{_figure(kept)} = {kept[0] / each[0]:.1f} times", "3 times"),
        Row(f"the same, {1000 * DELAY:.0f} ms away, one for each", _figure(far_each)),
        Row(
            f"the same, {1000 * DELAY:.0f} ms away, one kept",
            f"{_figure(far_kept)} = {far_kept[0] / far_each[0]:.1f} times",
        ),
    ]


Figure = tuple[float, float]
"""Mails a second, and milliseconds of our CPU for each."""


def _figure(figure: Figure) -> str:
    return f"{figure[0]:.3g}/s, {figure[1]:.1f} ms CPU"


def _by_turns(port: int, count: int) -> tuple[Figure, Figure]:
    """Return the best with a connection for each mail, and with one that is kept: others may want the processor too."""
    ways = [_ours(port, mails=1), _ours(port, mails=MAILS)]
    turns = [[_rate(send, count) for send in ways] for _ in range(TURNS)]
    each, kept = (list(zip(*way, strict=True)) for way in zip(*turns, strict=True))
    return (max(each[0]), min(each[1])), (max(kept[0]), min(kept[1]))


def _url(port: int) -> str:
    return f"mailtos://me:password@127.0.0.1:{port}/asha@example.com?from=me@example.org"


def _ours(port: int, *, mails: int) -> Callable[[], bool]:
    clock = SystemClock()
    transport = AppriseTransport(clock=clock, smtp_pool=SmtpPool(monotonic=clock.monotonic, mails=mails))
    channel = Channel(name="bench", url=Secret(_url(port)))

    def send() -> bool:
        number = next(
            NUMBERS
        )  # no mail is like another, as in life: what is remembered helps only where it would there
        words = Words(
            subject=f"Ballard {number} premieres in 7 days", body=(BodyLine(text=f"Wednesday, July 9, 2025: {number}"),)
        )
        outcome = transport.send(channel, words, ref=f"bench {number}")
        assert isinstance(outcome, Sent), outcome
        return True

    return send


def _shipped(port: int) -> Callable[[], bool]:
    notifier = apprise.Apprise()
    notifier.add(_url(port) + "&verify=no")  # it trusts the system's authorities only
    return lambda: bool(notifier.notify(title="t", body="b", body_format="text"))


def _rate(send: Callable[[], bool], count: int) -> Figure:
    assert send()
    used, began = time.process_time(), time.monotonic()
    for _ in range(count):
        assert send()
    return count / (time.monotonic() - began), 1000 * (time.process_time() - used) / count


@contextmanager
def postbox(tls: Path, *, delay: float = 0.0) -> Iterator[int]:
    """Run a mail server in a process of its own; yield its port."""
    command = [sys.executable, "-m", "bench.postbox", "--tls", str(tls), "--delay", str(delay)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.communicate()
