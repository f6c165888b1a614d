"""Rows of channels that were tried: `test` (SPEC 4)."""

from __future__ import annotations

from typing import Annotated

from typing_extensions import TypedDict

from reminder.core.model.entities import Channel
from reminder.core.sending.retry import Failure
from reminder.notify.schemas import describe
from reminder.notify.transport import Outcome
from reminder.usecases.rows.fields import ChannelName, FieldText


class TriedChannelRow(TypedDict):
    """A channel that was tried, and what its service answered."""

    channel: ChannelName
    service: Annotated[str | None, FieldText("The service behind it, null where its URL is not known.")]
    ok: Annotated[bool, FieldText("Whether the service took the message.")]
    answer: Annotated[str, FieldText("What the service said.")]
    status: Annotated[int | None, FieldText("The status of a refusal over HTTP.")]


def tried_channel_row(channel: Channel, outcome: Outcome) -> TriedChannelRow:
    """Return a channel that was tried, and what its service answered."""
    failed = isinstance(outcome, Failure)
    return {
        "channel": channel.name,
        "service": describe(channel.url.reveal()) if channel.url else None,
        "ok": not failed,
        "answer": outcome.reason if isinstance(outcome, Failure) else outcome.detail or "accepted",
        "status": outcome.status if isinstance(outcome, Failure) else None,
    }
