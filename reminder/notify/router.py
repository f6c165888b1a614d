"""One transport for all channels: `console://` goes to the console, the rest to the services."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from reminder.core.model.entities import Channel
from reminder.core.text.message import Words
from reminder.notify import schemas
from reminder.notify.console import ConsoleTransport
from reminder.notify.transport import Outcome, Transport, unloadable, unusable

log = logging.getLogger(__name__)


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
        self._making = threading.Lock()
        self._console = console or ConsoleTransport()

    @property
    def stuck(self) -> int:
        """Return how many sends overran their time and still hold a thread; see `Transport.stuck`."""
        return self._services.stuck if self._services else 0

    def load(self) -> None:
        """Make the transport of everything remote now, if that was not done: it takes a second or more."""
        self._remote()

    def send(self, channel: Channel, words: Words, *, ref: str, plain: bool = False) -> Outcome:
        """Send by the channel's transport; see `Transport.send`."""
        if channel.url is None:
            return unusable(channel)
        if schemas.scheme_of(channel.url.reveal()) == schemas.CONSOLE:
            return self._console.send(channel, words, ref=ref, plain=plain)
        try:
            remote = self._remote()
        except Exception as error:  # noqa: BLE001  a transport never raises
            # An upgrade under a running daemon takes away what was not loaded yet: nothing has left, so try again.
            log.error("sending not loaded", extra={"why": str(error), "remedy": "after an upgrade, restart reminder"})
            return unloadable(error)
        return remote.send(channel, words, ref=ref, plain=plain)

    def close(self) -> None:
        """Close what was made."""
        self._console.close()
        if self._services is not None:
            self._services.close()

    def _remote(self) -> Transport:
        with self._making:
            if self._services is None:
                self._services = self._make()
            return self._services
