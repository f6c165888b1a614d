"""Has a proxy connect to an address of a source."""

from __future__ import annotations

import http.client
import socket
from contextlib import closing

from reminder.core.sending.proxies import Proxy


def open_tunnel(raw: socket.socket, to: str, proxy: Proxy) -> int:
    """Have a proxy connect to `to` (RFC 9110, 9.3.6); return its status. Raises OSError and HTTPException."""
    lines = [f"CONNECT {to} HTTP/1.1", f"Host: {to}", *(f"{name}: {value}" for name, value in proxy.headers.items())]
    raw.sendall(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))
    with closing(http.client.HTTPResponse(raw, method="CONNECT")) as response:
        response.begin()
        return response.status
