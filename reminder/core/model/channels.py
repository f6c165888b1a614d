"""The config's channels by name, and the names of further addresses that one person has on a shared one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from reminder.core.model.entities import Channel

MARK: Final = "#"
"""Stands before the number of a further address: `bot#2` is a person's second one on the channel `bot`."""


def base_name(use: str) -> str:
    """Return the channel that a use is of: `bot` for `bot`, and for `bot#2`."""
    name, mark, number = use.rpartition(MARK)
    return name if mark and name and number.isdecimal() else use


def next_name(channel: str, taken: Collection[str]) -> str:
    """Return what a person's next use of a channel is called: like the channel, then `bot#2`, `bot#3`."""
    if channel not in taken:
        return channel
    number = 2
    while f"{channel}{MARK}{number}" in taken:
        number += 1
    return f"{channel}{MARK}{number}"


class Channels(dict[str, Channel]):
    """The config's channels by name; the name of a person's further address finds its channel, under that name.

    What is iterated over are the config's channels alone: to the ledger a further address is a channel of its own.
    """

    def __missing__(self, use: str) -> Channel:
        base = base_name(use)
        if base == use or not dict.__contains__(self, base) or not self[base].is_shared:
            raise KeyError(use)
        return replace(self[base], name=use)

    def __contains__(self, use: object) -> bool:
        """Tell whether there is a channel for a use of this name."""
        return isinstance(use, str) and self.get(use) is not None

    if not TYPE_CHECKING:

        def get(self, use: str, default: Any = None) -> Any:
            """Return the channel for a use, `default` where there is none."""
            try:
                return self[use]
            except KeyError:
                return default
