"""Channels: how each one fares, and taking note of how a test of it went."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection

from reminder.core.model.entities import Channel
from reminder.store.channels import note_failure, note_success
from reminder.store.health import ChannelState, channel_states
from reminder.store.people import know_channels, reopen_channel

__all__ = ["ChannelState", "channel_states"]


def note_tests(
    tx: Connection, channels: Mapping[str, Channel], tried: Iterable[tuple[str, str | None]], now: datetime
) -> None:
    """Note how channels fared in a test: each one's name, and why it failed (None for one that works).

    On one that works, what waits is tried at once. `channels` are those of the config.
    """
    know_channels(tx, channels)
    for name, failure in tried:
        if failure is not None:
            note_failure(tx, name, failure, now)
        else:
            note_success(tx, [name], now)
            reopen_channel(tx, name, now)
