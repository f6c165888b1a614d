"""Speaks to the endpoint of the second reader: one request at a time, bounded, and nowhere but there.

No redirect is followed, so that text and key go only where the user said. No error holds the address or the key.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import SplitResult, urlsplit

from reminder.core.model.secret import Secret
from reminder.core.sending.proxies import Proxies, Proxy
from reminder.platform.http.connections import BROKEN, HeldSocket, HttpOrigin, ProxyFailed, connect, new_connection

MAX_BYTES: Final = 1024 * 1024
DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_STEP: Final = 120.0
"""Seconds for one step of the connection, at most; the whole is bounded by whoever cuts it off."""


class Unheard(Exception):
    """The endpoint cannot be heard; the text is one sentence that names its host, and shows no secret."""


@dataclass(frozen=True, kw_only=True)
class EndpointAnswer:
    """A status and a body."""

    status: int
    body: bytes


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

    def post(self, body: bytes, held: HeldSocket) -> EndpointAnswer:
        """Send a question, and return the answer; another thread may cut off `held`. Raises Unheard."""
        try:
            with closing(new_connection(self._origin())) as connection:
                connection.timeout = _STEP
                connect(connection)
                held.hold(connection.sock)
                connection.request("POST", self._target(), body, self._headers())
                response = connection.answer()
                content = response.read(MAX_BYTES + 1)
        except TimeoutError:
            raise Unheard(f"{self.host} did not answer in time") from None
        except BROKEN as error:
            through = " (through the proxy)" if self._proxy() else ""
            cause = error.__cause__ if isinstance(error, ProxyFailed) else error
            raise Unheard(f"{self.host}: {_told(cause)}{through}") from None
        except (ValueError, UnicodeError):
            raise Unheard(f"{self.host}: the address or the key has a sign in it that belongs in none") from None
        if len(content) > MAX_BYTES:
            raise Unheard(f"{self.host} answered with more than {MAX_BYTES // 1024 // 1024} MiB")
        return EndpointAnswer(status=response.status, body=content)

    def _origin(self) -> HttpOrigin:
        parts = self._parts
        context = ssl.create_default_context() if parts.scheme == "https" else None
        port = parts.port or DEFAULT_PORTS[parts.scheme]
        return HttpOrigin(parts.scheme, parts.hostname or "", port, context=context, proxy=self._proxy())

    def _target(self) -> str:
        path = f"{self._parts.path}/chat/completions"
        return f"http://{self._parts.netloc}{path}" if self._origin().is_asked_of_proxy else path

    def _headers(self) -> Mapping[str, str]:
        return {
            "Content-Type": "application/json",
            "User-Agent": "release-reminder",
            "Accept": "application/json",
            "Connection": "close",
            **({"Authorization": f"Bearer {self.key.reveal()}"} if self.key else {}),
            **self._origin().headers,
        }

    def _proxy(self) -> Proxy | None:
        try:
            return self.proxies.of(self._parts)
        except ValueError as error:
            raise Unheard(str(error)) from None


def _told(error: BaseException | None) -> str:
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
