"""Fetching the page that an announcement stands in."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from reminder.core.text.kept_texts import in_language
from reminder.core.text.language import Language
from reminder.core.text.markup import host_of
from reminder.sources.fetch import FetchedAnswer, Fetcher

if TYPE_CHECKING:
    from reminder.announcements.article import Article

_ACCEPT: Final = {"Accept": "text/html, text/plain;q=0.8"}


class UnreadReason(enum.StrEnum):
    """The sort of reason for which a page was not read; what can be done about it hangs on it."""

    PRIVATE = "private address"
    REFUSED = "another status than 200"
    NO_TEXT = "no text"
    NO_ANSWER = "no answer"


@dataclass(frozen=True, kw_only=True)
class UnreadPage:
    """A page that was not read, and why: a clause without the address but for its host."""

    why: UnreadReason
    reason: str
    host: str = ""

    def sentence(self, language: Language) -> str:
        """Return the reason as a sentence; a host at its head keeps its letters."""
        said = in_language(self.reason, language)
        return language.stopped(said if self.host and said.startswith(self.host) else language.capital(said))


def fetch_article(fetcher: Fetcher, url: str) -> Article | UnreadPage:
    """Return the article in the page at `url`, which is fetched; never raises."""
    answer, host = fetcher.get(url, _ACCEPT), host_of(url)
    if not isinstance(answer, FetchedAnswer):
        is_private = UnreadReason.PRIVATE in answer.reason
        why = UnreadReason.PRIVATE if is_private else UnreadReason.NO_ANSWER
        return UnreadPage(why=why, reason=answer.reason, host=host)
    if answer.status != 200:
        return UnreadPage(why=UnreadReason.REFUSED, reason=f"{host} answered {answer.status}", host=host)
    kind = answer.headers.get("content-type", "text/html")
    if not kind.lower().startswith(("text/", "application/xhtml")):
        reason = f"{host} sent no text, but {kind.partition(';')[0]}"
        return UnreadPage(why=UnreadReason.NO_TEXT, reason=reason, host=host)
    from reminder.announcements.article import article_from

    return article_from(answer.body, kind)
