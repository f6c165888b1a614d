"""Builds the daemon, and gives it a config that was read again."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from reminder.config import Config
from reminder.core.errors import ClockWrong, ConfigReplaced, ConfigShrunk, WrongInput
from reminder.daemon.app import App
from reminder.daemon.bots import BotReaders
from reminder.daemon.build_delivery import (
    build_channel_check,
    build_lease_keeper,
    build_sender,
    build_sweeper,
    build_transport,
    weekly_heartbeat,
)
from reminder.daemon.build_push import PushAccess
from reminder.daemon.build_sources import build_posters, build_refresher
from reminder.daemon.config_sync import AGAIN
from reminder.daemon.refresh_thread import Refresh, Refreshing, teller
from reminder.daemon.retention import Pruner
from reminder.daemon.service import Daemon
from reminder.delivery.preload import LibraryLoader
from reminder.delivery.sweep import Sweeper
from reminder.platform.heartbeat import Heartbeat, read_heartbeat
from reminder.platform.systemd import Systemd
from reminder.store.daemons import note_daemon
from reminder.store.sql.news import news_of
from reminder.store.sql.store import Store

if TYPE_CHECKING:
    from reminder.daemon.metrics import MetricsServer

log = logging.getLogger(__name__)


@dataclass(kw_only=True)
class RunningApp:
    """The config that runs now, on its machine: a reload that is taken puts another here."""

    app: App


def build_daemon(
    app: App, store: Store, reread: Callable[[], Config], *, force: bool = False, running: RunningApp | None = None
) -> Daemon:
    """Bring the config into the database, take over what a dead daemon held, and return the daemon to run.

    `running` is told of each config that is taken. `reread` reads the config again for a reload. `force` takes the
    config even if most of what people follow is no longer in it. Raises ConfigShrunk and StoreError.
    """
    lease_keeper, stop = build_lease_keeper(app, store), threading.Event()
    current = running or RunningApp(app=app)
    transport = build_transport(app, push=PushAccess(lambda: current.app, store))
    sweeper = build_sweeper(app, store, build_sender(app, lease_keeper, transport), lease_keeper)
    sweeper.loader = LibraryLoader(transport.load)
    refreshing = Refreshing(
        refresher=build_refresher(app, store, teller(sweeper), stop), posters=build_posters(app, store, stop)
    )
    pruner = Pruner(store=store, keep=app.config.keep, stop=stop)
    daemon = Daemon(
        sweeper=sweeper,
        clock=app.clock,
        systemd=Systemd(app.machine.environ),
        runtime_dir=app.runtime_dir,
        reload=_Reloader(
            app=app,
            sweeper=sweeper,
            reread=reread,
            refreshing=refreshing,
            pruner=pruner,
            running=current,
        ),
        refresh=refreshing,
        tidy=pruner.daily,
        examine=build_channel_check(app, store, sweeper),
        news=news_of(store),
        config=lambda: current.app.config.digest,
        stop=stop,
    )
    daemon.bots = BotReaders(app=lambda: current.app, store=store, wake=daemon.wake, stop=stop)
    try:
        left = app.config_sync.begin(store, app.clock.now(), lease_keeper, force=force)
        if left:
            daemon.leave_config(left)
    except ClockWrong:
        daemon.reload_soon()  # once the clock is right; until then it says what is wrong
    return daemon


def serve_metrics(
    app: App, sweeper: Sweeper, refresh: Refresh | None = None, beat: Callable[[], Heartbeat | None] = lambda: None
) -> MetricsServer | None:
    """Serve a daemon's metrics where the config says, else return None; a failure to do so is logged.

    `beat` returns the daemon's own last heartbeat; before its first, the one on disk counts.
    """
    if app.config.metrics is None:
        return None
    host, port = app.config.metrics
    try:
        from reminder.daemon.metrics import MetricsServer, ObservedDaemon

        watched = ObservedDaemon(
            name=app.config.name,
            store=sweeper.store,
            counters=sweeper.counters,
            clock=app.clock,
            beat=lambda: beat() or read_heartbeat(app.runtime_dir),
            channels=lambda: sweeper.channels,
            sources=lambda: refresh.sources if refresh else app.config.sources.names,
            in_flight=lambda: sweeper.sender.in_flight,
            stuck=lambda: sweeper.sender.stuck,
        )
        return MetricsServer(address=(host, port), watched=watched)
    except ImportError:
        log.error("metrics not served", extra={"why": "a library is missing: pip install 'release-reminder[metrics]'"})
    except OSError as error:
        log.error("metrics not served", extra={"at": f"{host}:{port}", "why": error.strerror})
    return None


def _served(config: Config) -> tuple[object, ...]:
    """Return what of the page a running daemon cannot change: whether, where and under what address it is served."""
    web = config.web
    return () if web is None else (web.listen, web.address, web.process)


@dataclass(kw_only=True)
class _Reloader:
    """Reads the config again, and has the running daemon go on with it.

    One that has lost most of its titles, or was replaced by another daemon's, is taken when it is read a second time
    unchanged.
    """

    app: App
    sweeper: Sweeper
    reread: Callable[[], Config]
    refreshing: Refreshing
    pruner: Pruner
    running: RunningApp
    _suspect: Config | None = None

    def __call__(self, now: datetime) -> str:
        config = self.reread()
        try:
            changed = self._take(config, now, force=config == self._suspect)
        except (ConfigShrunk, ConfigReplaced):
            self._suspect = config
            raise
        self._suspect = None
        self.pruner.keep = config.keep
        app = self.running.app = replace(self.app, config=config)
        stop = self.refreshing.refresher.there.stop
        self.refreshing.refresher = build_refresher(app, self.sweeper.store, teller(self.sweeper), stop)
        self.refreshing.posters = build_posters(app, self.sweeper.store, stop)
        return changed

    def _take(self, config: Config, now: datetime, *, force: bool) -> str:
        """Take a config; what is in flight keeps the old channels. Return what changed, in words.

        Raises ConfigShrunk and ConfigReplaced, unless `force`, WrongInput and StoreError.
        """
        running, sweeper = self.app.config, self.sweeper
        if config.name != running.name:
            raise WrongInput(f"`name:` is now {config.name!r}, but {running.name!r} runs: restart to change it")
        if (config.database, config.delivery) != (running.database, running.delivery):
            log.warning("restart needed", extra={"why": "`database:` or `delivery:` has changed"})
        if _served(config) != _served(running):
            log.warning("restart needed", extra={"why": "`web:` is served in another way"})
        app = replace(self.app, config=config)
        config_sync, lease_keeper = app.config_sync, sweeper.lease_keeper
        me = replace(lease_keeper.me, digest=config_sync.digest) if lease_keeper else None
        with sweeper.store.write() as tx:
            report = config_sync.take(tx, now, me, None if force else AGAIN)
            if me:
                note_daemon(tx, me)
        if lease_keeper and me:
            lease_keeper.me = me
        sweeper.channels = config.channels
        sweeper.templates = app.config.templates
        sweeper.grace = config.grace
        sweeper.operator = config.operator
        sweeper.weekly = weekly_heartbeat(config)
        report.log()
        return str(report)
