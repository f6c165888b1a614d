"""Reads announcements for the page and the interface for programs: a text, or the page at an address.

The vocabulary by which announcements are read is large, and loaded with the first one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from reminder.config.values import ReadingSettings
from reminder.core.sending.proxies import proxies_of
from reminder.sources.fetch import Fetcher
from reminder.usecases.article_fetch import UnreadPage, UnreadReason, fetch_article

if TYPE_CHECKING:
    from reminder.announcements.article import Article
    from reminder.announcements.second_reader.asking import SecondReader
    from reminder.usecases.announcement import Announcement, SecondReading

PATIENCE: Final = 10.0
"""Seconds for a page, whose reader waits before a screen."""
SECOND_PATIENCE: Final = 15.0
"""Seconds for the second reader, for the same reason."""


@dataclass(frozen=True, kw_only=True)
class GivenAnnouncement:
    """What was given to be read, and what was read in it.

    `found` is None where a page could not be read, and neither could what stood beside its address; `unread` says why.
    `second` is what came of asking the second reader, None where it was not asked. Of a page, `url` is its address.
    """

    found: Announcement | None
    unread: UnreadPage | None = None
    second: SecondReading | None = None
    url: str | None = None

    @property
    def is_useful(self) -> bool:
        """Tell whether anything was found that can be followed."""
        return self.found is not None and self.found.title is not None


@dataclass(frozen=True, kw_only=True)
class AnnouncementReader:
    """Reads announcements. `second_reader` returns the second reader, None where the config names none."""

    fetcher: Fetcher
    second_reader: Callable[[], SecondReader | None]

    def says_date(self, line: str) -> bool:
        """Tell whether a title and its date of release can be read in a line."""
        from reminder.usecases.announcement import read

        found = read(line)
        return found.title is not None and found.written() is not None

    def read_text(self, text: str, published: date | None = None) -> GivenAnnouncement:
        """Return what is read in an announcement: as a text, or as the source of a web page.

        `published` is its own day, from which a missing year is inferred.
        """
        from reminder.announcements.article import article_from

        return self._read(article_from(text), published)

    def read_page(self, url: str, beside: str = "", published: date | None = None) -> GivenAnnouncement:
        """Return what is read in the page at `url`, which is fetched; else in what stood beside the address."""
        page = fetch_article(replace(self.fetcher, seconds=PATIENCE), url)
        if not isinstance(page, UnreadPage) and not page.text.strip():
            page = UnreadPage(why=UnreadReason.NO_TEXT, reason="there is no text in that page")
        unread = page if isinstance(page, UnreadPage) else None
        got = GivenAnnouncement(found=None) if isinstance(page, UnreadPage) else self._read(page, published)
        if beside and not (got.found and got.found.title and got.found.written()):
            other = self.read_text(beside)
            got = other if other.is_useful and (not got.is_useful or _has_date(other)) else got
        return replace(got, unread=unread, url=url)

    def _read(self, article: Article, published: date | None) -> GivenAnnouncement:
        from reminder.usecases.announcement import may_be_helped, read, read_with

        own = read(article.text, published, article.hints)
        reader = self.second_reader() if may_be_helped(own) else None
        if reader is None:
            return GivenAnnouncement(found=own)
        found, second = read_with(replace(reader, seconds=SECOND_PATIENCE), article, published, own)
        return GivenAnnouncement(found=found, second=second)


def second_reader_of(said: ReadingSettings | None, environ: Mapping[str, str]) -> SecondReader | None:
    """Return the second reader that a config names, None where it has none that can be asked.

    `environ` says by which proxies it is reached.
    """
    if said is None or said.url is None:
        return None
    from reminder.announcements.second_reader.asking import SecondReader
    from reminder.announcements.second_reader.endpoint import Endpoint

    endpoint = Endpoint(url=said.url, key=said.key, proxies=proxies_of(environ))
    return SecondReader(endpoint=endpoint, model=said.model)


def _has_date(given: GivenAnnouncement) -> bool:
    return given.found is not None and given.found.written() is not None
