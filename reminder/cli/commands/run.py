"""`run`: the daemon, in the foreground, or one pass for cron."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from contextlib import closing, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Final

import typer

from reminder.cli.checking import lacking
from reminder.cli.context import CommandContext, asked
from reminder.cli.hours import whose_hours
from reminder.cli.output import say
from reminder.core.model.secret import Secret
from reminder.platform import failpoints

if TYPE_CHECKING:
    from reminder.config import Config
    from reminder.daemon.app import App
    from reminder.store.sql.store import Store

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
    from reminder.errors import AlreadyRunning

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
    from reminder.daemon.scheduler import JOB

    jobs = [each for each in threading.enumerate() if each.name.startswith(JOB)]
    for each in jobs:
        each.join(LAST_WORDS / len(jobs))
    if any(each.is_alive() for each in jobs):
        with suppress(OSError, ValueError):
            sys.stdout.flush()
        os._exit(status)


def _forever(wanted: CommandContext, force: bool) -> int:
    from reminder.daemon.factory import build_daemon, serve_metrics

    app = wanted.app
    with app.as_only_daemon(), closing(app.open_store(check=True)) as store:
        daemon = build_daemon(app, store, lambda: _read_again(wanted), force=force)
        page = serve_metrics(app, daemon.sweeper, daemon.refresh)
        try:
            log.info("started", extra=_what_starts(app, store))
            return daemon.run()
        finally:
            if page is not None:
                page.close()


def _what_starts(app: App, store: Store) -> dict[str, object]:
    """Return what the start line says: where things lie, how much there is, and whose hours count."""
    from reminder.store.title_commands import size_of

    with store.read() as tx:
        size = size_of(tx)
    counts = {"titles": size.titles, "people": size.people, "channels": len(app.config.channels)}
    return {"config": app.config.file, "database": store.place, **counts, "hours": whose_hours(app.config)}


def _read_again(wanted: CommandContext) -> Config:
    """Read the config for a reload; from here on its secrets are masked, and its `log:` counts."""
    from reminder.daemon.app import read_config

    config = read_config(wanted.app.machine, wanted.option)
    set_up_logs(replace(wanted.app, config=config))
    return config


def _once(wanted: CommandContext, force: bool) -> int:
    from reminder.daemon.build_delivery import (
        build_channel_check,
        build_lease_keeper,
        build_sender,
        build_sweeper,
        build_transport,
    )
    from reminder.daemon.build_sources import build_refresher
    from reminder.daemon.refresh_thread import ask_briefly
    from reminder.daemon.retention import Pruner
    from reminder.daemon.run_once import one_pass
    from reminder.delivery.preload import LibraryLoader

    app = wanted.app
    # SIGTERM ends the pass as Ctrl-C does: what comes back is still recorded.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with app.as_only_daemon(), closing(app.open_store(check=True)) as store:
        lease_keeper = build_lease_keeper(app, store, is_daemon=False)
        left = app.config_sync.begin(store, app.clock.now(), lease_keeper, force=force)
        if left:
            say(f"warning: {left}")
        transport = build_transport(app)
        sweeper = build_sweeper(app, store, build_sender(app, lease_keeper, transport), lease_keeper)
        sweeper.loader = LibraryLoader(transport.load)
        if not left:
            build_channel_check(app, store, sweeper)(app.clock.now())
        for failed in ask_briefly(lambda tell, stop: build_refresher(app, store, tell, stop), sweeper, app.clock.now()):
            say(f"warning: {failed}")
        status = one_pass(sweeper, app.clock, app.runtime_dir)
        Pruner(store=store, keep=app.config.keep).prune(app.clock.now())
        return status


def set_up_logs(app: App, *, level: str | None = None) -> None:
    """Log to standard error from now on, at the config's level or another, with every secret of the config masked."""
    from reminder.platform.logs import Format, Scrubber, set_up

    config = app.config
    secrets = [part for channel in config.channels.values() if channel.url for part in _parts(channel.url)]
    secrets += [found for found in (config.database, config.sources.tmdb_key) if found is not None]
    secrets += [calendar.url for calendar in config.sources.calendars if calendar.url is not None]
    set_up(level or config.log.level.value, Format(config.log.format.value), Scrubber(secrets), app.machine.environ)


def _parts(url: Secret) -> list[Secret]:
    """Return a channel's URL, or what stands around the address in it: with one filled in, that is what could be shown."""
    from reminder.core.model.entities import ADDRESS

    return [Secret(part) for part in url.reveal().split(ADDRESS)]
