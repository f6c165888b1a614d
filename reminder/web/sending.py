"""Whether anybody sends what a page asks for: a page that pretended it would be worse than one that says no."""

from __future__ import annotations

from sqlalchemy import Connection

from reminder.usecases.health import beat_of, is_sending
from reminder.web.visit import Visit


def sends(visit: Visit, tx: Connection) -> bool:
    """Tell whether a daemon runs that sends, here or on another machine that shares the database."""
    here = visit.site.heartbeat()
    if here is None and visit.site.is_in_daemon:
        return True  # it has only just begun
    return is_sending(beat_of(tx, here, visit.now), visit.now)
