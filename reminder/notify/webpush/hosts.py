"""Whose push services are asked: those of the browsers there are, and what the config names besides.

Whoever joins brings an address that this program will ask. So it is none that they could make up.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

from reminder.core.wording import Wording
from reminder.notify.unusable import Unusable

KNOWN: Final = frozenset({"fcm.googleapis.com", "updates.push.services.mozilla.com"})
"""Chrome's and all that are built on it; Firefox's."""
FAMILIES: Final = (".push.services.mozilla.com", ".notify.windows.com", ".push.apple.com")
"""Names that end so: Firefox's, Edge's, Safari's."""


def check_host(endpoint: str, more: Collection[str] = ()) -> None:
    """Raise Unusable where an endpoint is none of a push service that may be asked.

    `more` are the hosts that the config names: they may have any port, and on this machine need no TLS.
    """
    parts = urlsplit(endpoint)
    host = (parts.hostname or "").rstrip(".")
    if host in more:
        is_safe = parts.scheme == "https" or _is_loopback(host)
    else:
        is_safe = parts.scheme == "https" and parts.port in {None, 443} and (host in KNOWN or host.endswith(FAMILIES))
    if not is_safe:
        raise Unusable(
            Wording(
                "this browser's push service is none that is known here: if it is right, whoever runs this names its "
                "host under web: push_hosts:"
            ),
            is_address=True,
        )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
