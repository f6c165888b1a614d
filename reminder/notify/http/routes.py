"""Where a request goes: its URL taken apart, and what the environment says of its host. Both are worked out once."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

import requests
from requests.utils import urldefragauth

from reminder.core.sending.proxies import PORTS
from reminder.notify.http import tls
from reminder.notify.http.proxy import proxy_for
from reminder.platform.http.connections import HttpOrigin

KEPT: Final = 4096
"""How many addresses, and how many hosts, are remembered: taking a URL apart costs more than sending it."""

BUNDLE_VARIABLES: Final = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")

Verify = bool | str | None
"""Whether and against which bundle of authorities a certificate is checked, as `requests` takes it."""


@dataclass(frozen=True, kw_only=True)
class Address:
    """A URL taken apart. `path` has the arguments in it."""

    url: str
    scheme: str
    netloc: str
    path: str
    has_login: bool


@dataclass(frozen=True, kw_only=True)
class Route:
    """The way to a host, and the proxy on it by host and port, "" where there is none."""

    origin: HttpOrigin
    proxy: str

    def target(self, address: Address) -> str:
        """Return what a request asks for: the path, or of a proxy the whole address."""
        return str(urldefragauth(address.url)) if self.origin.is_asked_of_proxy else address.path


@lru_cache(maxsize=KEPT)
def address_of(url: str) -> Address:
    """Return a URL taken apart. Raises requests.RequestException for one that cannot be asked."""
    prepared = requests.PreparedRequest()
    prepared.prepare_url(url, "")  # a text: no arguments in a dict cost 0.04 ms
    full = prepared.url or ""
    parts = urlsplit(full)
    if parts.scheme not in PORTS:
        raise requests.exceptions.InvalidSchema("neither http nor https")
    return Address(
        url=full,
        scheme=parts.scheme,
        netloc=parts.netloc.rpartition("@")[2],
        path=prepared.path_url,
        has_login="@" in parts.netloc,
    )


@lru_cache(maxsize=KEPT)
def route_of(scheme: str, netloc: str, verify: Verify) -> Route:
    """Return the way to a host. Raises BadProxy, and OSError when the bundle of authorities cannot be read."""
    proxy, shown = proxy_for(scheme, netloc)
    parts = urlsplit(f"{scheme}://{netloc}")
    context = tls.context(_bundle(verify)) if scheme == "https" else None
    origin = HttpOrigin(scheme, parts.hostname or "", parts.port or PORTS[scheme], context=context, proxy=proxy)
    return Route(origin=origin, proxy=shown)


def _bundle(verify: Verify) -> bool | str:
    if verify is True or verify is None:
        return next(filter(None, map(os.environ.get, BUNDLE_VARIABLES)), True)
    return verify


def forget() -> None:
    """Forget all addresses, and what was read from the environment."""
    address_of.cache_clear()
    route_of.cache_clear()
