"""A quick HTTP endpoint in a process of its own, so that what is measured is the sender: it counts and answers 200.

    python -m bench.endpoint [--delay SECONDS] [--hang] [--tls DIRECTORY]

Prints its port, then serves until its standard input ends.
"""

from __future__ import annotations

import argparse
import asyncio
import ssl
import sys
from pathlib import Path
from typing import Final

OK: Final = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{"ok":true}'


class Counter:
    """How many requests came; `/count` tells."""

    def __init__(self) -> None:
        self.seen = 0


class Requests(asyncio.Protocol):
    """One connection: finds the end of each request by its Content-Length, and answers."""

    def __init__(self, counter: Counter, delay: float, hang: bool) -> None:
        self.counter, self.delay, self.hang = counter, delay, hang
        self.buffer = b""
        self.transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the connection."""
        assert isinstance(transport, asyncio.WriteTransport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Take what came; answer each whole request."""
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head = self.buffer[:end].lower()
            length = 0
            for line in head.split(b"\r\n")[1:]:
                if line.startswith(b"content-length:"):
                    length = int(line[15:])
            if len(self.buffer) < end + 4 + length:
                return
            self.buffer = self.buffer[end + 4 + length :]
            self._answer(head)

    def _answer(self, head: bytes) -> None:
        if head.startswith(b"get /count"):
            body = str(self.counter.seen).encode()
            self._write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
            return
        self.counter.seen += 1
        if self.hang:
            return
        if self.delay:
            asyncio.get_running_loop().call_later(self.delay, self._write, OK)
        else:
            self._write(OK)

    def _write(self, data: bytes) -> None:
        if self.transport is not None and not self.transport.is_closing():
            self.transport.write(data)


async def serve(delay: float, hang: bool, tls: Path | None) -> None:
    """Serve on a free port of loopback until standard input ends."""
    context = None
    if tls is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tls / "server.pem")
    counter = Counter()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Requests(counter, delay, hang), "127.0.0.1", 0, ssl=context, backlog=512)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await loop.run_in_executor(None, sys.stdin.read)


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--delay", type=float, default=0.0)
    parser.add_argument("--hang", action="store_true")
    parser.add_argument("--tls", type=Path)
    said = parser.parse_args()
    asyncio.run(serve(said.delay, said.hang, said.tls))


if __name__ == "__main__":
    main()
