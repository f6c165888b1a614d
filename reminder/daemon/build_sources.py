"""Builds what asks for dates, and what fetches pages, as a config says."""

from __future__ import annotations

import threading

from reminder.core.sending.proxies import proxies_of
from reminder.core.sourcing.pictures import MOST_BYTES
from reminder.core.text.markup import host_of
from reminder.daemon.app import App
from reminder.refresh.posters import RATE, PosterKeeper
from reminder.refresh.refresher import Refresher
from reminder.refresh.report import Tell
from reminder.sources.build import Builder, Catalogues, Feed
from reminder.sources.cache import Pacer
from reminder.sources.fetch import Fetcher
from reminder.sources.source import Source
from reminder.store.sql.store import Store


def build_catalogues(app: App, stop: threading.Event | None = None) -> Catalogues:
    """Return everything that the config allows to be asked for dates; `stop` ends every wait for a turn."""
    said = app.config.sources
    proxies = proxies_of(app.machine.environ)
    build = Builder(clock=app.clock, proxies=proxies, stop=stop or threading.Event())
    sources: dict[str, Source] = {}
    if said.tvmaze:
        sources["tvmaze"] = build.tvmaze(said.tvmaze_url)
    if said.tmdb_key is not None:
        sources["tmdb"] = build.tmdb(said.tmdb_key, said.tmdb_url)
    feeds = tuple(
        Feed(calendar=build.calendar(each.name, each.url), only_premieres=each.only == "premieres")
        for each in said.calendars
        if each.url is not None
    )
    return Catalogues(sources=sources, feeds=feeds, stop=build.stop)


def build_refresher(app: App, store: Store, tell: Tell, stop: threading.Event | None = None) -> Refresher:
    """Return what asks the sources; `tell` hears of what the operator should know."""
    return Refresher(store=store, there=build_catalogues(app, stop), grace=app.config.grace, tell=tell)


def build_posters(app: App, store: Store, stop: threading.Event) -> PosterKeeper | None:
    """Return what fetches pictures of titles, None where the config does not ask for them."""
    if app.config.web is None or not app.config.web.posters:
        return None
    own = (app.config.sources.tvmaze_url, app.config.sources.tmdb_url)
    fetcher = Fetcher(
        clock=app.clock,
        private=frozenset(host_of(url) for url in own if url),
        max_bytes=MOST_BYTES,
        stop=stop,
        proxies=proxies_of(app.machine.environ),
    )
    return PosterKeeper(store=store, fetch=fetcher.get, pacer=Pacer(rate=RATE, clock=app.clock, stop=stop))


def build_article_fetcher(app: App, stop: threading.Event) -> Fetcher:
    """Return what fetches the pages of announcements: from no private address, since whoever follows may name one."""
    return Fetcher(clock=app.clock, proxies=proxies_of(app.machine.environ), stop=stop)
