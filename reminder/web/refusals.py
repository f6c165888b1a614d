"""Says in the log what was refused: once a minute for each reason and visitor, and nothing that an address may hold."""

from __future__ import annotations

import logging
from typing import Final

from flask import g, request

from reminder.platform.limits import Limit
from reminder.web.site import Site

log = logging.getLogger(__name__)

SAID: Final = Limit(1, 60)
"""Who is refused a thousand times fills no log."""

REASONS: Final = {413: "too long", 429: "too often"}
"""Why something was refused, where the status says it all."""

FROM_ELSEWHERE: Final = "from another site"
NO_FORM: Final = "without the token of a form"
NOBODY: Final = "nobody is signed in"
STALE: Final = frozenset({NO_FORM, NOBODY})
"""Why a form is refused whose page is older than the session of its browser, as when it was left open over night."""


def note_refusal(site: Site, why: str) -> None:
    """Log that the present request was refused, and why, unless that was said of this visitor within the minute."""
    who: str = g.get("asked_from", "unknown")
    if not site.limits.wait(SAID, f"{who} {why}", site.clock.monotonic()):
        log.warning("request refused", extra={"why": why, "asked_from": who, "route": asked_route()})


def asked_route() -> str:
    """Return the rule of the route that is asked for; never the path itself, in which a token may stand."""
    return request.url_rule.rule if request.url_rule else "none"
