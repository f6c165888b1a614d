"""Asks Telegram about a bot: what it is called, and who has written to it. For `init`, which finds the chat."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

import requests

from reminder.notify.http.proxy import proxies_for

HOST: Final = "api.telegram.org"
TOKEN: Final = re.compile(r"\d{3,20}:[A-Za-z0-9_-]{20,100}", re.ASCII)
SECONDS: Final = 15
LARGEST: Final = 1024 * 1024


class TelegramError(Exception):
    """Telegram could not be asked, or refused; the text says so in a sentence, without the token."""


@dataclass(frozen=True, kw_only=True)
class Bot:
    """A bot by its name and its user name, which is also its address: https://t.me/USERNAME."""

    name: str
    username: str


@dataclass(frozen=True, kw_only=True)
class Chat:
    """A chat in which somebody wrote to a bot: a person's own, or a group's."""

    id: str
    name: str
    is_group: bool

    def __str__(self) -> str:
        return f"{self.name} ({'a group' if self.is_group else 'a person'}, {self.id})"


def bot_of(token: str) -> Bot:
    """Return the bot that a token belongs to. Raises TelegramError."""
    found = _ask(token, "getMe")
    if not isinstance(found, dict) or not isinstance(found.get("username"), str):
        raise TelegramError("Telegram's answer could not be understood")
    return Bot(name=str(found.get("first_name") or found["username"]), username=found["username"])


def chats_of(token: str) -> tuple[Chat, ...]:
    """Return the chats in which somebody wrote to the bot lately, the newest first. Raises TelegramError."""
    updates = _ask(token, "getUpdates")
    found: dict[str, Chat] = {}
    for update in reversed(updates if isinstance(updates, list) else []):
        chat = _chat(update)
        if chat is not None:
            found.setdefault(chat.id, chat)
    return tuple(found.values())


def _chat(update: Any) -> Chat | None:
    parts = [part for part in update.values() if isinstance(part, dict)] if isinstance(update, dict) else []
    said = next((part["chat"] for part in parts if isinstance(part.get("chat"), dict)), None)
    if said is None or not isinstance(said.get("id"), int):
        return None
    names = (said.get("title"), said.get("first_name"), said.get("username"))
    name = next((name for name in names if isinstance(name, str) and name), str(said["id"]))
    return Chat(id=str(said["id"]), name=name, is_group=said.get("type") != "private")


def _ask(token: str, method: str) -> Any:
    """Call a method of the Bot API; return its result. Raises TelegramError, without the token."""
    url = f"https://{HOST}/bot{token}/{method}"
    try:
        answer = requests.get(
            url, timeout=SECONDS, proxies=proxies_for("https", HOST), allow_redirects=False, stream=True
        )
        body = answer.raw.read(LARGEST, decode_content=True)
        answer.close()
    except (requests.RequestException, OSError):
        # The error's own text holds the address, and so the token.
        raise TelegramError(f"{HOST} cannot be reached from here") from None
    if answer.status_code in {401, 404}:
        raise TelegramError("Telegram does not know this token: copy it whole, as in 123456789:AA…")
    if answer.status_code == 409:
        raise TelegramError("another program reads this bot's messages: stop it, or write the chat's number")
    return _result(body, answer.status_code)


def _result(body: bytes, status: int) -> Any:
    import json

    try:
        said = json.loads(body)
    except ValueError:
        said = None
    if not isinstance(said, dict) or said.get("ok") is not True:
        raise TelegramError(f"Telegram answered {status}: try again in a minute")
    return said.get("result")
