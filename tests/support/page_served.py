"""The page as the installed command serves it, in tabs of a browser in which somebody is signed in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser
from sqlalchemy import create_engine, text

from tests.support.browser import Tab, View
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
        """Return the numbers of the titles by their first word in lower case, and a link for Asha."""
        engine = create_engine(f"sqlite:///{self.process.reminder.database}")
        with engine.connect() as connection:
            rows = connection.execute(text("SELECT id, name FROM title")).all()
        engine.dispose()
        titles = {row.name.partition(" ")[0].lower(): str(row.id) for row in rows}
        return {**titles, "link": self.process.link("asha").rpartition("/")[2]}
