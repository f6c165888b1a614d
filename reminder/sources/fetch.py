"""Fetches a page for the program without letting the page's owner reach further: bounded, and only where it may go.

http and https only; no private address unless its host was allowed by name, checked on the address that is connected
to, and again after each redirect; bounded in size and in time; no secret in an error. Where the environment names a
proxy, that connects: it is told the name that was asked for, and of a redirect to another host the checked address.
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from http.client import HTTPResponse
from importlib.metadata import PackageNotFoundError, version
from typing import Final
from urllib.parse import SplitResult, urljoin

from reminder.core.sending.proxies import Proxies
from reminder.core.sourcing.answers import AccessRefused, InvalidAnswer, NoAnswer, TooSlow, Unavailable
from reminder.core.text.markup import host_of
from reminder.platform.clock import Clock
from reminder.platform.http.connections import (
    BROKEN,
    POOL,
    Connection,
    HeldSocket,
    HttpOrigin,
    ProxyFailed,
    TwoLengths,
    connect,
    new_connection,
)
from reminder.platform.watchdog import Overrun, Watchdog
from reminder.sources.addresses import is_as_safe, is_public, look_up, port_of
from reminder.sources.body import UNCLEAR_LENGTH, read_body
from reminder.sources.refusals import NotFetched, checked, judge_login, of_proxy, private_address, told

MAX_BYTES: Final = 8 * 1024 * 1024
MAX_REDIRECTS: Final = 5
SECONDS: Final = 20.0
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_HOME: Final = "release-reminder"


@dataclass(frozen=True, kw_only=True)
class FetchedAnswer:
    """An HTTP answer: status, headers by lower-case name, the body, and the address that gave it."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str = field(repr=False)


@cache
def user_agent() -> str:
    """Return how the program names itself to those it asks."""
    try:
        return f"{_HOME}/{version(_HOME)}"
    except PackageNotFoundError:
        return _HOME


@dataclass(frozen=True, kw_only=True)
class Fetcher:
    """Fetches addresses. `private` are the hosts that may have a private address: those that the user wrote down.

    `private=None` allows every host a private address. `stop` cuts off what is under way. `look_up` returns the
    addresses of a host, and raises OSError.
    """

    clock: Clock
    private: frozenset[str] | None = frozenset()
    seconds: float = SECONDS
    max_bytes: int = MAX_BYTES
    stop: threading.Event = field(default_factory=threading.Event)
    proxies: Proxies = field(default_factory=Proxies)
    look_up: Callable[[str], list[str]] = field(default=look_up)
    context: Callable[[], ssl.SSLContext] = field(default_factory=lambda: cache(ssl.create_default_context))

    @cached_property
    def watchdog(self) -> Watchdog:
        """Return what ends a fetch that takes too long."""
        return Watchdog("fetch", monotonic=self.clock.monotonic)

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> FetchedAnswer | NoAnswer:
        """Fetch `url`; never raises. `headers` go to its own server only: a redirect carries them nowhere else.

        A status is for the caller to judge; what could not be fetched at all is a value with the reason.
        """
        fetch = _Fetch(self)
        try:
            # Timeouts count from byte to byte: only this ends an answer that comes a byte at a time.
            return self.watchdog.run(
                lambda: fetch.follow(url, headers or {}),
                seconds=self.seconds,
                cut_off=fetch.socket.cut_off,
                stop=self.stop,
            )
        except NotFetched as refused:
            return refused.silence
        except TimeoutError:
            return TooSlow(reason=f"{host_of(url)} did not answer within {self.seconds:g} s")
        except TwoLengths:
            return InvalidAnswer(reason=UNCLEAR_LENGTH)
        except BROKEN as error:
            return Unavailable(reason=f"{host_of(url)}: {told(error)}")
        except ValueError:  # among them what cannot be encoded
            return AccessRefused(reason="this is not an address that can be fetched")

    def is_allowed(self, host: str) -> bool:
        """Tell whether a host may have a private address."""
        return self.private is None or host.lower() in self.private


class _Fetch:
    """One fetch on its way, with the redirects that it follows."""

    def __init__(self, fetcher: Fetcher) -> None:
        self.socket = HeldSocket()
        self._fetcher = fetcher
        self._deadline = fetcher.clock.monotonic() + fetcher.seconds

    def follow(self, url: str, headers: Mapping[str, str]) -> FetchedAnswer:
        """Return the answer to which `url` leads in the end. Raises NotFetched, what is in BROKEN, and ValueError."""
        home, first = host_of(url), url
        for _ in range(MAX_REDIRECTS + 1):
            own = headers if is_as_safe(url, first) else {}
            answer = self._once(url, own, by_name=host_of(url) == home)
            if answer.status not in _REDIRECTS or "location" not in answer.headers:
                return answer
            url = urljoin(url, answer.headers["location"])
        raise NotFetched(Unavailable(reason=f"{home} redirects more than {MAX_REDIRECTS} times"))

    def _once(self, url: str, headers: Mapping[str, str], *, by_name: bool) -> FetchedAnswer:
        parts = checked(url)
        origins = self._origins(parts, by_name=by_name)
        try:
            connection, response = self._exchange(parts, headers, origins)
            body = self._body(connection, response)
        except BROKEN:
            self._left()
            raise
        found = {name.lower(): value for name, value in response.getheaders()}
        return FetchedAnswer(status=response.status, headers=found, body=body, url=url)

    def _exchange(
        self, parts: SplitResult, headers: Mapping[str, str], origins: Sequence[HttpOrigin]
    ) -> tuple[Connection, HTTPResponse]:
        """Ask, over a connection that is open where there is one; return it, and the head of the answer."""
        kept = next(filter(None, map(POOL.take, origins)), None)
        if kept is not None:
            with suppress(*BROKEN):  # its server may have closed it just now, and is then asked anew
                return kept, self._ask(kept, parts, headers)
        connection = self._first_open(origins)
        return connection, self._ask(connection, parts, headers)

    def _ask(self, connection: Connection, parts: SplitResult, headers: Mapping[str, str]) -> HTTPResponse:
        path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        target = f"http://{parts.netloc}{path}" if connection.origin.is_asked_of_proxy else path
        sent = {"Host": parts.netloc, "User-Agent": user_agent(), "Accept-Encoding": "gzip", **headers}
        self.socket.hold(connection.sock)
        try:
            connection.timeout = self._left()
            connection.request("GET", target, headers={**sent, **connection.origin.headers})
            response = connection.answer()
            if connection.origin.is_asked_of_proxy:
                judge_login(response.status)
        except BaseException:
            connection.close()
            raise
        return response

    def _body(self, connection: Connection, response: HTTPResponse) -> bytes:
        is_whole = False
        try:
            body = read_body(response, self._fetcher.max_bytes, check_time=self._left)
            is_whole = not isinstance(body, NoAnswer)
        finally:
            self.socket.hold(None)
            response.close()
            POOL.take_back(connection, is_whole=is_whole)
        if isinstance(body, NoAnswer):
            raise NotFetched(body)
        return body

    def _first_open(self, origins: Sequence[HttpOrigin]) -> Connection:
        """Connect to the first address that lets one in; one that says nothing leaves time for those after it."""
        error: Exception | None = None
        for number, origin in enumerate(origins):
            connection = new_connection(origin)
            connection.timeout = self._left() / (len(origins) - number)
            connection.before_send = partial(self._hold, connection)
            try:
                connect(connection)
            except ProxyFailed as failed:
                raise NotFetched(of_proxy(failed)) from None
            except ssl.SSLError:
                raise
            except OSError as failed:
                error = failed
            else:
                return connection
        raise error or OSError("no address")

    def _hold(self, connection: Connection) -> None:
        self.socket.hold(connection.sock)  # of a proxy, which may never answer

    # Where it may go --------------------------------------------------------------------------------------------------

    def _origins(self, parts: SplitResult, *, by_name: bool) -> list[HttpOrigin]:
        """Return where to connect to, each address checked itself, so that no second look-up can lead elsewhere."""
        try:
            proxy = self._fetcher.proxies.of(parts)
        except ValueError as error:
            raise NotFetched(AccessRefused(reason=str(error))) from None
        hosts = [self._named(parts, by_name=by_name)] if proxy else self._addresses(parts.hostname or "")
        context = self._fetcher.context() if parts.scheme == "https" else None
        return [HttpOrigin(parts.scheme, host, port_of(parts), context, parts.hostname, proxy) for host in hosts]

    def _addresses(self, host: str) -> list[str]:
        is_allowed = self._fetcher.is_allowed(host)
        addresses = [address for address in self._looked_up(host) if is_allowed or is_public(address)]
        if not addresses:
            raise NotFetched(private_address(host))
        return addresses

    def _looked_up(self, host: str) -> list[str]:
        """Look a host up on a thread of its own: no look-up can be broken off."""
        fetcher = self._fetcher
        try:
            return fetcher.watchdog.wait_for(
                lambda: fetcher.look_up(host), seconds=self._left(), stop=fetcher.stop, last_words=0.0
            )
        except Overrun:
            raise TimeoutError from None

    def _named(self, parts: SplitResult, *, by_name: bool) -> str:
        """Return what the proxy is told to connect to.

        It looks names up by itself, so what was seen here binds it only where it is given the address. Of the host
        that was asked for in the first place it gets the name, which is what many proxies let through; a redirect's
        other host could lead anywhere, and is given as the address that was looked up and checked here.
        """
        host = parts.hostname or ""
        if self._fetcher.is_allowed(host):
            return host
        try:
            addresses = self._looked_up(host)
        except TimeoutError:
            raise
        except OSError:
            addresses = []  # behind some proxies there is no other way to look a name up
        if not all(map(is_public, addresses)):
            raise NotFetched(private_address(host))
        if by_name:
            return host
        if not addresses or parts.scheme == "http":
            raise NotFetched(
                AccessRefused(reason=f"a redirect to {host} cannot be checked through the proxy, and is not followed")
            )
        return addresses[0]

    def _left(self) -> float:
        """Return the seconds left. Raises TimeoutError."""
        left = self._deadline - self._fetcher.clock.monotonic()
        if left <= 0:
            raise TimeoutError
        return left
