"""Whether an address is one that a shared channel can send to, asked of very many addresses."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Collection
from typing import Final

from reminder.core.model.entities import Channel
from reminder.notify.judging import open_channel, problem_of
from reminder.notify.unusable import Unusable

MOST_PATTERNS: Final = 20_000
"""So many patterns of addresses are remembered."""

_CLASSES: Final = str.maketrans(
    {
        **dict.fromkeys("123456789", "0"),
        **dict.fromkeys("bcdefghijklmnopqrstuvwxyz", "a"),
        **dict.fromkeys("BCDEFGHIJKLMNOPQRSTUVWXYZ", "A"),
    }
)


class Addresses:
    """Says what is wrong with addresses. What its plugin says of one holds for all that are written alike.

    Written alike are two whose letters, digits and other signs stand in the same places: to build a plugin for each of
    a hundred thousand addresses takes minutes, and it looks at nothing else.
    """

    def __init__(self, allow_schemas: Collection[str] = ()) -> None:
        self._allow = frozenset(allow_schemas)
        self._usable: dict[str, bool] = {}
        self._known: OrderedDict[tuple[str, str], str | None] = OrderedDict()

    @property
    def patterns(self) -> int:
        """Return how many addresses were tried, of those that are remembered."""
        return len(self._known)

    def __call__(self, channel: Channel, address: str) -> str | None:
        """Return why a channel cannot send to an address, None if it can, or if the channel itself is at fault."""
        if channel.url is None or not channel.is_shared or not self._is_usable(channel):
            return None
        key = (channel.name, address.translate(_CLASSES))
        if key not in self._known:
            if len(self._known) >= MOST_PATTERNS:
                self._known.popitem(last=False)
            self._known[key] = self._judged(channel, address)
        return self._known[key]

    def _is_usable(self, channel: Channel) -> bool:
        if channel.name not in self._usable:
            self._usable[channel.name] = problem_of(channel, self._allow) is None
        return self._usable[channel.name]

    def _judged(self, channel: Channel, address: str) -> str | None:
        url = channel.to(address).url
        try:
            open_channel(url.reveal() if url else "", self._allow)
        except Unusable as why:
            return _of_a_row(str(why))
        except Exception:  # noqa: BLE001  a plugin that stumbles over an address would do so at each message
            return "the service's plugin cannot read it"
        return None


def _of_a_row(why: str) -> str:
    """Return what is said of a URL as it is true of the one address in it."""
    said = re.sub(r"^this \S+ URL names (\d+) targets;.*", r"it names \1 recipients: write a row for each", why)
    said = re.sub(r"^to= (is|names)", r"it \1", said)
    return re.sub(r"^a recipient in this (\S+) URL is not one", r"it is not one", said)
