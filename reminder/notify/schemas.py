"""The channel URLs that are taken: an allow-list of services that carry a message to a person elsewhere.

apprise also knows schemes that write to this machine's own desktop or log, that relay to another apprise (which
reads its own URLs and files), or that read files named in the URL. Those are refused unless `allow_schemas` in the
config names the scheme.
"""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Collection, Mapping
from typing import Final
from urllib.parse import unquote

from reminder.notify.given import channel_for
from reminder.notify.urls import options, with_names

CONSOLE: Final = "console"
PUSH: Final = "webpush"
"""Browsers, each at an address of its own that only the page can make."""
PUSH_LANES: Final = "webpush:"
"""What the names of the lanes of push services begin with."""


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
    "nextcloud": "ncloud", "webhook": "jsons", "stdout": CONSOLE, "screen": CONSOLE, "browser": PUSH,
}  # fmt: skip
"""What people write, and the scheme they mean."""


UNDERSTOOD: Final[dict[str, Mapping[str, str]]] = {
    "tgram": {"message_thread_id": "topic", "thread_id": "topic", "chat_id": "to", "disable_notification": "silent"},
    "discord": {"thread_id": "thread"},
    **{key: {"tag": "tags", "ta": "tags", "prio": "priority", "p": "priority"} for key in ("ntfy", "ntfys")},
    "pover": {"device": "to"},
    "slack": {"channel": "to"},
    **{key: {"reply_to": "reply", "reply-to": "reply", "password": "pass"} for key in ("mailto", "mailtos")},
}
"""Options by the names that the services' own pages give them, and what apprise calls them."""

THEIR_NAMES: Final[dict[str, Mapping[str, str]]] = {
    "tgram": {
        "parse_mode": "format=, which is html, markdown or text",
        "disable_web_page_preview": "preview=no, or preview=yes",
        "text": "templates: for words of your own",
    },
    "discord": {
        "thread_name": "thread= with the number of a thread that there is",
        "username": "it before the webhook's number: discord://NAME@WEBHOOK_ID/WEBHOOK_TOKEN",
        "content": "templates: for words of your own",
    },
    "mailto": {"subject": "templates: for words of your own", "body": "templates: for words of your own",
               "port": "it behind the host: HOST:PORT", "host": "smtp=, or it behind the @",
               "tls": "mode=, which is insecure, starttls or ssl", "ssl": "mode=ssl"},
}  # fmt: skip
"""Options of the services for which something else stands here."""

NATIVE: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), scheme)
    for pattern, scheme in {
        r"discord(app)?\.com": "discord",
        r"hooks\.slack(-gov)?\.com": "slack",
        r"ntfy\.sh": "ntfys",
        r"mattermost\.[A-Z0-9_.-]+": "mmosts",
        r"chat\.googleapis\.com": "gchat",
        r"webhooks\.t2bot\.io": "matrixs",
        r"api\.ciscospark\.com|webexapis\.com": "wxteams",
        r"inbots\.zoom\.us": "zoom",
        r"cliq\.zoho(cloud)?(\.[a-z]+){1,2}": "cliq",
        r"signals\.firehydrant\.com": "firehydrant",
        r"api\.flock\.com": "flock",
        r"(api\.)?fluxer\.app": "fluxer",
        r"api\.46elks\.com": "46elks",
        r"(media\.)?guilded\.gg": "guilded",
        r"maker\.ifttt\.com": "ifttt",
        r"api\.incident\.io": "incidentio",
        r"www\.kookapp\.cn": "kook",
        r"developer\.lametric\.com": "lametrics",
        r"open\.larksuite\.com": "lark",
        r"api\.lfg\.gm": "lfg",
        r"notica\.us": "noticas",
        r"n\.tkte\.ch": "notificos",
        r"www\.pushplus\.plus": "pushplus",
        r"qmsg\.zendee\.cn": "qq",
        r"[A-Z0-9_-]+\.ryver\.com": "ryver",
        r"api\.spike\.sh": "spike",
        r"alert\.victorops\.com": "splunk",
        r"push\.spug\.dev": "spugpush",
        r"api\.(eu\.)?squadcast\.com": "squadcast",
        r"(www\.)?stackfield\.com": "stackfield",
        r"qyapi\.weixin\.qq\.com": "wecombot",
        r"api\.wpush\.cn": "wpush",
        r"[a-z0-9.-]+\.xmatters\.com": "xmatters",
        r"(www\.)?youlmk\.com": "youlmk",
    }.items()
)
"""Hosts of addresses that services themselves give out, and the scheme of each, so that no plugin need be loaded."""
WEB: Final = frozenset({"http", "https"})


def is_console(url: str) -> bool:
    """Tell whether a URL leads to the console, and so to no service."""
    return scheme_of(url) == CONSOLE


def is_push(url: str) -> bool:
    """Tell whether a URL leads to browsers."""
    return scheme_of(url) == PUSH


def scheme_of(url: str) -> str:
    """Return the URL's scheme in lower case, "" if it has none; of a service's own web address that of the service."""
    scheme, colon, rest = url.strip().partition("://")
    if not colon:
        return ""
    if scheme.lower() not in WEB:
        return scheme.lower()
    if "/triggers/manual/paths/invoke" in rest:  # Microsoft's, on hosts of many names
        return "workflows"
    host = rest.partition("/")[0].partition("?")[0].rpartition("@")[2].partition(":")[0]
    return next((name for pattern, name in NATIVE if pattern.fullmatch(host)), scheme.lower())


def is_web_address(url: str) -> bool:
    """Tell whether a channel is written as an address of the web, as a service gives it out."""
    return url.strip().partition("://")[0].lower() in WEB


def understood(url: str) -> str:
    """Return a URL whose options have apprise's names where the service itself has others."""
    names = UNDERSTOOD.get(scheme_of(url))
    return with_names(url, names) if names and "?" in url else url


def describe(url: str) -> str:
    """Return the only part of a channel's URL that may be shown: `tgram://`."""
    return f"{scheme_of(url)}://"


def lane(url: str) -> str:
    """Return what tells one endpoint from another, with nothing secret readable: scheme and a hash.

    The endpoint is scheme, host and credential: two chats of one Telegram bot share a lane. Of a browser it is its push
    service.
    """
    if is_push(url):
        origin = _push_service(url)
        return f"{PUSH_LANES}{hashlib.sha256(origin.encode()).hexdigest()[:16]}" if origin else PUSH_LANES
    scheme, _, rest = url.strip().partition("://")
    # A service's own web address has its credential in the path.
    authority = rest.partition("?")[0] if is_web_address(url) else rest.partition("/")[0].partition("?")[0]
    identity = hashlib.sha256(f"{scheme.lower()}://{authority}".encode()).hexdigest()
    return f"{scheme_of(url)}:{identity[:16]}"


def _push_service(url: str) -> str:
    """Return the push service of the browser that a URL leads to, "" for one without a browser."""
    endpoint: str = unquote(url.partition("://")[2].strip("/")).partition(".http")[2]
    return endpoint.partition("://")[2].partition("/")[0].lower()


def refusal(url: str, allow_schemas: Collection[str] = ()) -> str | None:
    """Say why a channel URL is refused by its scheme or an argument, or None. Loads no service."""
    scheme = scheme_of(url)
    if not scheme:
        return "this is not a channel URL: write SERVICE://…, for instance tgram://TOKEN/CHAT or console://"
    if scheme in {CONSOLE, PUSH}:
        return None
    if scheme in allow_schemas:  # also one that is on no list: a plugin of the user's own
        return None
    if scheme not in KNOWN:
        return (channel_for(url) if scheme in WEB else None) or _unknown(scheme)
    if scheme in LOCAL:
        return f"{scheme}:// writes to this machine only; if that is meant, add {scheme} to allow_schemas"
    if scheme in RELAYS:
        return f"{scheme}:// hands the message to another program; if that is meant, add {scheme} to allow_schemas"
    return _bad_argument(scheme, url)


def _unknown(scheme: str) -> str:
    if scheme in WEB:
        return (
            "no service known here gives out web addresses on this host: for a program of your own write "
            f"{'jsons' if scheme == 'https' else 'json'}:// in its place; docs/channels lists the other services"
        )
    near = difflib.get_close_matches(scheme, sorted(REMOTE | {CONSOLE, PUSH}), n=1)
    meant = MEANT.get(scheme) or (near[0] if near else "")
    hint = f"did you mean {meant}://?" if meant else "docs/channels lists the services"
    return f"there is no service {scheme}://; {hint}"


def arguments(url: str) -> dict[str, str]:
    """Return what stands behind the `?` of a URL, names in lower case, values decoded."""
    return dict(options(url.partition("?")[2]))


def _bad_argument(scheme: str, url: str) -> str | None:
    for name, value in arguments(url).items():
        if scheme in FILE_ARGUMENTS.get(name, ()):
            return f"{name}= reads a file; if that is meant, add {scheme} to allow_schemas"
        if scheme in MAIL and name in NOT_IN_MAIL and value.lower() not in {"", "no", "none"}:
            return f"{name}= cannot be used: {NOT_IN_MAIL[name]}"
    return None
