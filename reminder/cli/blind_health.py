"""Says how the daemon is where the config cannot be used, by its heartbeat: a daemon goes on with the one before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from reminder.cli.context import CommandContext
from reminder.cli.quick_health import problems_of
from reminder.core.errors import WrongInput
from reminder.core.model.database import is_server
from reminder.core.sending.health import ago
from reminder.daemon.config_digest import likely_database
from reminder.platform.heartbeat import read_heartbeat
from reminder.platform.paths import CONFIG_NAME, runtime_dir, state_dir


def of_daemon(wanted: CommandContext, now: datetime, max_age: timedelta) -> tuple[str, ...]:
    """Return in words whether the daemon works, by the heartbeat where it most likely lies."""
    for folder in _folders(wanted):
        beat = read_heartbeat(folder)
        if beat is None:
            continue
        problems = problems_of(folder, now, max_age)
        if problems:
            return problems
        when = ago(beat.swept_at, now)
        if beat.config is None:  # one pass, for cron
            return (f"The last sweep was {when}; there is no other before the config is mended.",)
        return (
            f"The daemon (pid {beat.pid}) is at work by the config that it read before: its last sweep was {when}. "
            "With this one it does not start again.",
        )
    return ("Whether a daemon is at work cannot be seen without the config.",)


def _folders(wanted: CommandContext) -> Iterator[Path]:
    """Yield where the heartbeat can be, likeliest first."""
    machine = wanted.machine
    homes = [home for home in (machine.user_config, machine.etc) if home is not None]
    said = wanted.option or machine.environ.get("REMINDER_CONFIG")
    for config in [Path(said)] if said else [home / CONFIG_NAME for home in homes]:
        database = likely_database(machine, config) if config.is_file() else None
        file = None if database is None or is_server(database.reveal()) else Path(database.reveal())
        try:
            yield runtime_dir(machine, config, file or state_dir(machine, config) / "reminder.db")
        except WrongInput:  # a user without a home
            continue
