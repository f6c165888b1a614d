"""`/healthz`: whether reminders go out, for monitors; what is wrong stands on the page Status, for the owner."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Final

from flask import Response
from flask.typing import ResponseReturnValue

from reminder.core.errors import StoreError
from reminder.usecases.health import ServiceState, unseen, vitals_of
from reminder.web.routing import Access, Pages
from reminder.web.site import Site
from reminder.web.visit import Visit

pages: Final = Pages("healthz")

MAX_AGE: Final = timedelta(minutes=5)
"""How old the last sweep may be, as for `reminder health`."""


@pages.get("/healthz", Access.ANYONE)
def healthz(visit: Visit) -> ResponseReturnValue:
    """Answer 200 where reminders go out, else 503; strangers are not told why not."""
    problems = problems_of(visit)
    body = json.dumps({"ok": not problems})
    return Response(body, 503 if problems else 200, content_type="application/json")


def problems_of(visit: Visit) -> tuple[str, ...]:
    """Return everything that keeps reminders from going out, in words; nothing when all is well."""
    return _state(visit).problems(visit.site.heartbeat(), visit.now, MAX_AGE)


def _state(visit: Visit) -> ServiceState:
    site: Site = visit.site
    config = site.config()
    try:
        with site.database.read() as tx:
            return vitals_of(tx, name=config.name, channels=config.channel_names, now=visit.now)
    except StoreError as error:
        return unseen("", str(error))
