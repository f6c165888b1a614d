"""Sends outgoing messages: the message, its result, and a sender that sends one after the other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from reminder.core.model.entities import Channel, Kind
from reminder.core.sending.retry import Failure
from reminder.core.text.content import Words
from reminder.notify.transport import Sent, Transport
from reminder.platform.failpoints import FailpointPlace, reach
from reminder.store.outbox_read import PendingDelivery


@dataclass(frozen=True, kw_only=True)
class OutgoingMessage:
    """Everything for one channel in one attempt: a delivery, or a digest of several, with its words."""

    channel: Channel
    items: tuple[PendingDelivery, ...]
    kind: Kind
    words: Words
    plain: bool
    written_at: datetime
    leased_at: float = math.inf
    """When it was claimed, by the seconds of `LeaseKeeper.elapsed`; on SQLite a claim holds for ever."""
    origin: str = ""
    """What tells this database's deliveries from those of every other (`store.identity.sending_identity`)."""

    @property
    def is_asked(self) -> bool:
        """Tell whether somebody has asked for it, and waits."""
        return self.items[0].is_asked

    @property
    def ref(self) -> str:
        """Return the stable id of what is sent: the same at each try, so that a mail reader can drop the copy.

        No other message has it, in whatever database: it begins with the deliveries' numbers, and ends with its origin.
        """
        ids = ".".join(str(item.id) for item in self.items)
        return f"{ids}@{self.origin}" if self.origin else ids


RESTS: Final = "its service is left alone for a while"
"""Why what waits for a lane or an address that rests has not gone yet."""


@dataclass(frozen=True, kw_only=True)
class NotTried:
    """The message never left: it waits where it was, before what has been tried meanwhile."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class SendResult:
    """A message and how it went."""

    outgoing: OutgoingMessage
    outcome: Sent | Failure | NotTried


class Sender(Protocol):
    """Carries messages and says how they went."""

    @property
    def in_flight(self) -> int:
        """Return how many messages are in flight, or back and not yet collected."""
        ...

    @property
    def stuck(self) -> int:
        """Return how many sends overran their time and hold a thread still."""
        ...

    def room(self, channel: Channel) -> int:
        """Return how many more messages for this channel may be started."""
        ...

    def urge(self, channel: Channel) -> bool:
        """Have a channel's endpoint tried, though it has failed and rests; False where its service asked to wait."""
        ...

    def rest(self, channel: Channel) -> float:
        """Return for how many seconds nothing goes to the address of a channel, though others of it may have room."""
        ...

    def start(self, outgoing_messages: Sequence[OutgoingMessage]) -> None:
        """Send these, soon; what somebody has asked for goes before what waits already."""
        ...

    def finished(self) -> list[SendResult]:
        """Return what was returned since the last call."""
        ...

    def wait(self, seconds: float) -> None:
        """Return when something was returned, at the latest after so many seconds."""
        ...

    def recall(self) -> None:
        """Give back what has not left yet, as not tried."""
        ...

    def close(self) -> None:
        """Stop; what is in flight is left to end by itself."""
        ...


class InlineSender:
    """Sends each message at once, in the caller's thread: for simulated time and for tests."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._done: list[SendResult] = []

    @property
    def in_flight(self) -> int:
        """Return how many were returned and not yet collected."""
        return len(self._done)

    @property
    def stuck(self) -> int:
        """Return 0: what is sent here is waited for."""
        return 0

    def room(self, channel: Channel) -> int:
        """Return 1: messages go one after the other, so that each sees what the one before it did."""
        del channel
        return 1

    def rest(self, channel: Channel) -> float:
        """Return 0: nothing rests here."""
        del channel
        return 0.0

    def urge(self, channel: Channel) -> bool:
        """Return True: nothing rests here."""
        del channel
        return True

    def start(self, outgoing_messages: Sequence[OutgoingMessage]) -> None:
        """Send these now."""
        for outgoing in outgoing_messages:
            self._done.append(SendResult(outgoing=outgoing, outcome=carry(self._transport, outgoing)))

    def finished(self) -> list[SendResult]:
        """Return what was sent since the last call."""
        done, self._done = self._done, []
        return done

    def wait(self, seconds: float) -> None:
        """Return at once: nothing is ever in flight."""

    def recall(self) -> None:
        """Do nothing: what was started has left."""

    def close(self) -> None:
        """Close the transport."""
        self._transport.close()


def carry(transport: Transport, outgoing: OutgoingMessage) -> Sent | Failure:
    """Hand one message to the transport, which never raises."""
    reach(FailpointPlace.SEND)
    outcome = transport.send(outgoing.channel, outgoing.words, ref=outgoing.ref, plain=outgoing.plain)
    reach(FailpointPlace.ANSWERED)
    return outcome
