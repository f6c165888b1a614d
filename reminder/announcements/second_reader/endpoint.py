"""Speaks to the endpoint of the second reader: one request at a time, bounded, and nowhere but there.

No redirect is followed, so that text and key go only where the user said. No error holds the address or the key.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import SplitResult, urlsplit

from reminder.core.model.secret import Secret
from reminder.core.sending.proxies import Proxies, Proxy

MAX_BYTES: Final = 1024 * 1024
_STEP: Final = 120.0
"""Seconds for one step of the connection, at most; the whole is bounded by whoever cuts it off."""


class Unheard(Exception):
    """The endpoint cannot be heard; the text is one sentence that names its host, and shows no secret."""


@dataclass(frozen=True, kw_only=True)
class EndpointAnswer:
    """A status and a body."""

    status: int
    body: bytes


@dataclass(kw_only=True)
class OpenRequest:
    """The connection under way, which another thread can cut."""

    connected: socket.socket | None = None
    is_cut: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def hold(self, connected: socket.socket | None) -> None:
        """Take a connection that was opened; raises TimeoutError once the line is cut."""
        with self.lock:
            self.connected = connected
            if self.is_cut:
                raise TimeoutError

    def cut(self) -> None:
        """End what is under way, and all that would follow."""
        with self.lock:
            self.is_cut = True
            if self.connected is not None:
                with suppress(OSError):
                    self.connected.shutdown(socket.SHUT_RDWR)


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """An address that speaks as OpenAI's does: `url` is what stands before `/chat/completions`."""

    url: Secret
    key: Secret | None = None
    proxies: Proxies = field(default_factory=Proxies)

    @property
    def host(self) -> str:
        """The host, which is the most that is shown of the address."""
        return self._parts.hostname or ""

    @property
    def _parts(self) -> SplitResult:
        return urlsplit(self.url.reveal())

    def post(self, body: bytes, line: OpenRequest) -> EndpointAnswer:
        """Send a question, and return the answer. Raises Unheard."""
        try:
            with closing(self._connection()) as connection:
                connection.connect()
                line.hold(connection.sock)
                connection.request("POST", self._target(), body, self._headers())
                response = connection.getresponse()
                content = response.read(MAX_BYTES + 1)
        except TimeoutError:
            raise Unheard(f"{self.host} did not answer in time") from None
        except (OSError, http.client.HTTPException) as error:
            through = " (through the proxy)" if self._proxy() else ""
            raise Unheard(f"{self.host}: {_told(error)}{through}") from None
        except (ValueError, UnicodeError):
            raise Unheard(f"{self.host}: the address or the key has a sign in it that belongs in none") from None
        if len(content) > MAX_BYTES:
            raise Unheard(f"{self.host} answered with more than {MAX_BYTES // 1024 // 1024} MiB")
        return EndpointAnswer(status=response.status, body=content)

    def _connection(self) -> http.client.HTTPConnection:
        parts, proxy = self._parts, self._proxy()
        host, port = (proxy.host, proxy.port) if proxy else (parts.hostname or "", parts.port)
        if parts.scheme != "https":
            return http.client.HTTPConnection(host, port, timeout=_STEP)
        connection = http.client.HTTPSConnection(host, port, timeout=_STEP, context=ssl.create_default_context())
        if proxy:
            connection.set_tunnel(parts.hostname or "", parts.port or 443, dict(proxy.headers))
        return connection

    def _target(self) -> str:
        path = f"{self._parts.path}/chat/completions"
        return f"http://{self._parts.netloc}{path}" if self._is_asked_of_proxy() else path

    def _headers(self) -> Mapping[str, str]:
        proxy = self._proxy()
        return {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Connection": "close",
            **({"Authorization": f"Bearer {self.key.reveal()}"} if self.key else {}),
            **(proxy.headers if proxy and self._is_asked_of_proxy() else {}),
        }

    def _is_asked_of_proxy(self) -> bool:
        return self._parts.scheme == "http" and self._proxy() is not None

    def _proxy(self) -> Proxy | None:
        try:
            return self.proxies.of(self._parts)
        except ValueError as error:
            raise Unheard(str(error)) from None


def _told(error: Exception) -> str:
    """Return what an error says in general; its own text may hold the address."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return "its certificate is not trusted"
    if isinstance(error, ssl.SSLError):
        return "it does not speak TLS: write http:// if that is meant"
    if isinstance(error, socket.gaierror):
        return "its name cannot be resolved"
    if isinstance(error, ConnectionRefusedError):
        return "the connection was refused: is it running?"
    return "the connection broke off"
