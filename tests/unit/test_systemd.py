"""What systemd is told, over a socket of the test's own."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reminder.platform.systemd import Systemd


@pytest.fixture(params=["path", "abstract"])
def manager(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, socket.socket]]:
    """A service manager's socket and its address as systemd writes it."""
    said = str(tmp_path / "notify") if request.param == "path" else f"@reminder-test-{os.getpid()}-{tmp_path.name}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(said.replace("@", "\0", 1) if said.startswith("@") else said)
        listening.settimeout(5)
        yield said, listening


@pytest.mark.parametrize(
    ("tell", "told"),
    [
        (lambda systemd: systemd.ready("next: Ballard"), "READY=1\nSTATUS=next: Ballard"),
        (lambda systemd: systemd.ready(), "READY=1"),
        (lambda systemd: systemd.reloading(12.5), "RELOADING=1\nMONOTONIC_USEC=12500000"),
        (lambda systemd: systemd.stopping("3 in flight"), "STOPPING=1\nSTATUS=3 in flight"),
        (lambda systemd: systemd.status("one\nWATCHDOG=1"), "STATUS=one"),
        (lambda systemd: systemd.status("x" * 2000), "STATUS=" + "x" * 500),
        (lambda systemd: systemd.watchdog(), "WATCHDOG=1"),
    ],
)
def test_each_state_is_told_in_one_datagram(
    manager: tuple[str, socket.socket], tell: Callable[[Systemd], None], told: str
) -> None:
    said, listening = manager
    tell(Systemd({"NOTIFY_SOCKET": said}))
    assert listening.recv(4096).decode() == told


@pytest.mark.parametrize("said", ["", "vsock:2:1234", "relative/socket", "/nowhere/notify", "@nobody-listens"])
def test_a_manager_that_is_not_there_is_no_trouble(said: str) -> None:
    systemd = Systemd({"NOTIFY_SOCKET": said})
    systemd.ready()
    systemd.status("")
    systemd.watchdog()
