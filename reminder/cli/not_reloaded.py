"""Says that the daemon still runs by the config as it was before an edit: what a look shows is what it will do then."""

from __future__ import annotations

from pathlib import Path

from reminder.cli.context import CommandContext
from reminder.cli.talk import say
from reminder.core.errors import StoreError
from reminder.core.model.database import is_server
from reminder.platform.digest import digest_of_file
from reminder.platform.heartbeat import Heartbeat, read_heartbeat
from reminder.platform.paths import runtime_dir
from reminder.usecases.health import AWAKE


def say_if_not_reloaded(wanted: CommandContext) -> None:
    """Say it below what is shown to a person."""
    text = None if wanted.json else not_reloaded(wanted)
    if text:
        say(text)


def not_reloaded(wanted: CommandContext) -> str | None:
    """Return how the running daemon takes up the config as it stands in the file; None where it has, or none runs."""
    try:
        database = wanted.database.reveal()
    except StoreError:  # its secret is missing
        return None
    file = None if is_server(database) else Path(database)
    return of_beat(wanted, read_heartbeat(runtime_dir(wanted.machine, wanted.settings.path, file)))


def of_beat(wanted: CommandContext, beat: Heartbeat | None) -> str | None:
    """Return the same, given the last heartbeat."""
    is_gone = beat is None or beat.is_ended or abs(wanted.clock.now() - beat.swept_at) > AWAKE
    if beat is None or is_gone or beat.config is None:
        return None
    if beat.config == digest_of_file(wanted.settings.path):
        return None
    return (
        f"The running daemon (pid {beat.pid}) still uses the config as it was before the last edit: "
        f"a reload of the service, or `kill -HUP {beat.pid}`, has it take this one up."
    )
