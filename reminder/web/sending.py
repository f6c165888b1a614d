"""Whether anybody sends what a page asks for: a page that pretended it would be worse than one that says no."""

from __future__ import annotations

from reminder.usecases.health import beat_of, is_sending, why_unsent
from reminder.web.visit import Visit


def unsent(visit: Visit) -> str | None:
    """Return why nothing is sent now; None where a daemon sends, here or on another machine that shares the database.

    Raises StoreError.
    """
    here = visit.site.heartbeat()
    if here is None and visit.site.is_in_daemon:
        return None  # it has only just begun
    if is_sending(here, visit.now):
        return None
    with visit.site.database.read() as tx:
        return why_unsent(beat_of(tx, here, visit.now), visit.now)
