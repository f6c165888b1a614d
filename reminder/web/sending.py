"""Whether anybody sends what a page asks for: a page that pretended it would be worse than one that says no."""

from __future__ import annotations

from sqlalchemy import Connection

from reminder.usecases.health import beat_of, is_sending
from reminder.web.visit import Visit


def sends(visit: Visit, tx: Connection) -> bool:
    """Tell whether a daemon runs that sends, here or on another machine that shares the database."""
    return is_sending(beat_of(tx, visit.site.heartbeat(), visit.now), visit.now)
