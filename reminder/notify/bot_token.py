"""The token of a Telegram bot, as it stands in a channel's URL."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote

from reminder.core.model.secret import Secret

TOKEN: Final = re.compile(r"\d{3,20}:[A-Za-z0-9_-]{20,100}", re.ASCII)

_URL: Final = re.compile(rf"tgram://(?:bot)?({TOKEN.pattern})(?=[/?]|\Z)", re.ASCII | re.IGNORECASE)


def token_of(url: Secret) -> Secret | None:
    """Return the token in the URL of a channel, None where it is of another service, or has none in it."""
    found = _URL.match(unquote(url.reveal()))
    return Secret(found[1]) if found else None


def number_of(token: Secret) -> str:
    """Return the number of the bot that a token belongs to; it is no secret."""
    return token.reveal().partition(":")[0]
