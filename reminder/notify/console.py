"""The channel `console://`: a message as a block on standard output, framed on a terminal, plain lines elsewhere."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from typing import Final, TextIO

from reminder.core.model.entities import Channel
from reminder.core.sending.retry import Failure, FailureKind
from reminder.core.text.message import Words
from reminder.notify.text import tidy
from reminder.notify.transport import Outcome, Sent, unusable
from reminder.platform.terminal import spelt

log = logging.getLogger(__name__)

WIDEST: Final = 88

Heading = Callable[[Channel, str], str]
"""From a channel and a delivery's `ref` to what stands above the message: the time, and whose it is."""


def _channel_name(channel: Channel, ref: str) -> str:
    return channel.name


class ConsoleTransport:
    """Prints each message on standard output.

    Args:
        heading: what stands above a message, by default the channel's name.
        stream: where to print, by default standard output as it is when the message comes.
    """

    def __init__(self, *, heading: Heading = _channel_name, stream: TextIO | None = None) -> None:
        self._heading = heading
        self._stream = stream
        self._lock = threading.Lock()

    @property
    def stuck(self) -> int:
        """Return 0: nothing is sent far enough to get stuck."""
        return 0

    def send(self, channel: Channel, words: Words, *, ref: str, plain: bool = False) -> Outcome:
        """Print `words`; see `Transport.send`."""
        if channel.url is None:
            return unusable(channel)
        try:
            with self._lock:
                _show(self._stream or sys.stdout, tidy(self._heading(channel, ref)), words, plain=plain)
        except BrokenPipeError:
            return self._unread()
        except (OSError, ValueError) as error:
            reason = f"standard output cannot be written to ({type(error).__name__})"
            return Failure(kind=FailureKind.TRANSIENT, reason=reason)
        except Exception as error:  # noqa: BLE001  a transport never raises
            log.error("console raised", extra={"delivery": ref, "error": type(error).__name__})
            return Failure(kind=FailureKind.TRANSIENT, reason=f"the console failed ({type(error).__name__})")
        return Sent(detail="printed")

    def _unread(self) -> Outcome:
        return Failure(kind=FailureKind.CHANNEL, reason="nobody reads standard output any more")

    def close(self) -> None:
        """Do nothing: standard output is not ours to close."""


class UntilNobodyReads(ConsoleTransport):
    """The console of a command that only shows: when nobody reads it any more (`| head`), the command is at its end."""

    def _unread(self) -> Outcome:
        raise BrokenPipeError


def _show(stream: TextIO, heading: str, words: Words, *, plain: bool) -> None:
    subject, body = tidy(words.subject), tidy(words.with_links().plain()).strip()
    if stream.isatty() and not plain:
        _panel(stream, heading, subject, body)
    else:
        _lines(stream, heading, subject, body)
    stream.flush()


def _lines(stream: TextIO, heading: str, subject: str, body: str) -> None:
    text = "\n".join(filter(None, (f"── {heading} ──", subject, body))) + "\n\n"
    stream.write(spelt(text, stream.encoding or "utf-8"))


def _panel(stream: TextIO, heading: str, subject: str, body: str) -> None:
    from rich.console import Console, Group
    from rich.panel import Panel
    from rich.text import Text

    console = Console(file=stream, highlight=False, soft_wrap=False)
    text = Text(body)
    text.highlight_regex(r"https?://\S+", style="blue underline")
    inside = Group(Text(subject, style="bold"), *([Text(""), text] if body else []))
    width = min(WIDEST, console.width)
    console.print(Panel(inside, title=Text(heading, style="dim"), title_align="left", border_style="cyan",
                        padding=(0, 1), width=width))  # fmt: skip
