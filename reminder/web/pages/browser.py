"""This browser as an address of one's own: the key that it asks for, what it answers, and its service worker."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest, NotFound

from reminder.core.model.channels import base_name
from reminder.core.model.entities import Channel
from reminder.core.sending.address_kinds import AddressKind, kind_of
from reminder.usecases import joining
from reminder.usecases.browsers import bring_browser, public_key, renew_browser
from reminder.web.agents import browser_name
from reminder.web.assets import Assets
from reminder.web.pages.addresses import asked_from, count_try
from reminder.web.pages.sign_in import agent_of
from reminder.web.routing import Access, Pages
from reminder.web.visit import Visit

MOST_SIGNS: Final = 4_000
"""A browser that says more of itself is none."""
ICON: Final = "ICON_ADDRESS"
"""What stands in the service worker for the address of its icon, which changes with its bytes."""


pages: Final = Pages("browser")


@pages.post("/channels/browser/key", Access.MEMBER)
def key(visit: Visit) -> ResponseReturnValue:
    """Say which key a browser shall take messages of."""
    count_try(visit)
    _joinable(visit, request.form.get("channel", ""))
    with visit.site.database.write() as tx:
        return jsonify(key=public_key(tx))


@pages.post("/channels/browser", Access.MEMBER)
def add(visit: Visit) -> ResponseReturnValue:
    """Take the browser that asks as an address of the reader's, and have a code pushed to it."""
    count_try(visit)
    channel, said = _joinable(visit, request.form.get("channel", "")), request.form.get("subscription", "")
    label, hosts = browser_name(agent_of()), visit.site.web.push_hosts
    with visit.site.database.write() as tx:
        use = bring_browser(tx, visit.person, channel, said[:MOST_SIGNS], label, visit.now, hosts=hosts)
        joining.send_code(tx, visit.person, use, asked_from(visit), visit.now)
    visit.site.wake()
    return visit.back_to(f"/channels/prove?{urlencode({'use': use})}")


@pages.route("POST", "/channels/browser/renew", Access.MEMBER, without_form=True)
def renew(visit: Visit) -> ResponseReturnValue:
    """Take the new address of a browser that got one by itself; its old one, which nobody else knows, proves it."""
    count_try(visit)
    said = request.get_json(silent=True)
    before, after = _renewal(said if isinstance(said, dict) else {})
    channels, hosts = visit.site.config().channels, visit.site.web.push_hosts
    with visit.site.database.write() as tx:
        is_theirs = renew_browser(tx, visit.person, before, after, visit.now, channels=channels, hosts=hosts)
    if not is_theirs:
        raise NotFound
    visit.site.wake()
    return "", 204


def worker_with(assets: Assets) -> Pages:
    """Return the route of the service worker, which is among these files, as its icon is."""
    worker = Pages("worker")
    text = assets.text("sw.js").replace(ICON, assets.path("icon-192.png"))

    @worker.get("/sw.js", Access.ANYONE)
    def service_worker(visit: Visit) -> ResponseReturnValue:
        """Serve what shows messages while no page is open: from the root, so that all pages are its own."""
        del visit
        headers = {"Cache-Control": "no-cache", "Service-Worker-Allowed": "/"}
        return Response(text, headers=headers, content_type="text/javascript; charset=utf-8")

    return worker


def _renewal(said: dict[str, Any]) -> tuple[str, str]:
    before, after = said.get("before"), said.get("after")
    if not isinstance(before, str) or not isinstance(after, str) or len(after) > MOST_SIGNS:
        raise BadRequest
    return before, after


def _joinable(visit: Visit, name: str) -> Channel:
    channel = visit.site.config().channels.get(name)
    if channel is None or not channel.join or base_name(name) != name or kind_of(channel) is not AddressKind.BROWSER:
        raise NotFound
    return channel
