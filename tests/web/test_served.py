"""The server of the page: what it does to the process that it runs in."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import closing

import pytest

from reminder.web.serve import WebServer
from tests.support.pages import House


@pytest.fixture
def searched() -> Iterator[None]:
    """Have everything searched for garbage again afterwards."""
    yield
    gc.unfreeze()


def test_what_is_loaded_when_the_page_is_served_is_searched_for_garbage_no_more(searched: None) -> None:
    house = House("web: {}", "2025-06-20 12:00")
    with closing(WebServer(app=house.site_app, address=("127.0.0.1", 0))):
        assert gc.get_freeze_count() > 10_000
        assert gc.isenabled()
