"""How often somebody may do something on the page, kept in memory."""

from __future__ import annotations

from typing import Final

from werkzeug.exceptions import TooManyRequests

from reminder.platform.limits import Limit
from reminder.web.visit import Visit

ANYTHING: Final = Limit(300, 60)
SIGN_IN: Final = Limit(20, 3600)
JOINING: Final = Limit(20, 3600)
PROVING: Final = Limit(40, 3600)
READING: Final = Limit(30, 3600)
TESTS: Final = Limit(30, 3600)
WRONG_LINKS: Final = Limit(60, 3600)
ASKING: Final = Limit(120, 3600)
"""What has the sources asked: looking for a name, following it."""


def count(visit: Visit, limit: Limit) -> None:
    """Count what this person has done. Raises TooManyRequests for too much of it."""
    wait = visit.site.limits.wait(limit, visit.person, visit.site.clock.monotonic())
    if wait:
        raise TooManyRequests(retry_after=int(wait) + 1)
