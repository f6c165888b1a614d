"""Channels: how each one fares, and a test of it."""

from __future__ import annotations

from typing import Final

from reminder.usecases.channels import own_channels
from reminder.usecases.health import state_of
from reminder.usecases.rows.health import ChannelRow, channel_row
from reminder.web.api.calls import Calls
from reminder.web.api.whose import number_of, whose
from reminder.web.visit import Visit

calls: Final = Calls("channels")


@calls.get("/channels", list[ChannelRow], "How each channel fares")
def channels(visit: Visit) -> list[ChannelRow]:
    """Return the config's channels to the owner; to others those that they use, and of these only what is theirs."""
    config = visit.site.config()
    with visit.site.database.read() as tx:
        state = state_of(tx, name=config.name, channels=config.channel_names, sources=(), now=visit.now)
        if whose(visit).number is None:
            return [channel_row(each, state.refused.get(name, 0)) for name, each in state.channels.items()]
        own = own_channels(tx, number_of(visit), state.channels, config.channels)
    return [channel_row(each.state, each.refused) for each in own]
