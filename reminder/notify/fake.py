"""A transport for tests: it keeps what it was given, and answers as it was told."""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass

from reminder.core.model.entities import Channel
from reminder.core.sending.retry import Failure, FailureKind
from reminder.core.text.message import Words
from reminder.notify.transport import Outcome, Sent, unusable


@dataclass(frozen=True, kw_only=True)
class Given:
    """One call of `send`, and what it was answered."""

    channel: Channel
    words: Words
    ref: str
    plain: bool
    outcome: Outcome


Answer = Outcome | BaseException | Callable[[Channel, Words, str], Outcome]
"""What a script may hold: an outcome, an error to stumble over, or a function that decides (and may wait)."""


class FakeTransport:
    """Answers by script, channel by channel; what no script covers is sent.

    A call is entered in `given` after it was answered, in the order of the answers.
    """

    def __init__(self, *, otherwise: Answer | None = None) -> None:
        self.given: list[Given] = []
        self.closed = False
        self._otherwise: Answer = otherwise or Sent(detail="fake")
        self._scripts: defaultdict[str, deque[Answer]] = defaultdict(deque)
        self._standing: dict[str, Answer] = {}
        self._lock = threading.Lock()

    def script(self, channel: str, *answers: Answer) -> FakeTransport:
        """Answer the next messages to the channel of this name so, one after the other."""
        with self._lock:
            self._scripts[channel].extend(answers)
        return self

    def always(self, channel: str, answer: Answer) -> FakeTransport:
        """From now on answer the channel so, once its script is used up."""
        with self._lock:
            self._standing[channel] = answer
        return self

    @property
    def sent(self) -> list[Given]:
        """The calls that were answered with `Sent`."""
        with self._lock:
            return [each for each in self.given if isinstance(each.outcome, Sent)]

    @property
    def stuck(self) -> int:
        """Return 0: every call is waited for."""
        return 0

    def send(self, channel: Channel, words: Words, *, ref: str, plain: bool = False) -> Outcome:
        """Answer by the script; see `Transport.send`."""
        outcome = unusable(channel) if channel.url is None else _decide(self._next(channel), channel, words, ref)
        with self._lock:
            self.given.append(Given(channel=channel, words=words, ref=ref, plain=plain, outcome=outcome))
        return outcome

    def close(self) -> None:
        """Note that it was closed."""
        self.closed = True

    def _next(self, channel: Channel) -> Answer:
        with self._lock:
            script = self._scripts[channel.name]
            return script.popleft() if script else self._standing.get(channel.name, self._otherwise)


def _decide(answer: Answer, channel: Channel, words: Words, ref: str) -> Outcome:
    try:
        if isinstance(answer, BaseException):
            raise answer
        return answer if isinstance(answer, Sent | Failure) else answer(channel, words, ref)
    except BaseException as error:  # noqa: BLE001  stands in for the edge of a sending thread
        reason = f"the transport stumbled over {type(error).__name__} (it may have arrived)"
        return Failure(kind=FailureKind.UNKNOWN, reason=reason)
