"""The page as the installed command serves it, in tabs of a browser in which somebody is signed in."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from playwright.sync_api import Browser
from sqlalchemy import create_engine, text

from reminder.core.model.secret import Secret
from reminder.store.sql.store import open_store
from reminder.usecases import asks
from tests.support.browser import Tab, View
from tests.support.page_home import AT, HOSTILE
from tests.support.page_newcomers import begun
from tests.support.page_process import PageProcess


@dataclass(kw_only=True)
class ServedPage:
    """A page, and who is signed in to it."""

    process: PageProcess
    _signed_in: dict[str, list[Any]] = field(default_factory=dict)

    def tab(self, browser: Browser, view: View, person: str | None = None) -> Tab:
        """Return a new tab in which somebody is signed in: by a link the first time, later by the same session."""
        tab = Tab(browser=browser, view=view)
        if person is None:
            return tab
        if person not in self._signed_in:
            tab.open(self.process.link(person))
            tab.press("Sign in")
            assert tab.path == "/", tab.page.content()
            self._signed_in[person] = tab.context.cookies()
        tab.context.add_cookies(self._signed_in[person])
        return tab

    def numbers(self) -> dict[str, str]:
        """Return the numbers of the titles by their first word in lower case, of a test of Asha's, and a link for her."""
        engine = create_engine(f"sqlite:///{self.process.reminder.database}")
        with engine.connect() as connection:
            rows = connection.execute(text("SELECT id, name FROM title")).all()
        engine.dispose()
        titles = {row.name.partition(" ")[0].lower(): str(row.id) for row in rows}
        with closing(open_store(Secret(str(self.process.reminder.database)))) as store, store.write() as tx:
            test = asks.ask_test(tx, person="asha", channel="hook", now=datetime.fromisoformat(AT))
            invitation = begun(tx, datetime.fromisoformat(AT))
        return {
            **titles,
            "unbroken": titles[HOSTILE["unbroken"].lower()],
            "test": str(test),
            "invitation": invitation,
            "link": self.process.link("asha").rpartition("/")[2],
        }
