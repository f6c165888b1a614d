"""What an address that somebody brings looks like, by its channel's service: the page knows no URL to try it with."""

from __future__ import annotations

import enum
import re
from typing import Final

from reminder.core.model.entities import Channel

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


def address_problem(kind: AddressKind, address: str) -> str | None:
    """Return why a text is no address of this sort, and what to write instead; None for one that may be."""
    if not address:
        return "Write the address."
    if len(address) > LONGEST or not address.isprintable():
        return f"An address is at most {LONGEST} letters, digits and signs."
    if kind is AddressKind.TELEGRAM and not _CHAT.fullmatch(address):
        return "A chat's number is made of digits, such as 123456789."
    if kind is AddressKind.NTFY and not _TOPIC.fullmatch(address):
        return "A topic is made of letters, digits, - and _."
    if kind is AddressKind.MAIL and (len(address) > 254 or not _MAILBOX.fullmatch(address)):
        return "Write one mail address, such as anna@example.org."
    if kind is AddressKind.OTHER and _PARTING.search(address):
        return "Write one address, without spaces, commas or semicolons."
    return None
