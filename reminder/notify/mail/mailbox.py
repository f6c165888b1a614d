"""Reads a `mailto://` or `mailtos://` URL: from whom, to whom, by which server, in which mode.

apprise reads such URLs too, but drops what it does not take: an address beyond ASCII, a host of one word, an IPv6
address. From it come the servers of the big providers.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from email.headerregistry import Address
from email.utils import getaddresses
from functools import lru_cache
from typing import Any, Final

from reminder.core.model.names import is_shown
from reminder.core.model.secret import Secret
from reminder.notify import schemas, urls
from reminder.notify.kept import wrong_number
from reminder.notify.library import loaded
from reminder.notify.mail.compose import Head, header_problem
from reminder.notify.mail.smtp import SmtpServer
from reminder.notify.options import strange
from reminder.notify.unusable import Unusable
from reminder.notify.urls import Pieces

PORTS: Final = {"insecure": 25, "starttls": 587, "ssl": 465}
"""The modes, and the port of each where none is written."""
FETCHING: Final = {"110": "POP", "143": "IMAP", "993": "IMAP", "995": "POP"}
"""Ports at which mail is fetched, not sent."""
NO: Final = frozenset({"no", "false", "off", "0", "n", "f", "never", "disable", "deny"})

OPTIONS: Final = frozenset(
    [
        "to",
        "from",
        "name",
        "reply",
        "smtp",
        "mode",
        "format",
        "verify",
        "user",
        "pass",
        "password",
        "inline",
        "cc",
        "bcc",
        "pgp",
        "wkd",
        "pgppub",
        "pgpprv",
    ]
)
EVERYWHERE: Final = frozenset(
    ["cto", "rto", "emojis", "optional", "overflow", "redirect", "retry", "wait", "store", "tz"]
)
"""Options that apprise has for every service. Here an attempt is one request, whatever they say."""


@dataclass(frozen=True, kw_only=True)
class Mailbox:
    """The recipients, sender and server of one mail channel."""

    server: SmtpServer
    head: Head
    text_only: bool = False


@dataclass(frozen=True, kw_only=True)
class _Login:
    """The settings that a provider's own may replace."""

    user: str
    domain: str
    host: str
    port: int | None
    mode: str | None


@lru_cache(maxsize=1024)
def read_mailbox(url: str) -> Mailbox:
    """Return what a mail channel's URL says. Raises Unusable."""
    url = schemas.understood(url)
    pieces = urls.cut_up(url)
    _look_over(url, pieces)
    login = _by_provider(_login(pieces))
    server, sender = _server(pieces, login), _sender(pieces, login)
    return Mailbox(
        server=server,
        head=Head(
            sender=sender,
            recipient=_recipient(pieces, sender),
            reply_to=tuple(_address(text, "reply=") for text in _listed(pieces.option("reply"))),
            headers=tuple((name[1:], value) for name, value in pieces.options if name.startswith("+")),
        ),
        text_only=pieces.option("format").lower() == "text",
    )


def _look_over(url: str, pieces: Pieces) -> None:
    problem = (
        urls.cannot_be_meant(url)
        or urls.port_problem(pieces.port)
        or _for_fetching(pieces)
        or strange(pieces.options, OPTIONS | EVERYWHERE, ("+",), schemas.THEIR_NAMES.get("mailto", {}))
        or next(_wrong_values(pieces), None)
    )
    if problem:
        raise Unusable(f"this {pieces.scheme}:// URL cannot be used: {problem}")


def _for_fetching(pieces: Pieces) -> str | None:
    """Say that a server is the one that mail is fetched from, which sends none."""
    if protocol := FETCHING.get(pieces.port):
        return f"port {pieces.port} is where mail is fetched ({protocol}): mail is sent by port 465 or 587"
    if re.match(r"(?:imap|pop3?)\.", pieces.option("smtp") or pieces.host, re.IGNORECASE):
        return "its host is where mail is fetched: write the one that sends, often smtp. in place of imap. or pop."
    return None


def _wrong_values(pieces: Pieces) -> Iterator[str]:
    mode, form = pieces.option("mode").lower(), pieces.option("format").lower()
    if mode and mode not in PORTS:
        yield f"mode= is one of {', '.join(PORTS)}"
    if form and form not in {"text", "html", "markdown"}:
        yield "format= is text or html"
    for name, value in pieces.options:
        if name.startswith("+") and (wrong := header_problem(name[1:], value)):
            yield wrong


def _login(pieces: Pieces) -> _Login:
    host = pieces.host if pieces.host != "_" else ""  # what stands where options say it all
    port = int(pieces.port) if pieces.port else None
    mode = pieces.option("mode").lower() or ("ssl" if port == PORTS["ssl"] else None)
    user = pieces.option("user") or pieces.user
    return _Login(
        user=user, domain=host or user.partition("@")[2], host=pieces.option("smtp") or "", port=port, mode=mode
    )


def _by_provider(login: _Login) -> _Login:
    """Return a login with what is known of the provider whose domain it names, where it does not say otherwise."""
    if login.host:
        return login
    name = re.split(r"[\s@]+", login.user)[0]
    if (found := _provider(f"{name}@{login.domain}" if name else login.domain)) is None:
        return login
    settings, own_id = found
    user, domain = _known_as(login, settings.get("login_type") or (), own_id)
    return replace(
        login,
        user=user,
        domain=domain,
        host=settings["smtp_host"],
        port=login.port or settings.get("port"),
        mode=login.mode or settings.get("secure_mode"),
    )


def _known_as(login: _Login, kinds: Collection[str], own_id: str) -> tuple[str, str]:
    """Return the user and the domain in the form in which a provider knows people: by address, or by a name alone."""
    user, domain = login.user, login.domain
    if not kinds or not user:
        return user, domain
    if "@" in user:
        return (user, user.rpartition("@")[2]) if "Email" in kinds else (own_id, domain)
    return (user, domain) if "UserID" in kinds else (f"{user}@{domain}", domain)


@lru_cache(maxsize=256)
def _provider(address: str) -> tuple[Mapping[str, Any], str] | None:
    """Return the settings of the provider of an address, and its own name for the user."""
    loaded()
    from apprise.plugins.email.templates import EMAIL_TEMPLATES

    for _, pattern, settings in EMAIL_TEMPLATES:
        match = pattern.match(address)
        if match and settings.get("smtp_host"):
            return settings, str(match.groupdict().get("id") or "")
    return None


def _server(pieces: Pieces, login: _Login) -> SmtpServer:
    host = login.host or login.domain
    if not host or not is_host(host):
        raise Unusable(
            f"this {pieces.scheme}:// URL names no mail server: write {pieces.scheme}://USER:PASSWORD@HOST?to=ADDRESS; "
            "in a user or password @ is %40, / is %2F and # is %23, which ${NAME:quoted} does by itself"
        )
    mode = login.mode or ("starttls" if pieces.scheme == "mailtos" else "insecure")
    return SmtpServer(
        host=host,
        port=login.port or PORTS[mode],
        mode=mode,
        user=login.user,
        password=Secret(pieces.option("pass", "password") or pieces.password),
        verify=pieces.option("verify").lower() not in NO,
    )


def _sender(pieces: Pieces, login: _Login) -> Address:
    said, name = pieces.option("from"), pieces.option("name")
    if "@" in said:
        found = _address(said, "from=")
        return _called(name, found) if name else found
    own = f"{re.split(r'[@ ]+', login.user)[0]}@{_as_domain(login.domain)}" if login.user and login.domain else ""
    if not own and login.domain == "localhost":
        own = "root@localhost"
    if not own:
        raise Unusable(
            f"this {pieces.scheme}:// URL does not say who its mail is from: "
            "add from=reminder@example.com to its options"
        )
    return _called(said or name or "reminder", _address(own, "the user and host before the first /"))


def _called(name: str, address: Address) -> Address:
    if not is_shown(name):
        raise Unusable("a name in this channel's URL holds a sign that cannot be printed")
    return Address(display_name=name, username=address.username, domain=address.domain)


def _recipient(pieces: Pieces, sender: Address) -> Address:
    to = _listed(pieces.option("to"))
    named = [*((text, "what stands behind the host") for text in pieces.path), *((text, "to=") for text in to)]
    if not named and pieces.option("to"):
        raise Unusable("to= names nobody: write to=asha@example.com", is_address=True)
    if not named:
        return Address(username=sender.username, domain=sender.domain)
    try:
        found = [_address(text, where) for text, where in named for text in _listed(text)]
    except Unusable as why:
        raise Unusable(str(why), is_address=True) from None
    if len(found) != 1:
        raise Unusable(wrong_number(f"{pieces.scheme}://", len(found)), is_address=True)
    return found[0]


def _listed(text: str) -> Sequence[str]:
    """Return the addresses of a list, each as it is written."""
    if "<" in text:
        return [f"{name} <{address}>" for name, address in getaddresses([text])]
    return [each for each in re.split(r"[,;\s]+", text) if each]


def _address(text: str, where: str) -> Address:
    """Return a mail address, with the name before it. Raises Unusable, without the address."""
    found = re.fullmatch(r"(?P<name>[^<>]*)<(?P<in>[^<>]+)>|(?P<bare>[^<>]+)", text.strip())
    bare = (found["in"] or found["bare"]).strip() if found else ""
    local, at, domain = bare.rpartition("@")
    good = bool(at and local and _is_local_part(local) and _is_domain(domain))
    name = (found["name"] or "").strip().strip('"') if found else ""
    try:
        if good and is_shown(name):
            return Address(display_name=name, username=local, domain=_ascii(domain))
    except ValueError:  # among them what no name server takes
        pass
    raise Unusable(f"{where} is no mail address: write one such as asha@example.com")


def _is_local_part(text: str) -> bool:
    """Tell whether a text can stand before the @ (RFC 5321, 4.1.2, and 6531 for letters beyond ASCII)."""
    parts = text.split(".")
    return len(text) <= 64 and all(re.fullmatch(r"[\w!#$%&'*+/=?^`{|}~-]+", part) for part in parts)


def _is_domain(text: str) -> bool:
    if text.startswith("[") and text.endswith("]"):
        return _ip(text[1:-1].removeprefix("IPv6:")) is not None
    return is_host(text) and _ip(text) is None


def is_host(text: str) -> bool:
    """Tell whether a text is a host's name, also one of a single word, or an address in numbers."""
    if _ip(text) is not None:
        return True
    labels = text.removesuffix(".").split(".")
    return len(text) < 254 and all(re.fullmatch(r"[^\W](?:[\w-]{0,61}[^\W_])?", label) for label in labels)


def _ip(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _as_domain(host: str) -> str:
    """Return a host as it stands behind the @: an address in numbers stands in brackets (RFC 5321, 4.1.3)."""
    ip = _ip(host)
    if ip is None:
        return host
    return f"[IPv6:{host}]" if ip.version == 6 else f"[{host}]"


def _ascii(domain: str) -> str:
    return domain if domain.isascii() else domain.encode("idna").decode()
