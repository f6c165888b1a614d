"""What a mail server's codes mean, by the verb that they answer (RFC 5321, 4.2.2-4.3.2)."""

from __future__ import annotations

from typing import Final

from reminder.core.sending.retry import Failure, FailureKind
from reminder.notify.scrub import line

OK, LOGGED_IN, START_INPUT, HANGING_UP, TOO_LARGE, TRANSIENT_CODES = 250, 235, 354, 421, 552, range(400, 500)
ACCEPTED: Final = range(200, 400)

# Which fault a 5xx is depends on what it answers.
GREETING, LOGIN, SENDER, RECIPIENT, TEXT = "greeting", "login", "sender", "recipient", "text"
FAULT: Final = {
    GREETING: FailureKind.CHANNEL,
    LOGIN: FailureKind.CHANNEL,
    SENDER: FailureKind.CHANNEL,
    RECIPIENT: FailureKind.CHANNEL,
    TEXT: FailureKind.MESSAGE,
}
HINTS: Final = {
    LOGIN: "was the password changed? a rotated credential needs a restart",
    SENDER: "the sender was refused",
    RECIPIENT: "the recipient was refused",
}


class ServerAnswer(Exception):
    """A server's answer that ends the attempt; `ours` if the words are not the server's."""

    def __init__(self, step: str, code: int, words: bytes | str, *, ours: bool = False) -> None:
        super().__init__(step, code)
        self.step, self.code, self.ours = step, code, ours
        self.words = words.decode("utf-8", "replace") if isinstance(words, bytes) else words

    @property
    def is_of_the_connection(self) -> bool:
        """Tell whether another connection may be answered otherwise: the server hangs up, or has had enough of this."""
        return self.code == HANGING_UP or (self.step == SENDER and self.code in TRANSIENT_CODES)


def check(step: str, code: int, words: bytes) -> None:
    """Raise ServerAnswer where a server says no at a step."""
    if code not in ACCEPTED:
        raise ServerAnswer(step, code, words)


def refused(said: ServerAnswer, secrets: tuple[str, ...]) -> Failure:
    """Return the failure that a server's answer stands for."""
    if said.ours:
        return Failure(kind=FAULT[said.step], reason=said.words, status=said.code)
    words = line(f"{said.code} {said.words}" if said.code > 0 else said.words, secrets)
    if said.code in TRANSIENT_CODES:
        return Failure(kind=FailureKind.TRANSIENT, reason=words, status=said.code, greylisted=True)
    if said.code < TRANSIENT_CODES.start:
        reason = "the mail server does not speak SMTP or hung up"
        return Failure(kind=FailureKind.TRANSIENT, reason=reason)
    kind = FailureKind.MESSAGE if said.code == TOO_LARGE else FAULT[said.step]
    hint = HINTS.get(said.step, "") if kind is FailureKind.CHANNEL else ""
    return Failure(
        kind=kind,
        reason=f"{words} ({hint})" if hint else words,
        status=said.code,
        is_address=kind is FailureKind.CHANNEL and said.step == RECIPIENT,
    )
