"""Open connections over HTTP, and the pool that keeps idle ones open.

What a request says and what its answer means is for whoever sends it. Here stand only what all of them need of a
connection: that answers which come before the answer are passed over, and that somebody is told before bytes leave.
"""

from __future__ import annotations

import http.client
import re
import resource
import socket
import ssl
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Final, NamedTuple, cast

from urllib3.connection import HTTPConnection, HTTPSConnection, ProxyConfig
from urllib3.exceptions import HTTPError
from urllib3.util import Url

from reminder.core.sending.proxies import Proxy

MOST_IDLE: Final = 128
"""Connections kept open over all hosts, but never more than a quarter of the files that the process may open."""

INTERIM: Final = frozenset(range(100, 200)) - {101}
"""Answers after which the answer still comes (RFC 9110, 15.2); after 101 something else than HTTP is spoken."""

BROKEN: Final = (OSError, http.client.HTTPException, HTTPError)
"""What connecting, asking and reading an answer may raise."""


class HttpOrigin(NamedTuple):
    """Where a connection leads: one that is open serves only requests to the same.

    `host` is a name, or an address whose certificate has to be that of `server_name`; https needs a `context`.
    """

    scheme: str
    host: str
    port: int
    context: ssl.SSLContext | None = None
    server_name: str | None = None
    proxy: Proxy | None = None

    @property
    def is_asked_of_proxy(self) -> bool:
        """Tell whether the proxy itself reads the requests, which then name the whole address."""
        return self.proxy is not None and self.scheme == "http"

    @property
    def headers(self) -> Mapping[str, str]:
        """Return what a request carries for the proxy that reads it."""
        return self.proxy.headers if self.proxy is not None and self.scheme == "http" else {}


class TwoLengths(http.client.HTTPException):
    """An answer says twice, and differently, how long it is: it cannot be read (RFC 9112, 6.3)."""


class _FinalResponse(http.client.HTTPResponse):
    """An answer that passes over what comes before it: the standard library does so with 100 alone."""

    def begin(self) -> None:
        """Read heads until one is the answer's."""
        super().begin()
        while self.status in INTERIM:
            self.headers = self.msg = cast(Any, None)  # as it was before a head was read
            super().begin()
        if len({part.strip() for said in self.headers.get_all("content-length", []) for part in said.split(",")}) > 1:
            raise TwoLengths("an answer with two lengths")


def _nothing() -> None:
    pass


class HeldSocket:
    """The socket that one thread waits on, for another to cut: whatever waits on it wakes up with an error."""

    def __init__(self) -> None:
        self.overrun = False
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None

    def hold(self, sock: socket.socket | None) -> None:
        """Remember the socket in use; one that comes after the end is cut at once."""
        with self._lock:
            self._socket = sock
            if self.overrun:
                self._cut()

    def set_timeout(self, seconds: float) -> None:
        """Let the socket in use wait at most so long for each piece from now on."""
        with self._lock, suppress(OSError):
            if self._socket is not None:
                self._socket.settimeout(seconds)

    def cut_off(self) -> None:
        """End what waits on the socket in use, and on any after it."""
        with self._lock:
            self.overrun = True
            self._cut()

    def _cut(self) -> None:
        # The plain socket's shutdown: that of a TLS socket would pull the TLS state from under the thread that reads.
        with suppress(OSError, ValueError):
            if self._socket is not None:
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


class ProxyFailed(OSError):
    """A proxy could not be reached, or let nobody through; `status` is what it answered then."""

    def __init__(self, status: int | None) -> None:
        super().__init__("not connected through the proxy")
        self.status = status


_REFUSED_BY_PROXY: Final = re.compile(r"Tunnel connection failed: (\d{3})")
"""As `http.client` says it: it keeps the status nowhere else."""


class Connection(HTTPConnection):
    """A connection that sends a request in one piece, and says so before. `before_send` may raise: nothing leaves."""

    response_class = _FinalResponse
    origin: HttpOrigin
    before_send: Callable[[], None] = staticmethod(_nothing)
    _pieces: list[bytes] | None = None

    def request(self, *args: Any, **options: Any) -> None:
        """Send a request: head and body at once, for two writes cost twice the processor here and at the other end."""
        pieces: list[bytes] = []
        self._pieces = pieces
        try:
            super().request(*args, **options)
        finally:
            self._pieces = None
        self.send(b"".join(pieces))

    def answer(self) -> http.client.HTTPResponse:
        """Return the answer as the standard library reads it: what urllib3 adds takes as long as the reading."""
        return http.client.HTTPConnection.getresponse(self)

    def send(self, data: Any) -> None:
        """Send bytes: a request, or the order to a proxy to connect."""
        if self._pieces is not None:
            self._pieces.append(data)
            return
        self.before_send()
        super().send(data)


class SecureConnection(Connection, HTTPSConnection):
    """The same over TLS."""


def new_connection(origin: HttpOrigin) -> Connection:
    """Return a connection to an origin, not open yet."""
    scheme, host, port, proxy = origin.scheme, origin.host, origin.port, origin.proxy
    options: dict[str, Any] = {}
    if proxy is not None:
        scheme, host, port = proxy.scheme if origin.is_asked_of_proxy else scheme, proxy.host, proxy.port
        options["proxy"] = Url(proxy.scheme, host=proxy.host, port=proxy.port)
        options["proxy_config"] = ProxyConfig(None, False, None, None)
    if scheme == "https":
        options |= {"ssl_context": origin.context, "server_hostname": origin.server_name}
    made = (SecureConnection if scheme == "https" else Connection)(host, port, **options)
    made.origin = origin
    if proxy is not None and not origin.is_asked_of_proxy:
        made.set_tunnel(origin.host, origin.port, headers=proxy.headers, scheme=proxy.scheme)
    return made


def connect(connection: Connection) -> None:
    """Open a connection. Raises what is in BROKEN: ProxyFailed if the proxy is at fault, else what the system said."""
    try:
        connection.connect()
    except BROKEN as error:
        is_proxys = connection.proxy is not None and not connection.has_connected_to_proxy
        connection.close()
        cause = error.__cause__ if isinstance(error, HTTPError) and isinstance(error.__cause__, OSError) else error
        if not is_proxys:
            raise cause from None
        refused = _REFUSED_BY_PROXY.match(str(cause))
        raise ProxyFailed(int(refused[1]) if refused else None) from cause


class ConnectionPool:
    """The idle connections to all origins. Safe to share between threads: one that was taken is the taker's alone."""

    def __init__(self) -> None:
        self._idle: OrderedDict[Connection, HttpOrigin] = OrderedDict()  # the one longest idle first
        self._by_origin: dict[HttpOrigin, list[Connection]] = {}
        self._lock = threading.Lock()

    def take(self, origin: HttpOrigin) -> Connection | None:
        """Return an open connection to an origin, the one used last; None where there is none."""
        while (found := self._latest(origin)) is not None:
            if found.is_connected:
                return found
            found.close()  # the server has
        return None

    def _latest(self, origin: HttpOrigin) -> Connection | None:
        with self._lock:
            waiting = self._by_origin.get(origin)
            return self._taken_out(waiting[-1]) if waiting else None

    def take_back(self, connection: Connection, *, is_whole: bool) -> None:
        """Keep a connection that stands at the end of an answer, and close any other.

        When too many are idle, the one longest so is closed.
        """
        connection.before_send = _nothing
        if not is_whole or connection.is_closed:
            connection.close()
            return
        origin = connection.origin
        most = min(MOST_IDLE, resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 4)
        with self._lock:
            self._idle[connection] = origin
            self._by_origin.setdefault(origin, []).append(connection)
            over = [self._taken_out(next(iter(self._idle))) for _ in range(len(self._idle) - most)]
        for each in over:
            each.close()

    def clear(self) -> None:
        """Close all that are idle."""
        with self._lock:
            idle = list(self._idle)
            self._idle.clear()
            self._by_origin.clear()
        for each in idle:
            each.close()

    def _taken_out(self, connection: Connection) -> Connection:
        origin = self._idle.pop(connection)
        waiting = self._by_origin[origin]
        waiting.remove(connection)
        if not waiting:
            del self._by_origin[origin]
        return connection


POOL: Final = ConnectionPool()
"""The idle connections of this process."""
