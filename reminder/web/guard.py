"""Looks at each request before a page does: host, rate, who it is, where it comes from; and at each answer after it.

Whoever is not let in learns nothing: not whether a name, a title or a token is known (SPEC 10).
"""

from __future__ import annotations

import ipaddress
import secrets
from contextlib import suppress
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from flask import Flask, Response, abort, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import TooManyRequests

from reminder.config.web_parsers import LOCAL_NAMES
from reminder.core.errors import StoreError
from reminder.core.model.entities import Subscriber
from reminder.usecases.people import find_person
from reminder.usecases.signing_in import is_to_be_noted, note_seen, signed_in
from reminder.usecases.tokens import AccessToken, note_use, token_of
from reminder.web.api.problems import is_for_api
from reminder.web.limits import ANYTHING
from reminder.web.refusals import FROM_ELSEWHERE, NO_FORM, NOBODY, note_refusal
from reminder.web.routing import Access, PageRoute, routes_of
from reminder.web.site import Site
from reminder.web.sorry import BEGUN
from reminder.web.spoken import chosen, spoken_here
from reminder.web.visit import Visit

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS", "PROPFIND"})

POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}

PROVEN_BY: Final = "X-Proxy-Secret"
ANY_HOST: Final = frozenset({"/healthz"})
"""What a monitor asks under whatever name it has for this machine."""


def cookie_name(site: Site) -> str:
    """Return what the session's cookie is called: over https one that no other host and no script can set."""
    return "__Host-reminder" if site.is_secure else "reminder-local"


def guard(app: Flask, site: Site) -> None:
    """Have every request of an application looked at, and every answer given the headers that keep it safe."""

    @app.before_request
    def look() -> ResponseReturnValue | None:
        g.asked_from = who = _asked_from(site)
        g.spoken = spoken_here()
        _check_host(site)
        wait = site.limits.wait(ANYTHING, who, site.clock.monotonic())
        if wait:
            raise TooManyRequests(retry_after=int(wait) + 1)
        if request.endpoint is None:
            if not is_for_api():
                g.visit = _visit_of_person(site, who)  # that there is no such page is said in their language
            return None
        route = routes_of(app)[request.endpoint]
        g.visit = visit = _visit(site, route, who)
        _check_origin(site, route, visit)
        return _let_in(route, visit)

    @app.after_request
    def dress(answer: Response) -> Response:
        for name, value in HEADERS.items():
            answer.headers.setdefault(name, value)
        answer.headers.setdefault("Cache-Control", "no-store")
        return answer


def _check_host(site: Site) -> None:
    """Refuse a request for another host: a page elsewhere may have had its own name lead to this machine."""
    if request.path in ANY_HOST:
        return
    host = request.host.lower()
    name = urlsplit(f"//{host}").hostname
    if host == site.own_host or (name in LOCAL_NAMES and (site.own_host is None or _is_loopback(_peer()))):
        return
    abort(421, "another host")


def _peer() -> str:
    return request.remote_addr or ""


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _is_proxy(site: Site, address: str) -> bool:
    proxy = site.web.proxy
    try:
        at = ipaddress.ip_address(address)
    except ValueError:
        return False
    return proxy is not None and any(at in network for network in proxy.peers)


def _asked_from(site: Site) -> str:
    """Return the address that a request comes from: behind a proxy, the one that the proxy saw."""
    peer = _peer()
    said = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    if not said or not (_is_proxy(site, peer) or (site.is_secure and _is_loopback(peer))):
        return _shortened(peer)
    return _shortened(said)


def _shortened(address: str) -> str:
    """Return an address as limits count it: of IPv6 the network of 64 bits, which one household has."""
    try:
        at = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if at.version == 6:
        return str(ipaddress.ip_network(f"{at}/64", strict=False).network_address)
    return str(at)


# Who it is -----------------------------------------------------------------------------------------------------------


def _visit(site: Site, route: PageRoute, asked_from: str) -> Visit:
    if route.access.is_for_programs:
        token, person = _by_token(site)
        return Visit(site=site, now=site.clock.now(), someone=person, mark="", asked_from=asked_from, token=token)
    return _visit_of_person(site, asked_from)


def _visit_of_person(site: Site, asked_from: str) -> Visit:
    now = site.clock.now()
    person, mark = _by_proxy(site) or _by_cookie(site) or (None, _mark_of_stranger())
    return Visit(site=site, now=now, someone=person, mark=mark, asked_from=asked_from, spoken=g.spoken)


def _by_cookie(site: Site) -> tuple[Subscriber, str] | None:
    cookie = request.cookies.get(cookie_name(site))
    if not cookie or len(cookie) > 100:
        return None
    now = site.clock.now()
    with site.database.read() as tx:
        found = signed_in(tx, cookie, now)
    if found is None:
        return None
    if is_to_be_noted(found, now):
        with suppress(StoreError), site.database.write() as tx:  # a look goes on where nothing can be written
            note_seen(tx, found, now)
    return found.person, found.hash


def _by_proxy(site: Site) -> tuple[Subscriber | None, str] | None:
    """Return whom a trusted proxy names, nobody for a name that nobody has; None where no such proxy says anything.

    It never makes anybody, and says so only with its secret if there is one. What it says counts more than a cookie:
    somebody else may have signed in there since.
    """
    proxy = site.web.proxy
    name = request.headers.get(proxy.header, "") if proxy else ""
    if proxy is None or not name:
        return None
    secret = request.headers.get(PROVEN_BY, "")
    if not _is_proxy(site, _peer()):
        note_refusal(site, f"{proxy.header} from another than the proxy")
        return None
    if proxy.secret and not secrets.compare_digest(secret.encode(), proxy.secret.reveal().encode()):
        note_refusal(site, f"{proxy.header} without the proxy's secret")
        return None
    with site.database.read() as tx:
        person = find_person(tx, name)
    return (person, f"proxy {person.name}") if person else (None, _mark_of_stranger())


def _by_token(site: Site) -> tuple[AccessToken | None, Subscriber | None]:
    kind, _, text = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer":
        return None, None
    with site.database.read() as tx:
        token = token_of(tx, text.strip())
        person = find_person(tx, token.person) if token else None
    now = site.clock.now()
    if token and token.used_on != now.date():
        with suppress(StoreError), site.database.write() as tx:
            note_use(tx, token, now)
    return token, person


def _mark_of_stranger() -> str:
    """Return what a browser is known by in which nobody is signed in; it has no mark before it was shown a form."""
    return f"stranger {session.get('form', '')}"


def marked_for_forms(visit: Visit) -> Visit:
    """Return a visit whose browser is told from every other, so that it may be given a form: a cookie tells it."""
    if visit.someone is None and "form" not in session:
        session["form"] = secrets.token_urlsafe(16)
        return replace(visit, mark=_mark_of_stranger())
    return visit


# Whether it may ------------------------------------------------------------------------------------------------------


def _check_origin(site: Site, route: PageRoute, visit: Visit) -> None:
    """Refuse a change that another site asks for, or that brings no token of a form of ours."""
    if request.method in SAFE or route.access.is_for_programs or route.without_form:
        return
    why = None
    if not _is_from_here(site):
        why = FROM_ELSEWHERE
    elif not visit.has_form_token(request.form.get("form_token", "")):
        why = NO_FORM
    if why:
        abort(403, why)


def _is_from_here(site: Site) -> bool:
    """Tell whether a request comes from a page of ours: as the browser says, or by the origin that it names."""
    said = request.headers.get("Sec-Fetch-Site")
    if said is not None:
        return said in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    if origin is None:
        return False
    return origin == site.web.address or urlsplit(origin).netloc.lower() == request.host.lower()


def _let_in(route: PageRoute, visit: Visit) -> ResponseReturnValue | None:
    """Let a visit pass (None), or say where to go. What is for the owner does not exist for others."""
    if route.access is Access.ANYONE:
        return None
    if route.access.is_for_programs:
        _let_program_in(route, visit)
        return None
    if visit.someone is None:
        if request.method not in SAFE:
            abort(403, NOBODY)
        if BEGUN in session:
            return redirect(url_for("join.standing_get", language=chosen()), 303)
        to = request.full_path.rstrip("?")
        return redirect(url_for("sign_in.sign_in_get", to=to if to != "/" else None, language=chosen()), 303)
    if route.access is Access.OWNER and not visit.is_owner:
        abort(404)
    return None


def _let_program_in(route: PageRoute, visit: Visit) -> None:
    if visit.token is None or visit.someone is None:
        abort(401)
    allowed = {"read": {Access.READ}, "write": {Access.READ, Access.WRITE}}
    if route.access not in allowed.get(visit.token.scope, set()):
        abort(403)
