"""Reads the settings of the page, and refuses to show it to a network without an address that is safe there."""

from __future__ import annotations

from ipaddress import ip_address

from reminder.config.draft import Draft
from reminder.config.parsers import is_push
from reminder.config.report import Report
from reminder.config.secrets import Expanded, Secrets
from reminder.config.values import ProxyHeader, ServingProcess, Web
from reminder.config.web_parsers import LOCAL_NAMES


def web(made: Draft, secrets: Secrets, report: Report) -> Web | None:
    """Return how the page is served, None without `web:`. A secret that is missing keeps the proxy from being heard."""
    spec = made.top.spec.web
    if spec is None:
        return None
    return Web(
        listen=spec.listen or Web.listen,
        address=spec.address,
        process=spec.process or ServingProcess.DAEMON,
        proxy=_proxy(made, secrets, report),
        posters=bool(spec.posters),
        contact=spec.contact,
        push_hosts=frozenset(spec.push_hosts or ()),
    )


def keep_to_this_machine(made: Draft, report: Report) -> None:
    """Note as a problem a page that others can reach, and that has no address that is safe for them (SPEC 10)."""
    spec = made.top.spec.web
    if spec is None or spec.address is not None or _is_local((spec.listen or Web.listen)[0]):
        return
    report.problem(
        ("web", "listen"),
        "others could reach the page there: write address: https://…, the name that a reverse proxy gives it, or "
        "http://localhost:PORT where only this machine comes to it; or listen on 127.0.0.1",
    )


def answers_browsers(made: Draft, report: Report) -> None:
    """Note as a problem a channel `webpush://` without what it needs: a page to set browsers up on, and a contact."""
    web = made.top.spec.web
    if "web" in made.top.bad:
        return
    for part in made.channels.values():
        if "url" in part.bad or not is_push(part.spec.url):
            continue
        if web is None or web.address is None:
            report.problem(
                (*part.loc, "url"),
                "browsers are set up on the page, and take messages only from one with an address: write "
                "web: {address: https://…, contact: mailto:…}, or address: http://localhost:8484 to try it on this "
                "machine",
            )
        elif web.contact is None:
            report.problem(
                (*part.loc, "url"),
                "push services want to know who sends: write contact: mailto:me@example.org under web:",
            )


def _is_local(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host in LOCAL_NAMES


def _proxy(made: Draft, secrets: Secrets, report: Report) -> ProxyHeader | None:
    page = made.top.spec.web
    if page is None or page.proxy is None:
        return None
    spec = page.proxy
    secret = secrets.expand(spec.secret) if spec.secret is not None else Expanded(text=None)
    if secret.problem is not None:
        report.warning(("web", "proxy", "secret"), f"{secret.problem}; until then nobody signs in by the proxy")
        return None
    return ProxyHeader(peers=spec.from_, header=spec.user or ProxyHeader.header, secret=secret.text)
