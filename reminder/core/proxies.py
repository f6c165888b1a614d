"""Which hosts are asked without the proxy that the environment names: the same for sources and for channels."""

from __future__ import annotations

import ipaddress
import re
from typing import Final

HOME: Final = (".local", ".lan", ".home", ".internal", ".home.arpa", ".localhost")
"""Endings of names that only a network at home knows."""


def is_near(host: str) -> bool:
    """Tell whether a host is this machine, or has a private address in numbers: no proxy lies between."""
    at = address(host)
    return host.lower() == "localhost" or (at is not None and not at.is_global)


def is_of_home(host: str) -> bool:
    """Tell whether a host is near, or has a name that only a network at home knows: one of a single word, or `nas.lan`."""
    name = host.lower().removesuffix(".")
    return is_near(host) or (address(host) is None and ("." not in name or name.endswith(HOME)))


def leaves_out(none_for: str, host: str, port: int | None) -> bool:
    """Tell whether `NO_PROXY` leaves out a host: by its name, a suffix, an address or a network, with a port or without."""
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
