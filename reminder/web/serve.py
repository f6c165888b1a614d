"""Serves an application over HTTP with waitress, on threads of its own, until it is closed."""

from __future__ import annotations

import contextlib
import logging
import threading
from dataclasses import dataclass, field
from typing import Any, Final

from flask import Flask
from waitress.server import create_server

from reminder.platform.garbage import keep_what_is_loaded, search_all
from reminder.web.app import MOST_BYTES

THREADS: Final = 4
MOST_CONNECTIONS: Final = 2_000
"""So many may be open at once: each holds a descriptor and a few kilobytes, and a client that dawdles holds one."""

MOST_READ: Final = 4 * MOST_BYTES
"""Bytes of a request that are read before its client is cut off: what is too long by less is refused in words."""

SLOWEST: Final = 20
"""Seconds that a client may take over a request before it is cut off."""

LOOKED_FOR: Final = 5
"""Seconds between two looks for such clients."""


@dataclass(kw_only=True)
class WebServer:
    """Serves an application on one address (host and port). Raises OSError when that cannot be listened on."""

    app: Flask
    address: tuple[str, int]
    _server: Any = field(init=False)
    _thread: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        logging.getLogger("waitress").setLevel(logging.ERROR)  # a client that is slow or gone is no news
        host, port = self.address
        self._server = create_server(
            self.app,
            host=host,
            port=port,
            threads=THREADS,
            connection_limit=MOST_CONNECTIONS,
            channel_timeout=SLOWEST,
            cleanup_interval=LOOKED_FOR,
            asyncore_use_poll=True,  # select() knows no more than 1,024 descriptors
            max_request_body_size=MOST_READ,
            ident="",
            clear_untrusted_proxy_headers=False,
            expose_tracebacks=False,
        )
        keep_what_is_loaded()
        self._thread = threading.Thread(target=self._serve, name="web", daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """Return the port that is listened on."""
        return int(getattr(self._server, "effective_port", self.address[1]))

    def _serve(self) -> None:
        with contextlib.suppress(OSError):  # its sockets are closed under it when it is to end
            self._server.run()

    def close(self) -> None:
        """Listen no more."""
        self._server.close()
        self._thread.join(2)
        search_all()
