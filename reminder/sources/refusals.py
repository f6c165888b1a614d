"""Why an address is not fetched, in words that hold no secret."""

from __future__ import annotations

import socket
import ssl
from typing import Final
from urllib.parse import SplitResult, quote, urlsplit

from reminder.core.sourcing.answers import AccessRefused, NoAnswer, Unavailable
from reminder.platform.http.connections import ProxyFailed

_LOGIN_WANTED: Final = 407
_IN_URLS: Final = "%/:?#[]@!$&'()*+,;=~"
"""The marks that mean something in an address; the rest is quoted, as browsers do."""


class NotFetched(Exception):
    """Ends a fetch with a reason that holds no secret."""

    def __init__(self, silence: NoAnswer) -> None:
        super().__init__(silence.reason)
        self.silence = silence


def private_address(host: str) -> AccessRefused:
    """Return the refusal of a host that lies inside."""
    return AccessRefused(reason=f"{host} has a private address, which is not fetched from")


def judge_login(status: int) -> None:
    """Raise NotFetched where a status is that of a proxy that wants another login."""
    if status == _LOGIN_WANTED:
        raise NotFetched(AccessRefused(reason=f"the proxy wants another login ({status})"))


def of_proxy(failed: ProxyFailed) -> NoAnswer:
    """Return why a proxy could not be gone through."""
    if failed.status == _LOGIN_WANTED:
        return AccessRefused(reason=f"the proxy wants another login ({failed.status})")
    if failed.status is not None:
        return Unavailable(reason=f"the proxy did not let it through ({failed.status})")
    return Unavailable(reason=f"the proxy cannot be reached: {told(failed.__cause__)}")


def checked(url: str) -> SplitResult:
    """Return an address taken apart, odd signs quoted. Raises NotFetched for one of another kind, and ValueError."""
    if any(ord(mark) < 32 or ord(mark) == 127 for mark in url):
        raise NotFetched(AccessRefused(reason="an address with line breaks or the like in it is not fetched"))
    parts = urlsplit(quote(url, safe=_IN_URLS))
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise NotFetched(AccessRefused(reason="only http:// and https:// addresses are fetched"))
    if parts.username or parts.password:
        raise NotFetched(AccessRefused(reason="an address with a password in it is not fetched"))
    return parts


_OWN_AUTHORITY: Final = "; behind a company's proxy, name its authority's file in SSL_CERT_FILE"
"""What to do where the network itself signs with an authority of its own."""


def told(error: BaseException | None) -> str:
    """Return what an error says in general; its own text may hold the address."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({error.verify_message}){_OWN_AUTHORITY}"
    if isinstance(error, socket.gaierror):
        return "its name cannot be resolved"
    if isinstance(error, ConnectionRefusedError):
        return "the connection was refused"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return "the connection broke off"
