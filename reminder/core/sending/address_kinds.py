"""What an address that somebody brings looks like, by its channel's service: the page knows no URL to try it with."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Mapping
from typing import Final

from reminder.core.model.entities import Channel
from reminder.core.wording import Wording

LONGEST: Final = 900
"""The longest address of any kind, in characters: a browser's."""


class AddressKind(enum.StrEnum):
    """The sort of an address: how somebody comes by it, and how it is written."""

    TELEGRAM = "telegram"
    NTFY = "ntfy"
    MAIL = "mail"
    BROWSER = "browser"
    OTHER = "other"


_BY_SCHEME: Final = {
    "tgram": AddressKind.TELEGRAM,
    "ntfy": AddressKind.NTFY,
    "ntfys": AddressKind.NTFY,
    "mailto": AddressKind.MAIL,
    "mailtos": AddressKind.MAIL,
    "webpush": AddressKind.BROWSER,
}

_CHAT: Final = re.compile(r"-?\d{1,20}", re.ASCII)
_TOPIC: Final = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_MAILBOX: Final = re.compile(r"[^\s@,;:<>\"()\[\]\\]{1,64}@(?:[\w-]{1,63}\.)+[\w-]{2,63}")
_PARTING: Final = re.compile(r"[\s,;]")


def kind_of(channel: Channel) -> AddressKind:
    """Return of which sort the addresses on a channel are."""
    return _BY_SCHEME.get(channel.scheme, AddressKind.OTHER)


_RIGHT: Final[Mapping[AddressKind, tuple[Callable[[str], object], str]]] = {
    AddressKind.TELEGRAM: (
        lambda text: _CHAT.fullmatch(text),
        Wording("A chat's number is made of digits, such as 123456789."),
    ),
    AddressKind.NTFY: (lambda text: _TOPIC.fullmatch(text), Wording("A topic is made of letters, digits, - and _.")),
    AddressKind.MAIL: (
        lambda text: len(text) <= 254 and _MAILBOX.fullmatch(text),
        Wording("Write one mail address, such as anna@example.org."),
    ),
    AddressKind.BROWSER: (lambda _: True, ""),
    AddressKind.OTHER: (
        lambda text: not _PARTING.search(text),
        Wording("Write one address, without spaces, commas or semicolons."),
    ),
}


def address_problem(kind: AddressKind, address: str) -> str | None:
    """Return why a text is no address of this sort, and what to write instead; None for one that may be."""
    if not address:
        return Wording("Write the address.")
    if len(address) > LONGEST or not address.isprintable():
        return Wording("An address is at most %(most)s letters, digits and signs.", most=LONGEST)
    is_right, otherwise = _RIGHT[kind]
    return None if is_right(address) else otherwise
