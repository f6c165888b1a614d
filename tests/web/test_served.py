"""The server of the page: what it does to the process that it runs in."""

from __future__ import annotations

import gc
from contextlib import closing

from reminder.web.serve import WebServer
from tests.support.pages import House


def test_what_is_loaded_is_searched_for_garbage_no_more_for_as_long_as_the_page_is_served() -> None:
    house = House("web: {}", "2025-06-20 12:00")
    with closing(WebServer(app=house.site_app, address=("127.0.0.1", 0))):
        assert gc.get_freeze_count() > 10_000
        assert gc.isenabled()
    assert gc.get_freeze_count() == 0
