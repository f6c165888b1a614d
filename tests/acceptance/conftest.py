"""What the tests of the installed command stand on: one user of it, and the servers it talks to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.door import Door
from tests.support.process import Reminder
from tests.support.proxy import Proxy
from tests.support.sink import Sink
from tests.support.smtp import MailServer


@pytest.fixture
def reminder(tmp_path: Path) -> Reminder:
    """Return one user of the command, who has nothing yet."""
    home = tmp_path / "home"
    home.mkdir()
    return Reminder(home)


@pytest.fixture
def sink() -> Iterator[Sink]:
    """Serve HTTP."""
    with Sink() as running:
        yield running


@pytest.fixture
def proxy(tmp_path: Path) -> Iterator[Proxy]:
    """Play Telegram and Discord."""
    with Proxy(tmp_path) as running:
        yield running


@pytest.fixture
def mail() -> Iterator[MailServer]:
    """Take mail."""
    with MailServer() as running:
        yield running


@pytest.fixture
def door() -> Iterator[Door]:
    """Take what comes as `json://`."""
    with Door() as running:
        yield running
