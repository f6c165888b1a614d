"""Connections that are kept, and one request over them: what left, what came back, how long it may take."""

from __future__ import annotations

import http.client
import resource
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any, Final, cast
from urllib.parse import urlsplit

import requests
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from reminder.notify.http.attempt import Attempt, Exchange, current

BODY_SECONDS: Final = 5.0
"""Once the status is there, the rest of an answer gets this long; what is missing then is done without."""
LARGEST_BODY: Final = 256 * 1024
PIECE: Final = 64 * 1024

TOO_MANY: Final = 429

MOST_IDLE: Final = 128
"""Connections kept open over all hosts, but never more than a quarter of the files that the process may open."""


class RequestRefused(requests.ConnectionError):
    """A request that was not let out: the service has already asked us to stay away, or we never ask that."""


INTERIM: Final = frozenset(range(100, 200)) - {101}
"""Answers after which the answer still comes (RFC 9110, 15.2); after 101 something else than HTTP is spoken."""


class _Final(http.client.HTTPResponse):
    """An answer that passes over what comes before it: the standard library does so with 100 alone."""

    def begin(self) -> None:
        """Read heads until one is the answer's."""
        super().begin()
        while self.status in INTERIM:
            self.headers = self.msg = cast(Any, None)  # as it was before a head was read
            super().begin()
        if len({part.strip() for said in self.headers.get_all("content-length", []) for part in said.split(",")}) > 1:
            raise http.client.HTTPException("an answer with two lengths")  # RFC 9112, 6.3: it cannot be read


class WatchedConnection(HTTPConnection):
    """A connection that tells the attempt when its socket changes and when a request leaves."""

    response_class = _Final
    _connecting = False

    def connect(self) -> None:
        """Connect, and remember meanwhile that no request leaves yet."""
        self._connecting = True
        try:
            super().connect()
        finally:
            self._connecting = False

    def send(self, data: Any) -> None:
        """Send a piece of a request, connecting first if need be."""
        attempt = current()
        if attempt is not None:
            if self.sock is None and not self._connecting:
                self.connect()
            attempt.hold(self.sock)
            if not self._connecting:  # what leaves while connecting is only the CONNECT to a proxy
                attempt.patience(attempt.remaining())  # the last answer's may have been shorter
                attempt.depart()
        super().send(data)

    def close(self) -> None:
        """Close it, and count it as idle no longer."""
        _idle.take(self)
        super().close()


class WatchedTLS(WatchedConnection, HTTPSConnection):
    """The same over TLS."""


class _Idle:
    """The idle connections of all pools, the one longest idle first: urllib3 counts them for each host only."""

    def __init__(self) -> None:
        self._kept: OrderedDict[WatchedConnection, None] = OrderedDict()
        self._lock = threading.Lock()

    def add(self, connection: WatchedConnection) -> None:
        """Count one in; if these are too many, close the oldest. It stays in its pool, to be opened anew."""
        most = min(MOST_IDLE, resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 4)
        with self._lock:
            self._kept[connection] = None
            over = [self._kept.popitem(last=False)[0] for _ in range(len(self._kept) - most)]
        for each in over:
            each.close()

    def take(self, connection: WatchedConnection) -> bool:
        """Count one out; False if it was not in: then it is closed, or about to be."""
        with self._lock:
            return self._kept.pop(connection, self) is None


_idle: Final = _Idle()


class Pool(HTTPConnectionPool):
    """The connections to one host, of which the idle ones can be had for a request of our own."""

    ConnectionCls = WatchedConnection

    def _get_conn(self, timeout: float | None = None) -> Any:
        found = super()._get_conn(timeout)
        if isinstance(found, WatchedConnection) and _idle.take(found):
            return found
        found.close()  # it was closed, or is being closed just now, by whoever keeps a new one
        return self._new_conn()

    def _put_conn(self, conn: Any) -> None:
        if isinstance(conn, WatchedConnection) and not conn.is_closed:
            _idle.add(conn)
        super()._put_conn(conn)

    def idle(self) -> HTTPConnection | None:
        """Return a connection that is open and idle, to be given back by `keep` or `drop`; None if there is none.

        None as well if its requests would have to be written for a proxy. Raises ClosedPoolError when the pool is.
        """
        if self.proxy is not None and self.scheme == "http":
            return None
        found = cast(HTTPConnection, self._get_conn())
        if found.sock is None:
            self._put_conn(None)
            return None
        return found

    def keep(self, connection: HTTPConnection) -> None:
        """Take back a connection that stands at the end of an answer."""
        self._put_conn(connection)

    def drop(self, connection: HTTPConnection) -> None:
        """Close a connection, and leave its place to a new one."""
        connection.close()
        self._put_conn(None)


class PoolTLS(HTTPSConnectionPool, Pool):
    """The same over TLS."""

    ConnectionCls = WatchedTLS

    def _validate_conn(self, conn: Any) -> None:
        """Connect, without urllib3's warning of unchecked certificates: who writes `verify=no` knows."""
        if conn.is_closed:
            conn.connect()


POOLS: Final = {"http": Pool, "https": PoolTLS}


def is_open(pool: HTTPConnectionPool) -> bool:
    """Tell whether a pool is still in use: the one longest unused is closed when there are too many."""
    return pool.pool is not None


def begin(attempt: Attempt, url: str) -> Exchange:
    """Enter one more request into an attempt. Raises Refused when there may be none."""
    asked_to_wait = any(exchange.status == TOO_MANY for exchange in attempt.exchanges)
    if asked_to_wait or attempt.overrun:
        raise RequestRefused("no more requests in this attempt")
    attempt.verdict = attempt.verdict or attempt.forbids(url)
    if attempt.verdict is not None:
        raise RequestRefused("a request that may not be made")
    exchange = Exchange(host=urlsplit(url).hostname or "")
    attempt.exchanges.append(exchange)
    return exchange


def note(exchange: Exchange, status: int, phrase: str, headers: Mapping[str, str]) -> None:
    """Note the head of an answer."""
    exchange.status, exchange.phrase = status, phrase
    exchange.headers = {name.lower(): value for name, value in headers.items()}


def read_body(attempt: Attempt, read: Callable[[int], bytes]) -> tuple[bytes, bool]:
    """Return the body, or as much of it as comes in time and fits, and whether it came to its end.

    The status has already said what counts.
    """
    until = attempt.monotonic() + min(BODY_SECONDS, attempt.remaining() / 2)
    pieces: list[bytes] = []
    length = 0
    try:
        while length < LARGEST_BODY and (left := until - attempt.monotonic()) > 0:
            attempt.patience(left)
            piece = read(min(PIECE, LARGEST_BODY - length))
            if not piece:
                return b"".join(pieces), True
            pieces.append(piece)
            length += len(piece)
    except Exception:  # noqa: BLE001, S110  a body that breaks off is as good as one that ends
        pass
    return b"".join(pieces), False
