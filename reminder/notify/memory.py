"""Lists the state that each of apprise's plugins keeps between messages, and how long it may.

apprise makes a plugin for each run of its command; we keep one for the next message. So what a plugin notes of one
message must say nothing of another. A test reads the source of all plugins, and fails for one that is not listed here.
"""

from __future__ import annotations

import enum
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from itertools import chain
from typing import Any, Final
from urllib.parse import quote, unquote, urlsplit

from reminder.core.sending.retry import Failure, FailureKind
from reminder.notify.scrub import line


class Keep(enum.Enum):
    """The time for which a plugin that keeps state is kept. Others are kept as long as their channel works."""

    FOR_ONE = "for one message"
    """What it notes belongs to the message, or grows stale without a word: connections, members of a group."""
    UNTIL_REFUSED = "until it is refused"
    """It notes who it is logged in as, or the number behind a name. A refusal may mean that this holds no longer."""
    UNUSED = "as long as the channel works"
    """What it notes is never used here: how many calls are left, which its own waits would ask for."""


KEEPS: Final[dict[str, Keep]] = {
    "amqp": Keep.FOR_ONE,
    "aprs": Keep.FOR_ONE,
    "bluesky": Keep.UNTIL_REFUSED,
    "discord": Keep.UNUSED,
    "email": Keep.UNUSED,  # its settings while it is made; it sends nothing here
    "emby": Keep.UNTIL_REFUSED,
    "fcm": Keep.UNTIL_REFUSED,
    "fluxer": Keep.UNUSED,
    "growl": Keep.FOR_ONE,
    "irc": Keep.FOR_ONE,
    "jira": Keep.FOR_ONE,  # the number of the request that made an alert
    "kakaotalk": Keep.UNTIL_REFUSED,
    "lametric": Keep.FOR_ONE,
    "macosx": Keep.UNUSED,
    "mastodon": Keep.UNTIL_REFUSED,
    "matrix": Keep.UNTIL_REFUSED,  # and its transaction's number is set for each delivery, see `prepared`
    "mattermost": Keep.UNTIL_REFUSED,
    "mqtt": Keep.FOR_ONE,
    "nextcloud": Keep.FOR_ONE,  # who is in a group
    "nostr": Keep.FOR_ONE,
    "office365": Keep.UNTIL_REFUSED,
    "opsgenie": Keep.FOR_ONE,  # the number of the request that made an alert
    "pushover": Keep.UNUSED,  # how far its reader of HTML has come, made for each message
    "reddit": Keep.UNTIL_REFUSED,
    "revolt": Keep.UNUSED,
    "ringcentral": Keep.UNTIL_REFUSED,
    "rocketchat": Keep.UNTIL_REFUSED,
    "sendpulse": Keep.UNTIL_REFUSED,
    "simplepush": Keep.UNTIL_REFUSED,
    "slack": Keep.UNTIL_REFUSED,
    "telegram": Keep.UNUSED,  # who wrote to the bot last, of whom no URL here makes use
    "twist": Keep.UNTIL_REFUSED,
    "twitter": Keep.UNTIL_REFUSED,
    "vapid": Keep.FOR_ONE,  # which subscriptions are gone
    "wechat": Keep.UNTIL_REFUSED,
    "windows": Keep.FOR_ONE,
    "xmpp": Keep.FOR_ONE,
}
"""By the name of the plugin's module."""


def keeping(plugin: Any) -> Keep | None:
    """Return how long a plugin is kept, None for one that notes nothing."""
    return KEEPS.get(_module(plugin))


@contextmanager
def prepared(plugin: Any, ref: str, link: str | None) -> Iterator[None]:
    """Have a plugin send the delivery `ref`, whose message leads to `link`; afterwards it knows nothing of either."""
    _number(plugin, ref)
    name = TAPS.get(_module(plugin))
    if name is None or link is None or getattr(plugin, name) or not _may_be_quoted(link):
        yield
        return
    own = getattr(plugin, name)
    setattr(plugin, name, unquote(link) if name == "click" else link)
    try:
        yield
    finally:
        setattr(plugin, name, own)


TAPS: Final = {"ntfy": "click", "pushover": "supplemental_url"}
"""Where a plugin keeps what a tap on its message opens, if the channel's URL does not say so itself."""


def _may_be_quoted(link: str) -> bool:
    """Tell whether a link comes out as it was when ntfy's plugin quotes it."""
    return quote(unquote(link), safe=":/?@&=#") == link


def _number(plugin: Any, ref: str) -> None:
    """Have a plugin number what it sends by the delivery `ref`, where its service tells messages apart by a number.

    Matrix takes an event with a known transaction id for a repeated request, and answers with the first event
    (Client-Server API, "Transaction identifiers"). So it has to be the delivery's own: a repeated try is the same
    event, and no two deliveries are.
    """
    if _module(plugin) != "matrix":
        return
    if plugin.password and not plugin.user:
        plugin.access_token = plugin.password  # the plugin would do the same, with a number that it keeps for good
    plugin.transaction_id = int(hashlib.sha256(ref.encode()).hexdigest()[:15], 16)


def forbidden(plugin: Any) -> Callable[[str], Failure | None]:
    """Return what says of a request's address why a plugin may not ask it, None where it may.

    Matrix's makes a room where there is none of the name, with nobody in it: the message would be lost there.
    """

    def no_room_is_made(url: str) -> Failure | None:
        if not urlsplit(url).path.endswith("/createRoom"):
            return None
        return Failure(kind=FailureKind.CHANNEL, reason=_no_room(plugin), is_address=True)

    return no_room_is_made if _module(plugin) == "matrix" else lambda _: None


def _no_room(plugin: Any) -> str:
    if plugin.rooms:
        return f"there is no room {line(plugin.rooms[0])}: write it as the server knows it"
    person = line(next(iter(plugin.users), "this person"))
    return f"there is no conversation with {person} yet: begin one from there, or write a room"


def _module(plugin: Any) -> str:
    return type(plugin).__module__.removeprefix("apprise.plugins.").partition(".")[0]


# What it holds

_BOOKKEEPING: Final = re.compile(r"url_id|asset|logger|store|invalid|template|__doc__|qsd")


def state_of(plugin: Any) -> tuple[tuple[str, ...], ...]:
    """Return all that a plugin holds of its URL, in a form that can be compared."""
    return tuple(sorted((name, *_texts(value)) for name, value in vars(plugin).items() if not _is_bookkeeping(name)))


@lru_cache(maxsize=4096)
def _is_bookkeeping(name: str) -> bool:
    return _BOOKKEEPING.search(name) is not None


def _texts(value: Any, depth: int = 4) -> Iterator[str]:
    """Yield the texts and numbers in a value, with what parts them in lists and the like."""
    if isinstance(value, str | int | float | bool) or value is None:
        yield str(value)
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _texts(key, depth - 1)
            yield from _texts(each, depth - 1) if depth else ()
    elif isinstance(value, list | tuple | set | frozenset) and depth:
        parts = [tuple(_texts(each, depth - 1)) for each in value]
        yield from chain.from_iterable(sorted(parts) if isinstance(value, set | frozenset) else parts)
    elif _is_of_apprise(value) and depth:
        yield from _texts(vars(value), depth - 1)


def _is_of_apprise(value: Any) -> bool:
    return hasattr(value, "__dict__") and type(value).__module__.startswith("apprise")
