"""Guesses what was meant by a channel that is no URL: a token, a mail address, a number, the name of a service."""

from __future__ import annotations

import re
from typing import Final

SOME: Final = "such as mailto://, tgram://, discord:// or console://"
_TELEGRAM: Final = "tgram://TOKEN/CHAT"
_MAIL: Final = "mailtos://USER:${MAIL_PASSWORD:quoted}@SMTP_HOST?from=FROM_ADDRESS&to=TO_ADDRESS"
_SIGNAL: Final = "signal://HOST:8080/FROM_PHONE/TO_PHONE"

#: what people write for a service, in small letters → a URL of it
_NAMED: Final = {
    "telegram": _TELEGRAM, "tg": _TELEGRAM, "tgram": _TELEGRAM, "email": _MAIL, "e-mail": _MAIL, "mail": _MAIL,
    "mailto": _MAIL, "smtp": _MAIL, "gmail": _MAIL, "ntfy": "ntfy://TOPIC",
    "discord": "discord://WEBHOOK_ID/WEBHOOK_TOKEN", "matrix": "matrixs://TOKEN@HOST/!ROOM:SERVER",
    "slack": "the address of its webhook", "teams": "the address of its workflow",
    "signal": _SIGNAL, "whatsapp": "whatsapp://TOKEN@FROM_PHONE_ID/TO_PHONE", "gotify": "gotifys://HOST/TOKEN",
    "pushover": "pover://USER_KEY@TOKEN", "console": "console://", "screen": "console://", "stdout": "console://",
    "terminal": "console://",
}  # fmt: skip
_SCHEMES: Final = (
    "mailtos?|tgram|telegram|discord|slack|ntfys?|gotifys?|matrixs?|signals?|whatsapp|https?|jsons?|pover|mmosts?|xmpp"
)
_SHAPES: Final = (
    (
        re.compile(r"(?:bot)?\d{6,12}:[\w-]{30,}", re.ASCII),
        f"and a Telegram bot's token is one part of it: write {_TELEGRAM}",
    ),
    (re.compile(r"-?\d{5,15}", re.ASCII), f"and a chat's number is one part of it: write {_TELEGRAM}"),
    (re.compile(r"@\w{4,}", re.ASCII), f"and a chat's name is one part of it: write {_TELEGRAM}"),
    (re.compile(r"\+[\d ()/-]{6,20}", re.ASCII), f"and a phone's number is one part of it: write {_SIGNAL}"),
    (re.compile(r"[^\s:/@]+@[^\s:/@]+\.[^\s:/@]+"), f"and a mail address is one part of it: write {_MAIL}"),
    (re.compile(r"ntfy\.sh/[^/\s]+", re.IGNORECASE), "which is missing here: write https:// in front"),
    (
        re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?/\S+", re.IGNORECASE),
        "which is missing here: write https:// in front",
    ),
    (
        re.compile(rf"(?:{_SCHEMES}):(?!//)/?[^/\s]\S*", re.IGNORECASE),
        "and behind its colon stand two slashes, as in tgram://TOKEN/CHAT",
    ),
)


def what_it_may_be(text: str) -> str:
    """Return what to write for a channel that has no scheme. Nothing of the text is repeated: it may be a secret."""
    plain = text.strip()
    named = _NAMED.get(plain.casefold())
    if named:
        return f"and a service's name is none yet: write {named}"
    return next((said for pattern, said in _SHAPES if pattern.fullmatch(plain)), SOME)
