"""What the tests of pages stand on: a household with hostile titles, on every database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reminder.store.sql.store import Store
from tests.support.page_home import as_text, page_home
from tests.support.pages import House
from tests.support.pictures import put_picture
from tests.support.stores import BOTH, Rig, rig_of

OFFLINE = {"REMINDER_OFFLINE": "1"}
"""No source is asked: tests reach nothing but this machine."""


class Household(House):
    """The household, on a database of the test's own, some weeks after it began."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        config = as_text(page_home("json://127.0.0.1:9/", web={"posters": True}))
        super().__init__(config, "2025-06-02 12:00", base="", environ=OFFLINE)
        self.live("2025-06-20 12:00")
        with self.store.write() as tx:
            for key in ("ballard", "private"):
                put_picture(tx, key, self.clock.now())

    def make_store(self) -> Store:
        """Return the database that is there."""
        return self.rig.store


@pytest.fixture(params=BOTH)
def household(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Household]:
    with rig_of(request.param, tmp_path) as rig:
        yield Household(rig)
