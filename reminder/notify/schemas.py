"""Which channel URLs are taken: an allow-list of services that carry a message to a person elsewhere.

apprise also knows schemes that write to this machine's own desktop or log, that relay to another apprise (which
reads its own URLs and files), or that read files named in the URL. Those are refused unless `allow_schemas` in the
config names the scheme.
"""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Collection
from typing import Final
from urllib.parse import parse_qsl, urlsplit

CONSOLE: Final = "console"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


LOCAL: Final = _words("syslog dbus glib gio kde qt gnome macosx windows blink1 growl")
"""What writes to this machine's own log, screen or lamp."""
RELAYS: Final = frozenset({"apprise", "apprises"})
MAIL: Final = frozenset({"mailto", "mailtos"})
WEBHOOKS: Final = frozenset({"json", "jsons", "form", "forms", "xml", "xmls"})
NOT_HTTP: Final = MAIL | _words(
    "aprs mqtt mqtts amqp amqps irc ircs xmpp xmpps nostr smpp smpps deltachat deltachats rsyslog"
)
"""Services that apprise reaches by something else than HTTP, so that no status can be read."""

REMOTE: Final = (
    MAIL
    | WEBHOOKS
    | NOT_HTTP
    | _words(
        """
    46elks atalk azure bark barks betterstack bluesky brevo bsky bulksms bulkvs burstsms chanify
    clickatell clicksend cliq cm d7sms dapnet dingtalk discord dot eight00com elks emby embys enigma2 enigma2s evolution
    evolutions exotel fcm feishu firehydrant flock flowtriq flowtriqs fluxer fluxers freemobile gchat github goalert
    goalerts gorush gorushs gotify gotifys groundmail groupme guilded gupshup hassio hassios httpsms humhub humhubs
    ifttt ilert incidentio infobip jellyfin jellyfins jira join kakao kakaotalk kaleyra kavenegar klr kodi kodis kook
    kudosity kumulos lametric lametrics lark lauther lfg line mailersend mailgun mastodon mastodons matrix matrixs
    misskey misskeys mmost mmosts mobilemessage mobilemsg msg91 msgbird ncloud nclouds nctalk nctalks nexmo notica
    noticas notifiarr notifico notificos notifyre ntfy ntfys o365 octopush onebot onebots onesignal opsgenie
    pagerduty pagertree parsep parseps pbul pinglet pinglets pingram pjet pjets plivo postmark pover prowl psafer
    psafers push pushdeer pushdeers pushed pushme pushplus pushward pushy qq reddit resend revolt ringc rocket
    rockets schan sendgrid sendpulse serwersms ses session sessions sfr signal signalgrid signals signl4 simplepush
    sinch slack smseagle smseagles smsc smsmanager smsmgr smstunnel smtp2go sns sogs sparkpost spike splunk spugpush
    spush squadcast stackfield strmlabs synology synologys telesign telnyx tgram threema toot toots trigv trigvs
    tweet twilio twist twitter vapid viber victorops voipms vonage webex wechat wecom wecombot whapi whatsapp
    workflow workflows wpush wxpusher wxteams x xbmc xbmcs xmatters youlmk zalo zcliq zohocliq zoom zulip seven
    ryver
    """
    )
)

KNOWN: Final = REMOTE | LOCAL | RELAYS

FILE_ARGUMENTS: Final = {
    "template": frozenset({"discord", "guilded", "slack", "tgram", "workflow", "workflows"}),
    "keyfile": frozenset({"fcm", "vapid"}),
    "subfile": frozenset({"vapid"}),
    "attach": frozenset({"ntfy", "ntfys"}),
    "pgppub": frozenset({"mailto", "mailtos", "deltachat", "deltachats"}),
    "pgpprv": frozenset({"mailto", "mailtos", "deltachat", "deltachats"}),
}
"""Arguments by which a URL makes apprise read a file or fetch an attachment."""

NOT_IN_MAIL: Final = {
    "cc": "write one channel for each address",
    "bcc": "write one channel for each address",
    "pgp": "encrypted mail is not supported",
    "wkd": "encrypted mail is not supported",
}

MEANT: Final = {
    "telegram": "tgram", "tg": "tgram", "email": "mailtos", "mail": "mailtos", "smtp": "mailto", "smtps": "mailtos",
    "pushover": "pover", "pushbullet": "pbul", "mattermost": "mmost", "rocketchat": "rocket", "rocket.chat": "rocket",
    "teams": "workflows", "msteams": "workflows", "googlechat": "gchat", "homeassistant": "hassio",
    "nextcloud": "ncloud", "http": "json", "https": "jsons", "webhook": "jsons", "stdout": CONSOLE, "screen": CONSOLE,
}  # fmt: skip
"""What people write, and the scheme they mean."""


def scheme_of(url: str) -> str:
    """Return the URL's scheme in lower case, "" if it has none."""
    scheme, colon, _ = url.strip().partition("://")
    return scheme.lower() if colon else ""


def describe(url: str) -> str:
    """Return the only part of a channel's URL that may be shown: `tgram://`."""
    return f"{scheme_of(url)}://"


def lane(url: str) -> str:
    """Return what tells one endpoint from another, with nothing secret readable: scheme and a hash.

    The endpoint is scheme, host and credential: two chats of one Telegram bot share a lane.
    """
    scheme, _, rest = url.strip().partition("://")
    authority = rest.partition("/")[0].partition("?")[0]
    identity = hashlib.sha256(f"{scheme.lower()}://{authority}".encode()).hexdigest()
    return f"{scheme.lower()}:{identity[:16]}"


def refusal(url: str, allow_schemas: Collection[str] = ()) -> str | None:
    """Say why a channel URL is refused by its scheme or an argument, or None. Loads no service."""
    scheme = scheme_of(url)
    if not scheme:
        return "this is not a channel URL: write SERVICE://…, for instance tgram://TOKEN/CHAT or console://"
    if scheme == CONSOLE:
        return None
    if scheme not in KNOWN:
        return _unknown(scheme)
    if scheme in allow_schemas:
        return None
    if scheme in LOCAL:
        return f"{scheme}:// writes to this machine only; if that is meant, add {scheme} to allow_schemas"
    if scheme in RELAYS:
        return f"{scheme}:// hands the message to another program; if that is meant, add {scheme} to allow_schemas"
    return _bad_argument(scheme, url)


def _unknown(scheme: str) -> str:
    near = difflib.get_close_matches(scheme, sorted(REMOTE | {CONSOLE}), n=1)
    meant = MEANT.get(scheme) or (near[0] if near else "")
    hint = f"did you mean {meant}://?" if meant else "docs/channels lists the services"
    return f"there is no service {scheme}://; {hint}"


def arguments(url: str) -> dict[str, str]:
    """Return what stands behind the `?` of a URL, names in lower case, values decoded."""
    try:
        query = urlsplit(url).query
    except ValueError:
        query = url.partition("?")[2]
    return {name.lower(): value for name, value in parse_qsl(query, keep_blank_values=True)}


def _bad_argument(scheme: str, url: str) -> str | None:
    for name, value in arguments(url).items():
        if scheme in FILE_ARGUMENTS.get(name, ()):
            return f"{name}= reads a file; if that is meant, add {scheme} to allow_schemas"
        if scheme in MAIL and name in NOT_IN_MAIL and value.lower() not in {"", "no", "none"}:
            return f"{name}= cannot be used: {NOT_IN_MAIL[name]}"
    return None
