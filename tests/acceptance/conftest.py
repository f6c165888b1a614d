"""What the tests of the installed command stand on: one user of it, and the servers it talks to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.door import Door
from tests.support.nursery import Hatched
from tests.support.process import Reminder
from tests.support.proxy import Proxy
from tests.support.sink import Sink
from tests.support.smtp import MailServer


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Make the directory of somebody who has nothing yet."""
    made = tmp_path / "home"
    made.mkdir()
    return made


@pytest.fixture
def reminder(home: Path) -> Reminder:
    """Return one user of the command. Its processes have imported the program before they begin: see `nursery`."""
    return Hatched(home)


@pytest.fixture
def installed(home: Path) -> Reminder:
    """Return one user of the command who starts it as it is installed: a second of imports for each start."""
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
