"""What the tests in a browser stand on: one Chromium for each worker."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.support.browser import chromium
from tests.support.sink import Sink


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
