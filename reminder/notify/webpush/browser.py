"""Where one browser is reached: its push service's address for it, and the two keys that only it can use."""

from __future__ import annotations

import binascii
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote, urlsplit

from reminder.core.wording import Wording
from reminder.notify.unusable import Unusable

POINT_BYTES: Final = 65
"""An uncompressed point of P-256: the sign 4, and two coordinates (SEC 1, 2.3.3)."""
SECRET_BYTES: Final = 16
"""What the browser and we share besides (RFC 8291, 3.2)."""
LONGEST: Final = 900
"""The longest address of a browser, in characters. The longest seen are Windows', with some 450."""

_HOST: Final = r"(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?"
"""Plain, so that no two libraries read another host in it."""
_PATH: Final = r"(?:[/?][A-Za-z0-9._~:/?\[\]@!$&'()*+,;=%-]*)?"
_WRITTEN: Final = re.compile(
    rf"(?P<auth>[\w-]{{22}})\.(?P<p256dh>[\w-]{{87}})\.(?P<endpoint>https?://{_HOST}{_PATH})", re.ASCII
)
_NOT_ONE: Final = Wording("this is not the address of a browser: it is made on the page, under Channels")


@dataclass(frozen=True, kw_only=True)
class Browser:
    """A browser that takes messages. Whoever knows all three parts can write to it, so none of them is shown."""

    endpoint: str = field(repr=False)
    p256dh: bytes = field(repr=False)
    auth: bytes = field(repr=False)

    @property
    def origin(self) -> str:
        """Return the push service that it hangs on, as `https://host`, with the port where one is written."""
        parts = urlsplit(self.endpoint)
        return f"{parts.scheme}://{parts.netloc}"

    def written(self) -> str:
        """Return it as one text: what somebody's address on a channel `webpush://` is."""
        return f"{in_base64url(self.auth)}.{in_base64url(self.p256dh)}.{self.endpoint}"


def browser_of(address: str) -> Browser:
    """Return the browser that an address means. Raises Unusable, without a word of it."""
    found = _WRITTEN.fullmatch(address.strip()) if len(address) <= LONGEST else None
    if found is None:
        raise Unusable(_NOT_ONE, is_address=True)
    return _made(found["endpoint"], found["p256dh"], found["auth"])


def browser_of_url(url: str) -> Browser:
    """Return the browser that a channel's URL leads to, `webpush:///ADDRESS`. Raises Unusable."""
    return browser_of(unquote(url.partition("://")[2].strip("/")))


def browser_of_subscription(said: object) -> Browser:
    """Return the browser that describes itself so, as `PushSubscription.toJSON()` writes it. Raises Unusable."""
    keys = said.get("keys") if isinstance(said, Mapping) else None
    if not isinstance(said, Mapping) or not isinstance(keys, Mapping):
        raise Unusable(_NOT_ONE, is_address=True)
    parts = (keys.get("auth"), keys.get("p256dh"), said.get("endpoint"))
    if not all(isinstance(part, str) for part in parts):
        raise Unusable(_NOT_ONE, is_address=True)
    auth, p256dh, endpoint = (str(part) for part in parts)
    return browser_of(f"{auth.rstrip('=')}.{p256dh.rstrip('=')}.{endpoint}")


def _made(endpoint: str, p256dh: str, auth: str) -> Browser:
    point, secret = of_base64url(p256dh), of_base64url(auth)
    is_whole = len(secret) == SECRET_BYTES and len(point) == POINT_BYTES and point[0] == 4
    if not is_whole or not _has_port(endpoint):
        raise Unusable(_NOT_ONE, is_address=True)
    return Browser(endpoint=endpoint, p256dh=point, auth=secret)


def _has_port(endpoint: str) -> bool:
    try:
        return urlsplit(endpoint).port != 0
    except ValueError:
        return False


def in_base64url(data: bytes) -> str:
    """Return bytes in base64url without padding (RFC 7515, appendix C)."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def of_base64url(text: str) -> bytes:
    """Return the bytes of a base64url without padding, none of what is not one."""
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return b""
