"""Judges a channel before anything is sent to it, and says what its owner should know."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import lru_cache
from importlib.util import find_spec
from typing import Any, Final

from reminder.core.model.entities import ADDRESS, Channel
from reminder.core.model.secret import Unquoted
from reminder.core.sending.proxies import is_of_home
from reminder.notify import schemas, urls
from reminder.notify.mail.mailbox import read_mailbox
from reminder.notify.memory import state_of
from reminder.notify.plugins import open_plugin
from reminder.notify.understanding import take_apart
from reminder.notify.unusable import Unusable
from reminder.notify.webpush.browser import browser_of_url

STAND_INS: Final = ("1", "somebody@example.com", "15551234567", "@somebody", "#somewhere", "!somewhere:example.com")
"""Addresses by which a shared channel is looked at: at least one of them is as its service writes one."""


def problem_of(channel: Channel, allow_schemas: Collection[str] = ()) -> str | None:
    """Say why a channel cannot be used, and what to write instead; None if it can. Loads apprise.

    The text never contains a secret.
    """
    if channel.url is None:
        return channel.problem
    allow = frozenset(allow_schemas)
    url = channel.url.reveal()
    if schemas.scheme_of(url) == schemas.CONSOLE:
        return None
    if schemas.is_push(url):
        return _why_no_push(channel)
    try:
        check_secrets(channel, allow)
    except Unusable as why:
        return str(why)
    tries = [url.replace(ADDRESS, address) for address in STAND_INS] if channel.is_shared else [url]
    found = [_why_not(each, allow) for each in tries]
    return None if None in found else found[0]


def warnings_of(channel: Channel) -> Iterator[str]:
    """Yield what is valid in a usable channel, and what its owner may not have meant."""
    url = channel.url.reveal() if channel.url else ""
    clear = _in_clear(url)
    if clear:
        yield clear


def holds_secret(channel: Channel, allow_schemas: Collection[str] = ()) -> bool:
    """Tell whether the URL of a usable channel holds a password, a token or the like. Loads apprise."""
    url = channel.url.reveal().replace(ADDRESS, STAND_INS[0]) if channel.url else "console://"
    if schemas.scheme_of(url) in {schemas.CONSOLE, schemas.PUSH}:
        return False
    try:
        if schemas.scheme_of(url) in schemas.MAIL:
            return bool(read_mailbox(url).server.password.reveal())
        open_plugin(url, allow_schemas)
    except Unusable:
        return False
    parsed = take_apart(url)
    marked = {**parsed.service.template_tokens, **parsed.service.template_args}
    private = {str(about.get("map_to", name)) for name, about in marked.items() if about.get("private")}
    return any(parsed.fields.get(name) for name in private)


def _in_clear(url: str) -> str | None:
    """Say that a login goes through the internet for everybody to read, if it does."""
    scheme = schemas.scheme_of(url)
    if scheme == schemas.PUSH:
        return None
    if scheme in schemas.MAIL:
        server = read_mailbox(url.replace(ADDRESS, "somebody@example.com")).server
        has_login = bool(server.user and server.password.reveal()) and server.mode == "insecure"
        return (
            _readable("the password goes to this mail server", "mailtos")
            if has_login and not is_of_home(server.host)
            else None
        )
    pieces = urls.cut_up(url)
    has_login = bool(pieces.user or pieces.password) and f"{scheme}s" in schemas.REMOTE
    if has_login and not schemas.is_web_address(url) and not is_of_home(pieces.host):
        return _readable("the login goes to this host", f"{scheme}s")
    return None


def _readable(what: str, scheme: str) -> str:
    return f"{what} in clear, for everybody on the way to read: write {scheme}://"


def _why_no_push(channel: Channel) -> str | None:
    if not channel.is_shared:
        return "browsers have addresses of their own, made on the page: write webpush:// in the config as it is"
    if find_spec("cryptography") is None:
        return "webpush:// needs cryptography, which is not installed here: pip install 'release-reminder[web]'"
    return None


def check_secrets(channel: Channel, allow_schemas: frozenset[str]) -> None:
    """Raise Unusable when a secret of a channel's URL makes it mean something else than a plain word would."""
    for secret in channel.unquoted:
        wrong = _misread(secret, allow_schemas)
        if wrong:
            raise Unusable(wrong)


@lru_cache(maxsize=1024)
def _misread(secret: Unquoted, allow_schemas: frozenset[str]) -> str | None:
    for stand_in in STAND_INS:
        raw, quoted = (
            _meaning(url.reveal().replace(ADDRESS, stand_in), allow_schemas) for url in (secret.url, secret.quoted)
        )
        if quoted is not None and raw != quoted:
            return (
                f"{secret.name} holds a sign that parts a URL (one of @ / ? # ; % : & or a space), so that it would be "
                f"read as something else: write ${{{secret.name}:quoted}}"
            )
        if quoted is not None or ADDRESS not in secret.url.reveal():
            return None
    return None


def _meaning(url: str, allow_schemas: frozenset[str]) -> Any:
    """Return what a URL is understood as, None if it is not."""
    try:
        if schemas.scheme_of(url) in schemas.MAIL:
            return read_mailbox(url)
        return state_of(open_plugin(url, allow_schemas))
    except Unusable:
        return None


def _why_not(url: str, allow_schemas: frozenset[str]) -> str | None:
    try:
        open_channel(url, allow_schemas)
    except Unusable as why:
        return str(why)
    return None


def open_channel(url: str, allow_schemas: frozenset[str]) -> None:
    """Take a URL apart as sending would. Raises Unusable."""
    refused = schemas.refusal(url, allow_schemas)
    if refused:
        raise Unusable(refused)
    if schemas.scheme_of(url) in schemas.MAIL:
        read_mailbox(url)
    elif schemas.is_push(url):
        browser_of_url(url)
    else:
        open_plugin(url, allow_schemas)
