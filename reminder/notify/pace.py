"""The rate of each service: one table, from the services' own pages, with the user's own rates over it."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Final

from reminder.core.sending.proxies import HOME
from reminder.core.sending.rate_limit import ChannelPace, SendRate
from reminder.notify.schemas import CONSOLE, PUSH_LANES, is_push, lane, scheme_of

FAMILIES: Final = {
    "tgram": "telegram",
    "discord": "discord",
    "mailto": "mail",
    "mailtos": "mail",
}
"""The name of a service in `delivery.rates`, where it is not its scheme."""

RATES: Final[dict[str, SendRate]] = {
    "webpush": SendRate(amount=50),  # push services name no rate; three thousand browsers hear of a day in a minute
    "telegram": SendRate(amount=30),  # Bots FAQ: about 30 messages a second over all chats
    "discord": SendRate(amount=5, seconds=2),  # Rate limits: 5 in 2 seconds for each webhook
}
"""For each lane, by family."""

EACH: Final[dict[str, SendRate]] = {"telegram": SendRate(amount=1)}
"""For each address within a lane. Bots FAQ: one message a second in one chat."""

BY_ADDRESS: Final = frozenset({"telegram", "slack", "webpush"})
"""Services whose 429 may be about one address alone, and do not say so: a chat (Bots FAQ: groups too have a limit of
their own), a channel of a workspace (Rate limits: one message a second), a browser (RFC 8030, 8.4)."""

CONNECTIONS: Final[dict[str, int]] = {"mail": 1}
"""Sends at once, where a service wants fewer than it could take."""

OTHERS: Final = SendRate(amount=10)
"""For public services that are not named above."""

UNLIMITED: Final = frozenset({CONSOLE, "json", "jsons", "form", "forms", "xml", "xmls", "mailto", "mailtos"})
"""Webhooks are the user's own, and mail is held back by its one connection."""


TOO_MANY: Final = 429


def family(scheme: str) -> str:
    """Return the name under which `delivery.rates` knows a scheme."""
    return FAMILIES.get(scheme, scheme)


def pace(url: str, rates: Mapping[str, float] | None = None) -> ChannelPace:
    """Return how fast a channel's URL may be sent to; `rates` are the user's, in messages a second, 0 for no limit."""
    scheme = scheme_of(url)
    name = family(scheme)
    rate: SendRate | None = RATES.get(name, OTHERS)
    each = EACH.get(name)
    if rates is not None and name in rates:
        rate = SendRate(amount=rates[name]) if rates[name] > 0 else None
        each = each if rate else None
    elif scheme in UNLIMITED or is_private(url):
        rate = each = None
    lanes = PUSH_LANES if is_push(url) else None
    return ChannelPace(lane=lane(url), family=lanes, rate=rate, each=each, most=CONNECTIONS.get(name))


def asks_for_address(url: str, status: int) -> bool:
    """Tell whether a wait that comes with this status is asked, first of all, for one address of the service."""
    return status == TOO_MANY and family(scheme_of(url)) in BY_ADDRESS


def is_private(url: str) -> bool:
    """Tell whether a URL names a host at home: a private address, `localhost`, or a name that only a LAN knows."""
    authority = url.partition("://")[2].partition("/")[0].partition("?")[0].rpartition("@")[2]
    host = authority.partition("]")[0].removeprefix("[") if authority.startswith("[") else authority.partition(":")[0]
    if host.lower() == "localhost" or host.lower().endswith(HOME):
        return True
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return False
