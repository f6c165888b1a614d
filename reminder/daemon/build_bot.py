"""Builds what reads a bot and answers people: a site made of a config without its secrets, and the bot's token."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import replace

from reminder.bot.reader import BotReader
from reminder.bot.site import BotSite
from reminder.daemon.app import App
from reminder.daemon.bots import TelegramBot
from reminder.daemon.latest_config import LatestConfig
from reminder.notify.bot_api import BotApi
from reminder.notify.bot_token import number_of
from reminder.store.identity import signing_key
from reminder.store.sql.store import Store

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
    latest = LatestConfig(app=app, store=store, stop=stop)
    with store.read() as tx:
        key = signing_key(tx)
    site = BotSite(
        channel=replace(bot.channel, url=None, unquoted=()),
        is_always_read=bot.channel.bot,
        database=store,
        clock=app().clock,
        adder=latest.adder,
        announcements=latest.announcements,
        signing_key=key,
        wake=wake,
    )
    number = number_of(bot.token)
    return BotReader(site=site, api=BotApi(bot.token), number=number, owner=owner, is_wanted=is_wanted)
