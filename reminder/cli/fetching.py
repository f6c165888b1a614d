"""Fetches the web page that an announcement is read from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reminder.announcements.article import Article
from reminder.cli.context import CommandContext
from reminder.core.errors import ReminderError
from reminder.core.sending.proxies import proxies_of
from reminder.platform.clock import clock_from
from reminder.sources.fetch import Fetcher
from reminder.usecases.article_fetch import UnreadPage, UnreadReason, fetch_article

_REMEDIES: Final[Mapping[UnreadReason, str]] = {
    UnreadReason.PRIVATE: ": write --private if that is meant",
    UnreadReason.REFUSED: ": save the page, and give its file instead",
}


def fetched(wanted: CommandContext, url: str, *, private: bool) -> Article:
    """Return the article in a page; `private` allows an address on one's own network. Raises ReminderError."""
    environ = wanted.machine.environ
    fetcher = Fetcher(clock=clock_from(environ), private=None if private else frozenset(), proxies=proxies_of(environ))
    page = fetch_article(fetcher, url)
    if isinstance(page, UnreadPage):
        raise ReminderError(f"{page.reason}{_REMEDIES.get(page.why, '')}")
    return page
