"""The rate of each service: one table, from the services' own pages, with the user's own rates over it."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Final

from reminder.core.sending.proxies import HOME
from reminder.core.sending.rate_limit import ChannelPace, SendRate
from reminder.notify.schemas import CONSOLE, lane, scheme_of

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

CONNECTIONS: Final[dict[str, int]] = {"mail": 1}
"""Sends at once, where a service wants fewer than it could take."""

OTHERS: Final = SendRate(amount=10)
"""For public services that are not named above."""

UNLIMITED: Final = frozenset({CONSOLE, "json", "jsons", "form", "forms", "xml", "xmls", "mailto", "mailtos"})
"""Webhooks are the user's own, and mail is held back by its one connection."""


def family(scheme: str) -> str:
    """Return the name under which `delivery.rates` knows a scheme."""
    return FAMILIES.get(scheme, scheme)


def pace(url: str, rates: Mapping[str, float] | None = None) -> ChannelPace:
    """Return how fast a channel's URL may be sent to; `rates` are the user's, in messages a second, 0 for no limit."""
    scheme = scheme_of(url)
    name = family(scheme)
    most = CONNECTIONS.get(name)
    if rates is not None and name in rates:
        own = SendRate(amount=rates[name]) if rates[name] > 0 else None
        return ChannelPace(lane=lane(url), rate=own, each=EACH.get(name) if own else None, most=most)
    if scheme in UNLIMITED or is_private(url):
        return ChannelPace(lane=lane(url), most=most)
    return ChannelPace(lane=lane(url), rate=RATES.get(name, OTHERS), each=EACH.get(name), most=most)


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
