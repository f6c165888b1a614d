"""One attempt to send, as the seams see it: how long it may take, what left, what came back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reminder.core.sending.retry import Failure
from reminder.platform.http.connections import HeldSocket

if TYPE_CHECKING:
    from requests import PreparedRequest


@dataclass(kw_only=True)
class Exchange:
    """One HTTP request of an attempt, and what came of it."""

    host: str
    proxy: str = ""
    left: bool = False
    status: int | None = None
    phrase: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    error: BaseException | None = None

    @property
    def answered_well(self) -> bool:
        """Tell whether a 2xx came back."""
        return self.status is not None and 200 <= self.status < 300


class Attempt(HeldSocket):
    """The bounds of one call of a transport: its deadline, and the socket to cut when that is over.

    Written by the thread that sends, cut off by the one that waits. `forbids` says of a request's address why it may
    not be asked, None where it may; what it says then is the attempt's `verdict`. `dress` may change a request that is
    about to leave.
    """

    def __init__(self, seconds: float, monotonic: Callable[[], float]) -> None:
        super().__init__()
        self.seconds = seconds
        self.monotonic = monotonic
        self.exchanges: list[Exchange] = []
        self.verdict: Failure | None = None
        self.forbids: Callable[[str], Failure | None] = lambda _: None
        self.dress: Callable[[PreparedRequest], None] | None = None
        self.left = False
        self._until = monotonic() + seconds

    def remaining(self) -> float:
        """Return the seconds left, never less than a hundredth: a timeout of 0 means something else to sockets."""
        return max(self._until - self.monotonic(), 0.01)

    def depart(self) -> None:
        """Note that from here on the message may have reached the service."""
        self.left = True
        if self.exchanges:
            self.exchanges[-1].left = True

    def set_timeout(self, seconds: float) -> None:
        """Let the socket in use wait at most so long for each piece from now on, and never longer than is left."""
        super().set_timeout(min(seconds, self.remaining()))


_current: ContextVar[Attempt | None] = ContextVar("attempt", default=None)


def current() -> Attempt | None:
    """Return the attempt that this thread is in, None outside of one."""
    return _current.get()


@contextmanager
def running(attempt: Attempt) -> Iterator[Attempt]:
    """Make `attempt` the current one of this thread for a while."""
    token = _current.set(attempt)
    try:
        yield attempt
    finally:
        attempt.hold(None)  # the connection may serve another attempt from now on
        _current.reset(token)
