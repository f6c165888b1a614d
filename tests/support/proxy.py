"""A CONNECT proxy on loopback that ends TLS itself: it plays every service on the internet at once.

With `HTTPS_PROXY` and `REQUESTS_CA_BUNDLE` as in `Proxy.env`, the unmodified `tgram://` and `discord://` talk to it.
Scripts and requests go by host: `proxy.script(Reply(status=429), on="api.telegram.org")`.
"""

from __future__ import annotations

import ssl
import threading
from functools import cache
from pathlib import Path
from typing import Any, cast

import trustme

from tests.support.sink import Handler, Reply, Server, Sink

TELEGRAM = "api.telegram.org"
DISCORD = "discord.com"


class Authority:
    """A certificate authority of our own, and server contexts for any host."""

    def __init__(self) -> None:
        self._ca = trustme.CA()
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._lock = threading.Lock()

    def write(self, directory: Path) -> Path:
        """Write the authority's certificate; return its file, for `REQUESTS_CA_BUNDLE`."""
        path = directory / "ca.pem"
        self._ca.cert_pem.write_to_path(str(path))
        return path

    def certificate(self, host: str, path: Path) -> None:
        """Write a key and a certificate for `host` into one file, for a server in another process."""
        self._ca.issue_cert(host).private_key_and_cert_chain_pem.write_to_path(str(path))

    def context(self, host: str) -> ssl.SSLContext:
        """Return the context of a server that is called `host`."""
        with self._lock:
            if host not in self._contexts:
                made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                self._ca.issue_cert(host).configure_cert(made)
                self._contexts[host] = made
            return self._contexts[host]


@cache
def authority() -> Authority:
    """Return the authority of this test run: making one takes a while."""
    return Authority()


class _Tunnel(Handler):
    def do_CONNECT(self) -> None:  # noqa: N802
        self.host = self.path.rpartition(":")[0]
        proxy = cast(Proxy, self.sink)
        proxy.tunnels.append(self.path)
        if proxy.turns_away:
            self.wfile.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
            self.close_connection = True
            return
        self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        self.wfile.flush()
        context = proxy.authority.context(self.host)
        self.request = self.connection = cast(Server, self.server).in_tls(cast(Any, self.connection), context)
        self.rfile.close()
        self.wfile.close()
        self.setup()
        self.close_connection = False


class Proxy(Sink):
    """The proxy. Telegram is answered `{"ok": true}`, Discord 204, others `{}`, unless scripted."""

    def __init__(self, directory: Path) -> None:
        self.authority = authority()
        self.bundle = self.authority.write(directory)
        self.turns_away = False
        self.tunnels: list[str] = []
        super().__init__()
        self.always(Reply.json({"ok": True, "result": {"message_id": 1}}), on=TELEGRAM)
        self.always(Reply(status=204), on=DISCORD)

    def handler(self) -> type[Handler]:
        """Return the handler that knows CONNECT."""
        return _Tunnel

    @property
    def env(self) -> dict[str, str]:
        """What to set in the environment of who shall talk to it."""
        return {"HTTPS_PROXY": f"http://{self.netloc}", "REQUESTS_CA_BUNDLE": str(self.bundle), "NO_PROXY": ""}
