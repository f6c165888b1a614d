"""Fetches a page for the program without letting the page's owner reach further: bounded, and only where it may go.

http and https only; no private address unless its host was allowed by name, checked on the address that is connected
to, and again after each redirect; bounded in size and in time; no secret in an error. Where the environment names a
proxy, that connects: it is told the name that was asked for, and of a redirect to another host the checked address.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Final
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from reminder.core.sending.proxies import Proxies, Proxy
from reminder.core.sourcing.answers import AccessRefused, NoAnswer, TooSlow, Unavailable
from reminder.platform.clock import Clock
from reminder.sources.addresses import is_as_safe, is_public, look_up, look_up_while, port_of
from reminder.sources.body import read_body
from reminder.sources.proxy import open_tunnel

MAX_BYTES: Final = 8 * 1024 * 1024
MAX_REDIRECTS: Final = 5
SECONDS: Final = 20.0
GLANCE: Final = 0.2
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_IN_URLS: Final = "%/:?#[]@!$&'()*+,;=~"
"""The marks that mean something in an address; the rest is quoted, as browsers do."""

_HOME: Final = "release-reminder"


@dataclass(frozen=True, kw_only=True)
class FetchedAnswer:
    """An HTTP answer: status, headers by lower-case name, the body, and the address that gave it."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str = field(repr=False)


class _Stop(Exception):
    """Ends a fetch with a reason that holds no secret."""

    def __init__(self, silence: NoAnswer) -> None:
        super().__init__(silence.reason)
        self.silence = silence


@cache
def user_agent() -> str:
    """Return how the program names itself to those it asks."""
    try:
        return f"{_HOME}/{version(_HOME)}"
    except PackageNotFoundError:
        return _HOME


def host_of(url: str) -> str:
    """Return the host of an address, which is the most that an error may show of it."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


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

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> FetchedAnswer | NoAnswer:
        """Fetch `url`; never raises. `headers` go to its own server only: a redirect carries them nowhere else.

        A status is for the caller to judge; what could not be fetched at all is a value with the reason.
        """
        deadline = self.clock.monotonic() + self.seconds
        try:
            return self._follow(url, dict(headers or {}), deadline)
        except _Stop as stop:
            return stop.silence
        except TimeoutError:
            return TooSlow(reason=f"{host_of(url)} did not answer within {self.seconds:g} s")
        except (OSError, http.client.HTTPException) as error:
            return Unavailable(reason=f"{host_of(url)}: {_told(error)}")
        except (UnicodeError, ValueError):
            return AccessRefused(reason="this is not an address that can be fetched")

    def _follow(self, url: str, headers: Mapping[str, str], deadline: float) -> FetchedAnswer:
        home, first = host_of(url), url
        for _ in range(MAX_REDIRECTS + 1):
            own = headers if is_as_safe(url, first) else {}
            answer = self._once(url, own, deadline, by_name=host_of(url) == home)
            if answer.status not in _REDIRECTS or "location" not in answer.headers:
                return answer
            url = urljoin(url, answer.headers["location"])
        raise _Stop(Unavailable(reason=f"{home} redirects more than {MAX_REDIRECTS} times"))

    def _once(self, url: str, headers: Mapping[str, str], deadline: float, *, by_name: bool) -> FetchedAnswer:
        parts = _checked(url)
        proxy = self._proxy(parts)
        connection = self._through(proxy, parts, deadline, by_name) if proxy else self._connect(parts, deadline)
        is_asked = proxy is not None and parts.scheme == "http"
        done = threading.Event()
        threading.Thread(target=self._watch, args=(connection.sock, deadline, done), daemon=True).start()
        try:
            path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
            target = f"http://{parts.netloc}{path}" if is_asked else path
            sent = {"User-Agent": user_agent(), "Accept-Encoding": "gzip", "Connection": "close", **headers}
            sent |= proxy.headers if proxy and is_asked else {}
            connection.request("GET", target, headers=sent)
            response = connection.getresponse()
            if is_asked:
                _judge_login(response.status)
            body = self._body(response, deadline)
            found = {name.lower(): value for name, value in response.getheaders()}
            return FetchedAnswer(status=response.status, headers=found, body=body, url=url)
        except (OSError, http.client.HTTPException):
            self._left(deadline)
            raise
        finally:
            done.set()
            connection.close()

    def _watch(self, connected: socket.socket, deadline: float, done: threading.Event) -> None:
        """Cut a connection off at its deadline, or when told to stop.

        Timeouts count from byte to byte: only this ends an answer that comes a byte at a time.
        """
        while not done.wait(GLANCE):
            if self.stop.is_set() or self.clock.monotonic() > deadline:
                _cut(connected)
                return

    def _connect(self, parts: SplitResult, deadline: float) -> http.client.HTTPConnection:
        """Connect to an address that was checked itself, so that no second look-up can lead elsewhere."""
        host, port = parts.hostname or "", port_of(parts)
        addresses = [found for found in self._looked_up(host, deadline) if self._is_allowed(host) or is_public(found)]
        if not addresses:
            raise _Stop(_private(host))
        return self._spoken_to(parts, self._first_open([(found, port) for found in addresses], deadline))

    def _looked_up(self, host: str, deadline: float) -> list[str]:
        return look_up_while(lambda: self._patience(deadline), lambda: self.look_up(host))

    def _patience(self, deadline: float) -> float:
        """Return how long to wait before looking again whether to go on. Raises TimeoutError."""
        if self.stop.is_set():
            raise TimeoutError
        return min(self._left(deadline), GLANCE)

    def _first_open(self, addresses: Sequence[tuple[str, int]], deadline: float) -> socket.socket:
        """Connect to the first address that lets one in; one that says nothing leaves time for those after it."""
        error: OSError | None = None
        for number, address in enumerate(addresses):
            share = self._left(deadline) / (len(addresses) - number)
            try:
                connected = socket.create_connection(address, timeout=share)
            except OSError as failed:
                error = failed
            else:
                connected.settimeout(self._left(deadline))
                return connected
        raise error or OSError("no address")

    def _spoken_to(self, parts: SplitResult, raw: socket.socket) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection(parts.hostname or "", port_of(parts))
        secure = parts.scheme == "https"
        connection.sock = self.context().wrap_socket(raw, server_hostname=parts.hostname) if secure else raw
        return connection

    def _is_allowed(self, host: str) -> bool:
        return self.private is None or host.lower() in self.private

    # Through a proxy ---------------------------------------------------------------------------------------------------

    def _proxy(self, parts: SplitResult) -> Proxy | None:
        try:
            return self.proxies.of(parts)
        except ValueError as error:
            raise _Stop(AccessRefused(reason=str(error))) from None

    def _through(self, proxy: Proxy, parts: SplitResult, deadline: float, by_name: bool) -> http.client.HTTPConnection:
        """Connect through a proxy: by its tunnel for https, else to the proxy itself, which is asked for the address."""
        to = self._named(parts, by_name, deadline)
        try:
            raw = self._first_open([(proxy.host, proxy.port)], deadline)
        except OSError as error:
            raise _Stop(Unavailable(reason=f"the proxy cannot be reached: {_told(error)}")) from None
        try:
            if parts.scheme == "https":
                _judge_tunnel(open_tunnel(raw, f"{to}:{port_of(parts)}", proxy))
            return self._spoken_to(parts, raw)
        except BaseException:
            raw.close()
            raise

    def _named(self, parts: SplitResult, by_name: bool, deadline: float) -> str:
        """Return what the proxy is told to connect to.

        It looks names up by itself, so what was seen here binds it only where it is given the address. Of the host
        that was asked for in the first place it gets the name, which is what many proxies let through; a redirect's
        other host could lead anywhere, and is given as the address that was looked up and checked here.
        """
        host = parts.hostname or ""
        shown = f"[{host}]" if ":" in host else host
        if self._is_allowed(host):
            return shown
        try:
            addresses = self._looked_up(host, deadline)
        except TimeoutError:
            raise
        except OSError:
            addresses = []  # behind some proxies there is no other way to look a name up
        if not all(map(is_public, addresses)):
            raise _Stop(_private(host))
        if by_name:
            return shown
        if not addresses or parts.scheme == "http":
            raise _Stop(
                AccessRefused(reason=f"a redirect to {host} cannot be checked through the proxy, and is not followed")
            )
        return f"[{addresses[0]}]" if ":" in addresses[0] else addresses[0]

    def _body(self, response: http.client.HTTPResponse, deadline: float) -> bytes:
        body = read_body(response, self.max_bytes, check_time=lambda: self._left(deadline))
        if isinstance(body, NoAnswer):
            raise _Stop(body)
        return body

    def _left(self, deadline: float) -> float:
        left = deadline - self.clock.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


def _private(host: str) -> AccessRefused:
    return AccessRefused(reason=f"{host} has a private address, which is not fetched from")


def _judge_login(status: int) -> None:
    if status == 407:
        raise _Stop(AccessRefused(reason="the proxy wants another login (407)"))


def _judge_tunnel(status: int) -> None:
    _judge_login(status)
    if status != 200:
        raise _Stop(Unavailable(reason=f"the proxy did not let it through ({status})"))


def _checked(url: str) -> SplitResult:
    if any(ord(mark) < 32 or ord(mark) == 127 for mark in url):
        raise _Stop(AccessRefused(reason="an address with line breaks or the like in it is not fetched"))
    parts = urlsplit(quote(url, safe=_IN_URLS))
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise _Stop(AccessRefused(reason="only http:// and https:// addresses are fetched"))
    if parts.username or parts.password:
        raise _Stop(AccessRefused(reason="an address with a password in it is not fetched"))
    return parts


def _cut(connected: socket.socket) -> None:
    with suppress(OSError):
        connected.shutdown(socket.SHUT_RDWR)


_OWN_AUTHORITY: Final = "; behind a company's proxy, name its authority's file in SSL_CERT_FILE"
"""What to do where the network itself signs with an authority of its own."""


def _told(error: Exception) -> str:
    """Return what an error says in general; its own text may hold the address."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({error.verify_message}){_OWN_AUTHORITY}"
    if isinstance(error, socket.gaierror):
        return "its name cannot be resolved"
    if isinstance(error, ConnectionRefusedError):
        return "the connection was refused"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return "the connection broke off"
