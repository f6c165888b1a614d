"""Web addresses of services that no plugin takes as they are: which channel is meant by each.

A hint names the parts and never repeats one: any part of such an address may be its key.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True)
class WebAddress:
    """A web address in small letters: its host with the port, its path without a slash at the ends, its query."""

    host: str
    path: str
    query: str

    def has(self, folders: str) -> bool:
        """Tell whether these folders follow each other in the path."""
        return f"/{folders}/" in f"/{self.path}/"

    def ends(self, folders: str) -> bool:
        """Tell whether the path ends with these folders."""
        return f"/{self.path}".endswith(f"/{folders}")


Test = Callable[[WebAddress], bool]


def _at(*hosts: str) -> Test:
    return lambda address: address.host in hosts


def _named(*beginnings: str) -> Test:
    return lambda address: address.host.startswith(beginnings)


def _is_hook(*lengths: int) -> Test:
    """Return the test for `hooks/` and behind it a key of letters and digits for each of these least lengths."""

    def is_hook(address: WebAddress) -> bool:
        first, *keys = address.path.split("/")
        return first == "hooks" and len(keys) == len(lengths) and all(map(_is_key, keys, lengths))

    return is_hook


def _is_key(text: str, length: int) -> bool:
    return len(text) >= length and text.isascii() and text.isalnum()


def _is_signal(address: WebAddress) -> bool:
    return address.path in {"v1/send", "v2/send"}


def _is_synology(address: WebAddress) -> bool:
    return address.ends("webapi/entry.cgi") and "syno.chat" in address.query


def _is_gotify(address: WebAddress) -> bool:
    return address.host.startswith("gotify.") or (address.ends("message") and "token=" in address.query)


def _is_home_assistant(address: WebAddress) -> bool:
    name, _, port = address.host.partition(":")
    return not address.path and (port == "8123" or name.startswith(("homeassistant.", "hass.")))


#: how an address is recognised, whose it is, and the channel that is meant; {S} is "s" for https. The first counts.
_GIVEN: Final[tuple[tuple[Test, str, str], ...]] = (
    (_at("api.telegram.org", "t.me", "telegram.me"), "Telegram", "tgram://TOKEN/CHAT"),
    (_at("api.pushover.net", "pushover.net"), "Pushover", "pover://USER_KEY@TOKEN"),
    (_at("api.pushbullet.com", "www.pushbullet.com"), "Pushbullet", "pbul://ACCESS_TOKEN"),
    (_at("api.day.app"), "Bark", "barks://api.day.app/DEVICE_KEY"),
    (_at("open.feishu.cn"), "Feishu", "feishu://TOKEN"),
    (_at("oapi.dingtalk.com"), "DingTalk", "dingtalk://TOKEN"),
    (_at("graph.facebook.com"), "WhatsApp", "whatsapp://TOKEN@FROM_PHONE_ID/TO_PHONE"),
    (_at("api.twilio.com"), "Twilio", "twilio://ACCOUNT_SID:AUTH_TOKEN@FROM_PHONE/TO_PHONE"),
    (lambda address: address.path.startswith("_matrix/"), "Matrix", "matrix{S}://TOKEN@HOST/!ROOM:SERVER"),
    (_is_signal, "Signal", "signal{S}://HOST:PORT/FROM_PHONE/TO_PHONE"),
    (_is_synology, "Synology Chat", "synology{S}://HOST:PORT/TOKEN"),
    (lambda address: address.has("ocs/v2.php/apps/spreed"), "Nextcloud Talk", "nctalk{S}://USER:PASSWORD@HOST/ROOM_ID"),
    (lambda address: address.has("ocs/v2.php"), "Nextcloud", "ncloud{S}://USER:PASSWORD@HOST/TO_USER"),
    (_is_gotify, "Gotify", "gotify{S}://HOST/TOKEN"),
    (_is_hook(10, 20), "Rocket.Chat", "rocket{S}://WEBHOOK_ID/WEBHOOK_TOKEN@HOST"),
    (_is_hook(20), "Mattermost", "mmost{S}://HOST/TOKEN"),
    (_named("ntfy."), "ntfy", "ntfy{S}://HOST/TOPIC"),
    (_is_home_assistant, "Home Assistant", "hassio{S}://HOST:PORT/ACCESS_TOKEN"),
)


def channel_for(address: str) -> str | None:
    """Say which channel an address of the web stands for, None where its service cannot be told."""
    scheme, _, place = address.strip().lower().partition("://")
    found = _read(place)
    if f".{found.host}".endswith(".office.com") and found.path.startswith("webhook"):
        return (
            "Microsoft has ended the addresses of connectors: in Teams make a workflow that posts what a webhook "
            "receives, and write the address that it gives"
        )
    secure = "s" if scheme == "https" else ""
    said = next(((whose, form) for is_theirs, whose, form in _GIVEN if is_theirs(found)), None)
    return f"this is an address of {said[0]}: its channel is written {said[1].format(S=secure)}" if said else None


def _read(place: str) -> WebAddress:
    host, _, rest = place.partition("/")
    path, _, query = rest.partition("?")
    return WebAddress(host=host, path=path.strip("/"), query=query)
