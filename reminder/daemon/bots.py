"""Has the bots of the config's channels read: at all times where it says so, else only while somebody joins by one."""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from reminder.config import Config
from reminder.core.errors import StoreError
from reminder.core.model.entities import Channel
from reminder.core.model.secret import Secret
from reminder.daemon.app import App
from reminder.notify.bot_token import token_of
from reminder.store.sql.store import Store
from reminder.usecases import bot_reading
from reminder.usecases.telegram_proof import awaited_channels

if TYPE_CHECKING:
    from reminder.bot.reader import BotReader

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class TelegramBot:
    """A bot that stands behind a channel which people share; `token` is its secret."""

    channel: Channel
    token: Secret

    @property
    def key(self) -> tuple[str, str, bool]:
        """Return what makes it another bot to read when it changes."""
        return self.channel.name, self.channel.fingerprint, self.channel.bot


def bots_of(config: Config) -> Iterator[TelegramBot]:
    """Yield the bots of a config that may be read: those that take commands, and those by which people may join.

    Where two secrets turn out to be of one bot, it is read for the first of its channels alone.
    """
    read: set[str] = set()
    for channel in config.channels.values():
        token = token_of(channel.url) if channel.url is not None and channel.is_shared else None
        if token is None or not (channel.bot or channel.join):
            continue
        if token.reveal() not in read:
            read.add(token.reveal())
            yield TelegramBot(channel=channel, token=token)


@dataclass(kw_only=True)
class BotReaders:
    """Starts and ends what reads the bots, as config and database say; where nothing is to be read, no thread is.

    `app` returns the config as it stands now, on its machine; `wake` has the daemon look for what is due.
    """

    app: Callable[[], App]
    store: Store
    wake: Callable[[], None]
    stop: threading.Event
    owner: str = field(default_factory=lambda: uuid.uuid4().hex)
    _readers: dict[tuple[str, str, bool], BotReader] = field(default_factory=dict)
    _config: Config | None = None
    _nameless: set[str] = field(default_factory=set)

    def look(self, now: datetime) -> None:
        """Begin to read what is to be read at `now`, and end the rest. Raises StoreError."""
        app = self.app()
        bots = {bot.key: bot for bot in bots_of(app.config)}
        if app.config is not self._config:
            self._know(bots.values())
            self._config = app.config
        self._end_but(bots)
        wanted = self._awaited(now) if any(bot.channel.join for bot in bots.values()) else frozenset()
        for key, bot in bots.items():
            name = bot.channel.name
            if (bot.channel.bot or name in wanted or name in self._nameless) and key not in self._readers:
                self._readers[key] = self._begin(bot)
                self._nameless.discard(name)

    def close(self) -> None:
        """End everything that reads."""
        for reader in self._readers.values():
            reader.end()
        for reader in self._readers.values():
            reader.join()
        self._readers.clear()

    def _know(self, bots: Collection[TelegramBot]) -> None:
        """Forget the bots that are gone, and have those asked for their names whose names are not known."""
        with self.store.write() as tx:
            bot_reading.forget_bots(tx, [bot.channel.fingerprint for bot in bots])
            known = {bot.channel.name: bot_reading.known_bot(tx, bot.channel.fingerprint) for bot in bots}
        self._nameless = {name for name, each in known.items() if each is None or not each.username}

    def _end_but(self, bots: Mapping[tuple[str, str, bool], TelegramBot]) -> None:
        for key, reader in list(self._readers.items()):
            if key not in bots:
                reader.end()
            if not reader.is_alive:
                del self._readers[key]

    def _awaited(self, now: datetime) -> frozenset[str]:
        with self.store.read() as tx:
            return awaited_channels(tx, now)

    def _begin(self, bot: TelegramBot) -> BotReader:
        from reminder.daemon.build_bot import build_reader

        is_wanted = partial(self._is_wanted, bot.channel)
        reader = build_reader(
            bot, self.app, self.store, owner=self.owner, is_wanted=is_wanted, wake=self.wake, stop=self.stop
        )
        reader.start()
        return reader

    def _is_wanted(self, channel: Channel) -> bool:
        return channel.bot or channel.name in self._awaited(self.app().clock.now())


def look_at_bots(readers: BotReaders, now: datetime) -> None:
    """Have the bots looked at that are to be read; a database that cannot be used is said elsewhere."""
    try:
        readers.look(now)
    except StoreError as error:
        log.debug("bots not looked at", extra={"why": str(error)})
