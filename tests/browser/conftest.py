"""What the tests in a browser stand on: one Chromium for each worker."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.support.browser import chromium
from tests.support.process import Reminder
from tests.support.proxy import Proxy
from tests.support.sink import Sink
from tests.support.smtp import MailServer


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium."""
    with chromium() as running:
        yield running


@pytest.fixture
def sink() -> Iterator[Sink]:
    """Serve HTTP."""
    with Sink() as running:
        yield running


@pytest.fixture
def mail() -> Iterator[MailServer]:
    """Take mail."""
    with MailServer() as running:
        yield running


@pytest.fixture
def reminder(tmp_path: Path) -> Reminder:
    """Return one user of the command, who has nothing yet."""
    home = tmp_path / "home"
    home.mkdir()
    return Reminder(home)


@pytest.fixture
def proxy(tmp_path: Path) -> Iterator[Proxy]:
    """Play the web."""
    with Proxy(tmp_path) as running:
        yield running
