"""Builds the page: a site made of a config without its secrets, and the server that shows it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from reminder.config.values import ServingProcess
from reminder.core.errors import StoreGone
from reminder.daemon.app import App
from reminder.daemon.latest_config import LatestConfig
from reminder.platform.heartbeat import read_heartbeat
from reminder.store.identity import signing_key
from reminder.store.sql.change_mark import ChangeMark
from reminder.store.sql.store import Store

if TYPE_CHECKING:
    from reminder.web.serve import WebServer
    from reminder.web.site import Site

log = logging.getLogger(__name__)


def build_site(
    app: Callable[[], App], store: Store, *, wake: Callable[[], None] | None = None, stop: threading.Event | None = None
) -> Site:
    """Return what the page works with; `app` returns the config as it stands now, on its machine.

    `wake` has the daemon of this process look for what is due; None where the page has a process of its own.
    """
    from reminder.web.site import Site

    first = app()
    beside = first.runtime_dir
    with store.read() as tx:
        key = signing_key(tx)
    stop = stop or threading.Event()
    latest = LatestConfig(app=app, store=store, stop=stop)
    return Site(
        database=_StoreInPlace(store.announcing(), stop),
        clock=first.clock,
        config=latest.config,
        signing_key=key,
        adder=latest.adder,
        announcements=latest.announcements,
        heartbeat=lambda: read_heartbeat(beside),
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
