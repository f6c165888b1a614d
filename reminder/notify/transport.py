"""The contract of every transport: it sends one message to one channel, and answers with a value."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Protocol

from reminder.core.model.entities import Channel
from reminder.core.sending.retry import Failure, FailureKind
from reminder.core.text.message import Words


@dataclass(frozen=True, kw_only=True)
class Sent:
    """The service accepted the message. `detail` is its answer in a word or two, for people."""

    detail: str = ""


Outcome = Sent | Failure


LeftBehind = Callable[[Outcome], None]
"""Told, from another thread, what to take for the outcome of a send that does not come back."""

_left_behind: ContextVar[LeftBehind | None] = ContextVar("left_behind", default=None)


@contextmanager
def expendable(left_behind: LeftBehind) -> Iterator[None]:
    """Say that this thread may be left behind in what it sends now; `left_behind` then hears of it, in its place.

    A send that was left behind may still come back, later: what it returns then counts for nothing.
    """
    token = _left_behind.set(left_behind)
    try:
        yield
    finally:
        _left_behind.reset(token)


def who_hears() -> LeftBehind | None:
    """Return who hears of it when this thread is left behind; None when somebody waits for it."""
    return _left_behind.get()


class Transport(Protocol):
    """Sends one message to one channel."""

    @property
    def stuck(self) -> int:
        """Return how many sends overran their time and still hold a thread."""
        ...

    def send(self, channel: Channel, words: Words, *, ref: str, plain: bool = False) -> Outcome:
        """Send `words` to `channel`; safe to call from several threads, and never raises.

        Args:
            channel: where to; one without a URL answers with its `problem`.
            words: what to say.
            ref: the delivery's stable id. A repeated try has the same one, so that mail readers can drop the copy.
            plain: the second try of a message that was refused: text only, and short.

        Returns:
            That it was accepted, or why not. No secret stands in either.
        """
        ...

    def close(self) -> None:
        """Let go of connections and idle threads. What is in flight is not waited for."""
        ...


def unloadable(error: BaseException) -> Failure:
    """Return the failure of what cannot be loaded: an upgrade under the program took it away, nothing has left."""
    reason = f"what sends cannot be loaded ({type(error).__name__}): after an upgrade, restart reminder"
    return Failure(kind=FailureKind.TRANSIENT, reason=reason)


def unusable(channel: Channel) -> Failure:
    """Return the failure of a channel that has no URL."""
    return Failure(kind=FailureKind.CHANNEL, reason=channel.problem or "this channel has no URL")
