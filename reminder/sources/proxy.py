"""The proxies that the environment names for http and https, and which hosts are asked without one."""

from __future__ import annotations

import base64
import http.client
import socket
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

from reminder.core.proxies import is_near, leaves_out

_PORT: Final = 80


@dataclass(frozen=True, kw_only=True)
class Proxy:
    """A proxy that is spoken to over http. `login` is the header's value for its password, which is a secret."""

    host: str
    port: int
    login: str | None = field(default=None, repr=False)

    @property
    def headers(self) -> Mapping[str, str]:
        """Return what the proxy itself has to be told."""
        return {"Proxy-Authorization": self.login} if self.login else {}


@dataclass(frozen=True, kw_only=True)
class Proxies:
    """What `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` say, in small letters or, after them, in capitals."""

    by_scheme: Mapping[str, str] = field(default_factory=dict, repr=False)
    none_for: str = ""

    def of(self, parts: SplitResult) -> Proxy | None:
        """Return the proxy for an address, None where it is asked straight. Raises ValueError for one that cannot be used."""
        said = self.by_scheme.get(parts.scheme)
        host = parts.hostname or ""
        if not said or is_near(host) or leaves_out(self.none_for, host, parts.port):
            return None
        return _read(said)


def proxies_of(environ: Mapping[str, str]) -> Proxies:
    """Return what an environment says of proxies."""
    everything = _said(environ, "all_proxy")
    found = {scheme: _said(environ, f"{scheme}_proxy") or everything for scheme in ("http", "https")}
    return Proxies(by_scheme={scheme: url for scheme, url in found.items() if url}, none_for=_said(environ, "no_proxy"))


def _said(environ: Mapping[str, str], name: str) -> str:
    return (environ.get(name) or environ.get(name.upper()) or "").strip()


def _read(said: str) -> Proxy:
    parts = urlsplit(said if "://" in said else f"http://{said}")
    if parts.scheme != "http" or not parts.hostname:
        raise ValueError(
            "the proxy in the environment is not of the form http://HOST:PORT: others are not spoken to here"
        )
    login = None
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        login = f"Basic {base64.b64encode(pair.encode()).decode()}"
    return Proxy(host=parts.hostname, port=parts.port or _PORT, login=login)


def open_tunnel(raw: socket.socket, to: str, proxy: Proxy) -> int:
    """Have a proxy connect to `to` (RFC 9110, 9.3.6); return its status. Raises OSError and HTTPException."""
    lines = [f"CONNECT {to} HTTP/1.1", f"Host: {to}", *(f"{name}: {value}" for name, value in proxy.headers.items())]
    raw.sendall(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))
    with closing(http.client.HTTPResponse(raw, method="CONNECT")) as response:
        response.begin()
        return response.status
