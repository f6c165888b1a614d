"""The page as the installed command serves it, in tabs of a browser in which somebody is signed in."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from playwright.sync_api import Browser
from sqlalchemy import create_engine, select, text

from reminder.core.model.secret import Secret
from reminder.delivery.deed_marks import mark_of
from reminder.delivery.message_links import LinkSigner
from reminder.store.identity import signing_key
from reminder.store.sql.store import open_store
from reminder.store.sql.tables import delivery, message
from reminder.usecases import asks
from tests.support.browser import Tab, View
from tests.support.page_home import AT, HOSTILE
from tests.support.page_newcomers import begun
from tests.support.page_process import PageProcess

_SENT: Final = (
    select(delivery)
    .join(message, delivery.c.message_id == message.c.id)
    .where(message.c.title_id.is_not(None), delivery.c.channel == "hook")
    .order_by(delivery.c.id.desc())
    .limit(1)
)
"""The last message about a title to somebody."""


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
            newcomers = begun(tx, datetime.fromisoformat(AT))
            sent = tx.execute(_SENT).one()
            signer = LinkSigner(signing_key(tx), sent.tried_at + timedelta(seconds=1))  # after it was decided
        return {
            **titles,
            "unbroken": titles[HOSTILE["unbroken"].lower()],
            "test": str(test),
            **newcomers,
            "message": signer.message(sent.subscriber_id, sent.message_id, sent.id),
            "mail": signer.mail(sent.subscriber_id, sent.id, mark_of(sent.channel, None)),
            "link": self.process.link("asha").rpartition("/")[2],
        }
