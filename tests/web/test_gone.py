"""A database that is taken away under the page: nothing is taken for kept that nobody will find again."""

from __future__ import annotations

from pathlib import Path

import pytest

from reminder.core.model.secret import Secret
from reminder.store.sql.store import Store, open_store
from tests.support.pages import House

CONFIG = "web: {}\nwatch: [{title: Ballard, premiere: 2025-07-09}]"


class FileHouse(House):
    """A house whose database is a file."""

    folder: Path

    def make_store(self) -> Store:
        return open_store(Secret(str(self.folder / "reminder.db")))


@pytest.mark.parametrize("gone", ["deleted", "replaced"])
def test_a_page_takes_nothing_into_a_file_that_is_gone(tmp_path: Path, gone: str) -> None:
    FileHouse.folder = tmp_path
    house = FileHouse(CONFIG, "2025-06-20 12:00")
    browser = house.browser("me")
    file = tmp_path / "reminder.db"
    file.rename(tmp_path / "moved.db")
    if gone == "replaced":
        file.write_bytes(b"")
    answers = [browser.get(path).status_code for path in ("/", "/title/1", "/me")]
    answers.append(browser.client.post("/title/1/mute", headers={"Sec-Fetch-Site": "same-origin"}).status_code)
    assert answers == [503, 503, 503, 503]
