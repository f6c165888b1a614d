"""A quick mail server in a process of its own: STARTTLS, a login, and 250 to every mail.

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
    b"AUTH": b"235 2.7.0 welcome\r\n",
    b"DATA": b"354 go on\r\n",
    b"QUIT": b"221 bye\r\n",
}
OFFERED: Final = b"250-postbox\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SIZE 10000000\r\n250 "
OK: Final = b"250 2.0.0 OK\r\n"


class Session(asyncio.Protocol):
    """One connection: a line each way, but for the text of a mail."""

    def __init__(self, tls: ssl.SSLContext, delay: float) -> None:
        self.tls = tls
        self.delay = delay
        self.upgrading: asyncio.Task[None] | None = None
        self.between = False
        self.buffer = b""
        self.in_text = False
        self.transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        assert isinstance(transport, asyncio.WriteTransport)
        self.transport = transport
        self._say(b"220 postbox\r\n")

    def data_received(self, data: bytes) -> None:
        """Take what came; answer each whole line or text, but while TLS begins: the first may come with its end."""
        self.buffer += data
        if not self.between:
            self._answer()

    def _answer(self) -> None:
        while (end := self.buffer.find(b"\r\n.\r\n" if self.in_text else b"\r\n")) >= 0:
            verb, self.buffer = self.buffer[:4].upper(), self.buffer[end + (5 if self.in_text else 2) :]
            if self.in_text:
                self.in_text = False
                self._say(OK)
                continue
            if verb == b"STAR":
                self._upgrade_soon()
                return
            self.in_text = verb == b"DATA"
            self._say(self._offer() if verb == b"EHLO" else ANSWERS.get(verb, OK))

    def _offer(self) -> bytes:
        return OFFERED + (b"AUTH PLAIN\r\n" if self.upgrading else b"STARTTLS\r\n")

    def _upgrade_soon(self) -> None:
        assert self.transport is not None
        assert isinstance(self.transport, asyncio.Transport)
        self.transport.pause_reading()  # what comes next is for TLS
        self.between = True
        self.upgrading = asyncio.get_running_loop().create_task(self._upgrade())

    async def _upgrade(self) -> None:
        assert self.transport is not None
        await asyncio.sleep(self.delay)
        self._write(b"220 go on\r\n")
        loop = asyncio.get_running_loop()
        upgraded = await loop.start_tls(self.transport, self, self.tls, server_side=True)
        assert upgraded is not None
        self.transport, self.between = upgraded, False
        self._answer()

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
    server = await loop.create_server(lambda: Session(context, delay), "127.0.0.1", 0)
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
