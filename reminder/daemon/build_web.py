"""Builds the page: a site made of a config without its secrets, and the server that shows it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from reminder.config import Config
from reminder.config.values import ServingProcess
from reminder.core.model.channels import Channels
from reminder.core.model.entities import Channel
from reminder.daemon.app import App
from reminder.daemon.build_sources import build_article_fetcher, build_refresher, build_second_reader
from reminder.errors import StoreGone
from reminder.notify.schemas import is_console
from reminder.platform.heartbeat import read_heartbeat
from reminder.refresh.refresher import Refresher
from reminder.store.identity import signing_key
from reminder.store.sql.change_mark import ChangeMark
from reminder.store.sql.store import Store
from reminder.usecases.announcement_reader import AnnouncementReader

if TYPE_CHECKING:  # their libraries are an extra, loaded only for a config that asks for the page
    from reminder.web.serve import WebServer
    from reminder.web.site import Site

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


def build_site(
    app: Callable[[], App], store: Store, *, wake: Callable[[], None] | None = None, stop: threading.Event | None = None
) -> Site:
    """Return what the page works with; `app` returns the config as it stands now, on its machine.

    `wake` has the daemon of this process look for what is due; None where the page has a process of its own.
    """
    from reminder.web.site import Site

    first = app()
    with store.read() as tx:
        key = signing_key(tx)
    seen = _Latest(app, store, stop or threading.Event())
    return Site(
        database=_StoreInPlace(store.announcing(), stop or threading.Event()),
        clock=first.clock,
        config=seen.config,
        signing_key=key,
        refresher=seen.refresher,
        announcements=seen.announcements,
        heartbeat=lambda: read_heartbeat(first.runtime_dir),
        wake=wake or (lambda: None),
        change_mark=ChangeMark(store).read,
        is_in_daemon=wake is not None,
    )


class _StoreInPlace:
    """The database as long as it lies in its place: what is written into a file that is gone, nobody finds again."""

    def __init__(self, store: Store, stop: threading.Event) -> None:
        self._store, self._stop = store, stop

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open a transaction that commits at its end. Raises StoreError."""
        self._look()
        with self._store.write() as tx:
            yield tx

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a transaction that takes no lock against writers. Raises StoreError."""
        self._look()
        with self._store.read() as tx:
            yield tx

    def _look(self) -> None:
        try:
            self._store.must_be_there()
        except StoreGone as error:
            if not self._stop.is_set():
                log.error("database gone, ending", extra={"why": str(error)})
            self._stop.set()  # for a start anew: this process would never find another file whole
            raise


class _Latest:
    """What is made of the config as it stands now: once for each config that was read."""

    def __init__(self, app: Callable[[], App], store: Store, stop: threading.Event) -> None:
        self._app, self._store, self._stop = app, store, stop
        self._of: App | None = None
        self._guard = threading.Lock()

    def config(self) -> Config:
        self._look()
        return self._config

    def refresher(self) -> Refresher:
        self._look()
        return self._refresher

    def announcements(self) -> AnnouncementReader:
        self._look()
        return self._announcements

    def _look(self) -> None:
        app = self._app()
        with self._guard:
            if self._of is not None and app.config is self._of.config:
                return
            self._config = without_secrets(app.config)
            self._refresher = build_refresher(app, self._store, _note, self._stop)
            self._announcements = AnnouncementReader(
                fetcher=build_article_fetcher(app, self._stop), second_reader=partial(build_second_reader, app)
            )
            self._of = app


def _note(subject: str, lines: Sequence[str], now: datetime) -> None:
    del now
    log.warning("source needs a word", extra={"what": subject, "why": " ".join(lines)})


def is_of_extra(error: ModuleNotFoundError) -> bool:
    """Tell whether what is missing is a library of the extra `web`, and not a part of this program."""
    return not (error.name or "").startswith("reminder")


def serve_web(
    app: Callable[[], App], store: Store, *, wake: Callable[[], None], stop: threading.Event
) -> WebServer | None:
    """Serve the page from the daemon where the config says so, else return None; a failure to do so is logged."""
    web = app().config.web
    if web is None or web.process is ServingProcess.OWN:
        return None
    host, port = web.listen
    try:
        from reminder.web.app import build_app
        from reminder.web.serve import WebServer

        server = WebServer(app=build_app(build_site(app, store, wake=wake, stop=stop)), address=web.listen)
    except ModuleNotFoundError as error:
        if not is_of_extra(error):
            raise
        log.error("page not served", extra={"why": "a library is missing: pip install 'release-reminder[web]'"})
        return None
    except OSError as error:
        log.error("page not served", extra={"at": f"{host}:{port}", "why": error.strerror})
        return None
    log.info("page served", extra={"at": f"{host}:{port}", "address": web.address or "only from this machine"})
    return server
