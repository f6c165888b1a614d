"""`run`: the daemon, in the foreground, or one pass for cron."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from contextlib import closing, suppress
from dataclasses import replace
from typing import Annotated, Final

import typer

from reminder.cli.context import CommandContext, asked
from reminder.cli.hours import whose_hours
from reminder.cli.logs import set_up_logs
from reminder.cli.talk import say
from reminder.config import Config
from reminder.core.errors import AlreadyRunning
from reminder.daemon.app import App, read_config
from reminder.daemon.build_delivery import (
    build_channel_check,
    build_lease_keeper,
    build_sender,
    build_sweeper,
    build_transport,
)
from reminder.daemon.build_push import PushAccess
from reminder.daemon.build_sources import build_refresher
from reminder.daemon.build_web import serve_web
from reminder.daemon.factory import RunningApp, build_daemon, serve_metrics
from reminder.daemon.refresh_thread import ask_briefly
from reminder.daemon.retention import Pruner
from reminder.daemon.run_once import one_pass
from reminder.daemon.scheduler import JOB
from reminder.delivery.preload import LibraryLoader
from reminder.platform import failpoints
from reminder.usecases.config_check import lacking
from reminder.usecases.titles import Size, size_of

log: Final = logging.getLogger(__name__)

LAST_WORDS: Final = 2.0
"""Seconds that threads get to come to their end, when everything is written down and closed."""


def run(
    context: typer.Context,
    once: Annotated[
        bool, typer.Option("--once", help="Try each due delivery once and exit, for cron or a timer.")
    ] = False,
    force: Annotated[
        bool,
        typer.Option(
            "--force",
            help="Take the config even if it drops most of what people follow, "
            "and the clock even if the ledger is ahead of it.",
        ),
    ] = False,
) -> None:
    """Send reminders as their moments come, until stopped."""
    wanted = asked(context)
    failpoints.arm(wanted.machine.environ)
    # cron mails every line: a pass in which all went well has none, unless the config asks for them.
    set_up_logs(wanted.app, level="warning" if once and not wanted.app.config.log.is_level_written else None)
    for warning in lacking(wanted.app.config) if once else wanted.app.config.warnings:
        say(f"warning: {warning}")
    try:
        status = _once(wanted, force) if once else _forever(wanted, force)
    except AlreadyRunning as error:
        if not once:
            raise
        say(str(error))
        status = 0
    if not once:
        _leave_what_hangs(status)
    raise typer.Exit(status)


def _leave_what_hangs(status: int) -> None:
    """End the process here if a job does not come to its end: Python would wait for its thread for ever."""
    jobs = [each for each in threading.enumerate() if each.name.startswith(JOB)]
    for each in jobs:
        each.join(LAST_WORDS / len(jobs))
    if any(each.is_alive() for each in jobs):
        with suppress(OSError, ValueError):
            sys.stdout.flush()
        os._exit(status)


def _forever(wanted: CommandContext, force: bool) -> int:
    app = wanted.app
    with app.as_only_daemon(), closing(app.open_store(check=True)) as store:
        running = RunningApp(app=app)
        daemon = build_daemon(app, store, lambda: _read_again(wanted), force=force, running=running)
        metrics = serve_metrics(app, daemon.sweeper, daemon.refresh, lambda: daemon.last_beat)
        page = serve_web(lambda: running.app, store, wake=daemon.wake, stop=daemon.stop)
        try:
            with store.read() as tx:
                size = size_of(tx)
            log.info("started", extra=_what_starts(app, store.place, size))
            return daemon.run()
        finally:
            if metrics is not None:
                metrics.close()
            if page is not None:
                page.close()


def _what_starts(app: App, place: str, size: Size) -> dict[str, object]:
    """Return what the start line says: where things lie, how much there is, and whose hours count."""
    counts = {"titles": size.titles, "people": size.people, "channels": len(app.config.channels)}
    return {"config": app.config.file, "database": place, **counts, "hours": whose_hours(app.config)}


def _read_again(wanted: CommandContext) -> Config:
    """Read the config for a reload; from here on its secrets are masked, and its `log:` counts."""
    config = read_config(wanted.app.machine, wanted.option)
    set_up_logs(replace(wanted.app, config=config))
    return config


def _once(wanted: CommandContext, force: bool) -> int:
    app = wanted.app
    # SIGTERM ends the pass as Ctrl-C does: what comes back is still recorded.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with app.as_only_daemon(), closing(app.open_store(check=True)) as store:
        lease_keeper = build_lease_keeper(app, store, is_daemon=False)
        left = app.config_sync.begin(store, app.clock.now(), lease_keeper, force=force)
        if left:
            say(f"warning: {left}")
        transport = build_transport(app, push=PushAccess(lambda: app, store))
        sweeper = build_sweeper(app, store, build_sender(app, lease_keeper, transport), lease_keeper)
        sweeper.loader = LibraryLoader(transport.load)
        if not left:
            build_channel_check(app, store, sweeper)(app.clock.now())
        for failed in ask_briefly(lambda tell, stop: build_refresher(app, store, tell, stop), sweeper, app.clock.now()):
            say(f"warning: {failed}")
        status = one_pass(sweeper, app.clock, app.runtime_dir)
        Pruner(store=store, keep=app.config.keep).prune(app.clock.now())
        return status
