"""Tells systemd how the daemon is: sd_notify(3), without a library.

Outside systemd every call does nothing. A manager that cannot be reached is no reason to stop: nothing here raises.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from typing import Final

_LONGEST: Final = 500  # of a status, in characters: `systemctl status` shows it on one line


class Systemd:
    """The service manager that started this process, if one did."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        self._address = _address(environ.get("NOTIFY_SOCKET", ""))

    @property
    def is_there(self) -> bool:
        """Tell whether a manager started this process, and starts it anew if it dies."""
        return self._address is not None

    def ready(self, status: str = "") -> None:
        """Say that the daemon is up, or has finished a reload."""
        self._notify("READY=1", *_status(status))

    def reloading(self, monotonic: float, status: str = "") -> None:
        """Say that the config is being read again, at `monotonic` seconds of CLOCK_MONOTONIC; `ready` ends it."""
        self._notify("RELOADING=1", f"MONOTONIC_USEC={int(monotonic * 1_000_000)}", *_status(status))

    def stopping(self, status: str = "") -> None:
        """Say that the daemon is finishing what is in flight."""
        self._notify("STOPPING=1", *_status(status))

    def status(self, text: str) -> None:
        """Say in words what `systemctl status` is to show; only its first line counts."""
        self._notify(*_status(text))

    def watchdog(self) -> None:
        """Say that the daemon does its work. Call it after a sweep that reached the database, never otherwise."""
        self._notify("WATCHDOG=1")

    def _notify(self, *lines: str) -> None:
        if self._address is None or not lines:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as to_manager:
                to_manager.settimeout(1)
                to_manager.sendto("\n".join(lines).encode(errors="replace"), self._address)
        except OSError:
            return


def _address(said: str) -> str | None:
    """Return the socket's address: a path, or a name in the abstract namespace, which is written with an `@`."""
    if said.startswith("@"):
        return "\0" + said[1:]
    return said if said.startswith("/") else None


def _status(text: str) -> tuple[str, ...]:
    line = text.strip().partition("\n")[0][:_LONGEST]
    return (f"STATUS={line}",) if line else ()
