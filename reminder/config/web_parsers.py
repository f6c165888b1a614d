"""Reads the single texts of the page's settings: its address, who may stand in front of it, the header that names."""

from __future__ import annotations

import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Final
from urllib.parse import urlsplit

from reminder.config.parsers import MAX_NAME

HEADER: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,62}")
CONTACT: Final = re.compile(r"mailto:[^\s@<>\"]+@[^\s@<>\"]+|https://[^\s<>\"]+", re.ASCII)
HOST: Final = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?", re.ASCII)
LOCAL_NAMES: Final = frozenset({"localhost", "127.0.0.1", "::1"})
"""The names of the machine itself, for which a browser needs no https."""

Network = IPv4Network | IPv6Network


def parse_page_address(text: str) -> str:
    """Return where people reach the page, as scheme, host and port in lower case. Raises ValueError."""
    said = text.strip()
    try:
        parts = urlsplit(said)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
        parts = urlsplit("")
    if not host or parts.scheme not in {"https", "http"} or parts.username or parts.query or parts.fragment:
        raise ValueError(f'"{said[:MAX_NAME]}" is no address of a page: write https://reminder.example.org')
    if parts.path.strip("/"):
        raise ValueError(f'"{said[:MAX_NAME]}": the page needs a host of its own: write it without {parts.path}')
    if parts.scheme == "http" and host not in LOCAL_NAMES:
        raise ValueError(
            f'"{said[:MAX_NAME]}": anyone on the way could read it: write https://. At home `tailscale serve`, Caddy '
            "or another reverse proxy gives a name with a certificate (docs/web.md)"
        )
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}{f':{port}' if port is not None else ''}"


def parse_contact(text: str) -> str:
    """Return how whoever runs the page is reached, as mailto: or https: (RFC 8292, 2.1). Raises ValueError."""
    said = text.strip()
    if "@" in said and ":" not in said:
        raise ValueError(f'"{said[:MAX_NAME]}" is not complete: write mailto:{said[:MAX_NAME]}')
    if not CONTACT.fullmatch(said):
        raise ValueError(f'"{said[:MAX_NAME]}" is no way to reach you: write mailto:me@example.org, or https://…')
    return said


def parse_host(text: str) -> str:
    """Return the name of a host, in small letters. Raises ValueError."""
    said = text.strip().lower()
    if not HOST.fullmatch(said) and said != "::1":
        raise ValueError(
            f'"{said[:MAX_NAME]}" is no name of a host: write push.example.org, without https:// or a port'
        )
    return said


def parse_peer(text: str) -> Network:
    """Return the addresses that a proxy may come from, one or a network. Raises ValueError."""
    try:
        network = ip_network(text.strip(), strict=False)
    except ValueError:
        raise ValueError(f'"{text}" is no address of a proxy: write 127.0.0.1 or 172.18.0.0/16') from None
    if network.prefixlen == 0:
        raise ValueError(f'"{text}" is everybody, and anybody could say who they are: write the proxy\'s own address')
    return network


def parse_header(text: str) -> str:
    """Return the name of a header of HTTP. Raises ValueError."""
    if not HEADER.fullmatch(text.strip()):
        raise ValueError(f'"{text}" is no name of a header: write Remote-User')
    return text.strip()
