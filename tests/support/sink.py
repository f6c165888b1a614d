"""An HTTP server on loopback that answers as it is told and keeps what it was asked.

In a test: `with Sink() as sink: sink.script(Reply(status=503), Reply()); … sink.requests`.
As a process: `python -m tests.support.sink --status 503` prints its port, then each request as a line of JSON, until
its standard input ends.
"""

from __future__ import annotations

import argparse
import json
import socket
import ssl
import sys
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self, cast

from tests.support.process import PATIENCE

CLOSING_SECONDS = 5.0


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One answer. `delay` comes before it, `drip` seconds before each byte of its body (of its head: `drip_head`).

    `hang`: no answer until the server closes. `until`: none before this is set. `reset`: the connection is torn down instead of an answer. `huge`: so
    many bytes of body. `close`: the connection ends after it.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b"{}"
    delay: float = 0.0
    drip: float = 0.0
    drip_head: bool = False
    hang: bool = False
    until: threading.Event | None = None
    reset: bool = False
    huge: int = 0
    close: bool = False

    @classmethod
    def json(cls, value: object, status: int = 200, **headers: str) -> Reply:
        """Return an answer with a JSON body; a header's `_` stands for `-`."""
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        return cls(status=status, headers=named, body=json.dumps(value).encode())

    @classmethod
    def redirect(cls, to: str, status: int = 302) -> Reply:
        """Return a redirect to `to`."""
        return cls(status=status, headers={"Location": to})


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request as it came."""

    method: str
    host: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Return its body, read as JSON."""
        return json.loads(self.body)


Decide = Callable[[Request], Reply]


class Sink:
    """The server. What no script covers is answered by `always`, at first with 200 and `{}`."""

    def __init__(
        self, *, tls: ssl.SSLContext | None = None, on_request: Callable[[Request], None] | None = None
    ) -> None:
        self.requests: list[Request] = []
        self.connections = 0
        self.stopping = threading.Event()
        self._scripts: defaultdict[str, deque[Reply]] = defaultdict(deque)
        self._standing: dict[str, Reply | Decide] = {"": Reply()}
        self._on_request = on_request
        self._changed = threading.Condition()
        self._server = Server(self, tls)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="sink")

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._server.server_address[1])

    @property
    def netloc(self) -> str:
        """Host and port, for a URL."""
        return f"127.0.0.1:{self.port}"

    def script(self, *replies: Reply, on: str = "") -> Self:
        """Answer the next requests so, in turn; `on`: those to this path, or through a proxy to this host."""
        with self._changed:
            self._scripts[on].extend(replies)
        return self

    def always(self, reply: Reply | Decide, on: str = "") -> Self:
        """From now on answer so once the script is used up."""
        with self._changed:
            self._standing[on] = reply
        return self

    def wait_for(self, count: int, seconds: float = PATIENCE) -> bool:
        """Wait until so many requests have come; tell whether they did."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self.requests) >= count, seconds)

    def of(self, host: str) -> list[Request]:
        """Return the requests to this host or path."""
        with self._changed:
            return [each for each in self.requests if host in (each.host, each.path)]

    def handler(self) -> type[Handler]:
        """Return the class that handles a connection."""
        return Handler

    def answer(self, request: Request) -> Reply:
        """Keep a request and return its answer."""
        with self._changed:
            self.requests.append(request)
            self._changed.notify_all()
            reply = self._next(request)
        if self._on_request is not None:
            self._on_request(request)
        return reply if isinstance(reply, Reply) else reply(request)

    def _next(self, request: Request) -> Reply | Decide:
        keys = (request.path, request.host, "")
        for key in keys:
            if self._scripts[key]:
                return self._scripts[key].popleft()
        return next(self._standing[key] for key in keys if key in self._standing)

    def __enter__(self) -> Self:
        """Start it."""
        self._thread.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        """Stop it, end what hangs, and leave no thread."""
        self.close()

    def close(self) -> None:
        """Stop it."""
        self.stopping.set()
        self._server.shutdown()
        self._server.cut_all()
        self._server.server_close()
        self._thread.join(CLOSING_SECONDS)


class Server(ThreadingHTTPServer):
    """Keeps its open connections, so that they can be cut."""

    daemon_threads = False  # so that server_close() waits for them
    request_queue_size = 512

    def __init__(self, sink: Sink, tls: ssl.SSLContext | None) -> None:
        self.sink = sink
        self._tls = tls
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        super().__init__(("127.0.0.1", 0), sink.handler())

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        self.keep(connection)
        self.sink.connections += 1
        return connection, address

    def finish_request(self, request: Any, client_address: Any) -> None:
        if self._tls is not None:
            request = self.in_tls(request, self._tls)
        super().finish_request(request, client_address)

    def in_tls(self, connection: socket.socket, context: ssl.SSLContext) -> ssl.SSLSocket:
        wrapped = context.wrap_socket(connection, server_side=True)
        self.keep(wrapped)
        return wrapped

    def keep(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.add(connection)

    def shutdown_request(self, request: Any) -> None:
        super().shutdown_request(request)
        with self._lock:
            self._open = {each for each in self._open if each.fileno() >= 0 and each is not request}

    def cut_all(self) -> None:
        with self._lock:
            for connection in self._open:
                with suppress(OSError, ValueError):
                    socket.socket.shutdown(connection, socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients that hang up are what this is for."""


class Handler(BaseHTTPRequestHandler):
    """Reads one request after another on a connection and answers them."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    host = ""

    @property
    def sink(self) -> Sink:
        """The sink that this connection belongs to."""
        return cast(Server, self.server).sink

    def finish(self) -> None:
        """Close the TLS socket too: the server knows only the one beneath it."""
        with suppress(OSError, ValueError):
            super().finish()
        if isinstance(self.connection, ssl.SSLSocket):
            self.connection.close()

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _handle(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(
            method=self.command,
            host=self.host or headers.get("host", ""),
            path=self.path,
            headers=headers,
            body=self.rfile.read(length),
        )
        self._reply(self.sink.answer(request))

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = _handle  # noqa: N815

    def _reply(self, reply: Reply) -> None:
        stopping = self.sink.stopping
        if reply.delay:
            stopping.wait(reply.delay)
        if reply.hang:
            stopping.wait()
        while reply.until is not None and not stopping.is_set() and not reply.until.wait(0.02):
            pass
        if reply.hang or reply.reset or stopping.is_set():
            self._reset()
            return
        length = reply.huge or len(reply.body)
        self._send(self._head(reply, length), reply.drip if reply.drip_head else 0.0)
        if reply.huge:
            self._huge(reply.huge)
        elif self.command != "HEAD" and reply.status not in (204, 304):
            self._send(reply.body, reply.drip)
        self.close_connection = self.close_connection or reply.close or stopping.is_set()

    def _head(self, reply: Reply, length: int) -> bytes:
        fields = {"Content-Type": "application/json", **reply.headers}
        if reply.status not in (204, 304):
            fields["Content-Length"] = str(length)
        if reply.close:
            fields["Connection"] = "close"
        phrase = self.responses.get(reply.status, ("Unknown",))[0]
        lines = [f"HTTP/1.1 {reply.status} {phrase}", *(f"{name}: {value}" for name, value in fields.items())]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    def _send(self, content: bytes, drip: float) -> None:
        if not drip:
            self.wfile.write(content)
            return
        for byte in content:
            if self.sink.stopping.wait(drip):
                return
            self.wfile.write(bytes([byte]))
            self.wfile.flush()

    def _huge(self, length: int) -> None:
        piece = b"x" * 65536
        while length > 0 and not self.sink.stopping.is_set():
            self.wfile.write(piece[:length])
            length -= len(piece)

    def _reset(self) -> None:
        self.close_connection = True
        with suppress(OSError):
            # SO_LINGER of 0 s: closing sends RST, not FIN.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
            socket.socket.shutdown(self.connection, socket.SHUT_RDWR)


def _main() -> None:
    parser = argparse.ArgumentParser(description="An HTTP sink: prints its port, then each request as JSON.")
    parser.add_argument("--status", type=int, default=200)
    parser.add_argument("--delay", type=float, default=0.0)
    options = parser.parse_args()

    def show(request: Request) -> None:
        fields = {"method": request.method, "path": request.path, "body": request.body.decode("utf-8", "replace")}
        sys.stdout.write(json.dumps(fields) + "\n")
        sys.stdout.flush()

    with Sink(on_request=show) as sink:
        sink.always(Reply(status=options.status, delay=options.delay))
        sys.stdout.write(f"{sink.port}\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    _main()
