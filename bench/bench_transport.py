"""How fast messages go out over HTTPS: apprise as shipped, and our transport with connections kept alive.

Both talk to the same server in another process, and both trust certifi's whole bundle with the server's authority
added, as they would on the internet. `python -m bench.bench_transport [seconds]`
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

import apprise
import certifi

from reminder.clock import SystemClock
from reminder.core.message import Line, Words
from reminder.core.model import Channel
from reminder.core.secret import Secret
from reminder.notify.apprise import AppriseTransport
from reminder.notify.transport import Sent
from tests.support.proxy import authority
from tests.support.sink import Sink

WORDS = Words(subject="Ballard premieres in 7 days", body=(Line(text="Wednesday, July 9, 2025"),))


def serve(directory: str, pipe: Connection) -> None:
    """Run the server until the other end of the pipe speaks."""
    authority().write(Path(directory))
    with Sink(tls=authority().context("127.0.0.1")) as sink:
        pipe.send(sink.port)
        pipe.recv()


def rate(send: Callable[[], bool], seconds: float, threads: int) -> tuple[float, float]:
    """Return sends a second and CPU milliseconds for each, with so many threads for so long."""
    if not send():
        raise SystemExit("the first send failed")
    counts = [0] * threads
    until = time.monotonic() + seconds

    def run(index: int) -> None:
        while time.monotonic() < until:
            counts[index] += send()

    cpu = resource.getrusage(resource.RUSAGE_SELF)
    began = time.monotonic()
    running = [threading.Thread(target=run, args=(index,)) for index in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    took, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_SELF)
    used = after.ru_utime + after.ru_stime - cpu.ru_utime - cpu.ru_stime
    return sum(counts) / took, 1000 * used / max(sum(counts), 1)


def main() -> None:
    """Measure and print."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 3.0
    here, there = multiprocessing.Pipe()
    with tempfile.TemporaryDirectory() as directory:
        server = multiprocessing.get_context("spawn").Process(target=serve, args=(directory, there))
        server.start()
        port = here.recv()
        bundle = Path(directory) / "bundle.pem"
        bundle.write_text(Path(certifi.where()).read_text() + (Path(directory) / "ca.pem").read_text())
        os.environ["REQUESTS_CA_BUNDLE"] = str(bundle)
        url = f"jsons://127.0.0.1:{port}/"
        shipped = apprise.Apprise()
        shipped.add(url)
        transport = AppriseTransport(clock=SystemClock())
        channel = Channel(name="bench", url=Secret(url))
        ways: dict[str, Callable[[], bool]] = {
            "apprise as shipped": lambda: bool(shipped.notify(body="b", title="t", body_format="text")),
            "reminder's transport": lambda: isinstance(transport.send(channel, WORDS, ref="bench"), Sent),
        }
        first: float | None = None
        print(f"{'':24}{'threads':>8}{'sends/s':>10}{'CPU ms':>8}{'times':>8}")
        for name, send in ways.items():
            for threads in (1, 4):
                speed, cpu = rate(send, seconds, threads)
                first = first or speed
                print(f"{name:24}{threads:8}{speed:10.0f}{cpu:8.2f}{speed / first:8.1f}")
        transport.close()
        here.send(None)
        server.join()


if __name__ == "__main__":
    main()
