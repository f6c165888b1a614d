"""Reads what the Bot API says of messages and of pressed buttons; anybody can cause any of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

LONGEST: Final = 4096
"""Characters of a message that are read: the service has no longer ones."""


@dataclass(frozen=True, kw_only=True)
class BotUpdate:
    """Something that happened in a chat. One of which nothing concerns us has only its `id`.

    `chat` is the chat's number as it stands in a channel's address, `is_private` tells one person's own from a group.
    `text` is what was written; of a pressed button, `data` is what it carries, `press_id` by which a press is answered,
    and `message_id` the message that it stands under.
    """

    id: int
    chat: str = ""
    is_private: bool = False
    text: str = ""
    data: str = ""
    press_id: str = ""
    message_id: int | None = None


def read_updates(said: Any) -> tuple[BotUpdate, ...]:
    """Return the updates in an answer of the Bot API, in their order; what has no number is left out."""
    items = said if isinstance(said, list) else []
    return tuple(_update(item) for item in items if isinstance(item, dict) and isinstance(item.get("update_id"), int))


def _update(item: Mapping[str, Any]) -> BotUpdate:
    message, press = _mapping(item, "message"), _mapping(item, "callback_query")
    if press:
        return _pressed(item["update_id"], press)
    return _written(item["update_id"], message)


def _written(number: int, message: Mapping[str, Any]) -> BotUpdate:
    chat, text = _mapping(message, "chat"), message.get("text")
    if not isinstance(chat.get("id"), int) or not isinstance(text, str) or _mapping(message, "from").get("is_bot"):
        return BotUpdate(id=number)
    return BotUpdate(id=number, chat=str(chat["id"]), is_private=chat.get("type") == "private", text=text[:LONGEST])


def _pressed(number: int, press: Mapping[str, Any]) -> BotUpdate:
    """Return a pressed button; one in a private chat that somebody else claims to have pressed concerns nobody."""
    message = _mapping(press, "message")
    chat, by = _mapping(message, "chat"), _mapping(press, "from")
    press_id, data, message_id = press.get("id"), press.get("data"), message.get("message_id")
    if not isinstance(chat.get("id"), int) or not isinstance(press_id, str) or not isinstance(data, str):
        return BotUpdate(id=number)
    is_private = chat.get("type") == "private"
    if is_private and by.get("id") != chat["id"]:
        return BotUpdate(id=number)
    return BotUpdate(
        id=number,
        chat=str(chat["id"]),
        is_private=is_private,
        data=data,
        press_id=press_id,
        message_id=message_id if isinstance(message_id, int) else None,
    )


def _mapping(item: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = item.get(key)
    return found if isinstance(found, dict) else {}
