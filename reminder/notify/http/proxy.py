"""The proxy that the environment names for channels: who is reached without it, and what of it can be shown."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Final
from urllib.parse import urlsplit
from urllib.request import getproxies

import requests
from requests.utils import select_proxy

from reminder.core.sending.proxies import is_of_home, leaves_out

SPOKEN: Final = frozenset({"http", "https"})
SOCKS: Final = frozenset({"socks4", "socks4a", "socks5", "socks5h"})


class BadProxy(requests.ConnectionError):
    """The proxy in the environment cannot be used; the text says why, without a login that stands in it."""


def proxies_for(scheme: str, netloc: str) -> dict[str, str]:
    """Return the proxies by which a host is reached, as `requests` takes them; none where it is reached straight.

    This machine, private addresses, names of a home network and what `NO_PROXY` leaves out are, as sources are.
    """
    place = urlsplit(f"{scheme}://{netloc}")
    found = getproxies()
    host = place.hostname or ""
    if is_of_home(host) or leaves_out(found.pop("no", ""), host, _port(place.port, scheme)):
        return {}
    return found


def _port(port: int | None, scheme: str) -> int:
    return port or {"http": 80, "https": 443}.get(scheme, 0)


def shown(proxies: Mapping[str, str], url: str) -> str:
    """Return host and port of the proxy on the way to a URL, "" where there is none."""
    said = select_proxy(url, dict(proxies))
    return str(said).rpartition("://")[2].rpartition("@")[2].partition("/")[0] if said else ""


def must_be_spoken(proxies: Mapping[str, str], url: str) -> None:
    """Raise BadProxy when the proxy on the way to a URL is of a kind that is not spoken to here."""
    said = select_proxy(url, dict(proxies))
    if not said:
        return
    kind = str(said).partition("://")[0].lower() if "://" in str(said) else "http"
    if kind in SPOKEN or (kind in SOCKS and find_spec("socks") is not None):
        return
    needs = "needs PySocks, which is not installed here" if kind in SOCKS else "is no proxy that is spoken to here"
    raise BadProxy(
        f"the proxy in the environment (HTTPS_PROXY, HTTP_PROXY or ALL_PROXY) is {kind}://, which {needs}: "
        "write http://HOST:PORT, or leave the host out by NO_PROXY"
    )
