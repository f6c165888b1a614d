"""Tells addresses on the internet from those inside: on this machine, at home, in a cloud's own network.

And which of them are one server.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import Final
from urllib.parse import SplitResult, urlsplit

_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
_INSIDE: Final = tuple(map(ipaddress.IPv6Network, ("::/96", "::ffff:0:0:0/96", "64:ff9b:1::/48", "fec0::/10")))
"""IPv6 that Python's table takes for global: old spellings of IPv4, and what an operator translates for itself."""


def look_up(host: str) -> list[str]:
    """Return the addresses of a host. Raises OSError."""
    return [str(item[4][0]) for item in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]


def is_public(address: str) -> bool:
    """Tell whether an address leads out; one that holds another is judged by that."""
    at = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(at, ipaddress.IPv6Address):
        if any(at in network for network in _INSIDE):
            return False
        at = _held(at) or at
    return at.is_global and not at.is_multicast


def _held(at: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address to which one of IPv6 leads (RFC 4291, 3056 and 6052)."""
    translated = ipaddress.IPv4Address(int(at) & 0xFFFF_FFFF) if at in _NAT64 else None
    return at.ipv4_mapped or at.sixtofour or translated


def is_as_safe(url: str, first: str) -> bool:
    """Tell whether what was meant for `first` may be said to `url`: the same server, spoken to no less privately."""
    here, home = urlsplit(url), urlsplit(first)
    is_same = (here.scheme, port_of(here)) == (home.scheme, port_of(home))
    return here.hostname == home.hostname and (is_same or (here.scheme, port_of(here)) == ("https", 443))


def port_of(parts: SplitResult) -> int:
    """Return the port that an address means."""
    return parts.port or (443 if parts.scheme == "https" else 80)
