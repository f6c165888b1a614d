"""A quick mail server in a process of its own: TLS from the first byte, a login, and 250 to every mail.

    python -m bench.postbox --tls DIRECTORY [--delay SECONDS]

Prints its port, then serves until its standard input ends. `--delay` is how long each answer takes to come, as over
the internet.
"""

from __future__ import annotations

import argparse
import asyncio
import ssl
import sys
from pathlib import Path
from typing import Final

ANSWERS: Final = {
    b"EHLO": b"250-postbox\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SIZE 10000000\r\n250 AUTH PLAIN\r\n",
    b"AUTH": b"235 2.7.0 welcome\r\n",
    b"DATA": b"354 go on\r\n",
    b"QUIT": b"221 bye\r\n",
}
OK: Final = b"250 2.0.0 OK\r\n"


class Session(asyncio.Protocol):
    """One connection: a line each way, but for the text of a mail."""

    def __init__(self, delay: float) -> None:
        self.delay = delay
        self.buffer = b""
        self.in_text = False
        self.transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        assert isinstance(transport, asyncio.WriteTransport)
        self.transport = transport
        self._say(b"220 postbox\r\n")

    def data_received(self, data: bytes) -> None:
        """Take what came; answer each whole line or text."""
        self.buffer += data
        while (end := self.buffer.find(b"\r\n.\r\n" if self.in_text else b"\r\n")) >= 0:
            verb, self.buffer = self.buffer[:4].upper(), self.buffer[end + (5 if self.in_text else 2) :]
            if self.in_text:
                self.in_text = False
                self._say(OK)
                continue
            self.in_text = verb == b"DATA"
            self._say(ANSWERS.get(verb, OK))

    def _say(self, answer: bytes) -> None:
        if self.delay:
            asyncio.get_running_loop().call_later(self.delay, self._write, answer)
        else:
            self._write(answer)

    def _write(self, answer: bytes) -> None:
        if self.transport is not None and not self.transport.is_closing():
            self.transport.write(answer)


async def serve(tls: Path, delay: float) -> None:
    """Serve on a free port of loopback until standard input ends."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tls / "server.pem")
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Session(delay), "127.0.0.1", 0, ssl=context)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await loop.run_in_executor(None, sys.stdin.read)


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--tls", type=Path, required=True)
    parser.add_argument("--delay", type=float, default=0.0)
    said = parser.parse_args()
    asyncio.run(serve(said.tls, said.delay))


if __name__ == "__main__":
    main()
