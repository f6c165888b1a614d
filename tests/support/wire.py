"""A server that answers in raw bytes, for what no HTTP library would say.

`with Wire(b"HTTP/1.1 200 OK\\r\\n…", …) as wire:` answers the first request with the first bytes, and so on; the last
ones are repeated. `None` stands for hanging up.
"""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import BinaryIO, Self

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
CLOSING_SECONDS = 5.0


class Wire:
    """The server; `requests` holds what came, whole."""

    def __init__(self, *answers: bytes | None) -> None:
        self.requests: list[bytes] = []
        self.connections = 0
        self._answers = list(answers)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, name="wire")]

    def __enter__(self) -> Self:
        """Start it."""
        self._threads[0].start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        """Stop it and leave no thread."""
        for each in [self._listening, *self._open]:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(CLOSING_SECONDS)
        for each in [self._listening, *self._open]:
            each.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                self.connections += 1
                self._open.append(connection)
                thread = threading.Thread(target=self._serve, args=(connection,), name="wire-connection")
                self._threads.append(thread)
                thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError), connection.makefile("rb") as reading:
            while head := _head(reading):
                lengths = [line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
                self.requests.append(head + reading.read(int(lengths[0].partition(b":")[2]) if lengths else 0))
                answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
                if answer is None:
                    connection.shutdown(socket.SHUT_RDWR)
                    return
                connection.sendall(answer)
                if b"Connection: close" in answer or not (b"Content-Length" in answer or b"chunked" in answer):
                    connection.shutdown(socket.SHUT_RDWR)
                    return


def _head(reading: BinaryIO) -> bytes:
    """Return the lines of a request's head, none at the end of the connection."""
    lines = []
    while (line := reading.readline()) not in {b"\r\n", b""}:
        lines.append(line)
    return b"".join(lines)
