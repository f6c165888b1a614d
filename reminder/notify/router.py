"""One transport for all channels: `console://` goes to the console, the rest to the services."""

from __future__ import annotations

from collections.abc import Callable

from reminder.core.message import Words
from reminder.core.model import Channel
from reminder.notify import schemas
from reminder.notify.console import ConsoleTransport
from reminder.notify.transport import Outcome, Transport, unusable


class Router:
    """Chooses the transport by a channel's scheme.

    Args:
        services: makes the transport of everything remote; it is made when the first such message is sent, since it
            loads much.
        console: the transport of `console://`.
    """

    def __init__(self, *, services: Callable[[], Transport], console: Transport | None = None) -> None:
        self._make = services
        self._services: Transport | None = None
        self._console = console or ConsoleTransport()

    def send(self, channel: Channel, words: Words, *, ref: str, plain: bool = False) -> Outcome:
        """Send by the channel's transport; see `Transport.send`."""
        if channel.url is None:
            return unusable(channel)
        on_console = schemas.scheme_of(channel.url.reveal()) == schemas.CONSOLE
        transport = self._console if on_console else self._remote()
        return transport.send(channel, words, ref=ref, plain=plain)

    def close(self) -> None:
        """Close what was made."""
        self._console.close()
        if self._services is not None:
            self._services.close()

    def _remote(self) -> Transport:
        if self._services is None:
            self._services = self._make()
        return self._services
