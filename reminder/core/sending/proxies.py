"""Reads from the environment which proxies serve http and https, and which hosts are asked without one.

Which hosts those are is the same for sources, for channels and for the second reader.
"""

from __future__ import annotations

import base64
import ipaddress
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

HOME: Final = (".local", ".lan", ".home", ".internal", ".home.arpa", ".localhost")
"""Endings of names that only a network at home knows."""

PORTS: Final = {"http": 80, "https": 443}


def is_near(host: str) -> bool:
    """Tell whether a host is this machine, or has a private address in numbers: no proxy lies between."""
    at = address(host)
    return host.lower() == "localhost" or (at is not None and not at.is_global)


def is_of_home(host: str) -> bool:
    """Tell whether a host is near, or has a name that only a network at home knows: a single word, or `nas.lan`."""
    name = host.lower().removesuffix(".")
    return is_near(host) or (address(host) is None and ("." not in name or name.endswith(HOME)))


def leaves_out(none_for: str, host: str, port: int | None) -> bool:
    """Tell whether `NO_PROXY` leaves out a host: by name, suffix, address or network, with a port or without."""
    name = host.lower().removesuffix(".")
    return any(_fits(word.lower(), name, port) for word in re.split(r"[,\s]+", none_for) if word)


def _fits(word: str, host: str, port: int | None) -> bool:
    at, network = address(host), _network(word)
    if network is not None:
        return at is not None and at in network
    named = re.fullmatch(r"(?P<host>\[[^\]]*\]|[^:]*)(?::(?P<port>\d+))?", word)
    if named is None or (named["port"] and int(named["port"]) != port):
        return False
    wanted = named["host"].strip("[]").removeprefix("*")
    if word == "*" or wanted.strip(".") == host:
        return True
    if address(wanted) is not None:
        return address(wanted) == at
    return bool(wanted) and at is None and host.endswith(f".{wanted.lstrip('.')}")


def address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return a host that is an address in numbers, None for a name."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _network(word: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(word, strict=False)
    except ValueError:
        return None


@dataclass(frozen=True, kw_only=True)
class Proxy:
    """A proxy that is spoken to over http or https. `login` is its password as a header's value: a secret."""

    host: str
    port: int
    login: str | None = field(default=None, repr=False)
    scheme: str = "http"

    @property
    def headers(self) -> Mapping[str, str]:
        """Return what the proxy itself has to be told."""
        return {"Proxy-Authorization": self.login} if self.login else {}


@dataclass(frozen=True, kw_only=True)
class Proxies:
    """The proxies that the environment names, in small letters or, after them, in capitals."""

    by_scheme: Mapping[str, str] = field(default_factory=dict, repr=False)
    none_for: str = ""

    def of(self, parts: SplitResult) -> Proxy | None:
        """Return the proxy for an address, None for no proxy. Raises ValueError for one that cannot be used."""
        said = self.by_scheme.get(parts.scheme)
        host = parts.hostname or ""
        if not said or is_near(host) or leaves_out(self.none_for, host, parts.port):
            return None
        return read_proxy(said)


def proxies_of(environ: Mapping[str, str]) -> Proxies:
    """Return what an environment says of proxies."""
    everything = _said(environ, "all_proxy")
    found = {scheme: _said(environ, f"{scheme}_proxy") or everything for scheme in ("http", "https")}
    return Proxies(by_scheme={scheme: url for scheme, url in found.items() if url}, none_for=_said(environ, "no_proxy"))


def _said(environ: Mapping[str, str], name: str) -> str:
    return (environ.get(name) or environ.get(name.upper()) or "").strip()


def read_proxy(said: str, schemes: Collection[str] = ("http",)) -> Proxy:
    """Return a proxy as the environment names it. Raises ValueError for one that cannot be used."""
    parts = urlsplit(said if "://" in said else f"http://{said}")
    if parts.scheme not in schemes or not parts.hostname:
        raise ValueError(
            "the proxy in the environment is not of the form http://HOST:PORT: others are not spoken to here"
        )
    login = None
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        login = f"Basic {base64.b64encode(pair.encode()).decode()}"
    port = parts.port or PORTS[parts.scheme]
    return Proxy(host=parts.hostname, port=port, login=login, scheme=parts.scheme)
