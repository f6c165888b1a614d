"""What the bot says to what somebody wrote or pressed, before it meets the service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from reminder.bot.commands import GivenAction, GivenPress
from reminder.notify.text import cut, defuse, tidy

LONGEST: Final = 4096
LONGEST_NOTE: Final = 200
"""Characters of what a pressed button shows for a moment."""
LONGEST_LABEL: Final = 60


@dataclass(frozen=True, kw_only=True)
class BotButton:
    """A button under a message: what stands on it, and what it does, or which page it opens."""

    label: str
    press: GivenPress | GivenAction | None = None
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class BotReply:
    """A message of the bot; each of its buttons has a line of its own."""

    text: str
    buttons: tuple[BotButton, ...] = ()


@dataclass(frozen=True, kw_only=True)
class BotAnswer:
    """Everything that is said to one update. `note` is shown for a moment to who pressed a button.

    `is_done` takes the buttons away from the message that was pressed, since what they offer was done, and puts
    `buttons` in their place.
    """

    replies: tuple[BotReply, ...] = ()
    note: str = ""
    is_done: bool = False
    buttons: tuple[BotButton, ...] = ()


NOTHING: Final = BotAnswer()


def one_message(text: str, buttons: Sequence[BotButton] = ()) -> BotAnswer:
    """Return an answer of one message."""
    return BotAnswer(replies=(BotReply(text=text, buttons=tuple(buttons)),))


def as_message(reply: BotReply, chat: str) -> dict[str, Any]:
    """Return what `sendMessage` takes: plain text, so that no title is markup, and none pings anybody."""
    message: dict[str, Any] = {
        "chat_id": int(chat),
        "text": cut(defuse(tidy(reply.text)), LONGEST) or "…",
        "link_preview_options": {"is_disabled": True},
    }
    if reply.buttons:
        message["reply_markup"] = keyboard_of(reply.buttons)
    return message


def keyboard_of(buttons: Sequence[BotButton]) -> dict[str, Any]:
    """Return the buttons under a message as the service takes them, each in a line of its own."""
    return {"inline_keyboard": [[_button(each)] for each in buttons]}


def _button(button: BotButton) -> dict[str, str]:
    does = {"url": button.url} if button.press is None else {"callback_data": str(button.press)}
    return {"text": label_of(button), **does}


def label_of(button: BotButton) -> str:
    """Return what stands on a button, as much of it as a phone shows."""
    return cut(tidy(button.label), LONGEST_LABEL) or "…"


def as_note(answer: BotAnswer) -> str:
    """Return what `answerCallbackQuery` takes as its text."""
    return cut(tidy(answer.note), LONGEST_NOTE)
