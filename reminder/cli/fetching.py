"""Fetches the web page that an announcement is read from."""

from __future__ import annotations

from reminder.announcements.article import Article, article_from
from reminder.cli.context import CommandContext
from reminder.core.sending.proxies import proxies_of
from reminder.errors import ReminderError
from reminder.platform.clock import clock_from
from reminder.sources.fetch import FetchedAnswer, Fetcher, host_of


def fetched(wanted: CommandContext, url: str, *, private: bool) -> Article:
    """Return the article in a page; `private` allows an address on one's own network. Raises ReminderError."""
    environ = wanted.machine.environ
    fetcher = Fetcher(clock=clock_from(environ), private=None if private else frozenset(), proxies=proxies_of(environ))
    answer = fetcher.get(url, {"Accept": "text/html, text/plain;q=0.8"})
    if not isinstance(answer, FetchedAnswer):
        hint = ": write --private if that is meant" if "private address" in answer.reason else ""
        raise ReminderError(f"{answer.reason}{hint}")
    if answer.status != 200:
        raise ReminderError(f"{host_of(url)} answered {answer.status}: save the page, and give its file instead")
    kind = answer.headers.get("content-type", "text/html")
    if not kind.lower().startswith(("text/", "application/xhtml")):
        raise ReminderError(f"{host_of(url)} sent no text, but {kind.partition(';')[0]}")
    return article_from(answer.body, kind)
