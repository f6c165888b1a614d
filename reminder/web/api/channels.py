"""Channels: how each one fares, and a test of it."""

from __future__ import annotations

from typing import Annotated, Final

from typing_extensions import TypedDict
from werkzeug.exceptions import NotFound

from reminder.core.model.ledger import State
from reminder.platform.clock import utc_text
from reminder.usecases.asks import ask_test, test_state
from reminder.usecases.channels import own_channels
from reminder.usecases.health import state_of
from reminder.usecases.rows.fields import ChannelName, FieldText, Instant
from reminder.usecases.rows.health import ChannelRow, channel_row
from reminder.web.api.calls import Calls
from reminder.web.api.whose import number_of, whose
from reminder.web.limits import TESTS, count
from reminder.web.visit import Visit

calls: Final = Calls("channels")


class AskedTestRow(TypedDict):
    """A test that was asked for: it is a row of the ledger, which the daemon sends."""

    message: Annotated[int, FieldText("Its number, by which the state of the test can be asked for.")]
    channel: ChannelName


class TestStateRow(TypedDict):
    """How a test goes."""

    channel: ChannelName
    state: Annotated[State, FieldText("The state of its delivery; `sent` once the service has taken it.")]
    is_over: Annotated[bool, FieldText("Whether nothing more comes of it.")]
    reason: Annotated[str | None, FieldText("What the service said, where it said something.")]
    asked_at: Instant


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


@calls.change("POST", "/channels/<name>/test", AskedTestRow, "Have a test sent over a channel of one's own", status=202)
def test_channel(visit: Visit, name: str) -> AskedTestRow:
    """Have a test sent to the token's person over this channel; what came of it is asked for with its number."""
    if name not in {use.name for use in visit.reader.channels}:
        raise NotFound
    count(visit, TESTS)
    with visit.site.database.write() as tx:
        message = ask_test(tx, person=visit.person, channel=name, now=visit.now)
    visit.site.wake()
    return {"message": message, "channel": name}


@calls.get("/tests/<int:number>", TestStateRow, "How a test goes that was asked for")
def test(visit: Visit, number: int) -> TestStateRow:
    """Return how a test goes that the token's person has asked for."""
    with visit.site.database.read() as tx:
        found = test_state(tx, number, person=visit.person) if number < 2**63 else None
    if found is None:
        raise NotFound
    return {
        "channel": found.channel,
        "state": found.state,
        "is_over": found.is_over,
        "reason": found.reason,
        "asked_at": utc_text(found.asked_at),
    }
