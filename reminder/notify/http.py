"""The HTTP seam: under apprise's plugins, one adapter for all of them.

apprise opens a connection for each message, reads the file of authorities each time, and keeps status and
Retry-After to itself. Its plugins call `requests`; while an attempt of ours runs, `requests` gets this adapter, which
keeps connections alive, notes what left and what came back, follows no redirect, caps bodies and obeys the attempt's
deadline. Outside of an attempt `requests` is as it always was.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any, Final, cast
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.utils import default_headers, get_environ_proxies
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from reminder.notify import tls
from reminder.notify.attempt import Attempt, Exchange, current

CONNECT_SECONDS: Final = 10.0
"""A host that does not take a connection in this time is taken for absent."""
BODY_SECONDS: Final = 5.0
"""Once the status is there, the rest of an answer gets this long; what is missing then is done without."""
LARGEST_BODY: Final = 256 * 1024
HOSTS: Final = 256
CONNECTIONS: Final = 128

TOO_MANY: Final = 429


class _Watched(HTTPConnection):
    """A connection that tells the attempt when its socket changes and when a request leaves."""

    _connecting = False

    def connect(self) -> None:
        self._connecting = True
        try:
            super().connect()
        finally:
            self._connecting = False

    def send(self, data: Any) -> None:
        attempt = current()
        if attempt is not None:
            if self.sock is None and not self._connecting:
                self.connect()
            attempt.hold(self.sock)
            if not self._connecting:  # what leaves while connecting is only the CONNECT to a proxy
                attempt.depart()
        super().send(data)


class _WatchedTLS(_Watched, HTTPSConnection):
    """The same over TLS."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Watched


class _PoolTLS(HTTPSConnectionPool):
    ConnectionCls = _WatchedTLS


_POOLS: Final = {"http": _Pool, "https": _PoolTLS}


class Refused(requests.ConnectionError):
    """A request that was not let out: the service has already asked us to stay away."""


class KeptAlive(HTTPAdapter):
    """The adapter that all plugins share."""

    def __init__(self) -> None:
        super().__init__(pool_connections=HOSTS, pool_maxsize=CONNECTIONS)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **proxy_kwargs: Any) -> Any:
        """Return the manager of the connections through `proxy`."""
        manager = super().proxy_manager_for(proxy, **proxy_kwargs)
        manager.pool_classes_by_scheme = _POOLS
        return manager

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: bool | str, cert: Any = None
    ) -> tuple[Any, Any]:
        """Return the keys of a pool, with the one context that has read the authorities' file."""
        host, pool = super().build_connection_pool_key_attributes(request, verify, cert)
        if host["scheme"] == "https":
            pool["ssl_context"] = tls.context(verify)
            pool.pop("ca_certs", None)
            pool.pop("ca_cert_dir", None)
        return host, pool

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Do nothing: the context has the authorities, and naming their file here would read it again."""

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: bool | str = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Send one request of the current attempt and note what becomes of it."""
        attempt = current()
        if attempt is None:
            return super().send(request, stream, timeout, verify, cert, proxies)
        exchange = _begin(attempt, request)
        limit = attempt.remaining()
        try:
            response = super().send(request, True, (min(CONNECT_SECONDS, limit), limit), verify, cert, proxies)
            return _note(attempt, exchange, response)
        except BaseException as error:
            exchange.error = error
            raise


def _begin(attempt: Attempt, request: requests.PreparedRequest) -> Exchange:
    asked_to_wait = any(exchange.status == TOO_MANY for exchange in attempt.exchanges)
    if asked_to_wait or attempt.overrun:
        raise Refused("no more requests in this attempt")
    exchange = Exchange(host=urlsplit(request.url or "").hostname or "")
    attempt.exchanges.append(exchange)
    return exchange


def _note(attempt: Attempt, exchange: Exchange, response: requests.Response) -> requests.Response:
    """Note an answer; hand it on with its body read, and without the address that a redirect names."""
    exchange.status, exchange.phrase = response.status_code, response.reason or ""
    exchange.headers = {name.lower(): value for name, value in response.headers.items()}
    exchange.body = _read(attempt, response)
    response._content = exchange.body
    response._content_consumed = True  # type: ignore[attr-defined]
    if response.is_redirect:
        del response.headers["location"]
    return response


def _read(attempt: Attempt, response: requests.Response) -> bytes:
    """Return the body, or as much of it as comes in time and fits: the status has already said what counts."""
    until = attempt.monotonic() + min(BODY_SECONDS, attempt.remaining() / 2)
    pieces: list[bytes] = []
    length = 0
    try:
        while length < LARGEST_BODY and (left := until - attempt.monotonic()) > 0:
            attempt.patience(left)
            piece = response.raw.read1(min(65536, LARGEST_BODY - length), decode_content=True)
            if not piece:
                return b"".join(pieces)
            pieces.append(piece)
            length += len(piece)
    except Exception:  # noqa: BLE001, S110  a body that breaks off is as good as one that ends
        pass
    response.close()
    return b"".join(pieces)


PROXY_VARIABLES: Final = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY")
BUNDLE_VARIABLES: Final = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


def _settings(url: str, verify: bool | str | None, cert: Any) -> dict[str, Any]:
    """Return what `requests` takes from the environment; the proxies of a host are looked up once."""
    parts = urlsplit(url)
    named = tuple(os.environ.get(name) or os.environ.get(name.lower()) for name in PROXY_VARIABLES)
    proxies = _proxies(parts.scheme, parts.netloc.rpartition("@")[2], named)
    if verify is True or verify is None:
        verify = next(filter(None, map(os.environ.get, BUNDLE_VARIABLES)), True)
    return {"proxies": dict(proxies), "verify": verify, "cert": cert}


@lru_cache(maxsize=HOSTS)
def _proxies(scheme: str, netloc: str, _named: tuple[str | None, ...]) -> dict[str, str]:
    return dict(get_environ_proxies(f"{scheme}://{netloc}/"))


@cache
def shared() -> KeptAlive:
    """Return the adapter of this process."""
    return KeptAlive()


@cache
def install() -> None:
    """Let `requests` come through our adapter while an attempt runs. Safe to call again."""
    request, get_adapter = requests.api.request, requests.Session.get_adapter

    def request_of_attempt(method: str, url: str, **options: Any) -> requests.Response:
        return request(method, url, **options) if current() is None else _request(method, url, **options)

    def adapter_of_attempt(self: requests.Session, url: str) -> Any:
        return get_adapter(self, url) if current() is None else shared()

    requests.request = requests.api.request = cast(Any, request_of_attempt)  # what post() and its like call
    requests.Session.get_adapter = adapter_of_attempt  # type: ignore[method-assign]  # for plugins with a session


def _request(  # noqa: PLR0913  the signature of requests.request
    method: str,
    url: str,
    *,
    params: Any = None,
    data: Any = None,
    headers: Mapping[str, str | bytes | None] | None = None,
    cookies: Any = None,
    files: Any = None,
    auth: Any = None,
    json: Any = None,
    verify: bool | str | None = None,
    cert: Any = None,
    proxies: Mapping[str, str] | None = None,
    **_unused: Any,
) -> requests.Response:
    """Do what `requests.request` does, without making a session for each call: that is a third of its time.

    Left out: redirects and timeouts, which the adapter decides, and passwords from ~/.netrc, which nobody asked for.
    """
    prepared = requests.PreparedRequest()
    named = {**_default_headers(), **(headers or {})}
    prepared.prepare(
        method=method.upper(),
        url=url,
        headers={name: value for name, value in named.items() if value is not None},
        files=files,
        data=data or {},
        json=json,
        params=params or {},
        auth=auth,
        cookies=cookies,
    )
    settings = _settings(url, verify, cert)
    if proxies:
        settings["proxies"].update(proxies)
    return shared().send(prepared, **settings)


@cache
def _default_headers() -> dict[str, str]:
    return dict(default_headers())
