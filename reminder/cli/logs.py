"""Sets up the log of a command that sends, with every secret of its config masked."""

from __future__ import annotations

from reminder.core.model.database import is_server
from reminder.core.model.entities import ADDRESS
from reminder.core.model.secret import Secret
from reminder.daemon.app import App
from reminder.platform.logs import Format, Scrubber, set_up


def set_up_logs(app: App, *, level: str | None = None) -> None:
    """Log to standard error from now on, at the config's level or another, with every secret of the config masked."""
    config = app.config
    secrets = [part for channel in config.channels.values() if channel.url for part in _parts(channel.url)]
    # A path is no secret, and an error about the database has to name it.
    server = config.database if config.database and is_server(config.database.reveal()) else None
    secrets += [found for found in (server, config.sources.tmdb_key) if found is not None]
    secrets += [calendar.url for calendar in config.sources.calendars if calendar.url is not None]
    set_up(level or config.log.level.value, Format(config.log.format.value), Scrubber(secrets), app.machine.environ)


def _parts(url: Secret) -> list[Secret]:
    """Return a channel's URL; of one with a place for an address, what stands around it and could be shown."""
    return [Secret(part) for part in url.reveal().split(ADDRESS)]
