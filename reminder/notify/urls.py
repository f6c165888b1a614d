"""A channel's URL as a text: taken apart at the signs that part it, and what in it cannot be meant.

Nothing here says a word of what stands in the URL: any of it may be a piece of a secret.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

PORTS: Final = range(1, 65536)
_PORT: Final = re.compile(r"(?P<host>\[[^\]]*\]|[^:\[\]]*)(?::(?P<port>[^:]*))?")


@dataclass(frozen=True, kw_only=True)
class Pieces:
    """The pieces of a URL, each decoded once it was cut out. `authority` is what stands before the first slash."""

    scheme: str
    authority: str
    user: str
    password: str
    host: str
    port: str
    path: tuple[str, ...]
    options: tuple[tuple[str, str], ...]

    def option(self, *names: str) -> str:
        """Return the value of the first of these options that is there and not empty, else ""."""
        known = dict(self.options)
        return next((known[name] for name in names if known.get(name)), "")


def cut_up(url: str) -> Pieces:
    """Return the pieces of a URL, whatever it is."""
    scheme, _, rest = url.strip().partition("://")
    head, _, query = rest.partition("?")
    authority, _, path = head.partition("/")
    userinfo, _, place = authority.rpartition("@")
    user, _, password = userinfo.partition(":")
    found = _PORT.fullmatch(place)
    return Pieces(
        scheme=scheme.lower(),
        authority=authority,
        user=unquote(user),
        password=unquote(password),
        host=unquote(found["host"] if found else place).removeprefix("[").removesuffix("]"),
        port=unquote(found["port"] or "") if found else "",
        path=tuple(unquote(part) for part in path.split("/") if part),
        options=tuple(options(query)),
    )


def options(query: str) -> Iterable[tuple[str, str]]:
    """Yield the options behind a `?`, names in lower case; `+Header` and its like keep their sign and spelling."""
    for pair in re.split("[&;]", query):
        if pair:
            name, _, value = pair.partition("=")
            plain = unquote(name).strip()
            yield plain if plain[:1] in PREFIXES else plain.lower(), unquote(value).strip()


PREFIXES: Final = ("+", "-", ":")
"""Signs that begin an option of the user's own: a header, an argument, a field."""


def with_names(url: str, names: Mapping[str, str]) -> str:
    """Return a URL whose options of these names have others."""
    head, mark, query = url.partition("?")
    pairs = [pair.partition("=") for pair in query.split("&")]
    renamed = "&".join(names.get(unquote(name).strip().lower(), name) + sign + value for name, sign, value in pairs)
    return f"{head}{mark}{renamed}"


_WORDS: Final = "USER|KEY|TOKEN|WEBHOOK|HOST|PORT|TOPIC|CHAT|PASSWORD|ADDRESS|SMTP|ROOM|SERVER|PHONE|CHANNEL|SECRET"
_PLACE_HOLDER: Final = re.compile(
    rf"(?:[A-Z]+_)*(?:{_WORDS})(?:_(?:[A-Z]+|ID))*"
    r"|<[A-Za-z][\w -]*>|\{(?!address\})[A-Za-z][\w -]*\}|(?i:your[-_ ][\w-]+)",
    re.ASCII,
)


def _stands_for_something(head: str) -> str | None:
    """Say that what a form says where a value belongs was not replaced by one: TOKEN, <topic>, {id}, your-token."""
    parts = [unquote(part).strip() for part in re.split(r"[/:@?&=]", head)]
    if not any(_PLACE_HOLDER.fullmatch(part) for part in parts):
        return None
    return (
        "it still holds a word that stands for something (in capitals, or in < > or { }): "
        "write your own value in its place, or ${NAME} for one that is kept outside"
    )


def cannot_be_meant(url: str) -> str | None:
    """Say what in a URL would be lost or read as something else, whatever its service; None if nothing is."""
    if left := _stands_for_something(url.strip().partition("://")[2]):
        return left
    _, _, rest = url.strip().partition("://")
    head, _, query = rest.partition("?")
    authority, _, path = head.partition("/")
    if authority.count("@") > 1:
        return "two @ stand before the host: write the one in the user or password as %40, or ${NAME:quoted}"
    if re.search(r"\s", head):
        return "a space stands in it: write it as %20, or ${NAME:quoted}"
    if "#" in authority or re.search(r"[^/]#", path):
        return "what stands after a # would be lost: write # as %23, or ${NAME:quoted}"
    if ";" in query:
        return "a ; parts options, as & does: write one channel for each address, and ; as %3B"
    names = [name for name, _ in options(query)]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        return f"an option stands there twice{_named(twice)}: write it once"
    return None


def _named(name: str) -> str:
    return f" ({name}=)" if re.fullmatch(r"[a-z_]{1,20}", name) else ""


def port_problem(port: str) -> str | None:
    """Say what is wrong with a port as it is written, None if nothing is or there is none."""
    if port and not (port.isascii() and port.isdigit() and int(port[:6]) in PORTS and len(port) < 6):
        return (
            f"the port, behind the host's colon, is a number from {PORTS.start} to {PORTS.stop - 1}; "
            "in a password, a / is %2F and a : is %3A, or write ${NAME:quoted}"
        )
    return None


def without_clear_name(name: str) -> bool:
    """Tell whether an option's name may not be shown: it may be a piece of a secret."""
    return re.fullmatch(r"[+:-]?[A-Za-z][A-Za-z0-9_.-]{0,39}", name) is None
