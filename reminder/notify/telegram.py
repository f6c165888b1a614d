"""Asks Telegram about a bot: what it is called, and who has written to it. For `init`, which finds the chat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reminder.core.model.secret import Secret
from reminder.notify.bot_api import BotApi, BotApiError, BotProblem
from reminder.notify.bot_token import TOKEN

__all__ = ["TOKEN"]


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
    try:
        return BotApi(Secret(token)).call(method)
    except BotApiError as error:
        remedy = ": stop it, or write the chat's number" if error.problem in _READ_ELSEWHERE else ""
        raise TelegramError(f"{error}{remedy}") from None


_READ_ELSEWHERE = {BotProblem.CONFLICT, BotProblem.WEBHOOK}
