"""Web addresses of services that no plugin takes as they are: which channel is meant by each.

A hint names the parts and never repeats one: any part of such an address may be its key.
"""

from __future__ import annotations

import re
from typing import Final

#: what an address looks like from its host on, whose it is, and the channel that is meant; {S} is "s" for https
_WRITTEN: Final = (
    (r"api\.telegram\.org/.*|t(elegram)?\.me/.*", "Telegram", "tgram://TOKEN/CHAT"),
    (r"(api\.)?pushover\.net/.*", "Pushover", "pover://USER_KEY@TOKEN"),
    (r"(api|www)\.pushbullet\.com/.*", "Pushbullet", "pbul://ACCESS_TOKEN"),
    (r"api\.day\.app/.*", "Bark", "barks://api.day.app/DEVICE_KEY"),
    (r"open\.feishu\.cn/.*", "Feishu", "feishu://TOKEN"),
    (r"oapi\.dingtalk\.com/.*", "DingTalk", "dingtalk://TOKEN"),
    (r"graph\.facebook\.com/.*", "WhatsApp", "whatsapp://TOKEN@FROM_PHONE_ID/TO_PHONE"),
    (r"api\.twilio\.com/.*", "Twilio", "twilio://ACCOUNT_SID:AUTH_TOKEN@FROM_PHONE/TO_PHONE"),
    (r"[^/]+/_matrix/.*", "Matrix", "matrix{S}://TOKEN@HOST/!ROOM:SERVER"),
    (r"[^/]+/v[12]/send/?", "Signal", "signal{S}://HOST:PORT/FROM_PHONE/TO_PHONE"),
    (r"[^/]+/(.*/)?webapi/entry\.cgi\?.*SYNO\.Chat.*", "Synology Chat", "synology{S}://HOST:PORT/TOKEN"),
    (r"[^/]+/(.*/)?ocs/v2\.php/apps/spreed.*", "Nextcloud Talk", "nctalk{S}://USER:PASSWORD@HOST/ROOM_ID"),
    (r"[^/]+/(.*/)?ocs/v2\.php/.*", "Nextcloud", "ncloud{S}://USER:PASSWORD@HOST/TO_USER"),
    (r"[^/]+/(.*/)?message\?.*token=.*|gotify\.[^/]+.*", "Gotify", "gotify{S}://HOST/TOKEN"),
    (r"[^/]+/hooks/[a-z0-9]{10,}/[a-z0-9]{20,}/?", "Rocket.Chat", "rocket{S}://WEBHOOK_ID/WEBHOOK_TOKEN@HOST"),
    (r"[^/]+/hooks/[a-z0-9]{20,}/?", "Mattermost", "mmost{S}://HOST/TOKEN"),
    (r"ntfy\.[^/]+(/.*)?", "ntfy", "ntfy{S}://HOST/TOPIC"),
    (r"(homeassistant|hass)\.[^/:]+(:\d+)?/?|[^/:]+:8123/?", "Home Assistant", "hassio{S}://HOST:PORT/ACCESS_TOKEN"),
)
_PATTERNS: Final = tuple((re.compile(pattern, re.IGNORECASE), whose, form) for pattern, whose, form in _WRITTEN)
_ENDED: Final = re.compile(r"[^/]*\boffice\.com/webhook.*", re.IGNORECASE)


def channel_for(address: str) -> str | None:
    """Say which channel an address of the web stands for, None where its service cannot be told."""
    scheme, _, place = address.strip().partition("://")
    if _ENDED.fullmatch(place):
        return (
            "Microsoft has ended the addresses of connectors: in Teams make a workflow that posts what a webhook "
            "receives, and write the address that it gives"
        )
    secure = "s" if scheme.lower() == "https" else ""
    found = ((whose, form) for pattern, whose, form in _PATTERNS if pattern.fullmatch(place))
    said = next(found, None)
    return f"this is an address of {said[0]}: its channel is written {said[1].format(S=secure)}" if said else None
