"""The proxy that the environment names for channels: who is reached without it, and what of it can be shown."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit
from urllib.request import getproxies

import requests
from requests.utils import select_proxy

from reminder.core.sending.proxies import PORTS, Proxy, is_of_home, leaves_out, read_proxy

SPOKEN: Final = frozenset({"http", "https"})


class BadProxy(requests.ConnectionError):
    """The proxy in the environment cannot be used; the text says why, without a login that stands in it."""


def proxies_for(scheme: str, netloc: str) -> dict[str, str]:
    """Return the proxies by which a host is reached, as `requests` takes them; none where it is reached straight.

    This machine, private addresses, names of a home network and what `NO_PROXY` leaves out are, as sources are.
    """
    place = urlsplit(f"{scheme}://{netloc}")
    found = getproxies()
    host = place.hostname or ""
    if is_of_home(host) or leaves_out(found.pop("no", ""), host, place.port or PORTS.get(scheme, 0)):
        return {}
    return found


def proxy_for(scheme: str, netloc: str) -> tuple[Proxy | None, str]:
    """Return the proxy on the way to a host, None where there is none, and what of it is shown: its host and port.

    Raises BadProxy when it is of a kind that is not spoken to here.
    """
    said = str(select_proxy(f"{scheme}://{netloc}", proxies_for(scheme, netloc)) or "")
    if not said:
        return None, ""
    kind = said.partition("://")[0].lower() if "://" in said else "http"
    try:
        return read_proxy(said, SPOKEN), said.rpartition("://")[2].rpartition("@")[2].partition("/")[0]
    except ValueError:
        raise BadProxy(
            f"the proxy in the environment (HTTPS_PROXY, HTTP_PROXY or ALL_PROXY) is {kind}://, which is no proxy that "
            "is spoken to here: write http://HOST:PORT, or leave the host out by NO_PROXY"
        ) from None
