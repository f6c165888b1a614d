"""The config as it stands now, without its secrets, for the page and the bot; and what asks sources by it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from reminder.config import Config
from reminder.core.model.channels import Channels
from reminder.core.model.entities import Channel
from reminder.daemon.app import App
from reminder.daemon.build_sources import build_article_fetcher, build_refresher
from reminder.notify.schemas import is_console
from reminder.store.sql.store import Store
from reminder.usecases.add_title import TitleAdder
from reminder.usecases.announcement_reader import AnnouncementReader, second_reader_of

log = logging.getLogger(__name__)


def without_secrets(config: Config) -> Config:
    """Return a config as the page may have it: no URL of a channel, no database, no key of a source."""
    channels = Channels({name: _without_url(channel) for name, channel in config.channels.items()})
    calendars = tuple(replace(each, url=None) for each in config.sources.calendars)
    sources = replace(config.sources, tmdb_key=None, calendars=calendars)
    return replace(config, channels=channels, database=None, sources=sources, reading=None)


def _without_url(channel: Channel) -> Channel:
    """Return a channel without its URL. What is printed here is read by whoever reads the log: no code comes so."""
    is_printed = channel.url is not None and is_console(channel.url.reveal())
    return replace(channel, url=None, unquoted=(), sign_in=False if is_printed else channel.sign_in)


@dataclass(kw_only=True)
class LatestConfig:
    """What is made of the config as it stands now, once for each config that was read; any thread may ask.

    `app` returns the config on its machine; `stop` ends what asks the sources.
    """

    app: Callable[[], App]
    store: Store
    stop: threading.Event
    _made_for: Config | None = None
    _adder: TitleAdder | None = None
    _announcements: AnnouncementReader | None = None
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def config(self) -> Config:
        """Return the config without its secrets."""
        return self.adder().config

    def adder(self) -> TitleAdder:
        """Return what proposes titles and asks the sources about them."""
        return self._made()[0]

    def announcements(self) -> AnnouncementReader:
        """Return what reads announcements."""
        return self._made()[1]

    def _made(self) -> tuple[TitleAdder, AnnouncementReader]:
        app = self.app()
        with self._guard:
            if self._adder is None or self._announcements is None or app.config is not self._made_for:
                refresher = build_refresher(app, self.store, _note, self.stop)
                self._adder = TitleAdder(config=without_secrets(app.config), refresher=refresher)
                fetcher = build_article_fetcher(app, self.stop)
                second_reader = partial(second_reader_of, app.config.reading, app.machine.environ)
                self._announcements = AnnouncementReader(fetcher=fetcher, second_reader=second_reader)
                self._made_for = app.config
            return self._adder, self._announcements


def _note(subject: str, lines: Sequence[str], now: datetime) -> None:
    del now
    log.warning("source needs a word", extra={"what": subject, "why": " ".join(lines)})
