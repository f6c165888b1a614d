"""The HTTP seam: under apprise's plugins, one adapter for all of them.

apprise opens a connection for each message, reads the file of authorities each time, and keeps status and
Retry-After to itself. Its plugins call `requests`; while an attempt of ours runs, `requests` gets this adapter, which
keeps connections alive, notes what left and what came back, follows no redirect, caps bodies and obeys the attempt's
deadline. Simple calls over a connection that is open take a shorter way still, see `quick`. Outside of an attempt
`requests` is as it always was.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from typing import Any, Final, TypeVar, cast
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from reminder.notify.http import fast_path, tls
from reminder.notify.http.attempt import Attempt, Exchange, current
from reminder.notify.http.pool import POOLS, Pool, begin, is_open, note, read_body
from reminder.notify.http.proxy import must_be_spoken, proxies_for, shown

CONNECT_SECONDS: Final = 10.0
"""A host that does not accept a connection in this time counts as absent."""
HOSTS: Final = 256
CONNECTIONS: Final = 128
TARGETS: Final = 4096
"""How many parsed URLs are kept."""

_PORTS: Final = {"http": ":80", "https": ":443"}


class KeptAlive(HTTPAdapter):
    """The adapter that all plugins share."""

    def __init__(self) -> None:
        super().__init__(pool_connections=HOSTS, pool_maxsize=CONNECTIONS)
        self.poolmanager.pool_classes_by_scheme = POOLS

    def proxy_manager_for(self, proxy: str, **proxy_kwargs: Any) -> Any:
        """Return the manager of the connections through `proxy`."""
        manager = super().proxy_manager_for(proxy, **proxy_kwargs)
        manager.pool_classes_by_scheme = POOLS
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
        exchange = begin(attempt, request.url or "")
        limit = attempt.remaining()
        proxies = _settings(request.url or "", True)["proxies"]  # also for a plugin that asked the environment itself
        exchange.proxy = shown(proxies, request.url or "")
        try:
            must_be_spoken(proxies, request.url or "")
            response = super().send(request, True, (min(CONNECT_SECONDS, limit), limit), verify, cert, proxies)
            return _note(attempt, exchange, response)
        except BaseException as error:
            exchange.error = error
            raise


def _note(attempt: Attempt, exchange: Exchange, response: requests.Response) -> requests.Response:
    """Note an answer; hand it on with its body read, and without the address that a redirect names."""
    note(exchange, response.status_code, response.reason or "", response.headers)
    exchange.body, ended = read_body(attempt, lambda length: response.raw.read1(length, decode_content=True))
    attempt.hold(None)  # the connection may serve another attempt from now on
    if not ended:
        response.close()
    return fast_path.finish(response, exchange.body)


SHARED: Final = KeptAlive()
"""The adapter of this process."""

BUNDLE_VARIABLES: Final = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")

Key = TypeVar("Key")
Made = TypeVar("Made")
Verify = bool | str | None
Settings = dict[str, Any]

# What was worked out once for a host and for a URL. All of it goes when it is too much, which is seldom, or by `forget`.
_settings_of: Final[dict[tuple[str, str, Verify], Settings]] = {}
_pools: Final[dict[tuple[str, str, Verify], Pool]] = {}
_targets: Final[dict[tuple[str, Verify], fast_path.Target | None]] = {}


def forget() -> None:
    """Let go of idle connections and of what was read from the environment."""
    for kept in (_settings_of, _pools, _targets):
        kept.clear()
    SHARED.close()


def _kept(kept: dict[Key, Made], key: Key, made: Made) -> Made:
    if len(kept) >= TARGETS:
        kept.clear()
    kept[key] = made
    return made


def _settings(url: str, verify: Verify) -> Settings:
    """Return what `requests` takes from the environment, which is looked at once for each host: it takes 0.15 ms."""
    parts = urlsplit(url)
    key = (parts.scheme, parts.netloc, verify)
    found = _settings_of.get(key)
    return _kept(_settings_of, key, _from_environment(*key)) if found is None else found


def _from_environment(scheme: str, netloc: str, verify: Verify) -> Settings:
    if verify is True or verify is None:
        verify = next(filter(None, map(os.environ.get, BUNDLE_VARIABLES)), True)
    return {"proxies": proxies_for(scheme, netloc), "verify": verify}


def _target(url: str, verify: Verify) -> fast_path.Target | None:
    """Return a URL taken apart, with its connections; None when its calls have to go the long way.

    Raises RequestException, OSError.
    """
    key = (url, verify)
    found = _targets.get(key)
    if key in _targets and (found is None or is_open(found.pool)):
        return found
    return _kept(_targets, key, _taken_apart(url, verify))


def _taken_apart(url: str, verify: Verify) -> fast_path.Target | None:
    prepared = requests.PreparedRequest()
    prepared.prepare_url(url, "")  # a text: no arguments in a dict cost 0.04 ms
    full = prepared.url or ""
    parts = urlsplit(full)
    if "@" in parts.netloc or parts.scheme not in _PORTS:
        return None
    host = parts.netloc.removesuffix(_PORTS[parts.scheme])
    return fast_path.Target(url=full, path=prepared.path_url, host=host, pool=_pool(prepared, verify))


def _pool(prepared: requests.PreparedRequest, verify: Verify) -> Pool:
    parts = urlsplit(prepared.url or "")
    key = (parts.scheme, parts.netloc, verify)
    found = _pools.get(key)
    if found is not None and is_open(found):
        return found
    settings = _settings(prepared.url or "", verify)
    pool = SHARED.get_connection_with_tls_context(prepared, settings["verify"], proxies=settings["proxies"])
    return _kept(_pools, key, cast(Pool, pool))


@cache
def install() -> None:
    """Let `requests` come through our adapter while an attempt runs. Safe to call again."""
    request, get_adapter = requests.api.request, requests.Session.get_adapter

    def request_of_attempt(method: str, url: str, **options: Any) -> requests.Response:
        return request(method, url, **options) if current() is None else _request(method, url, **options)

    def adapter_of_attempt(self: requests.Session, url: str) -> Any:
        return get_adapter(self, url) if current() is None else SHARED

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
    call = fast_path.Call(method=method.upper(), headers=headers or {}, data=data, json=json, auth=auth)
    if not (params or cookies or files or cert or proxies):
        answer = _quickly(call, url, verify)
        if answer is not None:
            return answer
    prepared = requests.PreparedRequest()
    named = {**fast_path.DEFAULTS, **call.headers}
    prepared.prepare(
        method=call.method,
        url=url,
        headers={name: value for name, value in named.items() if value is not None},
        files=files,
        data=data or {},
        json=json,
        params=params or {},
        auth=auth,
        cookies=cookies,
    )
    settings = _settings(url, verify)
    return SHARED.send(
        prepared, cert=cert, verify=settings["verify"], proxies={**settings["proxies"], **(proxies or {})}
    )


def _quickly(call: fast_path.Call, url: str, verify: bool | str | None) -> requests.Response | None:
    attempt = current()
    try:
        target = _target(url, verify)
    except (requests.RequestException, OSError, ValueError):
        return None  # the long way says what is wrong
    return fast_path.send(attempt, target, call) if attempt and target else None
