"""The page as the installed command serves it: a user's daemon, its address, and tabs in which somebody is signed in."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser
from sqlalchemy import create_engine, text

from tests.support.browser import Tab, View
from tests.support.page_home import as_text
from tests.support.process import Daemon, Reminder


def free_port() -> int:
    """Return a port on loopback that nobody listens on just now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@dataclass(kw_only=True)
class ServedPage:
    """A page that is served by a user's daemon."""

    reminder: Reminder
    daemon: Daemon
    port: int
    _signed_in: dict[str, list[Any]] = field(default_factory=dict)

    def at(self, path: str) -> str:
        """Return the whole address of a path."""
        return f"http://localhost:{self.port}{path}"

    def link(self, person: str) -> str:
        """Return a link from the terminal that signs somebody in."""
        made = self.reminder.run("web", "link", person)
        assert made.status == 0, made.err
        return made.out.strip()

    def tab(self, browser: Browser, view: View, person: str | None = None) -> Tab:
        """Return a new tab in which somebody is signed in: by a link the first time, later by the same session."""
        tab = Tab(browser=browser, view=view)
        if person is None:
            return tab
        if person not in self._signed_in:
            tab.open(self.link(person))
            tab.press("Sign in")
            assert tab.path == "/", tab.page.content()
            self._signed_in[person] = tab.context.cookies()
        tab.context.add_cookies(self._signed_in[person])
        return tab

    def numbers(self) -> dict[str, str]:
        """Return the numbers of the titles by their first word in lower case, and a link for Asha."""
        engine = create_engine(f"sqlite:///{self.reminder.database}")
        with engine.connect() as connection:
            rows = connection.execute(text("SELECT id, name FROM title")).all()
        engine.dispose()
        titles = {row.name.partition(" ")[0].lower(): str(row.id) for row in rows}
        return {**titles, "link": self.link("asha").rpartition("/")[2]}


@contextmanager
def served(reminder: Reminder, config: dict[str, Any], at: str) -> Iterator[ServedPage]:
    """Start the daemon of a config with a page, at an instant."""
    port = free_port()
    reminder.write(as_text({**config, "web": {"listen": f"127.0.0.1:{port}", **config.get("web", {})}}))
    with reminder.at(at).daemon() as daemon:
        yield ServedPage(reminder=reminder, daemon=daemon, port=port)
