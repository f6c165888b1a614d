"""Builds what reads a bot and answers people: a site made of a config without its secrets, and the bot's token."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from reminder.bot.reader import BotReader
from reminder.bot.site import BotSite
from reminder.config import Config
from reminder.daemon.app import App
from reminder.daemon.bots import TelegramBot
from reminder.daemon.build_sources import build_article_fetcher, build_refresher, build_second_reader
from reminder.daemon.build_web import without_secrets
from reminder.notify.bot_api import BotApi
from reminder.notify.bot_token import number_of
from reminder.store.identity import signing_key
from reminder.store.sql.store import Store
from reminder.usecases.add_title import TitleAdder
from reminder.usecases.announcement_reader import AnnouncementReader

log = logging.getLogger(__name__)


def build_reader(
    bot: TelegramBot,
    app: Callable[[], App],
    store: Store,
    *,
    owner: str,
    is_wanted: Callable[[], bool],
    wake: Callable[[], None],
    stop: threading.Event,
) -> BotReader:
    """Return what reads a bot for the daemon `owner` as long as it `is_wanted`; `stop` ends what asks the sources.

    `app` returns the config as it stands now, on its machine. Raises StoreError.
    """
    latest = _Latest(app=app, store=store, stop=stop)
    with store.read() as tx:
        key = signing_key(tx)
    site = BotSite(
        channel=replace(bot.channel, url=None, unquoted=()),
        is_always_read=bot.channel.bot,
        database=store,
        clock=app().clock,
        config=latest.config,
        adder=latest.adder,
        announcements=latest.announcements,
        signing_key=key,
        wake=wake,
    )
    number = number_of(bot.token)
    return BotReader(site=site, api=BotApi(bot.token), number=number, owner=owner, is_wanted=is_wanted)


@dataclass(kw_only=True)
class _Latest:
    """What is made of the config as it stands now, for the one thread that reads a bot."""

    app: Callable[[], App]
    store: Store
    stop: threading.Event
    _of: App | None = None
    _adder: TitleAdder | None = None

    def config(self) -> Config:
        return self.adder().config

    def adder(self) -> TitleAdder:
        app = self.app()
        if self._adder is None or self._of is None or app.config is not self._of.config:
            refresher = build_refresher(app, self.store, _note, self.stop)
            self._adder = TitleAdder(config=without_secrets(app.config), refresher=refresher, templates=app.templates)
            self._of = app
        return self._adder

    def announcements(self) -> AnnouncementReader:
        app = self.app()
        fetcher = build_article_fetcher(app, self.stop)
        return AnnouncementReader(fetcher=fetcher, second_reader=partial(build_second_reader, app))


def _note(subject: str, lines: Sequence[str], now: datetime) -> None:
    del now
    log.warning("source needs a word", extra={"what": subject, "why": " ".join(lines)})
